"""A unit's form as a file: taken along, filled in, brought back, shown, applied once."""

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from capaian.collection import actions
from capaian.collection.import_actions import proposal_of
from capaian.collection.import_proposal import FormProposal
from capaian.collection.models import Actual, FormImport
from capaian.collection.offline_files import form_book, form_csv
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.journal.reason import Conflict, Refused
from capaian.journal.rules import Replayed
from capaian.planning.models import Card
from capaian.sop.models import Run
from tests.collection.conftest import collect, save, sheet, submit, told
from tests.collection.offline_edit import Formula, apply, bring, reach_of, sheets, taken_along
from tests.planning.cards import make_card
from tests.sop.driver import Engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(office: Engine, card: Card) -> Run:
    """A round in which units fill in: a sum, a ratio of raw data, a letter, a yes or no."""
    world = office.world
    make_card(world, "Rasio", units=("ikp",), data=("selesai", "masuk"), formula="selesai / masuk * 100")
    make_card(
        world, "Predikat", units=("ikp",), polarity="predicate", targets={"2026-Q1": "BB"}, measured_in="predikat"
    )
    make_card(world, "Dokumen", units=("ikp",), polarity="milestone", targets={"2026-Q1": "1"}, measured_in="dokumen")
    Card.objects.filter(pk=card.pk).update(released_next_year=True)
    return collect(office)


def seen(office: Engine, upload: FormImport, unit: str = "ikp") -> FormProposal:
    return proposal_of(upload, reach_of(office, unit))


def told_by(proposal: FormProposal) -> list[tuple[str, str, str, str, str]]:
    return [(each.label, each.base, each.stands, each.given, each.effect) for each in proposal.changes]


def refused_in(proposal: FormProposal) -> list[tuple[str, str]]:
    return [(each.where, each.text) for each in proposal.named]


def test_what_was_not_touched_changes_nothing(office: Engine, run: Run) -> None:
    lines = sheet(office, run, "ikp").lines
    long = Decimal("123456789.123456789012")
    save(office, run, "ikp", told(lines[0], long, cause="=1+1\r\nbaris _x0041_ kedua ", obstacle="'@sini"))
    for content, name in (
        (taken_along(office, run, "ikp").saved(), "a.xlsx"),
        (form_csv(sheets(office, run, "ikp")), "a.csv"),
    ):
        proposal = seen(office, bring(office, run, "ikp", content, name))
        assert (told_by(proposal), refused_in(proposal), proposal.remarks) == ([], [], [])


def test_a_filled_workbook_is_shown_and_applied_once(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    first, down, up, letter, done = book.body()
    for row, key, value in (
        (first, "value", 80.25), (first, "is_provisional", "ya"), (first, "cause", "  Sebab\nnya "),
        (down, "value", "1.234,5"), (up, "value", 2000), (letter, "value", "bb"), (done, "value", "Selesai"),
    ):  # fmt: skip
        book.put(row, key, value)
    upload = bring(office, run, "ikp", book.saved())
    assert not Actual.objects.exists()
    proposal = seen(office, upload)
    assert told_by(proposal) == [
        ("Realisasi", "", "", "80,25", "write"), ("Sementara", "tidak", "tidak", "ya", "write"),
        ("Penyebab", "", "", "Sebab\nnya", "write"), ("Selesai", "", "", "1.234,5", "write"),
        ("Masuk", "", "", "2.000", "write"), ("Realisasi", "", "", "BB", "write"),
        ("Realisasi", "", "", "Selesai", "write"),
    ]  # fmt: skip
    assert refused_in(proposal) == []
    assert apply(office, upload, "ikp", token="sekali") == 7
    plain, ratio, predicate, yes = (line.actual or Actual() for line in sheet(office, run, "ikp").lines)
    assert (plain.value, plain.is_provisional, plain.cause) == (Decimal("80.25"), True, "Sebab\nnya")
    assert ([row.value for row in ratio.data.all()], ratio.value) == (
        [Decimal("1234.5"), Decimal(2000)], Decimal("61.725"),
    )  # fmt: skip
    assert (predicate.letter, yes.value) == ("BB", Decimal(1))
    assert sheet(office, run, "ikp").edition == 1
    told = Entry.objects.get(verb="imported_form")
    assert (told.payload["fields"], told.payload["forms"][0]["lines"]) == (7, 4)
    assert list(breaks(office.world.agency.public_id)) == []
    with pytest.raises(Conflict):
        apply(office, upload, "ikp")
    with pytest.raises(Replayed):
        apply(office, upload, "ikp", token="sekali")
    with pytest.raises(Refused) as refused:
        apply(office, bring(office, run, "ikp", book.saved()), "ikp")
    assert [reason.code for reason in refused.value.reasons] == ["nothing_new"]
    assert sheet(office, run, "ikp").edition == 1


def test_what_others_entered_meanwhile_is_kept(office: Engine, run: Run) -> None:
    line = sheet(office, run, "ikp").lines[0]
    save(office, run, "ikp", told(line, Decimal(10), cause="Awal"))
    book = taken_along(office, run, "ikp")
    save(office, run, "ikp", told(line, Decimal(11), cause="Awal", obstacle="Dari web"))
    for key, value in (("value", 12), ("cause", "Dari berkas")):
        book.put(book.body()[0], key, value)
    upload = bring(office, run, "ikp", book.saved())
    proposal = seen(office, upload)
    assert told_by(proposal) == [
        ("Realisasi", "10", "11", "12", "clash"), ("Penyebab", "Awal", "Awal", "Dari berkas", "write"),
    ]  # fmt: skip
    assert proposal.remarks == ["1 isian lain diubah di web sesudah berkas ini diunduh; yang sekarang dipertahankan."]
    other = bring(office, run, "ikp", book.saved())
    assert apply(office, upload, "ikp") == 1
    row = Actual.objects.get(is_current=True)
    assert (row.value, row.cause, row.obstacle) == (Decimal(11), "Dari berkas", "Dari web")
    [clash] = seen(office, other).clashes
    with pytest.raises(Refused) as refused:
        apply(office, other, "ikp")
    assert [reason.code for reason in refused.value.reasons] == ["nothing_chosen"]
    assert apply(office, other, "ikp", clash.key) == 1
    row.refresh_from_db()
    assert (row.value, row.cause, row.obstacle) == (Decimal(12), "Dari berkas", "Dari web")


def test_what_was_not_seen_is_not_written(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    book.put(book.body()[0], "value", 5)
    upload = bring(office, run, "ikp", book.saved())
    digest = seen(office, upload).digest
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(6)))
    with pytest.raises(Conflict) as refused:
        apply(office, upload, "ikp", seen=digest)
    assert [reason.code for reason in refused.value.reasons] == ["changed_since"]
    assert [row.value for row in Actual.objects.all()] == [Decimal(6)]


def test_a_zero_that_is_taken_out_is_no_zero_any_more(office: Engine, run: Run) -> None:
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(0)))
    book = taken_along(office, run, "ikp")
    book.put(book.body()[0], "value", "")
    proposal = seen(office, bring(office, run, "ikp", book.saved()))
    assert told_by(proposal) == [("Realisasi", "0", "0", "", "write")]


BAD: list[tuple[str, Any, str]] = [
    ("value", "1.234", "“1.234” dapat dibaca 1234 atau 1,234."),
    ("value", "85 orang", "“85 orang” bukan angka."),
    ("value", True, "“TRUE” bukan angka."),
    ("value", Formula("=1+1"), "Rumus tanpa nilai tersimpan."),
    ("value", Formula('="tiga"', "tiga"), "Rumus pada sel ini tidak menghasilkan angka."),
    ("value", Formula("=1/0", "#DIV/0!"), "Sel ini menunjukkan kesalahan Excel."),
    ("value", "9" * 25, "Angka ini lebih dari 24 digit."),
    ("is_provisional", "mungkin", "“mungkin” tidak dikenal."),
    ("cause", "x" * 2001, "Terlalu panjang."),
    ("obstacle", "a\x07b", "Teks ini memuat tanda yang tidak terlihat."),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "text"), BAD)
def test_a_refused_cell_is_named_and_the_others_count(
    office: Engine, run: Run, key: str, value: object, text: str
) -> None:
    book = taken_along(office, run, "ikp")
    first, second = book.body()[:2]
    book.put(first, key, value)
    book.put(second, "value", 7)
    proposal = seen(office, bring(office, run, "ikp", book.saved()))
    [(where, why)] = refused_in(proposal)
    assert (where, why.startswith(text)) == (f"{chr(65 + book.column(key))}{first + 1}", True), why
    assert told_by(proposal) == [("Selesai", "", "", "7", "write")]


def test_a_formula_with_a_saved_number_counts_and_is_flagged(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    book.put(book.body()[0], "value", Formula("=1+1", 2))
    proposal = seen(office, bring(office, run, "ikp", book.saved()))
    assert [(each.given, each.is_formula) for each in proposal.changes] == [("2", True)]
    assert "berasal dari rumus" in proposal.remarks[0]


def test_a_form_that_is_not_open_is_not_changed(office: Engine, run: Run) -> None:
    whole = taken_along(office, run, "")
    book = taken_along(office, run, "secretariat")
    for each in (whole, book):
        each.put(each.body()[0], "value", 9)
    upload = bring(office, run, "secretariat", book.saved())
    save(office, run, "secretariat", told(sheet(office, run, "secretariat").lines[0], Decimal(1)))
    submit(office, run, "secretariat")
    proposal = seen(office, upload, "secretariat")
    assert [text for _, text in refused_in(proposal)] == [
        f"Formulir {office.world.units['secretariat'].name} tidak sedang diisi."
    ]
    with pytest.raises(Refused):
        apply(office, upload, "secretariat")
    proposal = seen(office, bring(office, run, "", whole.saved()), "")
    assert (len(proposal.refusals), proposal.changes) == (1, [])


def test_only_the_unit_and_tim_sakip_bring_files(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    book.put(book.body()[0], "value", 5)
    upload = bring(office, run, "ikp", book.saved())
    stranger = reach_of(office, "secretariat")
    proposal = proposal_of(upload, stranger)
    assert ([text for _, text in refused_in(proposal)], proposal.changes) == (
        [f"Formulir {office.world.units['ikp'].name} diisi oleh unit itu atau Tim SAKIP."], [],
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.apply_import(upload=upload, seen=proposal.digest, mine=(), by=stranger.actor(), reach=stranger)
    team = reach_of(office, "")
    digest = proposal_of(upload, team).digest
    assert actions.apply_import(upload=upload, seen=digest, mine=(), by=team.actor(), reach=team) == 1
    assert Actual.objects.get().entered_by == team.person


def test_all_units_in_one_workbook(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "")
    units = [book.rows[down][book.column("unit")] for down in book.body()]
    assert [units.count(office.world.units[key].name) for key in ("secretariat", "ikp", "aptika")] == [1, 5, 0]
    for down in book.body()[:2]:
        book.put(down, "value", 4)
    upload = bring(office, run, "", book.saved())
    assert apply(office, upload, "") == 2
    assert sorted(row.unit.name for row in Actual.objects.all()) == sorted(set(units))


def test_the_workbook_is_locked_but_for_what_is_asked(office: Engine, run: Run) -> None:
    with zipfile.ZipFile(io.BytesIO(form_book(sheets(office, run, "ikp")))) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
        book = package.read("xl/workbook.xml").decode()
        styles = package.read("xl/styles.xml").decode()
    assert '<sheetProtection sheet="1"' in xml
    assert re.findall(r'<dataValidation type="(\w+)"[^>]* sqref="([^"]+)"', xml) == [
        ("list", "K5"), ("list", "J8"), ("list", "J9"), ("decimal", "J5:J7"),
    ]  # fmt: skip
    assert '<sheet name="capaian" sheetId="3" state="veryHidden"' in book
    formats = re.split(r"<xf ", styles.split("<cellXfs")[1].split("</cellXfs>")[0])[1:]
    opened_ = {place for place, each in enumerate(formats) if 'locked="0"' in each}
    cells = re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', xml)
    assert sorted(cell for cell, style in cells if int(style) in opened_) == sorted(
        ["J5", "J6", "J7", "J8", "J9", "K5", *(f"{letter}{row}" for letter in "LMN" for row in (5, 6, 8, 9))]
    )
