"""After activation no path changes an elapsed period's target; a later version needs reason and approval."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
import time_machine

from capaian.documents import store
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.planning import actions, revision_rules
from capaian.planning.entries import CardEntry, TargetEntry
from capaian.planning.models import Card, Target
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
    monkeypatch.setattr(revision_rules, "elapsed", lambda _card, _on: [])
    _, draft = revised(world)
    path(world, draft)
    now = Card.objects.get(pk=draft.pk)
    assert {row.period: row.value for row in now.targets.all()}.get("2026-Q1") != Decimal(1) or now.frequency == "year"


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
