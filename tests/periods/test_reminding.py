"""Marks of reminders on working days: once each, none on a day off, a missed one made good."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from capaian.periods import reminding
from capaian.periods.reminding import days_text, mark_of, workdays_left
from capaian.periods.working_time import Calendar

DUE = date(2026, 4, 15)  # a Wednesday
LONG_AGO = date(2026, 3, 2)
HOLIDAY = date(2026, 4, 3)  # a Friday


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(zone=ZoneInfo("Asia/Jakarta"), closed={HOLIDAY: "Wafat Isa Almasih"})


@pytest.mark.parametrize(
    ("today", "left"),
    [("2026-04-15", 0), ("2026-04-14", 1), ("2026-04-10", 3), ("2026-04-11", 3), ("2026-04-02", 8), ("2026-04-17", -2)],
)
def test_days_off_do_not_count(calendar: Calendar, today: str, left: int) -> None:
    assert workdays_left(calendar, date.fromisoformat(today), DUE) == left


def test_marks_go_out_on_their_days_and_late_every_workday(calendar: Calendar) -> None:
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(20)]
    found = {day.day: mark for day in days if (mark := mark_of(calendar, day, DUE, LONG_AGO)) is not None}
    # 7 falls on the 6th; what follows until the next mark is the same mark, sent already
    assert {day: mark for day, mark in found.items() if day in {6, 10, 14, 15, 16, 17, 20}} == {
        6: 7, 10: 3, 14: 1, 15: 0, 16: -1, 17: -2, 20: -3,
    }  # fmt: skip
    assert not {1, 2, 3, 4, 5, 11, 12, 18, 19} & found.keys()
    assert found[7] == found[8] == found[9] == 7
    assert found[13] == 3, "missed on the 10th, made good on the 13th"


def test_marks_that_had_passed_before_the_work_began_are_left_out(calendar: Calendar) -> None:
    assert mark_of(calendar, date(2026, 4, 13), DUE, date(2026, 4, 13)) is None
    assert mark_of(calendar, date(2026, 4, 14), DUE, date(2026, 4, 13)) == 1
    assert mark_of(calendar, DUE, DUE, DUE) == 0


def test_deadline_on_a_day_off_is_the_working_day_before(calendar: Calendar) -> None:
    sunday = date(2026, 4, 19)
    assert mark_of(calendar, date(2026, 4, 17), sunday, LONG_AGO) == 0
    assert mark_of(calendar, date(2026, 4, 20), sunday, LONG_AGO) == -1


def test_a_calendar_that_forgets_days_off_is_noticed(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Calendar, "is_workday", lambda *_: True)
    with pytest.raises(AssertionError):
        test_marks_go_out_on_their_days_and_late_every_workday(calendar)


@pytest.mark.parametrize(("left", "text"), [(0, "hari ini"), (3, "sisa 3 hari kerja"), (-2, "terlambat 2 hari kerja")])
def test_words(left: int, text: str) -> None:
    assert days_text(left) == text
    assert reminding.MARKS == (7, 3, 1, 0)
