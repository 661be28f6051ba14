"""What people fill in on a unit's form, as plain values: what a page or the API hands to the actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from capaian.documents.store import Kept


@dataclass(frozen=True)
class ActualEntry:
    """What is reported on a card (row number) for one of its own periods (code). None = nothing reported.

    `data` are raw data by row number of the card's datum; a card that has them takes its value from them.
    """

    card_id: int
    period: str
    value: Decimal | None = None
    letter: str = ""
    data: Mapping[int, Decimal | None] = field(default_factory=dict)
    is_provisional: bool = False
    cause: str = ""
    obstacle: str = ""
    follow_up: str = ""


@dataclass(frozen=True)
class EvidenceEntry:
    """A kept file or a link that proves what is reported on a card for a period; `dated` is the document's day."""

    card_id: int
    period: str
    file: Kept | None = None
    link: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class FormEntry:
    """One saving of a form. Lines that are not named stay as they are; `removed` are public ids of evidence.

    `base` is what stood on the lines when somebody began to fill them in, by card and period.
    """

    actuals: Sequence[ActualEntry] = ()
    evidence: Sequence[EvidenceEntry] = ()
    removed: Sequence[str] = ()
    base: Mapping[tuple[int, str], ActualEntry] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckEntry:
    """How strictly a kind of check is held, and its limit where it has one."""

    severity: str
    limit: Decimal | None = None


@dataclass(frozen=True)
class HistoryEntry:
    """A figure that was reported elsewhere before: card and unit (row numbers), the card's own period, the source."""

    card_id: int
    unit_id: int
    period: str
    value: Decimal
    origin: str


@dataclass(frozen=True)
class WindowEntry:
    """From when to when (last day) the forms of a period may be filled in; None: without that limit."""

    opens_on: date | None = None
    closes_on: date | None = None
