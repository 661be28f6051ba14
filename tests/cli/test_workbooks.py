"""Reading workbooks: numbers as they stand in the file, percent formats, formulas, and files made to do harm."""

import io
import random
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.tables import heading_row, number_cell, rows_of, run, text_cell, workbook

COLUMNS = heading_row("indikator", "satuan", "polaritas", "target", "realisasi")


def measured(tmp_path: Path, source: Path, *options: str) -> list[dict[str, str]]:
    output = tmp_path / "out.csv"
    assert run("measure", source, "--output", output, *options) == 0
    return rows_of(output)


def refused(source: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run("measure", source) == 2
    return capsys.readouterr().err


def row(number: int, target: str, actual: str, before: str = "") -> str:
    return f'<row r="{number}">{before}{target}{actual}</row>'


def test_a_workbook_that_excel_users_make(tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    book = xlsxwriter.Workbook(str(source))
    sheet, other = book.add_worksheet("Capaian"), book.add_worksheet("Lain")
    percent = book.add_format({"num_format": "0.00%"})
    sheet.write_row(0, 0, ["Indikator", "Satuan", "Polaritas", "Target", "Realisasi", "Catatan"])
    sheet.write_row(1, 0, ["SPBE", "indeks", "", 3, 2.85, True])
    sheet.write_row(2, 0, ["Layanan", "%", "maks"])
    sheet.write_number(2, 3, 0.9, percent)
    sheet.write_number(2, 4, 0.8573, percent)
    sheet.write_row(3, 0, ["Teks", "", "", "1.234,5", "1.111,05"])
    sheet.write_row(5, 0, ["Kosong", "", "", 10])
    other.write(0, 0, "bukan ini")
    book.close()
    rows = measured(tmp_path, source)
    assert [row["achievement"] for row in rows] == ["95,00", "95,26", "90,00", ""]
    assert [(row["Target"], row["Realisasi"]) for row in rows] == [
        ("3", "2,85"), ("90%", "85,73%"), ("1.234,5", "1.111,05"), ("10", ""),
    ]  # fmt: skip
    assert [row["Catatan"] for row in rows] == ["TRUE", "", "", ""]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2.85", "2,85"), ("363.98", "363,98"), ("0.1", "0,1"), ("1E-3", "0,001"), ("1.5E+3", "1500"), ("-5", "-5"),
        ("0.30000000000000004", "0,3"), ("1.1500000000000001", "1,15"), ("123456789012345", "123456789012345"),
        ("1234567890123456", "1234567890123460"), ("6116339202", "6116339202"), ("0", "0"), ("-0", "0"),
        ("1E-300", "1E-300"),
        ("1E+400", "1E+400"), ("NaN", "NaN"), ("x", "x"),
    ],
)  # fmt: skip
def test_numbers_are_taken_as_they_stand(tmp_path: Path, value: str, text: str) -> None:
    """Through a column that only passes: the text shows what was read."""
    sheet = (
        heading_row("target", "actual", "x") + f'<row r="2">{number_cell("A2", "1")}{number_cell("C2", value)}</row>'
    )
    assert measured(tmp_path, workbook(tmp_path / "in.xlsx", sheet))[0]["x"] == text


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ((9, ""), "85%"), ((10, ""), "85%"), ((164, "0.0%"), "85%"), ((164, "0,00\\ %"), "85%"),
        ((164, "0&quot;%&quot;"), "0,85"),
        ((164, "0\\%"), "0,85"), ((164, "#,##0.00"), "0,85"), ((164, "[Red]0.00"), "0,85"), ((164, "General"), "0,85"),
        ((14, ""), "1899-12-30"), ((22, ""), "1899-12-30"), ((164, "dd/mm/yyyy"), "1899-12-30"),
        ((164, "[$-421]d mmmm"), "1899-12-30"),
        ((164, "&quot;Rp&quot; #,##0"), "0,85"), ((164, "0.00_);(0.00)"), "0,85"),
        ((164, "General &quot;hari&quot;"), "0,85"), ((999, ""), "0,85"),
    ],
)  # fmt: skip
def test_number_formats_are_read(tmp_path: Path, style: tuple[int, str], text: str) -> None:
    sheet = (
        heading_row("target", "actual", "x")
        + f'<row r="2">{number_cell("A2", "1")}{number_cell("C2", "0.85", 1)}</row>'
    )
    assert measured(tmp_path, workbook(tmp_path / "in.xlsx", sheet, styles=[style]))[0]["x"] == text


def test_a_percent_format_is_a_percent_sign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """85.73 % against a target typed as 100: 85.73, not 0.86."""
    cells = row(2, number_cell("D2", "100"), number_cell("E2", "0.8573", 1), text_cell("B2", "%"))
    source = workbook(tmp_path / "in.xlsx", COLUMNS + cells, styles=[(10, "")])
    assert measured(tmp_path, source)[0]["achievement"] == "85,73"
    cells = row(2, number_cell("D2", "100"), number_cell("E2", "0.8573", 1), text_cell("B2", "dokumen"))
    heard = refused(workbook(tmp_path / "in.xlsx", COLUMNS + cells, styles=[(10, "")]), capsys)
    assert "E2 (realisasi): “85,73%” bertanda persen, tetapi satuannya bukan persen." in heard


def test_a_date_is_never_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Excel turns 3/4 into a date; the cell is named instead of measured."""
    for properties, text in (("", "2026-04-03"), ('<workbookPr date1904="1"/>', "2030-04-04")):
        cells = row(2, number_cell("D2", "46115", 1), number_cell("E2", "1"))
        source = workbook(tmp_path / "in.xlsx", COLUMNS + cells, styles=[(14, "")], properties=properties)
        assert f"D2 (target): “{text}” bukan angka." in refused(source, capsys)
    cells = row(2, number_cell("D2", "99999999", 1), number_cell("E2", "1"))
    assert "D2 (target)" in refused(workbook(tmp_path / "in.xlsx", COLUMNS + cells, styles=[(14, "")]), capsys)


def test_formulas_count_by_their_kept_value_and_are_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = row(2, '<c r="D2"><f>5+5</f><v>10</v></c>', '<c r="E2"><f>9</f><v>9</v></c>')
    cells += row(3, number_cell("D3", "10"), '<c r="E3" t="str"><f>""</f><v></v></c>')
    assert measured(tmp_path, workbook(tmp_path / "in.xlsx", COLUMNS + cells))[0]["achievement"] == "90,00"
    assert "Sel berisi rumus: 3; nilai yang tersimpan dipakai." in capsys.readouterr().out
    cells = row(2, number_cell("D2", "10"), '<c r="E2"><f>1+1</f></c>')
    assert "E2: Rumus tanpa nilai tersimpan." in refused(workbook(tmp_path / "in.xlsx", COLUMNS + cells), capsys)
    # in a column that only passes it is no obstacle
    cells = row(2, number_cell("D2", "10"), number_cell("E2", "9") + '<c r="F2"><f>1+1</f></c>')
    headings = heading_row("indikator", "satuan", "polaritas", "target", "realisasi", "catatan")
    assert measured(tmp_path, workbook(tmp_path / "in.xlsx", headings + cells))[0]["achievement"] == "90,00"
    cells = row(2, number_cell("D2", "10"), '<c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    assert "E2 (realisasi): “#DIV/0!” bukan angka." in refused(workbook(tmp_path / "in.xlsx", COLUMNS + cells), capsys)


def test_merged_cells_in_known_columns_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = row(2, number_cell("D2", "10"), number_cell("E2", "9")) + row(3, "", number_cell("E3", "9"))
    merged = '<mergeCells count="2"><mergeCell ref="D2:D3"/><mergeCell ref="A2:A3"/></mergeCells>'
    heard = refused(workbook(tmp_path / "in.xlsx", COLUMNS + cells, after=merged), capsys)
    assert "D2: Sel gabungan D2:D3. Pisahkan, lalu isi setiap barisnya." in heard
    for harmless in ("F2:F3", "D1:E1", "x", "D2"):
        merged = f'<mergeCells><mergeCell ref="{harmless}"/></mergeCells>'
        assert (
            measured(tmp_path, workbook(tmp_path / "in.xlsx", COLUMNS + cells, after=merged))[0]["achievement"]
            == "90,00"
        )


def test_hidden_rows_count_and_are_mentioned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = f'<row r="2" hidden="1">{number_cell("D2", "10")}{number_cell("E2", "9")}</row>'
    assert len(measured(tmp_path, workbook(tmp_path / "in.xlsx", COLUMNS + hidden))) == 1
    assert "Baris tersembunyi ikut dihitung: 1." in capsys.readouterr().out


def test_the_first_visible_sheet_is_read(tmp_path: Path) -> None:
    hidden = '<sheet name="A" sheetId="1" state="hidden" r:id="rId2"/><sheet name="B" sheetId="2" r:id="rId1"/>'
    source = workbook(
        tmp_path / "in.xlsx", COLUMNS + row(2, number_cell("D2", "10"), number_cell("E2", "9")), sheets=hidden
    )
    assert len(measured(tmp_path, source)) == 1


def test_rows_keep_their_numbers_past_blank_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = heading_row("target", "actual", number=3) + row(
        1_048_576, text_cell("A1048576", "x"), number_cell("B1048576", "1")
    )
    heard = refused(workbook(tmp_path / "in.xlsx", sheet), capsys)
    assert "A1048576 (target): “x” bukan angka." in heard


def test_titles_and_column_numbers_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = (
        f'<row r="5">{"".join(number_cell(f"{letter}5", str(place)) for place, letter in enumerate("ABCDE", 1))}</row>'
    )
    cells = row(7, number_cell("D7", "10"), number_cell("E7", "9"))
    title = f'<row r="2">{text_cell("A2", "PENGUKURAN KINERJA")}</row>'
    headings = heading_row("indikator", "satuan", "polaritas", "target", "realisasi", number=4)
    rows = measured(tmp_path, workbook(tmp_path / "in.xlsx", title + headings + numbers + cells))
    assert [row["achievement"] for row in rows] == ["90,00"]
    assert "Judul kolom ditemukan pada baris 4" in capsys.readouterr().out
    cells = row(7, text_cell("D7", "x"), number_cell("E7", "9"))
    assert "D7 (target)" in refused(workbook(tmp_path / "in.xlsx", title + headings + numbers + cells), capsys)


def test_texts_in_every_form(tmp_path: Path) -> None:
    shared = ["x", 'Indikator &amp; <r><t>kaya</t></r><r><t xml:space="preserve"> teks</t></r>']
    texts = "<si><t>x</t></si><si><r><t>Nilai</t></r><r><t> kaya</t></r><rPh><t>bunyi</t></rPh></si>"
    more = {
        "xl/sharedStrings.xml": f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{texts}</sst>'
    }
    assert shared
    sheet = heading_row("target", "actual", "a", "b", "c") + (
        f'<row r="2">{number_cell("A2", "1")}<c r="C2" t="s"><v>1</v></c>'
        '<c r="D2" t="inlineStr"><is><r><t>dua</t></r><r><t> bagian</t></r><rPh><t>bunyi</t></rPh></is></c>'
        '<c r="E2" t="s"><v>99</v></c></row>'
    )
    rows = measured(tmp_path, workbook(tmp_path / "in.xlsx", sheet, more=more))
    assert (rows[0]["a"], rows[0]["b"], rows[0]["c"]) == ("Nilai kaya", "dua bagian", "")


def test_cells_without_references_stand_in_order(tmp_path: Path) -> None:
    sheet = (
        "<row><c t='str'><v>target</v></c><c t='str'><v>actual</v></c></row><row><c><v>10</v></c><c><v>9</v></c></row>"
    )
    assert measured(tmp_path, workbook(tmp_path / "in.xlsx", sheet))[0]["achievement"] == "90,00"


BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


HARMFUL = {
    "bomb": (packed(**{"xl__workbook.xml": b"<x/>", "xl__big.xml": b"0" * (60 << 20)}), "lebih dari 50 MB"),
    "ratio": (packed(**{"xl__workbook.xml": b"<x/>", "xl__big.xml": b"0" * (20 << 20)}), "dimampatkan tidak wajar"),
    "entries": (packed(**{f"xl__{place}.xml": b"" for place in range(201)}), "lebih dari 200 bagian"),
    "macro": (packed(**{"xl__workbook.xml": b"<x/>", "xl__vbaProject.bin": b"x"}), "memuat makro"),
    "no workbook": (packed(**{"word__document.xml": b"<x/>"}), "rusak atau bukan XLSX"),
    "entities": (packed(**{"xl__workbook.xml": BILLION_LAUGHS.encode()}), "deklarasi XML"),
    "outside": (packed(**{"xl__workbook.xml": (OUTSIDE + "<x>&a;</x>").encode()}), "deklarasi XML"),
    "broken xml": (packed(**{"xl__workbook.xml": b"<workbook><sheets>"}), "rusak atau bukan XLSX"),
    "encoding": (
        packed(**{"xl__workbook.xml": b'<?xml version="1.0" encoding="UzF-8"?><x/>'}),
        "rusak atau bukan XLSX",
    ),
    "not xml": (packed(**{"xl__workbook.xml": b"\x00\x01\x02"}), "rusak atau bukan XLSX"),
    "no sheet": (packed(**{"xl__workbook.xml": b"<workbook><sheets/></workbook>"}), "tidak memuat lembar"),
    "no part": (packed(**{"xl__workbook.xml": b'<workbook><sheets><sheet id="1"/></sheets></workbook>'}), "rusak"),
    "cut off": (packed(**{"xl__workbook.xml": b"<x/>" * 1000})[:-30], "rusak atau bukan XLSX"),
    "only a mark": (b"PK\x03\x04", "rusak atau bukan XLSX"),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_harmful_workbooks_are_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    data, words = HARMFUL[kind]
    source = tmp_path / "in.xlsx"
    source.write_bytes(data)
    start = time.process_time()
    assert words in refused(source, capsys)
    assert time.process_time() - start < 2


def test_a_bomb_is_refused_without_opening_it(tmp_path: Path) -> None:
    """In a process that may use 200 MB: 300 MB of zeros behind 300 KB."""
    source = tmp_path / "in.xlsx"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as package, package.open("xl/workbook.xml", "w") as part:
        for _ in range(300):
            part.write(b"0" * (1 << 20))

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))

    done = subprocess.run(
        [sys.executable, "-m", "capaian.cli", "measure", str(source)],
        capture_output=True, text=True, check=False, preexec_fn=limited,
    )  # fmt: skip
    assert done.returncode == 2
    assert "lebih dari 50 MB" in done.stderr


def test_sheets_wider_than_any_table_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = row(2, number_cell("D2", "10"), number_cell("XFD2", "9"))
    assert "XFD2: isi melewati kolom ke-200" in refused(workbook(tmp_path / "in.xlsx", COLUMNS + cells), capsys)
    cells = row(2, number_cell("D2", "10"), number_cell("E2", "9") + '<c r="XFD2" s="1"/>')
    assert len(measured(tmp_path, workbook(tmp_path / "in.xlsx", COLUMNS + cells))) == 1


def test_damaged_bytes_never_crash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hundred workbooks with one to eight bytes changed: measured or refused, never anything else."""
    whole = workbook(
        tmp_path / "in.xlsx", COLUMNS + row(2, number_cell("D2", "10"), number_cell("E2", "9"))
    ).read_bytes()
    source = random.Random(5)
    outcomes = set()
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(source.randint(1, 8)):
            data[source.randrange(len(data))] = source.randrange(256)
        (tmp_path / "in.xlsx").write_bytes(data)
        outcomes.add(run("measure", tmp_path / "in.xlsx"))
        heard = capsys.readouterr()
        assert bool(heard.err) is not bool(heard.out)
    assert outcomes == {0, 2}
