"""Scales: every number has exactly one level, levels rise with the number, faulty rows are named."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.formulas.achievement import achieve
from capaian.formulas.polarity import Polarity
from capaian.formulas.rule import Rule
from capaian.formulas.satisfaction import QUALITY
from capaian.formulas.scales import Level, Scale, scale_problems
from capaian.formulas.self_assessment import PREDICATES
from capaian.formulas.shipped_scales import PERMENDAGRI, SCALES, shipped_scale

ALL = (*SCALES, QUALITY, PREDICATES)
SHOWN = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


@pytest.mark.parametrize("scale", ALL, ids=lambda scale: scale.code)
@given(SHOWN)
def test_every_number_has_exactly_one_level(scale: Scale, shown: Decimal) -> None:
    holding = [place for place, level in enumerate(scale.levels) if level.holds(shown)]
    assert scale.level(shown) is scale.levels[holding[0]]
    # once a level is reached, every lower one is reached too
    assert holding == list(range(holding[0], len(scale.levels)))


@pytest.mark.parametrize("scale", ALL, ids=lambda scale: scale.code)
@given(SHOWN, SHOWN)
def test_more_is_never_lower(scale: Scale, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert scale.levels.index(scale.level(low)) >= scale.levels.index(scale.level(high))


@given(
    st.decimals(-(10**6), 10**6, places=4),
    st.decimals(-(10**6), 10**6, places=4),
    st.sampled_from(["maximize", "minimize"]),
)
def test_achievement_is_total_and_monotone(one: Decimal, other: Decimal, polarity: Polarity) -> None:
    rule = Rule(Polarity(polarity))
    low, high = (achieve(rule, Decimal(250), value) for value in sorted((one, other), reverse=polarity == "minimize"))
    assert low.raw is not None
    assert high.raw is not None
    assert low.raw <= high.raw
    assert low.score_exact is not None
    assert high.score_exact is not None
    assert low.score_exact <= high.score_exact
    assert rule.scale.levels.index(low.level) >= rule.scale.levels.index(high.level)


@pytest.mark.parametrize(
    ("scale", "shown", "label"),
    [
        ("permendagri", "91", "Sangat Tinggi"), ("permendagri", "90.99", "Tinggi"), ("permendagri", "76", "Tinggi"),
        ("permendagri", "75.99", "Sedang"), ("permendagri", "66", "Sedang"), ("permendagri", "65.99", "Rendah"),
        ("permendagri", "51", "Rendah"), ("permendagri", "50.99", "Sangat Rendah"),
        ("permendagri", "0", "Sangat Rendah"),
        ("permendagri", "160", "Sangat Tinggi"),
        ("lkjip", "91", "Sangat Baik"), ("lkjip", "50", "Sangat Kurang"),
        ("maluku-tengah", "85.01", "Memuaskan"), ("maluku-tengah", "85", "Sangat Baik"),
        ("maluku-tengah", "75", "Baik"),
        ("maluku-tengah", "65", "Cukup Baik"), ("maluku-tengah", "50", "Agak Kurang"),
        ("maluku-tengah", "30", "Kurang"),
        ("pringsewu", "105.01", "Melampaui"), ("pringsewu", "105", "Tercapai"),
        ("pringsewu", "94.99", "Mendekati Target"),
        ("pringsewu", "79.99", "Perlu Perhatian"), ("pringsewu", "59.99", "Kritis"),
        ("kemenkeu", "100", "Hijau"), ("kemenkeu", "99.99", "Kuning"), ("kemenkeu", "79.99", "Merah"),
        ("lkjip-100", "100", "Sangat Baik"), ("lkjip-100", "85", "Baik"), ("lkjip-100", "84.99", "Di bawah Baik"),
        ("sop", "100", "Berhasil"), ("sop", "99.99", "Belum Berhasil"),
    ],
)  # fmt: skip
def test_bounds_of_the_shipped_scales(scale: str, shown: str, label: str) -> None:
    assert shipped_scale(scale).level(Decimal(shown)).label == label


def printed_five() -> list[Level]:
    """The scale as the regulation prints it."""
    rows = [("ST", 91, 100), ("T", 76, 90), ("S", 66, 75), ("R", 51, 65), ("SR", None, 50)]
    return [Level(label, None if low is None else Decimal(low), high=Decimal(high)) for label, low, high in rows]


def test_the_printed_five_level_scale_leaves_four_hundred_numbers_out() -> None:
    problems = scale_problems(printed_five())
    assert [problem.code for problem in problems] == ["hole"] * 4 + ["hole_above"]
    assert problems[0].text == "Antara “ST” dan “T” tidak ada tingkat untuk 90,01 sampai 90,99."
    left_out = 0
    for cents in range(10_001):
        shown = Fraction(cents, 100)
        if not any((level.low is None or shown >= level.low) and shown <= level.high for level in printed_five()):  # type: ignore[operator]
            left_out += 1
    assert left_out == 396


@pytest.mark.parametrize(
    ("levels", "codes"),
    [
        ([], ["empty"]),
        ([Level("A", None)], []),
        ([Level("A", Decimal(10))], ["hole_below"]),
        ([Level("A", Decimal(10)), Level("A ", None)], ["label"]),
        ([Level("A", Decimal(10)), Level("", None)], ["label"]),
        ([Level("A", Decimal("10.005")), Level("B", None)], ["grid"]),
        ([Level("A", Decimal(10)), Level("B", None, high=Decimal("9.975"))], ["grid", "hole"]),
        ([Level("A", Decimal(10)), Level("B", Decimal(10)), Level("C", None)], ["order"]),
        ([Level("A", Decimal(10)), Level("B", Decimal(20)), Level("C", None)], ["order"]),
        ([Level("A", None), Level("B", None)], ["order"]),
        ([Level("A", Decimal(10), inclusive=False), Level("B", Decimal(10)), Level("C", None)], []),
        ([Level("A", Decimal(10)), Level("B", None, high=Decimal(10))], ["overlap"]),
        ([Level("A", Decimal(10), inclusive=False), Level("B", None, high=Decimal(10))], []),
        ([Level("A", Decimal(10)), Level("B", None, high=Decimal(10), high_inclusive=False)], []),
        (
            [Level("A", Decimal(10), inclusive=False), Level("B", None, high=Decimal(10), high_inclusive=False)],
            ["hole"],
        ),
        ([Level("A", Decimal(10)), Level("B", None, high=Decimal("9.99"))], []),
        ([Level("A", Decimal(10)), Level("B", None, high=Decimal("9.98"))], ["hole"]),
        ([Level("A", Decimal(10), high=Decimal(100)), Level("B", None)], ["hole_above"]),
    ],
)
def test_holes_and_overlaps_are_found(levels: list[Level], codes: list[str]) -> None:
    problems = scale_problems(levels)
    assert [problem.code for problem in problems] == codes
    assert all(problem.text.endswith(".") for problem in problems)
    if codes:
        with pytest.raises(ValueError, match=re.escape(" ".join(problem.text for problem in problems))):
            Scale("x", 1, 2026, "X", tuple(levels))
    else:
        assert Scale("x", 1, 2026, "X", tuple(levels)).level(Decimal(0)) is levels[-1]


def test_problems_name_the_rows() -> None:
    texts = [problem.text for problem in scale_problems([Level("A", Decimal("1.005")), Level("B", Decimal(3))])]
    assert texts == [
        "Batas 1,005 lebih halus dari dua desimal. Bulatkan batasnya.",
        "Batas bawah “A” dan “B” tidak menurun. Urutkan dari tingkat tertinggi.",
        "Di bawah 3 tidak ada tingkat. Kosongkan batas bawah tingkat terendah.",
    ]
    overlap, above = scale_problems([Level("A", Decimal(1), high=Decimal(9)), Level("B", None, high=Decimal(2))])
    assert overlap.text == "Tingkat “A” dan “B” bertindih. Periksa batasnya."
    assert above.text == "Di atas 9 tidak ada tingkat. Kosongkan batas atas tingkat tertinggi."
    assert scale_problems([])[0].text == "Skala belum punya tingkat. Tambahkan sedikitnya satu tingkat."
    assert scale_problems([Level(" ", None)])[0].text == (
        "Setiap tingkat perlu nama sendiri. Periksa nama yang kosong atau kembar."
    )


def test_levels_say_their_bounds() -> None:
    assert [level.bound for level in PERMENDAGRI.levels] == ["≥ 91", "≥ 76", "≥ 66", "≥ 51", ""]
    assert PREDICATES.levels[0].bound == "> 90"
    assert PREDICATES.why(Decimal("80.00")) == "BB (Sangat Baik), karena 80,00 > 70 dan belum mencapai > 80"
    with pytest.raises(KeyError):
        shipped_scale("none")
