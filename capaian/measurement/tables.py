"""One table for page, CSV, XLSX and paper: each figure is written once, and every medium shows that text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from capaian.formulas.number_text import format_number
from capaian.formulas.rounding import Exact, rounded

NOTHING: Final = "–"
TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, how wide it is beside the others, and whether figures stand below it."""

    label: str
    width: int = 12
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What people read; `value` is the same number, rounded as written, for media that hold numbers.

    `link` is an address's name with what it names; `tone` the colour of a chip.
    """

    text: str
    value: Exact | None = None
    tone: str = ""
    link: tuple[Any, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return self.text == NOTHING


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings. `key` names the table in an address; `note` is a sentence about how it was made."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def head(self) -> list[str]:
        """The headings."""
        return [column.label for column in self.columns]

    @property
    def labelled(self) -> list[list[tuple[Column, Cell]]]:
        """The rows, each cell with its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    def texts(self) -> list[list[str]]:
        """Return the rows as people read them."""
        return [[cell.text for cell in row] for row in self.rows]


def said(text: str, *, tone: str = "", link: tuple[Any, ...] = ()) -> Cell:
    """Return a cell of words; a dash for none."""
    return Cell(text or NOTHING, None, tone if text else "", link)


def figured(value: Exact | None, places: int | None = TWO, *, tone: str = "", link: tuple[Any, ...] = ()) -> Cell:
    """Return a cell of one number, all its decimals when `places` is None; a dash for none."""
    if value is None:
        return Cell(NOTHING)
    kept = value if places is None else rounded(value, places)
    return Cell(format_number(kept, places), kept, tone, link)


def counted(text: str, values: Sequence[Exact | None]) -> Cell:
    """Return a figure as a worksheet writes it, with the number that this text shows."""
    value = next((each for each in values if each is not None), None)
    shown = None if value is None else figured(value, len(text.partition(",")[2]))
    return shown if shown is not None and shown.text == text else Cell(text)
