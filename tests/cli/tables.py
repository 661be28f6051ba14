"""Tables for tests: written as a user would have them, and read back independently of the product."""

import csv
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import python_calamine

from capaian.cli.main import main

HEADING = "indikator;satuan;polaritas;target;realisasi"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A text file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def run(*words: str | Path) -> int:
    """The command's exit code."""
    return main([str(word) for word in words])


def rows_of(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    """A CSV output as dictionaries."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def objects_of(path: Path) -> list[dict[str, Any]]:
    """A JSON output."""
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def sheet_of(path: Path) -> list[list[Any]]:
    """An XLSX output through another reader."""
    cells: list[list[Any]] = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return cells


TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(
    path: Path,
    sheet_data: str,
    *,
    after: str = "",
    styles: Sequence[tuple[int, str]] = (),
    texts: Sequence[str] = (),
    sheets: str = '<sheet name="Lembar" sheetId="1" r:id="rId1"/>',
    properties: str = "",
    more: Mapping[str, str | bytes] | None = None,
    prolog: str = "",
) -> Path:
    """A workbook from raw XML, as no writing library makes it. `styles`: (number, code) of cell styles 1, 2, …."""
    formats = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in styles if code)
    xfs = "".join(f'<xf numFmtId="{number}"/>' for number in (0, *(number for number, _ in styles)))
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f'{prolog}<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONSHIPS}">{properties}'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{xfs}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><dimension ref="A1:XFD1048576"/>'
        f"<sheetData>{sheet_data}</sheetData>{after}</worksheet>",
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path


def text_cell(reference: str, text: str) -> str:
    """An inline text cell."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(reference: str, value: str, style: int = 0) -> str:
    """A number cell."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def heading_row(*headings: str, number: int = 1) -> str:
    """A row of inline headings."""
    cells = "".join(text_cell(f"{chr(65 + place)}{number}", heading) for place, heading in enumerate(headings))
    return f'<row r="{number}">{cells}</row>'
