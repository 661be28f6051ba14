"""How late, or how much time is left, in working time and in Indonesian words."""

from dataclasses import dataclass
from datetime import datetime

from capaian.periods.working_time import Calendar, minutes_between


@dataclass(frozen=True)
class Lateness:
    """How far a deadline has passed: whole working minutes, and calendar days on the agency's clock."""

    minutes: int
    calendar_days: int


def lateness(calendar: Calendar, due: datetime, now: datetime) -> Lateness:
    """Return how late it is; zeros until the deadline has passed."""
    days = (calendar.local(now).date() - calendar.local(due).date()).days
    return Lateness(minutes_between(calendar, due, now), max(days, 0))


def describe_minutes(calendar: Calendar, minutes: int) -> str:
    """Write working minutes by the calendar's ordinary day: "2 hari kerja 15 menit", "3 jam 20 menit kerja"."""
    if minutes < 0:
        raise ValueError(f"not a length of time: {minutes}")
    days, rest = divmod(minutes, calendar.usual_day)
    hours, rest = divmod(rest, 60)
    parts = [f"{hours} jam"] * (hours > 0) + [f"{rest} menit"] * (rest > 0)
    if days:
        return " ".join([f"{days} hari kerja", *parts])
    return " ".join([*parts, "kerja"]) if parts else "kurang dari 1 menit kerja"


def describe_due(calendar: Calendar, due: datetime, now: datetime) -> str:
    """Write where a deadline stands: "sisa 3 jam 20 menit kerja" or "terlambat 2 hari kerja 15 menit"."""
    if now <= due:
        return f"sisa {describe_minutes(calendar, minutes_between(calendar, now, due))}"
    return f"terlambat {describe_minutes(calendar, lateness(calendar, due, now).minutes)}"
