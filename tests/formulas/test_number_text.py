"""Reading and writing numbers: nothing is guessed, nothing is lost."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.formulas.number_text import Number, Question, Refusal, Separator, format_number, parse_number
from tests.formulas import number_texts

FINITE = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)


def test_the_corpus_is_large_enough() -> None:
    assert len(number_texts.VALUES) + len(number_texts.QUESTIONS) + len(number_texts.REFUSALS) >= 120


@pytest.mark.parametrize(("text", "value"), number_texts.VALUES)
def test_values(text: str, value: str) -> None:
    assert parse_number(text) == Number(
        Decimal(value),
        percent="%" in text or "persen" in text or any(sign in text for sign in "\uff05\u066a\ufe6a"),
        rupiah="rp" in text.lower() or "IDR" in text,
    )


@pytest.mark.parametrize(("text", "first", "second"), number_texts.QUESTIONS)
def test_questions(text: str, first: str, second: str) -> None:
    parsed = parse_number(text)
    assert isinstance(parsed, Question)
    assert parsed.readings == (Decimal(first), Decimal(second))
    assert text in parsed.text
    assert format_number(Decimal(first), grouping=False) in parsed.text
    assert format_number(Decimal(second), grouping=False) in parsed.text


@pytest.mark.parametrize(("text", "code"), number_texts.REFUSALS)
def test_refusals(text: str, code: str) -> None:
    parsed = parse_number(text)
    assert isinstance(parsed, Refusal)
    assert parsed.code == code
    assert parsed.text.endswith(".")


@pytest.mark.parametrize(("text", "value"), number_texts.WITH_COMMA)
def test_with_a_declared_decimal_comma(text: str, value: str | None) -> None:
    parsed = parse_number(text, decimal=",")
    assert (parsed.value if isinstance(parsed, Number) else None) == (None if value is None else Decimal(value))
    assert not isinstance(parsed, Question)


@pytest.mark.parametrize(("text", "value"), number_texts.WITH_POINT)
def test_with_a_declared_decimal_point(text: str, value: str | None) -> None:
    parsed = parse_number(text, decimal=".")
    assert (parsed.value if isinstance(parsed, Number) else None) == (None if value is None else Decimal(value))
    assert not isinstance(parsed, Question)


@pytest.mark.parametrize(("text", "value"), number_texts.WHOLE)
def test_where_only_whole_numbers_make_sense(text: str, value: str | None) -> None:
    parsed = parse_number(text, whole=True)
    assert (parsed.value if isinstance(parsed, Number) else None) == (None if value is None else Decimal(value))


def test_refusals_say_what_to_write() -> None:
    texts = {
        ("1.2.3", None): "Titik tidak pada tempatnya. Periksa kembali angkanya.",
        ("12 34", None): "Spasi tidak pada tempatnya. Periksa kembali angkanya.",
        ("1'23", None): "Petik tidak pada tempatnya. Periksa kembali angkanya.",
        ("12.5", ","): "Titik hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini koma. "
        "Periksa kembali angkanya.",
        ("12,5", "."): "Koma hanya boleh memisahkan ribuan (tiga digit), dan tanda desimal di sini titik. "
        "Periksa kembali angkanya.",
        ("1,234,5", ","): "Koma tidak pada tempatnya. Periksa kembali angkanya.",
        ("dua", None): "“dua” bukan angka. Tulis angkanya saja, misalnya 1.234,56.",
        ("n/a", None): "“n/a” bukan angka. Kosongkan bila belum ada.",
        ("-", None): "Tanda hubung dapat berarti nol atau belum ada. Tulis 0, atau kosongkan.",
        ("1" * 65, None): "Teks lebih dari 64 karakter. Tulis angkanya saja.",
        ("1" * 41, None): "Lebih dari 40 digit. Periksa kembali angkanya.",
        ("5\u200b", None): "Ada karakter yang tidak terlihat. Ketik ulang angkanya.",
        ("\uff111", None): "Angka dari dua jenis aksara tercampur. Ketik ulang angkanya.",
        ("", None): "Kosong.",
    }
    for (text, decimal), expected in texts.items():
        parsed = parse_number(text, decimal=decimal)  # type: ignore[arg-type]
        assert isinstance(parsed, Refusal)
        assert parsed.text == expected
    whole = parse_number("12,5", whole=True)
    assert whole == Refusal("not_whole", "Di sini hanya bilangan bulat. Tulis tanpa desimal.")
    asked = parse_number("1.234")
    assert isinstance(asked, Question)
    assert asked.text == "“1.234” dapat dibaca 1234 atau 1,234. Tulis salah satunya."


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        ("1234.56", {}, "1.234,56"),
        ("1234.56", {"decimal": "."}, "1,234.56"),
        ("1234567.5", {"grouping": False}, "1234567,5"),
        ("-0.005", {"places": 2}, "-0,01"),
        ("-0.004", {"places": 2}, "0,00"),
        ("0.125", {"places": 2}, "0,13"),
        ("2.345", {"places": 2}, "2,35"),
        ("1000", {}, "1.000"),
        ("100", {"places": 2}, "100,00"),
        ("85.7300", {}, "85,73"),
        ("1E+3", {}, "1.000"),
        ("0", {}, "0"),
        ("85.5", {"percent": True}, "85,5%"),
        ("6116339202", {"rupiah": True}, "Rp 6.116.339.202"),
        ("-5000", {"rupiah": True, "places": 2}, "Rp -5.000,00"),
        ("99999999999999.995", {"places": 2}, "100.000.000.000.000,00"),
    ],
)
def test_writing(value: str, options: dict[str, Any], text: str) -> None:
    assert format_number(Decimal(value), **options) == text


@given(value=FINITE, decimal=st.sampled_from([",", "."]), grouping=st.booleans())
def test_what_is_written_reads_back_the_same(value: Decimal, decimal: Separator, *, grouping: bool) -> None:
    assert parse_number(format_number(value, decimal=decimal, grouping=grouping), decimal=decimal) == Number(value)


@given(FINITE)
def test_two_decimals_read_back_without_a_hint(value: Decimal) -> None:
    shown = format_number(value, 2)
    assert parse_number(shown) == Number(parse_number(shown, decimal=",").value)  # type: ignore[union-attr]


@given(FINITE)
def test_percent_and_rupiah_read_back_the_same(value: Decimal) -> None:
    assert parse_number(format_number(value, percent=True), decimal=",") == Number(value, percent=True)
    assert parse_number(format_number(value, rupiah=True), decimal=",") == Number(value, rupiah=True)


@given(st.text(max_size=70))
def test_any_text_gets_an_answer(text: str) -> None:
    for decimal in (None, ",", "."):
        assert isinstance(parse_number(text, decimal=decimal), Number | Question | Refusal)


@given(st.text(alphabet="0123456789.,' -()%Rp", max_size=20))
def test_a_reading_never_invents_digits(text: str) -> None:
    parsed = parse_number(text)
    if isinstance(parsed, Number):
        digits = "".join(character for character in text if character.isdigit())
        assert f"{abs(parsed.value):f}".replace(".", "").lstrip("0") == digits.lstrip("0")


def test_forty_digits_are_written_as_they_are() -> None:
    digits = Decimal("1" * 29 + "2")
    assert format_number(digits, grouping=False) == "1" * 29 + "2"
    assert format_number(digits.copy_negate(), grouping=False) == "-" + "1" * 29 + "2"


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        format_number(0.1)  # type: ignore[arg-type]
