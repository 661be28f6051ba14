"""The codes of explanations, which programs read; the sentences are tested through the command."""

from decimal import Decimal
from fractions import Fraction

import pytest

from capaian.formulas.achievement import achieve, achieve_milestone, achieve_predicate, achieve_range
from capaian.formulas.polarity import Polarity
from capaian.formulas.published import Finding, Previous, Published, difference, find
from capaian.formulas.result import Result
from capaian.formulas.rule import Rule


def printed(text: str | None) -> Published | None:
    return None if text is None else Published(Decimal(text), len(text.partition(".")[2]))


def measured(polarity: str, target: str | None, actual: str | None, cap: str | None = "120") -> Result:
    rule = Rule(Polarity(polarity), cap=None if cap is None else Decimal(cap), negative_target=True)
    return achieve(rule, *(None if text is None else Decimal(text) for text in (target, actual)))


@pytest.mark.parametrize(
    ("row", "figure", "code", "text"),
    [
        (("maximize", "80", "72"), "90", "equal", "sama"),
        (("maximize", "3", "1"), "33", "printed", "sama dalam 0 desimal tercetak"),
        (("maximize", "80", "72"), None, "no_figure", "tidak ada angka terbit"),
        (("maximize", "75", "120"), "120", "score", "mencetak skor yang dibatasi, bukan capaian"),
        (("maximize", "3", "2"), "66.66", "own_truncated", "rumus sama, dipotong, tidak dibulatkan"),
        (("maximize", "16", "1"), "6.2", "own_truncated", "rumus sama, dipotong, tidak dibulatkan"),
        (("maximize", "3", "2"), "67.00", "own_whole", "rumus sama, dibulatkan ke bilangan bulat"),
        (("maximize", "3", "2"), "66.00", "own_whole_truncated", "rumus sama, dipotong ke bilangan bulat"),
        (("maximize", "75", "120"), "150", "own_capped", "rumus sama, dibatasi 150"),
        (("maximize", "75", "1200"), "200", "own_capped", "rumus sama, dibatasi 200"),
        (("maximize", "100", "111"), "110", "own_capped", "rumus sama, dibatasi 110"),
        (("maximize", "100", "110"), "110", "equal", "sama"),
        (("minimize", "10", "8"), "80", "ratio", "memakai R ÷ T"),
        (("maximize", "10", "12"), "80", "linear", "memakai (2T − R) ÷ T"),
        (("minimize", "10", "8"), "125", "inverse", "memakai T ÷ R"),
        (("minimize", "10", "5"), "50", "ratio", "memakai R ÷ T"),
        (("minimize", "10", "0"), "0", "ratio", "memakai R ÷ T"),
        (("minimize", "10", "8"), "20", "gap", "memakai (T − R) ÷ T"),
        (("maximize", "10", "12"), "20", "growth", "memakai (R − T) ÷ T"),
        (("minimize", "7", "9"), "77.7", "inverse_truncated", "memakai T ÷ R, dipotong, tidak dibulatkan"),
        (("minimize", "10", "15"), "100", "ratio_capped", "memakai R ÷ T, dibatasi 100"),
        (("maximize", "10", "35"), "0", "linear_floored", "memakai (2T − R) ÷ T, dinaikkan menjadi 0"),
        (("maximize", "93", "50"), "50", "repeats_actual", "mengulang realisasi"),
        (("maximize", "80", "30"), "80", "repeats_target", "mengulang target"),
        (("maximize", "80", "93"), "13", "subtraction", "selisih R − T, bukan persentase"),
        (("maximize", "80", "72"), "0.9", "not_times_100", "tidak dikali 100"),
        (("maximize", "80", "72"), "9", "decimal_sign", "tanda desimal bergeser ke kiri"),
        (("maximize", "80", "72"), "900", "decimal_sign", "tanda desimal bergeser ke kanan"),
        (("maximize", "80", "72"), "9000", "decimal_sign", "tanda desimal bergeser dua angka ke kanan"),
        (("maximize", "1000", "854.5"), "84.55", "swapped_digits", "dua angka tertukar"),
        (("maximize", "1000", "854.5"), "58.45", "swapped_digits", "dua angka tertukar"),
        (("maximize", "1000", "854.5"), "85.54", "swapped_digits", "dua angka tertukar"),
        (("maximize", "1000", "854.5"), "54.85", "unexplained", "tidak dapat dijelaskan"),
        (("maximize", "7", "3"), "99", "unexplained", "tidak dapat dijelaskan"),
        (("maximize", "0", "5"), "100", "zero_target", "target nol: capaian tidak terdefinisi, sumber mencetak 100"),
        (("maximize", "0", "0"), "0", "zero_target", "target nol: capaian tidak terdefinisi, sumber mencetak 0"),
        (("maximize", "5", None), "0", "no_actual", "realisasi kosong, sumber menganggapnya nol"),
        (("maximize", "5", None), "1.5", "no_actual", "realisasi kosong, sumber mencetak 1,5"),
        (("maximize", None, "5"), "100", "no_target", "target kosong, sumber mencetak 100"),
        (
            ("minimize_ratio", "5", "-1"),
            "7",
            "not_computable",
            "T ÷ R tidak berlaku untuk realisasi negatif, sumber mencetak 7",
        ),
    ],
)
def test_findings(row: tuple[str, str | None, str | None], figure: str | None, code: str, text: str) -> None:
    assert find(measured(*row), printed(figure)) == Finding(code, text)


def test_a_half_rounded_to_even_is_seen() -> None:
    """31,25 : 1000 gives 3,125; rounded half up 3,13, half to even 3,12, which cutting gives as well."""
    assert find(measured("maximize", "800", "25.08"), printed("3.14")).code == "equal"
    assert find(measured("maximize", "800", "25.16"), printed("3.14")).code == "own_truncated"
    half = measured("minimize", "800", "1626.92")
    assert half.exact == Fraction(-673, 200)
    assert find(half, printed("-3.36")).code == "own_truncated"
    assert find(half, printed("-3.37")).code == "printed"


def test_a_negative_figure_raised_to_zero_is_the_shown_one() -> None:
    assert find(measured("minimize", "10", "30"), printed("0")) == Finding("equal", "sama")
    assert find(measured("minimize", "10", "30"), printed("-100")).code == "printed"


def test_bounds_of_a_range_are_named() -> None:
    above = achieve_range(Rule(Polarity.RANGE_MIN), 7, 8, 9)
    assert find(above, printed("112.5")) == Finding("ratio", "memakai R ÷ T (batas U)")
    assert find(above, printed("71.43")) == Finding("linear", "memakai (2T − R) ÷ T (batas L)")
    assert find(above, printed("9")) == Finding("repeats_actual", "mengulang realisasi")
    inside = achieve_range(Rule(Polarity.RANGE_MAX), 0, 10, 5)
    assert find(inside, printed("50")) == Finding("ratio", "memakai R ÷ T (batas U)")


def test_letters_and_milestones() -> None:
    letters = achieve_predicate(Rule(Polarity.PREDICATE), "BB", "B")
    assert find(letters, printed("125")).code == "inverse"
    done = achieve_milestone(Rule(Polarity.MILESTONE), done=True)
    assert find(done, printed("100")).code == "equal"
    assert find(done, printed("50")).code == "unexplained"
    assert find(done, printed("1")).code == "repeats_actual"


def test_the_row_above() -> None:
    result = measured("maximize", "80", "48")
    assert find(result, printed("90"), Previous(Decimal("90.00"), None)).code == "previous_row"
    assert find(result, printed("91"), Previous(None, Decimal(91))).code == "previous_row"
    assert find(result, printed("91"), Previous(Decimal(90), Decimal(92))).code == "unexplained"
    assert find(result, printed("60"), Previous(Decimal(60), Decimal(60))).code == "equal"


def test_differences() -> None:
    assert difference(measured("maximize", "3", "1"), printed("33.333")) == Decimal("0.003")
    assert difference(measured("minimize", "10", "30"), printed("-100")) == Decimal("-100.00")
    assert difference(measured("maximize", "0", "1"), printed("33")) is None
    assert difference(measured("maximize", "3", "1"), None) is None
