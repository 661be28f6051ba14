"""May this be locked, measured, approved, and if not, why not."""

from collections.abc import Sequence

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach
from capaian.journal.reason import Reason
from capaian.measurement.entries import ALL_TICKS, MethodologyEntry
from capaian.measurement.models import Methodology, Worksheet
from capaian.measurement.queries import is_collected, outdated, worksheet_of
from capaian.planning.models import Card
from capaian.sop.models import Run, WorkItem
from capaian.sop.step_rules import NOTE_LIMIT

NOTE_LENGTH = 300
MOST_NAMED = 3


def reasons_not_to_lock(cards: Sequence[Card], entry: MethodologyEntry) -> list[Reason]:
    """Return what is missing in a methodology as filled in for these cards."""
    if not cards:
        text = "Belum ada kartu indikator yang aktif untuk tahun ini."
        return [Reason("no_cards", text, "Aktifkan kartu indikator pada halaman perencanaan.")]
    given = {row.card_id: row for row in entry.rows}
    if set(given) != {card.pk for card in cards}:
        text = "Daftar kartu indikator sudah berubah sejak halaman ini dibuka."
        return [Reason("cards_changed", text, "Muat ulang halaman ini, lalu periksa kembali.")]
    reasons = []
    for card in cards:
        row, place = given[card.pk], f"note_{card.public_id}"
        if row.ticks != ALL_TICKS and not row.note.strip():
            text = f"Indikator “{card.name}” tidak memenuhi semua unsur SMART, tetapi catatannya kosong."
            reasons.append(Reason("smart_no_note", text, "Tulis alasannya pada kolom catatan.", place))
        if len(row.note) > NOTE_LENGTH:
            next_step = f"Ringkas menjadi paling banyak {NOTE_LENGTH} huruf."
            reasons.append(Reason("note_long", f"Catatan “{card.name}” terlalu panjang.", next_step, place))
    if len(entry.note) > NOTE_LIMIT:
        next_step = f"Ringkas menjadi paling banyak {NOTE_LIMIT} huruf."
        reasons.append(Reason("note_long", "Alasan perubahan terlalu panjang.", next_step, "note"))
    return reasons


def reasons_not_to_change(current: Methodology | None, entry: MethodologyEntry) -> list[Reason]:
    """Return why a methodology that differs from the one in force may not take its place."""
    if current is None or entry.note.strip():
        return []
    text = f"Metodologi tahun {current.year} sudah dikunci (versi {current.version}), dan isian ini berbeda."
    return [Reason("change_no_note", text, "Tulis alasan perubahannya agar menjadi versi baru.", "note")]


def reasons_not_to_set_apart(reach: Reach) -> list[Reason]:
    """Return why this person may not lock a methodology outside a step of the SOP."""
    if reach.has(RoleKey.TEAM):
        return []
    return [Reason("not_team", "Metodologi dikunci oleh Tim SAKIP.", "Hubungi Tim SAKIP.")]


def reasons_not_to_measure(methodology: Methodology | None, cards: Sequence[Card], year: int) -> list[Reason]:
    """Return why these cards may not be measured."""
    if methodology is None:
        text = f"Metodologi tahun {year} belum dikunci, sehingga cara mengukur belum tetap."
        return [Reason("no_methodology", text, f"Tim SAKIP mengunci metodologi pada halaman Metodologi {year}.")]
    rows = list(methodology.cards.select_related("card"))
    fixed = {row.card_id for row in rows}
    ways = {(row.card.indicator_id, row.polarity, row.consolidation) for row in rows}

    def is_fixed(card: Card) -> bool:  # an older version, measured again, by the way that was fixed for the newer one
        way = (card.indicator_id, card.polarity, card.consolidation)
        return card.pk in fixed or (not card.is_current and way in ways)

    absent = [card.name for card in cards if not is_fixed(card)]
    if not absent:
        return []
    named = ", ".join(f"“{name}”" for name in absent[:MOST_NAMED])
    more = f" dan {len(absent) - MOST_NAMED} lainnya" if len(absent) > MOST_NAMED else ""
    text = f"Kartu indikator {named}{more} belum ada dalam metodologi tahun {year}."
    return [Reason("card_not_fixed", text, f"Tim SAKIP memperbarui metodologi pada halaman Metodologi {year}.")]


def reasons_not_approved(reach: Reach, run: Run) -> list[Reason]:
    """Return why nothing approved is there to be measured, although figures were collected for the run's period."""
    if not is_collected(reach, run):
        return []
    text = f"Hasil pengumpulan data {run.period_value.label} belum disetujui atau sedang diperbaiki."
    return [Reason("not_approved", text, "Tunggu keputusan Sekretaris pada SOP pengumpulan data, lalu ukur.")]


def reasons_not_to_approve(reach: Reach, run: Run) -> list[Reason]:
    """Return why the measurement of a run may not be approved; none for a run without worksheet."""
    worksheet = worksheet_of(reach, run)
    if worksheet is None or not outdated(reach, worksheet):
        return []
    return [reason_outdated(worksheet)]


def reason_outdated(worksheet: Worksheet) -> Reason:
    """Return what must happen with a worksheet whose figures were corrected since."""
    text = "Realisasi yang diukur sudah diperbaiki setelah kertas kerja ini dibuat, sehingga perlu diukur ulang."
    if worksheet.item.run.status == Run.Status.OPEN:
        next_step = f"Pilih Tidak dan kembalikan ke langkah {worksheet.item.step.ordinal} (pengukuran)."
    else:
        next_step = "Buka proses perbaikan pengukuran dari halaman proses."
    return Reason("outdated", text, next_step, "decision")


def decides_yes(decision: WorkItem.Decision | None) -> bool:
    """Tell whether an answer approves."""
    return decision == WorkItem.Decision.YES
