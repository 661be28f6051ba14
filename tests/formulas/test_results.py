"""Results explain themselves, and what has no number says why."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest

from capaian.formulas import absence
from capaian.formulas.absence import Absence
from capaian.formulas.achievement import (
    achieve,
    achieve_milestone,
    achieve_predicate,
    achieve_range,
    achieve_stages,
    without_number,
)
from capaian.formulas.polarity import LABELS, NAMES, Polarity, polarity_named
from capaian.formulas.predicates import OPINION, ordinals_of
from capaian.formulas.result import Result
from capaian.formulas.rounding import decimal_of, divided, half_up, quotient, rounded
from capaian.formulas.rule import Rule
from capaian.formulas.shipped_scales import KEMENKEU


def test_a_result_tells_inputs_formula_working_and_category() -> None:
    result = achieve(Rule(Polarity.MINIMIZE), Decimal(10), Decimal(8))
    assert result.explanation == (
        "Target 10; realisasi 8.",
        "Rumus: Semakin rendah semakin baik, linear, (2T − R) ÷ T × 100.",
        "(2 × 10 − 8) ÷ 10 × 100 = 120,00.",
        "Kategori Sangat Tinggi, karena 120,00 ≥ 91.",
    )
    assert result.reason == ""


def test_floor_and_cap_are_told() -> None:
    below = achieve(Rule(Polarity.MINIMIZE), Decimal(10), Decimal(30))
    assert below.explanation[2:] == (
        "(2 × 10 − 30) ÷ 10 × 100 = −100,00.",
        "Ditampilkan 0,00 karena capaian di bawah nol.",
        "Kategori Sangat Rendah, karena 0,00 belum mencapai ≥ 51.",
    )
    above = achieve(Rule(cap=Decimal(110)), Decimal(1000), Decimal("1234.5"))
    assert above.explanation[2:] == (
        "1.234,5 ÷ 1.000 × 100 = 123,45.",
        "Skor 110,00 karena dibatasi 110.",
        "Kategori Sangat Tinggi, karena 123,45 ≥ 91.",
    )
    assert (above.raw, above.shown, above.score) == (Decimal("123.45"), Decimal("123.45"), Decimal("110.00"))
    free = achieve(Rule(cap=None), Decimal(10), Decimal(25))
    assert free.score == Decimal("250.00")
    assert len(free.explanation) == 4


def test_a_middle_category_names_both_bounds() -> None:
    result = achieve(Rule(), Decimal(1000), Decimal("909.9"))
    assert result.explanation[-1] == "Kategori Tinggi, karena 90,99 ≥ 76 dan belum mencapai ≥ 91."
    other = achieve(Rule(scale=KEMENKEU), Decimal(100), Decimal(85))
    assert other.explanation[-1] == "Kategori Kuning, karena 85,00 ≥ 80 dan belum mencapai ≥ 100."


def test_negative_numbers_stand_in_parentheses() -> None:
    rule = Rule(Polarity.MINIMIZE, negative_target=True)
    assert achieve(rule, Decimal(-2), Decimal(-3)).working == "100 − ((−3) − (−2)) ÷ |(−2)| × 100 = 150,00"
    rule = Rule(negative_target=True)
    assert achieve(rule, Decimal(-2), Decimal(-1)).working == "100 + ((−1) − (−2)) ÷ |(−2)| × 100 = 150,00"


@pytest.mark.parametrize(
    ("result", "working"),
    [
        (lambda: achieve(Rule(Polarity.STABILIZE), Decimal(50), Decimal(60)), "200 − 60 ÷ 50 × 100 = 80,00"),
        (lambda: achieve(Rule(Polarity.STABILIZE), Decimal(50), Decimal(40)), "40 ÷ 50 × 100 = 80,00"),
        (lambda: achieve(Rule(Polarity.STABILIZE), Decimal(0), Decimal(0)), "target 0 dan realisasi 0 sama = 100,00"),
        (
            lambda: achieve(Rule(Polarity.STABILIZE, tolerance=Decimal(5)), Decimal(100), Decimal(95)),
            "|95 − 100| ÷ |100| dalam toleransi = 100,00",
        ),
        (
            lambda: achieve(Rule(Polarity.STABILIZE, negative_target=True), Decimal(-4), Decimal(-5)),
            "100 − |(−5) − (−4)| ÷ |(−4)| × 100 = 75,00",
        ),
        (
            lambda: achieve(Rule(Polarity.MINIMIZE), Decimal(0), Decimal(0)),
            "target 0 dan realisasi 0 terpenuhi = 100,00",
        ),
        (lambda: achieve(Rule(Polarity.MINIMIZE), Decimal(0), Decimal(2)), "target 0 tetapi realisasi 2 = 0,00"),
        (
            lambda: achieve(Rule(Polarity.MINIMIZE_RATIO), Decimal(10), Decimal(0)),
            "target 10, realisasi 0: diambil batas skor = 120,00",
        ),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), 80, 90, 85), "85 di dalam 80 sampai 90 = 100,00"),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), 80, 90, 92), "92 ÷ 90 × 100 = 102,22"),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), 80, 90, 70), "70 ÷ 80 × 100 = 87,50"),
        (lambda: achieve_range(Rule(Polarity.RANGE_MIN), 7, 8, 9), "(2 × 8 − 9) ÷ 8 × 100 = 87,50"),
        (lambda: achieve_predicate(Rule(Polarity.PREDICATE), "BB", "b "), "B (4) ÷ BB (5) × 100 = 80,00"),
        (lambda: achieve_milestone(Rule(Polarity.MILESTONE), done=True), "selesai = 100,00"),
        (lambda: achieve_milestone(Rule(Polarity.MILESTONE), done=False), "belum selesai = 0,00"),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), 5, 4), "4 ÷ 5 × 100 = 80,00"),
        (lambda: achieve(Rule(), Fraction(1, 3), Fraction(1, 3)), "0,333333… ÷ 0,333333… × 100 = 100,00"),
    ],
)
def test_working(result: Callable[[], Result], working: str) -> None:
    assert result().working == working


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: achieve(Rule(), Decimal(100), None), absence.NO_ACTUAL),
        (lambda: achieve(Rule(), None, Decimal(1)), absence.NO_TARGET),
        (lambda: achieve(Rule(), None, None), absence.NO_TARGET),
        (lambda: achieve(Rule(), Decimal(0), Decimal(0)), absence.ZERO_TARGET),
        (lambda: achieve(Rule(), Decimal(0), Decimal(5)), absence.ZERO_TARGET_ACTUAL),
        (lambda: achieve(Rule(Polarity.STABILIZE), Decimal(0), Decimal(5)), absence.ZERO_TARGET),
        (lambda: achieve(Rule(), Decimal(-2), Decimal(5)), absence.NEGATIVE_TARGET),
        (lambda: achieve(Rule(Polarity.MINIMIZE), Decimal(-2), Decimal(5)), absence.NEGATIVE_TARGET),
        (lambda: achieve(Rule(Polarity.STABILIZE), Decimal(-2), Decimal(5)), absence.NEGATIVE_TARGET),
        (lambda: achieve(Rule(Polarity.MINIMIZE_RATIO), Decimal(-2), Decimal(5)), absence.NEGATIVE_TARGET),
        (lambda: achieve(Rule(Polarity.MINIMIZE_RATIO), Decimal(2), Decimal(-5)), absence.RATIO_NEGATIVE),
        (lambda: achieve(Rule(Polarity.MINIMIZE_RATIO, cap=None), Decimal(2), Decimal(0)), absence.RATIO_ZERO),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), None, 1, 1), absence.NO_TARGET),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), 1, None, 1), absence.NO_TARGET),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), 1, 1, None), absence.NO_ACTUAL),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), None, None, None), absence.NO_TARGET),
        (lambda: achieve_range(Rule(Polarity.RANGE_MAX), 0, 1, -1), absence.ZERO_TARGET_ACTUAL),
        (lambda: achieve_range(Rule(Polarity.RANGE_MIN), -2, -1, -5), absence.NEGATIVE_TARGET),
        (lambda: achieve_predicate(Rule(Polarity.PREDICATE), "", "A"), absence.NO_TARGET),
        (lambda: achieve_predicate(Rule(Polarity.PREDICATE), "A", None), absence.NO_ACTUAL),
        (lambda: achieve_predicate(Rule(Polarity.PREDICATE), "E", "E"), absence.ZERO_TARGET),
        (lambda: achieve_milestone(Rule(Polarity.MILESTONE), done=None), absence.NO_ACTUAL),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), None, 1), absence.NO_TARGET),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), 1, None), absence.NO_ACTUAL),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), 0, 0), absence.ZERO_TARGET),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), 5, 6), absence.OUTSIDE_STAGES),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), 5, -1), absence.OUTSIDE_STAGES),
        (lambda: without_number(Rule(), absence.WAITING_RELEASE), absence.WAITING_RELEASE),
    ],
)
def test_without_a_number_there_is_a_reason_and_no_figure(made: Callable[[], Result], reason: Absence) -> None:
    result = made()
    assert result.absence is reason
    assert result.reason == reason.text
    figures = (result.raw, result.shown, result.score, result.score_exact, result.exact, result.category, result.level)
    assert figures == (None,) * 7
    assert result.working == ""
    assert result.explanation[-1] == f"Tidak dapat dihitung: {reason.text}."


@pytest.mark.parametrize(
    ("result", "names", "given"),
    [
        (lambda: achieve(Rule(), 10, 8), ["T", "R"], "Target 10; realisasi 8."),
        (
            lambda: achieve_range(Rule(Polarity.RANGE_MAX), 7, 8, 9),
            ["L", "U", "R"],
            "Batas bawah 7; batas atas 8; realisasi 9.",
        ),
        (
            lambda: achieve_range(Rule(Polarity.RANGE_MAX), None, 8, 9),
            ["L", "U", "R"],
            "Batas bawah tidak ada; batas atas 8; realisasi 9.",
        ),
        (
            lambda: achieve_predicate(Rule(Polarity.PREDICATE), "bb", " b"),
            ["T", "R"],
            "Target BB (5); realisasi B (4).",
        ),
        (
            lambda: achieve_predicate(Rule(Polarity.PREDICATE), " ", None),
            ["T", "R"],
            "Target tidak ada; realisasi tidak ada.",
        ),
        (lambda: achieve_milestone(Rule(Polarity.MILESTONE), done=True), ["R"], "Realisasi selesai."),
        (lambda: achieve_milestone(Rule(Polarity.MILESTONE), done=False), ["R"], "Realisasi belum selesai."),
        (lambda: achieve_milestone(Rule(Polarity.MILESTONE), done=None), ["R"], "Realisasi tidak ada."),
        (lambda: achieve_stages(Rule(Polarity.MILESTONE), 5, 4), ["T", "R"], "Jumlah tahap 5; tahap selesai 4."),
    ],
)
def test_inputs_have_names_and_labels(result: Callable[[], Result], names: list[str], given: str) -> None:
    assert [item.name for item in result().inputs] == names
    assert result().explanation[0] == given
    assert set(names) < set(result().facts())


def test_values_of_letters_and_milestones() -> None:
    letters = achieve_predicate(Rule(Polarity.PREDICATE), "BB", "E")
    assert [item.value for item in letters.inputs] == [5, 0]
    assert letters.shown == Decimal("0.00")
    assert [item.value for item in achieve_milestone(Rule(Polarity.MILESTONE), done=True).inputs] == [1]
    assert [item.value for item in achieve_milestone(Rule(Polarity.MILESTONE), done=False).inputs] == [0]
    with pytest.raises(KeyError, match="WTP"):
        achieve_predicate(Rule(Polarity.PREDICATE), "BB", "WTP")
    with pytest.raises(ValueError, match=r"^lower bound above upper bound$"):
        achieve_range(Rule(Polarity.RANGE_MAX), 2, 1, 1)
    with pytest.raises(ValueError, match=r"^cap must be positive$"):
        Rule(cap=Decimal(-1))
    with pytest.raises(ValueError, match=r"^tolerance must not be negative$"):
        Rule(tolerance=Decimal(-1))
    with pytest.raises(ValueError, match=r"^not a finite number: NaN$"):
        quotient(Decimal("NaN"))
    with pytest.raises(ValueError, match=r"^more than 60 digits before or after the decimal sign$"):
        quotient(Decimal("1E+61"))
    with pytest.raises(TypeError, match=r"^exact numbers only, not float$"):
        quotient(0.5)  # type: ignore[arg-type]


def test_zero_and_the_cap_are_told_apart() -> None:
    zero = achieve(Rule(), 10, 0)
    assert zero.explanation[2:] == ("0 ÷ 10 × 100 = 0,00.", "Kategori Sangat Rendah, karena 0,00 belum mencapai ≥ 51.")
    at_cap = achieve(Rule(), 10, 12)
    assert at_cap.explanation[2:] == ("12 ÷ 10 × 100 = 120,00.", "Kategori Sangat Tinggi, karena 120,00 ≥ 91.")
    assert achieve(Rule(cap=Decimal("1E+2")), 10, 12).facts()["cap"] == "100"
    assert achieve(Rule(), Decimal("1234567.5"), 0).facts()["T"] == "1234567.5"


def test_reasons_have_their_own_code_and_words() -> None:
    reasons = [value for value in vars(absence).values() if isinstance(value, absence.Absence)]
    assert len(reasons) == 15
    assert len({reason.code for reason in reasons}) == len({reason.text for reason in reasons}) == len(reasons)


def test_every_polarity_has_its_formula() -> None:
    codes = {
        achieve(Rule(polarity), 1, 1).formula.code for polarity in Polarity if polarity in ("maximize", "minimize")
    }
    assert codes == {"maximize", "minimize"}
    assert achieve(Rule(Polarity.MINIMIZE_RATIO), 1, 1).formula.code == "minimize_ratio"
    assert achieve(Rule(Polarity.STABILIZE), 1, 1).formula.code == "stabilize"
    assert achieve_range(Rule(Polarity.RANGE_MIN), 1, 2, 3).formula.code == "range"
    assert achieve_range(Rule(Polarity.RANGE_MAX), 1, 2, 3).formula.code == "range"
    assert achieve_predicate(Rule(Polarity.PREDICATE), "A", "A").formula.code == "predicate"
    assert achieve_milestone(Rule(Polarity.MILESTONE), done=True).formula.code == "milestone"


def test_facts_and_digest_cover_everything_that_was_decided() -> None:
    result = achieve(Rule(Polarity.STABILIZE, tolerance=Decimal("2.50")), Decimal("1E+2"), Decimal("1.230"))
    assert result.facts() == {
        "formula": "stabilize/1", "scale": "permendagri/1", "cap": "120", "tolerance": "2.5", "T": "100", "R": "1.23",
        "raw": "1.23", "shown": "1.23", "score": "1.23", "category": "Sangat Rendah", "reason": None,
    }  # fmt: skip
    same = achieve(Rule(Polarity.STABILIZE, tolerance=Decimal("2.5")), Decimal(100), Decimal("1.23"))
    other = achieve(Rule(Polarity.STABILIZE, tolerance=Decimal("2.5")), Decimal(100), Decimal("1.24"))
    assert result.digest == same.digest != other.digest
    assert len(result.digest) == 64
    nothing = achieve(Rule(cap=None), None, Decimal(5))
    assert nothing.facts()["reason"] == "no_target"
    assert nothing.facts()["T"] is None
    assert nothing.facts()["raw"] is None
    assert nothing.explanation[0] == "Target tidak ada; realisasi 5."
    letters = achieve_predicate(Rule(Polarity.PREDICATE), "BB", "B").facts()
    assert (letters["T"], letters["R"]) == ("BB (5)", "B (4)")


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+61"), Decimal("1E-61")])
def test_absurd_numbers_are_refused(wrong: Decimal) -> None:
    with pytest.raises(ValueError):
        achieve(Rule(), Decimal(1), wrong)
    assert achieve(Rule(), Decimal("1E+60"), Decimal("1E-60")).shown == Decimal("0.00")


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        achieve(Rule(), 0.1, Decimal(1))  # type: ignore[arg-type]


def test_rules_are_checked() -> None:
    with pytest.raises(ValueError):
        Rule(cap=Decimal(0))
    with pytest.raises(ValueError):
        Rule(tolerance=Decimal(-1))
    assert Rule(tolerance=Decimal(0)).cap == Decimal(120)
    with pytest.raises(ValueError):
        achieve_range(Rule(Polarity.RANGE_MAX), 2, 1, 1)
    assert achieve_range(Rule(Polarity.RANGE_MAX), 1, 1, 1).shown == Decimal("100.00")
    with pytest.raises(KeyError):
        achieve(Rule(Polarity.RANGE_MAX), 1, 1)
    with pytest.raises(KeyError):
        achieve_range(Rule(Polarity.MAXIMIZE), 1, 1, 1)
    with pytest.raises(KeyError):
        achieve_predicate(Rule(Polarity.PREDICATE), "BB", "WTP")


def test_names_of_polarities() -> None:
    assert polarity_named("") is Polarity.MAXIMIZE
    assert polarity_named("  ") is Polarity.MAXIMIZE
    assert polarity_named("Semakin Rendah Semakin Baik") is Polarity.MINIMIZE
    assert polarity_named("MINIMIZE-RATIO") is Polarity.MINIMIZE_RATIO
    assert polarity_named("sideways") is None
    for polarity in Polarity:
        assert polarity_named(polarity.value) is polarity
        assert all(polarity_named(name) is polarity for name in NAMES[polarity])
        assert polarity.label == LABELS[polarity]


def test_letters_belong_to_a_set() -> None:
    assert ordinals_of("wtp") is OPINION
    assert ordinals_of("TMP") is None
    assert [ordinals.code for letter in ("AA", "E", "WDP") if (ordinals := ordinals_of(letter))] == [
        "sakip",
        "sakip",
        "opini",
    ]


def test_rounding_is_half_away_from_zero_once() -> None:
    assert [half_up(number, 8, 2) for number in (1, -1, 25, 0)] == [13, -13, 313, 0]
    assert half_up(5, 2, 0) == 3
    assert half_up(-5, 2, 0) == -3
    assert half_up(249, 100, 0) == 2
    assert rounded(Decimal("2.345")) == Decimal("2.35")
    assert rounded(Fraction(1, 32) * 100, 2) == Decimal("3.13")
    assert str(rounded(7)) == "7.00"
    assert str(decimal_of(0, 2)) == "0.00"
    assert str(decimal_of(-5, 2)) == "-0.05"
    assert str(divided(1, 3)) == "0." + "3" * 50
    assert divided(1, 8) == Decimal("0.125")
    assert quotient(Decimal("2.50")) == (5, 2)
