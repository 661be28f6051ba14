"""Consolidating the periods of a year up to one of them: sum, average, take last known."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Consolidated:
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
    elapsed = [(number, each) for number, each in enumerate(periods[:up_to], 1) if _has_target(each, method, polarity)]
    due = [(number, each) for number, each in elapsed if _is_due(each.target, polarity)]
    if not due:
        return Consolidated(None, None, 0, (), absence=why.NOT_DUE)
    missing = tuple(number for number, each in due if each.actual is None)
    if method is PeriodMethod.LAST:
        return _last(due, missing)
    target, actual = _put_together(method, [each for _, each in elapsed])
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


def _has_target(period: PeriodFigure, method: PeriodMethod, polarity: Polarity) -> bool:
    if period.target is None:
        return False
    # a quarter without a target of its own adds its work to a sum, but has nothing to say otherwise
    return method is PeriodMethod.SUM or _is_due(period.target, polarity)


def _is_due(target: Exact | None, polarity: Polarity) -> bool:
    """A target of 0 in one period means "not due", except where 0 is what is wanted."""
    return target != 0 or polarity is not Polarity.MAXIMIZE


def _last(due: Sequence[tuple[int, PeriodFigure]], missing: tuple[int, ...]) -> Consolidated:
    _, last = due[-1]
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
