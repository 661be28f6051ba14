"""From a file to a table with known columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from capaian.tables.columns import Columns, is_column_numbers, names_columns, read_headings
from capaian.tables.settings import Settings
from capaian.tables.sources import Source, file_kind
from capaian.workbooks.csv_source import CsvSource
from capaian.workbooks.problems import UnreadableTable
from capaian.workbooks.sheet import XlsxSource

MOST_TITLES: Final = 20


def open_source(path: Path, settings: Settings) -> Source:
    """The input as a table, by what the file is."""
    return CsvSource(path) if file_kind(path) == "csv" else XlsxSource(path, settings.decimal)


def find_headings(source: Source, name: str, needed: Sequence[str], added: Sequence[str]) -> tuple[int, Columns]:
    """The heading row: the first that names the needed columns, among the first rows; titles may stand above it.

    A row of column numbers right below it, as printed tables have, is left out too: (4) is not a target of -4.
    """
    number, cells = first = source.next_row() or (0, [])
    if not number:
        raise UnreadableTable(f"{name} kosong. Baris pertama harus memuat judul kolom.")
    for _ in range(MOST_TITLES):
        if names_columns(cells, needed):
            break
        number, cells = source.next_row() or first
    else:
        number, cells = first
    columns = read_headings(cells, number, needed, added)
    if number > first[0]:
        source.notes.remarks.append(f"Judul kolom ditemukan pada baris {number}; baris di atasnya tidak ikut.")
    below = source.next_row()
    if below and is_column_numbers(below[1], columns):
        number = below[0]
        source.notes.remarks.append(f"Baris {number} berisi nomor kolom dan tidak ikut.")
    elif below:
        source.put_back(*below)
    return number, columns
