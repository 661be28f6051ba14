"""A year's workbook with 200 generated faults: each is named at its cell, every other row is read right."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from capaian.journal.reason import Refused
from capaian.planning.models import Card, Node
from capaian.planning.workbook_actions import apply_workbook, proposal_of
from capaian.planning.workbook_columns import CARDS
from capaian.workbooks.problems import address
from tests.factories import World, make_agency
from tests.planning.cards import make_plan
from tests.planning.test_workbooks import NODE, upload

pytestmark = pytest.mark.django_db
ROWS, FAULTS = 300, 200
SOUND = {
    "Butir": "2.16.02", "Nama indikator": "", "Satuan": "persen", "IKU": "tidak", "IKK": "", "Nomor urut": "1",
    "Jenis": "Hasil", "Polaritas": "maksimalkan", "Periode pelaporan": "Triwulanan", "Yang diisi unit": "",
    "Konsolidasi periode": "Nilai terakhir", "Konsolidasi unit": "Dirata-ratakan", "Bobot": "1", "Batas skor": "120",
    "Target boleh negatif": "tidak", "Aspek target": "Kualitas", "Tingkat validitas": "", "Bulan terukur": "6",
    "Toleransi": "", "Rumus": "", "Data mentah": "", "Data awal": "78,25", "Tahun data awal": "2024",
    "Unit penyedia data": "Ikp Melati", "Target TW I": "80", "Target setahun": "85",
}  # fmt: skip
#: column, and what stands there wrongly; "" as the second means the cell is emptied
KINDS: tuple[tuple[str, Callable[[Random], Any]], ...] = (
    ("Butir", lambda r: f"9.{r.randrange(99):02}"),
    ("Butir", lambda _: ""),
    ("Butir", lambda _: "Visi yang tidak ada"),
    ("Nama indikator", lambda _: "n" * 401),
    ("Satuan", lambda _: ""),
    ("Satuan", lambda _: "s" * 61),
    ("IKU", lambda r: r.choice(["mungkin", "2", "benar?"])),
    ("IKK", lambda _: "kadang"),
    ("Nomor urut", lambda r: r.choice(["0", "1,5", "satu", "-1", "1000"])),
    ("Jenis", lambda r: r.choice(["Hasl", "output?", "Jumlah"])),
    ("Polaritas", lambda r: r.choice(["naik", "semakin", "maks min"])),
    ("Periode pelaporan", lambda _: "mingguan"),
    ("Yang diisi unit", lambda _: "kumulatif"),
    ("Konsolidasi periode", lambda _: "rerata"),
    ("Konsolidasi unit", lambda _: "gabung"),
    ("Bobot", lambda r: r.choice(["-1", "satu", "1.234", "0,0000000000001"])),
    ("Batas skor", lambda r: r.choice(["0", "-5", "tak terbatas"])),
    ("Target boleh negatif", lambda _: "boleh"),
    ("Aspek target", lambda _: "mutu sekali"),
    ("Tingkat validitas", lambda _: "pasti"),
    ("Bulan terukur", lambda r: r.choice(["13", "Juni", "6,5"])),
    ("Toleransi", lambda r: r.choice(["5", "-1", "lima"])),
    ("Rumus", lambda r: r.choice(["__import__('os')", "a / ", "1 / 0 +", "selesai / masuk"])),
    ("Data mentah", lambda r: r.choice(["tanpa tanda", "1x = Salah", "= kosong"])),
    ("Data awal", lambda r: r.choice(["1.234", "tujuh", "7;8"])),
    ("Tahun data awal", lambda r: r.choice(["2026", "1990", "dua ribu", "20245"])),
    ("Unit penyedia data", lambda r: r.choice(["Bidang Lain", "Ikp Melati; Tidak Ada"])),
    ("Target TW I", lambda r: r.choice(["1.234", "delapan puluh", "-5", "80–90", "BB", "80 orang"])),
    ("Target setahun", lambda r: r.choice(["0", "1.234", "–-", "rp 5 juta", "A"])),
)  # fmt: skip
#: other ways to write the same, which are read right
WRITINGS: tuple[dict[str, Any], ...] = (
    {"IKU": "TIDAK"}, {"Jenis": " hasil "}, {"Polaritas": "Semakin tinggi semakin baik"}, {"Target TW I": "80,0"},
    {"Target setahun": "85%"}, {"Target TW I": 80}, {"Data awal": 78.25}, {"Bobot": "1,00"}, {"Satuan": " persen "},
    {"Periode pelaporan": "quarter"}, {"Unit penyedia data": "ikp melati"}, {"Batas skor": ""},
)  # fmt: skip


@pytest.fixture
def world() -> World:
    found = make_agency("Melati")
    make_plan(found)
    return found


def sound(number: int) -> dict[str, Any]:
    return SOUND | {"Nama indikator": f"Indikator {number}"}


@pytest.mark.parametrize("seed", [1123])
def test_two_hundred_faults_are_named_and_the_other_rows_read_right(world: World, seed: int) -> None:
    random = Random(seed)
    rows = [sound(number) for number in range(ROWS)]
    headings, expected = list(SOUND), set()
    for place, number in enumerate(random.sample(range(ROWS), FAULTS)):
        heading, make = KINDS[place % len(KINDS)]
        rows[number][heading] = make(random)
        expected.add((CARDS, address(number + 2, headings.index(heading) + 1)))
    spoilt = {int(where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for _, where in expected}
    for number in range(ROWS):
        if number + 2 not in spoilt:
            rows[number] |= random.choice(WRITINGS)
    workbook = upload(world, nodes=(NODE,), cards=rows)
    proposal = proposal_of(workbook)
    named = {(each.sheet, each.where) for each in proposal.refusals}
    assert {each.row for each in proposal.refusals} == spoilt
    missed = {where for _, where in expected - named}
    assert not missed
    assert all(each.text and each.heading for each in proposal.refusals)
    pattern = proposal_of(upload(world, nodes=(NODE,), cards=[sound(0)])).cards[0]
    for line in proposal.cards:
        if line.row.number not in spoilt:
            number = line.row.number - 2
            assert line.entry == replace(pattern.entry, name=f"Indikator {number}")
            assert (line.targets, line.unit_ids, line.indicator) == (
                pattern.targets, pattern.unit_ids, pattern.indicator,
            )  # fmt: skip
    assert len([line for line in proposal.cards if line.row.number not in spoilt]) == ROWS - FAULTS
    before = (Card.objects.count(), Node.objects.count())
    with pytest.raises(Refused):
        apply_workbook(workbook=workbook, seen=proposal.digest, by=world.actor("team"))
    assert (Card.objects.count(), Node.objects.count()) == before


def test_the_same_rows_without_faults_are_all_written(world: World) -> None:
    workbook = upload(world, nodes=(NODE,), cards=[sound(number) for number in range(50)])
    done = apply_workbook(workbook=workbook, seen=proposal_of(workbook).digest, by=world.actor("team"))
    assert (len(done.written), Card.objects.count(), done.refusals) == (50, 50, [])
