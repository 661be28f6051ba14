"""The SOP table as people in offices know it, live: rows, performers' columns, symbols and arrows. Pure, no database.

`draw_chart` turns steps in their order into rows of cells with lines in percent of the cell, so that rows may have
any height and no layout engine is needed. `split_pages` in `chart_pages` cuts the drawing for paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from capaian.reporting import chart_routes as ways
from capaian.reporting.chart_cells import Cell, Grid, Label, Symbol

STATES = {
    "future": "belum dimulai",
    "now": "sedang berjalan",
    "waiting": "menunggu",
    "done": "selesai",
    "cancelled": "dibatalkan",
}
SHAPES = {"start": "capsule", "task": "box", "decision": "diamond", "end": "capsule"}
SHAPE_NAMES = {
    "capsule": "awal atau akhir",
    "box": "kegiatan",
    "stack": "kegiatan tiap unit",
    "diamond": "keputusan",
    "pentagon": "sambungan halaman",
}


@dataclass(frozen=True)
class StatusLine:
    """A line of text below the step: tone success, warning, danger, info or neutral."""

    tone: str
    text: str


@dataclass(frozen=True)
class Badge:
    """A short mark beside the step's words."""

    tone: str
    text: str


@dataclass(frozen=True)
class ReturnArrow:
    """A step to which work may go back. The default (or only) one is drawn, the others are said in words."""

    target_key: str
    label: str = "Tidak"
    is_default: bool = False


@dataclass(frozen=True)
class Reading:
    """A tafsir mark: what is unclear, how it is read, on what basis."""

    subject: str
    text: str
    basis: str = ""


@dataclass(frozen=True)
class ChartStep:
    """One row as the caller knows it.

    `lanes` are the columns with a symbol, the first one carries the arrows; `kind` is start, task, decision or end;
    `state` is a key of `STATES`; `stacked`: done once per unit; `symbol_text` stands inside ("4/6").
    """

    key: str
    number: str
    text: str
    lanes: tuple[int, ...]
    kind: str = "task"
    stacked: bool = False
    returns: tuple[ReturnArrow, ...] = ()
    inputs: tuple[str, ...] = ()
    time: str = ""
    proposed_time: str = ""
    outputs: tuple[str, ...] = ()
    note: str = ""
    readings: tuple[Reading, ...] = ()
    state: str = "future"
    symbol_text: str = ""
    status_lines: tuple[StatusLine, ...] = ()
    badges: tuple[Badge, ...] = ()
    url: str = ""

    @property
    def shape(self) -> str:
        """The symbol drawn for it."""
        return "stack" if self.stacked and self.kind == "task" else SHAPES[self.kind]

    @property
    def drawn_return(self) -> ReturnArrow | None:
        """The way back that is drawn: the default one, or the only one."""
        chosen = [back for back in self.returns if back.is_default]
        if not chosen and len(self.returns) == 1:
            chosen = list(self.returns)
        return chosen[0] if chosen else None


@dataclass(frozen=True)
class ChartRow:
    """A row: the step, its cells, its arrows in words, and its ways back that are not drawn."""

    step: ChartStep
    cells: tuple[Cell, ...]
    performers: str
    flow_text: str
    also_text: str

    @property
    def is_current(self) -> bool:
        """Whether work is going on here."""
        return self.step.state == "now"


@dataclass(frozen=True)
class Chart:
    """The whole table. `paths` are its lines on the grid, kept for cutting it into pages."""

    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]
    paths: tuple[ways.Path, ...] = field(repr=False)

    @property
    def steps(self) -> tuple[ChartStep, ...]:
        """The steps in their order."""
        return tuple(row.step for row in self.rows)

    @property
    def has_stack(self) -> bool:
        """Whether a step is done once per unit (the legend then explains the stacked box)."""
        return any(step.shape == "stack" for step in self.steps)

    @property
    def is_live(self) -> bool:
        """Whether anything has happened (the legend then explains the colours)."""
        return any(step.state != "future" for step in self.steps)

    @property
    def has_readings(self) -> bool:
        """Whether any row carries a tafsir mark."""
        return any(step.readings for step in self.steps)


def draw_chart(columns: Sequence[str], steps: Sequence[ChartStep]) -> Chart:
    """Draw steps, given in the order of the table; ValueError when one does not fit the columns."""
    refuse_misfits(columns, steps)
    order = {step.key: index for index, step in enumerate(steps)}
    stops = tuple(ways.Stop(step.lanes, step.kind == "end", target_row(step, order)) for step in steps)
    paths = ways.routes(stops)
    cells = draw_cells(columns, steps, paths)
    drawn = {(path.source, path.target) for path in paths if path.is_return}
    rows = []
    for index, step in enumerate(steps):
        performers = join_words([columns[lane] for lane in step.lanes])
        also = also_text(step, [order[back.target_key] for back in step.returns], index, steps, drawn)
        rows.append(ChartRow(step, cells[index], performers, flow_text(index, steps, order), also))
    return Chart(tuple(columns), tuple(rows), paths)


def refuse_misfits(columns: Sequence[str], steps: Sequence[ChartStep]) -> None:
    """Raise ValueError for a step that stands in no column or has an unknown kind, state or target."""
    keys = {step.key for step in steps}
    for step in steps:
        lanes = set(step.lanes)
        fits = lanes and len(lanes) == len(step.lanes) and lanes <= set(range(len(columns)))
        known = step.kind in SHAPES and step.state in STATES and all(back.target_key in keys for back in step.returns)
        if not (fits and known):
            message = f"step {step.key!r} cannot be drawn"
            raise ValueError(message)


def target_row(step: ChartStep, order: dict[str, int]) -> int | None:
    """Return the row to which the drawn return arrow leads."""
    back = step.drawn_return
    return None if back is None else order[back.target_key]


def trail_of(path: ways.Path, steps: Sequence[ChartStep]) -> str:
    """Return past for a way that has been gone forward, else ahead."""
    gone = steps[path.source].state == "done" and steps[path.target].state in ("done", "now", "waiting")
    return "past" if gone and not path.is_return else "ahead"


def draw_cells(
    columns: Sequence[str], steps: Sequence[ChartStep], paths: Sequence[ways.Path]
) -> list[tuple[Cell, ...]]:
    """Put lines, heads, words and symbols into their cells."""
    grid = Grid(len(columns), len(steps))
    for number, path in enumerate(paths):
        trail = trail_of(path, steps)
        grid.add_path(path.points, trail, number)
        if path.heading:
            grid.add_head(path.points[-1], path.heading, trail, steps[path.target].shape)
        label = label_of(path, steps[path.source])
        if label:
            grid.add_label(path.points[0], label)
    for row, step in enumerate(steps):
        for position, lane in enumerate(step.lanes):
            grid.add_symbol(row, lane, symbol_of(step, columns[lane], is_main=position == 0))
    return grid.rows()


def label_of(path: ways.Path, step: ChartStep) -> Label | None:
    """Return Ya below a decision, or the return's word above the side where it leaves."""
    if path.is_return and step.drawn_return:
        word, rise = step.drawn_return.label, -12 if step.kind == "decision" else -17
        if path.exit_side == "right":
            return Label(word, 11, rise, "start")
        return Label(word, -11, rise, "end")
    if path.heading and step.kind == "decision":
        return Label("Ya", 5, 27, "start")
    return None


def symbol_of(step: ChartStep, column: str, *, is_main: bool) -> Symbol:
    """Return the symbol of a step in one of its columns."""
    title = f"{column}: {SHAPE_NAMES[step.shape]}, {STATES[step.state]}"
    return Symbol(step.shape, title, step.state, step.symbol_text if is_main else "")


def flow_text(index: int, steps: Sequence[ChartStep], order: dict[str, int]) -> str:
    """Say in words what the arrows of a row show."""
    step = steps[index]
    parts = []
    if step.kind == "end":
        parts.append("Langkah terakhir")
    elif index + 1 < len(steps):
        way = "Bila Ya ke" if step.kind == "decision" else "Berikutnya"
        parts.append(f"{way} langkah {steps[index + 1].number}")
    target = target_row(step, order)
    if target is not None:
        way = "bila Tidak kembali" if step.kind == "decision" else "bila perlu kembali"
        parts.append(f"{way} ke langkah {steps[target].number}")
    return "; ".join(parts) + "." if parts else ""


def also_text(
    step: ChartStep, targets: Sequence[int], index: int, steps: Sequence[ChartStep], drawn: set[tuple[int, int]]
) -> str:
    """Say in words where work may also go back to, beside the arrow that is drawn."""
    others = [steps[target].number for target in sorted(targets) if (index, target) not in drawn]
    if not others:
        return ""
    word = "Tidak" if step.kind == "decision" else "Pengembalian"
    also = "juga dapat" if len(others) < len(targets) else "dapat"
    return f"{word} {also} ke langkah {join_words(others)}"


def join_words(words: Sequence[str]) -> str:
    """Join words as a sentence does: "7", "7 dan 9", "5, 7 dan 9"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"
