"""Writing a measured table: CSV, JSON, XLSX or a table on the terminal. Nothing appears before all rows are read."""

import csv
import io
import json
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, Protocol

from capaian.formulas.number_text import Number, Separator, parse_number
from capaian.tables.columns import Columns
from capaian.workbooks.plain_cells import inert
from capaian.workbooks.problems import UnreadableTable

NUMBER_KEYS: Final = ("target", "actual", "weight", "target_low", "target_high", "tolerance", "published")
NUMBER_RESULTS: Final = ("achievement_raw", "achievement", "score", "difference")
EXCEL_DIGITS: Final = 15
EXCEL_ROWS: Final = 1_048_576
TEXT_WIDTH: Final = 40
LEAST_WIDTH: Final = 12
GAP: Final = "  "


class Sink(Protocol):
    """Takes the headings once, then rows, then is finished."""

    def begin(self, columns: Columns, added: Sequence[str]) -> None:
        """Write the headings: those of the input, then those that were added."""

    def rows(self, rows: Iterable[list[str]]) -> None:
        """Write rows."""

    def finish(self) -> None:
        """Complete the file."""

    def close(self) -> None:
        """Let go of everything, finished or not; may be called twice."""


class CsvSink:
    """CSV in UTF-8 with the delimiter (and the byte order mark) of the input."""

    def __init__(self, path: Path, delimiter: str, *, bom: bool) -> None:
        self.file = path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="")
        self.writer = csv.writer(self.file, delimiter=delimiter, lineterminator="\n")

    def begin(self, columns: Columns, added: Sequence[str]) -> None:
        """Write the heading row."""
        self.writer.writerow([inert(heading) for heading in (*columns.headings, *added)])

    def rows(self, rows: Iterable[list[str]]) -> None:
        """Write rows, none of whose cells is a formula."""
        self.writer.writerows([[inert(cell) for cell in row] for row in rows])

    def finish(self) -> None:
        """Nothing is left to write."""

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class JsonSink:
    """A list of objects, one a row; numbers are text as everywhere, a result that does not exist is null."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8")
        self.keys: list[str] = []
        self.inputs = 0
        self.between = "["

    def begin(self, columns: Columns, added: Sequence[str]) -> None:
        """Fix the keys: a heading that is blank or doubled gets its number."""
        self.inputs = len(columns.headings)
        for place, heading in enumerate((*columns.headings, *added), 1):
            free = heading and heading not in self.keys
            self.keys.append(heading if free else f"{heading or 'kolom'}_{place}")

    def rows(self, rows: Iterable[list[str]]) -> None:
        """Write one object a row."""
        for row in rows:
            cells = [*row[: self.inputs], *(cell or None for cell in row[self.inputs :])]
            text = json.dumps(dict(zip(self.keys, cells, strict=True)), ensure_ascii=False)
            self.file.write(f"{self.between}\n  {text}")
            self.between = ","

    def finish(self) -> None:
        """Close the list."""
        self.file.write("[]\n" if self.between == "[" else "\n]\n")

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class XlsxSink:
    """One sheet: real numbers with a number format, everything else as text, never a formula."""

    def __init__(self, path: Path, decimal: Separator) -> None:
        import xlsxwriter

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(str(path), options)
        self.sheet = self.book.add_worksheet("Capaian")
        self.decimal, self.next, self.inputs, self.closed = decimal, 0, 0, False
        self.formats: dict[int, Any] = {}

    def begin(self, columns: Columns, added: Sequence[str]) -> None:
        """Write bold headings and fix which columns hold numbers."""
        bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain, two, raw = (
            self.book.add_format({"num_format": code}) for code in ("General", "#,##0.00", "0.000000000000")
        )
        headings, self.inputs = (*columns.headings, *added), len(columns.headings)
        known = {place for key, place in columns.places.items() if key in NUMBER_KEYS}
        for place, heading in enumerate(headings):
            result = heading if place >= len(columns.headings) else ""
            if result in NUMBER_RESULTS:
                self.formats[place] = raw if result == "achievement_raw" else two
            elif place in known:
                self.formats[place] = plain
            narrow = place in self.formats or result == "category"
            self.sheet.set_column(place, place, 18 if narrow else 40 if result or place == 0 else 24)
        self.sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            self.sheet.write_string(0, place, heading, bold)
        self.next = 1

    def rows(self, rows: Iterable[list[str]]) -> None:
        """Write rows; refuse more than a sheet can hold."""
        for row in rows:
            if self.next >= EXCEL_ROWS:
                raise UnreadableTable(f"Lembar XLSX memuat paling banyak {EXCEL_ROWS - 1} baris. Pilih keluaran .csv.")
            for place, cell in enumerate(row):
                self._write(place, cell)
            self.next += 1

    def finish(self) -> None:
        """Complete the package."""
        self.close()

    def close(self) -> None:
        """Write the package once; an unfinished one is removed with its path."""
        if not self.closed:
            self.closed = True
            self.book.close()

    def _write(self, place: int, cell: str) -> None:
        if not cell:
            return
        if place in self.formats:
            value = self._number(cell)
            # Excel keeps 15 digits: an input with more stays text, a result is rounded only by Excel itself
            if value is not None and (
                place >= self.inputs or len(cell) <= EXCEL_DIGITS or _digits(value) <= EXCEL_DIGITS
            ):
                self.sheet.write_number(self.next, place, value, self.formats[place])
                return
        self.sheet.write_string(self.next, place, cell)

    def _number(self, cell: str) -> Decimal | None:
        """The number of a cell without marks; None for any other text."""
        whole, mark, parts = cell.partition(self.decimal)
        if cell.isascii() and whole.isdigit() and (parts.isdigit() or not mark):
            return Decimal(f"{whole}.{parts or 0}")
        parsed = parse_number(cell, decimal=self.decimal)
        plain = isinstance(parsed, Number) and not parsed.percent and not parsed.rupiah
        return parsed.value if plain and isinstance(parsed, Number) else None


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


class TableSink:
    """A table on standard output; rows wait in a temporary file until the widths are known."""

    def __init__(self, out: IO[str] | None = None) -> None:
        self.out = out or sys.stdout
        self.file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - closed by close
        self.writer = csv.writer(self.file)
        self.widths: list[int] = []
        self.right: list[bool] = []
        self.inputs = 0

    def begin(self, columns: Columns, added: Sequence[str]) -> None:
        """Keep the headings; numbers stand to the right."""
        headings, self.inputs = [*columns.headings, *added], len(columns.headings)
        known = {place for key, place in columns.places.items() if key in NUMBER_KEYS}
        self.widths = [0] * len(headings)
        self.right = [
            place in known or (place >= len(columns.headings) and heading in NUMBER_RESULTS)
            for place, heading in enumerate(headings)
        ]
        self.rows([headings])

    def rows(self, rows: Iterable[list[str]]) -> None:
        """Keep rows and widen the columns."""
        for row in rows:
            cells = [visible(cell) for cell in row]
            self.widths = [max(width, len(cell)) for width, cell in zip(self.widths, cells, strict=True)]
            self.writer.writerow(cells)

    def finish(self) -> None:
        """Print."""
        widths = self._fitting()
        self.file.seek(0)
        for number, row in enumerate(csv.reader(self.file)):
            cells = zip(row, widths, self.right, strict=True)
            self.out.write(GAP.join(_padded(cell, width, right=right) for cell, width, right in cells).rstrip() + "\n")
            if number == 0:
                self.out.write(GAP.join("-" * width for width in widths) + "\n")

    def close(self) -> None:
        """Remove the temporary file."""
        self.file.close()

    def _fitting(self) -> list[int]:
        """Widths that fit the terminal if the input's texts can give way; figures and results are never cut."""
        room = shutil.get_terminal_size((160, 24)).columns
        widths = self.widths
        for most in range(TEXT_WIDTH, LEAST_WIDTH - 1, -1):
            widths = [
                width if right or place >= self.inputs else min(width, most)
                for place, (width, right) in enumerate(zip(self.widths, self.right, strict=True))
            ]
            if sum(widths) + len(GAP) * (len(widths) - 1) <= room:
                break
        return widths


def visible(text: str) -> str:
    """Text without characters that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp", "Cs") else each for each in text)


def _padded(cell: str, width: int, *, right: bool) -> str:
    text = cell if len(cell) <= width else f"{cell[: width - 1]}…"
    return text.rjust(width) if right else text.ljust(width)


def csv_text(rows: Iterable[list[str]], delimiter: str) -> str:
    """Rows as CSV text."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
