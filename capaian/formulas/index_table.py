"""The index of the Ministry of Finance for stabilize: fold above 100, then interpolate in a table.

The official table was not found, so none is shipped: an agency that uses the index enters its own points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from capaian.formulas.rounding import Exact, quotient

MOST_INDEX: Final = 120


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the table: an achievement in percent and its index."""

    achievement: Exact
    index: Exact


def folded(achievement: Exact) -> Fraction:
    """C, or 200 − C above 100."""
    value = Fraction(*quotient(achievement))
    return 200 - value if value > 100 else value


def table_problem(points: Sequence[Point]) -> str:
    """Why points make no table; empty when they do."""
    if len(points) < 2:
        return "Tabel indeks memerlukan sedikitnya dua titik. Isi titik-titiknya."
    if any(_exact(one.achievement) >= _exact(other.achievement) for one, other in pairwise(points)):
        return "Capaian dalam tabel indeks harus menaik. Urutkan titik-titiknya."
    if any(_exact(point.index) > MOST_INDEX for point in points):
        return f"Indeks paling tinggi {MOST_INDEX}. Betulkan titik yang melebihinya."
    return ""


def interpolated(points: Sequence[Point], achievement: Exact) -> Fraction | None:
    """In = Iw + (Ia − Iw) ÷ (Ca − Cw) × (C − Cw) of the folded achievement; None outside the table or without one."""
    if table_problem(points):
        return None
    value = folded(achievement)
    for below, above in pairwise(points):
        low, high = _exact(below.achievement), _exact(above.achievement)
        if low <= value <= high:
            rise = _exact(above.index) - _exact(below.index)
            return _exact(below.index) + rise / (high - low) * (value - low)
    return None


def _exact(value: Exact) -> Fraction:
    return Fraction(*quotient(value))
