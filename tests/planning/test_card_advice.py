"""Advice names what a card could say better; a card that says all gets none; nothing of it blocks."""

from decimal import Decimal
from typing import Any

import pytest

from capaian.planning.card_advice import card_advice, set_advice, target_advice
from capaian.planning.entries import TargetEntry
from capaian.planning.models import Card, Indicator, Level, Node

AVERAGE = "Rata-rata target periode 1,6667, target setahun 1,6666; selisih 0,0001."


def card(level: str = Level.OBJECTIVE, *, is_iku: bool = True, **fields: object) -> Card:
    given = {
        "name": "Indeks SPBE", "measured_in": "indeks", "kind": "outcome", "year": 2026, "weight": Decimal(1),
        "definition": "Kematangan SPBE", "calculation": "Nilai dari KemenPAN-RB", "source": "KemenPAN-RB",
        "evidence": "Surat hasil", "consolidation": "sum", "frequency": "quarter",
    } | fields  # fmt: skip
    row = Card(pk=1, indicator=Indicator(node=Node(pk=7, level=level, text="Sasaran"), is_iku=is_iku), **given)
    row._prefetched_objects_cache = {"targets": [], "data": [], "suppliers": []}  # type: ignore[attr-defined]
    return row


def abouts(row: Card) -> list[str]:
    return [each.about for each in card_advice(row)]


def targets(*quarters: str, year: str) -> list[TargetEntry]:
    own = [TargetEntry(f"2026-Q{at}", Decimal(text)) for at, text in enumerate(quarters, start=1)]
    return [TargetEntry("2026", Decimal(year)), *own]


def test_a_whole_card_lacks_only_its_targets() -> None:
    assert abouts(card()) == ["Berbatas waktu"]


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"name": "Aduan selesai dan/atau ditolak"}, "Spesifik"),
        ({"definition": ""}, "Spesifik"),
        ({"calculation": ""}, "Terukur"),
        ({"measured_in": "persen"}, "Terukur"),
        ({"evidence": ""}, "Terukur"),
        ({"control": "weak"}, "Dapat dicapai"),
        ({"name": "Jumlah dokumen SPBE"}, "Hasil atau keluaran"),
        ({"kind": "output"}, "Hasil atau keluaran"),
        ({"validity": "activity_only"}, "Relevan"),
        ({"validity": "exact", "control": "strong"}, "Relevan"),
        ({"released_next_year": True}, "Berbatas waktu"),
    ],
)
def test_each_fault_is_named(fields: dict[str, Any], about: str) -> None:
    assert sorted(abouts(card(**fields))) == sorted([about, "Berbatas waktu"])


def test_an_output_fits_a_sub_activity() -> None:
    row = card(Level.SUBACTIVITY, is_iku=False, name="Jumlah dokumen", kind="output")
    assert abouts(row) == ["Berbatas waktu"]
    assert "Hasil atau keluaran" in abouts(card(Level.SUBACTIVITY, is_iku=False))


@pytest.mark.parametrize(
    ("consolidation", "given", "sentence"),
    [
        ("sum", targets("1", "2", "3", "4", year="10"), ""),
        ("sum", targets("1", "2", "3", "3", year="10"), "Jumlah target periode 9, target setahun 10; selisih 1."),
        ("average", targets("1", "2", "2", year="1.6666"), AVERAGE),
        ("average", targets("80", "90", year="85"), ""),
        ("last", targets("1", "2", "3", "4", year="4"), ""),
        ("last", targets("1", "2", "3", "5", year="4"), "Target periode terakhir 5, target setahun 4."),
        ("sum", targets(year="4"), ""),
    ],
)  # fmt: skip
def test_targets_that_do_not_make_up_the_year_are_named(
    consolidation: str, given: list[TargetEntry], sentence: str
) -> None:
    found = target_advice(card(consolidation=consolidation), given)
    assert [each.text for each in found] == ([sentence] if sentence else [])


def test_ranges_letters_and_targets_to_date() -> None:
    band = [
        TargetEntry("2026", low=Decimal(80), high=Decimal(90)),
        TargetEntry("2026-Q1", low=Decimal(70), high=Decimal(90)),
    ]
    [low] = target_advice(card(polarity="range_max"), band)
    assert low.text == "Jumlah target periode 70, target setahun 80; selisih 10."
    letters = [TargetEntry("2026", letter="BB"), TargetEntry("2026-Q4", letter="B")]
    [letter] = target_advice(card(polarity="predicate"), letters)
    assert letter.text == "Target periode terakhir B, target setahun BB."
    falling = targets("5", "4", year="4")
    [back] = target_advice(card(consolidation="last", entry="to_date"), falling)
    assert "menurun" in back.text


def test_a_set_of_cards_is_advised_together() -> None:
    assert set_advice([card() for _ in range(3)]) == []
    assert [each.about for each in set_advice([card() for _ in range(4)])] == ["Jumlah IKU"]
    assert len(set_advice([card() for _ in range(21)])) == 2
    assert [each.about for each in set_advice([card(validity="activity_only")])] == ["Validitas"]
