"""Puts together what two people filled in at the same time: by field, and only a clash of both is asked about.

Three readings of a line meet: the base from which somebody started, what stands by now, and what is given. A field
that was not touched keeps what stands; a field that stands as it was at the start takes what is given; a field that
both changed, to different things, is a clash and keeps what stands until a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capaian.collection.consolidation import has_formula
from capaian.collection.entries import ActualEntry
from capaian.collection.sheets import Line

FIELDS = ("value", "letter", "is_provisional", "cause", "obstacle", "follow_up")
TEXTS = frozenset({"cause", "obstacle", "follow_up"})
#: Before the row number of a raw datum in a field's name.
DATUM = "data:"

Content = Decimal | str | bool | None


@dataclass(frozen=True)
class Clash:
    """One field that both changed: at the start, as it stands now (and who entered that), as it was given."""

    card_id: int
    period: str
    field: str
    base: Content
    stands: Content
    given: Content
    by: str = ""

    @property
    def datum_id(self) -> int | None:
        """The raw datum that the field is of, None for the other fields."""
        return int(self.field.removeprefix(DATUM)) if self.field.startswith(DATUM) else None


@dataclass(frozen=True)
class Merged:
    """A line put together, and the fields on which somebody has to decide."""

    entry: ActualEntry
    clashes: Sequence[Clash]


def entry_of(line: Line) -> ActualEntry:
    """Return what stands on a line as an entry; an empty one where nothing stands. Reads `data.all()`."""
    card, row = line.card, line.actual
    stands = {datum.datum_id: datum.value for datum in row.data.all()} if row else {}
    data = {datum.pk: stands.get(datum.pk) for datum in card.data.all()}
    if row is None:
        return ActualEntry(card.pk, line.period.code, data=data)
    return ActualEntry(
        card.pk,
        line.period.code,
        value=None if has_formula(card) else row.value,
        letter=row.letter,
        data=data,
        is_provisional=row.is_provisional,
        cause=row.cause,
        obstacle=row.obstacle,
        follow_up=row.follow_up,
    )


def merge(base: ActualEntry, stands: ActualEntry, given: ActualEntry) -> Merged:
    """Return a line with what was given laid over what stands, and its clashes. All three are of the same line."""
    taken: dict[str, Content] = {}
    clashes = []
    for name in (*FIELDS, *(f"{DATUM}{pk}" for pk in stands.data)):
        was, now, new = _content(base, name), _content(stands, name), _content(given, name)
        if new in {was, now}:
            continue
        if now == was:
            taken[name] = new
        else:
            clashes.append(Clash(given.card_id, given.period, name, was, now, new))
    return Merged(laid(stands, taken), clashes)


def laid(stands: ActualEntry, taken: dict[str, Content]) -> ActualEntry:
    """Return an entry with some fields, by name, laid over it."""
    data = {pk: taken.get(f"{DATUM}{pk}", value) for pk, value in stands.data.items()}
    plain = {name: content for name, content in taken.items() if not name.startswith(DATUM)}
    return replace(stands, data=data, **plain)  # type: ignore[arg-type]  # contents by their fields' names


def _content(entry: ActualEntry, name: str) -> Content:
    if name.startswith(DATUM):
        return entry.data.get(int(name.removeprefix(DATUM)))
    content: Content = getattr(entry, name)
    # browsers send line ends of their own
    return "\n".join(str(content).split("\r\n")).strip() if name in TEXTS else content
