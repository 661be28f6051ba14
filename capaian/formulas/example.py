"""An invented actual, so that a card shows its formula in numbers before anybody has reported."""

from decimal import Decimal

from capaian.formulas.achievement import achieve, achieve_milestone, achieve_predicate, achieve_range
from capaian.formulas.polarity import Polarity
from capaian.formulas.result import Result
from capaian.formulas.rule import Rule

LESS, MORE = Decimal("0.9"), Decimal("1.1")
WORSE_WHEN_HIGHER = (Polarity.MINIMIZE, Polarity.MINIMIZE_RATIO)


def example(
    rule: Rule,
    *,
    target: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    letter: str = "",
) -> Result:
    """Return the achievement of an actual that misses the target a little; the target is the one given."""
    if rule.polarity is Polarity.PREDICATE:
        below = [each for each, value in rule.ordinals.values.items() if value < (rule.ordinals.value(letter) or 0)]
        return achieve_predicate(rule, letter, below[-1] if below else letter)
    if rule.polarity is Polarity.MILESTONE:
        return achieve_milestone(rule, done=True)
    if rule.polarity in (Polarity.RANGE_MAX, Polarity.RANGE_MIN):
        return achieve_range(rule, low, high, None if low is None else low * LESS)
    if target is None:
        return achieve(rule, None, None)
    return achieve(rule, target, target * (MORE if rule.polarity in WORSE_WHEN_HIGHER else LESS))
