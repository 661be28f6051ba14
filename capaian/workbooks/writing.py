"""Writes tables as a workbook: numbers as numbers with a format, everything else as text, never a formula."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

import xlsxwriter

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXCEL_DIGITS: Final = 15
HEAD_ROW: Final = 3
NUMBER: Final = "#,##0.############"
#: Nothing that a person typed becomes a formula, a link or a number by its looks.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
Cell = str | Decimal | None


@dataclass(frozen=True)
class WrittenSheet:
    """A table: the sheet's name, its columns with their widths in signs, its rows."""

    name: str
    head: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]


def held(value: Decimal | None) -> Decimal | str | None:
    """Return a number as Excel holds it, with 15 digits; a whole number with more of them as text, unchanged."""
    if value is None or len(value.normalize().as_tuple().digits) <= EXCEL_DIGITS:
        return value
    if value == value.to_integral_value() or abs(value) >= Decimal(10) ** EXCEL_DIGITS:
        return f"{value:f}"
    return Context(prec=EXCEL_DIGITS).plus(value)


def written(above: Sequence[str], sheets: Sequence[WrittenSheet]) -> bytes:
    """Return sheets as XLSX; the first two lines `above` (title, origin) stand over each table."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, dict(OPTIONS))
    for sheet in sheets:
        _write(book, above, sheet)
    book.close()
    return out.getvalue()


def _write(book: Any, above: Sequence[str], table: WrittenSheet) -> None:
    sheet = book.add_worksheet(table.name)
    title = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for down, text in enumerate(above[: HEAD_ROW - 1]):
        sheet.write_string(down, 0, text, None if down else title)
    for place, (label, width) in enumerate(table.head):
        sheet.set_column(place, place, width)
        sheet.write_string(HEAD_ROW, place, label, head)
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    number = book.add_format({"num_format": NUMBER, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for down, cells in enumerate(table.rows, start=HEAD_ROW + 1):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(down, place, cell, text)
            elif cell is not None:
                sheet.write_number(down, place, cell, number)
