"""The working calendar of an agency: national rows overlaid by its region's and its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from capaian.agencies.calendar_rules import FIRST_YEAR, WEEKDAYS
from capaian.agencies.models import Agency, RamadanDates, WorkDay, WorkHours
from capaian.agencies.reach import Reach
from capaian.periods.office_hours import DEFAULT_HOURS, HoursFrom, overlaid, parse_spans, spans_text
from capaian.periods.working_time import Calendar

SAME_RAMADAN = 15  # days apart; the next one begins 354 days later


def calendar_of(agency: Agency) -> Calendar:
    """Return the working calendar of an agency from 2024 on, in one query."""
    with connection.cursor() as cursor:
        # every completed step asks for it: one statement, whose answer is read again only when it differs
        cursor.execute(CALENDAR_ROWS, {"agency": agency.pk, "region": agency.region_id, "since": f"{FIRST_YEAR}-01-01"})
        return _read(agency.time_zone, tuple(cursor.fetchall()))


CALENDAR_ROWS = """
    SELECT 'day', CAST(date AS text), kind, name, COALESCE(agency_id, 0), COALESCE(region_id, 0)
    FROM agencies_workday
    WHERE (agency_id IS NULL OR agency_id = %(agency)s) AND (region_id IS NULL OR region_id = %(region)s)
        AND date >= %(since)s
    UNION ALL
    SELECT CASE WHEN ramadan THEN 'fasting' ELSE 'hours' END, CAST(valid_from AS text), spans, CAST(weekday AS text),
        COALESCE(agency_id, 0), 0
    FROM agencies_workhours WHERE agency_id IS NULL OR agency_id = %(agency)s
    UNION ALL
    SELECT 'ramadan', CAST(first_day AS text), CAST(last_day AS text), '', COALESCE(agency_id, 0), 0
    FROM agencies_ramadandates WHERE agency_id IS NULL OR agency_id = %(agency)s
"""
Row = tuple[str, str, str, str, int, int]
CALENDARS_KEPT = 256


@lru_cache(maxsize=CALENDARS_KEPT)
def _read(time_zone: str, rows: tuple[Row, ...]) -> Calendar:
    """Return the calendar that the rows of days, hours and Ramadan dates make."""
    listed = sorted(((day, kind, name, own, region) for what, day, kind, name, own, region in rows if what == "day"),
                    key=lambda row: _weight(row[3] or None, row[4] or None))  # fmt: skip
    days = {date.fromisoformat(day): (kind, name) for day, kind, name, _, _ in listed}
    special = WorkDay.Kind.SPECIAL_WORKDAY
    fasts = [
        RamadanDates(agency_id=own or None, first_day=date.fromisoformat(first), last_day=date.fromisoformat(last))
        for what, first, last, _, own, _ in sorted(rows)
        if what == "ramadan"
    ]
    return Calendar(
        zone=ZoneInfo(time_zone),
        closed={day: name for day, (kind, name) in days.items() if kind != special},
        special=frozenset(day for day, (kind, _) in days.items() if kind == special),
        hours=_together(
            (HoursFrom(date.fromisoformat(since), int(weekday), parse_spans(spans), what == "fasting"), bool(own))
            for what, since, spans, weekday, own, _ in rows
            if what in ("hours", "fasting")
        ),
        ramadan=tuple((row.first_day, row.last_day) for row in _without_replaced(fasts)),
    )


def _days(agency: Agency) -> QuerySet[WorkDay]:
    """Return the days that hold for an agency: the nation's, its region's and its own."""
    return WorkDay.objects.filter(Q(agency=None) | Q(agency=agency), Q(region=None) | Q(region_id=agency.region_id))


def _weight(agency_id: int | None, region_id: int | None) -> tuple[bool, bool]:
    """Return whose row of a date holds, the heaviest last: the nation's, the region's, the agency's own."""
    return agency_id is not None, region_id is not None


def _overlaid_hours(agency: Agency) -> tuple[HoursFrom, ...]:
    """Return the office hours in force for an agency; those of Perpres 21/2023 where no national row stands."""
    return _together(
        (HoursFrom(row.valid_from, row.weekday, parse_spans(row.spans), row.ramadan), row.agency_id is not None)
        for row in WorkHours.objects.filter(Q(agency=agency) | Q(agency=None))
    )


def _together(rows: Iterable[tuple[HoursFrom, bool]]) -> tuple[HoursFrom, ...]:
    """Lay an agency's own hours (True) over the national ones."""
    listed = list(rows)
    national = [hours for hours, is_own in listed if not is_own]
    return overlaid(national or DEFAULT_HOURS, [hours for hours, is_own in listed if is_own])


def _overlaid_ramadan(agency: Agency) -> list[RamadanDates]:
    """Return the Ramadan dates for an agency: its own row replaces the national one of the same Ramadan."""
    return _without_replaced(RamadanDates.objects.filter(Q(agency=agency) | Q(agency=None)).order_by("first_day"))


def _without_replaced(found: Iterable[RamadanDates]) -> list[RamadanDates]:
    """Leave out national rows that an agency's own row replaces."""
    rows = list(found)
    own = [row for row in rows if row.agency_id is not None]
    return [row for row in rows if row.agency_id is not None or not _replaced(row, own)]


def _replaced(row: RamadanDates, own: Iterable[RamadanDates]) -> bool:
    """Tell whether an own row is about the same Ramadan."""
    return any(abs((mine.first_day - row.first_day).days) <= SAME_RAMADAN for mine in own)


@dataclass(frozen=True)
class DayShown:
    """A day of the calendar page; `own` says that the agency itself set it, `covers` what it replaces."""

    row: WorkDay
    own: bool
    covers: str = ""


def year_days(of: Reach, year: int) -> list[DayShown]:
    """Return the days of a year that differ from the ordinary week, as they hold for the agency."""
    within = Q(date__year=year)
    rows = sorted(_days(of.agency).filter(within), key=lambda row: (row.date, _weight(row.agency_id, row.region_id)))
    shown = {row.date: row for row in rows}
    national = dict(WorkDay.objects.filter(within, agency=None, region=None).values_list("date", "name"))
    return [
        DayShown(row, row.agency_id is not None, national.get(day, "") if row.agency_id is not None else "")
        for day, row in sorted(shown.items())
    ]


def own_day(of: Reach, day: date) -> WorkDay | None:
    """Return the row that the agency itself set for a date."""
    return WorkDay.objects.filter(agency=of.agency, date=day).first()


@dataclass(frozen=True)
class HoursShown:
    """The office hours of one weekday as they hold on a date."""

    weekday: int
    ramadan: bool
    spans: str
    typed: str
    minutes: int
    valid_from: date
    own: bool

    @property
    def name(self) -> str:
        """The weekday's name."""
        return WEEKDAYS[self.weekday]

    @property
    def fasting(self) -> int:
        """1 in Ramadan, else 0: as addresses write it."""
        return int(self.ramadan)


def hours_shown(of: Reach) -> list[HoursShown]:
    """Return the office hours of the seven weekdays on the reach's date, ordinary and in Ramadan."""
    own = set(WorkHours.objects.filter(agency=of.agency).values_list("weekday", "ramadan", "valid_from"))
    newest: dict[tuple[int, bool], HoursFrom] = {}
    for row in sorted(_overlaid_hours(of.agency), key=lambda row: row.valid_from):
        if row.valid_from <= of.on:
            newest[row.weekday, row.ramadan] = row
    return [
        HoursShown(
            weekday,
            ramadan,
            ", ".join(f"{span.start:%H.%M}\u2013{span.end:%H.%M}" for span in row.spans),
            spans_text(row.spans).replace(",", ", "),
            row.minutes,
            row.valid_from,
            (weekday, ramadan, row.valid_from) in own,
        )
        for (weekday, ramadan), row in sorted(newest.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def ramadan_shown(of: Reach) -> list[RamadanDates]:
    """Return the Ramadan dates that hold for the agency."""
    return _overlaid_ramadan(of.agency)


def own_ramadan(of: Reach, first_day: date) -> RamadanDates | None:
    """Return the agency's own row about the Ramadan that begins on this day."""
    return RamadanDates.objects.filter(agency=of.agency, first_day=first_day).first()
