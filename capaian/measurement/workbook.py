"""A worksheet as a workbook: real numbers with a number format, everything else as text, never a formula."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from capaian.formulas.rounding import Exact, rounded
from capaian.measurement.computing import Outcome
from capaian.measurement.models import Worksheet
from capaian.measurement.papers import remark
from capaian.measurement.recap import LevelRecap, Line, lines, node_text, recap
from capaian.periods.period import Period
from capaian.planning.models import Level

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD: Final = (
    ("Jenjang", 12),
    ("Butir kinerja", 44),
    ("Indikator", 44),
    ("Satuan", 12),
    ("Bobot", 8),
    ("Target", 14),
    ("Realisasi", 14),
    ("Capaian mentah (%)", 20),
    ("Capaian (%)", 13),
    ("Skor (%)", 13),
    ("Kategori", 16),
    ("Keterangan", 44),
    ("SHA-256", 68),
)
RECAP_HEAD: Final = (
    ("Jenjang", 12), ("Butir kinerja", 60), ("Dihitung", 24), ("Rata-rata skor (%)", 18), ("Kategori", 16),
)  # fmt: skip
EXCEL_DIGITS: Final = 15
Cell = str | Exact | None


def workbook(worksheet: Worksheet) -> bytes:
    """Return the XLSX of a worksheet: its lines, and the recapitulation by level on a second sheet."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    found = lines(worksheet.measurements.all())
    title = f"Kertas kerja pengukuran kinerja, {Period.parse(worksheet.period).label}"
    under = f"{worksheet.agency.name}; SHA-256 {worksheet.digest}"
    order = {level: place for place, level in enumerate(Level.values)}
    ordered = sorted(found, key=lambda line: order[line.card["node"]["level"]])
    _sheet(book, "Kertas kerja", (title, under), HEAD, [_line_cells(line) for line in ordered])
    _sheet(book, "Rekapitulasi", (title, under), RECAP_HEAD, _recap_cells(recap(found)))
    book.close()
    return out.getvalue()


def _line_cells(line: Line) -> list[Cell]:
    outcome = line.measured.outcome
    result = outcome.result
    return [
        str(Level(line.card["node"]["level"]).label),
        node_text(line),
        line.card["name"],
        line.card["measured_in"],
        line.weight,
        _figure(outcome, "T") or outcome.target,
        _figure(outcome, "R") or outcome.actual,
        result.raw,
        result.shown,
        result.score,
        result.category or "",
        remark(line),
        line.row.digest,
    ]


def _figure(outcome: Outcome, name: str) -> Decimal | None:
    """Return an input as a number that Excel holds; None for letters, ranges, nothing and too many digits."""
    found = next((item for item in outcome.inputs if item.name == name), None)
    if found is None or found.value is None or found.text:
        return None
    value = found.value if isinstance(found.value, Decimal) else rounded(found.value, 12)
    return value if len(value.normalize().as_tuple().digits) <= EXCEL_DIGITS else None


def _recap_cells(levels: Sequence[LevelRecap]) -> list[list[Cell]]:
    return [
        [level.label, each.text, each.mean.coverage, each.shown, each.category]
        for level in levels
        for each in (*level.nodes, level.whole)
    ]


def _sheet(
    book: Any, name: str, above: tuple[str, str], head: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = book.add_format({"num_format": "#,##0.############", "valign": "top"})
    two = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    raw = book.add_format({"num_format": "0.000000000000", "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, above[0], book.add_format({"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, above[1])
    for place, (label, width) in enumerate(head):
        sheet.set_column(place, place, width)
        sheet.write_string(3, place, label, bold)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    for down, cells in enumerate(rows, start=4):
        for place, cell in enumerate(cells):
            label = head[place][0]
            if isinstance(cell, str):
                sheet.write_string(down, place, cell, text)
            elif cell is not None:
                shape = raw if "mentah" in label else two if label.endswith("(%)") else plain
                sheet.write_number(down, place, cell, shape)


def file_name(worksheet: Worksheet) -> str:
    """Return the name under which a worksheet is saved."""
    return f"kertas-kerja-{worksheet.period}-{worksheet.public_id}.xlsx"
