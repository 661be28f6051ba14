"""Deadlines: tables over holidays, joint leave, Friday, Ramadan, three zones, year end; and refusals."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from capaian.agencies.calendar_seed import RAMADAN
from capaian.periods.office_hours import DEFAULT_HOURS, HoursFrom, parse_spans
from capaian.periods.working_time import (
    Calendar,
    DayKind,
    NoWorkdayError,
    add_days,
    add_minutes,
    deadline,
    minutes_between,
)
from tests.periods.calendars import WIB, WIT, WITA, at, clock, closed, national

NATIONAL = national()
MINUTES = [
    ("2026-01-08 15:30", 60, "Fri 2026-01-09 08:00", "closing carries over"),
    ("2026-01-09 11:00", 60, "Fri 2026-01-09 13:30", "the long break of Friday"),
    ("2026-01-08 11:00", 60, "Thu 2026-01-08 12:00", "a result at the break stays before it"),
    ("2026-01-08 11:00", 61, "Thu 2026-01-08 13:01", "the break of other days"),
    ("2026-01-10 10:00", 5, "Mon 2026-01-12 07:35", "Saturday"),
    ("2026-01-08 15:00", 60, "Thu 2026-01-08 16:00", "a result at closing time stays on that day"),
    ("2026-01-08 15:00", 61, "Fri 2026-01-09 07:31", "one minute more does not"),
    ("2026-01-08 16:00", 1, "Fri 2026-01-09 07:31", "a start at closing time"),
    ("2026-01-08 05:00", 30, "Thu 2026-01-08 08:00", "before opening"),
    ("2026-01-08 12:20", 30, "Thu 2026-01-08 13:30", "in the break"),
    ("2026-01-09 16:30", 30, "Mon 2026-01-12 08:00", "Friday evening"),
    ("2026-01-08 07:30", 450, "Thu 2026-01-08 16:00", "a whole day"),
    ("2026-01-08 10:00", 0, "Thu 2026-01-08 10:00", "nothing to do, in office hours"),
    ("2026-01-08 16:00", 0, "Thu 2026-01-08 16:00", "nothing to do, at closing time"),
    ("2026-01-10 10:00", 0, "Mon 2026-01-12 07:30", "nothing to do, on a Saturday"),
    ("2026-01-08 08:00:30", 10, "Thu 2026-01-08 08:10:30", "seconds are kept"),
    ("2026-02-18 14:30", 60, "Thu 2026-02-19 08:30", "Ramadan closes at 15.00 and opens at 08.00"),
    ("2026-02-20 11:00", 60, "Fri 2026-02-20 13:00", "Friday in Ramadan"),
    ("2026-03-17 14:30", 60, "Wed 2026-03-25 08:00", "Nyepi, Idul Fitri, joint leave; Ramadan is over"),
    ("2026-02-13 16:00", 60, "Wed 2026-02-18 08:30", "into Ramadan over Imlek and its joint leave"),
    ("2025-08-15 16:00", 60, "Tue 2025-08-19 08:00", "the joint leave decreed late for 18 August 2025"),
    ("2026-12-23 15:50", 120, "Mon 2026-12-28 09:20", "Christmas and its joint leave"),
    ("2026-12-31 15:50", 20, "Mon 2027-01-04 07:40", "year end"),
    ("2024-02-28 15:50", 20, "Thu 2024-02-29 07:40", "leap day"),
]
DAYS = [
    ("2026-01-08 10:00", 1, "Fri 2026-01-09 10:00", "same clock time"),
    ("2026-01-09 10:00", 1, "Mon 2026-01-12 10:00", "over the weekend"),
    ("2026-03-17 14:00", 1, "Wed 2026-03-25 14:00", "never 390 or 450 minutes"),
    ("2026-02-13 07:45", 1, "Wed 2026-02-18 08:00", "moved to the later opening of Ramadan"),
    ("2026-02-13 15:45", 1, "Wed 2026-02-18 15:00", "back to the earlier closing of Ramadan"),
    ("2026-02-13 16:15", 1, "Wed 2026-02-18 15:00", "from the longer Friday too"),
    ("2026-01-08 11:45", 1, "Fri 2026-01-09 13:00", "in Friday's break: to its end"),
    ("2026-01-08 11:30", 1, "Fri 2026-01-09 11:30", "when Friday's break begins"),
    ("2026-01-08 11:45", 2, "Mon 2026-01-12 11:45", "a Friday between changes nothing"),
    ("2026-01-08 16:00", 1, "Fri 2026-01-09 16:00", "a start at closing time is still inside"),
    ("2026-01-08 16:01", 1, "Mon 2026-01-12 07:30", "after hours: the next opening, then a day"),
    ("2026-01-08 12:30", 1, "Fri 2026-01-09 13:00", "in the break"),
    ("2026-01-10 10:00", 1, "Tue 2026-01-13 07:30", "Saturday"),
    ("2026-01-10 10:00", 0, "Mon 2026-01-12 07:30", "nothing to do, on a Saturday"),
    ("2026-12-31 09:00", 1, "Mon 2027-01-04 09:00", "year end"),
    ("2024-02-28 09:00:30", 2, "Fri 2024-03-01 09:00:30", "leap day; seconds are kept"),
    ("2026-04-30 09:00", 5, "Fri 2026-05-08 09:00", "Labour Day on a Friday"),
]


@pytest.mark.parametrize(("start", "minutes", "end", "why"), MINUTES, ids=[row[-1] for row in MINUTES])
def test_minutes_are_office_minutes(start: str, minutes: int, end: str, why: str) -> None:
    assert clock(add_minutes(NATIONAL, at(start), minutes)) == end, why
    assert deadline(NATIONAL, at(start), minutes, "minute") == add_minutes(NATIONAL, at(start), minutes)


@pytest.mark.parametrize(("start", "days", "end", "why"), DAYS, ids=[row[-1] for row in DAYS])
def test_a_day_is_the_same_clock_time_on_the_next_working_day(start: str, days: int, end: str, why: str) -> None:
    assert clock(add_days(NATIONAL, at(start), days)) == end, why
    assert deadline(NATIONAL, at(start), days, "day") == add_days(NATIONAL, at(start), days)


def test_joint_leave_forgotten_gives_the_wrong_day() -> None:
    forgetful = replace(NATIONAL, closed=closed("holiday"))
    assert clock(add_days(forgetful, at("2026-03-17 14:00"), 1)) == "Wed 2026-03-18 14:00"


@pytest.mark.parametrize(
    ("zone", "due"),
    [(WIB, "2026-01-09T01:00+00:00"), (WITA, "2026-01-09T00:00+00:00"), (WIT, "2026-01-08T23:00+00:00")],
)
def test_each_agency_follows_its_own_clock(zone: ZoneInfo, due: str) -> None:
    calendar = national(zone)
    found = add_minutes(calendar, at("2026-01-08 15:30", zone), 60)
    assert (found, found.tzinfo) == (datetime.fromisoformat(due), UTC)
    assert clock(found, zone) == "Fri 2026-01-09 08:00"
    assert calendar.opening(date(2026, 1, 9)) == found - timedelta(minutes=30)


def test_one_moment_is_inside_and_outside_office_hours_by_zone() -> None:
    moment = datetime(2026, 1, 8, 8, 30, tzinfo=UTC)  # 15.30 WIB, 16.30 WITA, 17.30 WIT
    found = [clock(add_minutes(national(zone), moment, 30), zone) for zone in (WIB, WITA, WIT)]
    assert found == ["Thu 2026-01-08 16:00", "Fri 2026-01-09 08:00", "Fri 2026-01-09 08:00"]
    spoken = moment.astimezone(WIT)  # the zone in which a caller speaks changes nothing
    assert add_minutes(NATIONAL, spoken, 30) == add_minutes(NATIONAL, moment, 30)


def test_midnight_belongs_to_the_day_of_the_agency() -> None:
    friday_evening_utc = datetime(2026, 1, 9, 23, 0, tzinfo=UTC)  # Saturday 06.00 WIB
    assert clock(add_minutes(NATIONAL, friday_evening_utc, 1)) == "Mon 2026-01-12 07:31"
    thursday_evening_utc = datetime(2026, 1, 8, 23, 0, tzinfo=UTC)  # Friday 08.00 WIT
    assert clock(add_minutes(national(WIT), thursday_evening_utc, 1), WIT) == "Fri 2026-01-09 08:01"


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-01-08 15:30", "2026-01-09 08:00", 60),
        ("2026-01-08 07:30", "2026-01-08 16:00", 450),
        ("2026-01-08 00:00", "2026-01-09 00:00", 450),
        ("2026-01-09 00:00", "2026-01-10 00:00", 450),
        ("2026-02-18 00:00", "2026-02-19 00:00", 390),
        ("2026-01-10 09:00", "2026-01-11 20:00", 0),
        ("2026-01-08 12:00", "2026-01-08 13:00", 0),
        ("2026-01-08 10:00:31", "2026-01-08 10:02:30", 1),
        ("2026-01-08 10:00:30", "2026-01-08 10:02:30", 2),
        ("2026-01-08 10:00", "2026-01-08 10:00", 0),
        ("2026-01-09 10:00", "2026-01-08 10:00", 0),
        ("2026-03-17 14:00", "2026-03-25 08:30", 120),
        ("2026-01-01 00:00", "2027-01-01 00:00", 220 * 450 + 20 * 390),
    ],
)
def test_minutes_between_counts_whole_office_minutes(start: str, end: str, minutes: int) -> None:
    assert minutes_between(NATIONAL, at(start), at(end)) == minutes


def test_days_are_known_for_what_they_are() -> None:
    calendar = national(special=[date(2026, 1, 10), date(2026, 3, 18), date(2026, 4, 3)])
    kinds = {
        date(2026, 1, 9): DayKind.WORKDAY,
        date(2026, 1, 10): DayKind.SPECIAL_WORKDAY,
        date(2026, 1, 11): DayKind.DAY_OFF,
        date(2026, 1, 16): DayKind.CLOSED,
        date(2026, 3, 18): DayKind.SPECIAL_WORKDAY,
        date(2026, 3, 20): DayKind.CLOSED,
    }
    assert {day: calendar.kind(day) for day in kinds} == kinds
    assert [calendar.is_workday(day) for day in kinds] == [True, True, False, False, True, False]
    assert [calendar.minutes_on(day) for day in kinds] == [450, 450, 0, 0, 390, 0]
    assert calendar.spans(date(2026, 1, 10)) == parse_spans("07:30-12:00,13:00-16:00")
    assert calendar.spans(date(2026, 4, 3)) == parse_spans("07:30-11:30,13:00-16:30")  # a Friday keeps its own
    assert calendar.spans(date(2026, 3, 18)) == parse_spans("08:00-12:00,12:30-15:00")


def test_working_days_are_found() -> None:
    assert NATIONAL.first_workday_on_or_after(date(2026, 4, 1)) == date(2026, 4, 1)
    assert NATIONAL.first_workday_on_or_after(date(2027, 1, 1)) == date(2027, 1, 4)
    assert NATIONAL.next_workday(date(2026, 3, 17)) == date(2026, 3, 25)
    assert NATIONAL.next_workday(date(2026, 4, 1)) == date(2026, 4, 2)
    assert NATIONAL.opening(date(2026, 4, 1)) == at("2026-04-01 07:30")
    assert NATIONAL.opening(date(2026, 2, 18)) == at("2026-02-18 08:00")
    assert NATIONAL.opening(date(2026, 3, 18)) == at("2026-03-25 07:30")


def test_hours_change_on_their_date_whatever_their_order() -> None:
    saturdays = [date(2024, 1, 6), date(2026, 1, 3), date(2025, 1, 4), date(2027, 1, 2)]
    texts = ["08:00-12:00", "09:00-12:00", "", "10:00-12:00"]
    rows = [HoursFrom(day, 5, parse_spans(text)) for day, text in zip(saturdays, texts, strict=True)]
    calendar = Calendar(WIB, hours=[*rows, *DEFAULT_HOURS], ramadan=[(date(2026, 2, 1), date(2026, 2, 28))])
    assert [calendar.minutes_on(day) for day in saturdays] == [240, 180, 0, 120]
    assert [calendar.minutes_on(day - timedelta(days=7)) for day in saturdays] == [0, 0, 240, 180]
    assert calendar.minutes_on(date(2026, 2, 7)) == 180  # no Ramadan hours for Saturday: the ordinary ones
    assert calendar.minutes_on(date(2026, 2, 9)) == 390


def test_ramadan_lasts_from_its_first_to_its_last_day() -> None:
    for first, last in RAMADAN:
        days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
        spans = [Calendar(WIB, special=set(days), ramadan=RAMADAN).minutes_on(day) for day in days]
        assert spans == [450, 390, 390, 450]


def test_a_moment_without_zone_is_refused() -> None:
    naive, aware = datetime(2026, 1, 8, 10), at("2026-01-08 10:00")  # noqa: DTZ001
    with pytest.raises(ValueError, match="needs a time zone"):
        add_minutes(NATIONAL, naive, 1)
    with pytest.raises(ValueError, match="needs a time zone"):
        add_days(NATIONAL, naive, 1)
    for start, end in ((naive, aware), (aware, naive)):
        with pytest.raises(ValueError, match="needs a time zone"):
            minutes_between(NATIONAL, start, end)


@pytest.mark.parametrize("key", ["UTC", "Europe/Berlin", "Asia/Singapore"])
def test_other_zones_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not a time zone of Indonesia"):
        Calendar(ZoneInfo(key))


@pytest.mark.parametrize(("amount", "unit"), [(-1, "minute"), (1_000_001, "minute"), (-1, "day"), (2_501, "day")])
def test_impossible_amounts_are_refused(amount: int, unit: str) -> None:
    with pytest.raises(ValueError, match="not a standard time"):
        deadline(NATIONAL, at("2026-01-08 10:00"), amount, unit)  # type: ignore[arg-type]


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="not a unit"):
        deadline(NATIONAL, at("2026-01-08 10:00"), 1, "hour")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "hours", [(), (HoursFrom(date(2023, 1, 1), 0, ()),), (replace(DEFAULT_HOURS[0], valid_from=date(2030, 1, 7)),)]
)
def test_a_calendar_without_working_day_says_so(hours: tuple[HoursFrom, ...]) -> None:
    calendar, start = Calendar(WIB, hours=hours), at("2026-01-08 10:00")
    sentence = "Kalender tidak memuat hari kerja selama 400 hari sejak 09-01-2026. Periksa jam kerja dan hari libur."
    for unit in ("minute", "day"):
        with pytest.raises(NoWorkdayError) as refusal:
            deadline(calendar, start, 1, unit)
        assert str(refusal.value) == sentence
    with pytest.raises(NoWorkdayError):
        calendar.opening(date(2026, 1, 8))
    assert minutes_between(calendar, start, at("2027-01-08 10:00")) == 0


def test_a_long_closure_is_crossed_up_to_the_limit() -> None:
    first = date(2026, 1, 9)
    shut = {first + timedelta(days=n): "Libur" for n in range(400)}
    last = max(shut)
    with pytest.raises(NoWorkdayError):
        Calendar(WIB, shut).next_workday(date(2026, 1, 8))
    del shut[last]
    assert Calendar(WIB, shut).next_workday(date(2026, 1, 8)) == last


def test_a_call_takes_well_below_a_millisecond_with_hundreds_of_closed_days() -> None:
    shut = {date(2015, 1, 1) + timedelta(days=n * 7 + n % 5): "Libur" for n in range(900)}
    calendar = replace(national(), closed={**shut, **closed("holiday", "joint_leave")})
    starts = [at("2026-01-05 09:17") + timedelta(minutes=n * 997) for n in range(500)]
    began = time.process_time_ns()
    for start in starts:
        minutes_between(calendar, start, add_minutes(calendar, start, 900))
        add_days(calendar, start, 5)
    assert (time.process_time_ns() - began) // (3 * len(starts)) < 1_000_000
