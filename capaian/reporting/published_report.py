"""The figures that an older application published, beside those computed here, each difference explained."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capaian.formulas.number_text import format_number
from capaian.measurement.tables import Cell, Column, Table, said
from capaian.tables.columns import EXPLAINED, NEEDED, RESULTS, Columns
from capaian.tables.explaining import EXPLAINED as DIFFERENT
from capaian.tables.explaining import GROUPS, Explainer
from capaian.tables.opening import find_headings, open_source
from capaian.tables.settings import Settings
from capaian.workbooks.problems import UnreadableTable, unreadable_cells

MOST_ROWS: Final = 3000
SHOWN: Final = (
    ("indicator", "Indikator", 50), ("unit", "Satuan", 12), ("polarity", "Polaritas", 14), ("target", "Target", 14),
    ("actual", "Realisasi", 14), ("published", "Terbit", 12),
)  # fmt: skip
FIGURES: Final = ("target", "actual", "published")
ORDER: Final = (*GROUPS.values(), DIFFERENT)
TONES: Final = dict(zip(ORDER, ("success", "success", "danger", "neutral", "warning"), strict=True))


@dataclass(frozen=True)
class Report:
    """How many published figures agree, differ for a known reason, or stay unexplained; and each of them."""

    counts: Sequence[tuple[str, int, str]]  # group, how many, tone
    remarks: Sequence[str]
    table: Table


def report_of(path: Path, settings: Settings) -> Report:
    """Compare a table of published figures. Raises `UnreadableTable` with sentences naming what cannot be read."""
    with closing(open_source(path, settings)) as source:
        _, columns = find_headings(source, path.name, (*NEEDED, "published"), (*RESULTS, *EXPLAINED))
        work = Explainer(columns, settings)
        shown = [each for each in SHOWN if columns.place(each[0]) is not None]
        rows = []
        for first, batch in source.batches():
            for number, row in enumerate(batch, first):
                rows += _row(work, columns, [key for key, _, _ in shown], row, number)
            if len(rows) > MOST_ROWS:
                raise UnreadableTable(
                    f"{path.name} memuat lebih dari {format_number(MOST_ROWS)} baris. Bagi menjadi beberapa berkas, "
                    "atau pakai perintah capaian explain."
                )
        remarks = list(source.notes.remarks)
    if work.problems:
        raise unreadable_cells(work.problems, len(work.problems))
    if not rows:
        raise UnreadableTable(f"{path.name} tidak memuat baris di bawah judul kolom.")
    heads = [Column(label, width, numeric=key in FIGURES) for key, label, width in shown]
    more = (Column("Dihitung", 12, numeric=True), Column("Selisih", 12, numeric=True), Column("Kategori", 16),
            Column("Penjelasan", 60))  # fmt: skip
    counts = [(name, work.found[name], TONES[name]) for name in ORDER if work.found[name]]
    return Report(counts, remarks, Table("perbandingan", "Angka terbit dan hitungan", [*heads, *more], rows))


def _row(work: Explainer, columns: Columns, keys: Sequence[str], row: list[str], number: int) -> list[list[Cell]]:
    """Return a row: its own cells as typed, then what was found; none for a blank or an unreadable one."""
    before = Counter(work.found)
    measured = work.measure([row], number)
    group = next(iter(work.found - before), "")
    return [
        [
            *(said(_cell(cells, columns, key)) for key in keys),
            said(shown),
            said(gap),
            said(category or reason),
            said(why, tone=TONES.get(group, "")),
        ]
        for cells in measured
        for _, shown, _, category, reason, gap, why in [cells[-len(RESULTS) - len(EXPLAINED) :]]
    ]


def _cell(row: Sequence[str], columns: Columns, key: str) -> str:
    place = columns.place(key)
    return "" if place is None or place >= len(row) else row[place].strip()
