"""How late, or how much is left, in Indonesian words."""

from dataclasses import replace
from datetime import date

import pytest

from capaian.periods.lateness import Lateness, describe_due, describe_minutes, lateness
from capaian.periods.office_hours import HoursFrom, parse_spans
from capaian.periods.working_time import Calendar
from tests.periods.calendars import WIB, WIT, at, national

NATIONAL = national()


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "kurang dari 1 menit kerja"),
        (1, "1 menit kerja"),
        (59, "59 menit kerja"),
        (60, "1 jam kerja"),
        (200, "3 jam 20 menit kerja"),
        (449, "7 jam 29 menit kerja"),
        (450, "1 hari kerja"),
        (915, "2 hari kerja 15 menit"),
        (960, "2 hari kerja 1 jam"),
        (1_000, "2 hari kerja 1 jam 40 menit"),
    ],
)
def test_minutes_are_described_by_working_days(minutes: int, text: str) -> None:
    assert describe_minutes(NATIONAL, minutes) == text


def test_an_agency_with_a_shorter_day_counts_by_it() -> None:
    rows = [HoursFrom(date(2026, 1, 1), weekday, parse_spans("08:00-14:00")) for weekday in range(6)]
    six_days = replace(NATIONAL, hours=[*NATIONAL.hours, *rows])
    assert six_days.usual_day == 360
    assert describe_minutes(six_days, 450) == "1 hari kerja 1 jam 30 menit"
    closed_monday = HoursFrom(date(2026, 1, 1), 0, ())
    assert replace(six_days, hours=[closed_monday, *rows[1:]]).usual_day == 360
    assert Calendar(WIB, hours=()).usual_day == 450


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="not a length of time"):
        describe_minutes(NATIONAL, -1)


@pytest.mark.parametrize(
    ("due", "now", "late", "text"),
    [
        ("2026-01-08 14:00", "2026-01-08 09:40", (0, 0), "sisa 3 jam 20 menit kerja"),
        ("2026-01-12 10:00", "2026-01-08 10:00", (0, 0), "sisa 2 hari kerja"),
        ("2026-01-08 14:00", "2026-01-08 13:59:30", (0, 0), "sisa kurang dari 1 menit kerja"),
        ("2026-01-08 14:00", "2026-01-08 14:00", (0, 0), "sisa kurang dari 1 menit kerja"),
        ("2026-01-08 14:00", "2026-01-08 14:00:01", (0, 0), "terlambat kurang dari 1 menit kerja"),
        ("2026-01-08 16:00", "2026-01-08 21:00", (0, 0), "terlambat kurang dari 1 menit kerja"),
        ("2026-01-08 16:00", "2026-01-09 07:30", (0, 1), "terlambat kurang dari 1 menit kerja"),
        ("2026-01-08 14:00", "2026-01-08 14:15", (15, 0), "terlambat 15 menit kerja"),
        ("2026-01-08 14:00", "2026-01-12 14:15", (915, 4), "terlambat 2 hari kerja 15 menit"),
        ("2026-03-17 14:00", "2026-03-25 08:30", (120, 8), "terlambat 2 jam kerja"),
        ("2026-12-31 15:00", "2027-01-04 08:00", (90, 4), "terlambat 1 jam 30 menit kerja"),
    ],
)
def test_a_deadline_says_what_is_left_or_how_late(due: str, now: str, late: tuple[int, int], text: str) -> None:
    assert lateness(NATIONAL, at(due), at(now)) == Lateness(*late)
    assert describe_due(NATIONAL, at(due), at(now)) == text


def test_calendar_days_change_at_the_midnight_of_the_agency() -> None:
    due, now = at("2026-01-08 23:30", WIT), at("2026-01-09 00:30", WIT)  # 21.30 and 22.30 WIB: one date
    assert lateness(national(WIT), due, now).calendar_days == 1
    assert lateness(NATIONAL, due, now).calendar_days == 0
