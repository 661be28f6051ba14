"""The page of a run: the live SOP table, what is open now, who is missing, the papers, the history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from capaian.agencies.queries import Reach, calendar_of
from capaian.periods.lateness import describe_due
from capaian.periods.working_time import Calendar
from capaian.reporting.board import RunCard, cards_of
from capaian.reporting.chart import Badge, Chart, ChartStep, Reading, ReturnArrow, StatusLine, draw_chart
from capaian.reporting.history import HistoryLine, history_of
from capaian.sop import run_rules, step_rules
from capaian.sop.models import Paper, PartyKey, Role, Run, Step, StepParty, Version, WorkItem
from capaian.sop.papers import moment_text, papers_of, time_text
from capaian.sop.queries import run_items, steps_of


@dataclass
class RunView:
    """What the page of a run shows to one person."""

    run: Run
    card: RunCard
    chart: Chart
    open_items: list[WorkItem]
    papers: list[Paper]
    history: list[HistoryLine]
    waiting_text: str
    returnable: list[Step]
    units: list[str]


def run_view(run: Run, reach: Reach, now: datetime) -> RunView:
    """Return everything the page of `run` shows; a constant number of queries."""
    steps = list(steps_of(run.version))
    items = list(run_items(run))
    calendar = calendar_of(reach.agency)
    return RunView(
        run=run,
        card=cards_of([run], now)[run.pk],
        chart=live_chart(run, steps, items, calendar, now),
        open_items=[item for item in items if item.status == WorkItem.Status.OPEN],
        papers=papers_of(run),
        history=history_of(run, reach.agency.public_id),
        waiting_text=waiting_text(run),
        returnable=returnable(run, steps, items, reach),
        units=[row.unit.name for row in run.run_units.select_related("unit").order_by("unit_id")],
    )


def returnable(run: Run, steps: Sequence[Step], items: Sequence[WorkItem], reach: Reach) -> list[Step]:
    """Return the steps from which this person may send work back now, decisions apart."""
    if run.status != Run.Status.OPEN:
        return []
    open_keys = {item.step.key for item in items if item.status == WorkItem.Status.OPEN}
    done_units = {item.step.key for item in items if item.unit_id and item.status == WorkItem.Status.DONE}
    found = []
    for step in steps:
        targets = list(step.return_targets.all())
        if step.kind == Step.Kind.DECISION or not targets:
            continue
        early = any(row.per_unit and row.target.key in open_keys & done_units for row in targets)
        if (step.key in open_keys or early) and step_rules.held_as(reach, step_rules.completers(step), None):
            found.append(step)
    return found


def waiting_text(run: Run) -> str:
    """Say what a run waits for, when it waits."""
    if run.waiting_at is None or run.status != Run.Status.OPEN:
        return ""
    waits = ", ".join(
        f"langkah {int(''.join(c for c in wait.step_key if c.isdigit()))} SOP {wait.definition_code}" for wait in run.waiting_at.waits.all()
    )
    return f"Langkah {run.waiting_at.ordinal} menunggu {waits} untuk periode yang sama."


def plain_chart(version: Version) -> Chart:
    """Return the table of a version as published, with nothing running."""
    steps = list(steps_of(version))
    return draw_chart(_columns(version), [_chart_step(step, version, steps) for step in steps])


def _columns(version: Version) -> list[str]:
    return [role.label for role in _column_roles(version)]


def _column_roles(version: Version) -> list[Role]:
    return list(version.roles.filter(ordinal__isnull=False).order_by("ordinal"))


def live_chart(run: Run, steps: Sequence[Step], items: Sequence[WorkItem], calendar: Calendar, now: datetime) -> Chart:
    """Return the live table of a run."""
    by_step: dict[str, list[WorkItem]] = defaultdict(list)
    for item in items:
        by_step[item.step.key].append(item)
    roles = _column_roles(run.version)
    rows = [_live_step(run, step, by_step[step.key], steps, roles, calendar, now) for step in steps]
    return draw_chart([role.label for role in roles], rows)


def _chart_step(step: Step, version: Version, steps: Sequence[Step], roles: Sequence[Role] | None = None, **live: object) -> ChartStep:
    roles = roles if roles is not None else _column_roles(version)
    decision = step.kind == Step.Kind.DECISION
    kind = "start" if step is steps[0] else "end" if step.next_yes_id is None else "decision" if decision else "task"
    returns = tuple(
        ReturnArrow(row.target.key, "Tidak", row.is_default) for row in sorted(step.return_targets.all(), key=lambda r: r.target.ordinal)
    )
    return ChartStep(
        key=step.key,
        number=str(step.ordinal),
        text=step.text,
        lanes=_lanes(step, roles),
        kind=kind,
        stacked=step.fan_out == Step.FanOut.UNIT,
        returns=returns if decision else (),
        inputs=tuple(row.name for row in step.inputs.all() if row.is_printed),
        time=step.time_printed or time_text(step.amount, step.time_unit),
        proposed_time=time_text(step.proposed_amount, step.proposed_time_unit) if step.proposed_amount else "",
        outputs=tuple(row.name for row in step.outputs.all() if row.is_printed),
        note=step.note,
        readings=tuple(Reading(row.subject, row.text, row.basis) for row in step.readings.all()),
        **live,  # type: ignore[arg-type]
    )


def _lanes(step: Step, roles: Sequence[Role]) -> tuple[int, ...]:
    """The columns of a step's performers. The submitter has no column: his unit's stands for him."""
    place = {role.key: index for index, role in enumerate(roles)}
    performs = [party.role.key for party in step.parties.all() if party.part == StepParty.Part.PERFORMS]
    lanes = sorted({place[key] for key in performs if key in place})
    return tuple(lanes) or (place.get(PartyKey.UNIT, 0),)


def _live_step(
    run: Run, step: Step, items: Sequence[WorkItem], steps: Sequence[Step], roles: Sequence[Role], calendar: Calendar, now: datetime
) -> ChartStep:
    current = [item for item in items if item.status == WorkItem.Status.OPEN]
    latest = _latest(items)
    done = [item for item in latest if item.status == WorkItem.Status.DONE and item.decision != WorkItem.Decision.NO]
    state = "now" if current else "waiting" if run.waiting_at_id == step.pk and run.status == Run.Status.OPEN else "future"
    if not current and latest and len(done) + sum(item.waived for item in latest) == len(latest):
        state = "done"
    returned = sum(bool(item.return_note) for item in items)
    badges = (Badge("warning", f"Dikembalikan {returned}×"),) if returned else ()
    shown = current[0] if current else latest[-1] if latest else None
    return _chart_step(
        step,
        run.version,
        steps,
        roles,
        state=state,
        badges=badges,
        symbol_text=f"{len(latest) - len(current)}/{len(latest)}" if step.fan_out == Step.FanOut.UNIT and latest else "",
        status_lines=tuple(_status(run, current, latest, calendar, now)),
        url=f"/langkah/{shown.public_id}/" if shown is not None else "",
    )


def _latest(items: Sequence[WorkItem]) -> list[WorkItem]:
    """The newest item of each unit (or of the step), superseded ones left out."""
    newest: dict[int | None, WorkItem] = {}
    for item in items:
        if item.status != WorkItem.Status.SUPERSEDED:
            newest[item.unit_id] = item
    return list(newest.values())


def _status(
    run: Run, current: Sequence[WorkItem], latest: Sequence[WorkItem], calendar: Calendar, now: datetime
) -> list[StatusLine]:
    if current:
        return _status_now(run, current, latest, calendar, now)
    finished = [item for item in latest if item.status == WorkItem.Status.DONE and item.done_at]
    if not finished:
        return []
    last = max(finished, key=lambda item: item.done_at or now)
    who = last.done_by.name if last.done_by and len(finished) == 1 else f"{len(finished)} unit"
    late = [item for item in finished if item.due_at and item.done_at and item.done_at > item.due_at]
    timing = "" if last.due_at is None else " – terlambat" if late else " – tepat waktu"
    lines = [StatusLine("danger" if late else "success", f"Selesai {moment_text(run.agency, last.done_at or now)} oleh {who}{timing}")]
    waived = [item.unit.name for item in latest if item.waived and item.unit]
    if waived:
        lines.append(StatusLine("warning", f"Dikecualikan: {', '.join(waived)}"))
    return lines


def _status_now(
    run: Run, current: Sequence[WorkItem], latest: Sequence[WorkItem], calendar: Calendar, now: datetime
) -> list[StatusLine]:
    due = min((item.due_at for item in current if item.due_at), default=None)
    if due is None:
        lines = [StatusLine("warning", "Sedang berjalan – SOP tidak menetapkan waktu")]
    else:
        tone = "danger" if now > due else "warning"
        lines = [StatusLine(tone, f"Sedang berjalan – batas {moment_text(run.agency, due)} ({describe_due(calendar, due, now)})")]
    missing = [item.unit.name for item in current if item.unit]
    if missing:
        lines.append(StatusLine("warning", f"{len(latest) - len(missing)} dari {len(latest)} selesai; belum: {', '.join(missing)}"))
    notes = {item.return_note for item in current if item.return_note}
    return lines + [StatusLine("warning", f"Catatan pengembalian: {note}") for note in sorted(notes)]


def newer_version(run: Run, reach: Reach) -> Version | None:
    """Return the version in force when this person may move the run to it, else None."""
    version = Version.objects.filter(definition_id=run.definition_id, state=Version.State.PUBLISHED).first()
    if version is None or run_rules.reasons_not_to_move(run, version, reach):
        return None
    return version
