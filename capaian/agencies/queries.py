"""Reads of one agency, always by date and for a `Reach`."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When

from capaian.agencies.calendar_queries import calendar_of
from capaian.agencies.models import Agency, Appointment, Person, Position, PositionRole, Region, RoleKey, Unit
from capaian.agencies.reach import Held, Reach, held_title, local_date, reach, today
from capaian.agencies.rules import FOUNDER_KEY, in_force
from capaian.journal.prepared import PreparedMany
from capaian.journal.queries import history
from capaian.journal.reason import Reason
from capaian.journal.verbs import Verb

__all__ = [
    "PEOPLE",
    "UNITS",
    "Held",
    "Reach",
    "SampleAccount",
    "Told",
    "appointments",
    "appointments_of",
    "calendar_of",
    "gaps",
    "held_title",
    "holders",
    "local_date",
    "open_units",
    "people",
    "positions",
    "reach",
    "regions",
    "sample_accounts",
    "today",
    "told",
    "units",
]

#: People and units by row number: for pages that name many of them.
PEOPLE = PreparedMany(lambda numbers: Person.objects.filter(pk__in=numbers))
UNITS = PreparedMany(lambda numbers: Unit.objects.filter(pk__in=numbers))


def holders(agency: Agency, role: str, on: date, unit_id: int | None = None) -> list[Person]:
    """Return the active people who have a role in an agency (in one unit) on a date, by name."""
    held = Appointment.objects.filter(in_force(on), agency=agency, position__roles__role=role)
    held = held.filter(Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=on))
    if unit_id is not None:
        held = held.filter(position__unit_id=unit_id)
    return list(Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name"))


def regions(_reach: Reach) -> QuerySet[Region]:
    """Return every regional government: names that are public anyway."""
    return Region.objects.order_by("name")


# as on an organisation chart
UNIT_ORDER = {
    kind.value: place
    for place, kind in enumerate((Unit.Kind.SECRETARIAT, Unit.Kind.DIVISION, Unit.Kind.TECHNICAL_UNIT, Unit.Kind.OTHER))
}


def unit_place(prefix: str = "") -> Case:
    """Return the order of a unit's kind in SQL; no unit comes first."""
    whens = [When(**{f"{prefix}kind": kind, "then": Value(place)}) for kind, place in UNIT_ORDER.items()]
    return Case(*whens, default=Value(-1))


def units(of: Reach) -> QuerySet[Unit]:
    """Return the units of the agency: those in force first, then by name."""
    return of.agency.units.select_related("parent").order_by(F("valid_to").asc(nulls_first=True), unit_place(), "name")


def open_units(of: Reach) -> QuerySet[Unit]:
    """Return the units that have no end."""
    return of.agency.units.filter(valid_to__isnull=True).order_by(unit_place(), "name")


def people(of: Reach, search: str = "") -> QuerySet[Person]:
    """Return the agency's people with what they hold on that date, active first, by name."""
    found = of.agency.people.order_by("-is_active", "name").prefetch_related(
        Prefetch(
            "appointments",
            Appointment.objects.filter(in_force(of.on)).select_related("position").order_by("valid_from"),
            to_attr="held_now",
        )
    )
    for word in search.split():
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word) | Q(nip__contains=word))
    return found


def positions(of: Reach) -> QuerySet[Position]:
    """Return the agency's positions with roles, unit and who holds them on that date or will."""
    current = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=of.on))
    return (
        of.agency.positions.select_related("unit")
        .prefetch_related(
            Prefetch("roles", PositionRole.objects.order_by("pk")),
            Prefetch("appointments", current.select_related("person").order_by("valid_from"), to_attr="held_now"),
        )
        .order_by(F("closed_on").asc(nulls_first=True), unit_place("unit__"), "unit__name", "pk")
    )


def appointments(of: Reach, position: Position) -> QuerySet[Appointment]:
    """Return who held a position, newest first."""
    return position.appointments.filter(agency=of.agency).select_related("person").order_by("-valid_from", "-pk")


def appointments_of(of: Reach) -> QuerySet[Appointment]:
    """Return what the person of this reach holds, will hold and has held, newest first."""
    return of.person.appointments.select_related("position", "position__unit").order_by("-valid_from", "-pk")


def gaps(of: Reach) -> list[Reason]:
    """Return what an agency still lacks before its SOPs can run: roles without a holder, units without a submitter."""
    rows = Appointment.objects.filter(
        in_force(of.on), agency=of.agency, person__is_active=True, position__closed_on__isnull=True
    ).values_list("position__roles__role", "position__unit_id")
    held = set(rows)
    roles = {role for role, _ in held}
    missing = [
        Reason(f"no_{role.value}", f"Belum ada {role.label} yang menjabat.", "Tetapkan pejabatnya.")
        for role in (RoleKey.HEAD, RoleKey.SECRETARY, RoleKey.TEAM)
        if role.value not in roles
    ]
    supplying = list(open_units(of).filter(supplies_data=True))
    if not supplying:
        missing.append(Reason("no_unit", "Belum ada unit yang menyampaikan data.", "Tambahkan unit."))
    return missing + [
        Reason("no_submitter", f"{unit.name} belum mempunyai penyampai data.", "Tetapkan pejabatnya.")
        for unit in supplying
        if (RoleKey.SUBMITTER.value, unit.pk) not in held
    ]


@dataclass(frozen=True)
class Told:
    """A line of a thing's history: who did what, when; what else histories of work tell is left empty."""

    at: datetime
    who: str
    title: str
    verb: str
    target: str = ""
    note: str = ""
    tone: str = "neutral"


def told(of: Reach, public_id: str) -> list[Told]:
    """Return what the agency's journal tells of a unit, person, position or the agency, newest first; three queries."""
    entries = list(history(of.agency.public_id, public_id).reverse())
    people = dict(Person.objects.filter(public_id__in={row.person for row in entries}).values_list("public_id", "name"))
    seats = dict(
        Position.objects.filter(public_id__in={row.position for row in entries}).values_list("public_id", "title")
    )
    people[FOUNDER_KEY] = "Pemasang"
    return [
        Told(row.at, people.get(row.person, "(akun lain)"), seats.get(row.position, ""), Verb(row.verb).label)
        for row in entries
    ]


@dataclass(frozen=True)
class SampleAccount:
    """A sample person as the log-in page shows it."""

    username: str
    nip: str
    name: str
    titles: tuple[str, ...]


def sample_accounts() -> list[SampleAccount]:
    """Return the active sample people with their titles of today, admins last; empty when they were removed."""
    admins = Exists(
        PositionRole.objects.filter(position__appointments__person=OuterRef("pk"), role=RoleKey.AGENCY_ADMIN)
    )
    people = Person.objects.filter(is_sample=True, is_active=True).select_related("agency").order_by(admins, "pk")
    first = people.first()
    if first is None:
        return []
    held = Appointment.objects.filter(in_force(today(first.agency))).select_related("position").order_by("pk")
    found = people.prefetch_related(Prefetch("appointments", held, to_attr="held_now"))
    return [
        SampleAccount(
            person.username,
            person.nip or "",
            person.name,
            tuple(held_title(held.kind, held.position.title) for held in getattr(person, "held_now", ())),
        )
        for person in found
    ]
