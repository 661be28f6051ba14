"""Program kerja kegiatan: what stands in an untouched one, what is taken over from the last, what its paper says."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal, cast

from capaian.periods.working_time import Calendar, NoWorkdayError, deadline
from capaian.proceedings.entries import StageEntry
from capaian.proceedings.models import PlanItem, WorkPlan
from capaian.proceedings.papers import Parts, attached_block, day_text, holder_names, table, text_block
from capaian.proceedings.queries import Seat
from capaian.proceedings.rules import STAGE_LENGTHS
from capaian.sop import step_rules
from capaian.sop.models import Step, StepParty, WorkItem

CLOSING = "Demikian program kerja ini disusun untuk dilaksanakan sebagaimana mestinya."  # goes with the signature


def first_background(item: WorkItem) -> str:
    """Return the usual background and aims of a plan."""
    run = item.run
    name, period = run.definition.name, run.period_value.label
    return (
        f"Program kerja ini disusun untuk melaksanakan {name} periode {period} sesuai arahan rapat pendahuluan.\n"
        "Tujuannya agar setiap tahap mempunyai jadwal, penanggung jawab, dan output yang jelas, "
        "sehingga hasilnya tersedia tepat waktu sebagai bahan Laporan Kinerja."
    )


def first_stages(
    item: WorkItem, steps: Sequence[Step], seats: Sequence[Seat], calendar: Calendar, now: datetime
) -> list[StageEntry]:
    """Return a stage for each later step of the SOP: its standard (else proposed) time from `now` on, who, output."""
    stages = []
    begin = now
    for step in sorted(steps, key=lambda step: step.ordinal):
        if step.ordinal <= item.step.ordinal:
            continue
        days, begin = _days_of(step, calendar, begin)
        stages.append(
            StageEntry(
                stage=step.text[: STAGE_LENGTHS["stage"][1]],
                starts_on=days[0] if days else None,
                ends_on=days[1] if days else None,
                owner_id=_owner(step, seats),
                result=", ".join(output.name for output in step.outputs.all())[: STAGE_LENGTHS["result"][1]],
            )
        )
    return stages


def _days_of(step: Step, calendar: Calendar, begin: datetime) -> tuple[tuple[date, date] | None, datetime]:
    """Return first and last day of a step that begins then, and when it ends; no days in a calendar without work."""
    amount, unit = (
        (step.amount, step.time_unit) if step.amount is not None else (step.proposed_amount, step.proposed_time_unit)
    )
    try:
        opens = calendar.first_workday_on_or_after(calendar.local(begin).date())
        end = deadline(calendar, begin, amount or 0, cast("Literal['minute', 'day']", unit or "minute"))
    except NoWorkdayError:
        return None, begin
    return (opens, max(opens, calendar.local(end).date())), end


def _owner(step: Step, seats: Sequence[Seat]) -> int | None:
    """Return who answers for a stage: who completes the step; for one done by every unit who receives it from them."""
    keys = step_rules.completers(step)
    if step.fan_out == Step.FanOut.UNIT:
        keys = step_rules.parts_of(step)[StepParty.Part.RECEIVES] or keys
    roles = {role for key in keys for role in step_rules.ROLES[key]}
    return next((seat.position.pk for seat in seats if roles & seat.roles), None)


def taken_over(last: WorkPlan, seats: Sequence[Seat], calendar: Calendar, now: datetime) -> list[StageEntry]:
    """Return the stages of an earlier plan from today on: each as many working days after the first as it was then."""
    rows = list(last.stages.order_by("ordinal"))
    starts = [row.starts_on for row in rows if row.starts_on]
    held = {seat.position.pk for seat in seats}
    today = calendar.local(now).date()
    return [
        StageEntry(
            stage=row.stage,
            starts_on=_moved(row.starts_on, starts, today, calendar),
            ends_on=_moved(row.ends_on, starts, today, calendar),
            owner_id=row.owner_id if row.owner_id in held else None,
            result=row.result,
        )
        for row in rows
    ]


def _moved(day: date | None, starts: Sequence[date], today: date, calendar: Calendar) -> date | None:
    if day is None or not starts:
        return None
    try:
        moved = calendar.first_workday_on_or_after(today)
        for _ in range(_workdays_between(min(starts), day, calendar)):
            moved = calendar.next_workday(moved)
    except NoWorkdayError:
        return None
    return moved


def _workdays_between(first: date, last: date, calendar: Calendar) -> int:
    """Return how many working days come after `first` up to `last`."""
    return sum(calendar.is_workday(first + timedelta(days=place)) for place in range(1, (last - first).days + 1))


def plan_parts(row: WorkPlan) -> Parts:
    """Return the program kerja kegiatan: background and aims, stages with schedule, person and output."""
    stages = list(row.stages.order_by("ordinal"))
    names = holder_names(row.item, [stage.owner_id for stage in stages])
    rows = [[stage.stage, _schedule(stage), names.get(stage.owner_id or 0, "–"), stage.result] for stage in stages]
    head = ["Tahap kegiatan", "Jadwal", "Penanggung jawab", "Output"]
    blocks = [
        *text_block("Latar dan tujuan", row.background),
        *table("Tahap, jadwal, penanggung jawab, dan output", head, rows, [6, 4, 4, 4]),
        *attached_block(row.item),
        *text_block("", CLOSING),
    ]
    return {"facts": _facts(row), "blocks": blocks}


def _facts(row: WorkPlan) -> list[list[str]]:
    run = row.item.run
    return [["Kegiatan", run.definition.name], ["Periode", run.period_value.label]]


def _schedule(stage: PlanItem) -> str:
    if stage.starts_on == stage.ends_on:
        return day_text(stage.starts_on)
    return f"{day_text(stage.starts_on)} s.d. {day_text(stage.ends_on)}"
