"""What stands on the papers of this room: methodology, worksheet, recapitulation, what is decided on."""

from collections.abc import Sequence
from typing import Any

from capaian.formulas.catalogue import formula
from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.measurement.charts import chart_block
from capaian.measurement.comparison import Compared, compared_table, words_table
from capaian.measurement.entries import SMART
from capaian.measurement.models import Methodology, MethodologyCard, Worksheet
from capaian.measurement.promised import promised_by, target_remark
from capaian.measurement.recap import LevelRecap, Line, Tally, Together, lines, mean_code, node_text, recap, tally
from capaian.measurement.tables import Table
from capaian.planning.models import Level
from capaian.proceedings.papers import Parts, attached_block, table, text_block
from capaian.sop.models import WorkItem
from capaian.sop.papers import moment_text

WIDE: Parts = {"paper": "f4", "orientation": "landscape"}
METHODS = {
    PeriodMethod.SUM.value: "dijumlahkan",
    PeriodMethod.AVERAGE.value: "dirata-ratakan",
    PeriodMethod.LAST.value: "nilai terakhir",
}
LINE_HEAD = [
    "Butir kinerja",
    "Indikator",
    "Satuan",
    "Target",
    "Realisasi",
    "Capaian (%)",
    "Kategori",
    "Keterangan",
    "Kode asal",
]
LINE_WIDTHS = [7, 8, 3, 3, 3, 3, 4, 6, 4]
CODES = "Kode asal membuka rumus, target, realisasi, bukti, dan persetujuan setiap angka: menu Kinerja, Kertas kerja."
RECAP_HEAD = ["Uraian", "Indikator yang dihitung", "Bobot", "Rata-rata skor", "Kategori", "Kode asal"]
RECAP_WIDTHS = [10, 4, 3, 3, 4, 5]


def percent(value: Any) -> str:
    """Return a percentage as papers print it: `91,00`; an en dash where there is none."""
    return "–" if value is None else format_number(value, 2)


def remark(line: Line) -> str:
    """Return what must be said beside an achievement: why there is none, provisional, bounded, the year's own."""
    found = line.measured
    result = found.outcome.result
    parts = [result.reason] if result.reason else []
    if found.outcome.provisional:
        parts.append(f"sementara, {found.outcome.coverage}")
    if result.score is not None and result.score != result.shown:
        parts.append(f"skor {percent(result.score)}")
    if found.year is not None and found.year.result != result:
        year = found.year
        said = percent(year.result.shown) if year.result.shown is not None else year.result.reason
        parts.append(f"terhadap target tahunan {year.target}: {said}")
    if line.is_due and (said := target_remark(line.row.inputs)):
        parts.append(said)
    return "; ".join(parts)


def line_cells(line: Line) -> list[str]:
    """Return a measurement as a row of the worksheet."""
    outcome = line.measured.outcome
    return [
        node_text(line),
        line.card["name"],
        line.card["measured_in"],
        outcome.target,
        outcome.actual,
        percent(outcome.result.shown),
        outcome.result.category or "–",
        remark(line),
        line.row.public_id,
    ]


def worksheet_blocks(found: Sequence[Line]) -> list[Parts]:
    """Return the tables of a worksheet, one for each level; what is not due yet is listed apart."""
    blocks: list[Parts] = []
    for level in Level:
        rows = [line_cells(line) for line in found if line.is_due and line.card["node"]["level"] == level.value]
        blocks += table(str(level.label), LINE_HEAD, rows, LINE_WIDTHS)
    waiting = [line.card["name"] for line in found if not line.is_due]
    told = text_block("", CODES) if blocks else []
    return [*blocks, *told, *([{"kind": "list", "heading": "Belum jatuh tempo", "items": waiting}] if waiting else [])]


def tally_text(count: Tally) -> str:
    """Return a worksheet's counts in one sentence."""
    parts = [f"{category} {number}" for category, number in count.categories.items()]
    parts += [f"{reason} {number}" for reason, number in count.reasons.items()]
    return f"{count.measured} dari {count.total} indikator terukur: {', '.join(parts)}." if count.total else ""


def weights_text(each: Together) -> str:
    """Return how much weight is counted of all: `3 dari 4`."""
    return f"{format_number(each.counted_weight)} dari {format_number(each.whole_weight)}"


def shared_blocks(shared: Table, widths: Sequence[int]) -> list[Parts]:
    """Return a table that pages and files show too."""
    note = [{"kind": "text", "heading": "", "paragraphs": [shared.note]}] if shared.note and shared.rows else []
    return [*table(shared.title, shared.head, shared.texts(), widths), *note]


def beside_blocks(found: Sequence[Compared]) -> list[Parts]:
    """Return what a worksheet's lines are compared with, and what the units wrote about them."""
    said = words_table([each.line for each in found])
    return [
        *shared_blocks(compared_table(found), [9, 4, 4, 4, 4, 4]),
        *shared_blocks(said, [6, 4, 6, 6, 6]),
    ]


def recap_blocks(levels: Sequence[LevelRecap], sheet: str) -> list[Parts]:
    """Return the recapitulation by level of a worksheet (its key), with the indicators left out and why."""
    blocks: list[Parts] = []
    for level in levels:
        rows = [
            [
                each.text,
                each.mean.coverage,
                weights_text(each),
                percent(each.shown),
                each.category or "–",
                mean_code(sheet, each),
            ]
            for each in (level.nodes if len(level.nodes) == 1 else (*level.nodes, level.whole))
        ]
        blocks += table(level.label, RECAP_HEAD, rows, RECAP_WIDTHS)
        out = [f"{line.card['name']}: {line.measured.outcome.result.reason}" for line in level.whole.left_out]
        blocks += [{"kind": "list", "heading": "Tidak dihitung dalam rata-rata", "items": out}] if out else []
    return blocks


def promise_blocks(found: Sequence[Line]) -> list[Parts]:
    """Return whose promises the targets of a worksheet are."""
    rows = [[name, str(count)] for _, name, count in promised_by(found)]
    return table("Asal target", ["Perjanjian Kinerja pada akhir periode", "Indikator"], rows, [10, 3])


def basis_block(worksheet: Worksheet) -> list[Parts]:
    """Return what a worksheet rests on, with digests."""
    recapitulation, method = worksheet.recapitulation, worksheet.methodology
    made = moment_text(worksheet.agency, recapitulation.computed_at)
    rows = [
        [f"Rekapitulasi pengumpulan data yang disetujui, {made}", recapitulation.digest],
        [f"Metodologi tahun {method.year} versi {method.version}", method.digest],
        [f"Kertas kerja {worksheet.public_id}", worksheet.digest],
    ]
    return table("Dasar pengukuran", ["Dokumen", "SHA-256"], rows, [5, 8])


def worksheet_parts(worksheet: Worksheet, item: WorkItem, note: str, beside: Sequence[Compared]) -> Parts:
    """Return the kertas kerja, F4 landscape, with what its lines are compared with."""
    found = [each.line for each in beside]
    count = tally_text(tally(line.row for line in found))
    blocks = [
        *worksheet_blocks(found),
        *text_block("Ringkasan", count),
        *promise_blocks(found),
        *beside_blocks(beside),
        *text_block("Catatan", note),
        *basis_block(worksheet),
        *attached_block(item, "Berkas terlampir"),
    ]
    return {**WIDE, "blocks": blocks}


def recap_parts(worksheet: Worksheet, item: WorkItem, note: str) -> Parts:
    """Return the recapitulation by level; each level from its own indicators, never from the levels below."""
    said = (
        "Rata-rata tertimbang skor indikator milik setiap butir. Indikator tanpa angka tidak dihitung dan disebut "
        "beserta alasannya."
    )
    levels = recap(lines(worksheet.measurements.all()))
    blocks = [
        *chart_block(levels),
        *text_block("Cara menghitung", said),
        *recap_blocks(levels, worksheet.public_id),
        *text_block("Catatan", note),
        *basis_block(worksheet),
        *attached_block(item, "Berkas terlampir"),
    ]
    return {"paper": "f4", "blocks": blocks}


def decision_parts(worksheet: Worksheet, item: WorkItem, note: str) -> Parts:
    """Return the report that is approved: recapitulation, worksheet, the words of the decision."""
    found = lines(worksheet.measurements.all())
    levels = recap(found)
    blocks = [
        *text_block("Hasil pengukuran", tally_text(tally(line.row for line in found))),
        *chart_block(levels),
        *recap_blocks(levels, worksheet.public_id),
        *worksheet_blocks(found),
        *promise_blocks(found),
        *text_block("Keputusan", "Ya"),
        *text_block("Catatan dan arahan", note),
        *basis_block(worksheet),
        *attached_block(item, "Berkas terlampir"),
    ]
    return {**WIDE, "blocks": blocks}


def smart_text(row: MethodologyCard) -> str:
    """Return the SMART ticks of a card: `S M A R T`, a middle dot where one is missing."""
    return " ".join(letter.upper() if getattr(row, field) else "·" for letter, field, _ in SMART)


def formula_text(row: MethodologyCard, year: int) -> str:
    """Return a card's formula in words: its title and expression."""
    found = formula(row.formula_code, year)
    return f"{found.title}: {found.expression}"


def methodology_parts(row: Methodology, item: WorkItem, note: str) -> Parts:
    """Return the methodology of the year: formula, polarity, consolidation, source and SMART of each card."""
    head = ["Indikator", "Satuan", "Rumus capaian", "Polaritas", "Konsolidasi", "Sumber data", "SMART", "Catatan"]
    rows = [
        [
            each.card.name,
            each.card.measured_in,
            formula_text(each, row.year),
            Polarity(each.polarity).label,
            METHODS[each.consolidation],
            each.source or "–",
            smart_text(each),
            each.note,
        ]
        for each in row.cards.select_related("card")
    ]
    locked = moment_text(row.agency, row.locked_at) if row.locked_at else "–"
    said = f"Metodologi tahun {row.year} versi {row.version}, dikunci {locked}."
    key = "SMART: S spesifik, M terukur, A dapat dicapai, R relevan, T berbatas waktu; titik berarti belum terpenuhi."
    blocks = [
        *text_block("Metodologi", f"{said}\n{key}"),
        *table("Cara mengukur setiap indikator", head, rows, [8, 3, 7, 5, 4, 5, 3, 5]),
        *text_block("Alasan perubahan", row.note),
        *text_block("Catatan", note if note.strip() != row.note.strip() else ""),
        *table("Sidik", ["Dokumen", "SHA-256"], [[f"Metodologi {row.year} versi {row.version}", row.digest]], [5, 8]),
        *attached_block(item, "Berkas terlampir"),
    ]
    return {**WIDE, "blocks": blocks}
