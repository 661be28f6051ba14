"""The engine's moves: enter a step, go on after it, join, send back, wake what waited. Inside a transaction only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple, cast

from capaian.agencies.queries import calendar_of
from capaian.journal.prepared import Prepared
from capaian.periods.working_time import Calendar, NoWorkdayError, deadline
from capaian.sop.models import Run, RunUnit, Step, StepWait, WorkItem
from capaian.sop.published import step_of, steps_by_key
from capaian.sop.run_rules import no_workday

# nothing is joined: PostgreSQL shows one who waited the locked row anew, but not the rows joined to it
RUNS_LOCKED = Prepared(
    lambda agency_id, period: (
        Run.objects.filter(agency_id=agency_id, period=period).order_by("pk").select_for_update(no_key=True)
    ),
    -1,
    "period",
)
ITEM = Prepared(lambda pk: WorkItem.objects.filter(pk=pk), -1)
VISITS = Prepared(
    lambda run_id: (
        WorkItem.objects.filter(run_id=run_id)
        .order_by("visit")
        .values_list("step_id", "unit_id", "visit", "assignee_id", "status")
    ),
    -1,
)


def lock_runs(run: Run) -> dict[int, Run]:
    """Lock and return a run with the other runs of its agency and period, by row number.

    Always in the same order. Without this lock units that finish together each see the other's form open and
    the join never fires; without the sibling's lock a step that waits for the other SOP can miss its wake-up.
    """
    locked = {row.pk: row for row in RUNS_LOCKED.ask(run.agency_id, run.period)}
    for row in locked.values():
        row.agency = run.agency
    own = locked[run.pk]
    own.definition = run.definition
    if own.version_id == run.version_id:
        own.version = run.version
    return locked


def lock_item(item: WorkItem) -> tuple[WorkItem, dict[int, Run]]:
    """Lock an item's run; return the item as it stands now, with its step, and the runs as `lock_runs` does."""
    runs = lock_runs(item.run)
    (fresh,) = ITEM.ask(item.pk)
    fresh.run = runs[fresh.run_id]
    fresh.unit = item.unit  # never changes
    fresh.step = step_of(fresh)
    return fresh, runs


class Visit(NamedTuple):
    """What the engine asks of an item."""

    step_key: str
    unit_id: int | None
    visit: int
    assignee_id: int | None
    status: str


@dataclass
class Flow:
    """One run under lock, at one moment. `runs` holds every locked run of the same agency and period."""

    run: Run
    runs: dict[int, Run]
    moment: datetime

    @cached_property
    def calendar(self) -> Calendar:
        """The agency's working calendar, read once."""
        return calendar_of(self.run.agency)

    @cached_property
    def visits(self) -> list[Visit]:
        """All items of the run, the latest visits last, read once: nobody else writes while the run is locked."""
        found = VISITS.ask(self.run.pk)
        names = {pk: step.key for pk, step in steps_by_key(self.run.version).items()}
        if elsewhere := {step_id for step_id, *_ in found} - set(names):  # steps of a version that the run has left
            names |= dict(Step.objects.filter(pk__in=elsewhere).values_list("pk", "key"))
        return [Visit(names[step_id], *row) for step_id, *row in found]

    def enter(
        self, step: Step, *, cause: WorkItem | None, unit_ids: Sequence[int] = (), return_note: str = ""
    ) -> list[WorkItem]:
        """Open `step`: one item, or one for each unit. Returns the opened items.

        Opens nothing while the step waits for the other SOP. A per-unit step without any unit is passed through.
        """
        met = waits_met(step.waits.all(), self.runs.values())
        if (self.run.waiting_at_id is None) != met or not met:
            self.run.waiting_at = None if met else step
            self.run.save(update_fields=["waiting_at"])
        if not met:
            return []
        if step.fan_out == Step.FanOut.NONE:
            return self._open(step, [None], cause, return_note)
        units = list(unit_ids) or list(
            RunUnit.objects.filter(run=self.run).order_by("unit_id").values_list("unit_id", flat=True)
        )
        if not units:
            return self.leave(step, cause=cause)
        return self._open(step, units, cause, return_note)

    def _open(
        self, step: Step, unit_ids: Sequence[int | None], cause: WorkItem | None, return_note: str
    ) -> list[WorkItem]:
        """Open a step for each of `unit_ids` (None: once) as its next visit, for whom the visit before was."""
        before = {row.unit_id: row for row in self.visits if row.step_key == step.key}
        due = None if step.amount is None else due_at(self.calendar, step, self.moment)
        items = []
        for unit_id in unit_ids:
            last = before.get(unit_id)
            items.append(
                WorkItem(
                    agency_id=self.run.agency_id,
                    run=self.run,
                    step=step,
                    unit_id=unit_id,
                    visit=last.visit + 1 if last else 1,
                    assignee_id=last.assignee_id if last else None,
                    opened_at=self.moment,
                    due_at=due,
                    cause=cause,
                    return_note=return_note,
                )
            )
        self.visits.extend(Visit(step.key, item.unit_id, item.visit, item.assignee_id, item.status) for item in items)
        return WorkItem.objects.bulk_create(items)

    def leave(self, step: Step, *, cause: WorkItem | None) -> list[WorkItem]:
        """Go on after `step` if no item of it is open, whatever its visit (the join); else stay."""
        if any(row.step_key == step.key and row.status == WorkItem.Status.OPEN for row in self.visits):
            return []
        opened = self.wake()
        if step.next_yes is None:
            self._finish()
            return opened
        return opened + self.enter(step.next_yes, cause=cause)

    def send_back(
        self, target: Step, *, by_id: int, title: str, cause: WorkItem, unit_ids: Sequence[int], note: str
    ) -> list[WorkItem]:
        """Reopen `target` (for chosen units) as a new visit; later open items are superseded, nothing is deleted."""
        WorkItem.objects.filter(run=self.run, status=WorkItem.Status.OPEN, step__ordinal__gt=target.ordinal).update(
            status=WorkItem.Status.SUPERSEDED, done_at=self.moment, done_by_id=by_id, done_title=title
        )
        return self.enter(target, cause=cause, unit_ids=unit_ids, return_note=note)

    def _finish(self) -> None:
        if any(row.status == WorkItem.Status.OPEN for row in self.visits):
            return
        self.run.status, self.run.finished_at = Run.Status.DONE, self.moment
        self.run.save(update_fields=["status", "finished_at"])

    def wake(self) -> list[WorkItem]:
        """Open the steps of sibling runs that waited for this run and are now free to begin."""
        siblings = [run for run in self.runs.values() if run.pk != self.run.pk and run.status == Run.Status.OPEN]
        return [item for run in siblings for item in Flow(run, self.runs, self.moment).resume()]

    def resume(self) -> list[WorkItem]:
        """Open the step before which this run waits, if it is free now."""
        key = self.run.waiting_at_id
        if key is None or not waits_met(StepWait.objects.filter(step_id=key), self.runs.values()):
            return []
        step = steps_by_key(self.run.version)[key]
        last = WorkItem.objects.filter(run=self.run).order_by("-pk").first()
        note = last.note if last and last.decision == WorkItem.Decision.NO else ""
        return self.enter(step, cause=last, return_note=note)


def due_at(calendar: Calendar, step: Step, start: datetime) -> datetime | None:
    """Return when a step opened at `start` is due; None where the SOP gives no time (never late).

    Raises `Refused` when the calendar has no working day.
    """
    if step.amount is None or step.time_unit is None:
        return None
    try:
        return deadline(calendar, start, step.amount, cast("Literal['minute', 'day']", step.time_unit))
    except NoWorkdayError as error:
        raise no_workday(error) from error


def waits_met(waits: Iterable[StepWait], runs: Iterable[Run]) -> bool:
    """Tell whether all that a step waits for is done, in the newest of the locked `runs` of agency and period."""
    for wait in waits:
        others = [run for run in runs if run.stands_for == wait.definition_code and run.status != Run.Status.CANCELLED]
        newest = max(others, key=lambda run: (run.revision, run.pk), default=None)
        done = (
            WorkItem.objects.filter(run=newest, step__key=wait.step_key).only("status", "decision").order_by("-visit")
        )
        last = None if newest is None else done.first()
        if last is None or last.status != WorkItem.Status.DONE or last.decision == WorkItem.Decision.NO:
            return False
    return True
