"""What a figure would achieve, shown while it is typed: against the target of its own period alone.

The measurement (SOP B) is made of approved figures and of periods put together; this is no part of it.
"""

from decimal import Decimal

from capaian.collection.sheets import Line, target_of
from capaian.formulas.achievement import achieve, achieve_milestone, achieve_predicate, achieve_range, achieve_stages
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.result import Result
from capaian.planning.card_example import rule_of
from capaian.planning.models import Target

RANGES = (Polarity.RANGE_MAX, Polarity.RANGE_MIN)


def preview(line: Line, value: Decimal | None, letter: str) -> str:
    """Return `98,50 %`; "" where nothing is reported, the period has no target, or the two make no figure."""
    target = target_of(line.card, line.period)
    if target is None or (value is None and not letter):
        return ""
    try:
        shown = _achieved(line, target, value, letter).shown
    except (KeyError, ValueError):  # a letter of another list, a range turned round: said where it is entered
        return ""
    return "" if shown is None else f"{format_number(shown, 2)} %"


def _achieved(line: Line, target: Target, value: Decimal | None, letter: str) -> Result:
    rule = rule_of(line.card, target.letter)
    if rule.polarity in RANGES:
        return achieve_range(rule, target.low, target.high, value)
    if rule.polarity == Polarity.PREDICATE:
        return achieve_predicate(rule, target.letter, letter)
    if rule.polarity != Polarity.MILESTONE:
        return achieve(rule, target.value, value)
    if target.value is None or target.value <= 1:
        return achieve_milestone(rule, done=None if value is None else bool(value))
    return achieve_stages(rule, target.value, value)
