"""Writes the file that a unit takes along to fill in: a workbook, or the same columns as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from capaian.collection.merging import entry_of
from capaian.collection.offline_columns import (
    COLUMNS,
    DONE,
    FACTS,
    GUIDE,
    NO,
    NOT_DONE,
    SEAL,
    SHEET,
    TEXTS,
    YES,
    Input,
    inputs_of,
)
from capaian.collection.offline_seal import MARK, plain_breaks, seal_of
from capaian.collection.sheets import Sheet, target_of
from capaian.planning.entries import TargetEntry
from capaian.planning.typed_figures import figure_text, target_text
from capaian.workbooks.input_sheets import InputBook, InputCell, Look, Place, input_book
from capaian.workbooks.plain_cells import inert
from capaian.workbooks.writing import Cell, held

HEAD: Final = 3
FROZEN: Final = 3
STEPS: Final = (
    "Cara mengisi",
    "1. Isilah hanya sel kuning pada lembar Isian: Nilai, Sementara, Penyebab, Hambatan, dan Tindak lanjut.",
    "2. Tulis angkanya saja, dengan koma desimal. Sel kosong berarti belum ada data; nol ditulis 0.",
    "3. Indikator dengan data mentah mempunyai satu baris untuk setiap data; nilainya dihitung sendiri.",
    "4. Sementara: ya bila angkanya belum final. Penjelasan cukup ditulis pada baris pertama indikator.",
    "5. Baris boleh diurutkan dan disaring; jangan mengubah Kode, judul kolom, dan kolom lain yang terkunci.",
    "6. Unggah berkas ini pada halaman formulir. Semua perubahan diperlihatkan dahulu; belum ada yang ditulis.",
    "7. Bila orang lain mengubah isian yang sama, kedua angka ditampilkan berdampingan dan Anda memilih.",
    "8. Bukti dilampirkan di halaman formulir, dan formulir disampaikan di sana.",
)


def form_book(sheets: Sequence[Sheet]) -> bytes:
    """Return forms of one run as a workbook to fill in; `sheets` is not empty."""
    inputs = list(inputs_of(sheets))
    cells: dict[Place, InputCell] = {(0, 0): InputCell(title_of(sheets), Look.TITLE)}
    cells[1, 0] = InputCell(f"{sheets[0].run.agency.name}. Isi sel kuning; caranya pada lembar {GUIDE}.", Look.PLAIN)
    cells |= {(HEAD, at): InputCell(column.heading, Look.HEAD) for at, column in enumerate(COLUMNS)}
    for down, each in enumerate(inputs, start=HEAD + 1):
        row = cells_of(each)
        cells |= {(down, at): row[column.key] for at, column in enumerate(COLUMNS)}
    return input_book(book_of(cells, [column.width for column in COLUMNS], HEAD, seal_of(sheets, inputs)))


def book_of(cells: Mapping[Place, InputCell], widths: Sequence[int], head: int, seal: Sequence[str]) -> InputBook:
    """Return the workbook around the cells of its sheet."""
    return InputBook(SHEET, cells, widths, head, FROZEN, GUIDE, STEPS, SEAL, seal)


def title_of(sheets: Sequence[Sheet]) -> str:
    """Return what stands above the table."""
    whose = sheets[0].unit.name if len(sheets) == 1 else "semua unit"
    return f"Formulir {whose}, {sheets[0].run.period_value.label}"


def cells_of(each: Input) -> dict[str, InputCell]:
    """Return a row's cells by the key of the column, as the form stands."""
    line = each.line
    facts = dict(zip(FACTS, each.facts, strict=True))
    row = {"key": InputCell(each.code), "again": InputCell(each.code)} | {
        key: InputCell(text) for key, text in facts.items()
    }
    for key, actual in (("before", line.before), ("year_before", line.year_before)):
        row[key] = InputCell(_shown(each, each.then(actual)))
    row["target"] = InputCell(_target(each) if each.is_first else None)
    look = Look.OPEN if line.is_open else Look.LOCKED
    words = each.words
    row["value"] = InputCell(_shown(each, each.then(line.actual)), look, words, is_number=not words)
    entry = entry_of(line)
    own = look if each.is_first else Look.LOCKED
    ticked = each.is_first and entry.is_provisional
    may_tick = line.card.released_next_year or entry.is_provisional
    row["is_provisional"] = InputCell(YES if ticked else None, own if may_tick else Look.LOCKED, (YES, NO))
    for key in TEXTS:
        row[key] = InputCell(plain_breaks(getattr(entry, key)) if each.is_first else None, own)
    return row


def _shown(each: Input, content: Decimal | str | None) -> Cell:
    if isinstance(content, Decimal) and each.is_yes_no:
        return DONE if content else NOT_DONE
    return held(content) if isinstance(content, Decimal) else content


def _target(each: Input) -> Cell:
    target = target_of(each.line.card, each.line.period)
    if target is None:
        return None
    return held(target.value) if target.value is not None else target_text(TargetEntry.of(target))


def form_csv(sheets: Sequence[Sheet]) -> bytes:
    """Return forms of one run as CSV (semicolons, UTF-8 with mark): the seal in its first lines, then the table."""
    inputs = list(inputs_of(sheets))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([MARK, piece] for piece in seal_of(sheets, inputs))
    writer.writerow([column.heading for column in COLUMNS])
    for each in inputs:
        row = cells_of(each)
        writer.writerow([inert(csv_text(row[column.key].value)) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def csv_text(value: Cell) -> str:
    """Return a cell as CSV says it: numbers with a decimal comma and no thousands' dots."""
    return figure_text(value) if isinstance(value, Decimal) else (value or "")
