"""The agency's calendar: national rows overlaid by its own."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from capaian.agencies import actions
from capaian.agencies.calendar_queries import hours_shown, own_day, ramadan_shown, year_days
from capaian.agencies.calendar_seed import RAMADAN
from capaian.agencies.models import WorkDay, WorkHours
from capaian.agencies.queries import calendar_of
from tests.agencies.refusals import codes
from tests.factories import World

INDEPENDENCE = date(2026, 8, 17)


@pytest.fixture
def seeded(alfa: World) -> World:
    """An agency on an installation with the national calendar."""
    actions.seed_national_calendar(by=actions.founding_actor())
    return alfa


def test_the_national_calendar_comes_once_and_is_never_overwritten(seeded: World) -> None:
    assert actions.seed_national_calendar(by=actions.founding_actor()) == 0
    WorkDay.objects.filter(agency=None, date=INDEPENDENCE).update(name="Hari besar")
    WorkDay.objects.filter(agency=None, date=date(2026, 1, 1)).delete()
    assert actions.seed_national_calendar(by=seeded.admin) == 1
    assert WorkDay.objects.get(agency=None, date=INDEPENDENCE).name == "Hari besar"


def test_one_query_makes_a_calendar(seeded: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        calendar = calendar_of(seeded.agency)
    assert not calendar.is_workday(INDEPENDENCE)
    assert calendar.minutes_on(date(2026, 8, 18)) == 450
    assert calendar.minutes_on(date(2026, 3, 3)) == 390  # Ramadan


def test_a_changed_calendar_is_seen_at_once(seeded: World) -> None:
    assert calendar_of(seeded.agency).is_workday(date(2026, 8, 11))
    WorkDay.objects.create(agency=seeded.agency, date=date(2026, 8, 11), kind="holiday", name="Hari jadi")
    assert not calendar_of(seeded.agency).is_workday(date(2026, 8, 11))


def test_own_days_replace_national_ones_for_this_agency_only(seeded: World, beta: World) -> None:
    own = date(2026, 8, 10)

    def put(day: date, kind: str) -> None:
        actions.put_work_day(agency=seeded.agency, day=day, kind=kind, name="Hari jadi", by=seeded.admin)

    put(own, "holiday")
    put(INDEPENDENCE, "special_workday")
    assert [calendar_of(seeded.agency).is_workday(day) for day in (own, INDEPENDENCE)] == [False, True]
    assert [calendar_of(beta.agency).is_workday(day) for day in (own, INDEPENDENCE)] == [True, False]
    shown = {day.row.date: day for day in year_days(seeded.reach("admin"), 2026)}
    assert shown[INDEPENDENCE].own
    assert shown[INDEPENDENCE].covers
    assert not shown[date(2026, 12, 25)].own
    actions.remove_work_day(agency=seeded.agency, day=INDEPENDENCE, by=seeded.admin)
    assert not calendar_of(seeded.agency).is_workday(INDEPENDENCE)
    assert own_day(seeded.reach("admin"), INDEPENDENCE) is None


def test_own_hours_hold_from_their_day_on_and_can_be_dropped(seeded: World, beta: World) -> None:
    monday = date(2026, 6, 15)

    def put(spans: str) -> WorkHours:
        return actions.put_work_hours(agency=seeded.agency, valid_from=monday, weekday=0, spans=spans, by=seeded.admin)

    assert put("8.00 - 12.00, 13:00-15:00").spans == "08:00-12:00,13:00-15:00"
    calendar = calendar_of(seeded.agency)
    assert [calendar.minutes_on(day) for day in (date(2026, 6, 8), monday)] == [450, 360]
    assert calendar_of(beta.agency).minutes_on(monday) == 450
    assert codes(lambda: put("12:00-08:00")) == ["hours_unread"]
    assert codes(lambda: put("08:00-12:00, 11:00-13:00")) == ["hours_unread"]
    mine = [row for row in hours_shown(seeded.reach("admin", monday)) if row.own]
    assert [(row.weekday, row.minutes) for row in mine] == [(0, 360)]
    actions.drop_work_hours(agency=seeded.agency, weekday=0, by=seeded.admin)
    assert calendar_of(seeded.agency).minutes_on(monday) == 450


def test_own_ramadan_dates_replace_the_estimate(seeded: World, beta: World) -> None:
    offered = next(first for first, _ in RAMADAN if first.year == 2026)
    first, last = offered + timedelta(days=1), offered + timedelta(days=29)
    for estimated in (True, False):
        actions.put_ramadan_dates(
            agency=seeded.agency, first_day=first, last_day=last, estimated=estimated, by=seeded.admin
        )
    mine = [row for row in ramadan_shown(seeded.reach("admin")) if row.first_day.year == 2026]
    assert [(row.first_day, row.last_day, row.estimated) for row in mine] == [(first, last, False)]
    assert calendar_of(seeded.agency).minutes_on(offered) == 450
    assert calendar_of(beta.agency).minutes_on(offered) == 390
    actions.remove_ramadan_dates(agency=seeded.agency, first_day=first, by=seeded.admin)
    assert calendar_of(seeded.agency).minutes_on(offered) == 390
    assert codes(
        lambda: actions.put_ramadan_dates(
            agency=seeded.agency, first_day=first, last_day=first, estimated=True, by=seeded.admin
        )
    ) == ["ramadan_length"]


@pytest.mark.parametrize(
    ("day", "kind", "name", "refused"),
    [
        (date(2023, 12, 31), "holiday", "Libur", ["date_outside"]),
        (INDEPENDENCE, "party", "Libur", ["day_kind_unknown"]),
        (INDEPENDENCE, "holiday", "", ["day_name_empty"]),
    ],
)
def test_days_are_refused(alfa: World, day: date, kind: str, name: str, refused: list[str]) -> None:
    assert (
        codes(lambda: actions.put_work_day(agency=alfa.agency, day=day, kind=kind, name=name, by=alfa.admin)) == refused
    )
