"""Perjanjian Kinerja: drafted from the active IKU cards, put in force by the Kepala, superseded by the next."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capaian.agencies import actions as agency_actions
from capaian.agencies.models import Appointment
from capaian.documents.render import render
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.planning import actions
from capaian.planning.agreement_queries import agreements
from capaian.planning.entries import MonthEntry, PartyEntry
from capaian.planning.models import Agreement, Card, Level, Node, Target
from capaian.planning.queries import budget_totals, tree
from tests.documents.test_render import squeezed, text_of
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan

pytestmark = pytest.mark.django_db
PARTY = PartyEntry("Bupati Contoh", "Bupati", reason="Perubahan anggaran")
TODAY = date(2026, 1, 20)


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel("2026-01-20 09:00 +07:00", tick=False):
        yield make_agency("Melati")


def draft(world: World, edition: int = 0) -> Agreement:
    return actions.draft_agreement(agency=world.agency, year=2026, party=PARTY, edition=edition, by=world.actor("team"))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def budget(world: World, level: str, *months: MonthEntry) -> None:
    node = Node.objects.get(agency=world.agency, level=level)
    actions.set_budget(node=node, year=2026, months=months, edition=node.edition, by=world.actor("team"))


def test_a_draft_promises_the_active_key_indicators(world: World) -> None:
    make_plan(world)
    with pytest.raises(Refused) as refused:
        draft(world)
    assert codes(refused) == ["no_iku"]
    second = make_card(world, "b", level=Level.PROGRAMME)
    first = make_card(world, "a")
    make_card(world, "konsep", active=False)
    plain = make_card(world, "bukan")
    plain.indicator.is_iku = False
    plain.indicator.save()
    budget(world, Level.ACTIVITY, MonthEntry(1, Decimal("100.50"), None), MonthEntry(4, Decimal(50), Decimal(0)))
    row = draft(world)
    assert [item.card for item in row.items.all()] == [first, second]
    assert [(each.node.level, each.amount) for each in row.budgets.all()] == [("programme", Decimal("150.50"))]
    assert (row.promiser_name, row.promiser_title) == ("Head MELATI", world.positions["head"].title)
    assert (row.state, row.version, row.edition) == ("draft", 1, 1)


def test_a_draft_is_drafted_anew_by_who_saw_it(world: World) -> None:
    make_card(world, "a")
    draft(world)
    with pytest.raises(Conflict):
        draft(world)
    make_card(world, "b")
    again = draft(world, edition=1)
    assert (Agreement.objects.count(), again.version, again.edition, again.items.count()) == (1, 1, 2, 2)


@pytest.mark.parametrize("who", ["team", "admin", "planner", "ikp"])
def test_only_kepala_or_sekretaris_put_it_in_force(world: World, who: str) -> None:
    make_card(world, "a")
    row = draft(world)
    with pytest.raises(Forbidden):
        actions.put_agreement_in_force(agreement=row, in_force_from=TODAY, edition=1, by=world.actor(who))
    with pytest.raises(Forbidden):
        actions.draft_agreement(agency=world.agency, year=2026, party=PARTY, edition=1, by=world.actor("head"))
    assert Agreement.objects.get().state == "draft"


def test_the_next_one_supersedes(world: World) -> None:
    card, by = make_card(world, "a", targets={"2026": "3", "2026-Q1": "1"}), world.actor("head")
    first = draft(world)
    with pytest.raises(Conflict):
        actions.put_agreement_in_force(agreement=first, in_force_from=TODAY, edition=2, by=by)
    actions.put_agreement_in_force(agreement=first, in_force_from=TODAY, edition=1, by=by)
    assert set(Target.objects.filter(card=card).values_list("agreement", flat=True)) == {first.pk}
    second = draft(world)
    assert (second.version, second.pk == first.pk) == (2, False)
    with pytest.raises(Refused) as refused:
        actions.put_agreement_in_force(agreement=second, in_force_from=TODAY, edition=1, by=by)
    assert codes(refused) == ["day_before_last"]
    actions.put_agreement_in_force(agreement=second, in_force_from=date(2026, 7, 1), edition=1, by=by)
    states = [(row.version, row.state) for row in agreements(world.reach("team"), 2026)]
    assert states == [(2, "in_force"), (1, "superseded")]
    with pytest.raises(Refused) as refused:
        actions.put_agreement_in_force(agreement=second, in_force_from=date(2026, 8, 1), edition=2, by=by)
    assert codes(refused) == ["not_draft"]


def test_a_draft_of_another_day_is_not_put_in_force(world: World) -> None:
    card, by = make_card(world, "a"), world.actor("secretary")
    row = draft(world)
    Card.objects.filter(pk=card.pk).update(is_current=False)
    held = Appointment.objects.get(position=world.positions["head"])
    agency_actions.end_appointment(appointment=held, last_day=date(2026, 1, 19), by=world.admin)
    world.appoint(
        "secretary", world.positions["head"], kind=Appointment.Kind.ACTING, valid_from=TODAY, valid_to=date(2026, 4, 1)
    )
    with pytest.raises(Refused) as refused:
        actions.put_agreement_in_force(agreement=row, in_force_from=date(2025, 12, 30), edition=1, by=by)
    assert codes(refused) == ["head_changed", "card_outdated", "day_outside_year"]
    assert all(reason.next_step for reason in refused.value.reasons)


def test_money_is_summed_up_the_tree(world: World) -> None:
    make_plan(world)
    budget(
        world, Level.ACTIVITY, MonthEntry(1, Decimal("0.01"), None), MonthEntry(3, Decimal(2), Decimal(0)),
        MonthEntry(12, Decimal(5), Decimal(4)),
    )  # fmt: skip
    found = budget_totals(world.reach("team"), 2026)
    by_level = {Node.objects.get(pk=pk).level: each for pk, each in found.items()}
    assert set(by_level) == {"goal", "objective", "programme", "activity"}
    for level, each in by_level.items():
        assert [(part.ceiling, part.spent) for part in each.quarters] == [
            (Decimal("2.01"), Decimal(0)), (None, None), (None, None), (Decimal(5), Decimal(4)),
        ]  # fmt: skip
        assert (each.year.ceiling, each.year.spent) == (Decimal("7.01"), Decimal(4))
        assert each.is_own is (level == "activity")
    assert budget_totals(world.reach("team"), 2025) == {}
    assert budget_totals(make_agency("Kenanga").reach("team"), 2026) == {}


def test_the_tree_asks_as_often_for_any_plan(world: World) -> None:
    counts = []
    for number in range(1, 4):
        make_card(world, f"n{number}", targets={"2026": "1"})
        with CaptureQueriesContext(connection) as seen:
            places = tree(world.reach("team"), make_plan(world), 2026)
        counts.append((sum(len(place.cards) for place in places), len(seen)))
    assert [count for count, _ in counts] == [1, 2, 3]
    assert len({queries for _, queries in counts}) == 1


def test_the_tree_shows_drafts_of_new_versions(world: World) -> None:
    card = make_card(world, "a")
    revision = actions.revise_card(card=card, reason="Perubahan anggaran", by=world.actor("team"))
    places = tree(world.reach("team"), make_plan(world), 2026)
    assert [row.pk for place in places for row in place.cards] == [card.pk, revision.pk]


def test_its_paper_says_what_was_agreed(world: World) -> None:
    card = make_card(world, "Indeks SPBE", targets={"2026": "3.1"})
    budget(world, Level.ACTIVITY, MonthEntry(1, Decimal("1234567.50"), None))
    first = actions.put_agreement_in_force(
        agreement=draft(world), in_force_from=TODAY, edition=1, by=world.actor("head"), number="800/17/PK"
    )
    paper = first.document
    assert paper is not None
    assert (paper.number, paper.title, paper.dated) == ("800/17/PK", "Perjanjian Kinerja Tahun 2026", TODAY)
    [statement, targets, money] = paper.context["blocks"]
    assert statement["paragraphs"][1].startswith("Head MELATI, Kepala Dinas Melati, selanjutnya")
    assert targets["rows"] == [["1", "Sasaran MELATI", card.name, "persen", "3,1"]]
    assert money["rows"] == [
        ["1", "Program MELATI", "Rp 1.234.567,50", ""], ["", "Jumlah", "Rp 1.234.567,50", ""],
    ]  # fmt: skip
    assert [who["caption"] for who in (paper.context["signature"], *paper.context["cosignatures"])] == [
        "Pihak pertama", "Pihak kedua",
    ]  # fmt: skip
    with pikepdf.open(io.BytesIO(render(paper.context["layout"], paper.context))) as pdf:
        printed = squeezed(text_of(pdf))
    for words in ("Bupati Contoh", "Indeks SPBE MELATI", "Rp 1.234.567,50", "800/17/PK"):
        assert squeezed(words) in printed
    second = actions.put_agreement_in_force(
        agreement=draft(world), in_force_from=date(2026, 7, 1), edition=1, by=world.actor("head")
    )
    assert second.document is not None
    assert (second.document.supersedes, second.document.title) == (paper, "Perubahan Perjanjian Kinerja Tahun 2026")


def test_a_number_that_is_taken_puts_nothing_in_force(world: World) -> None:
    make_card(world, "a")
    by = world.actor("head")
    first = actions.put_agreement_in_force(
        agreement=draft(world), in_force_from=TODAY, edition=1, by=by, number="800/17/PK"
    )
    assert first.document is not None
    assert len(first.document.context["blocks"]) == 2  # no amount known is not an amount of 0
    again = draft(world)
    with pytest.raises(Refused):
        actions.put_agreement_in_force(
            agreement=again, in_force_from=date(2026, 7, 1), edition=1, by=by, number="800/17/PK"
        )
    assert sorted(Agreement.objects.values_list("state", flat=True)) == ["draft", "in_force"]
