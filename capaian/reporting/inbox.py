"""What must this person do now."""

from dataclasses import dataclass
from datetime import datetime

from capaian.agencies.queries import Reach, calendar_of
from capaian.periods.lateness import describe_due
from capaian.sop import step_rules
from capaian.sop.models import Work, WorkItem
from capaian.sop.queries import my_items

COMPLETE, HAND_OVER, ASSIST = "complete", "hand_over", "assist"
LABELS = {COMPLETE: "Kerjakan", HAND_OVER: "Sampaikan", ASSIST: "Bantu"}


@dataclass(frozen=True)
class InboxRow:
    """One line of the inbox. `task` is what the person does with it: complete, hand over or assist."""

    item: WorkItem
    task: str
    due_text: str
    late: bool

    @property
    def label(self) -> str:
        """The word on the button."""
        return LABELS[self.task]


def inbox(reach: Reach, now: datetime) -> list[InboxRow]:
    """Return the person's open work, dated work first in order of its due time, then the rest."""
    found = list(my_items(reach))
    if not found:
        return []
    calendar = calendar_of(reach.agency)
    rows = []
    for item in found:
        text = describe_due(calendar, item.due_at, now) if item.due_at else "SOP tidak menetapkan waktu"
        late = item.due_at is not None and now > item.due_at
        rows.append(InboxRow(item, _task(item, reach), text, late))
    return sorted(
        rows, key=lambda row: (row.task == ASSIST, row.item.due_at is None, row.item.due_at or now, row.item.pk)
    )


def _task(item: WorkItem, reach: Reach) -> str:
    if item.step.work == Work.HAND_OVER and item.performed_at is None:
        return HAND_OVER
    return COMPLETE if step_rules.may_complete(item, reach) else ASSIST
