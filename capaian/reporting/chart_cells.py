"""What is drawn in the performers' cells of a SOP table: lines, arrow heads, words and symbols."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from capaian.reporting import chart_routes as ways

# (half width, half height) of each shape in pixels: arrow heads stop at the edge
SIZES = {"capsule": (26, 13), "box": (25, 13), "stack": (26, 15), "diamond": (28, 17), "pentagon": (10, 11)}


@dataclass(frozen=True)
class Line:
    """A straight line in percent of the cell. `trail`: past when this way has been gone, else ahead."""

    x1: int
    y1: int
    x2: int
    y2: int
    trail: str
    path: int  # which line of the chart it is part of


@dataclass(frozen=True)
class Head:
    """An arrow head: at (x, y) percent, moved by (dx, dy) pixels to the edge of the symbol."""

    x: int
    y: int
    dx: int
    dy: int
    heading: str
    trail: str


@dataclass(frozen=True)
class Label:
    """A word beside a line: at the middle of the cell, moved by (dx, dy) pixels."""

    text: str
    dx: int
    dy: int
    anchor: str


@dataclass(frozen=True)
class Symbol:
    """A shape at (x, 50) percent of the cell."""

    shape: str
    title: str
    state: str = "future"
    text: str = ""
    x: int = ways.MIDDLE


@dataclass(frozen=True)
class Cell:
    """What is drawn in one performer's column of one row."""

    lines: tuple[Line, ...] = ()
    heads: tuple[Head, ...] = ()
    labels: tuple[Label, ...] = ()
    symbols: tuple[Symbol, ...] = ()

    @property
    def title(self) -> str:
        """What the symbols say to those who do not see them."""
        return "; ".join(symbol.title for symbol in self.symbols)


@dataclass
class Draft:
    """A cell in the making."""

    lines: list[Line] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)

    def finished(self) -> Cell:
        """Return the cell; ways already gone are drawn last, on top."""
        lines = sorted(self.lines, key=lambda line: line.trail)
        return Cell(tuple(lines), tuple(self.heads), tuple(self.labels), tuple(self.symbols))


class Grid:
    """The cells of some rows in the making. Coordinates of paths are cut into percent of each cell."""

    def __init__(self, lanes: int, rows: int) -> None:
        self.drafts = [[Draft() for _ in range(lanes)] for _ in range(rows)]

    def add_path(self, points: Iterable[ways.Point], trail: str, number: int) -> None:
        """Add a line, cut at the cells' borders."""
        for piece in ways.cut(tuple(points)):
            line = Line(piece.x1, piece.y1, piece.x2, piece.y2, trail, number)
            self.drafts[piece.row][piece.lane].lines.append(line)

    def add_head(self, point: ways.Point, heading: str, trail: str, shape: str) -> None:
        """Add an arrow head that ends at `point`, moved back to the edge of the symbol that stands there."""
        (lane, x), (row, y) = divmod(point[0], ways.CELL), divmod(point[1], ways.CELL)
        wide, high = SIZES[shape]
        moves = {"down": (0, -high), "up": (0, high), "left": (wide, 0), "right": (-wide, 0)}
        dx, dy = moves[heading]
        self.drafts[row][lane].heads.append(Head(x, y, dx, dy, heading, trail))

    def add_label(self, point: ways.Point, label: Label) -> None:
        """Add a word to the cell in which a line starts."""
        self.drafts[point[1] // ways.CELL][point[0] // ways.CELL].labels.append(label)

    def add_symbol(self, row: int, lane: int, symbol: Symbol) -> None:
        """Add a symbol."""
        self.drafts[row][lane].symbols.append(symbol)

    def rows(self) -> list[tuple[Cell, ...]]:
        """Return the finished cells."""
        return [tuple(draft.finished() for draft in row) for row in self.drafts]
