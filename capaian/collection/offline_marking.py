"""A copy of a file that came back, its refused cells red and with the reason: cell by cell at the same address."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from capaian.collection.import_proposal import FormProposal
from capaian.collection.offline_columns import COLUMNS, HEADINGS, INPUTS, SHEET, Input, inputs_of
from capaian.collection.offline_files import book_of, cells_of
from capaian.collection.offline_reading import MOST_ROWS, OTHERWISE, Returned, head_of, pieces_of, unquoted
from capaian.workbooks.input_sheets import InputCell, Look, Place, input_book
from capaian.workbooks.table_rows import source_of
from capaian.workbooks.writing import Cell, held

NUMBER: Final = re.compile(r"-?[0-9]+(,[0-9]+)?")
FIGURES: Final = ("before", "year_before", "target", "value")
USUAL_WIDTH: Final = 20


def marked_book(path: Path, name: str, returned: Returned, proposal: FormProposal) -> bytes:
    """Return the copy as XLSX; formulas and looks of their own do not come along, values do."""
    rows = _rows(path, name)
    number, head = returned.head
    keys = {at: _key(text) for at, text in enumerate(head)}
    by_code = {each.code: each for part in proposal.parts for each in inputs_of([part.sheet])}
    cells: dict[Place, InputCell] = {}
    for row, texts in rows:
        each = None if row <= number else _whose(texts, keys, by_code)
        for at, text in enumerate(texts):
            cells[row - 1, at] = _cell(text, keys.get(at, ""), each, is_head=row == number, is_csv=returned.is_csv)
        for at in range(len(texts), len(head)):  # the row ends early: its last cells stay open
            cells[row - 1, at] = _cell("", keys.get(at, ""), each, is_head=False, is_csv=False)
    for refusal in proposal.refusals:
        place = (refusal.row - 1, refusal.column - 1)
        found = cells.get(place, InputCell())
        why = f"{refusal.text} {refusal.next_step}".strip()
        cells[place] = InputCell(found.value, found.look, found.words, found.is_number, why)
    widths = {column.key: column.width for column in COLUMNS}
    across = [widths.get(keys[at], USUAL_WIDTH) for at in range(len(head))]
    return input_book(book_of(cells, across, number - 1, pieces_of(path, name)))


def _rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return every row that says anything, with its number; lines of a seal are left out."""
    source = source_of(path, name, otherwise=OTHERWISE, sheet=SHEET)
    try:
        _, above, head = head_of(source, name)
        rows = [*above, head]
        while (found := source.next_row()) is not None and len(rows) <= MOST_ROWS + len(above):
            rows.append(found)
        return rows
    finally:
        source.close()


def _key(heading: str) -> str:
    plain = " ".join(heading.split()).casefold()
    return next((key for key, known in HEADINGS.items() if known.casefold() == plain), "")


def _whose(texts: Sequence[str], keys: Mapping[int, str], by_code: Mapping[str, Input]) -> Input | None:
    found = (by_code.get(text.strip()) for at, text in enumerate(texts) if keys.get(at) == "key")
    return next(found, None)


def _cell(text: str, key: str, each: Input | None, *, is_head: bool, is_csv: bool) -> InputCell:
    value: Cell = unquoted(text) if is_csv else text
    if is_head:
        return InputCell(value, Look.HEAD)
    if key in FIGURES and NUMBER.fullmatch(text.strip()):
        value = held(Decimal(text.strip().replace(",", ".")))
    if each is None or key not in INPUTS:
        return InputCell(value)
    pattern = cells_of(each)[key]
    return InputCell(value, pattern.look, pattern.words, pattern.is_number)
