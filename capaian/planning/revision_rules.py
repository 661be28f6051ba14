"""A later version of a card: why it is there, who approved it, and what it may no longer change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from capaian.agencies.models import Agency
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason
from capaian.periods.period import Period
from capaian.planning.card_rules import period_label, target_periods
from capaian.planning.entries import CardEntry, TargetEntry
from capaian.planning.models import Card
from capaian.planning.rules import ENFORCERS, reasons_without_role

REASON_LENGTH = 1000
#: how an indicator is measured: the same for a whole year once one of its periods has ended or was measured
FROZEN = {
    "frequency": "Periode pelaporan", "polarity": "Polaritas", "measured_in": "Satuan", "formula": "Rumus",
    "data": "Data mentah", "consolidation": "Konsolidasi periode", "location": "Konsolidasi unit",
    "entry": "Cara mengisi", "scale": "Skala", "cap": "Batas skor", "tolerance": "Toleransi",
    "negative_target": "Izin target negatif",
}  # fmt: skip
#: what is measured: may change for coming periods
SAID = {"name": "Nama indikator", "definition": "Definisi operasional", "calculation": "Cara perhitungan"}


def reasons_not_to_approve(agency: Agency, by: Actor) -> list[Reason]:
    """Only the Kepala or the Sekretaris approves a later version."""
    return reasons_without_role(agency, by, ENFORCERS, "Versi baru kartu disetujui oleh Kepala atau Sekretaris.")


def reasons_about_reason(text: str) -> list[Reason]:
    """A later version says why it is opened."""
    if not text.strip():
        next_step = "Tulis misalnya: perubahan anggaran pada APBD Perubahan."
        return [Reason("reason_empty", "Alasan perubahan belum diisi.", next_step, "reason")]
    if len(text) > REASON_LENGTH:
        sentence = f"Alasan perubahan lebih dari {REASON_LENGTH} huruf."
        return [Reason("reason_long", sentence, "Ringkas tulisannya.", "reason")]
    return []


def reasons_not_to_approve_card(card: Card) -> list[Reason]:
    """Only the draft of a later version is approved, once."""
    if card.activated_at is not None or card.version == 1:
        return [Reason("no_revision", "Yang disetujui adalah konsep versi baru.", "Muat ulang halaman ini.")]
    if card.approved_at is not None:
        return [Reason("approved_already", "Versi ini sudah disetujui.", "Tim SAKIP dapat mengaktifkannya.")]
    return []


def reasons_unapproved(card: Card) -> list[Reason]:
    """A later version is activated only after its approval."""
    if card.version == 1 or card.approved_at is not None:
        return []
    text = f"“{card.name}” versi {card.version} belum disetujui."
    return [Reason("card_unapproved", text, "Minta Kepala atau Sekretaris menyetujuinya pada halaman kartu.")]


def in_force_before(card: Card) -> Card | None:
    """Return the activated card that a later version would replace."""
    if card.version == 1:
        return None
    rows = Card.objects.filter(indicator_id=card.indicator_id, year=card.year, activated_at__isnull=False)
    return rows.exclude(pk=card.pk).prefetch_related("targets", "data").order_by("-version").first()


def closed(card: Card, on: date) -> list[Period]:
    """Return the card's own periods, and the year, that have ended before a day or were measured already."""
    last = card.measured_to or date.min
    return [period for period in target_periods(card.frequency, card.year) if period.end < on or period.end <= last]


def counts_from(card: Card, on: date) -> date | None:
    """Return the first day from which a later version counts when it is activated; None: wherever nothing was measured.

    One that says something else of what is measured leaves the closed periods to the version before it.
    """
    before = in_force_before(card)
    if before is None:
        return None
    if all(getattr(before, name) == getattr(card, name) for name in SAID) and _targets(before) == _targets(card):
        return before.counts_from
    ended = closed(before, on)
    coming = [each.start for each in target_periods(before.frequency, before.year)[:-1] if each not in ended]
    return (min(coming) if coming else before.counts_from) if ended else before.counts_from


def _targets(card: Card) -> dict[str, TargetEntry]:
    return {row.period: plain_target(TargetEntry.of(row)) for row in card.targets.all()}


def reasons_not_to_rewrite(card: Card, targets: Iterable[TargetEntry], on: date) -> list[Reason]:
    """Periods that have ended or were measured keep the targets of the version in force then."""
    before = in_force_before(card)
    if before is None:
        return []
    kept = _targets(before)
    wanted = {target.period: plain_target(target) for target in targets}
    return [
        Reason(
            "period_elapsed",
            f"{period_label(card.frequency, period)} sudah lewat; targetnya tetap seperti pada versi {before.version}.",
            "Kembalikan target periode itu, ubah target periode yang akan datang.",
            f"target_{period.code}",
        )
        for period in closed(before, on)
        if kept.get(period.code) != wanted.get(period.code)
    ]


def reasons_not_to_remeasure(card: Card, entry: CardEntry, on: date) -> list[Reason]:
    """Once a period has ended or was measured, later versions of the year keep the way of measuring.

    Its definition may still change for coming periods, as long as there are any.
    """
    before = in_force_before(card)
    ended = closed(before, on) if before else []
    if before is None or not ended:
        return []
    is_over = len(ended) == len(target_periods(before.frequency, before.year))
    frozen = FROZEN | SAID if is_over else FROZEN
    said = CardEntry.of(before)
    return [
        Reason(
            "measured_already",
            f"{label} tidak dapat diubah karena ada periode {card.year} yang sudah lewat atau sudah diukur.",
            "Pertahankan sampai akhir tahun; ubah pada kartu tahun berikutnya.",
            name if name != "data" else "formula",
        )
        for name, label in frozen.items()
        if _plain(said, name) != _plain(entry, name)
    ]


def _plain(entry: CardEntry, name: str) -> object:
    value = getattr(entry, name)
    if name == "data":
        return tuple(datum.name for datum in value)
    return value.strip() if isinstance(value, str) else value


def plain_target(target: TargetEntry) -> TargetEntry:
    """Return a target without the mark of the sample, to compare what it says."""
    return replace(target, is_example=False)
