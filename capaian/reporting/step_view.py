"""Everything that the page of a step shows: inputs at hand, times, outputs, history, what the person may do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach, calendar_of, holders
from capaian.documents.models import Document
from capaian.journal.reason import Reason
from capaian.periods.lateness import describe_due
from capaian.proceedings.queries import meeting_dues
from capaian.reporting.history import HistoryLine, history_of, items_told
from capaian.sop import step_rules
from capaian.sop.models import Attachment, Step, StepInput, StepReading, Work, WorkItem
from capaian.sop.papers import documents_of, input_documents, time_text
from capaian.sop.published import step_of


@dataclass(frozen=True)
class InputLine:
    """One input of the step: the SOP's words and the papers that serve as it."""

    needed: StepInput
    documents: Sequence[Document]
    origin: str


@dataclass
class StepView:
    """The page of one work item for one person."""

    item: WorkItem
    inputs: list[InputLine]
    papers: list[Document]
    attachments: list[Attachment]
    readings: list[StepReading]
    time: str
    proposed_time: str
    due_text: str
    late: bool
    history: list[HistoryLine]
    opened_next: list[WorkItem]
    task: str = ""  # complete | hand_over | "" (nothing to do for this person)
    why_not: list[Reason] = field(default_factory=list)
    may_attach: bool = False
    may_waive: bool = False
    may_reassign: bool = False
    may_return: bool = False
    who: str = ""
    eligible: list[Person] = field(default_factory=list)  # read for those who may reassign


def step_view(item: WorkItem, reach: Reach, now: datetime) -> StepView:
    """Return what the page of `item` shows to the person of `reach`."""
    step = item.step = step_of(item)
    if step.work == Work.MEETING:
        item.due_at = meeting_dues(reach, [item], calendar_of(reach.agency)).get(item.pk, item.due_at)
    is_open, items = item.status == WorkItem.Status.OPEN, items_told(item.run)
    view = StepView(
        item=item,
        inputs=[_input_line(item, needed) for needed in step.inputs.all()],
        papers=documents_of(item.run, item),
        attachments=list(item.attachments.select_related("file__uploaded_by")),
        readings=list(step.readings.all()),
        time=time_text(step.amount, step.time_unit),
        proposed_time=time_text(step.proposed_amount, step.proposed_time_unit) if step.proposed_amount else "",
        due_text=_due_text(item, reach, now),
        late=bool(item.due_at and (item.done_at or now) > item.due_at),
        history=history_of(item.run, reach.agency.public_id, items, _same_step(item, items)),
        opened_next=[] if is_open else _opened_next(item),
        who=who_completes(item),
    )
    if is_open:
        if any(reach.has(role) for role in step_rules.OVERSEERS):
            view.eligible = eligible(item, reach)
        _set_tasks(view, item, reach)
    return view


def _set_tasks(view: StepView, item: WorkItem, reach: Reach) -> None:
    handing = item.step.work == Work.HAND_OVER and item.performed_at is None
    if handing and not step_rules.reasons_not_to_hand_over(item, reach):
        view.task = "hand_over"
    elif step_rules.may_complete(item, reach):
        view.task = "" if handing else "complete"
    view.why_not = [] if view.task else step_rules.reasons_not_mine(item, reach)
    view.may_attach = not step_rules.reasons_not_to_attach(item, reach)
    view.may_waive = item.unit_id is not None and step_rules.may_oversee_units(item.step, reach)
    is_task = item.step.kind == Step.Kind.TASK
    view.may_return = is_task and bool(item.step.return_targets.all()) and step_rules.may_complete(item, reach)
    view.may_reassign = len(view.eligible) > 1


def _input_line(item: WorkItem, needed: StepInput) -> InputLine:
    if needed.from_step_key == item.step.key:
        return InputLine(needed, [], "Luaran langkah ini")
    fixed = {StepInput.Source.TEMPLATE.value: "Blangko", StepInput.Source.EXTERNAL.value: "Dokumen luar"}
    origin = fixed.get(needed.source, f"Luaran {step_words(needed.from_step_key, needed.from_definition_code)}")
    return InputLine(needed, input_documents(item, needed), origin)


def step_words(key: str, definition_code: str) -> str:
    """Return "langkah 10" or "langkah 10 SOP A": the number is the one printed in the SOP."""
    number = "".join(letter for letter in key if letter.isdigit()).lstrip("0") or key
    return f"langkah {number} SOP {definition_code}" if definition_code else f"langkah {number}"


def _due_text(item: WorkItem, reach: Reach, now: datetime) -> str:
    if item.due_at is None:
        return "SOP tidak menetapkan waktu"
    if item.done_at is not None:
        return (
            "tepat waktu"
            if item.done_at <= item.due_at
            else describe_due(calendar_of(reach.agency), item.due_at, item.done_at)
        )
    return describe_due(calendar_of(reach.agency), item.due_at, now)


def _same_step(item: WorkItem, items: Sequence[WorkItem]) -> list[WorkItem]:
    """Return the visits of an item's step by its unit."""
    place = (item.step.key, item.unit_id)
    return [each for each in items if (each.step.key, each.unit_id) == place]


def _opened_next(item: WorkItem) -> list[WorkItem]:
    """Return what an item opened when it was done, in the other SOP's run too."""
    return list(WorkItem.objects.filter(cause=item).select_related("step", "unit").order_by("pk"))


def who_completes(item: WorkItem) -> str:
    """Return in words who completes an item: "Sekretaris", "Penyampai data Bidang Aptika"."""
    return step_rules.completer_label(item)


def eligible(item: WorkItem, reach: Reach) -> list[Person]:
    """Return the people who may complete an item today, by name."""
    found: dict[int, Person] = {}
    for key in step_rules.completers(item.step):
        for role in step_rules.ROLES[key]:
            unit_id = item.unit_id if role in step_rules.UNIT_ROLES else None
            found |= {person.pk: person for person in holders(reach.agency, role, reach.on, unit_id)}
    return sorted(found.values(), key=lambda person: person.name)
