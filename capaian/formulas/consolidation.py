"""Consolidating the periods of a year up to one of them: sum, average, take last known."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from capaian.formulas import absence as why
from capaian.formulas.absence import Absence
from capaian.formulas.achievement import achieve, without_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.result import Result
from capaian.formulas.rounding import Exact, quotient
from capaian.formulas.rule import Rule


class PeriodMethod(StrEnum):
    """How the periods of a year are put together."""

    SUM = "sum"
    AVERAGE = "average"
    LAST = "last"


class PeriodFigure(NamedTuple):
    """Target and actual of one period; None = no target set, nothing reported."""

    target: Exact | None
    actual: Exact | None


class Consolidated(NamedTuple):
    """T* and R* up to a period. `missing` numbers the due periods (from 1) without an actual.

    `provisional` marks a figure that may only be shown as *sementara*; `absence` says why there must be none.
    """

    target: Fraction | None
    actual: Fraction | None
    due: int
    missing: tuple[int, ...]
    provisional: bool = False
    absence: Absence | None = None

    @property
    def complete(self) -> bool:
        """Whether every due period was reported."""
        return not self.missing

    @property
    def coverage(self) -> str:
        """`2 dari 3 periode dilaporkan`."""
        return f"{self.due - len(self.missing)} dari {self.due} periode dilaporkan"


def consolidate(method: PeriodMethod, polarity: Polarity, periods: Sequence[PeriodFigure], up_to: int) -> Consolidated:
    """T* and R* of the periods 1 to `up_to`; all elapsed periods with a target count, reported or not."""
    if not 1 <= up_to <= len(periods):
        raise ValueError("up_to must number one of the periods")
    elapsed: list[PeriodFigure] = []
    due: list[PeriodFigure] = []
    gaps: list[int] = []
    for number, each in enumerate(periods[:up_to], 1):
        if each.target is None:
            continue
        # a target of 0 in one period means "not due", except where 0 is what is wanted
        if each.target or polarity is not Polarity.MAXIMIZE:
            due.append(each)
            if each.actual is None:
                gaps.append(number)
        elif method is not PeriodMethod.SUM:
            continue  # in a sum such a period still adds its work
        elapsed.append(each)
    if not due:
        return Consolidated(None, None, 0, (), absence=why.NOT_DUE)
    missing = tuple(gaps)
    if method is PeriodMethod.LAST:
        return _last(due, missing)
    target, actual = _put_together(method, elapsed)
    if actual is None or (missing and polarity is not Polarity.MAXIMIZE):
        # a missing count would make "lower is better" look better than it is
        absence = why.INCOMPLETE if actual is not None else why.NO_ACTUAL
        return Consolidated(target, None, len(due), missing, absence=absence)
    return Consolidated(target, actual, len(due), missing, provisional=bool(missing))


def achieve_period(
    rule: Rule, method: PeriodMethod, periods: Sequence[PeriodFigure], up_to: int
) -> tuple[Consolidated, Result]:
    """The consolidated figures and the achievement they make, or the reason why they make none."""
    together = consolidate(method, rule.polarity, periods, up_to)
    if together.absence is not None:
        return together, without_number(rule, together.absence)
    return together, achieve(rule, together.target, together.actual)


def _last(due: Sequence[PeriodFigure], missing: tuple[int, ...]) -> Consolidated:
    last = due[-1]
    target = None if last.target is None else Fraction(*quotient(last.target))
    if last.actual is None:
        return Consolidated(target, None, len(due), missing, absence=why.DUE_MISSING)
    return Consolidated(target, Fraction(*quotient(last.actual)), len(due), missing, provisional=bool(missing))


def _put_together(method: PeriodMethod, periods: Sequence[PeriodFigure]) -> tuple[Fraction, Fraction | None]:
    targets = [each.target for each in periods if each.target is not None]
    actuals = [each.actual for each in periods if each.actual is not None]
    parts = (len(targets), len(actuals)) if method is PeriodMethod.AVERAGE else (1, 1)
    return _shared(targets, parts[0]), _shared(actuals, parts[1]) if actuals else None


def _shared(values: Sequence[Exact], parts: int) -> Fraction:
    """The sum of values divided by a number of parts, reduced once at the end."""
    total, whole = 0, 1
    for value in values:
        numerator, denominator = quotient(value)
        total, whole = total * denominator + numerator * whole, whole * denominator
    return Fraction(total, whole * parts)
