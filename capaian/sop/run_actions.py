"""Writes runs: schedule a year, open, cancel, correct, move to a newer version."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Agency, Unit
from capaian.agencies.queries import Reach, calendar_of, local_date
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Refused, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.periods.period import Period
from capaian.periods.working_time import Calendar, NoWorkdayError
from capaian.sop import run_rules
from capaian.sop.definition_actions import missing_step
from capaian.sop.flow_actions import Flow, due_at, lock_runs
from capaian.sop.models import Definition, Run, RunUnit, Step, Version, WorkItem
from capaian.sop.published import steps_by_key

log = logging.getLogger(__name__)
#: Acts for opening on schedule: nobody clicked, the date did.
SCHEDULE_TITLE = "Jadwal"


def schedule_year(
    *,
    agency: Agency,
    periods: Iterable[Period],
    definitions: Mapping[str, tuple[Definition, ...]],
    by: Actor,
    reach: Reach,
) -> list[Run]:
    """Schedule one run per period and procedure; periods that already have one are left as they are.

    `definitions` maps the period's kind ("month", "quarter") to the definitions that it runs. Returns the new
    runs; each opens on the first working day after its period's end. Nothing enters an inbox before.
    """
    refuse_if(run_rules.reasons_foreign(agency.pk, reach) or run_rules.reasons_not_to_schedule(reach))
    with transaction.atomic():
        # two people scheduling at once: one after the other
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        runs = _runs_to_come(agency, periods, definitions)
        Run.objects.bulk_create(runs)
        named = [f"{run.stands_for} {run.period}" for run in runs]
        record(by=by, verb=Verb.SCHEDULED_PERIODS, target=agency, payload={"runs": named})
    return runs


def _runs_to_come(
    agency: Agency, periods: Iterable[Period], definitions: Mapping[str, tuple[Definition, ...]]
) -> list[Run]:
    """The runs that no period has yet, not written."""
    calendar = calendar_of(agency)
    standing = Run.objects.filter(agency=agency).exclude(status=Run.Status.CANCELLED)
    have = set(standing.values_list("stands_for", "period"))
    published = Version.objects.filter(definition__agency=agency, state=Version.State.PUBLISHED)
    versions = {version.definition_id: version for version in published}
    return [
        Run(
            agency=agency,
            definition=definition,
            version=versions[definition.pk],
            stands_for=definition.stands_for,
            period=period.code,
            revision=_next_revision(agency, definition, period.code),
            opens_on=_first_workday(calendar, period),
        )
        for period in periods
        for definition in definitions.get(period.kind.value, ())
        if (definition.stands_for, period.code) not in have
    ]


def _first_workday(calendar: Calendar, period: Period) -> date:
    try:
        return calendar.next_workday(period.end)
    except NoWorkdayError as error:
        raise run_rules.no_workday(error) from error


def _next_revision(agency: Agency, definition: Definition, period: str) -> int:
    last = (
        Run.objects.filter(agency=agency, definition=definition, period=period)
        .order_by("-revision")
        .values_list("revision", flat=True)
        .first()
    )
    return 0 if last is None else last + 1


def open_run(*, run: Run, by: Actor, reach: Reach | None = None, at: datetime | None = None) -> Run:
    """Open a scheduled run: its units are fixed, its first step enters an inbox, its clock starts.

    `reach` is None when the date opens it. Opening an open run again changes nothing.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        runs = lock_runs(run)
        run = runs[run.pk]
        if run.status == Run.Status.OPEN:
            return run
        refuse_if(run_rules.reasons_not_to_open(run, reach))
        _enter_first_step(run, runs, moment)
        record(by=by, verb=Verb.OPENED_RUN, target=run, payload={"period": run.period, "code": run.definition.code})
    return run


def _enter_first_step(run: Run, runs: dict[int, Run], moment: datetime) -> None:
    run.status, run.opened_at = Run.Status.OPEN, moment
    run.save(update_fields=["status", "opened_at"])
    steps = list(steps_by_key(run.version).values())
    if any(step.fan_out == Step.FanOut.UNIT for step in steps):
        today = local_date(run.agency, moment)
        RunUnit.objects.bulk_create([RunUnit(run=run, unit=unit) for unit in units_on(run.agency, today)])
    Flow(run, runs, moment).enter(steps[0], cause=None)


def units_on(agency: Agency, on: date) -> list[Unit]:
    """Return the units that supply data on a day: those who take part in steps done once per unit."""
    units = Unit.objects.filter(agency=agency, supplies_data=True, valid_from__lte=on)
    return [unit for unit in units.order_by("pk") if unit.valid_to is None or unit.valid_to >= on]


def open_due_runs(*, at: datetime | None = None, agency: Agency | None = None) -> int:
    """Open every scheduled run whose date has come, in its agency's time zone; return how many.

    One that cannot be opened (a calendar without working days) is logged and does not hold up the others.
    """
    moment = at or timezone.now()
    opened = 0
    latest = moment.date() + timedelta(days=1)  # east of UTC the date has come sooner
    due = Run.objects.filter(status=Run.Status.SCHEDULED, opens_on__lte=latest).select_related("agency", "definition")
    if agency is not None:
        due = due.filter(agency=agency)
    for run in due.order_by("opens_on", "pk"):
        if run.opens_on <= moment.astimezone(run_rules.zone_of(run.agency)).date():
            try:
                open_run(run=run, by=schedule_actor(run.agency), at=moment)
                opened += 1
            except Refused as refusal:
                log.warning("run %s could not be opened: %s", run.public_id, refusal)
    return opened


def schedule_actor(agency: Agency) -> Actor:
    """Return the actor that stands in the journal when a date opens a run."""
    return Actor(
        person_id=0,
        person_key="",
        name="Jadwal",
        agency_id=agency.pk,
        agency_key=agency.public_id,
        title=SCHEDULE_TITLE,
    )


def _refuse_replay(by: Actor, verb: Verb) -> None:
    """Tell a repeated form from one that comes too late. Asked under lock, before the rules."""
    if done_with_token(by.agency_key, by.person_key, by.token, verb):
        raise Replayed(by.token)


def cancel_run(*, run: Run, reason: str, by: Actor, reach: Reach) -> Run:
    """Cancel a run with a reason. Its open items are closed; nothing is deleted."""
    moment = timezone.now()
    with transaction.atomic():
        runs = lock_runs(run)
        run = runs[run.pk]
        _refuse_replay(by, Verb.CANCELLED_RUN)
        refuse_if(run_rules.reasons_not_to_cancel(run, reach, reason))
        WorkItem.objects.filter(run=run, status=WorkItem.Status.OPEN).update(
            status=WorkItem.Status.CANCELLED, done_at=moment, done_by_id=by.person_id, done_title=by.title
        )
        run.status, run.finished_at, run.reason = Run.Status.CANCELLED, moment, reason.strip()
        run.save(update_fields=["status", "finished_at", "reason"])
        opened = Flow(run, runs, moment).wake()  # an earlier revision may stand again
        payload = {"reason": run.reason, "opened": [item.public_id for item in opened]}
        record(by=by, verb=Verb.CANCELLED_RUN, target=run, payload=payload)
    return run


def correct_run(*, run: Run, reason: str, by: Actor, reach: Reach) -> Run:
    """Open a correction of an archived run: a new revision linked to it. The archived one stays as it is."""
    moment = timezone.now()
    with transaction.atomic():
        run = lock_runs(run)[run.pk]  # two corrections at once: one after the other
        _refuse_replay(by, Verb.CORRECTED_RUN)
        refuse_if(run_rules.reasons_not_to_correct(run, reach, reason))
        version = Version.objects.get(definition=run.definition, state=Version.State.PUBLISHED)
        new = Run.objects.create(
            agency=run.agency,
            definition=run.definition,
            version=version,
            stands_for=run.stands_for,
            period=run.period,
            revision=_next_revision(run.agency, run.definition, run.period),
            corrects=run,
            reason=reason.strip(),
            opens_on=moment.astimezone(run_rules.zone_of(run.agency)).date(),
        )
        runs = lock_runs(new)
        _enter_first_step(runs[new.pk], runs, moment)
        record(by=by, verb=Verb.CORRECTED_RUN, target=new, payload={"corrects": run.public_id, "reason": new.reason})
    return runs[new.pk]


def move_run(*, run: Run, version: Version, by: Actor, reach: Reach) -> Run:
    """Move an open run to a newer version of its SOP by stable step key; refused if an open step is gone.

    Open items are due by the new version's times; a step that waited for the other SOP begins when it is free now.
    """
    with transaction.atomic():
        runs = lock_runs(run)
        run = runs[run.pk]
        _refuse_replay(by, Verb.MOVED_RUN)
        # retired since the page was shown?
        version = Version.objects.select_for_update(no_key=True).get(pk=version.pk)
        refuse_if(run_rules.reasons_not_to_move(run, version, reach))
        before, run.version = run.version.public_id, version
        opened = _follow(Flow(run, runs, timezone.now()))
        payload = {"from": before, "to": version.public_id, "opened": [item.public_id for item in opened]}
        record(by=by, verb=Verb.MOVED_RUN, target=run, payload=payload)
    return run


def _follow(flow: Flow) -> list[WorkItem]:
    """Point a run's open items, and the step before which it waits, to its version. Returns what begins now."""
    run = flow.run
    steps = {step.key: step for step in steps_by_key(run.version).values()}
    for item in WorkItem.objects.filter(run=run, status=WorkItem.Status.OPEN).select_related("step"):
        item.step = _same_step(steps, item.step)
        item.due_at = due_at(flow.calendar, item.step, item.opened_at)
        item.save(update_fields=["step", "due_at"])
    if run.waiting_at is not None:
        run.waiting_at = _same_step(steps, run.waiting_at)
    run.save(update_fields=["version", "waiting_at"])
    return flow.resume()


def _same_step(steps: Mapping[str, Step], step: Step) -> Step:
    found = steps.get(step.key)
    if found is None or found.fan_out != step.fan_out:
        raise missing_step(step.key)
    return found


__all__ = ["Refused", "cancel_run", "correct_run", "move_run", "open_due_runs", "open_run", "schedule_year"]
