"""Weighted means over what was reported: Σ(w·c) ÷ Σw, exact, rounded only when shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from capaian.formulas.absence import NO_MEMBERS, NO_WEIGHT, Absence
from capaian.formulas.number_text import format_number
from capaian.formulas.rounding import Exact, quotient, rounded


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its coverage: `reported` of `members`. Without a number `absence` says why."""

    exact: Fraction | None
    reported: int
    members: int
    absence: Absence | None = None

    @property
    def shown(self) -> Decimal | None:
        """Rounded half up to 2 decimals."""
        return None if self.exact is None else rounded(self.exact)

    @property
    def coverage(self) -> str:
        """`2 dari 3 dilaporkan`."""
        return f"{self.reported} dari {self.members} dilaporkan"


def weighted_mean(members: Iterable[tuple[Exact | None, Exact]]) -> Mean:
    """The mean of (value, weight) pairs; a missing value leaves with its weight. Negative weights: ValueError."""
    total, weights, reported, count = Fraction(0), Fraction(0), 0, 0
    for value, weight in members:
        count += 1
        share = _fraction(weight)
        if share < 0:
            raise ValueError("a weight must not be negative")
        if value is not None:
            total, weights, reported = total + _fraction(value) * share, weights + share, reported + 1
    if not reported:
        return Mean(None, 0, count, NO_MEMBERS)
    if not weights:
        return Mean(None, reported, count, NO_WEIGHT)
    return Mean(total / weights, reported, count)


def mean(values: Iterable[Exact | None]) -> Mean:
    """The mean with equal weights."""
    return weighted_mean((value, 1) for value in values)


def weights_problem(weights: Sequence[Exact], total: Exact = 100) -> str:
    """Why these weights cannot be used where they must add up to `total`; empty when they can."""
    if any(_fraction(weight) < 0 for weight in weights):
        return "Bobot tidak boleh negatif."
    added = sum((_fraction(weight) for weight in weights), Fraction(0))
    if added == _fraction(total):
        return ""
    return f"Jumlah bobot {format_number(added)}, seharusnya {format_number(total)}. Sesuaikan bobotnya."


def _fraction(value: Exact) -> Fraction:
    return Fraction(*quotient(value))
