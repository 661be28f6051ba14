"""What the rooms that hold figures give to a report: sentences, gaps, tables. Nothing where there are no figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from capaian.agencies.queries import Reach
from capaian.collection.models import Recapitulation
from capaian.collection.papers import CODES
from capaian.collection.recapitulation import row_code
from capaian.formulas.number_text import format_number
from capaian.measurement import papers
from capaian.measurement.charts import chart_block
from capaian.measurement.models import Worksheet
from capaian.measurement.queries import worksheet_of
from capaian.measurement.recap import lines, recap, tally
from capaian.proceedings.papers import Parts, table, text_block
from capaian.proceedings.report_papers import Figures
from capaian.sop.models import Run


def figures_of(reach: Reach, run: Run) -> Figures:
    """Return the figures of a run: of its newest recapitulation or worksheet; empty where none was made."""
    row = Recapitulation.objects.filter(agency_id=reach.agency.pk, item__run=run).order_by("-pk").first()
    if row is not None:
        return collected(row.content, row.public_id)
    worksheet = worksheet_of(reach, run)
    return Figures() if worksheet is None else measured(worksheet)


def measured(worksheet: Worksheet) -> Figures:
    """Return the figures of a worksheet: each level together, each indicator, and what they rest on."""
    found = lines(worksheet.measurements.all())
    said = papers.tally_text(tally(line.row for line in found))
    without = [f"{line.card['name']}: {line.row.reason}" for line in found if line.is_due and line.row.shown is None]
    levels = recap(found)
    blocks = [
        *chart_block(levels),
        *papers.recap_blocks(levels, worksheet.public_id),
        *papers.worksheet_blocks(found),
        *papers.basis_block(worksheet),
    ]
    return Figures(said=[f"Pengukuran: {said}"] if said else [], gaps=without, blocks=blocks)


def collected(content: Mapping[str, Any], key: str) -> Figures:
    """Return the figures of a recapitulation (content, schema 1, and key); nothing for one without rows."""
    rows = content.get("rows", [])
    if not rows:
        return Figures()
    counted = f"{content.get('reported', 0)} dari {content.get('due', len(rows))} indikator dilaporkan."
    return Figures(
        said=[f"Rekapitulasi: {counted}"], gaps=list(content.get("gaps", [])), blocks=collected_blocks(rows, key)
    )


def collected_blocks(rows: list[dict[str, Any]], key: str) -> list[Parts]:
    """Return the agency's figures: each indicator with its figure, what must be said beside it, its code of origin."""
    lines = [[row["name"], row["measured_in"], figure_text(row), _remark(row), row_code(key, row)] for row in rows]
    head = ["Indikator", "Satuan", "Realisasi", "Keterangan", "Kode asal"]
    return [*table("Rekapitulasi data kinerja", head, lines, [8, 3, 3, 6, 4]), *text_block("", CODES)]


def figure_text(row: Mapping[str, Any]) -> str:
    """Return a figure of a content as people read it; an en dash where none is reported."""
    value = row.get("value")
    return str(row.get("letter") or (format_number(Decimal(value)) if value is not None else "–"))


def _remark(row: Mapping[str, Any]) -> str:
    said = [*(["sementara"] if row.get("provisional") else []), *row.get("gaps", [])]
    return "; ".join(text.rstrip(".") for text in said) or "–"
