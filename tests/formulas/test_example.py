"""The invented actual misses the target a little, whatever the polarity; without a target there is no number."""

from decimal import Decimal

import pytest

from capaian.formulas.example import example
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import OPINION
from capaian.formulas.rule import Rule

CASES = [
    ("maximize", {"target": Decimal(80)}, "72 ÷ 80 × 100 = 90,00"),
    ("minimize", {"target": Decimal(10)}, "(2 × 10 − 11) ÷ 10 × 100 = 90,00"),
    ("minimize_ratio", {"target": Decimal(10)}, "10 ÷ 11 × 100 = 90,91"),
    ("stabilize", {"target": Decimal(10)}, "= 90,00"),
    ("range_max", {"low": Decimal(20), "high": Decimal(27)}, "18 ÷ 20 × 100 = 90,00"),
    ("predicate", {"letter": "BB"}, "B (4) ÷ BB (5) × 100 = 80,00"),
    ("milestone", {}, "= 100,00"),
]


@pytest.mark.parametrize(("polarity", "target", "working"), CASES)
def test_example(polarity: str, target: dict[str, Decimal], working: str) -> None:
    assert example(Rule(Polarity(polarity)), **target).working.endswith(working)  # type: ignore[arg-type]


def test_the_lowest_letter_has_no_lower_one() -> None:
    result = example(Rule(Polarity.PREDICATE, ordinals=OPINION), letter="WDP")
    assert result.working.endswith("= 100,00")


@pytest.mark.parametrize("polarity", ["maximize", "minimize", "stabilize", "range_min"])
def test_without_a_target_there_is_no_number(polarity: str) -> None:
    result = example(Rule(Polarity(polarity)))
    assert (result.working, result.reason != "") == ("", True)
