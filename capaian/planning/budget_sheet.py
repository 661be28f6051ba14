"""The table that brings ceilings and spending of a year: its columns, the template, the rows of an upload."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from capaian.agencies.queries import Reach
from capaian.periods.period import MONTHS
from capaian.planning.models import Plan
from capaian.planning.queries import nodes
from capaian.planning.rules import BUDGETED
from capaian.planning.tree import branches
from capaian.planning.workbook_cells import OTHERWISE
from capaian.planning.workbook_columns import Column
from capaian.workbooks.csv_source import CsvSource
from capaian.workbooks.problems import UnreadableTable
from capaian.workbooks.table_rows import CellRefusal, SheetRow, rows_below, source_of
from capaian.workbooks.writing import OPTIONS

SHEET = "Anggaran"
MOST_DIGITS = 15
RUPIAH_FORMAT = "#,##0.00"
CEILING, SPENT = "ceiling_", "spent_"
COLUMNS = (
    Column("code", "Kode", "Kode program, kegiatan, atau sub kegiatan.", required=True),
    Column("text", "Uraian", "Hanya untuk dibaca."),
    *(Column(f"{CEILING}{at}", f"Pagu {name}", "Rupiah.") for at, name in enumerate(MONTHS, start=1)),
    *(Column(f"{SPENT}{at}", f"Realisasi {name}", "Rupiah.") for at, name in enumerate(MONTHS, start=1)),
)


def read_budget(path: Path, name: str) -> tuple[list[SheetRow], list[CellRefusal]]:
    """Read the rows of an uploaded CSV or XLSX and the cells that cannot be taken; raise `UnreadableTable`."""
    source = source_of(path, name, otherwise=OTHERWISE)
    refusals: list[CellRefusal] = []
    try:
        first = source.next_row()
        if first is None:
            raise UnreadableTable("Tabel ini kosong.")
        return rows_below(first, source, name if isinstance(source, CsvSource) else SHEET, COLUMNS, refusals), refusals
    finally:
        source.close()


def budget_bytes(reach: Reach, plan: Plan, year: int) -> bytes:
    """Return the table to fill in as XLSX: every node that may bear money, with what is stored."""
    rows = nodes(reach).filter(plan=plan, valid_from__year__lte=year).exclude(valid_to__year__lt=year)
    found = [branch.node for branch in branches(rows.prefetch_related("budget_months"))]
    parents = {node.parent_id for node in found if node.level in BUDGETED}
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, dict(OPTIONS))
    sheet = book.add_worksheet(SHEET)
    bold, money = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": RUPIAH_FORMAT})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, 22 if at == 0 else 50 if at == 1 else 18)
        sheet.write_string(0, at, column.heading, bold)
    down = 0
    for node in found:
        stored = {row.month: row for row in node.budget_months.all() if row.year == year}
        if node.level not in BUDGETED or (node.pk in parents and not stored):
            continue
        down += 1
        sheet.write_string(down, 0, node.code or node.text)
        sheet.write_string(down, 1, node.text)
        for month, row in stored.items():
            _write(sheet, down, 1 + month, row.ceiling, money)
            _write(sheet, down, 13 + month, row.spent, money)
    sheet.freeze_panes(1, 2)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, down: int, at: int, amount: Decimal | None, money: Any) -> None:
    """Write an amount as a number; one with more digits than Excel keeps as text."""
    if amount is None:
        return
    if len(amount.as_tuple().digits) > MOST_DIGITS:
        sheet.write_string(down, at, f"{amount:f}".replace(".", ","))
    else:
        sheet.write_number(down, at, amount, money)
