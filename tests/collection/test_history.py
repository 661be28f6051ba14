"""Figures of the time before the product: recorded once, with their source, by those who plan."""

from dataclasses import replace
from decimal import Decimal

import pytest

from capaian.collection.actions import record_history
from capaian.collection.entries import HistoryEntry
from capaian.collection.models import Actual
from capaian.journal.reason import Refused
from capaian.planning import actions as planning
from capaian.planning.models import Card
from tests.factories import World, make_agency
from tests.planning.cards import make_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_agency("Melati")


def told(world: World, card: Card, **other: object) -> HistoryEntry:
    unit = world.units["secretariat"]
    return replace(HistoryEntry(card.pk, unit.pk, "2026-Q1", Decimal("3.22"), "Renstra, tabel II.5"), **other)  # type: ignore[arg-type]


def test_a_figure_is_kept_with_its_source(world: World) -> None:
    card = make_card(world, "Indeks SPBE")
    [row] = record_history(agency=world.agency, figures=[told(world, card)], by=world.actor("team"))
    kept = Actual.objects.get(pk=row.pk)
    assert (kept.value, kept.origin, kept.form, kept.is_current) == (
        Decimal("3.22"), "Renstra, tabel II.5", None, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"period": "2026-01"}, "history_period"),
        ({"period": "2025-Q1"}, "history_period"),
        ({"origin": "  "}, "history_source"),
        ({"unit_id": 0}, "history_unknown"),
        ({"card_id": 0}, "history_unknown"),
    ],
)
def test_a_wrong_figure_is_refused_and_none_is_written(world: World, other: dict[str, object], code: str) -> None:
    card = make_card(world, "Indeks SPBE")
    figures = [told(world, card), told(world, card, **other)]
    with pytest.raises(Refused) as refused:
        record_history(agency=world.agency, figures=figures, by=world.actor("team"))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not Actual.objects.exists()


def test_a_taken_place_stays_as_it_is(world: World) -> None:
    card = make_card(world, "Indeks SPBE")
    record_history(agency=world.agency, figures=[told(world, card)], by=world.actor("team"))
    again = told(world, card, value=Decimal(9))
    with pytest.raises(Refused) as refused:
        record_history(agency=world.agency, figures=[again], by=world.actor("team"))
    assert [reason.code for reason in refused.value.reasons] == ["history_taken"]
    assert Actual.objects.get().value == Decimal("3.22")


def test_only_planners_and_only_in_their_agency(world: World) -> None:
    card = make_card(world, "Indeks SPBE")
    for by in (world.actor("ikp"), make_agency("Mawar").actor("team")):
        with pytest.raises(Refused):
            record_history(agency=world.agency, figures=[told(world, card)], by=by)


def test_a_card_is_carried_into_another_year_without_its_targets(world: World) -> None:
    card = make_card(
        world, "Indeks SPBE", targets={"2026": "3"}, units=("ikp", "aptika"), data=("a", "b"), formula="a ÷ b"
    )
    made = planning.carry_card(card=card, year=2027, by=world.actor("team"))
    assert (made.indicator_id, made.year, made.name, made.formula) == (card.indicator_id, 2027, card.name, "a ÷ b")
    assert (made.suppliers.count(), made.data.count(), made.targets.count()) == (2, 2, 0)
    assert made.activated_at is None


@pytest.mark.parametrize(("year", "code"), [(2026, "card_there"), (2031, "outside_plan")])
def test_a_card_is_carried_only_into_an_empty_year_of_the_plan(world: World, year: int, code: str) -> None:
    card = make_card(world, "Indeks SPBE")
    with pytest.raises(Refused) as refused:
        planning.carry_card(card=card, year=year, by=world.actor("team"))
    assert [reason.code for reason in refused.value.reasons] == [code]
