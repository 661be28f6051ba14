"""A second implementation of the achievement rules, written from the specification, in exact fractions.

It shares nothing with the product: no arithmetic, no rounding, no scale. Percentages are fractions; an answer is
(raw, shown, score, category) or the code of the reason why there is none.
"""

from fractions import Fraction

Answer = tuple[Fraction, Fraction, Fraction, str] | str


def achievement(
    polarity: str,
    target: Fraction | None,
    actual: Fraction | None,
    cap: Fraction | None,
    tolerance: Fraction | None = None,
) -> Answer:
    """Chapter 1.3 to 1.5 for one target number; targets below zero are allowed."""
    if target is None:
        return "no_target"
    if actual is None:
        return "no_actual"
    if target == 0:
        raw = at_zero_target(polarity, actual)
    elif polarity == "stabilize":
        raw = stabilize(target, actual, tolerance)
    elif target < 0:
        deviation = (actual - target) / abs(target) * 100
        raw = 100 + deviation if polarity == "maximize" else 100 - deviation
    elif polarity == "minimize_ratio":
        raw = ratio(target, actual, cap)
    else:
        raw = actual / target * 100 if polarity == "maximize" else (1 + (1 - actual / target)) * 100
    return raw if isinstance(raw, str) else three_numbers(raw, cap)


def at_zero_target(polarity: str, actual: Fraction) -> Fraction | str:
    if polarity == "maximize":
        return "zero_target" if actual == 0 else "zero_target_actual"
    if polarity == "stabilize":
        return Fraction(100) if actual == 0 else "zero_target"
    return Fraction(100) if actual <= 0 else Fraction(0)


def stabilize(target: Fraction, actual: Fraction, tolerance: Fraction | None) -> Fraction:
    deviation = abs(actual - target) / abs(target)
    if tolerance is not None and deviation <= tolerance / 100:
        return Fraction(100)
    return 100 - deviation * 100


def ratio(target: Fraction, actual: Fraction, cap: Fraction | None) -> Fraction | str:
    if actual < 0:
        return "ratio_negative"
    if actual == 0:
        return "ratio_zero" if cap is None else cap
    return target / actual * 100


def in_range(polarity: str, low: Fraction, high: Fraction, actual: Fraction, cap: Fraction | None) -> Answer:
    """Inside 100, outside against the bound that was passed."""
    if actual < low:
        return achievement(polarity.replace("range_max", "maximize").replace("range_min", "minimize"), low, actual, cap)
    if actual > high:
        return achievement(
            polarity.replace("range_max", "maximize").replace("range_min", "minimize"), high, actual, cap
        )
    return three_numbers(Fraction(100), cap)


def three_numbers(raw: Fraction, cap: Fraction | None) -> Answer:
    floored = raw if raw > 0 else Fraction(0)
    shown = two_decimals(floored)
    score = floored if cap is None or floored < cap else cap
    return raw, shown, score, category(shown)


def two_decimals(value: Fraction) -> Fraction:
    """Half away from zero, found by comparing the remainder with one half."""
    cents = abs(value) * 100
    whole = cents.numerator // cents.denominator
    if cents - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 100)


def category(shown: Fraction) -> str:
    if shown >= 91:
        return "Sangat Tinggi"
    if shown >= 76:
        return "Tinggi"
    if shown >= 66:
        return "Sedang"
    if shown >= 51:
        return "Rendah"
    return "Sangat Rendah"
