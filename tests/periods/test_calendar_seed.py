"""The national days first offered, and the Ramadan dates beside them."""

from collections import Counter
from datetime import date
from itertools import pairwise

from capaian.agencies.calendar_seed import RAMADAN, SEED_YEARS, SeedDay, seed_days

DAYS = seed_days(SEED_YEARS)


def test_every_year_has_its_holidays_and_joint_leave() -> None:
    counted = Counter((day.date.year, day.kind) for day in DAYS)
    holidays = {2024: 19, 2025: 17, 2026: 17, 2027: 18, 2028: 17}
    joint_leave = {2024: 10, 2025: 11, 2026: 8, 2027: 8}  # 2028 is not decreed yet
    assert {year: counted[year, "holiday"] for year in SEED_YEARS} == holidays
    assert {year: n for year in SEED_YEARS if (n := counted[year, "joint_leave"])} == joint_leave
    assert len(DAYS) == sum(holidays.values()) + sum(joint_leave.values())


def test_dates_come_once_and_in_order() -> None:
    assert all(before.date < after.date for before, after in pairwise(DAYS))


def test_names_are_indonesian_and_the_mark_of_an_estimate_is_a_field() -> None:
    by_date = {day.date: day for day in DAYS}
    shown = [
        SeedDay(date(2025, 8, 18), "joint_leave", "Cuti Bersama Hari Kemerdekaan Republik Indonesia", estimated=False),
        SeedDay(date(2026, 3, 19), "holiday", "Hari Suci Nyepi", estimated=False),
        SeedDay(date(2028, 2, 27), "holiday", "Hari Raya Idul Fitri", estimated=True),
    ]
    assert [by_date[day.date] for day in shown] == shown
    assert [day.name for day in DAYS if "perkiraan" in day.name or "(" in day.name] == []
    assert Counter(day.date.year for day in DAYS if day.estimated) == {2027: 3, 2028: 8}


def test_joint_leave_is_named_as_such_and_holidays_are_not() -> None:
    assert {day.kind for day in DAYS if day.name.startswith("Cuti Bersama")} == {"joint_leave"}
    assert {day.kind for day in DAYS if not day.name.startswith("Cuti Bersama")} == {"holiday"}


def test_years_are_those_asked_for() -> None:
    assert seed_days([2026]) == [day for day in DAYS if day.date.year == 2026]
    assert seed_days([]) == []


def test_ramadan_ends_just_before_idul_fitri() -> None:
    first_days = [day.date for day in DAYS if day.name == "Hari Raya Idul Fitri"]
    assert [first.year for first, _ in RAMADAN] == [day.year for day in first_days] == list(SEED_YEARS)
    # estimates made before the feast was decreed may end a day early: that day is joint leave or a Saturday
    assert {(last - first).days + 1 for first, last in RAMADAN} <= {29, 30}
    assert {(feast - last).days for (_, last), feast in zip(RAMADAN, first_days, strict=True)} == {1}
