"""Screen, CSV, XLSX and PDF of generated indicators say the same digits and the same category."""

import csv
import io
import os
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string

from capaian.documents.render import render
from capaian.measurement.measuring import measurement_of
from capaian.measurement.papers import worksheet_blocks
from capaian.measurement.recap import Line
from capaian.measurement.sheet_tables import lines_table
from capaian.measurement.table_files import csv_of, xlsx_of
from capaian.measurement.tables import Table
from capaian.planning.models import Card, Indicator
from tests.documents.papers import a_context
from tests.measurement.snapshots import snapshot

HOW_MANY = 10_000 if os.environ.get("CAPAIAN_PROOF") == "1" else 200
ON_A_PAPER = 1_000
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LETTERS = ("AA", "A", "BB", "B", "CC", "C", "D")
PLAIN = ("maximize", "minimize", "minimize_ratio", "stabilize", "milestone")
FIGURES = ("Target", "Realisasi", "Capaian (%)", "Skor (%)", "Kategori")


def value(source: random.Random) -> str:
    """Return a figure of any size: whole, with decimals, zero, below zero."""
    whole = source.choice((0, 1, 9, source.randint(0, 10**3), source.randint(0, 10**12)))
    parts = source.choice(("", "", ".5", ".005", f".{source.randint(1, 10**6 - 1):06}"))
    return f"{source.choice(('', '', '', '-'))}{whole}{parts}"


def generated(number: int, source: random.Random) -> Line:
    """Return a line of any polarity, consolidation, scale and cap, some without actuals or targets."""
    polarity = source.choice((*PLAIN, "predicate", "range_max", "range_min"))
    periods = source.randint(1, 4)
    if polarity == "predicate":
        targets, actuals = ([source.choice(LETTERS) for _ in range(periods)] for _ in range(2))
    elif polarity.startswith("range"):
        targets = [f"{low}..{low + source.randint(0, 50)}" for low in (source.randint(0, 99) for _ in range(periods))]
        actuals = [value(source) for _ in range(periods)]
    else:
        targets, actuals = ([value(source) for _ in range(periods)] for _ in range(2))
    promised = [None if source.random() < 0.1 else text for text in targets]
    brought = [None if source.random() < 0.1 else text for text in actuals]
    inputs = snapshot(
        promised,
        brought,
        name=f"Indikator {number:06}",
        polarity=polarity,
        consolidation=source.choice(("sum", "average", "last")),
        scale=source.choice(("permendagri", "lkjip", "kemenkeu", "sop")),
        cap=source.choice(("100", "120", "150", None)),
        weight=source.choice(("1", "2.5")),
        negative_target=source.random() < 0.5,
    )
    row = measurement_of(Card(indicator=Indicator(public_id=f"i{number}")), inputs, number)
    row.public_id = f"k{number}"
    return Line(row)


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    source = random.Random(5)
    return [generated(number, source) for number in range(HOW_MANY)]


@pytest.fixture(scope="module")
def table(lines: list[Line]) -> Table:
    return lines_table(lines)


def on_screen(table: Table) -> list[list[str]]:
    """Return the rows that the shared part of the pages shows."""
    page = render_to_string("parts/measurement/table.html", {"table": table})
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def in_workbook(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a workbook as a spreadsheet in Indonesian shows them, by each cell's own number format."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        styles = ET.fromstring(book.read("xl/styles.xml"))
        texts = ["".join(each.itertext()) for each in ET.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iter(f"{NS}numFmt")}
    codes |= {"3": "#,##0", "4": "#,##0.00"}
    shapes = [codes.get(each.get("numFmtId"), "") for each in styles.find(f"{NS}cellXfs") or ()]
    for row in list(sheet.iter(f"{NS}row"))[2:]:
        yield [shown(cell, texts, shapes) for cell in row]


def shown(cell: ET.Element, texts: list[str], shapes: list[str]) -> str:
    text = cell.findtext(f"{NS}v") or ""
    if cell.get("t") == "s":
        return texts[int(text)]
    places = len(shapes[int(cell.get("s", "0"))].partition(".")[2])
    return f"{Decimal(text):,.{places}f}".translate(str.maketrans(",.", ".,"))


def printed(lines: list[Line]) -> str:
    """Return the text of the worksheet's papers without blanks and the marks where words may break."""
    reader = shutil.which("pdftotext")
    found = []
    for start in range(0, len(lines), ON_A_PAPER):
        blocks = worksheet_blocks(lines[start : start + ON_A_PAPER])
        content = render("sheet", a_context(blocks=blocks, paper="f4", orientation="landscape"))
        if reader is None:  # then what the layout was given must do
            found += [cell for block in blocks for row in block.get("rows", ()) for cell in row]
        else:
            done = subprocess.run([reader, "-raw", "-", "-"], input=content, capture_output=True, check=True)
            found.append(done.stdout.decode())
    return re.sub(r"[\s\u200b]+", "", "".join(found))


def test_the_page_shows_every_cell(table: Table) -> None:
    assert on_screen(table) == table.texts()


def test_csv_says_what_the_page_says(table: Table) -> None:
    rows = list(csv.reader(io.StringIO(csv_of(table).decode("utf-8-sig")), delimiter=";"))
    assert rows == [table.head, *table.texts()]


def test_workbook_shows_what_the_page_shows(table: Table) -> None:
    rows = list(in_workbook(xlsx_of([table], "Kertas kerja", "Dinas")))
    assert rows == [table.head, *table.texts()]


def test_pages_of_worksheets_show_the_same(lines: list[Line], table: Table) -> None:
    page = render_to_string("parts/measurement/lines.html", {"lines": lines, "linked": "1"})
    rows = [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    ]
    cells = [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]
    place = [table.head.index(name) for name in ("Target", "Realisasi", "Capaian (%)", "Kategori")]
    for row, shared in zip(cells, table.texts(), strict=True):
        target, actual, achieved, category = (shared[each] for each in place)
        assert row[1].removesuffix(" persen") == target
        assert (row[2], row[3].removesuffix("%"), row[4]) == (actual, achieved, category)


def test_papers_print_the_same(lines: list[Line], table: Table) -> None:
    text = printed(lines)
    place = {name: table.head.index(name) for name in ("Indikator", "Satuan", *FIGURES)}
    missing = []
    due = {line.card["name"] for line in lines if line.is_due}
    for row in table.texts():
        if row[place["Indikator"]] not in due:
            continue
        said = [row[place[name]] for name in ("Indikator", "Satuan", "Target", "Realisasi", "Capaian (%)", "Kategori")]
        if re.sub(r"\s+", "", "".join(said)) not in text:
            missing.append(said)
    assert not missing, f"{len(missing)}: {missing[:3]}"
    print(f"same digits: {len(due)} of {len(lines)} indicators due, on page, CSV, XLSX and PDF")


def test_a_digit_changed_on_the_way_is_seen(table: Table) -> None:
    content = xlsx_of([table], "Kertas kerja", "Dinas")
    rows = list(in_workbook(content))[1:]
    place = table.head.index("Capaian (%)")
    number, old = next((at, row[place]) for at, row in enumerate(rows) if row[place] != "–")
    changed = [list(row) for row in table.texts()]
    changed[number][place] = old[:-1] + ("1" if old[-1] == "0" else "0")
    assert rows == table.texts()
    assert rows != changed
