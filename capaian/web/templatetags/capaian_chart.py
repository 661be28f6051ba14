"""Tags of the SOP table: legend and the notes of the tafsir marks on paper."""

from dataclasses import dataclass

from django import template

from capaian.reporting.chart import Chart, ChartStep, Reading
from capaian.reporting.chart_cells import Symbol

register = template.Library()


@dataclass(frozen=True)
class Note:
    """A tafsir mark as a numbered note below the last page."""

    key: str
    number: str
    reading: Reading


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
