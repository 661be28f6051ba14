"""Reads an uploaded workbook into rows of text by column; every cell that cannot be taken is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from capaian.planning.workbook_columns import CARDS, NODES, Column, columns_of
from capaian.workbooks.csv_source import CsvSource
from capaian.workbooks.package import Package
from capaian.workbooks.problems import UnreadableTable, address
from capaian.workbooks.sheet import XlsxSource

MOST_ROWS = 2000
OTHERWISE = "Pakai contoh buku kerja dan hapus lembar lain."


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


@dataclass(frozen=True)
class Cells:
    """What stands in a workbook."""

    nodes: tuple[SheetRow, ...]
    cards: tuple[SheetRow, ...]
    refusals: tuple[CellRefusal, ...]


def read_cells(path: Path, name: str, year: int) -> Cells:
    """Read both sheets of a workbook that people know as `name`; raise `UnreadableTable` when it is none."""
    refusals: list[CellRefusal] = []
    nodes = _sheet(path, name, NODES, columns_of(NODES, year), refusals)
    cards = _sheet(path, name, CARDS, columns_of(CARDS, year), refusals)
    return Cells(tuple(nodes), tuple(cards), tuple(refusals))


def _sheet(path: Path, name: str, sheet: str, columns: Sequence[Column], refusals: list[CellRefusal]) -> list[SheetRow]:
    source = XlsxSource(path, ",", sheet=sheet, package=Package(path, name, otherwise=OTHERWISE))
    try:
        first = source.next_row()
        return [] if first is None else rows_below(first, source, sheet, columns, refusals)
    finally:
        source.close()


def rows_below(
    first: tuple[int, list[str]],
    source: XlsxSource | CsvSource,
    sheet: str,
    columns: Sequence[Column],
    refusals: list[CellRefusal],
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
        if len(rows) > MOST_ROWS:
            raise UnreadableTable(f"“{sheet}” memuat lebih dari {MOST_ROWS} baris. Bagi menjadi dua berkas.")
    refusals += [CellRefusal(sheet, each.row, each.column, each.heading, each.text) for each in source.notes.problems]
    return rows


def places_of_columns(
    sheet: str, first: tuple[int, list[str]], columns: Sequence[Column], refusals: list[CellRefusal]
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
