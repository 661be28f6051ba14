"""Cases that a change of one sign, number or word in the formulas would spoil, found by changing them all."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from capaian.formulas import absence, standard_text
from capaian.formulas.achievement import achieve, achieve_range, achieve_stages
from capaian.formulas.consolidation import Consolidated, PeriodFigure, PeriodMethod, consolidate
from capaian.formulas.evaluate import NotComputable, card_formula
from capaian.formulas.example import example
from capaian.formulas.formula import Case, Formula
from capaian.formulas.grammar import FormulaRefused
from capaian.formulas.locations import Located, LocationMethod, UnitFigure, consolidate_units
from capaian.formulas.number_text import Number, Refusal, Separator, parse_number
from capaian.formulas.polarity import Polarity, polarity_named
from capaian.formulas.published import Published, find
from capaian.formulas.rule import Rule
from capaian.formulas.scales import Level, Scale, scale_problems

DATA: Mapping[str, Decimal] = {"a": Decimal(45), "b": Decimal(-5), "c": Decimal(60)}


@pytest.mark.parametrize(
    ("stages", "done", "working"),
    [
        (1, 1, "1 ÷ 1 × 100 = 100,00"),
        (1, 0, "0 ÷ 1 × 100 = 0,00"),
        (4, 0, "0 ÷ 4 × 100 = 0,00"),
        (4, 4, "4 ÷ 4 × 100 = 100,00"),
    ],
)
def test_the_first_and_the_last_stage_count(stages: int, done: int, working: str) -> None:
    assert achieve_stages(Rule(Polarity.MILESTONE), stages, done).working == working


@pytest.mark.parametrize("polarity", [Polarity.RANGE_MAX, Polarity.RANGE_MIN])
def test_the_bounds_of_a_range_are_inside(polarity: Polarity) -> None:
    assert achieve_range(Rule(polarity), 0, 10, 0).working == "0 di dalam 0 sampai 10 = 100,00"
    assert achieve_range(Rule(polarity), 0, 10, 10).working == "10 di dalam 0 sampai 10 = 100,00"


def test_a_target_met_exactly_is_shown_as_a_ratio() -> None:
    assert achieve(Rule(Polarity.STABILIZE), 50, 50).working == "50 ÷ 50 × 100 = 100,00"


def test_an_example_without_a_letter_invents_none() -> None:
    shown = example(Rule(Polarity.PREDICATE))
    assert shown.explanation[0] == "Target tidak ada; realisasi tidak ada."


def test_any_cap_above_zero_is_a_cap() -> None:
    assert achieve(Rule(cap=Decimal(1)), 10, 8).score == Decimal("1.00")
    assert achieve(Rule(cap=Decimal("0.5")), 10, 8).score == Decimal("0.50")


def test_what_has_no_number_still_counts_what_was_due() -> None:
    periods = [PeriodFigure(None, None), PeriodFigure(10, None), PeriodFigure(10, 5)]
    nothing = consolidate(PeriodMethod.SUM, Polarity.MINIMIZE, periods, 1)
    assert nothing == Consolidated(None, None, 0, (), absence=absence.NOT_DUE)
    assert nothing.coverage == "0 dari 0 periode dilaporkan"
    holed = consolidate(PeriodMethod.SUM, Polarity.MINIMIZE, periods, 3)
    assert (holed.absence, holed.coverage) == (absence.INCOMPLETE, "1 dari 2 periode dilaporkan")


def test_units_that_reported_zero_make_zero() -> None:
    for method in (LocationMethod.SUM, LocationMethod.AVERAGE):
        assert consolidate_units(method, [UnitFigure(0), UnitFigure(0), UnitFigure()]) == Located(Fraction(0), 2, 3)
    silent = consolidate_units(LocationMethod.RAW_DATA, [UnitFigure(), UnitFigure()])
    assert silent == Located(None, 0, 2, absence.NO_MEMBERS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a ÷ 1", "45"),
        ("a ÷ 0,5", "90"),
        ("if(1,5 > 4 ÷ 3; 1; 2)", "1"),
        ("min(a, c) + 1,5", "46.5"),
    ],
)
def test_values_of_formulas(text: str, value: str) -> None:
    assert card_formula(text).exact(DATA) == Fraction(value)


def test_the_largest_and_the_smallest_of_quotients() -> None:
    for order in permutations(("5 ÷ 4", "1 ÷ 2", "3 ÷ 4", "5 ÷ 6", "9 ÷ 5")):
        parts = "; ".join(order)
        assert card_formula(f"max({parts})").exact({}) == Fraction(9, 5)
        assert card_formula(f"min({parts})").exact({}) == Fraction(1, 2)
        assert card_formula(f"min({parts}; 0 − 3 ÷ 2)").exact({}) == Fraction(-3, 2)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("min(", ")"),
        ("min(1;", ")"),
        ("if(", "=1;1;1)"),
        ("if(1=", ";1;1)"),
        ("if(1=1;", ";1)"),
        ("if(1=1;1;", ")"),
    ],
)
def test_every_place_of_a_function_counts_one_level(opening: str, closing: str) -> None:
    assert card_formula(opening * 19 + "1" + closing * 19).value({}) == 1
    with pytest.raises(FormulaRefused) as refused:
        card_formula(opening * 20 + "1" + closing * 20)
    assert refused.value.code == "too_deep"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(a =", "Di sini seharusnya “)”, bukan “=”."),
        ("max(a; b, c)", "Di sini seharusnya “)”, bukan “,”."),
        ("min(max(a, c), 1,5)", "Koma dalam “1,5” tidak jelas. Pisahkan bagian fungsi dengan “;”."),
    ],
)
def test_refusals_of_formulas(text: str, message: str) -> None:
    with pytest.raises(FormulaRefused) as refused:
        card_formula(text)
    assert refused.value.text == str(refused.value) == message


def test_a_formula_keeps_its_text_and_says_why_it_has_no_number() -> None:
    formula = card_formula("a+b*c")
    assert formula.text == "a+b*c"
    assert formula.in_numbers(DATA) == "45 + (−5) × 60 = −255,00"
    with pytest.raises(NotComputable, match=r"^Data “a” tidak ada pada kartu indikator\.$"):
        formula.exact({})


@pytest.mark.parametrize(
    ("polarity", "target", "actual", "printed", "code"),
    [
        ("maximize", "80", "0", "37", "unexplained"),
        ("maximize", "300", "2", "0.66", "own_truncated"),
        ("minimize", "10", "8", "20.00", "gap"),
        ("maximize", "10", "12", "20.00", "growth"),
        ("maximize", "80", "72", "0.90", "not_times_100"),
        ("maximize", "1000", "854.5", "84.550", "swapped_digits"),
    ],
)
def test_published_figures(polarity: str, target: str, actual: str, printed: str, code: str) -> None:
    result = achieve(Rule(Polarity(polarity)), Decimal(target), Decimal(actual))
    assert find(result, Published(Decimal(printed), len(printed.partition(".")[2]))).code == code


@pytest.mark.parametrize(
    ("text", "decimal", "sentence"),
    [
        ("1.234 567,5", None, "Titik tidak pada tempatnya. Periksa kembali angkanya."),
        ("1,234.5", ",", "Koma tidak pada tempatnya. Periksa kembali angkanya."),
        ("1.234 5", ",", "Spasi hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini koma."),
        ("12.34,5", ",", "Titik hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini koma."),
        ("1 234,5", ".", "Koma hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini titik."),
        ("12.34,-", None, "Titik hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini koma."),
        ("Rp 12.34", None, "Titik hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini koma."),
    ],
)
def test_misplaced_separators(text: str, decimal: Separator | None, sentence: str) -> None:
    after = "" if sentence.endswith("angkanya.") else " Periksa kembali angkanya."
    assert parse_number(text, decimal=decimal) == Refusal("misplaced_separator", f"{sentence}{after}")


def test_what_is_no_number_is_quoted() -> None:
    sentence = "“+-5” bukan angka. Tulis angkanya saja, misalnya 1.234,56."
    assert parse_number("+-5") == Refusal("not_a_number", sentence)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234.567", "1234567"),
        ("6,116,339.-", "6116339"),
        ("1,234.50.-", "1234.50"),
        (" " * 63 + "5", "5"),
    ],
)
def test_numbers_keep_the_decimals_they_were_written_with(text: str, value: str) -> None:
    parsed = parse_number(text)
    assert isinstance(parsed, Number)
    assert str(parsed.value) == value


def test_names_of_polarities_in_odd_spellings() -> None:
    assert polarity_named("Minimalkan_ rasio") is Polarity.MINIMIZE_RATIO


def test_a_hole_is_named_with_two_decimals() -> None:
    levels = [Level("A", Decimal("9.91")), Level("B", None, high=Decimal("9.09"))]
    assert [problem.text for problem in scale_problems(levels)] == [
        "Antara “A” dan “B” tidak ada tingkat untuk 9,10 sampai 9,90."
    ]


SCALE_MARKDOWN = """### Dua

Kode `dua`, versi 1, mulai 2020. Dasar: Contoh.

| tingkat | batas bawah |
| --- | --- |
| Atas | ≥ 50 |
| Bawah | selain itu |
"""
MARKDOWN = f"""# Standar

Pembuka.

## Aturan umum

1. Aturan.

## Coba

Kode `coba`, versi 2, berlaku untuk pengukuran mulai 2020 sampai 2024.

> jumlah nilai semua unsur \\* seratus, dibagi jumlah semua responden yang menilai sedikitnya satu dari semua unsur

X kali Y, dengan kalimat yang lebih panjang dari tujuh puluh huruf agar terlihat lebarnya.

Dasar: Contoh.

| no | diketahui | hasil | catatan |
| --- | --- | --- | --- |
| 1 | nilai = 1,234 | hasil = −2,50 | satu \\| dua |
| 1000 | nilai = 5 | hasil = 5 |  |

## Skala

{SCALE_MARKDOWN}
{SCALE_MARKDOWN}
## Batas

- Batasnya.
"""
SCALE_TEXT = """Dua
---

Kode dua, versi 1, mulai 2020. Dasar: Contoh.

tingkat  batas bawah
-------  -----------
Atas     ≥ 50
Bawah    selain itu
"""
TEXT = f"""STANDAR
=======

Pembuka.

Aturan umum
-----------

1. Aturan.

Coba
----

Kode coba, versi 2, berlaku untuk pengukuran mulai 2020 sampai 2024.

    jumlah nilai semua unsur * seratus, dibagi jumlah semua responden yang menilai sedikitnya satu
    dari semua unsur

X kali Y, dengan kalimat yang lebih panjang dari tujuh puluh huruf agar terlihat lebarnya.

Dasar: Contoh.

no    diketahui      hasil          catatan
----  -------------  -------------  ----------
1     nilai = 1,234  hasil = −2,50  satu | dua
1000  nilai = 5      hasil = 5

Skala
-----

{SCALE_TEXT}
{SCALE_TEXT}
Batas
-----

- Batasnya.

"""


def test_a_standard_of_one_formula_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ended formula, a bar in a note, three decimals and long lines: the shipped standard has none of them yet."""
    formula = Formula(
        code="coba",
        version=2,
        valid_from=2020,
        valid_to=2024,
        title="Coba",
        expression="jumlah nilai semua unsur * seratus, dibagi jumlah semua responden yang menilai sedikitnya satu "
        "dari semua unsur",
        words="X kali Y, dengan kalimat yang lebih panjang dari tujuh puluh huruf agar terlihat lebarnya.",
        basis=("Contoh",),
        cases=(
            Case("1", (("values", "1.234"),), (("result", "-2.50"),), "satu | dua"),
            Case("1000", (("values", "5"),), (("result", "5"),)),
        ),
    )
    scale = Scale("dua", 1, 2020, "Dua", (Level("Atas", Decimal(50)), Level("Bawah", None)), ("Contoh",))
    for name, value in (("TITLE", "Standar"), ("INTRODUCTION", ["Pembuka."]), ("RULES", ["Aturan."]),
                        ("LIMITS", ["Batasnya."]), ("FORMULAS", [formula]), ("SCALES", []), ("QUALITY", scale),
                        ("PREDICATES", scale)):  # fmt: skip
        monkeypatch.setattr(standard_text, name, value)
    assert standard_text.standard_markdown() == MARKDOWN
    assert standard_text.standard_text() == TEXT
