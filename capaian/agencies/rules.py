"""May this happen to an agency, its units and positions, and if not, why not."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet

from capaian.agencies.entries import AgencyEntry, RegionEntry
from capaian.agencies.models import Agency, Appointment, Person, Position, PositionRole, Region, RoleKey, TimeZone, Unit
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason

SINGLE_SEAT = frozenset({RoleKey.HEAD.value, RoleKey.SECRETARY.value})
OF_A_UNIT = frozenset({RoleKey.UNIT_HEAD.value, RoleKey.SUBMITTER.value})
AGENCY_ROLES = (
    RoleKey.HEAD,
    RoleKey.SECRETARY,
    RoleKey.TEAM,
    RoleKey.UNIT_HEAD,
    RoleKey.SUBMITTER,
    RoleKey.STAFF,
    RoleKey.AGENCY_ADMIN,
)
NUMBER_TOKENS = {
    "klas": "kode klasifikasi arsip",
    "kode": "kode jenis naskah",
    "urut": "nomor urut",
    "instansi": "singkatan perangkat daerah",
    "bulan": "bulan (angka Romawi)",
    "tahun": "tahun",
}
NEEDED_TOKENS = ("kode", "urut", "tahun")
NUMBER_TOKEN = re.compile(r"\{([^{}]*)\}")
ACTING_MONTHS = 3
FOUNDER_KEY = "pemasang"
URUSAN = re.compile(r"\d\.\d{2}")


def written(day: date) -> str:
    """Write a date as people here do: 31-12-2026."""
    return f"{day:%d-%m-%Y}"


def number(row: Model | None) -> int:
    """Return a row's number, 0 for none: what `exclude` needs to leave out "the row itself, if there is one"."""
    return 0 if row is None else int(row.pk)


def is_founder(by: Actor) -> bool:
    """Tell whether the installation itself acts, which has no person: only the command line can."""
    return by.person_id == 0 and by.person_key == FOUNDER_KEY


def in_force(on: date) -> Q:
    """Return the condition of appointments (or units) whose days include `on`."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def reasons_not_to_administer(agency: Agency, by: Actor) -> list[Reason]:
    """Only an admin of that very agency changes its data; the founder may too."""
    if is_founder(by):
        return []
    mine = PositionRole.objects.filter(role=RoleKey.AGENCY_ADMIN, position__agency=agency)
    if by.agency_id == agency.pk and by.position_id is not None and mine.filter(position_id=by.position_id).exists():
        return []
    return [
        Reason(
            "not_admin",
            "Data perangkat daerah hanya dapat diubah oleh adminnya.",
            "Minta admin perangkat daerah Anda melakukannya.",
        )
    ]


def reasons_about_agency(entry: AgencyEntry, region: Region | None, other_than: Agency | None = None) -> list[Reason]:
    """Check the data of an agency, new or changed."""
    reasons = []
    same = Agency.objects.filter(region=region, name__iexact=entry.name).exclude(pk=number(other_than))
    if not entry.name or not entry.short_name:
        field = "short_name" if entry.name else "name"
        reasons.append(Reason("agency_name_empty", "Nama dan singkatan perangkat daerah wajib diisi.", field=field))
    elif region is not None and same.exists():
        text = f"Perangkat daerah “{entry.name}” sudah ada di {region}."
        reasons.append(Reason("agency_name_taken", text, "Gunakan nama lain atau periksa daftarnya.", "name"))
    if entry.time_zone not in TimeZone.values:
        reasons.append(Reason("time_zone_unknown", "Zona waktu harus WIB, WITA, atau WIT.", field="time_zone"))
    if entry.main_urusan and not URUSAN.fullmatch(entry.main_urusan):
        text = "Kode urusan utama terdiri atas satu angka, titik, dan dua angka."
        reasons.append(Reason("urusan_shape", text, "Tulis misalnya 2.16.", "main_urusan"))
    return reasons + reasons_about_number_pattern(entry.number_pattern)


def reasons_about_number_pattern(pattern: str, needed: Sequence[str] = NEEDED_TOKENS) -> list[Reason]:
    """Check that every placeholder is known and that two papers can never get the same number.

    An agency's own pattern names the kind of paper too; writing numbers goes without, as kinds may share a series.
    """
    known = ", ".join(f"{{{token}}}" for token in NUMBER_TOKENS)
    if any(brace in "{}" for brace in NUMBER_TOKEN.sub("", pattern)):
        text = "Kurung kurawal pada pola nomor tidak berpasangan."
        return [Reason("pattern_braces", text, f"Gunakan hanya {known}.", "number_pattern")]
    used = NUMBER_TOKEN.findall(pattern)
    if unknown := [token for token in used if token not in NUMBER_TOKENS]:
        text = f"Pola nomor memuat isian yang tidak dikenal: {{{unknown[0]}}}."
        return [Reason("pattern_unknown", text, f"Gunakan hanya {known}.", "number_pattern")]
    if missing := [token for token in needed if token not in used]:
        text = f"Pola nomor belum memuat {{{missing[0]}}} ({NUMBER_TOKENS[missing[0]]}), sehingga nomor dapat kembar."
        return [Reason("pattern_incomplete", text, f"Tambahkan {{{missing[0]}}}.", "number_pattern")]
    return []


def reasons_about_region(entry: RegionEntry) -> list[Reason]:
    """Check a region that is not known yet."""
    if not entry.name:
        return [Reason("region_empty", "Pilih pemerintah daerah atau tulis nama yang baru.", field="region_name")]
    if Region.objects.filter(name__iexact=entry.name).exists():
        text = f"Pemerintah daerah “{entry.name}” sudah terdaftar."
        return [Reason("region_taken", text, "Pilih dari daftar.", "region_name")]
    return []


def reasons_about_unit(agency: Agency, name: str, valid_from: date, other_than: Unit | None = None) -> list[Reason]:
    """Check a unit's name: given, and not that of another unit in force or begun on the same day."""
    if not name:
        return [Reason("unit_name_empty", "Nama unit wajib diisi.", field="name")]
    same = Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_from=valid_from), agency=agency, name__iexact=name)
    if same.exclude(pk=number(other_than)).exists():
        text = f"Unit “{name}” sudah ada."
        return [Reason("unit_name_taken", text, "Gunakan nama lain atau ubah unit yang ada.", "name")]
    return []


def reasons_about_parent(agency: Agency, parent: Unit | None, unit: Unit | None = None) -> list[Reason]:
    """Check the unit above: of the same agency and not the unit itself or one below it."""
    if parent is None:
        return []
    if parent.agency_id != agency.pk:
        return [Reason("parent_foreign", "Unit induk tidak ditemukan.", "Pilih dari daftar unit.", "parent")]
    above: Unit | None = parent
    while above is not None:
        if unit is not None and above.pk == unit.pk:
            text = "Sebuah unit tidak dapat menjadi bawahan dirinya sendiri."
            return [Reason("parent_loop", text, "Pilih unit induk lain.", "parent")]
        above = above.parent
    return []


def reasons_not_to_end_unit(unit: Unit, last_day: date) -> list[Reason]:
    """A unit ends once, not before it began, and only when it has no open position and no unit below it."""
    if unit.valid_to is not None:
        text = f"Unit “{unit.name}” sudah diakhiri per {written(unit.valid_to)}."
        return [Reason("unit_ended", text)]
    reasons = []
    if last_day < unit.valid_from:
        text = f"Hari terakhir tidak boleh sebelum unit mulai ({written(unit.valid_from)})."
        reasons.append(Reason("ends_before_start", text, "Perbaiki tanggalnya.", "last_day"))
    if open_positions := list(unit.positions.filter(closed_on__isnull=True).order_by("title")):
        titles = ", ".join(position.title for position in open_positions)
        text = f"Unit “{unit.name}” masih mempunyai jabatan: {titles}."
        next_step = "Akhiri pejabatnya lalu tutup jabatan itu, atau pindahkan jabatannya ke unit lain."
        reasons.append(Reason("unit_has_positions", text, next_step))
    if below := list(unit.children.filter(valid_to__isnull=True).order_by("name")):
        text = f"Masih ada unit di bawahnya: {', '.join(child.name for child in below)}."
        reasons.append(Reason("unit_has_children", text, "Pindahkan atau akhiri unit itu lebih dahulu."))
    return reasons


def reasons_about_position(
    agency: Agency, title: str, roles: Collection[str], unit: Unit | None, other_than: Position | None = None
) -> list[Reason]:
    """Check a position's title, its roles (closed list) and its unit."""
    mine = Position.objects.filter(agency=agency).exclude(pk=number(other_than))
    reasons = []
    if not title:
        reasons.append(Reason("title_empty", "Nama jabatan wajib diisi.", field="title"))
    elif mine.filter(title__iexact=title).exists():
        text = f"Jabatan “{title}” sudah ada."
        reasons.append(Reason("title_taken", text, "Gunakan nama lain atau ubah jabatan yang ada.", "title"))
    if unit is not None and (unit.agency_id != agency.pk or unit.valid_to is not None):
        reasons.append(Reason("unit_foreign", "Unit tidak ditemukan.", "Pilih unit yang masih berlaku.", "unit"))
    return reasons + _reasons_about_roles(agency, set(roles), unit, mine)


def _reasons_about_roles(
    agency: Agency, roles: set[str], unit: Unit | None, others: QuerySet[Position]
) -> list[Reason]:
    """Check the roles of one position against the closed list, its unit and the agency's other positions."""
    reasons = []
    if not roles:
        reasons.append(Reason("role_missing", "Pilih paling sedikit satu peran.", field="roles"))
    if roles - {role.value for role in AGENCY_ROLES}:
        reasons.append(Reason("role_unknown", "Peran itu tidak dikenal.", "Pilih dari daftar peran.", "roles"))
    if roles & OF_A_UNIT and unit is None:
        text = "Kepala unit dan penyampai data bertugas untuk sebuah unit."
        reasons.append(Reason("role_needs_unit", text, "Pilih unitnya.", "unit"))
    if {RoleKey.SECRETARY, RoleKey.SUBMITTER} <= roles and not agency.self_approval_allowed:
        text = "Sekretaris memutuskan hasil rekapitulasi, jadi tidak boleh sekaligus menyampaikan data."
        next_step = "Berikan peran penyampai data kepada jabatan lain, misalnya Kasubbag Perencanaan."
        reasons.append(Reason("decides_own_data", text, next_step, "roles"))
    for role in sorted(roles & SINGLE_SEAT):
        if other := others.filter(roles__role=role, closed_on__isnull=True).first():
            text = f"Peran {RoleKey(role).label} sudah ada pada jabatan “{other.title}”."
            reasons.append(Reason("seat_taken", text, "Ubah atau tutup jabatan itu lebih dahulu.", "roles"))
    return reasons


def reasons_not_to_close_position(position: Position, on: date) -> list[Reason]:
    """A position closes once and only when nobody holds it any more."""
    if position.closed_on is not None:
        return [Reason("position_closed", f"Jabatan ini sudah ditutup per {written(position.closed_on)}.")]
    still = position.appointments.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).select_related("person")
    if names := [held.person.name for held in still]:
        text = f"Jabatan “{position.title}” masih dipegang oleh {', '.join(names)}."
        return [Reason("position_held", text, "Akhiri penetapannya lebih dahulu.")]
    return []


def lasting_admins(agency: Agency, on: date) -> QuerySet[Appointment]:
    """Return the appointments that keep the agency administered: in force, without an end, of active people."""
    return Appointment.objects.filter(
        Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=on),
        agency=agency,
        valid_from__lte=on,
        valid_to__isnull=True,
        person__is_active=True,
        position__roles__role=RoleKey.AGENCY_ADMIN,
    )


def reasons_not_to_lose_admin(agency: Agency, on: date, losing: QuerySet[Appointment]) -> list[Reason]:
    """Refuse what would leave an agency without a lasting admin: `losing` are the appointments that fall away."""
    mine = lasting_admins(agency, on)
    if not mine.filter(pk__in=losing.values("pk")).exists() or mine.exclude(pk__in=losing.values("pk")).exists():
        return []
    text = "Perangkat daerah ini akan kehilangan admin terakhirnya."
    return [Reason("last_admin", text, "Tetapkan admin lain tanpa tanggal akhir lebih dahulu.")]


def reasons_not_to_appoint(
    position: Position, person: Person, kind: str, valid_from: date, valid_to: date | None
) -> list[Reason]:
    """Check an appointment: same agency, active, dates in order, Plt./Plh. with an end, one at a time on one seat."""
    if person.agency_id != position.agency_id:
        return [Reason("person_foreign", "Pegawai tidak ditemukan.", "Pilih dari daftar pegawai.", "person")]
    reasons = []
    if not person.is_active:
        text = f"Akun {person.name} tidak aktif."
        reasons.append(Reason("person_inactive", text, "Pilih pegawai yang aktif.", "person"))
    if position.closed_on is not None:
        reasons.append(Reason("position_closed", f"Jabatan ini sudah ditutup per {written(position.closed_on)}."))
    if kind not in Appointment.Kind.values:
        reasons.append(Reason("kind_unknown", "Pilih Definitif, Plt., atau Plh.", field="kind"))
    elif kind != Appointment.Kind.DEFINITIVE and valid_to is None:
        text = f"{Appointment.Kind(kind).label} selalu mempunyai tanggal akhir."
        reasons.append(Reason("acting_needs_end", text, "Isi hari terakhirnya menurut surat perintah.", "valid_to"))
    if valid_to is not None and valid_to < valid_from:
        text = f"Hari terakhir tidak boleh sebelum hari mulai ({written(valid_from)})."
        reasons.append(Reason("ends_before_start", text, "Perbaiki tanggalnya.", "valid_to"))
    return reasons or _reasons_of_overlap(position, person, kind, valid_from, valid_to)


def _reasons_of_overlap(
    position: Position, person: Person, kind: str, valid_from: date, valid_to: date | None
) -> list[Reason]:
    """Nobody holds a position twice at once; on a single seat there is one of each kind at a time."""
    overlapping = position.appointments.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    if twice := overlapping.filter(person=person).first():
        text = f"{person.name} sudah memegang jabatan ini sejak {written(twice.valid_from)}."
        return [Reason("held_twice", text, "Akhiri penetapan itu lebih dahulu.", "person")]
    single = position.roles.filter(role__in=SINGLE_SEAT).exists()
    if single and (other := overlapping.filter(kind=kind).select_related("person").first()):
        until = f" sampai {written(other.valid_to)}" if other.valid_to else ""
        label = Appointment.Kind(kind).label
        text = f"Pada tanggal itu sudah ada pejabat {label}: {other.person.name}{until}."
        return [Reason("seat_held", text, "Akhiri penetapan itu lebih dahulu atau ubah tanggalnya.", "valid_from")]
    return []


def advice_on_appointment(kind: str, valid_from: date, valid_to: date | None) -> list[Reason]:
    """Return what to think of, without refusing: Plt. lasts at most three months and is renewed once."""
    if kind == Appointment.Kind.ACTING and valid_to and valid_to >= months_later(valid_from, ACTING_MONTHS):
        text = "Plt. lazimnya paling lama tiga bulan dan dapat diperpanjang satu kali."
        return [Reason("acting_long", text, "Pastikan surat perintahnya menyebut tanggal ini.", "valid_to")]
    return []


def months_later(day: date, months: int) -> date:
    """Return the same day of the month that many months later, or that month's last day."""
    count = day.year * 12 + day.month - 1 + months
    first_after = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return date(count // 12, count % 12 + 1, min(day.day, (first_after - timedelta(days=1)).day))


def reasons_not_to_end_appointment(appointment: Appointment, last_day: date, on: date) -> list[Reason]:
    """An appointment ends once, not before it began, and never takes the agency's last admin away."""
    if appointment.valid_to is not None and appointment.valid_to < on:
        text = f"Penetapan ini sudah berakhir pada {written(appointment.valid_to)}."
        return [Reason("appointment_ended", text)]
    if appointment.valid_from <= on and last_day < appointment.valid_from:
        text = f"Hari terakhir tidak boleh sebelum hari mulai ({written(appointment.valid_from)})."
        return [Reason("ends_before_start", text, "Perbaiki tanggalnya.", "last_day")]
    if appointment.valid_to is not None and last_day > appointment.valid_to:
        text = f"Penetapan ini sudah berakhir lebih awal, yaitu {written(appointment.valid_to)}."
        return [Reason("ends_later", text, "Untuk memperpanjang, tetapkan pejabat kembali.", "last_day")]
    return reasons_not_to_lose_admin(appointment.agency, on, Appointment.objects.filter(pk=appointment.pk))
