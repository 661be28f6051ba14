"""A second, slow way to count: minute by minute over a timeline, knowing nothing of the tested code."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytest

from capaian.periods.office_hours import DEFAULT_HOURS, parse_spans
from capaian.periods.working_time import Calendar, add_minutes, minutes_between
from tests.periods.calendars import DAYS, RAMADAN, WIB, WIT, WITA, closed, national

CASES = 10_000
SEED = 20_260_317
BEGIN, END = date(2024, 1, 1), date(2028, 12, 31)
ZONES, AHEAD_OF_UTC = (WIB, WITA, WIT), (7, 8, 9)
CLOSED = {day.date for day in DAYS}
SPECIAL = {date(2024, 4, 13), date(2025, 5, 10), date(2026, 3, 28), date(2026, 3, 18), date(2027, 1, 2)}


def is_office_minute(weekday: int, minute: int, *, fasting: bool) -> bool:
    """Say whether people work in that minute of a working day; the hours written out a second time."""
    now = f"{minute // 60:02}.{minute % 60:02}"
    if fasting:
        rest, resume, leave = ("11.30", "12.30", "15.30") if weekday == 4 else ("12.00", "12.30", "15.00")
        return "08.00" <= now < rest or resume <= now < leave
    rest, resume, leave = ("11.30", "13.00", "16.30") if weekday == 4 else ("12.00", "13.00", "16.00")
    return "07.30" <= now < rest or resume <= now < leave


@cache
def timeline() -> bytearray:
    """One byte for each local minute from BEGIN to END: 1 while people work."""
    minutes = bytearray()
    day = BEGIN
    while day <= END:
        works = day in SPECIAL or (day.weekday() < 5 and day not in CLOSED)
        fasting = any(first <= day <= last for first, last in RAMADAN)
        weekday = day.weekday() if day.weekday() < 5 else 0
        minutes += bytes(works and is_office_minute(weekday, minute, fasting=fasting) for minute in range(24 * 60))
        day += timedelta(days=1)
    return minutes


def slow_add(start: int, minutes: int) -> int:
    """Walk on until so many working minutes are over; minutes of the timeline."""
    working, at = timeline(), start
    while minutes:
        minutes -= working[at]
        at += 1
    return at


def slow_between(start: int, end: int) -> int:
    """Count the working minutes one by one."""
    working, counted = timeline(), 0
    for at in range(start, end):
        counted += working[at]
    return counted


class Case(NamedTuple):
    """A start, a standard time and an end to count to, in minutes of the timeline; and which zone."""

    zone: int
    start: int
    minutes: int
    until: int


@cache
def cases() -> list[Case]:
    """Make the cases: half of them anywhere, half just before a closed day, a Friday noon or an edge of Ramadan."""
    chance = random.Random(SEED)
    edges = [*CLOSED, *SPECIAL, *(day for dates in RAMADAN for day in dates)]
    edges = sorted(day for day in edges if BEGIN + timedelta(days=7) < day < END - timedelta(days=30))
    made = []
    for n in range(CASES):
        if n % 2:
            day = (chance.choice(edges) - BEGIN).days - chance.randrange(4)
        else:
            day = chance.randrange((END - BEGIN).days - 30)
        start = day * 24 * 60 + chance.choice([chance.randrange(24 * 60), chance.randrange(7 * 60, 17 * 60)])
        minutes = chance.choice([1, 5, 30, 60, 120, 390, 450, chance.randrange(1, 900)])
        made.append(Case(chance.randrange(3), start, minutes, start + chance.randrange(-60, 4 * 24 * 60)))
    return made


@cache
def expected() -> list[tuple[int, int]]:
    """Return what the slow way says of each case."""
    return [(slow_add(case.start, case.minutes), slow_between(case.start, case.until)) for case in cases()]


def mismatches(calendars: Iterable[Calendar]) -> list[Case]:
    """Return the cases in which a calendar of each zone does not say what the slow way says."""
    three = list(calendars)
    midnight = datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=UTC)
    wrong = []
    for case, (end, between) in zip(cases(), expected(), strict=True):
        calendar = three[case.zone]
        zero = midnight - timedelta(hours=AHEAD_OF_UTC[case.zone])
        start = zero + timedelta(minutes=case.start)
        found = (
            add_minutes(calendar, start, case.minutes),
            minutes_between(calendar, start, zero + timedelta(minutes=case.until)),
        )
        if found != (zero + timedelta(minutes=end), between):
            wrong.append(case)
    return wrong


def calendars() -> list[Calendar]:
    """Return the complete calendar of each zone."""
    return [national(zone, SPECIAL) for zone in ZONES]


def test_ten_thousand_cases_agree() -> None:
    assert len(cases()) == CASES
    assert mismatches(calendars()) == []


def test_the_cases_reach_what_they_must() -> None:
    found = {BEGIN + timedelta(days=case.start // 1440) for case in cases()}
    assert {day for day in CLOSED if BEGIN + timedelta(days=7) < day < END - timedelta(days=30)} <= found
    assert {day.weekday() for day in found} == set(range(7))
    assert {case.zone for case in cases()} == {0, 1, 2}
    assert any(case.until < case.start for case in cases())
    crossed_new_year = [end for case, (end, _) in zip(cases(), expected(), strict=True) if year(case.start) < year(end)]
    assert crossed_new_year


def year(minute: int) -> int:
    """Year of a minute of the timeline."""
    return (BEGIN + timedelta(days=minute // 1440)).year


FRIDAY_LIKE_OTHERS = tuple(
    replace(row, spans=parse_spans("07:30-12:00,13:00-16:00")) if row.weekday == 4 and not row.ramadan else row
    for row in DEFAULT_HOURS
)


@pytest.mark.parametrize(
    "forgetful",
    [
        [replace(calendar, closed=closed("holiday")) for calendar in calendars()],
        [replace(calendar, closed=closed("joint_leave")) for calendar in calendars()],
        [replace(calendar, hours=FRIDAY_LIKE_OTHERS) for calendar in calendars()],
        [replace(calendar, ramadan=()) for calendar in calendars()],
        [replace(calendar, special=frozenset()) for calendar in calendars()],
        calendars()[::-1],
    ],
    ids=["joint leave", "holidays", "Friday's break", "Ramadan", "special working days", "time zone"],
)
def test_a_calendar_that_forgets_something_is_caught(forgetful: list[Calendar]) -> None:
    assert mismatches(forgetful) != []
