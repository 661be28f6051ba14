"""Calendars for the tests: the national one of each zone, and what is left when a part is forgotten."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from capaian.agencies.calendar_seed import RAMADAN as SEEDED
from capaian.agencies.calendar_seed import SEED_YEARS, seed_days
from capaian.periods.working_time import Calendar

# the cases were reckoned with Ramadan from 18 February 2026, as was expected before the isbat session
RAMADAN = tuple(
    (date(2026, 2, 18), date(2026, 3, 19)) if first.year == 2026 else (first, last) for first, last in SEEDED
)

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
DAYS = seed_days(SEED_YEARS)


def closed(*kinds: str) -> dict[date, str]:
    """Names of the closed days of these kinds."""
    return {day.date: day.name for day in DAYS if day.kind in kinds}


def national(zone: ZoneInfo = WIB, special: Iterable[date] = ()) -> Calendar:
    """Everything: holidays, joint leave, Ramadan, the hours of Perpres 21/2023."""
    return Calendar(zone, closed("holiday", "joint_leave"), frozenset(special), ramadan=RAMADAN)


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    """Read a local clock time as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def clock(moment: datetime, zone: ZoneInfo = WIB) -> str:
    """Write a moment by the local clock, with the weekday."""
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M:%S}".removesuffix(":00")
