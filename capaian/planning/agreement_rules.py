"""May an agreement be drafted or put in force, and if not, why not."""

from datetime import date

from capaian.agencies.models import Agency, Appointment, RoleKey
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
NAME_LENGTH, TITLE_LENGTH = 120, 180


def promiser(agency: Agency, on: date) -> Appointment | None:
    """Return who holds the Kepala's position on a date: definitive before Plt. before Plh."""
    held = Appointment.objects.filter(
        in_force(on), agency=agency, position__roles__role=RoleKey.HEAD, position__closed_on__isnull=True
    )
    rank = {kind: place for place, kind in enumerate(Appointment.Kind.values)}
    rows = held.select_related("position", "person").order_by("pk")
    return min(rows, key=lambda row: rank[row.kind], default=None)


def party(held: Appointment) -> dict[str, str]:
    """Return the first party's name and title as on the day."""
    return {"promiser_name": held.person.name, "promiser_title": held_title(held.kind, held.position.title)}


def reasons_not_to_draft(held: Appointment | None, cards: list[Card], entry: PartyEntry, year: int) -> list[Reason]:
    """Check who promises, what, to whom."""
    reasons = []
    if held is None:
        text = "Belum ada pejabat Kepala pada hari ini."
        reasons.append(Reason("no_head", text, "Minta admin menetapkan pejabatnya."))
    if not cards:
        text = f"Belum ada kartu IKU tahun {year} yang aktif."
        reasons.append(Reason("no_iku", text, "Tandai indikator sebagai IKU, lalu aktifkan kartunya."))
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
