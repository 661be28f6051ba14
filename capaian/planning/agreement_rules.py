"""May an agreement be drafted or put in force, and if not, why not."""

from datetime import date
from enum import IntEnum

from capaian.agencies.models import Agency, Appointment, Position, RoleKey
from capaian.agencies.reach import held_title
from capaian.agencies.rules import in_force, written
from capaian.journal.reason import Reason
from capaian.planning.entries import PartyEntry
from capaian.planning.models import Agreement, Card

#: The allowed moves of an agreement. A new draft stands beside the one in force until it takes its place.
AGREEMENT_MOVES: dict[str, tuple[str, ...]] = {
    Agreement.State.DRAFT: (Agreement.State.IN_FORCE,),
    Agreement.State.IN_FORCE: (Agreement.State.SUPERSEDED,),
    Agreement.State.SUPERSEDED: (),
}
PARTY_LABELS = {"superior_name": "Nama pihak kedua", "superior_title": "Jabatan pihak kedua"}
NAME_LENGTH, TITLE_LENGTH, REASON_LENGTH = 120, 180, 300


class Tier(IntEnum):
    """How high an official promises: eselon II, eselon III, eselon IV or a functional official (JF)."""

    HEAD = 2
    DIVISION = 3
    SECTION = 4


def kepala(agency: Agency, on: date) -> Position | None:
    """Return the Kepala's position: the one that somebody holds on a date, else any that is open."""
    rows = Position.objects.filter(agency=agency, roles__role=RoleKey.HEAD, closed_on__isnull=True).order_by("pk")
    held = next((row for row in rows if holder(row, on) is not None), None)
    return held or rows.first()


def holder(position: Position, on: date) -> Appointment | None:
    """Return who holds a position on a date: definitive before Plt. before Plh."""
    held = Appointment.objects.filter(in_force(on), position=position, position__closed_on__isnull=True)
    rank = {kind: place for place, kind in enumerate(Appointment.Kind.values)}
    return min(held.select_related("position", "person").order_by("pk"), key=lambda row: rank[row.kind], default=None)


def tier_of(position: Position) -> Tier:
    """Return how high a position promises: the Kepala, then heads of units, then all others. Reads its roles."""
    roles = {row.role for row in position.roles.all()}
    if RoleKey.HEAD in roles:
        return Tier.HEAD
    return Tier.DIVISION if roles & {RoleKey.SECRETARY, RoleKey.UNIT_HEAD} else Tier.SECTION


def party(held: Appointment) -> dict[str, str]:
    """Return the first party's name and title as on the day."""
    return {"promiser_name": held.person.name, "promiser_title": held_title(held.kind, held.position.title)}


def reasons_without_cards(tier: Tier, year: int) -> list[Reason]:
    """Return why an agreement without any card is none."""
    if tier == Tier.HEAD:
        text = f"Belum ada kartu IKU tahun {year} yang aktif."
        return [Reason("no_iku", text, "Tandai indikator sebagai IKU, lalu aktifkan kartunya.")]
    text = "Belum ada indikator yang dijanjikan."
    return [Reason("no_cards", text, "Centang kartu yang aktif.", "cards")]


def reasons_about_change(position: Position, entry: PartyEntry, year: int) -> list[Reason]:
    """An agreement that takes the place of one in force says why."""
    same = Agreement.objects.filter(position=position, year=year, state=Agreement.State.IN_FORCE)
    if len(entry.reason) > REASON_LENGTH:
        text = f"Alasan perubahan lebih dari {REASON_LENGTH} huruf."
        return [Reason("reason_long", text, "Ringkas tulisannya.", "reason")]
    if entry.reason.strip() or not same.exists():
        return []
    text = "Perjanjian yang berlaku hanya diubah dengan alasan."
    next_step = "Tulis misalnya: pergantian pejabat, perubahan program dan anggaran, atau perubahan asumsi."
    return [Reason("reason_empty", text, next_step, "reason")]


def reasons_about_superior(position: Position, entry: PartyEntry) -> list[Reason]:
    """The superior's position is another open one of the same agency."""
    if entry.superior_position_id is None:
        return []
    known = Position.objects.filter(
        pk=entry.superior_position_id, agency_id=position.agency_id, closed_on__isnull=True
    ).exclude(pk=position.pk)
    if known.exists():
        return []
    return [Reason("superior_unknown", "Jabatan atasan tidak dikenal.", "Pilih dari daftar.", "superior")]


def reasons_not_to_draft(held: Appointment | None, entry: PartyEntry) -> list[Reason]:
    """Check who promises to whom."""
    reasons = []
    if held is None:
        text = "Belum ada pejabat pada jabatan ini hari ini."
        reasons.append(Reason("no_head", text, "Minta admin menetapkan pejabatnya."))
    for field, length in (("superior_name", NAME_LENGTH), ("superior_title", TITLE_LENGTH)):
        value = getattr(entry, field).strip()
        if not value:
            text = f"{PARTY_LABELS[field]} belum diisi."
            reasons.append(Reason("party_empty", text, "Lengkapi, lalu simpan lagi.", field))
        elif len(value) > length:
            text = f"{PARTY_LABELS[field]} lebih dari {length} huruf."
            reasons.append(Reason("party_long", text, "Ringkas tulisannya.", field))
    return reasons


def reasons_not_in_force(agreement: Agreement, held: Appointment | None, day: date) -> list[Reason]:
    """Check that a draft still says what holds: the official in office, the current cards, a day of its year."""
    if agreement.state != Agreement.State.DRAFT:
        return [Reason("not_draft", "Perjanjian ini bukan konsep lagi.", "Muat ulang halaman ini.")]
    reasons = []
    said = {"promiser_name": agreement.promiser_name, "promiser_title": agreement.promiser_title}
    if held is None or held.position_id != agreement.position_id or party(held) != said:
        text = f"Pejabat sudah berganti sejak konsep ini disusun untuk {agreement.promiser_name}."
        reasons.append(Reason("head_changed", text, "Susun ulang konsepnya."))
    outdated = Card.objects.filter(pk__in=agreement.items.values("card_id"), is_current=False).order_by("pk")
    reasons += [
        Reason("card_outdated", f"Kartu “{card.name}” sudah diganti versi baru.", "Susun ulang konsepnya.")
        for card in outdated
    ]
    if day.year != agreement.year:
        text = f"Perjanjian tahun {agreement.year} mulai berlaku pada tahun itu."
        reasons.append(Reason("day_outside_year", text, "Perbaiki tanggalnya.", "in_force_from"))
    older = Agreement.objects.filter(
        agency_id=agreement.agency_id,
        position_id=agreement.position_id,
        year=agreement.year,
        state=Agreement.State.IN_FORCE,
        in_force_from__gte=day,
    ).first()
    if older is not None and older.in_force_from is not None:
        text = f"Perjanjian yang digantikan baru mulai berlaku {written(older.in_force_from)}."
        reasons.append(Reason("day_before_last", text, "Pilih tanggal sesudahnya.", "in_force_from"))
    return reasons
