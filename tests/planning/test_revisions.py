"""After activation no path changes an elapsed period's target; a later version needs reason and approval."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from capaian.documents import store
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.periods.period import Period
from capaian.planning import actions, revision_rules
from capaian.planning.card_actions import mark_measured
from capaian.planning.entries import CardEntry, DatumEntry, TargetEntry
from capaian.planning.models import Card, Target
from capaian.planning.queries import cards_due
from capaian.planning.workbook_actions import apply_workbook, keep_workbook, proposal_of
from capaian.planning.workbook_template import workbook_bytes
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan

pytestmark = pytest.mark.django_db
TARGETS = {"2026": "10", "2026-Q1": "1", "2026-Q2": "2", "2026-Q3": "3", "2026-Q4": "4"}
Path = Callable[[World, Card], object]


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel("2026-08-15 09:00 +07:00", tick=False):
        yield make_agency("Melati")


def entries(**changed: str) -> list[TargetEntry]:
    said = TARGETS | {period.replace("_", "-").removeprefix("p"): value for period, value in changed.items()}
    return [TargetEntry(period, Decimal(value)) for period, value in said.items()]


def revised(world: World) -> tuple[Card, Card]:
    card = make_card(world, "a", targets=TARGETS, consolidation="sum")
    draft = actions.revise_card(card=card, reason="APBD Perubahan", by=world.actor("team"))
    return card, draft


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(reason.code, reason.field) for reason in refused.value.reasons]


def test_coming_periods_change_and_elapsed_ones_stay(world: World) -> None:
    card, draft = revised(world)
    by = world.actor("team")
    draft = actions.set_targets(card=draft, targets=entries(p2026_Q4="9", p2026="15"), edition=1, by=by)
    with pytest.raises(Refused) as refused:
        actions.set_targets(card=draft, targets=entries(p2026_Q1="9", p2026_Q2="9", p2026_Q3="9"), edition=2, by=by)
    assert codes(refused) == [("period_elapsed", "target_2026-Q1"), ("period_elapsed", "target_2026-Q2")]
    actions.approve_revision(card=draft, edition=2, by=world.actor("head"))
    actions.activate_cards(agency=world.agency, year=2026, seen={draft.pk: 2}, by=by)
    now = Card.objects.get(is_current=True)
    kept = {row.period: row.value for row in now.targets.all()}
    assert (now.version, kept["2026-Q2"], kept["2026-Q4"], kept["2026"]) == (2, Decimal(2), Decimal(9), Decimal(15))
    assert {row.period: row.value for row in Card.objects.get(pk=card.pk).targets.all()}["2026-Q4"] == Decimal(4)


def test_a_year_that_is_over_keeps_its_target(world: World) -> None:
    _, draft = revised(world)
    with time_machine.travel("2027-02-01 09:00 +07:00", tick=False), pytest.raises(Refused) as refused:
        actions.set_targets(card=draft, targets=entries(p2026="11"), edition=1, by=world.actor("team"))
    assert codes(refused) == [("period_elapsed", "target_2026")]


def lower(world: World, draft: Card) -> object:
    return actions.set_targets(card=draft, targets=entries(p2026_Q1="0.5"), edition=1, by=world.actor("team"))


def drop(world: World, draft: Card) -> object:
    return actions.set_targets(card=draft, targets=entries()[2:], edition=1, by=world.actor("team"))


def change_frequency(world: World, draft: Card) -> object:
    entry = replace(CardEntry.of(draft), frequency="year")
    return actions.change_card(card=draft, entry=entry, edition=1, by=world.actor("team"))


def change_polarity(world: World, draft: Card) -> object:
    entry = replace(CardEntry.of(draft), polarity="predicate")
    return actions.change_card(card=draft, entry=entry, edition=1, by=world.actor("team"))


def bring_in_a_workbook(world: World, draft: Card) -> object:
    plan = make_plan(world)
    Target.objects.filter(card=draft, period="2026-Q1").update(value=Decimal(7))  # as the workbook will say
    content = workbook_bytes(world.reach("team"), plan, 2026)
    Target.objects.filter(card=draft, period="2026-Q1").update(value=Decimal(1))
    kept = store.keep(io.BytesIO(content), "a.xlsx")
    workbook = keep_workbook(plan=plan, year=2026, kept=kept, by=world.actor("team"))
    return apply_workbook(workbook=workbook, seen=proposal_of(workbook).digest, by=world.actor("team"))


def activate_what_was_written_otherwise(world: World, draft: Card) -> object:
    Target.objects.filter(card=draft, period="2026-Q1").update(value=Decimal(7))
    actions.approve_revision(card=draft, edition=1, by=world.actor("head"))
    return actions.activate_cards(agency=world.agency, year=2026, seen={draft.pk: 1}, by=world.actor("team"))


PATHS: tuple[Path, ...] = (
    lower, drop, change_frequency, change_polarity, bring_in_a_workbook, activate_what_was_written_otherwise,
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_no_path_changes_an_elapsed_target(world: World, path: Path) -> None:
    _, draft = revised(world)
    with pytest.raises(Refused):
        path(world, draft)
    assert Target.objects.get(card__is_current=True, period="2026-Q1").value == Decimal(1)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_without_the_guard_every_path_would(world: World, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_rules, "closed", lambda _card, _on: [])
    _, draft = revised(world)
    path(world, draft)
    now = Card.objects.get(pk=draft.pk)
    assert {row.period: row.value for row in now.targets.all()}.get("2026-Q1") != Decimal(1) or now.frequency == "year"


FROZEN: tuple[dict[str, Any], ...] = (
    {"frequency": "year"}, {"polarity": "minimize"}, {"measured_in": "orang"}, {"consolidation": "average"},
    {"location": "average"}, {"consolidation": "last", "entry": "to_date"}, {"scale": "lkjip"}, {"cap": None},
    {"negative_target": True}, {"formula": "a * 2", "data": (DatumEntry("a", "A"),)},
)  # fmt: skip


def test_the_way_of_measuring_stays_for_the_year(world: World) -> None:
    _, draft = revised(world)
    for changed in FROZEN:
        entry = replace(CardEntry.of(draft), **changed)
        with pytest.raises(Refused) as refused:
            actions.change_card(card=draft, entry=entry, edition=1, by=world.actor("team"))
        assert {code for code, _ in codes(refused)} == {"measured_already"}, changed
        assert {field for _, field in codes(refused)} <= {*changed, "formula"}


def test_before_any_period_closes_it_may_still_change(world: World) -> None:
    with time_machine.travel("2026-02-02 09:00 +07:00", tick=False):
        card, draft = revised(world)
        entry = replace(CardEntry.of(draft), cap=None)
        changed = actions.change_card(card=draft, entry=entry, edition=1, by=world.actor("team"))
        mark_measured(cards=[card], through=date(2026, 3, 31))  # a quarter measured before it has ended
        with pytest.raises(Refused) as refused:
            actions.change_card(card=changed, entry=replace(entry, cap=Decimal(9)), edition=2, by=world.actor("team"))
    assert codes(refused) == [("measured_already", "cap")]


def test_another_definition_counts_from_the_first_open_period(world: World) -> None:
    card, draft = revised(world)
    by, reach = world.actor("team"), world.reach("team")
    entry = replace(CardEntry.of(draft), definition="Lain")
    draft = actions.change_card(card=draft, entry=entry, edition=1, by=by)
    actions.approve_revision(card=draft, edition=2, by=world.actor("head"))
    actions.activate_cards(agency=world.agency, year=2026, seen={draft.pk: 2}, by=by)
    assert Card.objects.get(pk=draft.pk).counts_from == date(2026, 7, 1)
    in_force = [[each.pk for each in cards_due(reach, Period.parse(f"2026-Q{place}"))] for place in (1, 2, 3, 4)]
    assert in_force == [[card.pk], [card.pk], [draft.pk], [draft.pk]]
    again = actions.revise_card(card=Card.objects.get(pk=draft.pk), reason="Unit penyedia", by=by)
    again = actions.set_suppliers(card=again, unit_ids=[world.units["ikp"].pk], edition=1, by=by)
    actions.approve_revision(card=again, edition=2, by=world.actor("head"))
    actions.activate_cards(agency=world.agency, year=2026, seen={again.pk: 2}, by=by)
    assert Card.objects.get(pk=again.pk).counts_from == date(2026, 7, 1)
    assert [each.pk for each in cards_due(reach, Period.parse("2026-Q2"))] == [card.pk]


def test_a_definition_stays_when_the_year_is_over(world: World) -> None:
    _, draft = revised(world)
    entry = replace(CardEntry.of(draft), definition="Lain")
    with time_machine.travel("2027-02-01 09:00 +07:00", tick=False), pytest.raises(Refused) as refused:
        actions.change_card(card=draft, entry=entry, edition=1, by=world.actor("team"))
    assert codes(refused) == [("measured_already", "definition")]


def test_a_later_version_needs_reason_and_approval_of_what_stands(world: World) -> None:
    card = make_card(world, "a", targets=TARGETS)
    by, head = world.actor("team"), world.actor("head")
    with pytest.raises(Refused) as refused:
        actions.revise_card(card=card, reason=" ", by=by)
    assert codes(refused) == [("reason_empty", "reason")]
    draft = actions.revise_card(card=card, reason="APBD Perubahan", by=by)
    with pytest.raises(Forbidden):
        actions.approve_revision(card=draft, edition=1, by=by)
    with pytest.raises(Conflict):
        actions.approve_revision(card=draft, edition=2, by=head)
    with pytest.raises(Refused):
        actions.approve_revision(card=card, edition=1, by=head)
    actions.approve_revision(card=draft, edition=1, by=head)
    with pytest.raises(Refused):
        actions.approve_revision(card=draft, edition=1, by=head)
    actions.set_targets(card=draft, targets=entries(p2026_Q4="9"), edition=1, by=by)
    with pytest.raises(Refused) as unapproved:
        actions.activate_cards(agency=world.agency, year=2026, seen={draft.pk: 2}, by=by)
    assert [code for code, _ in codes(unapproved)] == ["card_unapproved"]
