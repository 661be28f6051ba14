"""Numbers and targets are read without guessing and come back as they are shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.planning.entries import TargetEntry
from capaian.planning.typed_figures import Unread, figure_text, read_figure, read_target, target_text


@pytest.mark.parametrize(
    ("text", "value"),
    [("2,85", "2.85"), ("1,234", "1.234"), ("1.234,5", "1234.5"), ("0", "0"), ("-3", "-3"), ("85%", "85")],
)
def test_numbers_are_read(text: str, value: str) -> None:
    assert read_figure(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "  ", "n/a"])
def test_nothing_is_not_zero(text: str) -> None:
    assert read_figure(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("1.234", "orang", "“1.234” dapat dibaca 1234 atau 1,234. Tulis salah satunya."),
        ("85%", "orang", "“85%” bertanda persen, tetapi satuannya orang. Betulkan salah satunya."),
        ("Rp 85", "orang", "“Rp 85” bertanda rupiah, tetapi satuannya orang. Betulkan salah satunya."),
        ("tiga", "orang", "“tiga” bukan angka. Tulis angkanya saja, misalnya 1.234,56."),
        ("1" * 25, "orang", "Angka ini lebih dari 24 digit. Periksa kembali angkanya."),
    ],
)
def test_what_is_unclear_is_asked_back(text: str, unit: str, sentence: str) -> None:
    with pytest.raises(Unread) as unread:
        read_figure(text, unit)
    assert unread.value.text == sentence


@pytest.mark.parametrize("text", ["80–90", "80 - 90", "80 s.d. 90", "80 sampai 90", "80..90"])
def test_ranges_are_read(text: str) -> None:
    assert read_target(text, "2026", "range_max", "°C") == TargetEntry("2026", low=Decimal(80), high=Decimal(90))


@pytest.mark.parametrize(
    ("text", "polarity"), [("80", "range_max"), ("baik", "predicate"), ("80–90", "maximize"), ("–90", "range_min")]
)
def test_targets_that_do_not_fit_their_polarity(text: str, polarity: str) -> None:
    with pytest.raises(Unread):
        read_target(text, "2026", polarity, "indeks")


def test_letters_and_milestones() -> None:
    assert read_target("bb", "2026", "predicate", "predikat") == TargetEntry("2026", letter="BB")
    assert read_target("Selesai", "2026", "milestone", "dokumen") == TargetEntry("2026", Decimal(1))
    assert read_target(" ", "2026", "maximize", "dokumen") is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_comes_back_as_shown(value: Decimal) -> None:
    assert read_figure(figure_text(value)) == value


@given(st.tuples(*[st.decimals(places=2, min_value=-1000, max_value=1000)] * 2).map(sorted))
def test_a_range_comes_back_as_shown(bounds: list[Decimal]) -> None:
    entry = TargetEntry("2026", low=bounds[0], high=bounds[1])
    assert read_target(target_text(entry), "2026", "range_max", "°C") == entry
