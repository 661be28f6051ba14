"""What is done to working calendars. Agencies change only rows of their own, which overlay the national ones."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from django.db import transaction

from capaian.agencies.administration import administered, note
from capaian.agencies.calendar_queries import SAME_RAMADAN
from capaian.agencies.calendar_rules import reasons_about_hours, reasons_about_ramadan, reasons_about_work_day
from capaian.agencies.calendar_seed import RAMADAN, SEED_YEARS, SeedDay, seed_days
from capaian.agencies.models import Agency, RamadanDates, WorkDay, WorkHours
from capaian.journal.actor import Actor
from capaian.journal.reason import refuse_if
from capaian.journal.verbs import Verb
from capaian.periods.office_hours import DEFAULT_HOURS, parse_spans, spans_text


def put_work_day(
    *, agency: Agency, day: date, kind: str, name: str, by: Actor, decree: str = "", estimated: bool = False
) -> WorkDay:
    """Set what a date is for an agency, over what the nation says of it. Raises Refused."""
    with transaction.atomic():
        agency = administered(agency, by)
        refuse_if(reasons_about_work_day(day, kind, name))
        row, _ = WorkDay.objects.update_or_create(
            agency=agency, date=day, defaults={"kind": kind, "name": name, "decree": decree, "estimated": estimated}
        )
        payload = {"date": day.isoformat(), "kind": kind, "name": name, "decree": decree, "estimated": estimated}
        note(agency, by, Verb.CHANGED_CALENDAR, agency, payload)
    return row


def remove_work_day(*, agency: Agency, day: date, by: Actor) -> None:
    """Take the agency's own row of a date away; the national one holds again."""
    with transaction.atomic():
        agency = administered(agency, by)
        WorkDay.objects.filter(agency=agency, date=day).delete()
        note(agency, by, Verb.CHANGED_CALENDAR, agency, {"date": day.isoformat(), "removed": True})


def put_work_hours(
    *, agency: Agency, valid_from: date, weekday: int, spans: str, by: Actor, ramadan: bool = False
) -> WorkHours:
    """Set the office hours of a weekday from a date on ("07:30-12:00,13:00-16:00"; empty = closed). Raises Refused."""
    with transaction.atomic():
        agency = administered(agency, by)
        refuse_if(reasons_about_hours(valid_from, weekday, spans))
        text = spans_text(parse_spans(spans))
        row, _ = WorkHours.objects.update_or_create(
            agency=agency, valid_from=valid_from, weekday=weekday, ramadan=ramadan, defaults={"spans": text}
        )
        payload = {"valid_from": valid_from.isoformat(), "weekday": weekday, "ramadan": ramadan, "spans": text}
        note(agency, by, Verb.CHANGED_CALENDAR, agency, payload)
    return row


def drop_work_hours(*, agency: Agency, weekday: int, by: Actor, ramadan: bool = False) -> None:
    """Take the agency's own hours of a weekday away; the national ones hold again."""
    with transaction.atomic():
        agency = administered(agency, by)
        WorkHours.objects.filter(agency=agency, weekday=weekday, ramadan=ramadan).delete()
        payload = {"weekday": weekday, "ramadan": ramadan, "removed": True}
        note(agency, by, Verb.CHANGED_CALENDAR, agency, payload)


def put_ramadan_dates(*, agency: Agency, first_day: date, last_day: date, estimated: bool, by: Actor) -> RamadanDates:
    """Set a Ramadan's first and last day for an agency, in place of its earlier row and the national one."""
    with transaction.atomic():
        agency = administered(agency, by)
        refuse_if(reasons_about_ramadan(first_day, last_day))
        _drop_own_ramadan(agency, first_day)
        row = RamadanDates.objects.create(agency=agency, first_day=first_day, last_day=last_day, estimated=estimated)
        payload = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "estimated": estimated}
        note(agency, by, Verb.CHANGED_CALENDAR, agency, {"ramadan": payload})
    return row


def remove_ramadan_dates(*, agency: Agency, first_day: date, by: Actor) -> None:
    """Take the agency's own dates of that Ramadan away; the national ones hold again."""
    with transaction.atomic():
        agency = administered(agency, by)
        _drop_own_ramadan(agency, first_day)
        payload = {"first_day": first_day.isoformat(), "removed": True}
        note(agency, by, Verb.CHANGED_CALENDAR, agency, {"ramadan": payload})


def _drop_own_ramadan(agency: Agency, first_day: date) -> None:
    """Delete an agency's row about the Ramadan that begins around this day."""
    around = timedelta(days=SAME_RAMADAN)
    RamadanDates.objects.filter(agency=agency, first_day__range=(first_day - around, first_day + around)).delete()


@cache
def _seed(years: tuple[int, ...]) -> list[SeedDay]:
    """Return the shipped days; asked once a process because it takes a fifth of a second."""
    return seed_days(years)


def seed_national_calendar(*, by: Actor, years: Iterable[int] = SEED_YEARS) -> int:
    """Fill in the national days, hours and Ramadan dates that are missing; return how many days came.

    Rows that stand are never touched. Journalled in the chain of the actor's agency; the founder has none.
    """
    offered = _seed(tuple(years))
    hours = [
        WorkHours(valid_from=row.valid_from, weekday=row.weekday, spans=spans_text(row.spans), ramadan=row.ramadan)
        for row in DEFAULT_HOURS
    ]
    with transaction.atomic():
        national = WorkDay.objects.filter(agency=None, region=None)
        known = set(national.values_list("date", flat=True))
        days = [day for day in offered if day.date not in known]
        WorkDay.objects.bulk_create(
            WorkDay(date=day.date, kind=day.kind, name=day.name, estimated=day.estimated) for day in days
        )
        if not WorkHours.objects.filter(agency=None).exists():
            WorkHours.objects.bulk_create(hours)
        fasts = set(RamadanDates.objects.filter(agency=None).values_list("first_day__year", flat=True))
        RamadanDates.objects.bulk_create(
            RamadanDates(first_day=first, last_day=last) for first, last in RAMADAN if first.year not in fasts
        )
        if by.agency_id:
            agency = Agency.objects.get(pk=by.agency_id)
            note(agency, by, Verb.CHANGED_CALENDAR, agency, {"national_days_added": len(days)})
    return len(days)
