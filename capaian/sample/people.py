"""The sample agency: Diskominfo Kabupaten Tanjung Jabung Barat with invented people for every role.

Every name is invented; every NIP begins with 0000, which no real one does. The password stands on the log-in page.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from capaian.agencies import actions
from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
from capaian.agencies.models import Agency, Appointment, Person, Position, Region, RoleKey, TimeZone, Unit
from capaian.agencies.people_rules import SAMPLE_PASSWORD
from capaian.journal.actor import Actor

__all__ = ["SAMPLE_PASSWORD", "load_people"]

SINCE = date(2024, 1, 2)
REGION = RegionEntry("Tanjung Jabung Barat", Region.Kind.REGENCY, TimeZone.WIB)
AGENCY = AgencyEntry(
    name="Dinas Komunikasi dan Informatika",
    short_name="DISKOMINFO",
    time_zone=TimeZone.WIB,
    place="Kuala Tungkal",
    main_urusan="2.16",
    letterhead_government="PEMERINTAH KABUPATEN TANJUNG JABUNG BARAT",
    letterhead_address="Jalan Contoh Nomor 1, Kuala Tungkal, Jambi 36500 (alamat contoh)",
    letterhead_contact="Telepon (0742) 000000, surel diskominfo@contoh.example",
)
SECRETARIAT = "Sekretariat"
UNITS = (
    (SECRETARIAT, Unit.Kind.SECRETARIAT),
    ("Bidang Informasi dan Komunikasi Publik", Unit.Kind.DIVISION),
    ("Bidang Aplikasi Informatika", Unit.Kind.DIVISION),
    ("Bidang Statistik dan Persandian", Unit.Kind.DIVISION),
    ("UPTD Layanan Internet Publik (contoh)", Unit.Kind.TECHNICAL_UNIT),
)
IKP, APTIKA, STATISTICS, UPTD = (name for name, _ in UNITS[1:])


@dataclass(frozen=True)
class SamplePerson:
    """A sample person, what is written on papers about them, and the titles of the positions held."""

    username: str
    name: str
    rank: str
    titles: tuple[str, ...]


def nip(ordinal: int) -> str:
    """Return an invented NIP: shaped like a real one, but of somebody born in the year 0000."""
    return f"000001012024011{ordinal:03d}"


HEAD_TITLE = f"Kepala {AGENCY.name}"
TEAM_TITLE = "Tim SAKIP"
TEAM_SECRETARY_TITLE = "Sekretaris Tim SAKIP"
PLANNING_TITLE = "Kasubbag Perencanaan"
# Sub-sections of the Sekretariat are positions, not units: they supply their data together
MORE_POSITIONS = (
    (TEAM_SECRETARY_TITLE, None, (RoleKey.TEAM,)),
    ("Kasubbag Umum dan Kepegawaian", SECRETARIAT, (RoleKey.STAFF,)),
    ("Kasubbag Keuangan", SECRETARIAT, (RoleKey.STAFF,)),
)
PEOPLE = (
    SamplePerson("kepala", "Drs. H. Rahmat Sentosa, M.Si.", "Pembina Utama Muda (IV/c)", (HEAD_TITLE,)),
    SamplePerson("sekretaris", "Dra. Hj. Nurlaila Andini, M.M.", "Pembina Tingkat I (IV/b)", ("Sekretaris",)),
    SamplePerson("tim", "Fajar Prasetyo Utomo, S.Kom.", "Penata Muda Tingkat I (III/b)", (TEAM_TITLE,)),
    SamplePerson("tim2", "Maya Oktaviani Putri, S.E.", "Penata Muda (III/a)", (TEAM_TITLE,)),
    SamplePerson(
        "perencanaan",
        "Bagus Wirawan, S.E., M.A.P.",
        "Penata Tingkat I (III/d)",
        (PLANNING_TITLE, TEAM_SECRETARY_TITLE),
    ),
    SamplePerson("umum", "Ratna Kusumastuti, S.Sos.", "Penata (III/c)", ("Kasubbag Umum dan Kepegawaian",)),
    SamplePerson("keuangan", "Hendra Gunadi, S.E.", "Penata (III/c)", ("Kasubbag Keuangan",)),
    SamplePerson("ikp", "Yusniar Harahap, S.Sos., M.I.Kom.", "Pembina (IV/a)", (f"Kepala {IKP}",)),
    SamplePerson("aptika", "Ir. Dedi Kurniawan, M.T.", "Pembina (IV/a)", (f"Kepala {APTIKA}",)),
    SamplePerson("statistik", "Sri Wahyuningsih, S.Si., M.Stat.", "Pembina (IV/a)", (f"Kepala {STATISTICS}",)),
    SamplePerson("uptd", "Andi Syahputra, S.T.", "Penata Tingkat I (III/d)", (f"Kepala {UPTD}",)),
    SamplePerson("staf", "Lestari Handayani, A.Md.", "Pengatur (II/c)", (f"Staf {SECRETARIAT}",)),
    SamplePerson("staf.ikp", "Rizky Ramadhan, S.I.Kom.", "Penata Muda (III/a)", (f"Staf {IKP}",)),
    SamplePerson("staf.aptika", "Nadia Safitri, S.Kom.", "Penata Muda (III/a)", (f"Staf {APTIKA}",)),
    SamplePerson("staf.statistik", "Ilham Maulana, S.Stat.", "Penata Muda (III/a)", (f"Staf {STATISTICS}",)),
    SamplePerson("staf.uptd", "Dewi Anggraini, A.Md.Kom.", "Pengatur (II/c)", (f"Staf {UPTD}",)),
)
ADMIN = PersonEntry("admin", "Surya Adinata, S.Kom.", nip(17), "Penata Muda (III/a)")


def load_people(by: Actor) -> Agency:
    """Make the sample agency with units, positions and people, as the founder `by`; return it.

    Raises Refused when it is there already. The national calendar is filled in as well.
    """
    hashed = make_password(SAMPLE_PASSWORD)
    with transaction.atomic():
        actions.seed_national_calendar(by=by)
        region = Region.objects.filter(name=REGION.name).first() or REGION
        agency, _, _ = actions.start_agency(
            region=region,
            entry=AGENCY,
            admin=ADMIN,
            by=by,
            is_sample=True,
            admin_password_hash=hashed,
            since=SINCE,
        )
        _load_positions(agency, by)
        positions = {position.title: position for position in agency.positions.all()}
        for ordinal, sample in enumerate(PEOPLE, start=1):
            entry = PersonEntry(sample.username, sample.name, nip(ordinal), sample.rank)
            person, _ = actions.create_person(agency=agency, entry=entry, by=by, password_hash=hashed, is_sample=True)
            _appoint(person, [positions[title] for title in sample.titles], by)
    return agency


def _load_positions(agency: Agency, by: Actor) -> None:
    """Make the units with their usual positions, and the other sub-sections of the Sekretariat."""
    for name, kind in UNITS:
        actions.create_unit(agency=agency, name=name, kind=kind, by=by, valid_from=SINCE, with_positions=True)
    secretariat = agency.units.get(name=SECRETARIAT)
    for title, unit_name, roles in MORE_POSITIONS:
        unit = secretariat if unit_name else None
        actions.create_position(agency=agency, title=title, roles=roles, unit=unit, by=by)


def _appoint(person: Person, positions: list[Position], by: Actor) -> None:
    """Appoint a sample person to positions, definitively since the beginning."""
    for position in positions:
        actions.appoint(
            position=position,
            person=person,
            kind=Appointment.Kind.DEFINITIVE,
            valid_from=SINCE,
            decree="SK contoh Nomor 800/001/2024",
            by=by,
        )
