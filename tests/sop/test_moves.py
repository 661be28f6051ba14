"""Every (from, to) pair of steps, tried by everybody: only what the shipped files declare happens."""

from itertools import product

import pytest

from capaian.sop import actions, run_rules, step_actions, step_rules
from capaian.sop.models import ReturnTarget, Run, Step, Work, WorkItem
from tests.sop import declared
from tests.sop.driver import Engine, issue_papers, keys, make_engine, open_items
from tests.sop.fingerprint import changed, fingerprint
from tests.sop.moves import Sweep
from tests.sop.mutants import Guard, without

pytestmark = pytest.mark.once


@pytest.fixture
def sweep(office: Engine) -> Sweep:
    foreign = make_engine("Kenanga", region="Lain")
    for engine in (office, foreign):
        engine.world.person("nobody")
    return Sweep(office, foreign)


def hand_over(office: Engine, item: WorkItem) -> None:
    secretary = office.reach("secretary")
    actions.hand_over(item=item, note="", by=secretary.actor(), reach=secretary)


def walk(sweep: Sweep, run: Run, until: str = "") -> None:
    """Take a run to its end, or to a step, and try everything at every place on the way."""
    while (item := open_items(run).first()) is not None and item.step.key != until:
        issue_papers()
        sweep.at(run)
        if item.step.work == Work.HAND_OVER:
            hand_over(sweep.office, item)
            sweep.at(run)
        sweep.office.complete(WorkItem.objects.get(pk=item.pk))


def figures(sweep: Sweep) -> dict[str, int]:
    """Return how often each kind of attempt was rightly let through, those that follow from the others left out."""
    return {what: sweep.allowed[what] for what in ("complete", "decide no", "return", "waive", "hand over")}


@pytest.mark.slow
def test_only_what_is_declared_for_the_collection_happens(sweep: Sweep) -> None:
    (run,) = sweep.office.open("2026-Q1", "A")
    walk(sweep, run)
    assert sweep.pairs == set(product(declared.steps("A"), repeat=2))
    assert sweep.tried.total() > 5000
    # Tim SAKIP has two members; A07 stands open with three, two and one unit; A11 before and after it is handed over
    wanted = {"complete": 24, "decide no": 3, "return": 6, "waive": 12, "hand over": 1}
    assert figures(sweep) == wanted
    assert Run.objects.get(pk=run.pk).status == Run.Status.DONE
    sweep.at(run)
    assert figures(sweep) == wanted, "an archive is frozen"


@pytest.mark.slow
def test_only_what_is_declared_for_the_measurement_happens(sweep: Sweep) -> None:
    first, second = sweep.office.open("2026-Q1", "A", "B")
    walk(sweep, second)
    assert keys(second) == []
    sweep.at(second)
    sweep.office.advance(first, until="A11")
    walk(sweep, second)
    assert sweep.pairs == set(product(declared.steps("B"), repeat=2))
    assert figures(sweep) == {"complete": 16, "decide no": 3, "return": 2, "waive": 0, "hand over": 1}


def test_only_those_named_open_cancel_and_correct_a_run(sweep: Sweep) -> None:
    (run,) = sweep.office.schedule("2026-01", "A-R")
    sweep.check(sweep.of_run(run))
    assert dict(sweep.allowed) == {"open": 5, "cancel": 2, "correct": 0}
    sweep.office.open_scheduled(run)
    sweep.check(sweep.of_run(run))
    assert dict(sweep.allowed) == {"open": 5, "cancel": 4, "correct": 0}
    sweep.office.advance(run, until="A08")
    sweep.office.finish(run)
    sweep.check(sweep.of_run(run))
    assert dict(sweep.allowed) == {"open": 5, "cancel": 4, "correct": 2}


def test_nothing_happens_in_a_cancelled_run(sweep: Sweep) -> None:
    (run,) = sweep.office.open("2026-01", "A-R")
    sweep.office.advance(run, until="A07")
    sweep.office.complete(open_items(run)[0])
    actions.cancel_run(run=run, reason="Salah", by=sweep.office.actor("head"), reach=sweep.office.reach("head"))
    sweep.at(run)
    sweep.check(sweep.of_run(run))
    assert sweep.allowed.total() == 0
    assert sweep.tried.total() == 95


def test_opening_an_open_run_again_changes_nothing(sweep: Sweep) -> None:
    (run,) = sweep.office.open("2026-01", "A-R")
    before = fingerprint()
    for _, reach in sweep.people():
        actions.open_run(run=run, by=reach.actor(), reach=reach)
    assert not changed(before, fingerprint())


GUARDS = [
    ("A01", "completions", Guard(step_rules, "may_complete", "return own and", "return True or own and")),
    ("A01", "reassignments", Guard(step_rules, "may_complete", "item.agency_id == person.agency.pk", "True")),
    ("A01", "attachments", Guard(step_rules, "may_work", "return held_as(", "return True or held_as(")),
    ("A01", "waivers", Guard(step_rules, "reasons_not_to_waive", "item.unit_id is None")),
    (
        "A01",
        "reassignments",
        Guard(step_rules, "reasons_not_to_reassign", "any(person.has(role) for role in OVERSEERS)", "person"),
    ),
    ("A02", "handing_over", Guard(step_rules, "reasons_not_to_hand_over", "item.step.work != Work.HAND_OVER")),
    ("A07", "waivers", Guard(step_rules, "reasons_not_to_waive", "not may_oversee_units(item.step, person)")),
    ("A07", "returns", Guard(step_rules, "_reasons_not_reached", "again.exists()")),
    ("A08", "returns", Guard(step_rules, "reasons_not_to_return", "held_as(person, completers(step), None) is None")),
    ("A09", "returns", Guard(step_rules, "_reasons_not_reached", "not here")),
    ("A11", "completions", Guard(step_rules, "reasons_not_to_complete", "item.performed_at is None")),
    (
        "A11",
        "handing_over",
        Guard(step_rules, "reasons_not_to_hand_over", "held_as(person, parts[Part.PERFORMS],", "(1,"),
    ),
]


@pytest.mark.parametrize(("place", "tried", "guard"), GUARDS, ids=str)
def test_each_guard_of_a_step_is_missed(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, place: str, tried: str, guard: Guard
) -> None:
    (run,) = sweep.office.open("2026-Q1", "A")
    sweep.office.advance(run, until=place)
    guard.remove(monkeypatch)
    with pytest.raises(AssertionError, match="was not refused"):
        sweep.check(getattr(sweep, tried)(run))


def test_the_question_whether_an_item_is_still_open_is_missed(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    (run,) = sweep.office.open("2026-Q1", "A")
    sweep.office.advance(run, until="A02")
    without(monkeypatch, step_actions, "_locked", "fresh.status != WorkItem.Status.OPEN", "False")
    with pytest.raises(AssertionError, match="attach A01 was not refused"):
        sweep.check(sweep.attachments(run))


def test_the_question_where_a_decision_may_lead_is_missed(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    (run,) = sweep.office.open("2026-Q1", "A")
    sweep.office.advance(run, until="A10")
    monkeypatch.setattr(step_rules, "_reasons_target", lambda *_: [])
    monkeypatch.setattr(step_rules, "return_target", anywhere)
    with pytest.raises(AssertionError, match="decide no A10→A01 was not refused"):
        sweep.check(sweep.decisions(run))


def anywhere(step: Step, key: str) -> ReturnTarget:
    """Stand in for the declared targets: every step of the version is one."""
    return ReturnTarget(step=step, target=Step.objects.get(version=step.version_id, key=key))


@pytest.mark.parametrize(
    ("tried", "guard"),
    [
        ("open", Guard(run_rules, "reasons_foreign", "reach.agency.pk == agency_id", "True")),
        ("cancel", Guard(run_rules, "_reasons_no_such_role", "any(reach.has(role) for role in roles)", "True")),
    ],
    ids=str,
)
def test_each_guard_of_a_run_is_missed(sweep: Sweep, monkeypatch: pytest.MonkeyPatch, tried: str, guard: Guard) -> None:
    (run,) = sweep.office.schedule("2026-Q1", "A")
    guard.remove(monkeypatch)
    with pytest.raises(AssertionError, match=f"{tried} was not refused"):
        sweep.check(sweep.of_run(run))


def test_the_table_of_a_runs_moves_is_missed(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    (run,) = sweep.office.open("2026-01", "A-R")
    sweep.office.finish(run)
    monkeypatch.setitem(run_rules.RUN_MOVES, "done", ("cancelled",))
    with pytest.raises(AssertionError, match="cancel was not refused"):
        sweep.check(sweep.of_run(run))
