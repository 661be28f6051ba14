"""Writes a workbook that people fill in: locked and open cells, lists to choose from, a guide, a hidden sheet."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from capaian.workbooks.writing import NUMBER, OPTIONS, Cell

MOST_LIST: Final = 255  # signs that Excel takes in a list to choose from
MOST_COMMENT: Final = 900
ASK: Final = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -(10**24),
    "maximum": 10**24,
    "error_type": "warning",
    "error_title": "Bukan angka",
    "error_message": "Tulis angkanya saja. Kosongkan bila belum ada; nol ditulis 0.",
}
Place = tuple[int, int]  # row and column, from 0


class Look(StrEnum):
    """How a cell is drawn; only OPEN cells may be changed on the protected sheet."""

    TITLE = "title"
    PLAIN = "plain"
    HEAD = "head"
    LOCKED = "locked"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class InputCell:
    """A cell: what stands in it, how it looks, what may be chosen, why it was refused ("" when it was not)."""

    value: Cell = None
    look: Look = Look.LOCKED
    words: tuple[str, ...] = ()
    is_number: bool = False
    refused: str = ""


@dataclass(frozen=True)
class InputBook:
    """A workbook to fill in. `hidden` are texts of a very hidden sheet, one a row; `head` is the row of headings."""

    name: str
    cells: Mapping[Place, InputCell]
    widths: Sequence[int]
    head: int
    frozen: int
    guide_name: str
    guide: Sequence[str]
    hidden_name: str
    hidden: Sequence[str]


def input_book(book: InputBook) -> bytes:
    """Return a workbook to fill in as XLSX."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, dict(OPTIONS))
    sheet = made.add_worksheet(book.name)
    _Writer(made, sheet).write(book)
    _guide(made, book)
    hidden = made.add_worksheet(book.hidden_name)
    for down, text in enumerate(book.hidden):
        hidden.write_string(down, 0, text)
    hidden.protect()
    hidden.very_hidden()
    made.close()
    return out.getvalue()


def _guide(made: Any, book: InputBook) -> None:
    sheet = made.add_worksheet(book.guide_name)
    title = made.add_format({"bold": True, "font_size": 13})
    text = made.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for down, line in enumerate(book.guide):
        sheet.write_string(down, 0, line, text if down else title)
    sheet.protect()


class _Writer:
    """Writes the sheet to fill in; formats are made once each."""

    def __init__(self, made: Any, sheet: Any) -> None:
        self.made, self.sheet = made, sheet
        self.formats: dict[tuple[Look, bool, bool], Any] = {}
        self.lists: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        self.numbers: list[Place] = []

    def write(self, book: InputBook) -> None:
        """Write all cells, then what holds for many of them."""
        for at, width in enumerate(book.widths):
            self.sheet.set_column(at, at, width)
        for place, cell in book.cells.items():
            self._cell(place, cell)
        for words, places in self.lists.items():
            self._validate(places, {"validate": "list", "source": list(words), "error_type": "warning"})
        if self.numbers:
            self._validate(self.numbers, dict(ASK))
            self._whole_numbers()
        self.sheet.freeze_panes(book.head + 1, book.frozen)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(book.head)
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})

    def _cell(self, place: Place, cell: InputCell) -> None:
        number = isinstance(cell.value, Decimal)
        shape = self._format(cell.look, number or cell.is_number, bool(cell.refused))
        if isinstance(cell.value, str) and cell.value:
            self.sheet.write_string(*place, cell.value, shape)
        elif number:
            self.sheet.write_number(*place, cell.value, shape)
        else:
            self.sheet.write_blank(*place, None, shape)
        if cell.refused:
            self.sheet.write_comment(*place, cell.refused[:MOST_COMMENT], {"width": 320, "height": 110})
        if cell.look == Look.OPEN and cell.words and len(",".join(cell.words)) <= MOST_LIST:
            self.lists[cell.words].append(place)
        elif cell.look == Look.OPEN and cell.is_number:
            self.numbers.append(place)

    def _format(self, look: Look, number: bool, refused: bool) -> Any:  # noqa: FBT001  (parts of a key)
        key = (look, number, refused)
        if key not in self.formats:
            properties: dict[str, Any] = {"valign": "top", "text_wrap": True}
            match look:
                case Look.TITLE:
                    properties = {"bold": True, "font_size": 13}
                case Look.PLAIN:
                    properties = {}
                case Look.HEAD:
                    properties |= {"bold": True, "bottom": 1, "bg_color": "#D6E4F5"}
                case Look.LOCKED:
                    properties |= {"font_color": "#44546A"}
                case Look.OPEN:
                    properties |= {"locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#B8C2D0"}
            if number:
                properties |= {"num_format": NUMBER, "align": "right"}
            if refused:
                properties |= {"bg_color": "#F8C9C4", "border": 1, "border_color": "#B3261E"}
            self.formats[key] = self.made.add_format(properties)
        return self.formats[key]

    def _validate(self, places: Sequence[Place], rule: dict[str, Any]) -> None:
        areas = _areas(places)
        self.sheet.data_validation(*areas[0], rule | {"other_cells": [list(area) for area in areas[1:]]})

    def _whole_numbers(self) -> None:
        """Show whole numbers without a decimal comma behind them."""
        areas = _areas(self.numbers)
        first = xl_rowcol_to_cell(*areas[0][:2])
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({first}),MOD({first},1)=0)",
            "format": self.made.add_format({"num_format": "#,##0"}),
            "multi_range": " ".join(f"{xl_rowcol_to_cell(*one[:2])}:{xl_rowcol_to_cell(*one[2:])}" for one in areas),
        }
        self.sheet.conditional_format(*areas[0], rule)


def _areas(places: Sequence[Place]) -> list[tuple[int, int, int, int]]:
    """Return places as areas: those below one another in one column together."""
    areas: list[tuple[int, int, int, int]] = []
    for row, column in sorted(places, key=lambda place: (place[1], place[0])):
        if areas and areas[-1][3] == column and areas[-1][2] == row - 1:
            areas[-1] = (areas[-1][0], column, row, column)
        else:
            areas.append((row, column, row, column))
    return areas
