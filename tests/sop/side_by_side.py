"""Drives the engine and the reference side by side, and compares all that can be seen of both."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count

import time_machine
from django.db import connection, transaction
from django.db.models import Count

from capaian.agencies import actions as agencies
from capaian.agencies.queries import Reach, calendar_of
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.journal.reason import Refused
from capaian.periods.working_time import Calendar, deadline
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Step, WorkItem
from tests.sop import declared
from tests.sop.driver import Engine, issue_papers
from tests.sop.moves import SCAN
from tests.sop.reference import DECISIONS, HAND_OVERS, ORDER, Copy, Place, Reference

START = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
PERIOD = "2026-Q1"
STEPS = {key: step for code in "AB" for key, step in declared.steps(code).items()}
DECIDERS = ("head", "secretary", "team2")
COLUMNS = (
    *("run_id", "step__key", "unit_id", "visit", "status"),
    *("opened_at", "due_at", "done_at", "done_by_id", "decision", "note"),
)


@dataclass(frozen=True)
class Row:
    """An item as it stands in its table."""

    run_id: int
    step: str
    unit_id: int | None
    visit: int
    status: str
    opened_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    done_by_id: int | None
    decision: str | None
    note: str


class SideBySide:
    """One history, in the engine and in the reference, until `leave` takes it back.

    `team2` of Tim SAKIP is also Plt. Sekretaris, as `office` was made.
    """

    def __init__(self, office: Engine) -> None:
        self.office = office
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.travel = time_machine.travel(START, tick=False)
        self.clock = self.travel.start()
        self.reference = Reference()
        self.rows: list[int] = []
        self.frozen: dict[int, list[object]] = {}
        self.calendar: Calendar = calendar_of(office.world.agency)
        self.mark = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
        self.tried: Counter[str] = Counter()
        self.files = count()

    def leave(self) -> None:
        """Look at the whole journal, ask for the deferred foreign keys, and give everything back."""
        try:
            assert list(breaks(self.office.world.agency.public_id)) == []
            connection.check_constraints()
        finally:
            self.travel.stop()
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # --- what stands where -------------------------------------------------------------------------------------

    def row(self, copy: Copy) -> Run:
        """Return the engine's run for one of the reference."""
        return Run.objects.get(pk=self.rows[self.reference.runs.index(copy)])

    def unit_ids(self, units: Sequence[str]) -> tuple[int, ...]:
        """Return the row numbers of units."""
        return tuple(self.office.world.units[unit].pk for unit in units)

    def item(self, copy: Copy, place: Place) -> WorkItem:
        """Return the newest item of a place."""
        rows = WorkItem.objects.filter(run_id=self.row(copy).pk, step__key=place[0])
        rows = rows.filter(unit_id=self.unit_ids([place[1]])[0]) if place[1] else rows.filter(unit=None)
        return rows.select_related("step", "unit", "run").order_by("-visit")[0]

    def open_places(self) -> list[tuple[Copy, Place]]:
        """Return everything that is open, in order."""
        return [(run, place) for run in self.reference.runs for place in sorted(run.open, key=str)]

    def right(self, copy: Copy, place: Place) -> list[str]:
        """Return who may complete a place: its assignee, else all."""
        assignee = copy.assignees.get(place)
        return [assignee] if assignee else sorted(self.eligible(place))

    def eligible(self, place: Place) -> set[str]:
        """Return who may complete a place when it is given to nobody."""
        found = declared.completing(STEPS[place[0]], place[1])
        return found | {"team2"} if "secretary" in found else found

    # --- moves -------------------------------------------------------------------------------------------------

    def both(self, verb: str, *, allowed: bool, act: Callable[[], object], follow: Callable[[], object]) -> None:
        """Do it in the engine; where the reference allows it, also there, else it must be refused."""
        self.tried[verb if allowed else f"{verb}, refused"] += 1
        try:
            act()
        except Refused as refusal:
            assert not allowed, f"{verb}: {refusal}"  # noqa: PT017  (both outcomes are looked at)
            return
        assert allowed, f"{verb} was not refused"
        self.reference.verbs[verb] += 1
        follow()

    def open_run(self, code: str) -> None:
        """Schedule and open a procedure."""
        (run,) = self.office.open(PERIOD, code)
        self.rows.append(run.pk)
        self.reference.begin(code)
        self.reference.verbs.update(["scheduled_periods", "opened_run"])

    def work(self, copy: Copy, place: Place, who: str = "") -> None:
        """Do what is next at a place, as somebody or as the first who may."""
        step = place[0]
        if step in HAND_OVERS and not copy.handed:
            self.hand_over(copy, place, "secretary")
            return
        if step == ORDER[copy.code][-1]:
            issue_papers()
        right = [name for name in self.right(copy, place) if step not in DECISIONS or copy.may_decide(step, name)]
        self.complete(copy, place, who or right[0])

    def bring(self, copy: Copy, until: str) -> None:
        """Bring a run to a step, or to its archive, or as far as it comes."""
        while copy.open and copy.standing() != {until}:
            self.work(copy, min(copy.open, key=str))

    def complete(self, copy: Copy, place: Place, who: str) -> None:
        """Complete a place, open or not, as anybody."""
        step, item, person = place[0], self.item(copy, place), self.office.reach(who)
        decision = WorkItem.Decision.YES if step in DECISIONS else None
        answer = Answer(note="Catatan" if step in HAND_OVERS else "", decision=decision)
        allowed = place in copy.open and who in self.right(copy, place)
        allowed = allowed and (step not in HAND_OVERS or copy.handed)
        allowed = allowed and (step not in DECISIONS or copy.may_decide(step, who))
        verb = "decided_yes" if decision else "completed_step"
        act = partial(self.answer, item, answer, person)
        self.both(verb, allowed=allowed, act=act, follow=lambda: self.reference.close(copy, place, who))
        self.reference.verbs["finished_run"] += allowed and step == ORDER[copy.code][-1]

    def answer(self, item: WorkItem, answer: Answer, person: Reach) -> None:
        """Complete an item in the engine."""
        actions.complete_step(item=item, answer=answer, by=step_rules.actor_for(person, item), reach=person)

    def hand_over(self, copy: Copy, place: Place, who: str) -> None:
        """Hand a report to the Kepala."""
        item, person = self.item(copy, place), self.office.reach(who)
        allowed = place in copy.open and place[0] in HAND_OVERS and not copy.handed and who in ("secretary", "team2")
        by = step_rules.performer_for(person, item)
        act = partial(actions.hand_over, item=item, note="", by=by, reach=person)
        self.both("handed_over", allowed=allowed, act=act, follow=lambda: setattr(copy, "handed", True))

    def decide_no(self, copy: Copy, place: Place, target: str, units: Sequence[str], who: str) -> None:
        """Answer "Tidak" to an open decision."""
        item, person = self.item(copy, place), self.office.reach(who)
        ids = self.unit_ids(units)
        answer = Answer(note="Perbaiki", decision=WorkItem.Decision.NO, target=target, unit_ids=ids)
        allowed = place in copy.open and who in self.right(copy, place) and copy.may_decide(place[0], who)
        allowed = allowed and copy.may_go_back(place[0], target, units)

        def follow() -> None:
            copy.open.remove(place)
            copy.done_by.add((place[0], who))
            self.reference.go_back(copy, target, units)

        self.both("decided_no", allowed=allowed, act=partial(self.answer, item, answer, person), follow=follow)

    def send_back(self, copy: Copy, source: str, target: str, units: Sequence[str], who: str) -> None:
        """Return work from a step that is no decision."""
        run, person = self.row(copy), self.office.reach(who)
        step = Step.objects.get(version=run.version_id, key=source)
        answer = Answer(note="Kurang", target=target, unit_ids=self.unit_ids(units))
        allowed = who in declared.completing(STEPS[source]) and copy.may_return(source, target, units)
        act = partial(actions.return_work, run=run, step=step, answer=answer, by=person.actor(), reach=person)
        follow = partial(self.reference.go_back, copy, target, units)
        self.both("returned_work", allowed=allowed, act=act, follow=follow)

    def waive(self, copy: Copy, place: Place, who: str) -> None:
        """Let a run go on without a unit."""
        item, person = self.item(copy, place), self.office.reach(who)
        allowed = place in copy.open and place[1] is not None and who in ("team", "team2")
        act = partial(actions.waive_unit, item=item, reason="Tidak ada data", by=person.actor(), reach=person)
        self.both("waived_unit", allowed=allowed, act=act, follow=lambda: self.reference.close(copy, place))

    def reassign(self, copy: Copy, place: Place, to: str | None, who: str) -> None:
        """Give a place to somebody, or back to all."""
        item, person = self.item(copy, place), self.office.reach(who)
        allowed = place in copy.open and (to is None or to in self.eligible(place)) and who in (*DECIDERS, "admin")
        one = self.office.world.people[to] if to else None

        def follow() -> None:
            copy.assignees.pop(place, None)
            copy.assignees |= {place: to} if to else {}

        act = partial(actions.reassign_item, item=item, assignee=one, by=person.actor(), reach=person)
        self.both("reassigned_item", allowed=allowed, act=act, follow=follow)

    def attach(self, copy: Copy, place: Place, who: str) -> None:
        """Add a file to a place."""
        item, person = self.item(copy, place), self.office.reach(who)
        right = declared.working(STEPS[place[0]], place[1])
        acting = who == "team2" and "secretary" in right and place[1] in (None, "secretariat")
        file = replace(SCAN, key=f"kunci-{next(self.files)}")
        act = partial(actions.attach_file, item=item, file=file, by=person.actor(), reach=person)
        allowed = place in copy.open and (who in right or acting)
        self.both("attached_file", allowed=allowed, act=act, follow=lambda: None)

    def cancel(self, copy: Copy, who: str) -> None:
        """Cancel a run."""
        person = self.office.reach(who)
        act = partial(actions.cancel_run, run=self.row(copy), reason="Salah", by=person.actor(), reach=person)
        allowed = copy.status == "open" and who in DECIDERS
        self.both("cancelled_run", allowed=allowed, act=act, follow=lambda: self.reference.cancel(copy))

    def correct(self, copy: Copy, who: str) -> None:
        """Open a correction of an archived run."""
        run, person = self.row(copy), self.office.reach(who)
        unfinished = any(other.code == copy.code and other.status == "open" for other in self.reference.runs)
        made: list[Run] = []

        def follow() -> None:
            self.rows.append(made[0].pk)
            self.reference.begin(copy.code)

        self.both(
            "corrected_run",
            allowed=copy.status == "done" and not unfinished and who in DECIDERS,
            act=lambda: made.append(
                actions.correct_run(run=run, reason="Keliru", by=person.actor(), reach=person),
            ),
            follow=follow,
        )

    def change_day(self, days: int, kind: str) -> None:
        """Make a day some days from the start something else; deadlines are computed again."""
        world, on = self.office.world, date(2026, 4, 1) + timedelta(days=days)
        if kind:
            agencies.put_work_day(agency=world.agency, day=on, kind=kind, name="Hari khusus", by=world.admin)
        else:
            agencies.remove_work_day(agency=world.agency, day=on, by=world.admin)
        actions.recompute_deadlines(agency=world.agency)
        self.calendar = calendar_of(world.agency)
        self.reference.verbs["changed_calendar"] += 1

    # --- what must hold after every move -------------------------------------------------------------------------

    def agree(self) -> None:
        """Compare states, waiting, open places, visits, due times, archives and journal."""
        rows = [Row(*row) for row in WorkItem.objects.filter(run_id__in=self.rows).order_by("pk").values_list(*COLUMNS)]
        runs = {run.pk: run for run in Run.objects.filter(pk__in=self.rows).select_related("waiting_at")}
        for copy, pk in zip(self.reference.runs, self.rows, strict=True):
            items, run = [row for row in rows if row.run_id == pk], runs[pk]
            assert (run.status, run.revision) == (copy.status, copy.revision)
            if run.status == Run.Status.OPEN:
                assert (run.waiting_at.key if run.waiting_at else "") == copy.waiting
            self.places_agree(copy, items)
            self.due_times_are_computed(items)
            if run.status == Run.Status.DONE:
                archived: list[object] = [items, run.finished_at, run.version_id]
                assert self.frozen.setdefault(pk, archived) == archived, "an archive is frozen"
        found = Entry.objects.filter(pk__gt=self.mark).values_list("verb").annotate(Count("pk"))
        assert dict(found) == {verb: times for verb, times in self.reference.verbs.items() if times}, "the journal"

    def places_agree(self, copy: Copy, items: Sequence[Row]) -> None:
        """Open items equal the reference's; visits count up without a gap; one front in each open run."""
        named: dict[int | None, str | None] = {unit.pk: key for key, unit in self.office.world.units.items()}
        visits: dict[Place, list[Row]] = {}
        for item in items:
            visits.setdefault((item.step, named.get(item.unit_id)), []).append(item)
        opened = {place for place, found in visits.items() if found[-1].status == "open"}
        assert opened == copy.open
        assert {place: len(found) for place, found in visits.items()} == dict(copy.visits)
        for found in visits.values():
            assert [item.visit for item in found] == list(range(1, len(found) + 1))
            assert all(item.status != "open" for item in found[:-1])
        fronts = {step for step, _ in opened}
        assert len(fronts) == (copy.status == "open" and not copy.waiting), "exactly one front"

    def due_times_are_computed(self, items: Sequence[Row]) -> None:
        """An open item is due by the calendar of today; B05 stands open only after an approval."""
        for item in items:
            if item.status == "open":
                time = STEPS[item.step]["time"]
                due = deadline(self.calendar, item.opened_at, time["amount"], time["unit"]) if time else None
                assert item.due_at == due, f"{item.step} is due at {item.due_at}, not {due}"
                if item.step == "B05":
                    approvals = WorkItem.objects.filter(run_id__in=self.rows, step__key="A10", decision="yes")
                    assert approvals.filter(done_at__lte=item.opened_at).exists(), "B05 before an approval"
