"""Tables in batches; cells that cannot be read, named as a spreadsheet names them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

MOST_NAMED: Final = 20
BATCH: Final = 2000
Batch = tuple[int, list[list[str]]]  # the number of its first row, and its rows


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell: its row and column (both from 1), its heading, and an Indonesian sentence."""

    row: int
    column: int
    heading: str
    text: str

    def below(self, rows: int) -> "CellProblem":
        """The same cell when `rows` rows stand above the part it was counted in."""
        return replace(self, row=self.row + rows)

    def __str__(self) -> str:
        heading = f" ({self.heading})" if self.heading else ""
        return f"{address(self.row, self.column)}{heading}: {self.text}"


@dataclass(slots=True)
class Notes:
    """What a source noticed on the way: cells that no reading can save, and remarks for the summary.

    `formulas` holds the cells with a formula that has a saved value, by row and column (from 1), with the kind of that
    value as the file says it: `n`, `str`, `b`, `e`. `errors` are the cells that show an error, `merged` merged areas.
    """

    problems: list[CellProblem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: set[tuple[int, int]] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)


class UnreadableTable(Exception):
    """The table cannot be read; nothing is written. Carries sentences, one a line."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def unreadable_cells(problems: Sequence[CellProblem], total: int, *, more: bool = False) -> UnreadableTable:
    """The refusal that names the first cells and counts the rest; `more`: reading stopped before the end."""
    named = [str(problem) for problem in sorted(problems, key=lambda each: (each.row, each.column))[:MOST_NAMED]]
    rest = total - len(named)
    others = [f"… dan {'sedikitnya ' if more else ''}{rest} sel lain."] if rest else []
    count = f"Sedikitnya {total}" if more else f"{total}"
    return UnreadableTable(f"{count} sel tidak dapat dibaca; tidak ada yang ditulis.", *named, *others)


def address(row: int, column: int) -> str:
    """`D5` for row 5, column 4."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
