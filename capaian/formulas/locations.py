"""Consolidating units of one period: raw data, sum, average."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from capaian.formulas.absence import NO_MEMBERS, Absence
from capaian.formulas.rounding import Exact, quotient, rounded
from capaian.formulas.weights import mean


class LocationMethod(StrEnum):
    """How the units' figures are put together."""

    RAW_DATA = "raw_data"
    SUM = "sum"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One unit's value, or its numerator and denominator; None = not reported."""

    value: Exact | None = None
    numerator: Exact | None = None
    denominator: Exact | None = None

    @property
    def has_parts(self) -> bool:
        """Whether both parts were reported."""
        return self.numerator is not None and self.denominator is not None


@dataclass(frozen=True, slots=True)
class Located:
    """The agency's value with its coverage: `reported` of `units`."""

    exact: Fraction | None
    reported: int
    units: int
    absence: Absence | None = None

    @property
    def shown(self) -> Decimal | None:
        """Rounded half up to 2 decimals."""
        return None if self.exact is None else rounded(self.exact)


def consolidate_units(method: LocationMethod, units: Sequence[UnitFigure], *, percent: bool = True) -> Located:
    """One value from the units that reported. `raw_data` divides the sums, times 100 when `percent`."""
    if method is LocationMethod.RAW_DATA:
        return _raw_data(units, 100 if percent else 1)
    values = [unit.value for unit in units if unit.value is not None]
    if not values:
        return Located(None, 0, len(units), NO_MEMBERS)
    average = mean(values).exact or Fraction(0)
    return Located(
        average * len(values) if method is LocationMethod.SUM else average, reported=len(values), units=len(units)
    )


def _raw_data(units: Sequence[UnitFigure], factor: int) -> Located:
    whole = [unit for unit in units if unit.has_parts]
    above = sum((Fraction(*quotient(unit.numerator)) for unit in whole if unit.numerator is not None), Fraction(0))
    below = sum((Fraction(*quotient(unit.denominator)) for unit in whole if unit.denominator is not None), Fraction(0))
    if not below:
        return Located(None, len(whole), len(units), NO_MEMBERS)
    return Located(above / below * factor, len(whole), len(units))
