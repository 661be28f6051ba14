"""The working calendar of an agency: national rows overlaid by its region's and its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from capaian.agencies.calendar_rules import FIRST_YEAR, WEEKDAYS
from capaian.agencies.models import Agency, RamadanDates, WorkDay, WorkHours
from capaian.agencies.reach import Reach
from capaian.periods.office_hours import DEFAULT_HOURS, HoursFrom, overlaid, parse_spans, spans_text
from capaian.periods.working_time import Calendar

SAME_RAMADAN = 15  # days apart; the next one begins 354 days later


def calendar_of(agency: Agency) -> Calendar:
    """Return the working calendar of an agency from 2024 on, in three queries."""
    # every completed step asks for it: plain values, no rows of the model
    rows = _days(agency).filter(date__gte=date(FIRST_YEAR, 1, 1))
    values = rows.values_list("date", "kind", "name", "agency_id", "region_id")
    days = {day: (kind, name) for day, kind, name, *_ in sorted(values, key=lambda row: _weight(*row[3:]))}
    special = WorkDay.Kind.SPECIAL_WORKDAY
    return Calendar(
        zone=ZoneInfo(agency.time_zone),
        closed={day: name for day, (kind, name) in days.items() if kind != special},
        special=frozenset(day for day, (kind, _) in days.items() if kind == special),
        hours=_overlaid_hours(agency),
        ramadan=tuple((row.first_day, row.last_day) for row in _overlaid_ramadan(agency)),
    )


def _days(agency: Agency) -> QuerySet[WorkDay]:
    """Return the days that hold for an agency: the nation's, its region's and its own."""
    return WorkDay.objects.filter(Q(agency=None) | Q(agency=agency), Q(region=None) | Q(region_id=agency.region_id))


def _weight(agency_id: int | None, region_id: int | None) -> tuple[bool, bool]:
    """Return whose row of a date holds, the heaviest last: the nation's, the region's, the agency's own."""
    return agency_id is not None, region_id is not None


def _overlaid_hours(agency: Agency) -> tuple[HoursFrom, ...]:
    """Return the office hours in force for an agency; those of Perpres 21/2023 where no national row stands."""
    national: list[HoursFrom] = []
    own: list[HoursFrom] = []
    for row in WorkHours.objects.filter(Q(agency=agency) | Q(agency=None)):
        hours = HoursFrom(row.valid_from, row.weekday, parse_spans(row.spans), row.ramadan)
        (national if row.agency_id is None else own).append(hours)
    return overlaid(national or DEFAULT_HOURS, own)


def _overlaid_ramadan(agency: Agency) -> list[RamadanDates]:
    """Return the Ramadan dates for an agency: its own row replaces the national one of the same Ramadan."""
    rows = list(RamadanDates.objects.filter(Q(agency=agency) | Q(agency=None)).order_by("first_day"))
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
