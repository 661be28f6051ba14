"""Template tags of the measurement: percentages, remarks, the tone of a category, the worksheet of a run."""

from decimal import Decimal

from django import template

from capaian.agencies.queries import Reach
from capaian.formulas.number_text import format_number
from capaian.measurement import papers, recap
from capaian.measurement.models import Worksheet
from capaian.measurement.queries import worksheet_of
from capaian.measurement.recap import Line, Together, node_text
from capaian.reporting.tones import tone_of
from capaian.sop.models import Run

register = template.Library()

MEASURES = "B"


@register.filter
def percent(value: Decimal | None) -> str:
    """91,00, or an en dash where there is no number."""
    return papers.percent(value)


@register.filter
def figure(value: Decimal | str | None) -> str:
    """1.234,5 from a number or the text of one in a snapshot."""
    return "–" if value is None else format_number(Decimal(value))


@register.filter
def remark(line: Line) -> str:
    """What must be said beside an achievement."""
    return papers.remark(line)


@register.filter
def weights(each: Together) -> str:
    """How much weight is counted of all."""
    return papers.weights_text(each)


@register.filter
def mean_code(sheet: str, each: Together) -> str:
    """The code of origin of a worksheet's mean."""
    return recap.mean_code(sheet, each)


@register.filter
def node_of(line: Line) -> str:
    """The node that an indicator measures."""
    return node_text(line)


@register.filter
def category_tone(line: Line) -> str:
    """The tone of a category's colour; neutral without a number."""
    return tone_of(line.measured.outcome.result.level)


@register.simple_tag
def run_worksheet(run: Run, reach: Reach) -> Worksheet | None:
    """The worksheet in force of a measuring run."""
    return worksheet_of(reach, run) if run.stands_for == MEASURES else None
