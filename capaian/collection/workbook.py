"""A unit's form and the recapitulation as workbooks: figures as numbers, everything typed as text."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from capaian.collection.models import Actual
from capaian.collection.reading import is_yes_no, shown_actual, shown_target
from capaian.collection.sheets import Line, Sheet, target_of
from capaian.periods.period import Period
from capaian.planning.models import Card, Target
from capaian.sop.models import Run
from capaian.sop.run_rules import zone_of
from capaian.workbooks.writing import Cell, WrittenSheet, held, written

FILLED: Final = (
    ("Indikator", 44), ("Satuan", 12), ("Periode", 18), ("Target", 14), ("Periode lalu", 14), ("Tahun lalu", 14),
    ("Realisasi", 16), ("Sifat", 12), ("Penyebab", 36), ("Hambatan", 36), ("Tindak lanjut", 36), ("Diisi oleh", 24),
    ("Waktu", 18), ("Dilaporkan pada", 26),
)  # fmt: skip
RAW: Final = (("Indikator", 44), ("Periode", 18), ("Data", 36), ("Satuan", 12), ("Nilai", 16))
PROOFS: Final = (("Indikator", 44), ("Periode", 18), ("Berkas atau tautan", 50), ("SHA-256", 68))
RECAPITULATED: Final = (
    ("No", 5), ("Indikator", 44), ("Satuan", 12), ("Realisasi", 16), ("Sifat", 12), ("Kekurangan", 60),
    ("Perlu diperiksa", 60),
)  # fmt: skip
BY_UNIT: Final = (
    ("No", 5), ("Indikator", 44), ("Periode", 18), ("Unit", 32), ("Realisasi", 16), ("Sifat", 12), ("Penyebab", 36),
    ("Hambatan", 36), ("Tindak lanjut", 36), ("Jumlah bukti", 10), ("Diisi oleh", 24), ("Disampaikan oleh", 24),
    ("Dikecualikan karena", 36),
)  # fmt: skip
PROVISIONAL: Final = "Sementara"


def form_workbook(sheet: Sheet) -> bytes:
    """Return a unit's form as XLSX: its figures, its raw data, its evidence."""
    lines = sheet.lines
    when = ""
    if sheet.form is not None and sheet.form.submitted_at is not None:
        when = f", disampaikan {_clock(sheet.run, sheet.form.submitted_at)}"
    above = (
        f"Formulir {sheet.unit.name}, {sheet.run.period_value.label}",
        f"{sheet.run.agency.name}; simpanan ke-{sheet.edition}{when}",
    )
    filled = [_filled(sheet, line) for line in lines]
    raw = [cells for line in lines for cells in _raw(line)]
    proofs = [cells for line in lines for cells in _proofs(line)]
    sheets = [WrittenSheet("Realisasi", FILLED, filled)]
    sheets += [WrittenSheet("Data mentah", RAW, raw)] if raw else []
    return written(above, [*sheets, WrittenSheet("Bukti", PROOFS, proofs)])


def _filled(sheet: Sheet, line: Line) -> list[Cell]:
    row, card = line.actual, line.card
    texts = (row.cause, row.obstacle, row.follow_up) if row else ("", "", "")
    return [
        card.name,
        card.measured_in,
        line.period.label,
        _target(target_of(card, line.period)),
        _figure_of(card, line.before),
        _figure_of(card, line.year_before),
        _figure_of(card, row),
        PROVISIONAL if row and row.is_provisional else "",
        *texts,
        row.entered_by.name if row else "",
        _clock(sheet.run, row.entered_at) if row else "",
        line.told_on,
    ]


def _figure_of(card: Card, actual: Actual | None) -> Cell:
    """What an actual says: a number where it is one, else a letter, "Selesai" or "Belum selesai"."""
    if actual is None:
        return None
    spoken = actual.letter or is_yes_no(card)
    return shown_actual(card, actual.value, actual.letter) if spoken else held(actual.value)


def _target(target: Target | None) -> Cell:
    """A target as a number; a range or a letter as text."""
    if target is None:
        return None
    return shown_target(target) if target.letter or target.low is not None else held(target.value)


def _raw(line: Line) -> Iterator[list[Cell]]:
    for row in line.actual.data.all() if line.actual else ():
        yield [line.card.name, line.period.label, row.datum.label, row.datum.measured_in, held(row.value)]


def _proofs(line: Line) -> Iterator[list[Cell]]:
    for proof in line.actual.evidence.all() if line.actual else ():
        name, mark = (proof.file.original_name, proof.file.sha256) if proof.file else (proof.link, "")
        yield [line.card.name, line.period.label, name, mark]


def _clock(run: Run, moment: datetime) -> str:
    return f"{timezone.localtime(moment, zone_of(run.agency)):%d-%m-%Y %H.%M}"


def recapitulation_workbook(run: Run, content: dict[str, Any], digest: str) -> bytes:
    """Return a recapitulation (content, schema 1) as XLSX; `digest` is "" while it is not frozen."""
    above = (
        f"Rekapitulasi data kinerja, {run.period_value.label}",
        f"{run.agency.name}; {f'SHA-256 {digest}' if digest else 'belum dibekukan'}",
    )
    rows = content["rows"]
    return written(
        above,
        [
            WrittenSheet("Rekapitulasi", RECAPITULATED, [_recapitulated(row) for row in rows]),
            WrittenSheet("Rincian per unit", BY_UNIT, [cells for row in rows for cells in _by_unit(row)]),
            WrittenSheet("Data yang belum ada", (("Keterangan", 120),), [[gap] for gap in content["gaps"]]),
        ],
    )


def _recapitulated(row: dict[str, Any]) -> list[Cell]:
    said = [" ".join(row["gaps"]), " ".join(row.get("warnings", []))]
    return [Decimal(row["ordinal"]), row["name"], row["measured_in"], _figure(row), _kind(row), *said]


def _by_unit(row: dict[str, Any]) -> Iterator[list[Cell]]:
    for period in row["periods"]:
        label = Period.parse(period["period"]).label
        for unit in period["units"]:
            told = [unit["cause"], unit["obstacle"], unit["follow_up"], Decimal(len(unit["evidence"]))]
            people = [unit["entered_by"], unit["submitted_by"], unit["waived"]]
            figure = [unit["unit"], _figure(unit), _kind(unit)]
            yield [Decimal(row["ordinal"]), row["name"], label, *figure, *told, *people]


def _figure(said: dict[str, Any]) -> Cell:
    if said["letter"] or said["value"] is None:
        return said["letter"] or None
    return held(Decimal(said["value"]))


def _kind(said: dict[str, Any]) -> str:
    return PROVISIONAL if said["provisional"] else ""
