"""Efficiency of resources: the simple difference, the ratio, and the rule of PMK 214/2017 and 22/2021."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from capaian.formulas.rounding import Exact, quotient

LIMIT: Final = 20


@dataclass(frozen=True, slots=True)
class Output:
    """One output: its budget (AAK), its spending (RAK) and its achievement in percent (CK)."""

    budget: Exact
    spent: Exact
    achievement: Exact


def simple_efficiency(achievement: Exact, absorption: Exact) -> Fraction:
    """Achievement % minus budget absorption %, in percentage points."""
    return _fraction(achievement) - _fraction(absorption)


def unused_budget(absorption: Exact) -> Fraction:
    """100 minus budget absorption %."""
    return 100 - _fraction(absorption)


def absorption_ratio(achievement: Exact, absorption: Exact) -> Fraction | None:
    """Absorption ÷ achievement; below 1 is efficient. None when the achievement is 0."""
    done = _fraction(achievement)
    return _fraction(absorption) / done if done else None


def absorption(ceiling: Exact, spent: Exact) -> Fraction | None:
    """Spending ÷ ceiling × 100; None when the ceiling is 0."""
    whole = _fraction(ceiling)
    return 100 * _fraction(spent) / whole if whole else None


def pmk_efficiency(outputs: Sequence[Output]) -> Fraction | None:
    """E = (Σ(AAK·CK) − ΣRAK) ÷ Σ(AAK·CK) × 100, not clamped; None when a budget or an achievement is 0."""
    if not outputs or any(not output.budget or not output.achievement for output in outputs):
        return None
    earned = sum((_fraction(each.budget) * _fraction(each.achievement) / 100 for each in outputs), Fraction(0))
    spent = sum((_fraction(output.spent) for output in outputs), Fraction(0))
    return (earned - spent) / earned * 100 if earned else None


def pmk_value(efficiency: Exact) -> Fraction:
    """NE = 50 + E ÷ 20 × 50, with E kept within −20 to 20; from 0 to 100."""
    clamped = max(min(_fraction(efficiency), Fraction(LIMIT)), Fraction(-LIMIT))
    return 50 + clamped / LIMIT * 50


def _fraction(value: Exact) -> Fraction:
    return Fraction(*quotient(value))
