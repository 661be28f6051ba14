"""Agreements below the Kepala's: what an official usually promises, to whom, and whether it carries what is above."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.journal.reason import Refused
from capaian.planning import actions
from capaian.planning.agreement_cascade import cascade, newest
from capaian.planning.agreement_queries import agreement_in_force, agreements
from capaian.planning.entries import MonthEntry, PartyEntry
from capaian.planning.models import Agreement, Card, Level, Node
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan

pytestmark = pytest.mark.django_db
TOP = PartyEntry("Bupati Contoh", "Bupati")


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel("2026-01-20 09:00 +07:00", tick=False):
        world = make_agency("Melati")
        make_plan(world)
        Node.objects.filter(level__in=(Level.PROGRAMME, Level.ACTIVITY)).update(owner=world.units["ikp"])
        yield world


def plain(world: World, name: str, level: str) -> Card:
    card = make_card(world, name, level=level)
    card.indicator.is_iku = False
    card.indicator.save()
    return card


def draft(world: World, who: str, above: str = "head", cards: list[Card] | None = None, reason: str = "") -> Agreement:
    party = PartyEntry("Atasan", "Jabatan", superior_position_id=world.positions[above].pk, reason=reason)
    return actions.draft_agreement(
        agency=world.agency, year=2026, party=TOP if who == "head" else party, edition=0, by=world.actor("team"),
        position=world.positions[who], card_ids=None if cards is None else [card.pk for card in cards],
    )  # fmt: skip


def warnings(world: World) -> list[str]:
    parents = dict(Node.objects.values_list("pk", "parent_id"))
    links = cascade(newest(agreements(world.reach("team"), 2026)), parents)
    return [reason.code for link in links for reason in link.warnings]


def test_an_official_promises_the_cards_of_his_unit_and_level(world: World) -> None:
    make_card(world, "iku")
    programme, activity = plain(world, "p", Level.PROGRAMME), plain(world, "k", Level.ACTIVITY)
    node = activity.indicator.node
    actions.set_budget(
        node=node, year=2026, months=[MonthEntry(1, Decimal(70), None)], edition=1, by=world.actor("team")
    )
    division, section = draft(world, "ikp"), draft(world, "ikp.staff", "ikp")
    assert [item.card for item in division.items.all()] == [programme, activity]
    assert [item.card for item in section.items.all()] == [activity]
    assert [(row.node.level, row.amount) for row in division.budgets.all()] == [("activity", Decimal(70))]
    assert division.superior_position == world.positions["head"]
    assert division.promiser_title == world.positions["ikp"].title


def test_what_nobody_carries_is_named(world: World) -> None:
    make_card(world, "iku")
    make_card(world, "tujuan", level=Level.GOAL)
    programme, activity = plain(world, "p", Level.PROGRAMME), plain(world, "k", Level.ACTIVITY)
    draft(world, "head")
    assert warnings(world) == []  # nobody below yet: nothing to compare with
    draft(world, "ikp", cards=[programme])
    assert warnings(world) == []
    draft(world, "ikp.staff", "ikp", cards=[activity])
    assert warnings(world) == []
    Node.objects.filter(level=Level.PROGRAMME).update(parent=None)
    assert warnings(world) == ["not_carried", "not_carried", "carries_nothing"]


def test_a_change_says_why(world: World) -> None:
    card = plain(world, "p", Level.PROGRAMME)
    first = draft(world, "ikp", cards=[card])
    actions.put_agreement_in_force(agreement=first, in_force_from=date(2026, 1, 20), edition=1, by=world.actor("head"))
    with pytest.raises(Refused) as refused:
        draft(world, "ikp", cards=[card])
    assert [reason.code for reason in refused.value.reasons] == ["reason_empty"]
    second = draft(world, "ikp", cards=[card], reason="Pergantian pejabat")
    assert (second.version, second.reason) == (2, "Pergantian pejabat")
    assert agreement_in_force(world.reach("team"), date(2026, 3, 1), world.positions["ikp"].pk) == first
    assert agreement_in_force(world.reach("team"), date(2026, 3, 1)) is None


def test_only_active_cards_and_open_positions_of_the_agency(world: World) -> None:
    foreign = make_agency("Mawar")
    other = make_card(foreign, "x")
    inactive = make_card(world, "konsep", active=False)
    for cards in ([other], [inactive], []):
        with pytest.raises(Refused) as refused:
            draft(world, "ikp", cards=cards)
        assert refused.value.reasons[0].code in ("card_unknown", "no_cards")
    with pytest.raises(Refused) as refused:
        actions.draft_agreement(
            agency=world.agency, year=2026, party=TOP, edition=0, by=world.actor("team"),
            position=foreign.positions["ikp"],
        )  # fmt: skip
    assert [reason.code for reason in refused.value.reasons] == ["position_unknown"]
    above = PartyEntry("A", "B", superior_position_id=foreign.positions["head"].pk)
    with pytest.raises(Refused) as refused:
        actions.draft_agreement(
            agency=world.agency, year=2026, party=above, edition=0, by=world.actor("team"),
            position=world.positions["ikp"], card_ids=[],
        )  # fmt: skip
    assert "superior_unknown" in [reason.code for reason in refused.value.reasons]


def test_a_divisions_agreement_is_drafted_from_the_page(world: World, client: Client) -> None:
    client.force_login(world.people["team"])
    card = plain(world, "p", Level.PROGRAMME)
    path = reverse("agreement_draft", args=[2026]) + f"?jabatan={world.positions['ikp'].public_id}"
    text = client.get(path).content.decode()
    assert f'value="{card.public_id}"' in text
    assert f'value="{world.positions["head"].public_id}" selected' in text
    token = text.partition('name="form_token" value="')[2].partition('"')[0]
    sent = {"superior": world.positions["head"].public_id, "superior_name": "Head", "superior_title": "Kepala"}
    answer = client.post(path, sent | {"cards": [card.public_id], "form_token": token})
    row = Agreement.objects.get()
    assert answer.url == reverse("agreement", args=[row.public_id])  # type: ignore[attr-defined]
    assert (row.position, row.superior_position) == (world.positions["ikp"], world.positions["head"])
    assert client.get(reverse("agreement_draft", args=[2026]) + "?jabatan=tidakada").status_code == 404
    counts, listed = [], ""
    for who in ("aptika", "head"):
        with CaptureQueriesContext(connection) as asked:
            listed = client.get(reverse("agreement_list", args=[2026])).content.decode()
        counts.append(len(asked))
        make_card(world, f"iku {who}")
        draft(world, who, cards=None if who == "head" else [card])
    assert counts[0] == counts[1]
    assert world.positions["aptika"].title in listed
