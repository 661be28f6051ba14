"""Where the arrows of a SOP table run. Pure geometry on a grid in which every cell is 100 wide and 100 high.

A point is (x, y): x // 100 is the lane, y // 100 the row, the rest a percentage inside that cell.
Symbols stand in the middle of their cells. Forward arrows leave at the bottom and enter at the top;
return arrows climb in the gutter beside the symbols of the target's lane and enter from the side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

CELL = 100
MIDDLE = 50
APPROACH = 12  # where a forward arrow runs sideways, above the symbols
DETOUR = 84  # where a return arrow passes below symbols that stand in its way
DETOUR_EXIT = 58
TRACKS = (9, 4, 14)  # distance of a return arrow from the lane's edge, best first
ENTRIES = (50, 43, 57)  # where return arrows meet the side of their target, best first
HALF_WIDTH = 34  # room that a symbol takes around the middle of its cell
HALF_HEIGHT = 25

Point = tuple[int, int]


@dataclass(frozen=True)
class Stop:
    """A row as far as arrows care: its lanes (first one carries the arrows), its end, its drawn return target."""

    lanes: tuple[int, ...]
    is_end: bool = False
    back_to: int | None = None


@dataclass(frozen=True)
class Path:
    """One line from row `source` to row `target`; its head points `heading` into the target's symbol."""

    source: int
    target: int
    points: tuple[Point, ...]
    heading: str  # down, left, right; empty for the line that joins symbols of one row

    @property
    def is_return(self) -> bool:
        """Whether it leads back."""
        return self.target < self.source

    @property
    def exit_side(self) -> str:
        """The side on which the line leaves its first symbol."""
        (x1, y1), (x2, y2) = self.points[:2]
        if y1 != y2:
            return "down"
        return "right" if x2 > x1 else "left"


Segment = tuple[Point, Point]


def segments(path: Path) -> Iterator[Segment]:
    """Yield the straight parts of a path."""
    yield from pairwise(path.points)


def spot(lane: int, row: int, x: int = MIDDLE, y: int = MIDDLE) -> Point:
    """Return a point inside a cell."""
    return lane * CELL + x, row * CELL + y


def cover(one: Segment, other: Segment) -> bool:
    """Whether two pieces run on top of each other over some length."""
    for axis in (0, 1):
        along = 1 - axis
        if one[0][axis] == one[1][axis] == other[0][axis] == other[1][axis]:
            low = max(min(point[along] for point in piece) for piece in (one, other))
            high = min(max(point[along] for point in piece) for piece in (one, other))
            return low < high
    return False


def cross(one: Segment, other: Segment) -> bool:
    """Whether two pieces cut each other at a right angle, inside both."""
    flat, steep = (one, other) if one[0][1] == one[1][1] else (other, one)
    if flat[0][1] != flat[1][1] or steep[0][0] != steep[1][0]:
        return False
    left, right = sorted((flat[0][0], flat[1][0]))
    top, bottom = sorted((steep[0][1], steep[1][1]))
    return left < steep[0][0] < right and top < flat[0][1] < bottom


def hits(piece: Segment, centre: Point) -> bool:
    """Whether a piece runs through the room of the symbol at `centre`."""
    left, right = sorted((piece[0][0], piece[1][0]))
    top, bottom = sorted((piece[0][1], piece[1][1]))
    (x, y) = centre
    return left < x + HALF_WIDTH and right > x - HALF_WIDTH and top < y + HALF_HEIGHT and bottom > y - HALF_HEIGHT


def forward(stops: Sequence[Stop], row: int) -> Path:
    """Return the arrow from a row to the one below it."""
    here, there = stops[row].lanes[0], stops[row + 1].lanes[0]
    points = [spot(here, row)]
    if here != there:
        points += [spot(here, row + 1, y=APPROACH), spot(there, row + 1, y=APPROACH)]
    return Path(row, row + 1, (*points, spot(there, row + 1)), "down")


def joints(stops: Sequence[Stop], row: int) -> Iterator[Path]:
    """Yield the lines that join the symbols of people who do one step together."""
    main, *others = stops[row].lanes
    for far in sorted({min([main, *others]), max([main, *others])} - {main}):
        yield Path(row, row, (spot(main, row), spot(far, row)), "")


def detours(stops: Sequence[Stop], row: int) -> Iterator[tuple[Path, int]]:
    """Yield each way in which the return arrow of a row could run, with how little it is liked."""
    target = stops[row].back_to
    if target is None:
        return
    here, there = stops[row].lanes[0], stops[target].lanes[0]
    for (side, track, entry), low in product(product(("right", "left"), TRACKS, ENTRIES), (False, True)):
        if low and here == there:
            continue
        edge = CELL - track if side == "right" else track
        gutter = there * CELL + edge
        goes_right = gutter > here * CELL + MIDDLE
        points = [spot(here, row)]
        if low:
            own = CELL - track if goes_right else track
            points = [spot(here, row, y=DETOUR_EXIT), spot(here, row, own, DETOUR_EXIT), spot(here, row, own, DETOUR)]
        points += [(gutter, points[-1][1]), (gutter, target * CELL + entry), spot(there, target, y=entry)]
        comes_far_round = goes_right == (side == "right")
        dislike = TRACKS.index(track) + 6 * ENTRIES.index(entry) + 10 * low + (not comes_far_round)
        yield Path(row, target, tidy(points), "left" if side == "right" else "right"), dislike


def tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    """Drop points that repeat the one before."""
    return tuple(point for index, point in enumerate(points) if not index or point != points[index - 1])


def is_clear(path: Path, stops: Sequence[Stop], placed: Sequence[Path]) -> bool:
    """Whether a path covers no other one and runs through no symbol but its own two."""
    own = {spot(stops[row].lanes[0], row) for row in (path.source, path.target)}
    symbols = [spot(lane, row) for row, stop in enumerate(stops) for lane in stop.lanes]
    return not any(
        any(cover(piece, other) for path_there in placed for other in segments(path_there))
        or any(hits(piece, centre) for centre in symbols if centre not in own)
        for piece in segments(path)
    )


def crossings(path: Path, placed: Sequence[Path]) -> int:
    """Return how many lines a path cuts."""
    return sum(cross(one, other) for one in segments(path) for there in placed for other in segments(there))


@lru_cache(maxsize=256)
def routes(stops: tuple[Stop, ...]) -> tuple[Path, ...]:
    """Return every line of the table. A return arrow without a clear way is left out: its row says it in words."""
    placed = [forward(stops, row) for row, stop in enumerate(stops[:-1]) if not stop.is_end]
    for row in range(len(stops)):
        placed += joints(stops, row)
    backwards = [row for row, stop in enumerate(stops) if stop.back_to is not None and stop.back_to < row]
    for row in sorted(backwards, key=lambda row: (row - (stops[row].back_to or 0), row)):
        clear = [(path, dislike) for path, dislike in detours(stops, row) if is_clear(path, stops, placed)]
        if clear:
            placed.append(min(clear, key=lambda way: crossings(way[0], placed) * 4 + way[1])[0])
    return tuple(placed)


@dataclass(frozen=True)
class Piece:
    """The part of a path inside one cell, in percent of that cell."""

    lane: int
    row: int
    x1: int
    y1: int
    x2: int
    y2: int


def cut(points: tuple[Point, ...]) -> Iterator[Piece]:
    """Cut a line at the borders of the cells it runs through."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 == x2:
            lane, x = divmod(x1, CELL)
            for row, top, bottom in spans(y1, y2):
                yield Piece(lane, row, x, top, x, bottom)
        else:
            row, y = divmod(y1, CELL)
            for lane, left, right in spans(x1, x2):
                yield Piece(lane, row, left, y, right, y)


def spans(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (cell, from, to) in percent for each cell between two coordinates, low to high."""
    low, high = sorted((start, end))
    for cell in range(low // CELL, (high - 1) // CELL + 1):
        yield cell, max(low - cell * CELL, 0), min(high - cell * CELL, CELL)
