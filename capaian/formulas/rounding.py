"""Exact numbers and the one place where they are rounded: half up, once, at the end.

A figure is carried as a quotient of two whole numbers, so nothing is lost before the rounding. Inputs are
`Decimal`, `Fraction` or `int`; floats are refused.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

Exact = Decimal | Fraction | int
Quotient = tuple[int, int]

CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)
MOST_DIGITS = 60


def quotient(value: Exact) -> Quotient:
    """Numerator and positive denominator; ValueError for NaN, infinity and absurd magnitudes."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"not a finite number: {value}")
        if value and not -MOST_DIGITS <= value.adjusted() <= MOST_DIGITS:
            raise ValueError(f"more than {MOST_DIGITS} digits before or after the decimal sign")
    elif not isinstance(value, (Fraction, int)):
        raise TypeError(f"exact numbers only, not {type(value).__name__}")
    return value.as_integer_ratio()


def half_up(numerator: int, denominator: int, places: int = 2) -> int:
    """The quotient times 10**places, rounded half away from zero to a whole number; denominator > 0."""
    unit: int = 10**places
    size = (2 * abs(numerator) * unit + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def rounded(value: Exact, places: int = 2) -> Decimal:
    """The value rounded half up (away from zero), with exactly `places` decimals."""
    numerator, denominator = quotient(value)
    return decimal_of(half_up(numerator, denominator, places), places)


def decimal_of(scaled: int, places: int) -> Decimal:
    """`scaled` divided by 10**places as an exact Decimal with `places` decimals, never a negative zero."""
    return Decimal(f"{scaled}E-{places}")


def divided(numerator: int, denominator: int) -> Decimal:
    """The Decimal nearest to the quotient in 50 digits; exact whenever 50 digits suffice."""
    return CONTEXT.divide(Decimal(numerator), Decimal(denominator))
