"""What people fill in, as plain values: what a page or the API hands to the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from capaian.proceedings.models import Urgency


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


Entry = DispositionEntry | OrderEntry
