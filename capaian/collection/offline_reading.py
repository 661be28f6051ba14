"""Reads a file that comes back filled in: its seal, its rows, and which of its cells nobody may trust."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from capaian.collection.offline_columns import COLUMNS, HEADINGS, INPUTS, SEAL, SHEET, Column
from capaian.collection.offline_seal import MARK, MOST_CHUNKS, Seal, read_seal
from capaian.workbooks.csv_source import CsvSource
from capaian.workbooks.package import Package
from capaian.workbooks.plain_cells import FORMULA_SIGNS
from capaian.workbooks.problems import UnreadableTable
from capaian.workbooks.sheet import XlsxSource, area_of
from capaian.workbooks.table_rows import CellRefusal, SheetRow, is_workbook, rows_below, source_of

MOST_ROWS: Final = 5000
MOST_ABOVE: Final = MOST_CHUNKS + 50
MOST_MERGED: Final = 500
OTHERWISE: Final = "Unduh formulirnya lagi dan salin isian Anda ke sana."


@dataclass(frozen=True)
class Returned:
    """A file that came back. `spoilt` says of a cell (row and column from 1) why it cannot count.

    `formulas` are the cells with a formula, with the kind of the value that was saved with it; `above` are the rows
    over the headings.
    """

    seal: Seal
    rows: list[SheetRow]
    head: tuple[int, list[str]]
    refusals: list[CellRefusal]
    is_csv: bool
    above: list[tuple[int, list[str]]] = field(default_factory=list)
    spoilt: Mapping[tuple[int, int], str] = field(default_factory=dict)
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: int = 0


def read_returned(path: Path, name: str) -> Returned:
    """Read an uploaded file that people know as `name`; raise `UnreadableTable` when it is none of ours."""
    source = source_of(path, name, otherwise=OTHERWISE, sheet=SHEET)
    try:
        pieces, above, head = head_of(source, name)
        seal = read_seal(_hidden(path, name) if isinstance(source, XlsxSource) else pieces, name)
        where = name if isinstance(source, CsvSource) else SHEET
        return _rows(source, where, seal, above, head)
    finally:
        source.close()


def pieces_of(path: Path, name: str) -> list[str]:
    """Return the pieces of a file's seal, nothing where it has none."""
    if is_workbook(path):
        return _hidden(path, name)
    source = CsvSource(path)
    try:
        return head_of(source, name)[0]
    finally:
        source.close()


def _hidden(path: Path, name: str) -> list[str]:
    """Return the pieces of a workbook's seal."""
    try:
        source = XlsxSource(path, ",", sheet=SEAL, package=Package(path, name, otherwise=OTHERWISE), hidden=True)
    except UnreadableTable:
        return []
    try:
        pieces: list[str] = []
        while (found := source.next_row()) is not None:
            pieces.append(found[1][0])
            if len(pieces) > MOST_CHUNKS:
                return []
        return pieces
    finally:
        source.close()


def head_of(
    source: XlsxSource | CsvSource, name: str
) -> tuple[list[str], list[tuple[int, list[str]]], tuple[int, list[str]]]:
    """Return the pieces of a seal above the table, the other rows there, and the row of headings."""
    pieces: list[str] = []
    above: list[tuple[int, list[str]]] = []
    for _ in range(MOST_ABOVE):
        found = source.next_row()
        if found is None:
            break
        words = {" ".join(cell.split()).casefold() for cell in found[1]}
        if {HEADINGS["key"].casefold(), HEADINGS["name"].casefold()} <= words:
            return pieces, above, found
        if len(found[1]) > 1 and found[1][0].strip() == MARK:
            pieces.append(found[1][1])
        else:
            above.append(found)
    heads = f"“{HEADINGS['key']}” dan “{HEADINGS['name']}”"
    raise UnreadableTable(f"{name} tidak memuat baris judul dengan {heads}. {OTHERWISE}")


def _rows(
    source: XlsxSource | CsvSource,
    where: str,
    seal: Seal,
    above: list[tuple[int, list[str]]],
    head: tuple[int, list[str]],
) -> Returned:
    refusals: list[CellRefusal] = []
    rows = rows_below(head, source, where, COLUMNS, refusals, most=MOST_ROWS)
    # the cells below are judged anew, for only those to fill in matter
    refusals = [each for each in refusals if each.row == head[0]]
    doubled = _doubled(head[1])
    if doubled:
        rows = [_without(row, doubled) for row in rows]
    if any(column.required and (column.key in doubled or column.heading in _lacking(refusals)) for column in COLUMNS):
        rows = []  # nobody can tell whose figures they are
    refusals += [_lost(where, head[0], column) for column in COLUMNS if column.key in INPUTS and _absent(column, head)]
    is_csv = isinstance(source, CsvSource)
    if is_csv:
        rows = [_plain(row) for row in rows]
    last = rows[-1].number if rows else 0
    columns = {row.places[key] for row in rows[:1] for key in INPUTS if key in row.places}
    spoilt, formulas = _spoilt(source, last, columns)
    hidden = 0 if isinstance(source, CsvSource) else source.sheet.hidden
    return Returned(seal, rows, head, refusals, is_csv, above, spoilt, formulas, hidden)


def _lacking(refusals: list[CellRefusal]) -> set[str]:
    return {each.heading for each in refusals if each.text == f"Kolom “{each.heading}” tidak ada."}


def _doubled(headings: list[str]) -> frozenset[str]:
    """Return the keys of the columns that stand twice: nobody can tell which one is meant."""
    keys = {column.heading.casefold(): column.key for column in COLUMNS}
    found = [keys.get(" ".join(cell.split()).casefold(), "") for cell in headings]
    return frozenset(key for key in found if key and found.count(key) > 1)


def _without(row: SheetRow, keys: frozenset[str]) -> SheetRow:
    texts = {key: text for key, text in row.texts.items() if key not in keys}
    places = {key: at for key, at in row.places.items() if key not in keys}
    return SheetRow(row.sheet, row.number, texts, places, row.headings)


def _absent(column: Column, head: tuple[int, list[str]]) -> bool:
    return column.heading.casefold() not in {" ".join(cell.split()).casefold() for cell in head[1]}


def _lost(where: str, number: int, column: Column) -> CellRefusal:
    text = f"Kolom “{column.heading}” tidak ada; isiannya tidak berubah."
    return CellRefusal(where, number, 1, column.heading, text, "Kembalikan judul kolomnya, lalu unggah lagi.")


def _plain(row: SheetRow) -> SheetRow:
    if not any(text.startswith("'") for text in row.texts.values()):
        return row
    texts = {key: unquoted(text) for key, text in row.texts.items()}
    return SheetRow(row.sheet, row.number, texts, row.places, row.headings)


def unquoted(text: str) -> str:
    """Take the apostrophe off that keeps spreadsheets from reading a text as a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


def _spoilt(
    source: XlsxSource | CsvSource, last: int, columns: set[int]
) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str]]:
    """Return why cells cannot count, and the cells with a formula with the kind of its saved value."""
    notes = source.notes
    if len(notes.merged) > MOST_MERGED:
        raise UnreadableTable(f"Ada lebih dari {MOST_MERGED} sel gabungan. {OTHERWISE}")
    spoilt: dict[tuple[int, int], str] = {}
    for reference in notes.merged:
        area = area_of(reference)
        if area is None:
            continue
        top, left, bottom, right = area
        text = f"Sel gabungan {reference}: tidak jelas baris mana yang dimaksud. Pisahkan, lalu isi setiap barisnya."
        for row in range(top, min(bottom, last) + 1):
            spoilt |= {(row, column): text for column in columns if left <= column <= right}
    for problem in notes.problems:
        spoilt.setdefault((problem.row, problem.column), problem.text)
    spoilt |= dict.fromkeys(notes.errors, "Sel ini menunjukkan kesalahan Excel. Perbaiki, atau tulis nilainya.")
    return spoilt, notes.formulas
