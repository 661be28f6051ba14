"""Cuts a SOP table into pages; where an arrow crosses, both pages carry an off-page connector of the same letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from string import ascii_uppercase

from capaian.reporting import chart_routes as ways
from capaian.reporting.chart import SHAPE_NAMES, Chart, ChartRow, label_of, symbol_of, trail_of
from capaian.reporting.chart_cells import Cell, Grid, Symbol

SIDE_SLOT = 22  # how far from the lane's edge the pentagon of a return arrow stands


@dataclass(frozen=True)
class ConnectorRow:
    """A row of pentagons at the head or foot of a page, and what it says in words."""

    cells: tuple[Cell, ...]
    text: str


@dataclass(frozen=True)
class ChartPage:
    """One page: connectors from the page before, rows, connectors to the next one."""

    number: int
    total: int
    top: tuple[ConnectorRow, ...]
    rows: tuple[ChartRow, ...]
    bottom: tuple[ConnectorRow, ...]

    @property
    def is_last(self) -> bool:
        """Whether the signature goes here."""
        return self.number == self.total


@dataclass(frozen=True)
class Crossing:
    """A path that crosses from one page to the next: at which x, with which letter, in which connector row."""

    path: int
    boundary: int
    x: int
    letter: str
    row: int

    @property
    def slot(self) -> int:
        """The x of its pentagon."""
        lane, inside = divmod(self.x, ways.CELL)
        side = inside if inside == ways.MIDDLE else SIDE_SLOT if inside < ways.MIDDLE else ways.CELL - SIDE_SLOT
        return lane * ways.CELL + side


def split_pages(chart: Chart, rows_per_page: int = 6) -> tuple[ChartPage, ...]:
    """Cut a chart into pages of about equal length with at most `rows_per_page` steps each."""
    breaks = page_breaks(len(chart.rows), rows_per_page)
    found = find_crossings(chart.paths, breaks[1:-1])
    pages = []
    for number, (first, end) in enumerate(pairwise(breaks), start=1):
        pages.append(draw_page(chart, number, len(breaks) - 1, (first, end), found))
    return tuple(pages)


def page_breaks(rows: int, rows_per_page: int) -> list[int]:
    """Return the first row of each page and the end: [0, 6, 12] for 12 rows of at most 7."""
    pages = max(1, -(-rows // rows_per_page))
    return [rows * page // pages for page in range(pages + 1)]


def find_crossings(paths: Sequence[ways.Path], boundaries: Iterable[int]) -> list[Crossing]:
    """Return the crossings of each boundary (a row number), the nearest to the lane's middle first."""
    found: list[Crossing] = []
    for boundary in boundaries:
        here: list[Crossing] = []
        xs = [(path, crossing_x(there, boundary * ways.CELL)) for path, there in enumerate(paths)]
        crossing = [(path, x) for path, x in xs if x is not None]
        for path, x in sorted(crossing, key=lambda entry: abs(entry[1] % ways.CELL - ways.MIDDLE)):
            new = Crossing(path, boundary, x, connector_name(len(found) + len(here)), 0)
            taken = [other.row for other in here if other.slot == new.slot]
            here.append(replace(new, row=len(taken)))
        found += here
    return found


def crossing_x(path: ways.Path, y: int) -> int | None:
    """Return where a path crosses a boundary, if it does."""
    for (x1, y1), (x2, y2) in ways.segments(path):
        if x1 == x2 and min(y1, y2) <= y < max(y1, y2):
            return x1
    return None


def connector_name(index: int) -> str:
    """Return A, B … Z, then A1, B1 and so on."""
    turn, letter = divmod(index, len(ascii_uppercase))
    return ascii_uppercase[letter] + (str(turn) if turn else "")


def draw_page(chart: Chart, number: int, total: int, rows: tuple[int, int], found: Sequence[Crossing]) -> ChartPage:
    """Draw one page on a grid of its own: connector rows, steps, connector rows."""
    first, end = rows
    above = [crossing for crossing in found if crossing.boundary == first]
    below = [crossing for crossing in found if crossing.boundary == end]
    head, foot = rows_needed(above), rows_needed(below)
    grid = Grid(len(chart.columns), head + end - first + foot)
    shift = (head - first) * ways.CELL
    for path_number, path in enumerate(chart.paths):
        add_path(grid, chart, path_number, clip(path, first, end, shift), (first, end))
    for crossing in above:
        add_connector(grid, chart, crossing, head - 1 - crossing.row, head * ways.CELL)
    for crossing in below:
        start = head + end - first
        add_connector(grid, chart, crossing, start + crossing.row, start * ways.CELL)
    for row, step in enumerate(chart.steps[first:end], start=head):
        for position, lane in enumerate(step.lanes):
            grid.add_symbol(row, lane, symbol_of(step, chart.columns[lane], is_main=position == 0))
    cells = grid.rows()
    own = tuple(replace(row, cells=cells[head + index]) for index, row in enumerate(chart.rows[first:end]))
    top = connector_rows(cells[:head], above, f"Dari halaman {number - 1}", head)
    bottom = connector_rows(cells[head + end - first :], below, f"Ke halaman {number + 1}", 0)
    return ChartPage(number, total, top, own, bottom)


def rows_needed(crossings: Sequence[Crossing]) -> int:
    """Return how many connector rows hold these pentagons side by side."""
    return max((crossing.row + 1 for crossing in crossings), default=0)


def clip(path: ways.Path, first: int, end: int, shift: int) -> list[tuple[ways.Point, ways.Point]]:
    """Return the pieces of a path on the page's rows, moved to the page's grid."""
    low, high = first * ways.CELL, end * ways.CELL
    pieces = []
    for (x1, y1), (x2, y2) in ways.segments(path):
        if (y1 == y2 and not low <= y1 < high) or max(y1, y2) <= low or min(y1, y2) >= high:
            continue
        start, stop = (min(max(y, low), high) + shift for y in (y1, y2))
        pieces.append(((x1, start), (x2, stop)))
    return pieces


def add_path(
    grid: Grid, chart: Chart, number: int, pieces: Sequence[tuple[ways.Point, ways.Point]], rows: tuple[int, int]
) -> None:
    """Add what a page shows of a path: its pieces, its head if the target is here, its word if the source is."""
    path, (first, end) = chart.paths[number], rows
    trail = trail_of(path, chart.steps)
    for piece in pieces:
        grid.add_path(piece, trail, number)
    if path.heading and first <= path.target < end:
        grid.add_head(pieces[-1][1], path.heading, trail, chart.steps[path.target].shape)
    label = label_of(path, chart.steps[path.source])
    if label and first <= path.source < end:
        grid.add_label(pieces[0][0], label)


def add_connector(grid: Grid, chart: Chart, crossing: Crossing, row: int, border: int) -> None:
    """Add a pentagon and the line between it and the page's steps; the head where the arrow leaves the page."""
    path = chart.paths[crossing.path]
    trail = trail_of(path, chart.steps)
    middle = row * ways.CELL + ways.MIDDLE
    is_foot = border <= row * ways.CELL
    turn = row * ways.CELL + (ways.APPROACH if is_foot else ways.CELL - ways.APPROACH)
    points = ways.tidy(((crossing.x, border), (crossing.x, turn), (crossing.slot, turn), (crossing.slot, middle)))
    grid.add_path(points, trail, crossing.path)
    leaves = is_foot != path.is_return
    if leaves:
        grid.add_head((crossing.slot, middle), "down" if is_foot else "up", trail, "pentagon")
    lane, x = divmod(crossing.slot, ways.CELL)
    title = f"{SHAPE_NAMES['pentagon']} {crossing.letter}"
    grid.add_symbol(row, lane, Symbol("pentagon", title, text=crossing.letter, x=x))


def connector_rows(
    cells: Sequence[tuple[Cell, ...]], crossings: Sequence[Crossing], words: str, head: int
) -> tuple[ConnectorRow, ...]:
    """Give each connector row its words: "Ke halaman 2: A, B". `head` is 0 at the foot of a page."""
    rows = []
    for index, row in enumerate(cells):
        number = head - 1 - index if head else index
        letters = sorted(crossing.letter for crossing in crossings if crossing.row == number)
        rows.append(ConnectorRow(row, f"{words}: {', '.join(letters)}"))
    return tuple(rows)
