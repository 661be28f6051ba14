"""Comparing with an older application on a page: the same findings as the command, refusals that name the cell."""

import io
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from capaian.reporting import published_report
from capaian.reporting.published_report import report_of
from capaian.tables.settings import Settings
from capaian.workbooks.problems import UnreadableTable
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine, make_engine
from tests.web.looks import text

CHOSEN = {"decimal": "comma", "minimize": "linear", "cap": "120", "scale": "permendagri"}
HEAD = "No;Indikator;Polaritas;Target;Realisasi;Terbit\n"
ROWS = (
    "1;Layanan;;80;72;90,00\n2;Insiden;minimize;10;12;83,33\n3;Salah;;80;40;77,77\n4;Kosong;;80;;\n"
    "5;=SUM(A1);;100;50;50\n"
)


@pytest.fixture
def office(db: None) -> Engine:
    return make_engine()


def send(office: Engine, content: bytes, name: str = "lama.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    return client_of(office, "team").post("/kinerja/bandingkan/", {"file": file} | CHOSEN | more)


def test_the_page_explains_each_difference(office: Engine) -> None:
    answer = send(office, (HEAD + ROWS).encode())
    assert answer.status_code == 200
    shown = text(answer)
    assert "T ÷ R" in shown
    for group in ("Sama", "Berbeda, ada penjelasan", "Tidak dapat dijelaskan", "Tanpa angka terbit"):
        assert f">{group}</span>" in shown
    assert ">80,00<" in shown
    assert ">3,33<" in shown


def test_files_say_what_the_page_says(office: Engine, tmp_path: Path) -> None:
    path = tmp_path / "lama.csv"
    path.write_text(HEAD + ROWS)
    table = report_of(path, Settings()).table
    lines = send(office, path.read_bytes(), bentuk="csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(table.rows) == 6
    assert lines[5].startswith("'=SUM(A1);")
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(send(office, path.read_bytes(), bentuk="xlsx").content)
    )
    assert book.get_sheet_by_index(0).to_python()[3:] == [table.head, *table.texts()]


def test_a_workbook_is_read_too(office: Engine) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for down, row in enumerate([["Indikator", "Target", "Realisasi", "Terbit"], ["Layanan", 80, 72, 90]]):
        sheet.write_row(down, 0, row)
    book.close()
    assert ">Sama</span>" in text(send(office, out.getvalue(), "lama.xlsx"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Indikator;Target\nA;1\n", "tidak ditemukan pada baris judul"),
        (HEAD + "1;A;;delapan;72;90\n", "D2"),
        (HEAD, "tidak memuat baris"),
        ("", "kosong"),
    ],
)
def test_what_cannot_be_read_is_named(office: Engine, content: str, said: str) -> None:
    answer = send(office, content.encode())
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_broken_workbook_and_a_program_are_refused(office: Engine) -> None:
    assert send(office, b"PK\x03\x04rusak", "lama.xlsx").status_code == 422
    assert send(office, b"MZ" + b"\0" * 100, "lama.exe").status_code == 422


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lama.csv"
    path.write_text(HEAD + ROWS)
    assert len(report_of(path, Settings()).table.rows) == 5
    monkeypatch.setattr(published_report, "MOST_ROWS", 4)
    with pytest.raises(UnreadableTable, match="lebih dari 4 baris"):
        report_of(path, Settings())
