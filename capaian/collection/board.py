"""Who has not filled in: units by indicators of a round, each cell with its state, each unit with its last deed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from capaian.agencies.queries import Reach, calendar_of
from capaian.collection import checks, follow_queries, follow_rules
from capaian.collection.models import Reminder, UnitForm
from capaian.collection.queries import Standing
from capaian.collection.round_sheets import UnitSheet, sheets
from capaian.collection.sheets import Block, Line
from capaian.periods.lateness import describe_due
from capaian.periods.reminding import days_text, workdays_left
from capaian.planning.models import Card
from capaian.sop.models import Run


class CellState(StrEnum):
    """How an indicator stands on a unit's form, the most urgent first."""

    EMPTY = "empty"
    UNREAD = "unread"
    EXPLAIN = "explain"
    EXCUSED = "excused"
    FILLED = "filled"
    NOT_DUE = "not_due"

    @property
    def label(self) -> str:
        """The state in words."""
        return LABELS[self]


LABELS = {
    CellState.EMPTY: "Belum diisi",
    CellState.UNREAD: "Belum terbaca",
    CellState.EXPLAIN: "Perlu alasan",
    CellState.EXCUSED: "Tanpa angka, beralasan",
    CellState.FILLED: "Terisi",
    CellState.NOT_DUE: "Tidak jatuh tempo",
}
STATES = {state.value for state in CellState}
DEEDS = {"submitted": "disampaikan", "saved": "disimpan", "received": "diterima", "distributed": "dibagikan"}


def state_of_line(line: Line) -> CellState:
    """Return how a line stands: what is written but makes no figure is unread."""
    told = line.reported
    if told.is_missing:
        if any(value is not None for value in (told.data or {}).values()):
            return CellState.UNREAD
        return CellState.EXCUSED if line.actual and line.actual.obstacle.strip() else CellState.EMPTY
    return CellState.EXPLAIN if line.is_open and checks.reasons_about(line, "") else CellState.FILLED


def state_of_block(block: Block) -> CellState:
    """Return how an indicator stands: as the most urgent of its periods."""
    order = list(CellState)
    return min((state_of_line(line) for line in block.lines), key=order.index)


@dataclass(frozen=True)
class Cell:
    """An indicator of a unit."""

    card: Card
    place: int  # its number on the unit's form; 0 for one that is not due
    state: CellState

    @property
    def label(self) -> str:
        """What the cell says, to be read aloud."""
        return f"{self.card.name}: {self.state.label.lower()}"


@dataclass(frozen=True)
class UnitRow:
    """A unit on the board."""

    standing: Standing
    cells: Sequence[Cell]
    due_at: datetime | None
    due_on: date | None
    left: str  # "sisa 3 hari kerja", "" where nothing is waited for
    time: str  # the same to the minute
    late: bool
    reminded: Reminder | None

    @cached_property
    def counts(self) -> Counter[CellState]:
        """How many indicators stand how."""
        return Counter(cell.state for cell in self.cells)

    @property
    def due_cells(self) -> int:
        """How many indicators are asked for."""
        return len(self.cells) - self.counts[CellState.NOT_DUE]

    @property
    def filled(self) -> int:
        """How many of them say something that can be submitted."""
        return self.counts[CellState.FILLED] + self.counts[CellState.EXCUSED]

    @property
    def last(self) -> tuple[str, str, datetime] | None:
        """What was done last with the form, by whom and when."""
        return last_deed(self.standing.form)


def last_deed(form: UnitForm | None) -> tuple[str, str, datetime] | None:
    """Return the newest deed on a form: word, person, moment."""
    found = [
        (word, getattr(form, f"{name}_by").name, at)
        for name, word in DEEDS.items()
        if form is not None and (at := getattr(form, f"{name}_at")) is not None
    ]
    return max(found, key=lambda deed: deed[2], default=None)


@dataclass(frozen=True)
class Board:
    """The units of a run, chosen ones of them, with totals over all."""

    rows: Sequence[UnitRow]
    all_rows: Sequence[UnitRow]
    may_remind: bool

    @cached_property
    def missing(self) -> int:
        """How many units the run still waits for."""
        return sum(row.standing.is_missing for row in self.all_rows)

    @cached_property
    def totals(self) -> list[tuple[CellState, int]]:
        """How many indicators of all units stand how; states that nobody has are left out."""
        counted = sum((row.counts for row in self.all_rows), Counter[CellState]())
        return [(state, counted[state]) for state in CellState if counted[state]]


def board(reach: Reach, run: Run, now: datetime, *, state: str = "", unit: str = "") -> Board:
    """Return the board of a run; `state` leaves the cells of one state, `unit` (public id) one unit.

    `state` "waited" leaves the units that have not submitted. A constant number of queries.
    """
    found = sheets(reach, run)
    calendar = calendar_of(reach.agency)
    items = [each.standing.item for each in found if each.standing.is_missing and each.standing.item]
    days = follow_queries.due_days(reach.agency, items)
    last = follow_queries.last_reminders(run)

    def row(each: UnitSheet) -> UnitRow:
        item = each.standing.item if each.standing.is_missing else None
        due_on = days.get(item.pk) if item else None
        due_at = item.due_at if item else None
        return UnitRow(
            each.standing,
            _cells(each),
            due_at,
            due_on,
            days_text(workdays_left(calendar, reach.on, due_on)) if due_on else "",
            describe_due(calendar, due_at, now) if due_at else "",
            due_at is not None and now > due_at,
            last.get(each.standing.unit.pk),
        )

    rows = [row(each) for each in found]
    return Board(_chosen(rows, state, unit), rows, not follow_rules.reasons_not_to_ask(run, reach))


def _cells(each: UnitSheet) -> list[Cell]:
    due = [Cell(block.card, place, state_of_block(block)) for place, block in enumerate(each.sheet.blocks, start=1)]
    return due + [Cell(card, 0, CellState.NOT_DUE) for card in each.not_due]


def _chosen(rows: Sequence[UnitRow], state: str, unit: str) -> list[UnitRow]:
    kept = [row for row in rows if not unit or row.standing.unit.public_id == unit]
    if state == "waited":
        return [row for row in kept if row.standing.is_missing]
    if state in STATES:
        return [row for row in kept if row.counts[CellState(state)]]
    return kept


def shown_cells(rows: Sequence[UnitRow], state: str) -> Mapping[int, Sequence[Cell]]:
    """Return the cells to show of each unit, by its row number: all, or those of one state."""
    wanted = CellState(state) if state in STATES else None
    return {
        row.standing.unit.pk: [cell for cell in row.cells if wanted is None or cell.state == wanted] for row in rows
    }
