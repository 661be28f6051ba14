"""One workbook of nodes, cards and targets: every refused cell by its address, all of it or nothing, and back again."""

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capaian.documents import store
from capaian.journal.queries import breaks
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.journal.rules import Replayed
from capaian.planning import actions
from capaian.planning.entries import CardEntry, DatumEntry, IndicatorEntry, TargetEntry
from capaian.planning.models import Card, Indicator, Level, Node, Plan, Workbook
from capaian.planning.workbook_actions import apply_workbook, keep_workbook, proposal_of
from capaian.planning.workbook_columns import CARDS, NODES, columns_of
from capaian.planning.workbook_proposal import Proposal
from capaian.planning.workbook_template import workbook_bytes
from capaian.workbooks.problems import UnreadableTable
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan

pytestmark = pytest.mark.django_db
Rows = Sequence[dict[str, Any]]

NODE = {"Jenjang": "Program", "Kode": "2.16.02", "Uraian": "Program informasi", "Induk": "Sasaran MELATI"}
CARD = {
    "Butir": "2.16.02", "Nama indikator": "Aduan selesai", "Satuan": "persen", "IKU": "ya", "Jenis": "Hasil",
    "Polaritas": "maksimalkan", "Rumus": "selesai / masuk * 100", "Konsolidasi unit": "Data mentah dijumlahkan",
    "Data mentah": "selesai = Aduan selesai; masuk = Aduan masuk [aduan]", "Unit penyedia data": "Ikp Melati",
    "Target TW I": "80", "Target TW II": "82,5", "Target setahun": "85%", "Data awal": 78.25, "Tahun data awal": 2024,
}  # fmt: skip


@pytest.fixture
def world() -> World:
    found = make_agency("Melati")
    make_plan(found)
    return found


def sheet(book: Any, name: str, rows: Rows) -> None:
    made = book.add_worksheet(name)
    headings = list(dict.fromkeys(key for row in rows for key in row))
    for at, heading in enumerate(headings):
        made.write(0, at, heading)
    for number, row in enumerate(rows, start=1):
        for at, heading in enumerate(headings):
            made.write(number, at, row.get(heading))


def upload(world: World, nodes: Rows = (NODE,), cards: Rows = (CARD,), content: bytes = b"") -> Workbook:
    if not content:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            sheet(book, NODES, nodes)
            sheet(book, CARDS, cards)
        content = stream.getvalue()
    kept = store.keep(io.BytesIO(content), "rencana.xlsx")
    plan = Plan.objects.get(agency=world.agency)
    return keep_workbook(plan=plan, year=2026, kept=kept, by=world.actor("team"))


def take(world: World, workbook: Workbook, seen: str = "") -> Proposal:
    digest = seen or proposal_of(workbook).digest
    return apply_workbook(workbook=workbook, seen=digest, by=world.actor("team"))


def refused(world: World, nodes: Rows = (NODE,), cards: Rows = (CARD,)) -> list[tuple[str, str, str]]:
    return [(each.sheet, each.where, each.text) for each in proposal_of(upload(world, nodes, cards)).refusals]


def test_a_workbook_becomes_nodes_cards_and_targets(world: World) -> None:
    take(world, upload(world))
    node = Node.objects.get(code="2.16.02")
    assert (node.level, node.parent, node.text) == (
        "programme", Node.objects.get(level=Level.OBJECTIVE), "Program informasi",
    )  # fmt: skip
    card = Card.objects.get()
    assert CardEntry.of(card) == CardEntry(
        "Aduan selesai", "persen", formula="selesai / masuk * 100", kind="outcome", location="raw_data",
        baseline=Decimal("78.25"), baseline_year=2024,
        data=(DatumEntry("selesai", "Aduan selesai"), DatumEntry("masuk", "Aduan masuk", "aduan")),
    )  # fmt: skip
    assert {row.period: str(row.value) for row in card.targets.all()} == {
        "2026": "85", "2026-Q1": "80", "2026-Q2": "82.5",
    }  # fmt: skip
    assert (card.indicator.node, card.indicator.is_iku, card.activated_at) == (node, True, None)
    assert [row.unit for row in card.suppliers.all()] == [world.units["ikp"]]
    assert Workbook.objects.get().applied_by == world.people["team"]
    assert not list(breaks(world.agency.public_id))


BAD_CARDS = [
    ({"Target TW I": "1.234"}, "“1.234” dapat dibaca 1234 atau 1,234. Tulis salah satunya."),
    ({"Target TW I": "-5"}, "Triwulan I 2026: target negatif."),
    ({"Target Januari": "5"}, "Kartu ini tidak mempunyai target untuk 2026-01."),
    ({"Polaritas": "terbalik"}, "“terbalik” tidak ada dalam daftar."),
    ({"Unit penyedia data": "Ikp Melati; Bidang Hantu"}, "Unit “Bidang Hantu” tidak ada pada daftar unit."),
    ({"IKU": "mungkin"}, "“mungkin” tidak dikenal."),
    ({"Bobot": "berat"}, "“berat” bukan angka. Tulis angkanya saja, misalnya 1.234,56."),
    ({"Butir": "9.99"}, "Butir “9.99” tidak ditemukan."),
    ({"Butir": ""}, "Sel ini kosong."),
    ({"Nama indikator": " "}, "Nama indikator belum diisi."),
    ({"Rumus": "selesai /"}, "Di sini seharusnya angka, nama data, atau kurung buka, tetapi rumus sudah habis."),
    ({"Data mentah": "selesai: Aduan"}, "“selesai: Aduan” tidak terbaca sebagai data mentah."),
    ({"Tahun data awal": "dua ribu"}, "“dua ribu” bukan bilangan bulat."),
]


@pytest.mark.parametrize(("bad", "text"), BAD_CARDS)
def test_a_refused_cell_is_named_and_nothing_is_written(world: World, bad: dict[str, str], text: str) -> None:
    row = CARD | bad
    [heading] = bad
    [*_, (found_sheet, where, why)] = refused(world, cards=(row,))
    column = chr(ord("A") + list(row).index(heading))
    assert (found_sheet, where) == (CARDS, f"{column}2")
    assert why.startswith(text.removesuffix("."))
    workbook = Workbook.objects.get()
    with pytest.raises(Refused) as refusal:
        take(world, workbook)
    assert [reason.code for reason in refusal.value.reasons] == ["cells_refused"]
    assert (Card.objects.count(), Node.objects.filter(code="2.16.02").count()) == (0, 0)


BAD_NODES = [
    ({"Jenjang": "Kelurahan"}, "A2", "“Kelurahan” tidak ada dalam daftar."),
    ({"Kode": "2,16"}, "B2", "Kode nomenklatur terdiri atas angka (atau X) yang dipisahkan titik."),
    ({"Uraian": ""}, "C2", "Uraian belum diisi atau lebih dari 500 huruf."),
    ({"Induk": "Kegiatan MELATI"}, "D2", "Induk dari Program harus berada pada jenjang di atasnya."),
    ({"Induk": "tidak ada"}, "D2", "Butir “tidak ada” tidak ditemukan."),
]


@pytest.mark.parametrize(("bad", "where", "text"), BAD_NODES)
def test_a_refused_node(world: World, bad: dict[str, str], where: str, text: str) -> None:
    assert (NODES, where, text) in refused(world, nodes=(NODE | bad,), cards=())


def test_rows_that_repeat_or_contradict(world: World) -> None:
    found = refused(world, nodes=(NODE, NODE), cards=(CARD, CARD))
    assert found == [
        (NODES, "B3", "Butir ini sudah ada pada baris 2."),
        (CARDS, "B3", "Indikator ini sudah ada pada baris 2."),
    ]
    take(world, upload(world))
    assert refused(world, nodes=(NODE | {"Uraian": "Lain"},), cards=()) == [
        (NODES, "B2", "Kode 2.16.02 sudah dipakai oleh Program “Program informasi”.")
    ]


def test_headings_are_those_of_the_template(world: World) -> None:
    found = refused(world, cards=(CARD | {"Catatan saya": "x", "SATUAN ": "y"},))
    assert [(where, text) for _, where, text in found] == [
        ("P1", "Judul kolom “Catatan saya” tidak dikenal."), ("Q1", "Judul kolom “SATUAN” ada dua kali."),
    ]  # fmt: skip
    without = {key: value for key, value in CARD.items() if key != "Satuan"}
    assert (CARDS, "A1", "Kolom “Satuan” tidak ada.") in refused(world, cards=(without,))


def test_a_second_time_nothing_changes(world: World) -> None:
    take(world, upload(world))
    proposal = proposal_of(upload(world))
    assert ([line.effect for line in proposal.cards], proposal.new_nodes, proposal.refusals) == (["same"], [], [])
    with pytest.raises(Refused) as refusal:
        take(world, Workbook.objects.get(applied_at=None))
    assert [reason.code for reason in refusal.value.reasons] == ["nothing_new"]
    take(world, upload(world, cards=(CARD | {"Target TW I": "81"},)))
    card = Card.objects.get()
    assert (str(card.targets.get(period="2026-Q1").value), card.edition) == ("81", 2)


def test_what_was_not_seen_is_not_overwritten(world: World) -> None:
    take(world, upload(world))
    workbook = upload(world, cards=(CARD | {"Target TW I": "81"},))
    seen = proposal_of(workbook).digest
    card = Card.objects.get()
    actions.set_targets(card=card, targets=[TargetEntry("2026", Decimal(90))], edition=1, by=world.actor("team"))
    with pytest.raises(Conflict):
        take(world, workbook, seen)
    assert [row.period for row in card.targets.all()] == ["2026"]
    take(world, workbook)
    with pytest.raises(Conflict):
        take(world, workbook, seen)


def test_an_active_card_is_not_changed(world: World) -> None:
    take(world, upload(world))
    card = Card.objects.get()
    actions.activate_cards(agency=world.agency, year=2026, seen={card.pk: 1}, by=world.actor("team"))
    assert refused(world) == []
    assert refused(world, cards=(CARD | {"Bobot": "2"},)) == [
        (CARDS, "B2", "Kartu “Aduan selesai” tahun 2026 sudah aktif dan tidak dapat diubah.")
    ]


def test_the_card_of_another_year_keeps_its_indicator(world: World) -> None:
    old = make_card(world, "Indeks", level=Level.PROGRAMME, year=2025)
    row = {"Butir": "Program MELATI", "Nama indikator": "indeks melati", "Satuan": "indeks"}
    take(world, upload(world, nodes=(), cards=(row,)))
    assert Indicator.objects.count() == 1
    assert sorted(Card.objects.values_list("indicator", "year")) == [(old.indicator_id, 2025), (old.indicator_id, 2026)]


def test_the_template_comes_back_unchanged(world: World) -> None:
    take(world, upload(world))
    node = Node.objects.get(code="2.16.02")
    entries = [
        CardEntry("=1+1", "°C", polarity="range_max", cap=None, negative_target=True,
                  definition="baris\nkedua", scale="kemenkeu"),
        CardEntry("Nilai SAKIP", "predikat", polarity="predicate", frequency="year", released_next_year=True),
        CardEntry("Insiden", "insiden", polarity="minimize", consolidation="sum", frequency="month", cap=Decimal(150)),
        CardEntry("Semester", "nilai", frequency="semester", weight=Decimal("0.25"), tolerance=Decimal(5),
                  polarity="stabilize"),
        CardEntry("Laba", "rupiah", negative_target=True, baseline=Decimal("-1234567.89"), baseline_year=2020),
    ]  # fmt: skip
    targets = [
        TargetEntry("2026-Q1", low=Decimal(-5), high=Decimal("27.5")), TargetEntry("2026", letter="BB"),
        TargetEntry("2026-12", Decimal(0)), TargetEntry("2026-Q2", Decimal("1234.5")),
        TargetEntry("2026", Decimal(-3)),
    ]  # fmt: skip
    for entry, target in zip(entries, targets, strict=True):
        by = world.actor("team")
        card = actions.add_indicator(node=node, indicator=IndicatorEntry(2), card=entry, year=2026, by=by)
        actions.set_targets(card=card, targets=[target], edition=1, by=by)
    plan = Plan.objects.get()
    content = workbook_bytes(world.reach("team"), plan, 2026)
    proposal = proposal_of(upload(world, content=content))
    assert proposal.refusals == []
    assert [line.effect for line in proposal.cards] == ["same"] * 6
    assert proposal.new_nodes == []
    assert [line.entry.name for line in proposal.cards][1] == "=1+1"


def test_the_template_speaks_of_the_own_agency_only(world: World) -> None:
    other = make_agency("Kenanga")
    make_card(other, "Asing", level=Level.PROGRAMME)
    make_card(world, "Sendiri", level=Level.PROGRAMME)
    content = workbook_bytes(world.reach("team"), Plan.objects.get(agency=world.agency), 2026)
    kept = upload(world, content=content)
    assert [line.entry.name for line in proposal_of(kept).cards] == ["Sendiri MELATI"]
    empty = workbook_bytes(world.reach("team"), Plan.objects.get(agency=other.agency), 2026)
    assert proposal_of(upload(world, content=empty)).cards == []


def test_only_planners_import(world: World) -> None:
    workbook = upload(world)
    for who in ("head", "ikp"):
        with pytest.raises(Forbidden):
            apply_workbook(workbook=workbook, seen=proposal_of(workbook).digest, by=world.actor(who))
    stranger = make_agency("Kenanga")
    with pytest.raises(Forbidden):
        apply_workbook(workbook=workbook, seen=proposal_of(workbook).digest, by=stranger.actor("team"))
    assert not Card.objects.exists()


def test_a_form_sent_twice_takes_effect_once(world: World) -> None:
    workbook = upload(world)
    seen, by = proposal_of(workbook).digest, world.actor("team", token="sekali")
    apply_workbook(workbook=workbook, seen=seen, by=by)
    with pytest.raises(Replayed):
        apply_workbook(workbook=workbook, seen=seen, by=by)
    assert Card.objects.count() == 1


def test_what_is_no_workbook_is_refused_before_it_is_opened(world: World, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet(book, "Lain", [{"A": "1"}])
    with pytest.raises(UnreadableTable, match="tidak memuat lembar “Butir”"):
        proposal_of(upload(world, content=stream.getvalue()))
    row = upload(world)
    store.path_of(row.file.key).write_bytes(b"PK\x03\x04 rusak")
    with pytest.raises(UnreadableTable, match="rusak atau bukan XLSX"):
        proposal_of(row)


def test_too_many_rows_are_refused(world: World) -> None:
    rows = [CARD | {"Nama indikator": f"n{number}"} for number in range(2001)]
    with pytest.raises(UnreadableTable, match="lebih dari 2000 baris"):
        proposal_of(upload(world, cards=rows))


def test_as_many_queries_for_many_rows_as_for_few(world: World) -> None:
    counts = []
    for size in (2, 12):
        workbook = upload(world, cards=[CARD | {"Nama indikator": f"n{number}"} for number in range(size)])
        with CaptureQueriesContext(connection) as seen:
            assert len(proposal_of(workbook).cards) == size
        counts.append(len(seen))
    assert counts[1] == counts[0]


def test_every_heading_stands_once() -> None:
    for name in (NODES, CARDS):
        columns = columns_of(name, 2026)
        for what in ("heading", "key"):
            values = [getattr(column, what).casefold() for column in columns]
            assert len(values) == len(set(values))
    entry = set(CardEntry.__dataclass_fields__) | {"node", "units", "ordinal", "is_iku", "is_ikk", "is_lppd"}
    plain = {column.key for column in columns_of(CARDS, 2026) if not column.key.startswith("target_")}
    assert plain == entry
