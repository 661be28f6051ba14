"""Reads an uploaded workbook into rows of text by column; every cell that cannot be taken is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from capaian.planning.workbook_columns import CARDS, NODES, Column, columns_of
from capaian.workbooks.package import Package
from capaian.workbooks.sheet import XlsxSource
from capaian.workbooks.table_rows import CellRefusal, SheetRow, rows_below

OTHERWISE = "Pakai contoh buku kerja dan hapus lembar lain."


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
