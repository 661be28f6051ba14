"""What a person may act for on a date, computed once per request."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from capaian.agencies.models import Agency, Appointment, Person
from capaian.agencies.rules import in_force
from capaian.journal.actor import Actor

# definitive before acting before daily
RANK = {Appointment.Kind.DEFINITIVE.value: 0, Appointment.Kind.ACTING.value: 1, Appointment.Kind.DAILY.value: 2}


@dataclass(frozen=True)
class Held:
    """A position that a person holds on a date; `title` carries the form: "Plt. Kepala Dinas"."""

    appointment_id: int
    position_id: int
    position_key: str
    title: str
    kind: str
    unit_id: int | None
    roles: frozenset[str]


@dataclass(frozen=True)
class Reach:
    """Who asks, for which agency, on which date, and the positions held then. Nothing held: nothing but the account."""

    person: Person
    agency: Agency
    on: date
    held: tuple[Held, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """All roles of all positions held."""
        return frozenset(role for held in self.held for role in held.roles)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units of the positions held."""
        return frozenset(held.unit_id for held in self.held if held.unit_id is not None)

    def has(self, role: str) -> bool:
        """Tell whether any position held has this role."""
        return any(role in held.roles for held in self.held)

    def units_with(self, role: str) -> frozenset[int]:
        """Return the units for which the person has this role."""
        return frozenset(held.unit_id for held in self.held if held.unit_id is not None and role in held.roles)

    def actor(self, role: str | None = None, unit_id: int | None = None, token: str = "") -> Actor:
        """Return the person acting from the position that fits role and unit best, definitive before acting.

        Without any position the actor has none; whether that suffices is the rules' question.
        """
        best = min(
            self.held,
            key=lambda held: (
                role is not None and role not in held.roles,
                unit_id is not None and held.unit_id != unit_id,
                RANK[held.kind],
            ),
            default=None,
        )
        return Actor(
            person_id=self.person.pk,
            person_key=self.person.public_id,
            name=self.person.name,
            agency_id=self.agency.pk,
            agency_key=self.agency.public_id,
            position_id=best.position_id if best else None,
            position_key=best.position_key if best else "",
            title=best.title if best else "",
            token=token,
        )


def today(agency: Agency) -> date:
    """Return the date in the agency's time zone."""
    return local_date(agency, timezone.now())


def local_date(agency: Agency, moment: datetime) -> date:
    """Return the date that an aware moment has in the agency's time zone."""
    return moment.astimezone(ZoneInfo(agency.time_zone)).date()


def held_title(kind: str, title: str) -> str:
    """Return a position's title with the form in which it is held: "Plh. Sekretaris"."""
    return title if kind == Appointment.Kind.DEFINITIVE else f"{Appointment.Kind(kind).label} {title}"


def reach(person: Person, on: date) -> Reach:
    """Return what a person may act for on a date, in one query (two when the agency is not loaded)."""
    return Reach(person, person.agency, on, _held(person, on) if person.is_active else ())


def _held(person: Person, on: date) -> tuple[Held, ...]:
    """Return the positions held, one left join of appointments with the roles of their positions."""
    rows = (
        Appointment.objects.filter(in_force(on), person=person, agency_id=person.agency_id)
        .filter(Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=on))
        .order_by("valid_from", "pk")
        .values_list(
            "pk",
            "position_id",
            "position__public_id",
            "position__title",
            "kind",
            "position__unit_id",
            "position__roles__role",
        )
    )
    roles: dict[int, set[str]] = defaultdict(set)
    first: dict[int, tuple[int, str, str, str, int | None]] = {}
    for pk, position_id, key, title, kind, unit_id, role in rows:
        first.setdefault(pk, (position_id, key, title, kind, unit_id))
        roles[pk] |= {role} if role else set()
    return tuple(
        Held(pk, position_id, key, held_title(kind, title), kind, unit_id, frozenset(roles[pk]))
        for pk, (position_id, key, title, kind, unit_id) in sorted(first.items(), key=lambda item: RANK[item[1][3]])
    )
