"""Thousands of moves in every order: the engine does what the small reference says, and no guard is idle."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from capaian.agencies.models import Appointment
from capaian.sop import actions, flow_actions, run_actions, run_rules, step_actions, step_rules
from capaian.sop.flow_actions import Flow
from tests.sop.driver import Engine
from tests.sop.machine import Machine
from tests.sop.mutants import Guard
from tests.sop.reference import UNITS, Copy
from tests.sop.side_by_side import SideBySide
from tests.sop.test_moves import anywhere

PROOF = os.environ.get("CAPAIAN_PROOF") == "1"
# a random history is some 70 moves long
EXAMPLES, LENGTH = (240, 100) if PROOF else (12, 100)
ACTING = {"kind": Appointment.Kind.ACTING, "valid_from": date(2026, 1, 5), "valid_to": date(2026, 12, 31)}
HAPPENS = (
    *("completed_step", "handed_over", "decided_yes", "decided_no", "returned_work", "waived_unit", "reassigned_item"),
    *("attached_file", "cancelled_run", "corrected_run"),
)
REMOVE = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def deputised(office: Engine) -> Engine:
    """`team2` of Tim SAKIP is also Plt. Sekretaris."""
    office.world.appoint("team2", office.world.positions["secretary"], **ACTING)
    office.forget()
    return office


@pytest.fixture
def pair(deputised: Engine) -> Iterator[SideBySide]:
    """One history, taken back at its end whatever happened in it."""
    made = SideBySide(deputised)
    yield made
    made.leave()


@pytest.mark.slow
@pytest.mark.timeout(7200 if PROOF else 900)
def test_the_engine_does_what_the_reference_says(deputised: Engine) -> None:
    Machine.office = deputised
    Machine.done.clear()
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        derandomize=not PROOF,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=profile)
    print(dict(Machine.done))  # figures of the proof run
    assert Machine.done["rule steps"] >= (10_000 if PROOF else 1_000)
    for verb in HAPPENS:
        assert Machine.done[verb], f"{verb} never happened"
        assert Machine.done[f"{verb}, refused"], f"{verb} was never refused"


def tour(pair: SideBySide) -> list[Callable[[], None]]:
    """One way through everything that a guard stands before."""
    for code in "BA":
        pair.open_run(code)
    second, first = pair.reference.runs
    pair.bring(first, "A07")
    pair.bring(second, "B05")
    return [*tour_of_units(pair, first), *tour_of_decisions(pair, first, second)]


def tour_of_units(pair: SideBySide, first: Copy) -> list[Callable[[], None]]:
    """Forms submitted, waived, returned, given to others, until the recapitulation is done."""
    secretariat, ikp, aptika = (("A07", unit) for unit in UNITS)
    a08 = ("A08", None)
    return [
        partial(pair.complete, first, secretariat, "ikp"),
        partial(pair.complete, first, secretariat, "planner"),
        partial(pair.waive, first, secretariat, "team"),
        partial(pair.waive, first, ikp, "planner"),
        partial(pair.send_back, first, "A08", "A07", ["ikp"], "team"),
        partial(pair.send_back, first, "A08", "A07", ["secretariat"], "head"),
        partial(pair.send_back, first, "A08", "A07", ["secretariat"], "team"),
        partial(pair.reassign, first, ikp, "planner", "head"),
        partial(pair.waive, first, ikp, "team2"),
        partial(pair.complete, first, aptika, "aptika"),
        partial(pair.complete, first, secretariat, "planner"),
        partial(pair.send_back, first, "A08", "A07", [], "team"),
        partial(pair.reassign, first, a08, "team2", "head"),
        partial(pair.complete, first, a08, "team"),
        partial(pair.complete, first, a08, "team2"),
        partial(pair.send_back, first, "A08", "A07", ["ikp"], "team"),
    ]


def tour_of_decisions(pair: SideBySide, first: Copy, second: Copy) -> list[Callable[[], None]]:
    """Drafts decided, handed over, sent back, corrected, cancelled."""
    a08, a09, a10, a11 = (("A08", None), ("A09", None), ("A10", None), ("A11", None))
    return [
        partial(pair.complete, first, a09, "team"),
        partial(pair.complete, first, a10, "team2"),
        partial(pair.decide_no, first, a10, "A01", [], "secretary"),
        partial(pair.decide_no, first, a10, "A08", [], "secretary"),
        partial(pair.complete, first, a08, "team"),
        partial(pair.complete, first, a08, "team2"),
        partial(pair.complete, first, a09, "team"),
        partial(pair.change_day, 0, "holiday"),
        partial(pair.complete, first, a10, "secretary"),
        partial(pair.complete, first, a10, "secretary"),
        partial(pair.complete, first, a11, "head"),
        partial(pair.hand_over, first, a11, "team"),
        partial(pair.hand_over, first, a11, "secretary"),
        partial(pair.send_back, first, "A11", "A10", [], "head"),
        partial(pair.complete, first, a10, "secretary"),
        partial(pair.bring, first, ""),
        partial(pair.cancel, first, "head"),
        partial(pair.correct, first, "head"),
        partial(pair.correct, first, "head"),
        partial(pair.bring, second, "B08"),
        partial(pair.decide_no, second, ("B08", None), "B05", [], "secretary"),
        lambda: pair.cancel(pair.reference.runs[2], "head"),
        partial(pair.bring, second, ""),
    ]


def take(pair: SideBySide) -> None:
    """Go on the tour; compare after every move."""
    for move in tour(pair):
        move()
        pair.agree()
    assert [run.status for run in pair.reference.runs] == ["done", "done", "cancelled"]


def test_the_tour_finds_nothing(pair: SideBySide) -> None:
    take(pair)


def any_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every step be a target."""
    monkeypatch.setattr(step_rules, "_reasons_target", lambda *_: [])
    monkeypatch.setattr(step_rules, "return_target", anywhere)


def closed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask neither when the item is read nor when it is written whether it is open."""
    stale_read(monkeypatch)
    Guard(step_actions, "_close", "pk=item.pk, status=WorkItem.Status.OPEN", "pk=item.pk").remove(monkeypatch)


def stale_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """See every item as open, as if it had been read before the other click was written."""
    Guard(step_actions, "_locked", "fresh.status != WorkItem.Status.OPEN").remove(monkeypatch)


def attribute(owner: object, name: str, instead: object) -> REMOVE:
    """Return what puts something else in the place of a function."""
    return lambda monkeypatch: monkeypatch.setattr(owner, name, instead)


JOIN = "any(row.step_key == step.key and row.status == WorkItem.Status.OPEN for row in self.visits)"
SELF = "prepared_by(item, person.person.pk)"
MUTANTS: dict[str, REMOVE] = {
    "the join": Guard(Flow, "leave", JOIN).remove,
    "the wait for the other SOP": attribute(flow_actions, "waits_met", lambda *_: True),
    "the no in the wait": Guard(flow_actions, "waits_met", "or last.decision == WorkItem.Decision.NO", "").remove,
    "the waking": Guard(Flow, "leave", "self.wake()", "[]").remove,
    "the waking on a cancellation": Guard(run_actions, "cancel_run", "Flow(run, runs, moment).wake()", "[]").remove,
    "only later steps are superseded": Guard(Flow, "send_back", "ordinal__gt", "ordinal__gte").remove,
    "later steps are superseded": Guard(Flow, "send_back", "ordinal__gt", "ordinal__gt=99, step__ordinal__lt").remove,
    "only the chosen units": Guard(Flow, "send_back", "unit_ids=unit_ids", "unit_ids=()").remove,
    "visits count": Guard(Flow, "_open", "last.visit + 1 if last", "1 if last").remove,
    "the assignee stays": Guard(Flow, "_open", "last.assignee_id if last", "None if last").remove,
    "the target": any_target,
    "a unit is chosen": Guard(step_rules, "_reasons_target", "not answer.unit_ids").remove,
    "the unit is still open": Guard(step_rules, "_reasons_not_reached", "again.exists()").remove,
    "the step is reached": Guard(step_rules, "_reasons_not_reached", "not here").remove,
    "own work": Guard(step_rules, "reasons_not_to_complete", SELF).remove,
    "the right party": Guard(step_rules, "may_complete", "return own and", "return True or own and").remove,
    "the assignee": Guard(step_rules, "reasons_not_mine", "assignee is not None").remove,
    "handed over first": Guard(step_rules, "reasons_not_to_complete", "item.performed_at is None").remove,
    "who waives": Guard(step_rules, "reasons_not_to_waive", "not may_oversee_units(item.step, person)").remove,
    "closing once, twice guarded": closed_twice,
    "waiving what is open": stale_read,
    "the archive": lambda monkeypatch: monkeypatch.setitem(run_rules.RUN_MOVES, "done", ("cancelled",)),
    "one correction": Guard(run_rules, "reasons_not_to_correct", "unfinished.exists()").remove,
    "deadlines follow the calendar": attribute(actions, "recompute_deadlines", lambda **_: 0),
    "the end": Guard(Flow, "_finish", "Run.Status.DONE, self.moment", "Run.Status.OPEN, None").remove,
    "the journal": attribute(step_actions, "record", lambda **_: None),
}


@pytest.mark.parametrize("remove", MUTANTS.values(), ids=list(MUTANTS))
def test_each_guard_is_missed_on_the_tour(pair: SideBySide, monkeypatch: pytest.MonkeyPatch, remove: REMOVE) -> None:
    remove(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        take(pair)
