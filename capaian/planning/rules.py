"""Which cards are due in a period; may this be planned, and if not, why not."""

from capaian.formulas.polarity import Polarity
from capaian.periods.period import Period, PeriodKind
from capaian.planning.models import Card, Target


def natural_periods(frequency: str, period: Period) -> tuple[Period, ...]:
    """Return the periods of a card's own frequency that end inside the period of a run, in order.

    A semester is stored under its last quarter (Q2, Q4), a year under the year; both end with a quarter's run.
    """
    if frequency == Card.Frequency.MONTH:
        return period.parts(PeriodKind.MONTH)
    if frequency == Card.Frequency.QUARTER:
        return period.parts(PeriodKind.QUARTER)
    if frequency == Card.Frequency.SEMESTER:
        return tuple(part for part in period.parts(PeriodKind.QUARTER) if part.number in (2, 4))
    whole = Period(period.year, PeriodKind.YEAR)
    ends_year = period == whole or (period.kind is PeriodKind.QUARTER and period.number == 4)
    return (whole,) if ends_year else ()


def due(card: Card, period: Period) -> bool:
    """Tell whether a card has something to report in the period of a run.

    Reads `card.targets.all()`: prefetch it. A card without any target by period reports whenever its frequency
    says so; one with targets reports where they are, except where a higher-is-better target is 0.
    """
    if period.year != card.year:
        return False
    own = {each.code for each in natural_periods(card.frequency, period)}
    targets = [each for each in card.targets.all() if len(each.period) > 4 or card.frequency == Card.Frequency.YEAR]
    if not targets:
        return bool(own)
    return any(each.period in own and _is_wanted(card, each) for each in targets)


def _is_wanted(card: Card, target: Target) -> bool:
    """Tell a real target from a 0 that means "nothing this period"."""
    return card.polarity != Polarity.MAXIMIZE or target.value is None or target.value != 0
