"""Several planners at one moment against a real server: one change is taken, the others are told; nothing is half."""

from collections import Counter
from collections.abc import Sequence

import pytest
from django.urls import reverse

from capaian.agencies.queries import today
from capaian.documents.models import Document
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.planning import actions
from capaian.planning.entries import PartyEntry
from capaian.planning.models import Agreement, Card, Node
from tests.factories import World, make_agency
from tests.planning.cards import make_card
from tests.server import Server
from tests.web.visitors import Click, Visitor, at_once, visitor

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(300)]
CROWD = 8


@pytest.fixture
def world(live: Server) -> World:
    return make_agency("Melati")


def crowd(world: World, live: Server, *names: str) -> list[Visitor]:
    return [visitor(world.people[names[place % len(names)]], live) for place in range(CROWD)]


def send(visitors: Sequence[Visitor], path: str, **form: str) -> Counter[int]:
    """Send the same form from everybody's own page at one moment; count the answers."""
    clicks = [Click(by, path, {"form_token": by.token(), **form}) for by in visitors]
    return Counter(answer.status for answer in at_once(clicks))


def test_one_of_many_changes_a_card(world: World, live: Server) -> None:
    card = make_card(world, "Indeks", active=False)
    planners = crowd(world, live, "team", "team2", "admin")
    path = reverse("card_targets", args=[card.public_id])
    assert send(planners, path, edition="1", target_2026="3") == {302: 1, 409: CROWD - 1}
    assert (Card.objects.get().edition, card.targets.count()) == (2, 1)
    assert Entry.objects.filter(verb="set_targets").count() == 1
    assert not list(breaks(world.agency.public_id))


def test_a_code_is_given_once(world: World, live: Server) -> None:
    node = make_card(world, "Indeks").indicator.node
    path = reverse("node_new", args=[node.plan.public_id])
    form = {"level": "programme", "text": "Program", "code": "2.16.02", "ordinal": "1"}
    assert send(crowd(world, live, "team", "admin"), path, **form) == {302: 1, 422: CROWD - 1}
    assert Node.objects.filter(code="2.16.02").count() == 1


def test_an_agreement_is_put_in_force_once(world: World, live: Server) -> None:
    year = today(world.agency).year
    make_card(world, "Indeks", year=year, targets={str(year): "3"})
    row = actions.draft_agreement(
        agency=world.agency, year=year, party=PartyEntry("Bupati", "Bupati"), edition=0, by=world.actor("team")
    )
    path = reverse("agreement_enforce", args=[row.public_id])
    seen = send(crowd(world, live, "head", "secretary"), path, edition="1", in_force_from=f"{year}-02-01")
    assert seen == {302: 1, 409: CROWD - 1}
    assert (Agreement.objects.get().state, Document.objects.count()) == ("in_force", 1)
    assert not list(breaks(world.agency.public_id))
