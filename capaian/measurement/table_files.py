"""Tables as files: CSV as people read it, XLSX with real numbers that show the same digits."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from capaian.formulas.rounding import Exact
from capaian.measurement.tables import Cell, Table
from capaian.workbooks.plain_cells import inert

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXCEL_DIGITS: Final = 15
SHEET_NAME: Final = 31
NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FIRST_ROW: Final = 4


def csv_of(table: Table) -> bytes:
    """Return a table as CSV (semicolons, UTF-8 with mark) that a spreadsheet in Indonesian opens as it is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([inert(label) for label in table.head])
    writer.writerows([[inert(cell.text) for cell in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(tables: Sequence[Table], title: str, under: str) -> bytes:
    """Return tables as one workbook, a sheet for each; no cell is a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    writer = _Writer(book)
    for place, table in enumerate(tables, start=1):
        name = f"{place}. {table.title}".translate(NOT_IN_NAMES)[:SHEET_NAME].strip()
        writer.sheet(book.add_worksheet(name), table, (title, under))
    book.close()
    return out.getvalue()


class _Writer:
    """Writes sheets of one book; number formats are made once for each number of decimals."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.right = book.add_format({"align": "right", "valign": "top"})
        self.shapes: dict[int, Any] = {}

    def shape(self, places: int) -> Any:
        """Return the number format that shows so many decimals."""
        if places not in self.shapes:
            code = f"#,##0.{'0' * places}" if places else "#,##0"
            self.shapes[places] = self.book.add_format({"num_format": code, "valign": "top"})
        return self.shapes[places]

    def sheet(self, sheet: Any, table: Table, above: tuple[str, str]) -> None:
        """Write one table below the title of the whole."""
        sheet.write_string(0, 0, f"{above[0]}: {table.title}", self.title)
        sheet.write_string(1, 0, above[1])
        if table.note:
            sheet.write_string(2, 0, table.note)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(FIRST_ROW - 1, place, column.label, self.head)
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_ROW - 1)
        for down, row in enumerate(table.rows, start=FIRST_ROW):
            for place, cell in enumerate(row):
                self._cell(sheet, (down, place), cell, numeric=table.columns[place].numeric)

    def _cell(self, sheet: Any, at: tuple[int, int], cell: Cell, *, numeric: bool) -> None:
        number = held(cell.value)
        if number is None:
            sheet.write_string(*at, cell.text, self.right if numeric else self.text)
        else:
            sheet.write_number(*at, number, self.shape(len(cell.text.partition(",")[2])))


def held(value: Exact | None) -> Decimal | None:
    """Return a number that a spreadsheet holds without losing a digit; None for others, which stay text."""
    if not isinstance(value, Decimal | int):
        return None
    number = Decimal(value)
    return number if len(number.normalize().as_tuple().digits) <= EXCEL_DIGITS else None
