"""A year's cards are carried in one action, all or none; a plan's years keep what is planned; a missing PK warns."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from capaian.journal.reason import Conflict, Refused
from capaian.periods.period import Period
from capaian.planning import actions
from capaian.planning.agreement_queries import agreement_in_force, promise_at, reason_without_agreement
from capaian.planning.entries import PartyEntry, PlanEntry
from capaian.planning.models import Agreement, Card
from capaian.planning.queries import cards_to_carry
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel("2026-01-20 09:00 +07:00", tick=False):
        yield make_agency("Melati")


def carry(world: World, *cards: Card, year: int = 2027) -> list[Card]:
    seen = {card.pk: card.edition for card in cards}
    return actions.carry_year(agency=world.agency, year=year, seen=seen, by=world.actor("team"))


def test_a_year_is_carried_in_one_action(world: World) -> None:
    first = make_card(world, "a", data=("selesai", "masuk"), formula="selesai / masuk * 100", targets={"2026": "3"})
    second = make_card(world, "b", units=("ikp", "aptika"))
    made = carry(world, first, second)
    assert [(card.indicator_id, card.year, card.targets.count()) for card in made] == [
        (first.indicator_id, 2027, 0), (second.indicator_id, 2027, 0),
    ]  # fmt: skip
    assert [[row.name for row in card.data.all()] for card in made] == [["selesai", "masuk"], []]
    assert [card.suppliers.count() for card in made] == [1, 2]
    assert [row.there for row in cards_to_carry(world.reach("team"), 2027)] == [True, True]


def test_nothing_is_carried_when_one_cannot_be(world: World) -> None:
    first, second = make_card(world, "a"), make_card(world, "b")
    carry(world, first)
    with pytest.raises(Refused) as refused:
        carry(world, first, second)
    assert [reason.code for reason in refused.value.reasons] == ["card_there"]
    with pytest.raises(Refused) as late:
        carry(world, second, year=2030)
    assert [reason.code for reason in late.value.reasons] == ["outside_plan"]
    stale = {second.pk: second.edition + 1}
    with pytest.raises(Conflict):
        actions.carry_year(agency=world.agency, year=2027, seen=stale, by=world.actor("team"))
    with pytest.raises(Refused):
        carry(world)
    assert Card.objects.filter(year=2027).count() == 1


def test_the_newest_year_before_is_carried(world: World) -> None:
    make_card(world, "a", year=2025)
    newest = make_card(world, "b")
    assert [row.card for row in cards_to_carry(world.reach("team"), 2029)] == [newest]
    [made] = carry(world, newest, year=2029)
    assert (made.year, made.indicator_id) == (2029, newest.indicator_id)
    assert cards_to_carry(world.reach("team"), 2025) == []


def test_another_agencys_card_is_not_carried(world: World) -> None:
    foreign = make_card(make_agency("Mawar"), "a")
    with pytest.raises(Conflict):
        carry(world, foreign)
    assert not Card.objects.filter(year=2027).exists()


def test_a_plan_keeps_the_years_in_which_something_is_planned(world: World) -> None:
    plan, by = make_plan(world), world.actor("team")
    make_card(world, "a")
    shorter = PlanEntry("Renstra lama", 2027, 2029)
    with pytest.raises(Refused) as refused:
        actions.change_plan(plan=plan, entry=shorter, edition=1, by=by)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [("plan_years_used", "first_year")]
    changed = actions.change_plan(plan=plan, entry=PlanEntry(" Renstra baru ", 2026, 2030), edition=1, by=by)
    assert (changed.title, changed.first_year, changed.last_year, changed.edition) == ("Renstra baru", 2026, 2030, 2)
    with pytest.raises(Conflict):
        actions.change_plan(plan=plan, entry=shorter, edition=1, by=by)


def test_the_agreement_in_force_is_that_of_the_day(world: World) -> None:
    make_card(world, "a")
    reach, by = world.reach("team"), world.actor("team")

    def promised(version: int, day: date) -> Agreement:
        row = actions.draft_agreement(
            agency=world.agency,
            year=2026,
            party=PartyEntry("Bupati Contoh", "Bupati", reason="Perubahan"),
            edition=0,
            by=by,
        )
        assert row.version == version
        return actions.put_agreement_in_force(agreement=row, in_force_from=day, edition=1, by=world.actor("head"))

    assert reason_without_agreement(reach, Period.parse("2026-Q1")) is not None
    first = promised(1, date(2026, 1, 15))
    second = promised(2, date(2026, 9, 1))
    days = (date(2026, 1, 14), date(2026, 1, 15), date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 31))
    assert [agreement_in_force(reach, day) for day in days] == [None, first, first, second, second]
    assert agreement_in_force(reach, date(2027, 1, 1)) is None
    at_the_end = [promise_at(reach, Period.parse(code)) for code in ("2026-Q1", "2026-08", "2026-Q3", "2026", "2027")]
    assert at_the_end == [first, first, second, second, None]
    assert reason_without_agreement(reach, Period.parse("2026-Q1")) is None
    assert reason_without_agreement(reach, Period.parse("2027-Q1")) is not None
