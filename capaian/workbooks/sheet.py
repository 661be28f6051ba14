"""A visible sheet of an XLSX file as rows of text, in batches."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import Final

from capaian.formulas.number_text import Separator, format_number
from capaian.formulas.rounding import MOST_DIGITS
from capaian.workbooks.package import Package, plain, tag
from capaian.workbooks.parts import Parts, read_parts
from capaian.workbooks.problems import BATCH, Batch, CellProblem, Notes, UnreadableTable, address

MOST_COLUMNS: Final = 200
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Excel itself keeps and shows 15 digits; further ones are the noise of binary arithmetic
EXCEL: Final = Context(prec=15)
EPOCH: Final = date(1899, 12, 30)
EPOCH_1904: Final = date(1904, 1, 1)
LAST_DAY: Final = 2_958_465


@dataclass(slots=True)
class _Cell:
    """The cell being read."""

    column: int = 0
    kind: str = "n"
    style: int = 0
    value: str = ""
    has_formula: bool = False


@dataclass(slots=True)
class _Sheet:
    """Collects rows while the XML goes by; the numbers of rows are those of the sheet."""

    parts: Parts
    decimal: Separator
    name: str
    notes: Notes
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    number: int = 0
    cell: _Cell = field(default_factory=_Cell)
    collecting: bool = False
    hint: bool = False
    formulas: int = 0
    hidden: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match tag(name):
            case "row":
                values = plain(attributes)
                self.number = _whole(values.get("r"), self.number + 1)
                self.hidden += values.get("hidden") in ("1", "true")
                self.row, self.cell = [], _Cell()
            case "c":
                values = plain(attributes)
                column = self._column(values.get("r"))
                self.cell = _Cell(column, values.get("t", "n"), _whole(values.get("s"), 0))
            case "f":
                self.cell.has_formula = True
            case "v" | "t":
                self.collecting = not self.hint
            case "rPh":
                self.hint = True
            case "mergeCell":
                self.notes.merged.append(plain(attributes).get("ref", ""))

    def end(self, name: str) -> None:
        match tag(name):
            case "v" | "t":
                self.collecting = False
            case "rPh":
                self.hint = False
            case "c":
                self._keep()
            case "row":
                self.rows.append((self.number, self.row))

    def text(self, text: str) -> None:
        if self.collecting:
            self.cell.value += text

    def _column(self, reference: str | None) -> int:
        match = REFERENCE.fullmatch(reference or "")
        return self.cell.column + 1 if match is None else column_number(match[1])

    def _keep(self) -> None:
        cell = self.cell
        if cell.has_formula:
            self.formulas += 1
            if not cell.value and cell.kind != "str":
                text = "Rumus tanpa nilai tersimpan. Buka di Excel, simpan, lalu ulangi."
                self.notes.problems.append(CellProblem(self.number, cell.column, "", text))
            else:
                self.notes.formulas[self.number, cell.column] = cell.kind
        if cell.kind == "e":
            self.notes.errors.add((self.number, cell.column))
        text = self._text(cell)
        if not text:
            return
        if cell.column > MOST_COLUMNS:
            where = address(self.number, cell.column)
            raise UnreadableTable(f"{self.name}, {where}: isi melewati kolom ke-{MOST_COLUMNS}. Hapus kolom itu.")
        self.row.extend([""] * (cell.column - len(self.row)))
        self.row[cell.column - 1] = text

    def _text(self, cell: _Cell) -> str:
        """The cell as text in the table's own writing of numbers."""
        value = cell.value
        match cell.kind:
            case "s":
                place = _whole(value, -1)
                return self.parts.texts[place] if 0 <= place < len(self.parts.texts) else ""
            case "b":
                return {"1": "TRUE", "0": "FALSE"}.get(value, value)
            case "n":
                return self._number(value, cell.style) if value else ""
            case _:
                return value

    def _number(self, value: str, style: int) -> str:
        try:
            number = EXCEL.create_decimal(value)
        except InvalidOperation:
            return value
        if not number.is_finite() or (number and abs(number.adjusted()) >= MOST_DIGITS):
            return value
        kind = self.parts.kinds[style] if 0 <= style < len(self.parts.kinds) else "number"
        if kind == "date":
            return self._date(number)
        percent = kind == "percent"
        number = number.scaleb(2) if percent else number
        return format_number(number, decimal=self.decimal, grouping=False, percent=percent)

    def _date(self, number: Decimal) -> str:
        """A date in ISO form: text, so that no date is ever taken for a number."""
        if not 0 <= number <= LAST_DAY:
            return f"tanggal {number:f}"
        start = EPOCH_1904 if self.parts.from_1904 else EPOCH
        return (start + timedelta(days=int(number))).isoformat()


class XlsxSource:
    """Reads a sheet once, from the top: the one of a name, or the first. Hidden ones only where that is asked for."""

    def __init__(
        self, path: Path, decimal: Separator, *, sheet: str = "", package: Package | None = None, hidden: bool = False
    ) -> None:
        self.path, self.notes = path, Notes()
        self.package = package or Package(path)
        try:
            parts = read_parts(self.package, sheet, hidden=hidden)
        except UnreadableTable:
            self.package.close()
            raise
        self.size, self.done = self.package.zip.getinfo(parts.sheet).file_size, 0
        self.sheet = _Sheet(parts, decimal, self.package.name, self.notes)
        self.reading = self._rows()
        self.filled: Iterator[tuple[int, list[str]]] = self.reading
        self.first = self.before = 0

    def close(self) -> None:
        """Close the file, also when it was not read to its end."""
        self.reading.close()
        self.package.close()

    def next_row(self) -> tuple[int, list[str]] | None:
        """The next row that is not blank."""
        number, row = next(self.filled, (0, None))
        if row is None:
            return None
        self.before, self.first = self.first, number
        return number, row

    def put_back(self, number: int, row: list[str]) -> None:
        """Undo the last `next_row`."""
        self.filled = chain([(number, row)], self.filled)
        self.first = self.before

    def batches(self) -> Iterator[Batch]:
        """The rows below those that were taken; a new batch begins after blank rows, so that numbers stay right."""
        batch: list[list[str]] = []
        expected = start = self.first + 1
        for number, row in self.filled:
            if batch and (len(batch) >= BATCH or number != expected):
                yield start, batch
                batch = []
            if not batch:
                start = number
            batch.append(row)
            expected = number + 1
        if batch:
            yield start, batch
        self._remark()

    def _rows(self) -> Generator[tuple[int, list[str]], None, None]:
        for _ in self.package.feed(self.sheet.parts.sheet, self.sheet):
            rows, self.sheet.rows = self.sheet.rows, []
            self.done += 1 << 16
            yield from ((number, row) for number, row in rows if any(cell.strip() for cell in row))

    def _remark(self) -> None:
        """What the reader of the summary should know; merged cells below the heading cannot be told apart."""
        sheet, remarks = self.sheet, self.notes.remarks
        if sheet.formulas:
            remarks.append(f"Sel berisi rumus: {sheet.formulas}; nilai yang tersimpan dipakai.")
        if sheet.hidden:
            remarks.append(f"Baris tersembunyi ikut dihitung: {sheet.hidden}.")
        for reference in self.notes.merged:
            self.notes.problems += merged_problems(reference, self.first)


def merged_problems(reference: str, heading: int) -> list[CellProblem]:
    """A merged area below the heading row leaves every cell but the first without a value of its own."""
    area = area_of(reference)
    if area is None:
        return []
    top, left, bottom, right = area
    if bottom <= heading or left > MOST_COLUMNS:
        return []
    text = f"Sel gabungan {reference}. Pisahkan, lalu isi setiap barisnya."
    return [
        CellProblem(max(top, heading + 1), column, "", text) for column in range(left, min(right, MOST_COLUMNS) + 1)
    ]


def area_of(reference: str) -> tuple[int, int, int, int] | None:
    """Top, left, bottom and right of `B2:C5`, from 1; None for anything else."""
    corners = [REFERENCE.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) != 2 or None in corners:
        return None
    (left, top), (right, bottom) = ((column_number(each[1]), int(each[2])) for each in corners if each)
    return top, left, bottom, right


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise
