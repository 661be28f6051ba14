"""What must this person do now."""

from dataclasses import dataclass
from datetime import datetime

from capaian.agencies.queries import Reach, calendar_of
from capaian.periods.lateness import describe_due
from capaian.proceedings.models import FollowUp
from capaian.proceedings.queries import meeting_dues, my_follow_ups
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
    dues = meeting_dues(reach, found, calendar)
    rows = []
    for item in found:
        item.due_at = dues.get(item.pk, item.due_at)
        text = describe_due(calendar, item.due_at, now) if item.due_at else "SOP tidak menetapkan waktu"
        late = item.due_at is not None and now > item.due_at
        rows.append(InboxRow(item, _task(item, reach), text, late))
    return sorted(
        rows, key=lambda row: (row.task == ASSIST, row.item.due_at is None, row.item.due_at or now, row.item.pk)
    )


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up in the inbox: what came of a decision or a disposition."""

    follow_up: FollowUp
    due_text: str
    late: bool


def follow_up_inbox(reach: Reach) -> list[FollowUpRow]:
    """Return the open follow-ups of the positions that the person holds, the most urgent first."""
    return [_follow_up_row(row, reach) for row in my_follow_ups(reach)]


def _follow_up_row(row: FollowUp, reach: Reach) -> FollowUpRow:
    if row.due is None:
        return FollowUpRow(row, "tanpa batas waktu", late=False)
    days = (row.due - reach.on).days
    if days < 0:
        return FollowUpRow(row, f"terlambat {-days} hari", late=True)
    return FollowUpRow(row, f"sisa {days} hari" if days else "hari ini", late=False)


def _task(item: WorkItem, reach: Reach) -> str:
    if item.step.work == Work.HAND_OVER and item.performed_at is None:
        return HAND_OVER
    return COMPLETE if step_rules.may_complete(item, reach) else ASSIST
