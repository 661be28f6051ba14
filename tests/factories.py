"""Agencies for tests, made through the actions like real ones: every role filled, a canary word in every name."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password

from capaian.agencies import actions
from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
from capaian.agencies.models import Agency, Appointment, Person, Position, Region, RoleKey, TimeZone, Unit
from capaian.agencies.queries import Reach, reach
from capaian.journal.actor import Actor

PASSWORD = "tiga kata kuda"
SINCE = date(2024, 1, 2)


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD; one slow hash serves the whole test run."""
    return make_password(PASSWORD)


@dataclass
class World:
    """An agency with units and a person for every role; people by short names: `world.people["head"]`."""

    agency: Agency
    admin: Actor
    units: dict[str, Unit] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def reach(self, who: str, on: date | None = None) -> Reach:
        """Return what one of the people may act for."""
        return reach(self.people[who], on or date(2026, 6, 1))

    def actor(self, who: str, role: str | None = None, unit: str | None = None, token: str = "") -> Actor:
        """Return one of the people acting, from the position that fits best."""
        unit_id = self.units[unit].pk if unit else None
        return self.reach(who).actor(role=role, unit_id=unit_id, token=token)

    def person(self, who: str) -> Person:
        """Add a person without any position."""
        name = f"{who.title()} {self.agency.short_name}"
        entry = PersonEntry(f"{who}.{self.agency.short_name.lower()}", name)
        self.people[who], _ = actions.create_person(
            agency=self.agency, entry=entry, by=self.admin, password_hash=password_hash()
        )
        return self.people[who]

    def appoint(self, who: str, position: Position, **how: object) -> Appointment:
        """Appoint one of the people; definitive since 2024 unless `how` says otherwise."""
        person = self.people.get(who) or self.person(who)
        details: dict[str, object] = {"kind": Appointment.Kind.DEFINITIVE, "valid_from": SINCE} | how
        return actions.appoint(position=position, person=person, by=self.admin, **details)  # type: ignore[arg-type]


def make_agency(name: str, *, region: str = "Uji", time_zone: str = TimeZone.WIB, units: int = 3) -> World:
    """Make an agency called `name` (one word: it is the canary in every name) with people for every role.

    Units: "secretariat", "ikp", "aptika", … (`units` of them altogether, at most five). People: head, secretary,
    team, team2, planner (submits for the Sekretariat), one head and one member of staff per further unit
    ("ikp", "ikp.staff"), staff, admin.
    """
    known = Region.objects.filter(name=region).first()
    agency, first, _ = actions.start_agency(
        region=known or RegionEntry(region, time_zone=time_zone),
        entry=AgencyEntry(f"Dinas {name}", name.upper(), time_zone=time_zone, place=f"Kota {name}"),
        admin=PersonEntry(f"admin.{name.lower()}", f"Admin {name}"),
        by=actions.founding_actor(),
        admin_password_hash=password_hash(),
        since=SINCE,
    )
    world = World(agency, reach(first, date(2026, 6, 1)).actor(role=RoleKey.AGENCY_ADMIN))
    world.people["admin"] = first
    _fill_units(world, name, units)
    by_role = {row.roles.get().role: row for row in agency.positions.filter(unit=None).prefetch_related("roles")}
    world.positions |= {"head": by_role["head"], "team": by_role["team"], "admin": by_role["agency_admin"]}
    for who, position in (("head", "head"), ("team", "team"), ("team2", "team"), ("secretary", "secretary")):
        world.appoint(who, world.positions[position])
    world.appoint("planner", world.positions["planner"])
    return world


def _fill_units(world: World, name: str, count: int) -> None:
    """Add the units with their usual positions and people."""
    kinds = [("secretariat", Unit.Kind.SECRETARIAT)]
    kinds += [(key, Unit.Kind.DIVISION) for key in ("ikp", "aptika", "statistik", "uptd")]
    for key, kind in kinds[:count]:
        unit = actions.create_unit(
            agency=world.agency,
            name=f"{key.title()} {name}",
            kind=kind,
            by=world.admin,
            valid_from=SINCE,
            with_positions=True,
        )
        world.units[key] = unit
        for position in unit.positions.prefetch_related("roles"):
            roles = {row.role for row in position.roles.all()}
            if RoleKey.STAFF in roles:
                who = "staff" if kind == Unit.Kind.SECRETARIAT else f"{key}.staff"
            elif kind == Unit.Kind.SECRETARIAT:
                who = "secretary" if RoleKey.SECRETARY in roles else "planner"
            else:
                who = key
            world.positions[who] = position
            if who not in ("secretary", "planner"):
                world.appoint(who, position)
