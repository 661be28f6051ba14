"""Tags of the SOP table: the drawing of a cell, the legend, and the notes of the tafsir marks on paper."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from capaian.reporting.chart import Chart, ChartStep, Reading
from capaian.reporting.chart_cells import Cell, Head, Label, Line, Symbol

register = template.Library()

# drawn around the middle; the sizes are those of chart_cells.SIZES
SHAPES = {
    "capsule": '<rect class="shape" x="-26" y="-13" width="52" height="26" rx="13"/>',
    "box": '<rect class="shape" x="-25" y="-13" width="50" height="26"/>',
    "stack": "".join(
        f'<rect class="shape" x="{x}" y="{y}" width="46" height="24"/>' for x, y in ((-20, -15), (-23, -12), (-26, -9))
    ),
    "diamond": '<path class="shape" d="M-28,0L0,-17L28,0L0,17z"/>',
    "pentagon": '<path class="shape" d="M-10,-11H10V4L0,11L-10,4z"/>',
}
TEXT_PLACES = {"stack": ' x="-3" y="3"', "pentagon": ' y="-1.5"'}
HEADS = {"down": "l-4.5,-8h9z", "up": "l-4.5,8h9z", "left": "l8,-4.5v9z", "right": "l-8,-4.5v9z"}
SPOT = '<svg x="{}%" y="{}%" overflow="visible"><g class="sized{}">{}</g></svg>'
EMPTY = Cell()


@dataclass(frozen=True)
class Note:
    """A tafsir mark as a numbered note below the last page."""

    key: str
    number: str
    reading: Reading


@register.simple_tag
def symbol_shape(symbol: Symbol) -> SafeString:
    """Draw a symbol around the origin, with its text."""
    text = ""
    if symbol.text:
        text = f'<text class="shape-text"{TEXT_PLACES.get(symbol.shape, "")}>{conditional_escape(symbol.text)}</text>'
    return mark_safe(SHAPES[symbol.shape] + text)  # noqa: S308  (constants and escaped text)


def line_drawing(line: Line) -> str:
    """Draw a line in percent of the cell."""
    ends = f'x1="{line.x1}%" y1="{line.y1}%" x2="{line.x2}%" y2="{line.y2}%"'
    return f'<line class="flow flow-{line.trail}" {ends}/>'


def head_drawing(head: Head) -> str:
    """Draw an arrow head."""
    path = f'<path class="head head-{head.trail}" d="M{head.dx},{head.dy}{HEADS[head.heading]}"/>'
    return SPOT.format(head.x, head.y, "", path)


def label_drawing(label: Label) -> str:
    """Draw a word."""
    place = f'x="{label.dx}" y="{label.dy}" text-anchor="{label.anchor}"'
    return SPOT.format(50, 50, "", f'<text class="flow-word" {place}>{conditional_escape(label.text)}</text>')


@register.simple_tag
@lru_cache(maxsize=4096)
def cell_drawing(cell: Cell) -> SafeString:
    """Draw a cell as one inline SVG; nothing for an empty one. Cells are equal from run to run, so they are kept."""
    if cell == EMPTY:
        return SafeString("")
    parts = [line_drawing(line) for line in cell.lines]
    parts += [SPOT.format(each.x, 50, f" symbol symbol-{each.state}", symbol_shape(each)) for each in cell.symbols]
    parts += [head_drawing(head) for head in cell.heads]
    parts += [label_drawing(label) for label in cell.labels]
    reading = format_html('role="img" focusable="false"><title>{}</title>', cell.title)
    opening = reading if cell.symbols else 'aria-hidden="true" focusable="false">'
    return mark_safe(f'<svg class="cell-drawing" {opening}{"".join(parts)}</svg>')  # noqa: S308  (escaped above)


@register.simple_tag
def legend_symbols(chart: Chart, *, with_pentagon: bool = False) -> list[Symbol]:
    """Return the symbols that the legend explains, with their names as titles."""
    symbols = [Symbol("capsule", "awal atau akhir"), Symbol("box", "kegiatan")]
    if chart.has_stack:
        symbols.append(Symbol("stack", "kegiatan tiap unit"))
    symbols.append(Symbol("diamond", "keputusan"))
    if with_pentagon:
        symbols.append(Symbol("pentagon", "sambungan halaman"))
    return symbols


@register.simple_tag
def reading_notes(chart: Chart) -> list[Note]:
    """Return all tafsir marks of a chart in order; their places are the numbers on paper."""
    return [Note(step.key, step.number, reading) for step in chart.steps for reading in step.readings]


@register.simple_tag
def note_marks(notes: list[Note], step: ChartStep) -> str:
    """Return the note numbers of a step: "1", "2, 3"."""
    return ", ".join(str(place) for place, note in enumerate(notes, start=1) if note.key == step.key)
