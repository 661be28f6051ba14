"""Every worked case of the standard comes out exactly, and the standard holds every case of its sources."""

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from capaian.formulas.achievement_cases import LABELS, ROWS
from capaian.formulas.catalogue import FORMULAS, formula
from capaian.formulas.formula import Case
from capaian.formulas.polarity import Polarity
from tests.formulas.worked import measured, outcome

SOURCE = Path(__file__).parent / "data" / "worked_cases.csv"
NAMES = {
    "max": Polarity.MAXIMIZE,
    "min(2T−R)": Polarity.MINIMIZE,
    "min(T/R)": Polarity.MINIMIZE_RATIO,
    "stab": Polarity.STABILIZE,
    "stab ±5%": Polarity.STABILIZE,
    "range max": Polarity.RANGE_MAX,
    "range min": Polarity.RANGE_MIN,
    "predicate": Polarity.PREDICATE,
}
ALL_CASES = [(each.code, case) for each in FORMULAS for case in each.cases]


@pytest.mark.parametrize(("code", "case"), ALL_CASES, ids=[case.code for _, case in ALL_CASES])
def test_case(code: str, case: Case) -> None:
    assert outcome(code, case) == dict(case.expected)


def test_the_source_table_is_in_the_standard_row_by_row() -> None:
    """The 44 rows as their source prints them, against the rows of the standard."""
    with SOURCE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 44
    for row, (code, polarity, target, actual, (raw, shown, score, level), _) in zip(rows, ROWS, strict=False):
        assert (row["case"], NAMES[row["polarity"]]) == (code, polarity)
        assert source_number(row["target"]) == target.replace("..", "–").removesuffix(" ±5%")
        assert source_number(row["actual"]) == actual
        for printed, ours in ((row["raw"], raw), (row["shown"], shown), (row["score"], score)):
            assert (printed == "—") == (ours == "")
            assert printed == "—" or Fraction(printed) == Fraction(ours)
        assert (row["category"] if row["category"] != "—" else "") == level


def source_number(text: str) -> str:
    """`1.234,5 (=1234.5)` means 1234.5, `BB (=5)` the letter, `(null)` nothing."""
    if text == "(null)":
        return ""
    before, found, after = text.partition(" (=")
    return after.rstrip(")") if found and before[0].isdigit() else before


def test_every_formula_is_dated_cited_and_worded() -> None:
    keys = [each.key for each in FORMULAS]
    assert len(set(keys)) == len(keys)
    for each in FORMULAS:
        assert each.valid_from >= 2015
        assert each.basis
        assert each.words.endswith(".")
        assert each.cases or each.code in ("three_numbers", "index_interpolation")
        assert formula(each.code, each.valid_from) is each
        assert formula(each.code, 2026) is each
        with pytest.raises(KeyError):
            formula(each.code, each.valid_from - 1)
    with pytest.raises(KeyError):
        formula("unknown", 2026)


def test_case_codes_are_unique() -> None:
    codes = [case.code for _, case in ALL_CASES]
    assert len(set(codes)) == len(codes)
    assert set(LABELS.values()) >= {dict(case.expected).get("category", "") for _, case in ALL_CASES[:52]}


def test_a_published_pair_shows_why_the_formula_must_be_named() -> None:
    given = {"target": "88.82", "actual": "135.15", "tolerance": "", "polarity": "minimize"}
    assert measured(given).working == "(2 × 88,82 − 135,15) ÷ 88,82 × 100 = 47,84"
    assert measured({**given, "polarity": "minimize_ratio"}).working == "88,82 ÷ 135,15 × 100 = 65,72"


def test_a_replaced_version_ends_with_its_last_year() -> None:
    old = replace(FORMULAS[0], valid_from=2016, valid_to=2018)
    assert [old.in_force(year) for year in (2015, 2016, 2017, 2018, 2019)] == [False, True, True, True, False]
    assert replace(old, version=2).key == "maximize/2"
