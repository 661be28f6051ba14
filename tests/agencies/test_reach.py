"""What a person may act for: by date, in few queries, never beyond the own agency."""

from datetime import UTC, date, datetime, timedelta

import time_machine
from pytest_django import DjangoAssertNumQueries

from capaian.agencies import actions
from capaian.agencies.models import Appointment, Person, RoleKey
from capaian.agencies.queries import gaps, holders, local_date, reach, today
from tests.factories import World

DAY = timedelta(days=1)
LAST = date(2026, 6, 30)


def test_one_query_tells_what_somebody_may_act_for(
    alfa: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = Person.objects.select_related("agency").get(pk=alfa.people["ikp"].pk)
    with django_assert_num_queries(1):
        found = reach(person, LAST)
    assert found.roles == {RoleKey.UNIT_HEAD, RoleKey.SUBMITTER}
    assert found.unit_ids == found.units_with("submitter") == {alfa.units["ikp"].pk}
    assert found.units_with("team") == frozenset()
    bare = Person.objects.get(pk=person.pk)
    with django_assert_num_queries(2):
        reach(bare, LAST)


def test_acting_official_acts_until_the_end_of_the_last_day_and_not_after(alfa: World) -> None:
    alfa.appoint("team", alfa.positions["head"], kind="acting", valid_from=date(2026, 6, 1), valid_to=LAST)
    person = alfa.people["team"]
    assert [held.title for held in reach(person, LAST).held] == ["Tim SAKIP", "Plt. Kepala Dinas Alfa"]
    assert reach(person, LAST).has("head")
    # negative control: the same question a day later, with nothing written in between
    assert not reach(person, LAST + DAY).has("head")
    assert not reach(person, date(2026, 5, 31)).has("head")
    with time_machine.travel(datetime(2026, 6, 30, 16, 59, tzinfo=UTC), tick=False):
        assert reach(person, today(alfa.agency)).has("head")
    with time_machine.travel(datetime(2026, 6, 30, 17, 0, tzinfo=UTC), tick=False):  # midnight in WIB
        assert not reach(person, today(alfa.agency)).has("head")


def test_the_date_is_that_of_the_agency(alfa: World, beta: World) -> None:
    evening = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)
    assert local_date(alfa.agency, evening) == LAST
    assert local_date(beta.agency, evening) == LAST + DAY


def test_the_position_that_fits_best_acts(alfa: World) -> None:
    alfa.appoint("secretary", alfa.positions["head"], kind="daily", valid_from=date(2026, 6, 1), valid_to=LAST)
    found = reach(alfa.people["secretary"], LAST)
    assert found.actor().title == "Sekretaris"  # definitive before acting
    assert found.actor("head").title == "Plh. Kepala Dinas Alfa"
    assert found.actor("secretary", alfa.units["secretariat"].pk).position_id == alfa.positions["secretary"].pk
    assert found.actor("team").title == "Sekretaris"  # nothing fits: the rules will say no
    assert found.actor("head", token="t").token == "t"


def test_nobody_without_position_inactive_or_on_a_closed_position_reaches_anything(alfa: World) -> None:
    nobody = alfa.person("tamu")
    assert reach(nobody, LAST).held == ()
    assert reach(nobody, LAST).actor().position_id is None
    person = alfa.people["aptika.staff"]
    assert reach(person, LAST).held
    person.is_active = False
    assert reach(person, LAST).held == ()
    head = alfa.people["ikp"]
    alfa.positions["ikp"].closed_on = LAST
    Appointment.objects.filter(person=head).update(valid_to=LAST)
    type(alfa.positions["ikp"]).objects.filter(pk=alfa.positions["ikp"].pk).update(closed_on=LAST)
    assert reach(head, LAST - DAY).held
    assert reach(head, LAST).held == ()


def test_holders_are_of_one_agency_and_one_unit(alfa: World, beta: World) -> None:
    assert holders(alfa.agency, RoleKey.HEAD, LAST) == [alfa.people["head"]]
    assert holders(beta.agency, RoleKey.HEAD, LAST) == [beta.people["head"]]
    unit = alfa.units["ikp"].pk
    assert holders(alfa.agency, RoleKey.SUBMITTER, LAST, unit) == [alfa.people["ikp"]]
    assert holders(beta.agency, RoleKey.SUBMITTER, LAST, unit) == []


def test_a_changed_role_counts_at_once(alfa: World) -> None:
    position, person = alfa.positions["ikp"], alfa.people["ikp"]
    assert reach(person, LAST).has("submitter")
    actions.change_position(
        position=position, title=position.title, roles=["unit_head"], unit=alfa.units["ikp"], by=alfa.admin
    )
    assert not reach(person, LAST).has("submitter")


def test_gaps_name_what_is_missing_before_the_sops_can_run(alfa: World) -> None:
    assert gaps(alfa.reach("admin", LAST)) == []
    actions.end_appointment(
        appointment=alfa.people["ikp"].appointments.get(), last_day=date(2025, 12, 31), by=alfa.admin
    )
    actions.end_appointment(
        appointment=alfa.people["head"].appointments.get(), last_day=date(2025, 12, 31), by=alfa.admin
    )
    assert [reason.code for reason in gaps(alfa.reach("admin", LAST))] == ["no_head", "no_submitter"]
