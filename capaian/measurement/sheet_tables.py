"""A worksheet as tables: its lines, and each level together."""

from collections.abc import Sequence

from capaian.measurement.papers import remark, weights_text
from capaian.measurement.recap import LevelRecap, Line, mean_code, node_text
from capaian.measurement.tables import Cell, Column, Table, counted, figured, said
from capaian.measurement.year_queries import tone_of
from capaian.planning.models import Level

ORDER = {level: place for place, level in enumerate(Level.values)}


def lines_table(found: Sequence[Line]) -> Table:
    """Return every line of a worksheet, from the highest level down."""
    columns = (
        Column("Jenjang", 12),
        Column("Butir kinerja", 44),
        Column("Indikator", 44),
        Column("Satuan", 12),
        Column("Bobot", 8, numeric=True),
        Column("Target", 14, numeric=True),
        Column("Realisasi", 14, numeric=True),
        Column("Capaian (%)", 14, numeric=True),
        Column("Skor (%)", 14, numeric=True),
        Column("Kategori", 18),
        Column("Keterangan", 44),
    )
    ordered = sorted(found, key=lambda line: ORDER[line.card["node"]["level"]])
    return Table("capaian", "Kertas kerja", columns, [_line_cells(line) for line in ordered])


def _line_cells(line: Line) -> list[Cell]:
    outcome = line.measured.outcome
    result = outcome.result
    return [
        said(str(Level(line.card["node"]["level"]).label)),
        said(node_text(line)),
        said(line.card["name"], link=("measurement", line.row.public_id)),
        said(line.card["measured_in"]),
        figured(line.weight, None),
        counted(outcome.target, [item.value for item in outcome.inputs if item.name == "T" and not item.text]),
        counted(outcome.actual, [item.value for item in outcome.inputs if item.name == "R" and not item.text]),
        figured(result.shown),
        figured(result.score),
        said(result.category or "", tone=tone_of(line.card["scale"], result.shown)),
        said(remark(line)),
    ]


def recap_table(levels: Sequence[LevelRecap], sheet: str) -> Table:
    """Return a worksheet's (its key) nodes and levels: weights, coverage, mean, and who is left out, with reasons."""
    columns = (
        Column("Jenjang", 12),
        Column("Butir kinerja", 60),
        Column("Dihitung", 24),
        Column("Bobot", 16),
        Column("Rata-rata skor (%)", 18, numeric=True),
        Column("Kategori", 18),
        Column("Tidak dihitung", 50),
    )
    rows = [
        [
            said(level.label),
            said(each.text),
            said(each.mean.coverage),
            said(weights_text(each)),
            figured(each.shown, link=("figure", mean_code(sheet, each))),
            said(each.category),
            said("; ".join(f"{line.card['name']}: {line.measured.outcome.result.reason}" for line in each.left_out)),
        ]
        for level in levels
        for each in (level.nodes if len(level.nodes) == 1 else (*level.nodes, level.whole))
    ]
    note = "Rata-rata tertimbang skor indikator milik setiap butir; tidak pernah dari jenjang di bawahnya."
    return Table("rekap", "Rekapitulasi tiap jenjang", columns, rows, note)
