"""Laws that hold for every start and every length of time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from capaian.periods.working_time import Calendar, add_days, add_minutes, minutes_between
from tests.periods.calendars import WIB, WIT, WITA, national

CALENDARS = st.sampled_from([national(zone) for zone in (WIB, WITA, WIT)])
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
MINUTES = st.integers(0, 2_000)
COUNT = settings(max_examples=300, deadline=None, derandomize=True)


@COUNT
@given(calendar=CALENDARS, start=STARTS, minutes=MINUTES)
def test_working_time_from_start_to_deadline_is_the_standard_time(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = add_minutes(calendar, start, minutes)
    assert end >= start
    assert minutes_between(calendar, start, end) == minutes
    assert calendar.is_workday(calendar.local(end).date())


@COUNT
@given(calendar=CALENDARS, start=STARTS, first=MINUTES, second=MINUTES)
def test_two_standard_times_in_a_row_are_their_sum(
    calendar: Calendar, start: datetime, first: int, second: int
) -> None:
    assert add_minutes(calendar, add_minutes(calendar, start, first), second) == add_minutes(
        calendar, start, first + second
    )


@COUNT
@given(calendar=CALENDARS, start=STARTS, days=st.integers(0, 30), later=st.timedeltas(timedelta(), timedelta(days=9)))
def test_a_later_start_never_ends_earlier(calendar: Calendar, start: datetime, days: int, later: timedelta) -> None:
    assert add_days(calendar, start, days) <= add_days(calendar, start + later, days)
    assert add_minutes(calendar, start, days * 60) <= add_minutes(calendar, start + later, days * 60)


@COUNT
@given(calendar=CALENDARS, start=STARTS, days=st.integers(1, 30))
def test_days_end_on_the_nth_working_day_in_office_hours(calendar: Calendar, start: datetime, days: int) -> None:
    begin = add_days(calendar, start, 0)
    end = add_days(calendar, start, days)
    first, last = calendar.local(begin).date(), calendar.local(end).date()
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert sum(map(calendar.is_workday, dates)) == days + 1
    assert add_minutes(calendar, end, 0) == end
