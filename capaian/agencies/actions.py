"""What is done to agencies; all other actions of this room are named here too."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from capaian.agencies.administration import administered, founding_actor, note
from capaian.agencies.calendar_actions import (
    drop_work_hours,
    put_ramadan_dates,
    put_work_day,
    put_work_hours,
    remove_ramadan_dates,
    remove_work_day,
    seed_national_calendar,
)
from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
from capaian.agencies.models import Agency, Person, Position, Region, RoleKey
from capaian.agencies.people_actions import (
    add_person,
    change_password,
    change_person,
    code_signs,
    create_person,
    deactivate_person,
    issue_reset_code,
    new_code,
    put_code,
    remove_sample_people,
    set_password_with_code,
)
from capaian.agencies.people_rules import reasons_about_person
from capaian.agencies.queries import today
from capaian.agencies.rules import (
    is_founder,
    reasons_about_agency,
    reasons_about_region,
    reasons_not_to_administer,
)
from capaian.agencies.unit_actions import (
    add_position,
    appoint,
    change_position,
    change_unit,
    close_position,
    create_position,
    create_unit,
    end_appointment,
    end_unit,
)
from capaian.journal.actor import Actor
from capaian.journal.reason import Forbidden, refuse_if
from capaian.journal.verbs import Verb

__all__ = [
    "appoint",
    "change_agency",
    "change_password",
    "change_person",
    "change_position",
    "change_unit",
    "close_position",
    "create_person",
    "create_position",
    "create_unit",
    "deactivate_person",
    "drop_work_hours",
    "end_appointment",
    "end_unit",
    "founding_actor",
    "issue_reset_code",
    "put_ramadan_dates",
    "put_work_day",
    "put_work_hours",
    "remove_ramadan_dates",
    "remove_sample_people",
    "remove_work_day",
    "seed_national_calendar",
    "set_password_with_code",
    "start_agency",
]


def start_agency(
    *,
    region: Region | RegionEntry,
    entry: AgencyEntry,
    admin: PersonEntry,
    by: Actor,
    is_sample: bool = False,
    admin_password_hash: str = "",
    since: date | None = None,
) -> tuple[Agency, Person, str]:
    """Start an agency with its first admin; return both and the admin's one-time code.

    The code is empty when `admin_password_hash` is given (sample). The agency begins with three positions: its
    head, Tim SAKIP, and the admin, who is appointed from today (`since`). Raises Refused; Forbidden for all but admins.
    """
    code = "" if admin_password_hash else new_code()
    hashed = make_password(code_signs(code)) if code else ""
    with transaction.atomic():
        _refuse_strangers(by)
        known = region if isinstance(region, Region) else None
        reasons = [] if isinstance(region, Region) else reasons_about_region(region)
        refuse_if(reasons + reasons_about_agency(entry, known) + reasons_about_person(admin))
        agency = Agency(region=_region_row(region), is_sample=is_sample, **vars(entry))
        agency.save(force_insert=True)
        person = add_person(agency, admin, password_hash=admin_password_hash, is_sample=is_sample)
        _begin_positions(agency, person, since or today(agency))
        if code:
            put_code(person, hashed, by)
        note(agency, by, Verb.STARTED_AGENCY, agency, {"name": agency.name, "admin": person.public_id})
    return agency, person, code


def _refuse_strangers(by: Actor) -> None:
    """Let only the founder and admins of some agency start another one."""
    if is_founder(by):
        return
    if reasons := reasons_not_to_administer(Agency.objects.get(pk=by.agency_id), by):
        raise Forbidden(reasons)


def _region_row(region: Region | RegionEntry) -> Region:
    """Return the region's row, written now when it is new."""
    if isinstance(region, Region):
        return region
    return Region.objects.create(name=region.name, kind=region.kind, time_zone=region.time_zone)


def _begin_positions(agency: Agency, admin: Person, on: date) -> None:
    """Give a new agency the positions that every agency has, and appoint its first admin."""
    add_position(agency, f"Kepala {agency.name}", [RoleKey.HEAD], None)
    add_position(agency, "Tim SAKIP", [RoleKey.TEAM], None)
    seat: Position = add_position(agency, f"Admin {agency.short_name}", [RoleKey.AGENCY_ADMIN], None)
    seat.appointments.create(agency=agency, person=admin, valid_from=on)


def change_agency(*, agency: Agency, entry: AgencyEntry, by: Actor) -> Agency:
    """Change an agency's data, letterhead, number pattern and its setting on approving one's own work."""
    with transaction.atomic():
        agency = administered(agency, by)
        refuse_if(reasons_about_agency(entry, agency.region, other_than=agency))
        before = AgencyEntry.of(agency)
        changed = [name for name in AgencyEntry.__dataclass_fields__ if getattr(before, name) != getattr(entry, name)]
        for name in changed:
            setattr(agency, name, getattr(entry, name))
        agency.save(update_fields=changed or ["name"])
        note(agency, by, Verb.CHANGED_AGENCY, agency, {name: str(getattr(entry, name)) for name in changed})
    return agency
