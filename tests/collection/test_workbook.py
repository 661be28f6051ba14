"""Forms and recapitulations as workbooks: numbers stay numbers, what people type never becomes a formula."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import python_calamine

from capaian.collection.entries import EvidenceEntry
from capaian.collection.workbook import form_workbook, recapitulation_workbook
from capaian.workbooks.writing import WrittenSheet, held, written
from tests.collection.conftest import advance, collect, report, save, sheet, told
from tests.collection.test_recapitulation import content, finished
from tests.planning.cards import make_card
from tests.sop.driver import Engine

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A1", "https://contoh.go.id", "\uff1d1")


def table(body: bytes, name: str) -> list[list[Any]]:
    """Return a sheet's rows below its head."""
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name(name).to_python()[3:]


def parts_of(body: bytes) -> str:
    """Return all the XML of a workbook."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist())


def test_form_is_a_workbook(office: Engine) -> None:
    make_card(office.world, "=Layanan", units=("ikp",), targets={"2026-Q1": "80"})
    make_card(office.world, "Rasio", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    make_card(office.world, "Predikat", units=("ikp",), polarity="predicate", targets={"2026": "BB"})
    make_card(office.world, "Kosong", units=("ikp",))
    run = collect(office)
    lines = sheet(office, run, "ikp").lines
    first, second = lines[1].card.data.all()
    proof = EvidenceEntry(lines[0].card.pk, "2026-Q1", link="https://contoh.go.id/bukti")
    raw = told(lines[1], data={first.pk: Decimal(1), second.pk: Decimal(3)})
    typed = told(lines[0], Decimal("1234.56"), cause="=1+1", obstacle="@a", follow_up="-2")
    save(office, run, "ikp", typed, raw, told(lines[2], letter="BB"), evidence=[proof])
    body = form_workbook(sheet(office, run, "ikp"))
    rows = {row[0].split()[0]: row for row in table(body, "Realisasi")}
    assert rows["=Layanan"][2:11] == ["Triwulan I 2026", 80.0, "", "", 1234.56, "", "=1+1", "@a", "-2"]
    assert [rows[name][6] for name in ("Rasio", "Predikat", "Kosong")] == [33.333333333333, "BB", ""]
    assert [row[4] for row in table(body, "Data mentah")[1:]] == [1.0, 3.0]
    assert table(body, "Bukti")[1][2] == "https://contoh.go.id/bukti"
    assert "<f>" not in parts_of(body)


def test_recapitulation_is_a_workbook(office: Engine) -> None:
    make_card(office.world, "+Layanan", units=("secretariat", "ikp"))
    run = collect(office)
    found = finished(office, run, {"secretariat": "10.5"})
    body = recapitulation_workbook(run, found, "")
    (row,) = table(body, "Rekapitulasi")[1:]
    assert row[:1] + row[3:5] == [1.0, 10.5, "Sementara"]
    assert [(row[3], row[4]) for row in table(body, "Rincian per unit")[1:]] == [
        ("Secretariat Melati", 10.5),
        ("Ikp Melati", ""),
    ]
    assert "Ikp Melati dikecualikan (Tidak ada data)." in table(body, "Data yang belum ada")[1][0]
    assert "<f>" not in parts_of(body)


def test_workbook_says_what_the_forms_say(office: Engine) -> None:
    make_card(office.world, "Layanan", units=("ikp",))
    run = collect(office)
    report(office, run, "ikp", Decimal("7.25"))
    advance(office, run, "A08")
    body = recapitulation_workbook(run, content(office, run), "")
    assert table(body, "Rekapitulasi")[1][3] == table(form_workbook(sheet(office, run, "ikp")), "Realisasi")[1][6]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", Decimal(0)),
        ("123456789012345", Decimal(123456789012345)),
        ("1234567890123456", "1234567890123456"),
        ("33.333333333333", Decimal("33.333333333333")),
        ("1234.567890123456", Decimal("1234.56789012346")),
        ("1000000000000000000", Decimal("1E+18")),
    ],
)
def test_numbers_are_those_that_excel_holds(value: str, expected: Decimal | str) -> None:
    assert held(Decimal(value)) == expected


def test_hostile_texts_stay_texts() -> None:
    body = written(("=JUDUL()", "+asal"), [WrittenSheet("Isi", (("=Kepala", 10),), [[text] for text in HOSTILE])])
    assert "<f>" not in parts_of(body)
    assert "hyperlink" not in parts_of(body)
    assert [row[0] for row in table(body, "Isi")[1:]] == list(HOSTILE)


def test_formulas_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import xlsxwriter.worksheet

    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "write_string", xlsxwriter.worksheet.Worksheet.write_formula)
    assert "<f>" in parts_of(written(("Judul", "Asal"), [WrittenSheet("Isi", (("Kepala", 10),), [["=1+1"]])]))
