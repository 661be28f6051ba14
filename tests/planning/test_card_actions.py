"""Cards are drafts until activated, then frozen; a stale form overwrites nothing; what is lacking is named."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from capaian.journal.queries import breaks
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.periods.period import Period
from capaian.planning import actions
from capaian.planning.entries import CardEntry, DatumEntry, IndicatorEntry, TargetEntry
from capaian.planning.models import Card, Level, Node
from capaian.planning.queries import cards_due, cards_of_year
from tests.factories import World, make_agency
from tests.planning.cards import make_plan

pytestmark = pytest.mark.django_db

ENTRY = CardEntry("Indeks SPBE", "indeks")
RATIO = replace(
    ENTRY,
    name="Aduan selesai",
    measured_in="persen",
    formula="selesai / masuk * 100",
    location="raw_data",
    data=(DatumEntry("selesai", "Aduan selesai"), DatumEntry("masuk", "Aduan masuk", "aduan")),
)
TARGETS = (TargetEntry("2026-Q1", Decimal("2.5")), TargetEntry("2026", Decimal(3)))


@pytest.fixture
def world() -> World:
    found = make_agency("Melati")
    make_plan(found)
    return found


def add(world: World, entry: CardEntry = ENTRY, level: str = Level.OBJECTIVE, year: int = 2026) -> Card:
    node = Node.objects.get(agency=world.agency, level=level)
    return actions.add_indicator(
        node=node, indicator=IndicatorEntry(is_iku=True), card=entry, year=year, by=world.actor("team")
    )


def whole(world: World, entry: CardEntry = ENTRY) -> Card:
    """Add a card with all that activation needs; its edition is 3."""
    card, by = add(world, entry), world.actor("team")
    actions.set_suppliers(card=card, unit_ids=[world.units["ikp"].pk], edition=1, by=by)
    return actions.set_targets(card=card, targets=TARGETS, edition=2, by=by)


def activate(world: World, *cards: Card) -> list[Card]:
    seen = {card.pk: Card.objects.get(pk=card.pk).edition for card in cards}
    return actions.activate_cards(agency=world.agency, year=2026, seen=seen, by=world.actor("team"))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_card_comes_back_as_it_was_said(world: World) -> None:
    entry = replace(RATIO, cap=None, tolerance=None, weight=Decimal("0.5"), baseline=Decimal(80), baseline_year=2024)
    card = Card.objects.get(pk=add(world, entry).pk)
    assert CardEntry.of(card) == entry
    assert (card.is_current, card.version, card.activated_at) == (True, 1, None)
    assert (card.indicator.is_iku, card.indicator.is_lppd) == (True, False)
    assert not list(breaks(world.agency.public_id))


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": " "}, "card_empty", "name"),
        ({"measured_in": ""}, "card_empty", "measured_in"),
        ({"name": "x" * 401}, "card_long", "name"),
        ({"polarity": "terbalik"}, "not_in_list", "polarity"),
        ({"scale": "sendiri"}, "not_in_list", "scale"),
        ({"entry": "to_date", "consolidation": "sum"}, "counted_twice", "consolidation"),
        ({"weight": Decimal(-1)}, "weight_range", "weight"),
        ({"cap": Decimal(0)}, "cap_range", "cap"),
        ({"tolerance": Decimal(1)}, "tolerance_range", "tolerance"),
        ({"baseline": Decimal(1)}, "baseline_half", "baseline_year"),
        ({"baseline": Decimal(1), "baseline_year": 2026}, "baseline_year", "baseline_year"),
        ({"location": "raw_data"}, "formula_missing", "location"),
        ({"formula": "selesai /", "data": RATIO.data}, "formula_unread", "formula"),
        ({"formula": "selesai * 2", "data": RATIO.data}, "datum_unused", "formula"),
        ({"formula": "selesai / masuk", "data": RATIO.data[:1]}, "datum_missing", "formula"),
        ({"formula": "100"}, "formula_constant", "formula"),
        ({"data": RATIO.data}, "formula_missing", "formula"),
        ({"formula": "selesai", "data": (RATIO.data[0], RATIO.data[0])}, "datum_twice", "formula"),
        ({"formula": "a", "data": (DatumEntry("a", " "),)}, "datum_label", "data_0_label"),
        ({"polarity": "predicate", "formula": "selesai", "data": RATIO.data[:1]}, "formula_unfit", "formula"),
    ],
)
def test_a_card_that_cannot_be_meant(world: World, fields: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        add(world, replace(ENTRY, **fields))  # type: ignore[arg-type]
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [(code, field)]
    assert all(reason.next_step for reason in refused.value.reasons)
    assert not Card.objects.exists()


def test_a_raw_datum_has_a_name_that_formulas_read(world: World) -> None:
    with pytest.raises(Refused) as refused:
        add(world, replace(ENTRY, formula="a", data=(DatumEntry("a", "A"), DatumEntry("jumlah aduan", "B"))))
    assert codes(refused) == ["datum_name", "datum_unused"]


def test_indicators_hang_on_measured_levels_and_years_of_the_plan(world: World) -> None:
    Node.objects.filter(level=Level.GOAL).update(level=Level.MISSION)
    with pytest.raises(Refused) as refused:
        add(world, level=Level.MISSION)
    assert codes(refused) == ["level_not_measured"]
    with pytest.raises(Refused) as refused:
        add(world, year=2031)
    assert codes(refused) == ["outside_plan"]


def test_a_stale_form_changes_nothing(world: World) -> None:
    card, by = add(world), world.actor("team")
    actions.set_targets(card=card, targets=TARGETS, edition=1, by=by)
    stale = replace(ENTRY, name="Dari tab lama")
    with pytest.raises(Conflict):
        actions.change_card(card=card, entry=stale, edition=1, by=by)
    with pytest.raises(Conflict):
        actions.set_targets(card=card, targets=(), edition=1, by=by)
    with pytest.raises(Conflict):
        actions.set_suppliers(card=card, unit_ids=[], edition=1, by=by)
    with pytest.raises(Conflict):
        actions.activate_cards(agency=world.agency, year=2026, seen={card.pk: 1}, by=by)
    fresh = Card.objects.get()
    assert (fresh.name, fresh.targets.count(), fresh.activated_at) == ("Indeks SPBE", 2, None)
    assert actions.change_card(card=card, entry=stale, edition=2, by=by).name == "Dari tab lama"


def test_another_frequency_drops_the_targets_it_has_no_periods_for(world: World) -> None:
    card = whole(world)
    actions.change_card(card=card, entry=replace(ENTRY, frequency="year"), edition=3, by=world.actor("team"))
    assert [row.period for row in card.targets.all()] == ["2026"]
    actions.change_card(card=card, entry=replace(ENTRY, polarity="predicate"), edition=4, by=world.actor("team"))
    assert not card.targets.exists()


def test_suppliers_are_own_units_that_supply(world: World) -> None:
    card, other = add(world), make_agency("Kenanga")
    for unit in (other.units["ikp"].pk, 0):
        with pytest.raises(Refused) as refused:
            actions.set_suppliers(card=card, unit_ids=[unit], edition=1, by=world.actor("team"))
        assert codes(refused) == ["unit_unknown"]


@pytest.mark.parametrize(
    ("fields", "target", "code"),
    [
        ({}, TargetEntry("2026-03", Decimal(1)), "target_period"),
        ({}, TargetEntry("2025-Q1", Decimal(1)), "target_period"),
        ({}, TargetEntry("2026", Decimal(0)), "target_zero"),
        ({}, TargetEntry("2026-Q1", Decimal(-1)), "target_negative"),
        ({}, TargetEntry("2026-Q1", letter="A"), "target_shape"),
        ({"polarity": "range_max"}, TargetEntry("2026-Q1", Decimal(1)), "target_shape"),
        ({"polarity": "range_max"}, TargetEntry("2026-Q1", low=Decimal(2), high=Decimal(1)), "target_bounds"),
        ({"polarity": "predicate"}, TargetEntry("2026-Q1", Decimal(1)), "target_shape"),
    ],
)
def test_targets_fit_the_card(world: World, fields: dict[str, str], target: TargetEntry, code: str) -> None:
    card = add(world, replace(ENTRY, **fields))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        actions.set_targets(card=card, targets=[target], edition=1, by=world.actor("team"))
    assert codes(refused) == [code]
    assert not card.targets.exists()


@pytest.mark.parametrize(
    ("fields", "targets"),
    [
        ({}, [TargetEntry("2026-Q1", Decimal(0)), TargetEntry("2026", Decimal(3))]),
        ({"polarity": "minimize"}, [TargetEntry("2026", Decimal(0))]),
        ({"negative_target": True}, [TargetEntry("2026", Decimal("-2.5"))]),
        ({"frequency": "month"}, [TargetEntry("2026-12", Decimal(3))]),
        ({"polarity": "predicate"}, [TargetEntry("2026", letter="BB")]),
        ({"polarity": "range_min"}, [TargetEntry("2026", low=Decimal(18), high=Decimal(27))]),
    ],
)
def test_targets_come_back_as_they_were_said(
    world: World, fields: dict[str, object], targets: list[TargetEntry]
) -> None:
    card = add(world, replace(ENTRY, **fields))  # type: ignore[arg-type]
    actions.set_targets(card=card, targets=targets, edition=1, by=world.actor("team"))
    found = {row.period: TargetEntry.of(row) for row in card.targets.all()}
    assert found == {target.period: target for target in targets}


def test_activation_names_every_card_that_lacks_something(world: World) -> None:
    empty, ready = add(world, replace(ENTRY, name="Kosong")), whole(world)
    with pytest.raises(Refused) as refused:
        activate(world, empty, ready)
    assert [reason.text for reason in refused.value.reasons] == [
        "“Kosong” belum mempunyai unit penyedia data, target setahun, target per periode."
    ]
    assert not Card.objects.filter(activated_at__isnull=False).exists()
    assert activate(world, ready) == [ready]
    quarter = Period.parse("2026-Q1")
    assert [card.pk for card in cards_due(world.reach("team"), quarter)] == [ready.pk]


def test_an_active_card_is_frozen_and_revised_by_a_new_version(world: World) -> None:
    card, by = whole(world, RATIO), world.actor("team")
    with pytest.raises(Refused) as refused:
        actions.revise_card(card=card, reason="Perubahan anggaran", by=by)
    assert codes(refused) == ["card_draft"]
    activate(world, card)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: actions.change_card(card=card, entry=ENTRY, edition=3, by=by),
        lambda: actions.set_targets(card=card, targets=(), edition=3, by=by),
        lambda: actions.set_suppliers(card=card, unit_ids=[], edition=3, by=by),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == ["card_active"]
    draft = actions.revise_card(card=card, reason="Perubahan anggaran", by=by)
    assert CardEntry.of(draft) == CardEntry.of(card)
    assert (draft.version, draft.targets.count(), draft.suppliers.count()) == (2, 2, 1)
    assert [row.pk for row in cards_of_year(world.reach("team"), 2026)] == [card.pk]
    with pytest.raises(Refused) as refused:
        actions.revise_card(card=card, reason="Perubahan anggaran", by=by)
    assert codes(refused) == ["revision_open"]
    actions.change_card(card=draft, entry=replace(RATIO, name="Baru"), edition=1, by=by)
    with pytest.raises(Refused) as refused:
        activate(world, draft)
    assert codes(refused) == ["card_unapproved"]
    approved = Card.objects.get(pk=draft.pk)
    actions.approve_revision(card=approved, edition=approved.edition, by=world.actor("head"))
    activate(world, draft)
    assert [row.name for row in cards_of_year(world.reach("team"), 2026)] == ["Baru"]
    assert Card.objects.get(pk=card.pk).name == RATIO.name


def test_others_change_no_card(world: World) -> None:
    card, by = whole(world), world.actor("head")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: actions.change_card(card=card, entry=ENTRY, edition=3, by=by),
        lambda: actions.set_targets(card=card, targets=(), edition=3, by=by),
        lambda: actions.set_suppliers(card=card, unit_ids=[], edition=3, by=by),
        lambda: actions.activate_cards(agency=world.agency, year=2026, seen={card.pk: 3}, by=by),
        lambda: actions.revise_card(card=card, reason="Perubahan anggaran", by=by),
    )
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_a_foreign_card_is_never_activated(world: World) -> None:
    other = make_agency("Kenanga")
    make_plan(other)
    with pytest.raises(Conflict):
        activate(world, whole(other))
    assert not Card.objects.filter(activated_at__isnull=False).exists()
