"""Efficiency, survey and self-assessment beyond their worked cases."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from capaian.formulas.efficiency import (
    Output,
    absorption,
    absorption_ratio,
    pmk_efficiency,
    pmk_value,
    simple_efficiency,
    unused_budget,
)
from capaian.formulas.lke_frameworks import FRAMEWORKS, LKE_2015, LKE_2021
from capaian.formulas.satisfaction import ELEMENTS, Element, sample_size, survey, survey_of_totals
from capaian.formulas.self_assessment import GRADES, assess, part_value, share_grade

RESPONDENTS = Path(__file__).parent / "data" / "skm_respondents.csv"


def test_simple_efficiency_is_exact() -> None:
    assert simple_efficiency(Decimal("107.98"), Decimal("85.47")) == Fraction(2251, 100)
    assert unused_budget(Fraction(1, 3)) == Fraction(299, 3)
    assert absorption_ratio(Decimal(50), Decimal(25)) == Fraction(1, 2)
    assert absorption_ratio(Decimal(0), Decimal(25)) is None
    assert absorption(200, 50) == 25
    assert absorption(0, 50) is None


def test_pmk_efficiency_adds_outputs_before_dividing() -> None:
    outputs = [Output(1000, 900, 100), Output(1000, 850, 95)]
    assert pmk_efficiency(outputs) == Fraction(200, 1950) * 100
    assert pmk_efficiency([]) is None
    assert pmk_efficiency([Output(0, 900, 100)]) is None
    assert pmk_efficiency([Output(1000, 900, 100), Output(1000, 0, 0)]) is None
    assert pmk_efficiency([Output(1000, 500, 100), Output(-1000, 500, 100)]) is None


@pytest.mark.parametrize(
    ("efficiency", "value"), [(-21, 0), (-20, 0), (-10, 25), (0, 50), (10, 75), (20, 100), (21, 100)]
)
def test_pmk_value_is_clamped(efficiency: int, value: str | None) -> None:
    assert pmk_value(efficiency) == value


def test_a_published_survey_of_49_people() -> None:
    with RESPONDENTS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    answers = {key: [int(row[f"U{place}"]) for row in rows] for place, key in enumerate(ELEMENTS, 1)}
    result = survey(answers)
    totals = survey_of_totals({key: sum(scores) for key, scores in answers.items()}, len(rows))
    assert len(rows) == 49
    assert result == totals
    assert [element.answers for element in result.elements] == [49] * 9
    by_hand = Fraction(sum(sum(scores) for scores in answers.values()), 49 * 9) * 25
    assert result.exact == by_hand
    assert result.quality is not None


def test_missing_answers_leave_and_are_counted() -> None:
    result = survey({"waktu": [4, None, 3], "biaya": [2, 2, None]})
    assert [(element.key, element.answers, element.mean) for element in result.elements] == [
        ("waktu", 2, Fraction(7, 2)),
        ("biaya", 2, Fraction(2)),
    ]
    assert (result.index, result.exact, result.shown) == (Fraction(11, 4), Fraction(275, 4), Decimal("68.75"))
    assert result.quality is not None
    assert result.quality.label == "C (Kurang baik)"
    silent = survey({"waktu": [4], "biaya": [None]})
    assert (silent.elements[1].mean, silent.index, silent.exact, silent.shown, silent.quality) == (None,) * 5
    assert survey({}).index is None
    assert Element("waktu", 0, 0).mean is None


def test_the_highest_index_is_one_hundred_with_exact_weights() -> None:
    """With the printed weight 0,11 it would be 99."""
    best = survey({key: [4] for key in ELEMENTS})
    assert (best.index, best.shown) == (Fraction(4), Decimal("100.00"))
    assert survey({key: [1] for key in ELEMENTS}).shown == Decimal("25.00")


@pytest.mark.parametrize("score", [0, 5, -1])
def test_scores_outside_the_form_are_refused(score: int) -> None:
    with pytest.raises(ValueError, match=r"^a score of waktu is outside 1-4$"):
        survey({"waktu": [score]})


@pytest.mark.parametrize(
    ("index", "label"),
    [("88.31", "A"), ("88.30", "B"), ("76.61", "B"), ("76.60", "C"), ("65", "C"), ("64.99", "D"), ("88.305", "A")],
)
def test_quality_follows_the_rounded_number(index: str, label: str) -> None:
    total = Fraction(index) * 40
    result = survey_of_totals({"x": total}, 1000)  # type: ignore[dict-item]
    assert result.exact == Fraction(index)
    assert result.quality is not None
    assert result.quality.label[0] == label


def test_samples_need_a_population() -> None:
    assert sample_size(1) == 1
    with pytest.raises(ValueError, match=r"^a population has at least one member$"):
        sample_size(0)


def test_weights_of_both_regulations_total_one_hundred() -> None:
    for framework in FRAMEWORKS:
        assert sum(part.weight for part in framework.parts) == 100
        assert len({part.code for part in framework.parts}) == len(framework.parts)
    thirds = [sum(part.weight for part in LKE_2021.parts if part.code.endswith(letter)) for letter in "abc"]
    assert thirds == [20, 30, 50]
    assert (LKE_2015.valid_to, LKE_2021.valid_from, LKE_2021.valid_to) == (2020, 2021, None)
    assert [part.weight for part in LKE_2015.parts if part.code in ("1a", "1b", "1c", "2a", "2b", "2c")] == [
        2,
        5,
        3,
        4,
        10,
        6,
    ]
    assert " ".join(str(part.weight) for part in LKE_2021.parts) == "6 9 15 6 9 15 3 4.5 7.5 5 7.5 12.5"


def test_the_total_stands_only_when_everything_is_graded() -> None:
    grades = {part.code: "AA" for part in LKE_2021.parts}
    assert assess(LKE_2021, grades).total == Decimal("100.00")
    part = assess(LKE_2021, {"2a": "BB", "2b": "B", "2c": "CC"})
    assert (part.complete, part.total, part.predicate) == (False, None, None)
    assert (part.points, part.component("2"), part.component("1")) == (
        Fraction(201, 10),
        Fraction(201, 10),
        Fraction(0),
    )
    with pytest.raises(KeyError):
        assess(LKE_2021, {"9z": "A"})
    with pytest.raises(KeyError):
        part_value(Decimal(6), "F")
    assert [part_value(10, grade) for grade in GRADES] == [10, 9, 8, 7, 6, 5, 3, 0]


def test_a_predicate_is_reached_only_above_its_bound() -> None:
    """80,00 is BB; an application that uses "at least" would print A."""
    grades = {part.code: "BB" for part in LKE_2021.parts}
    bb = assess(LKE_2021, grades)
    assert (bb.total, bb.predicate.label) == (Decimal("80.00"), "BB (Sangat Baik)")  # type: ignore[union-attr]
    better = assess(LKE_2021, {**grades, "1a": "A"})
    assert (better.total, better.predicate.label) == (Decimal("80.60"), "A (Memuaskan)")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("met", "criteria", "grade"),
    [(4, 4, "BB"), (79, 100, "B"), (75, 100, "CC"), (76, 100, "B"), (51, 100, "CC"), (50, 100, "C"), (26, 100, "C"),
     (25, 100, "D"), (1, 100, "D"), (0, 100, "E")],
)  # fmt: skip
def test_gradation_of_a_share(met: int, criteria: int, grade: str) -> None:
    assert share_grade(met, criteria) == grade


@pytest.mark.parametrize(("met", "criteria"), [(1, 0), (0, 0), (5, 4), (-1, 4)])
def test_impossible_shares_are_refused(met: int, criteria: int) -> None:
    with pytest.raises(ValueError, match=r"^criteria met must lie between 0 and the number of criteria$"):
        share_grade(met, criteria)
