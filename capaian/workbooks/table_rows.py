"""Rows below a row of headings, by the key of the column; every cell that cannot be taken is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from capaian.workbooks.csv_source import CsvSource
from capaian.workbooks.package import Package
from capaian.workbooks.problems import UnreadableTable, address
from capaian.workbooks.sheet import XlsxSource

MOST_ROWS: Final = 2000
ZIP_MARK: Final = b"PK"


class Heading(Protocol):
    """A column that a table may have."""

    @property
    def key(self) -> str:
        """Its name in the code."""

    @property
    def heading(self) -> str:
        """Its name on the sheet."""

    @property
    def required(self) -> bool:
        """Whether the table is unreadable without it."""


@dataclass(frozen=True)
class CellRefusal:
    """A cell that is not taken: where, what and why, and what to do."""

    sheet: str
    row: int
    column: int
    heading: str
    text: str
    next_step: str = ""

    @property
    def where(self) -> str:
        """The cell as a spreadsheet names it: `D5`."""
        return address(self.row, self.column)


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet: its number there, its texts by the key of the column, and the columns' places from 1."""

    sheet: str
    number: int
    texts: dict[str, str]
    places: dict[str, int]
    headings: dict[str, str]

    def text(self, key: str) -> str:
        """Return a cell's text, empty when the sheet does not have the column."""
        return self.texts.get(key, "")

    def refusal(self, key: str, text: str, next_step: str = "") -> CellRefusal:
        """Return the refusal of one of the row's cells."""
        return CellRefusal(
            self.sheet, self.number, self.places.get(key, 1), self.headings.get(key, ""), text, next_step
        )


def is_workbook(path: Path) -> bool:
    """Tell by its first bytes whether a file is a workbook; anything else is read as CSV."""
    with path.open("rb") as file:
        return file.read(len(ZIP_MARK)) == ZIP_MARK


def source_of(path: Path, name: str, *, otherwise: str, sheet: str = "") -> XlsxSource | CsvSource:
    """Open an uploaded table that people know as `name`; raise `UnreadableTable` when it is none."""
    if not is_workbook(path):
        return CsvSource(path)
    return XlsxSource(path, ",", sheet=sheet, package=Package(path, name, otherwise=otherwise))


def rows_below(
    first: tuple[int, list[str]],
    source: XlsxSource | CsvSource,
    sheet: str,
    columns: Sequence[Heading],
    refusals: list[CellRefusal],
    *,
    most: int = MOST_ROWS,
) -> list[SheetRow]:
    """Return the rows below the headings in `first` that say anything; raise `UnreadableTable` for too many."""
    places = places_of_columns(sheet, first, columns, refusals)
    headings = {column.key: column.heading for column in columns}
    rows = []
    for start, batch in source.batches():
        for number, cells in enumerate(batch, start=start):
            texts = {key: cells[at - 1].strip() for key, at in places.items() if at <= len(cells)}
            if any(texts.values()):
                rows.append(SheetRow(sheet, number, texts, places, headings))
        if len(rows) > most:
            raise UnreadableTable(f"“{sheet}” memuat lebih dari {most} baris. Bagi menjadi dua berkas.")
    refusals += [CellRefusal(sheet, each.row, each.column, each.heading, each.text) for each in source.notes.problems]
    return rows


def places_of_columns(
    sheet: str, first: tuple[int, list[str]], columns: Sequence[Heading], refusals: list[CellRefusal]
) -> dict[str, int]:
    """Return where each known column stands, from 1; unknown, doubled and missing headings are refused."""
    number, row = first
    keys = {column.heading.casefold(): column.key for column in columns}
    places: dict[str, int] = {}
    for at, written in enumerate(row, start=1):
        heading = " ".join(written.split())
        if not heading:
            continue
        key = keys.get(heading.casefold())
        if key is None:
            text = f"Judul kolom “{heading}” tidak dikenal."
            refusals.append(
                CellRefusal(sheet, number, at, heading, text, "Pakai judul dari contoh, atau hapus kolomnya.")
            )
        elif key in places:
            text = f"Judul kolom “{heading}” ada dua kali."
            refusals.append(CellRefusal(sheet, number, at, heading, text, "Hapus salah satu kolomnya."))
        else:
            places[key] = at
    for column in columns:
        if column.required and column.key not in places:
            text = f"Kolom “{column.heading}” tidak ada."
            refusals.append(CellRefusal(sheet, number, 1, column.heading, text, "Pakai judul dari contoh."))
    return places
