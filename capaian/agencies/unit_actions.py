"""What is done to units, positions and the people who hold them."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from capaian.agencies.administration import administered, note
from capaian.agencies.models import Agency, Appointment, Person, Position, PositionRole, RoleKey, Unit
from capaian.agencies.queries import today
from capaian.agencies.rules import (
    reasons_about_parent,
    reasons_about_position,
    reasons_about_unit,
    reasons_not_to_appoint,
    reasons_not_to_close_position,
    reasons_not_to_end_appointment,
    reasons_not_to_end_unit,
    reasons_not_to_lose_admin,
)
from capaian.journal.actor import Actor
from capaian.journal.reason import refuse_if
from capaian.journal.verbs import Verb


def create_unit(
    *,
    agency: Agency,
    name: str,
    kind: str,
    by: Actor,
    valid_from: date | None = None,
    parent: Unit | None = None,
    supplies_data: bool = True,
    with_positions: bool = False,
) -> Unit:
    """Add a unit, from today unless said otherwise; `with_positions` also makes its usual positions. Raises Refused."""
    with transaction.atomic():
        agency = administered(agency, by)
        begins = valid_from or today(agency)
        refuse_if(reasons_about_unit(agency, name, begins) + reasons_about_parent(agency, parent))
        unit = Unit.objects.create(
            agency=agency,
            name=name,
            kind=kind,
            parent=parent,
            supplies_data=supplies_data,
            valid_from=begins,
        )
        made = _usual_positions(agency, unit) if with_positions else []
        note(agency, by, Verb.CREATED_UNIT, unit, {"name": name, "positions": [position.title for position in made]})
    return unit


def _usual_positions(agency: Agency, unit: Unit) -> list[Position]:
    """Make a unit's usual positions, leaving out those that the agency has already.

    The head of a unit submits its data. The Sekretaris decides on them (step A10), so in the Sekretariat the
    Kasubbag Perencanaan submits.
    """
    wanted: list[tuple[str, list[str]]]
    if unit.kind == Unit.Kind.SECRETARIAT:
        secretary = [RoleKey.SECRETARY, RoleKey.UNIT_HEAD]
        wanted = [("Sekretaris", list(secretary)), ("Kasubbag Perencanaan", [RoleKey.SUBMITTER])]
    else:
        wanted = [(f"Kepala {unit.name}", [RoleKey.UNIT_HEAD, RoleKey.SUBMITTER])]
    wanted.append((f"Staf {unit.name}", [RoleKey.STAFF]))
    return [
        add_position(agency, title, roles, unit)
        for title, roles in wanted
        if not reasons_about_position(agency, title, roles, unit)
    ]


def change_unit(
    *, unit: Unit, name: str, kind: str, by: Actor, parent: Unit | None = None, supplies_data: bool = True
) -> Unit:
    """Change a unit's name, kind, place or whether it supplies data. Raises Refused."""
    with transaction.atomic():
        agency = administered(unit.agency, by)
        refuse_if(reasons_about_unit(agency, name, unit.valid_from, unit) + reasons_about_parent(agency, parent, unit))
        before = {"name": unit.name, "kind": unit.kind, "supplies_data": unit.supplies_data}
        unit.name, unit.kind, unit.parent, unit.supplies_data = name, kind, parent, supplies_data
        unit.save(update_fields=["name", "kind", "parent", "supplies_data"])
        after = {"name": name, "kind": kind, "supplies_data": supplies_data}
        note(agency, by, Verb.CHANGED_UNIT, unit, {"before": before, "after": after})
    return unit


def end_unit(*, unit: Unit, last_day: date, by: Actor) -> Unit:
    """End a unit; it stays in everything it took part in. Raises Refused."""
    with transaction.atomic():
        agency = administered(unit.agency, by)
        unit = Unit.objects.get(pk=unit.pk)
        refuse_if(reasons_not_to_end_unit(unit, last_day))
        unit.valid_to = last_day
        unit.save(update_fields=["valid_to"])
        note(agency, by, Verb.ENDED_UNIT, unit, {"last_day": last_day.isoformat()})
    return unit


def create_position(
    *, agency: Agency, title: str, roles: Collection[str], by: Actor, unit: Unit | None = None
) -> Position:
    """Add a position with its roles. Raises Refused."""
    with transaction.atomic():
        agency = administered(agency, by)
        refuse_if(reasons_about_position(agency, title, roles, unit))
        position = add_position(agency, title, roles, unit)
        note(agency, by, Verb.CREATED_POSITION, position, {"title": title, "roles": sorted(roles)})
    return position


def add_position(agency: Agency, title: str, roles: Collection[str], unit: Unit | None) -> Position:
    """Write a position's rows; rules and journal are the caller's."""
    position = Position.objects.create(agency=agency, unit=unit, title=title)
    PositionRole.objects.bulk_create([PositionRole(position=position, role=role) for role in dict.fromkeys(roles)])
    return position


def change_position(
    *, position: Position, title: str, roles: Collection[str], by: Actor, unit: Unit | None = None
) -> Position:
    """Change a position's title, unit or roles; it takes effect at the holders' next request. Raises Refused."""
    with transaction.atomic():
        agency = administered(position.agency, by)
        position = Position.objects.get(pk=position.pk)
        reasons = reasons_about_position(agency, title, roles, unit, other_than=position)
        if RoleKey.AGENCY_ADMIN not in roles:
            losing = Appointment.objects.filter(position=position)
            reasons += reasons_not_to_lose_admin(agency, today(agency), losing)
        refuse_if(reasons)
        before = sorted(position.roles.values_list("role", flat=True))
        position.title, position.unit = title, unit
        position.save(update_fields=["title", "unit"])
        position.roles.exclude(role__in=list(roles)).delete()
        added = [PositionRole(position=position, role=role) for role in dict.fromkeys(roles) if role not in before]
        PositionRole.objects.bulk_create(added)
        payload = {"title": title, "roles_before": before, "roles": sorted(roles)}
        note(agency, by, Verb.CHANGED_POSITION, position, payload)
    return position


def close_position(*, position: Position, by: Actor, on: date | None = None) -> Position:
    """Close a position that nobody holds any more; it stays in the history. Raises Refused."""
    with transaction.atomic():
        agency = administered(position.agency, by)
        position = Position.objects.get(pk=position.pk)
        day = on or today(agency)
        refuse_if(reasons_not_to_close_position(position, day))
        position.closed_on = day
        position.save(update_fields=["closed_on"])
        note(agency, by, Verb.CLOSED_POSITION, position, {"on": day.isoformat()})
    return position


def appoint(
    *,
    position: Position,
    person: Person,
    kind: str,
    valid_from: date,
    by: Actor,
    valid_to: date | None = None,
    decree: str = "",
) -> Appointment:
    """Appoint a person to a position: Definitif, Plt. or Plh., with first and last day in office. Raises Refused."""
    with transaction.atomic():
        agency = administered(position.agency, by)
        position, person = Position.objects.get(pk=position.pk), Person.objects.get(pk=person.pk)
        refuse_if(reasons_not_to_appoint(position, person, kind, valid_from, valid_to))
        appointment = position.appointments.create(
            agency=agency, person=person, kind=kind, decree=decree, valid_from=valid_from, valid_to=valid_to
        )
        payload = {
            "position": position.public_id,
            "person": person.public_id,
            "kind": kind,
            "from": valid_from.isoformat(),
            "to": valid_to.isoformat() if valid_to else "",
            "decree": decree,
        }
        note(agency, by, Verb.APPOINTED, appointment, payload)
    return appointment


def end_appointment(*, appointment: Appointment, last_day: date, by: Actor) -> None:
    """End an appointment with its last day in office; one that has not begun by then is withdrawn. Raises Refused."""
    with transaction.atomic():
        agency = administered(appointment.agency, by)
        appointment = Appointment.objects.select_related("agency").get(pk=appointment.pk)
        refuse_if(reasons_not_to_end_appointment(appointment, last_day, today(agency)))
        withdrawn = last_day < appointment.valid_from
        payload = {
            "position": appointment.position.public_id,
            "person": appointment.person.public_id,
            "last_day": "" if withdrawn else last_day.isoformat(),
        }
        note(agency, by, Verb.ENDED_APPOINTMENT, appointment, payload)
        if withdrawn:
            appointment.delete()
        else:
            appointment.valid_to = last_day
            appointment.save(update_fields=["valid_to"])
