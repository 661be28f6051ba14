"""The product and an independent implementation agree on a hundred thousand generated cases."""

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from capaian.formulas.achievement import achieve, achieve_range
from capaian.formulas.polarity import Polarity
from capaian.formulas.result import Result
from capaian.formulas.rule import Rule
from tests.formulas import oracle

CASES = 100_000
CAPS = (None, Decimal(100), Decimal(110), Decimal(120), Decimal(150), Decimal(200))
ONE_TARGET = (Polarity.MAXIMIZE, Polarity.MINIMIZE, Polarity.MINIMIZE_RATIO, Polarity.STABILIZE)
# denominators on which roundings meet exact halves often
TIES = (8, 16, 32, 40, 80, 120, 160, 200, 240, 400, 800)


def numbers(seed: int, count: int) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    """Targets and actuals of very different sizes, many of them ties, zeros, negatives and blanks."""
    source = random.Random(seed)
    for _ in range(count):
        kind = source.randrange(8)
        if kind < 3:
            yield Decimal(source.choice(TIES)), Decimal(source.randint(0, 1000))
        elif kind < 6:
            digits = source.randint(0, 6)
            yield tuple(Decimal(source.randint(-(10**9), 10**9)).scaleb(-digits) for _ in range(2))  # type: ignore[misc]
        elif kind == 6:
            yield Decimal(source.randint(-3, 3)), Decimal(source.randint(-5, 5))
        else:
            yield tuple(source.choice((None, Decimal(source.randint(1, 10**15)))) for _ in range(2))  # type: ignore[misc]


def as_oracle(result: Result) -> oracle.Answer:
    if result.absence is not None:
        return result.absence.code
    assert result.exact is not None
    assert result.shown is not None
    assert result.score_exact is not None
    assert result.category is not None
    return result.exact, Fraction(result.shown), result.score_exact, result.category


def fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


@pytest.mark.parametrize("polarity", ONE_TARGET)
def test_one_target(polarity: Polarity) -> None:
    source = random.Random(7)
    rules = [Rule(polarity, cap=cap, negative_target=True) for cap in CAPS]
    for target, actual in numbers(sum(map(ord, polarity)), CASES // 5):
        rule = source.choice(rules)
        expected = oracle.achievement(polarity.value, fraction(target), fraction(actual), fraction(rule.cap))
        assert as_oracle(achieve(rule, target, actual)) == expected


@pytest.mark.parametrize("polarity", [Polarity.RANGE_MAX, Polarity.RANGE_MIN])
def test_ranges(polarity: Polarity) -> None:
    source = random.Random(11)
    rules = [Rule(polarity, cap=cap, negative_target=True) for cap in CAPS]
    for _ in range(CASES // 10):
        low, high = sorted(Decimal(source.randint(-200, 2000)) / 8 for _ in range(2))
        actual, rule = Decimal(source.randint(-400, 4000)) / 16, source.choice(rules)
        expected = oracle.in_range(polarity.value, Fraction(low), Fraction(high), Fraction(actual), fraction(rule.cap))
        assert as_oracle(achieve_range(rule, low, high, actual)) == expected


def test_tolerance() -> None:
    source = random.Random(13)
    for _ in range(CASES // 20):
        target, actual = Decimal(source.randint(-50, 200)), Decimal(source.randint(-60, 260)) / 4
        tolerance = Decimal(source.randint(0, 40)) / 2
        rule = Rule(Polarity.STABILIZE, tolerance=tolerance, negative_target=True)
        expected = oracle.achievement(
            "stabilize", Fraction(target), Fraction(actual), Fraction(120), Fraction(tolerance)
        )
        assert as_oracle(achieve(rule, target, actual)) == expected


def test_a_wrong_formula_would_be_noticed() -> None:
    """Negative control: each rule of the product against the oracle of another one disagrees."""
    for polarity in ONE_TARGET:
        rule = Rule(polarity, negative_target=True)
        for other in ONE_TARGET:
            agree = all(
                as_oracle(achieve(rule, target, actual))
                == oracle.achievement(other.value, fraction(target), fraction(actual), Fraction(120))
                for target, actual in numbers(3, 200)
            )
            assert agree == (polarity is other)


def test_every_raw_figure_is_the_exact_one_to_twelve_decimals() -> None:
    for target, actual in numbers(17, 2000):
        result = achieve(Rule(negative_target=True), target, actual)
        if result.raw is not None and result.exact is not None:
            assert abs(Fraction(result.raw) - result.exact) <= Fraction(1, 2 * 10**12)
            assert result.raw.as_tuple().exponent == -12
            assert result.score is not None
            assert result.score_exact is not None
            assert Fraction(result.score) == oracle.two_decimals(result.score_exact)
