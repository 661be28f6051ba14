"""What people fill in, as plain values: what a page or the API hands to the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from capaian.documents.store import Kept
from capaian.proceedings.models import ChecklistItem, Urgency


@dataclass(frozen=True)
class TaskEntry:
    """A decision or instruction: what, by whom (row number of a position), until when."""

    text: str
    owner_id: int | None = None
    due: date | None = None


@dataclass(frozen=True)
class DispositionEntry:
    """A disposition: `addressee_ids` are row numbers of positions, `asks` keys of `DispositionAsk.Ask`."""

    text: str
    urgency: str = Urgency.ORDINARY.value
    addressee_ids: Sequence[int] = ()
    asks: Sequence[str] = ()
    tasks: Sequence[TaskEntry] = ()


@dataclass(frozen=True)
class OrderEntry:
    """A nota dinas: to whom, copies to whom, how urgent, about what, its text."""

    recipient: str
    subject: str
    body: str
    copies: str = ""
    urgency: str = Urgency.ORDINARY.value


@dataclass(frozen=True)
class MeetingEntry:
    """A meeting: `invited_ids` and `attended_ids` are row numbers of appointments, `note_taker_id` of a person."""

    planned_at: datetime | None = None
    place: str = ""
    agenda: str = ""
    invited_ids: Sequence[int] = ()
    attended_ids: Sequence[int] = ()
    note_taker_id: int | None = None
    guests: str = ""
    discussion: str = ""
    decisions: Sequence[TaskEntry] = ()


@dataclass(frozen=True)
class StageEntry:
    """A stage of a work plan: what, from when to when, by whom (row number of a position), with what result."""

    stage: str
    starts_on: date | None = None
    ends_on: date | None = None
    owner_id: int | None = None
    result: str = ""


@dataclass(frozen=True)
class WorkPlanEntry:
    """A program kerja kegiatan: background with aims, and stages in order."""

    background: str = ""
    stages: Sequence[StageEntry] = ()


@dataclass(frozen=True)
class DocumentEntry:
    """A document of a checklist. `kept` is a file just uploaded, else `file_id` the row number of an earlier one."""

    name: str
    state: str = ChecklistItem.State.UNCHECKED.value
    year_or_version: str = ""
    source: str = ""
    reason: str = ""
    file_id: int | None = None
    kept: Kept | None = None


@dataclass(frozen=True)
class ChecklistEntry:
    """A checklist: the documents that the SOP names and the agency's own, in order."""

    documents: Sequence[DocumentEntry] = ()


@dataclass(frozen=True)
class ReportEntry:
    """The text of a report, section by section; a line is a paragraph."""

    general: str = ""
    activities: str = ""
    results: str = ""
    conclusion: str = ""


Entry = DispositionEntry | OrderEntry | MeetingEntry | WorkPlanEntry | ChecklistEntry | ReportEntry
