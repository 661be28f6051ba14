"""On which working days people are reminded of a deadline, and how many of them are left. Pure dates."""

from datetime import date

from capaian.periods.working_time import ONE_DAY, Calendar

#: Working days before a deadline on which a reminder goes out; after it, every working day.
MARKS = (7, 3, 1, 0)
MOST_DAYS = 400  # a deadline further away is not counted day by day


def workdays_left(calendar: Calendar, today: date, due: date) -> int:
    """Return the working days after `today` up to and with `due`; below zero, those after `due` up to today.

    A deadline on a day off counts as the working day before it: on Friday a Sunday's deadline is today.
    """
    first, last = (today, due) if today <= due else (due, today)
    day, passed = first, 0
    for _ in range(min((last - first).days, MOST_DAYS)):
        day += ONE_DAY
        passed += calendar.is_workday(day)
    return passed if today <= due else -passed


def mark_of(calendar: Calendar, today: date, due: date, since: date) -> int | None:
    """Return the mark whose reminder is to go out today, None for none.

    `since` is the day on which the work began: marks that had passed by then are left out. A mark that was missed
    (nobody ran the product that day) goes out on the next working day, unless a nearer one has come.
    """
    if not calendar.is_workday(today):
        return None
    left = workdays_left(calendar, today, due)
    if left < 0 or today > due:
        return left if left < 0 else None
    reached = [mark for mark in MARKS if left <= mark]
    if not reached or workdays_left(calendar, since, due) < reached[-1]:
        return None
    return reached[-1]


def days_text(left: int) -> str:
    """Write how far a deadline is: "sisa 3 hari kerja", "hari ini", "terlambat 2 hari kerja"."""
    if left == 0:
        return "hari ini"
    return f"sisa {left} hari kerja" if left > 0 else f"terlambat {-left} hari kerja"
