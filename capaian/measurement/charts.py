"""What the charts of a worksheet show: one option, drawn alike on pages and papers."""

from collections.abc import Iterable, Sequence

from capaian.formulas.number_text import format_number
from capaian.measurement.drawing import Bar, BarRow, Bars, svg
from capaian.measurement.recap import LevelRecap, Together
from capaian.measurement.year_queries import tone_of
from capaian.planning.models import Level
from capaian.proceedings.papers import Parts

NO_VALUE = "belum ada nilai"
#: The level whose achievement stands first: the highest of these that has indicators.
FIRST = (Level.OBJECTIVE, Level.GOAL, Level.PROGRAMME, Level.ACTIVITY, Level.SUBACTIVITY)


def achievement_bars(level: str, nodes: Iterable[Together]) -> Bars:
    """Return the achievement of each node of a level (its label) as bars."""
    return Bars(f"Capaian tiap {level.lower()}", [BarRow(each.text, [_bar(each)]) for each in nodes])


def _bar(each: Together) -> Bar:
    shown = each.shown
    if shown is None:
        return Bar(None, NO_VALUE)
    scales = {line.card["scale"] for line in each.members}
    tone = tone_of(scales.pop(), shown) if len(scales) == 1 else "info"
    return Bar(shown, format_number(shown, 2), tone, each.category)


def chart_block(levels: Sequence[LevelRecap]) -> list[Parts]:
    """Return the chart of the level that stands first, for a paper; nothing without indicators."""
    by_label = {level.label: level for level in levels}
    first = next((by_label[str(level.label)] for level in FIRST if str(level.label) in by_label), None)
    if first is None:
        return []
    option = achievement_bars(first.label, first.nodes)
    return [{"kind": "drawings", "heading": option.title, "items": [option.title], "svgs": [svg(option)]}]
