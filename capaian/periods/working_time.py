"""Working time: a calendar of office hours, deadlines on it, and how much of it has passed. Integers only."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from capaian.periods.office_hours import DEFAULT_HOURS, HoursFrom, Span

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
MOST_DAYS_CLOSED = 400  # more in a row is a mistake in the calendar
MOST_MINUTES = 1_000_000  # nine years: a standard time is never so long
MOST_DAYS = 2_500
USUAL_DAY = 450  # Perpres 21/2023, for a calendar without any hours


class DayKind(StrEnum):
    """What a date is in a calendar."""

    WORKDAY = "workday"
    SPECIAL_WORKDAY = "special_workday"
    DAY_OFF = "day_off"  # a weekday without office hours
    CLOSED = "closed"  # holiday or joint leave


class NoWorkdayError(ValueError):
    """A calendar without a working day for longer than a year: its hours or closed days are wrong."""

    def __init__(self, after: date) -> None:
        super().__init__(
            f"Kalender tidak memuat hari kerja selama {MOST_DAYS_CLOSED} hari sejak {after:%d-%m-%Y}. "
            "Periksa jam kerja dan hari libur."
        )


class Stretch(NamedTuple):
    """A span on its date, in local time."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Calendar:
    """Working days and office hours of one agency; immutable once made, so days are computed once.

    `closed` names holidays and joint leave; `special` are working days in spite of weekend or holiday; `hours` in any
    order, the newest row of a weekday wins; `ramadan` first and last days. A weekday without Ramadan hours keeps its
    ordinary ones; a special working day on a weekday without hours takes those of the week's first day that has some.
    """

    zone: ZoneInfo
    closed: Mapping[date, str] = field(default_factory=dict)
    special: AbstractSet[date] = frozenset()
    hours: Sequence[HoursFrom] = DEFAULT_HOURS
    ramadan: Sequence[tuple[date, date]] = ()
    _newest_first: dict[tuple[int, bool], list[HoursFrom]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _days: dict[date, tuple[Stretch, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.zone.key not in ZONES:  # clocks that change would break the arithmetic in local time
            raise ValueError(f"not a time zone of Indonesia: {self.zone.key}")
        for row in sorted(self.hours, key=lambda row: row.valid_from, reverse=True):
            self._newest_first.setdefault((row.weekday, row.ramadan), []).append(row)

    def kind(self, day: date) -> DayKind:
        """Say what the date is; a special working day wins over a holiday."""
        if day in self.special:
            return DayKind.SPECIAL_WORKDAY
        if day in self.closed:
            return DayKind.CLOSED
        return DayKind.WORKDAY if self._hours(day.weekday(), day) else DayKind.DAY_OFF

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the office hours of a date, in order; empty when nobody works."""
        if day in self.special:
            weekdays = (day.weekday(), 0, 1, 2, 3, 4, 5, 6)
            return next((spans for weekday in weekdays if (spans := self._hours(weekday, day))), ())
        return () if day in self.closed else self._hours(day.weekday(), day)

    def _hours(self, weekday: int, day: date) -> tuple[Span, ...]:
        fasting = any(first <= day <= last for first, last in self.ramadan)
        for ramadan in (True, False) if fasting else (False,):
            for row in self._newest_first.get((weekday, ramadan), ()):
                if row.valid_from <= day:
                    return row.spans
        return ()

    def stretches(self, day: date) -> tuple[Stretch, ...]:
        """Return the office hours of a date as local datetimes without zone."""
        known = self._days.get(day)
        if known is None:
            known = tuple(
                Stretch(datetime.combine(day, span.start), datetime.combine(day, span.end)) for span in self.spans(day)
            )
            self._days[day] = known
        return known

    def is_workday(self, day: date) -> bool:
        """Say whether anybody works on that date."""
        return bool(self.stretches(day))

    def minutes_on(self, day: date) -> int:
        """Return the office minutes of a date."""
        return sum(span.minutes for span in self.spans(day))

    def first_workday_on_or_after(self, day: date) -> date:
        """Return that date or the next one on which people work; NoWorkdayError when there is none near."""
        found = day
        for _ in range(MOST_DAYS_CLOSED):
            if self.is_workday(found):
                return found
            found += ONE_DAY
        raise NoWorkdayError(day)

    def next_workday(self, day: date) -> date:
        """Return the first working day after that date; NoWorkdayError when there is none near."""
        return self.first_workday_on_or_after(day + ONE_DAY)

    def opening(self, day: date) -> datetime:
        """Return when work begins on that date, in UTC; of the next working day when it is closed."""
        return self.utc(self.stretches(self.first_workday_on_or_after(day))[0].opens)

    def local(self, moment: datetime) -> datetime:
        """Return the agency's clock at an aware moment, without zone; ValueError for a naive one."""
        if moment.utcoffset() is None:
            raise ValueError(f"a moment needs a time zone: {moment}")
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def utc(self, clock: datetime) -> datetime:
        """Return the moment, in UTC, at which the agency's clock shows this."""
        return clock.replace(tzinfo=self.zone).astimezone(UTC)

    def from_clock(self, clock: datetime) -> Iterator[Stretch]:
        """Yield the office hours still to come at a local time, cut at it; one that closes just then comes empty."""
        day = clock.date()
        for opens, closes in self.stretches(day):
            if clock <= closes:
                yield Stretch(max(clock, opens), closes)
        while True:
            day = self.next_workday(day)
            yield from self.stretches(day)

    @property
    def usual_day(self) -> int:
        """Minutes of an ordinary working day: the first weekday that has hours, by its newest row."""
        for weekday in range(7):
            for row in self._newest_first.get((weekday, False), ())[:1]:
                if row.minutes:
                    return row.minutes
        return USUAL_DAY


def add_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Return, in UTC, when so many office minutes have passed; a result at closing time stays on that day."""
    _check_amount(minutes, MOST_MINUTES)
    left = timedelta(minutes=minutes)
    for opens, closes in calendar.from_clock(calendar.local(start)):
        if left <= closes - opens:
            return calendar.utc(opens + left)
        left -= closes - opens
    raise AssertionError  # the hours to come never end


def add_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Return, in UTC, the same clock time so many working days later.

    A start outside office hours first moves to the next opening. A clock time outside the last day's hours moves into
    them: to the end of a break, to the opening, or back to the closing.
    """
    _check_amount(days, MOST_DAYS)
    begin = next(calendar.from_clock(calendar.local(start))).opens
    day = begin.date()
    for _ in range(days):
        day = calendar.next_workday(day)
    wanted = datetime.combine(day, begin.time())
    hours = calendar.stretches(day)
    inside = (max(wanted, opens) for opens, closes in hours if wanted <= closes)
    return calendar.utc(next(inside, hours[-1].closes))


def deadline(calendar: Calendar, start: datetime, amount: int, unit: Literal["minute", "day"]) -> datetime:
    """Return, in UTC, the end of a standard time as the SOP writes it; a day is never a number of minutes."""
    if unit == "minute":
        return add_minutes(calendar, start, amount)
    if unit == "day":
        return add_days(calendar, start, amount)
    raise ValueError(f"not a unit of standard time: {unit!r}")


def minutes_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Return the whole office minutes from start to end; 0 when the end is not later."""
    begin, finish = calendar.local(start), calendar.local(end)
    passed = timedelta()
    day = begin.date()
    while day <= finish.date():
        for opens, closes in calendar.stretches(day):
            passed += max(min(closes, finish) - max(opens, begin), timedelta())
        day += ONE_DAY
    return passed // ONE_MINUTE


def _check_amount(amount: int, most: int) -> None:
    if not 0 <= amount <= most:
        raise ValueError(f"not a standard time: {amount}")
