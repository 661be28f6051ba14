"""What the rooms that hold figures give to a report: sentences, gaps, tables. Nothing where there are no figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from capaian.collection.models import Recapitulation
from capaian.formulas.number_text import format_number
from capaian.proceedings.papers import Parts, table
from capaian.proceedings.report_papers import Figures
from capaian.sop.models import Run


def figures_of(run: Run) -> Figures:
    """Return the figures of a run: those of its newest recapitulation; empty where none was made."""
    row = Recapitulation.objects.filter(item__run=run).order_by("-pk").first()
    return Figures() if row is None else collected(row.content)


def collected(content: Mapping[str, Any]) -> Figures:
    """Return the figures of a recapitulation's content (schema 1); nothing for one without rows."""
    rows = content.get("rows", [])
    if not rows:
        return Figures()
    counted = f"{content.get('reported', 0)} dari {content.get('due', len(rows))} indikator dilaporkan."
    return Figures(said=[f"Rekapitulasi: {counted}"], gaps=list(content.get("gaps", [])), blocks=collected_blocks(rows))


def collected_blocks(rows: list[dict[str, Any]]) -> list[Parts]:
    """Return the table of the agency's figures: each indicator with its figure and what must be said beside it."""
    lines = [[row["name"], row["measured_in"], figure_text(row), _remark(row)] for row in rows]
    return table("Rekapitulasi data kinerja", ["Indikator", "Satuan", "Realisasi", "Keterangan"], lines, [8, 3, 3, 6])


def figure_text(row: Mapping[str, Any]) -> str:
    """Return a figure of a content as people read it; an en dash where none is reported."""
    value = row.get("value")
    return str(row.get("letter") or (format_number(Decimal(value)) if value is not None else "–"))


def _remark(row: Mapping[str, Any]) -> str:
    said = [*(["sementara"] if row.get("provisional") else []), *row.get("gaps", [])]
    return "; ".join(text.rstrip(".") for text in said) or "–"
