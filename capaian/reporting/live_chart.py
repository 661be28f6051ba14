"""The SOP table of a version, and the live one of a run: what is done, what is open, who is missing, how late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from capaian.periods.lateness import describe_due
from capaian.periods.working_time import Calendar
from capaian.reporting.chart import Badge, Chart, ChartStep, Reading, ReturnArrow, StatusLine, draw_chart
from capaian.sop.models import PartyKey, Role, Run, Step, StepParty, Version, WorkItem
from capaian.sop.papers import moment_text, time_text
from capaian.sop.queries import steps_of


def column_roles(version: Version) -> list[Role]:
    """Return the pelaksana columns of a version in order."""
    return list(version.roles.filter(ordinal__isnull=False).order_by("ordinal"))


def plain_chart(version: Version) -> Chart:
    """Return the table of a version as published, with nothing running."""
    steps, roles = list(steps_of(version)), column_roles(version)
    return draw_chart([role.label for role in roles], [plain_step(step, steps[0], roles) for step in steps])


def plain_step(step: Step, first: Step, roles: Sequence[Role], **live: object) -> ChartStep:
    """Return one row as published; `live` adds what a run knows of it."""
    decision = step.kind == Step.Kind.DECISION
    kind = "start" if step.pk == first.pk else "end" if step.next_yes_id is None else "decision" if decision else "task"
    targets = sorted(step.return_targets.all(), key=lambda row: row.target.ordinal)
    returns = tuple(ReturnArrow(row.target.key, "Tidak", row.is_default) for row in targets)
    return ChartStep(
        key=step.key,
        number=str(step.ordinal),
        text=step.text,
        lanes=lanes_of(step, roles),
        kind=kind,
        stacked=step.fan_out == Step.FanOut.UNIT,
        returns=returns if decision else (),  # the SOP draws an arrow back only from its decisions
        inputs=tuple(row.name for row in step.inputs.all() if row.is_printed),
        time=step.time_printed or time_text(step.amount, step.time_unit),
        proposed_time=time_text(step.proposed_amount, step.proposed_time_unit) if step.proposed_amount else "",
        outputs=tuple(row.name for row in step.outputs.all() if row.is_printed),
        note=step.note,
        readings=tuple(Reading(row.subject, row.text, row.basis) for row in step.readings.all()),
        **live,  # type: ignore[arg-type]
    )


def lanes_of(step: Step, roles: Sequence[Role]) -> tuple[int, ...]:
    """Return the columns of a step's performers; a submitter has no column, his unit's stands for him."""
    place = {role.key: index for index, role in enumerate(roles)}
    performs = [party.role.key for party in step.parties.all() if party.part == StepParty.Part.PERFORMS]
    lanes = sorted({place[key] for key in performs if key in place})
    return tuple(lanes) or (place.get(PartyKey.UNIT, 0),)


@dataclass(frozen=True)
class LiveTable:
    """The table of one run at one moment; `items` in the order they were opened."""

    run: Run
    steps: Sequence[Step]
    roles: Sequence[Role]
    items: Sequence[WorkItem]
    calendar: Calendar
    now: datetime

    def draw(self) -> Chart:
        """Return the chart."""
        return draw_chart([role.label for role in self.roles], [self._row(step) for step in self.steps])

    @property
    def front(self) -> int:
        """Ordinal of the first step that is open or waited for; what was done after it will be done again."""
        ordinals = [item.step.ordinal for item in self.items if item.status == WorkItem.Status.OPEN]
        if self.run.waiting_at is not None:
            ordinals.append(self.run.waiting_at.ordinal)
        return min(ordinals, default=self.steps[-1].ordinal + 1)

    def _row(self, step: Step) -> ChartStep:
        items = [item for item in self.items if item.step.key == step.key]
        current, latest = [item for item in items if item.status == WorkItem.Status.OPEN], newest(items)
        returned = sum(bool(item.return_note) for item in items)
        shown = current[0] if current else latest[-1] if latest else None
        per_unit = step.fan_out == Step.FanOut.UNIT and bool(latest)
        return plain_step(
            step,
            self.steps[0],
            self.roles,
            state=self._state(step, current, latest),
            badges=(Badge("warning", f"Dikembalikan {returned}×"),) if returned else (),
            symbol_text=f"{len(latest) - len(current)}/{len(latest)}" if per_unit else "",
            status_lines=tuple(self._status(step, current, latest)),
            url=reverse("step", kwargs={"key": shown.public_id}) if shown else "",
        )

    def _state(self, step: Step, current: Sequence[WorkItem], latest: Sequence[WorkItem]) -> str:
        if current:
            return "now"
        if self.run.waiting_at_id == step.pk and self.run.status == Run.Status.OPEN:
            return "waiting"
        closed = [item for item in latest if item.waived or item.status == WorkItem.Status.DONE]
        agreed = all(item.decision != WorkItem.Decision.NO for item in latest)
        is_done = bool(latest) and len(closed) == len(latest) and agreed and step.ordinal < self.front
        return "done" if is_done else "future"

    def _status(self, step: Step, current: Sequence[WorkItem], latest: Sequence[WorkItem]) -> list[StatusLine]:
        if current:
            return self._status_now(current, latest)
        finished = [item for item in latest if item.status == WorkItem.Status.DONE and item.done_at]
        if not finished:
            return []
        last = max(finished, key=lambda item: item.done_at or self.now)
        at = moment_text(self.run.agency, last.done_at or self.now)
        if step.ordinal > self.front:
            return [StatusLine("neutral", f"Kunjungan sebelumnya selesai {at}; dikerjakan lagi")]
        who = last.done_by.name if last.done_by and len(finished) == 1 else f"{len(finished)} unit"
        late = any(item.due_at and item.done_at and item.done_at > item.due_at for item in finished)
        timing = "" if last.due_at is None else " – terlambat" if late else " – tepat waktu"
        lines = [StatusLine("danger" if late else "success", f"Selesai {at} oleh {who}{timing}")]
        waived = ", ".join(item.unit.name for item in latest if item.waived and item.unit)
        return [*lines, StatusLine("warning", f"Dikecualikan: {waived}")] if waived else lines

    def _status_now(self, current: Sequence[WorkItem], latest: Sequence[WorkItem]) -> list[StatusLine]:
        due = min((item.due_at for item in current if item.due_at), default=None)
        if due is None:
            lines = [StatusLine("warning", "Sedang berjalan – SOP tidak menetapkan waktu")]
        else:
            left = describe_due(self.calendar, due, self.now)
            text = f"Sedang berjalan – batas {moment_text(self.run.agency, due)} ({left})"
            lines = [StatusLine("danger" if self.now > due else "warning", text)]
        missing = [item.unit.name for item in current if item.unit]
        if missing:
            counted = f"{len(latest) - len(missing)} dari {len(latest)} selesai"
            lines.append(StatusLine("warning", f"{counted}; belum: {', '.join(missing)}"))
        notes = sorted({item.return_note for item in current if item.return_note})
        return lines + [StatusLine("warning", f"Catatan pengembalian: {note}") for note in notes]


def newest(items: Sequence[WorkItem]) -> list[WorkItem]:
    """Return the newest item of each unit (or of the step), superseded ones left out."""
    found: dict[int | None, WorkItem] = {}
    for item in items:
        if item.status != WorkItem.Status.SUPERSEDED:
            found[item.unit_id] = item
    return list(found.values())
