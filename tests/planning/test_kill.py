"""Every action of the planning, killed at each of its writes, leaves all or nothing, and happens once."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine

from capaian.agencies.models import Agency
from capaian.documents import store
from capaian.planning import actions
from capaian.planning.entries import IndicatorEntry, MonthEntry, NodeEntry, PartyEntry, PlanEntry
from capaian.planning.models import Card, Level, Node, Plan
from capaian.planning.workbook_actions import apply_workbook, keep_workbook, proposal_of
from capaian.planning.workbook_template import workbook_bytes
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan
from tests.planning.test_card_actions import ENTRY, RATIO, TARGETS, add, whole
from tests.planning.test_workbooks import upload
from tests.sop.fingerprint import ALL_ROOMS, rolled_back
from tests.sop.kills import survives

pytestmark = pytest.mark.django_db
Act = Callable[[World], partial[Any]]


def node() -> Node:
    return Node.objects.get(level=Level.ACTIVITY)


def change(world: World) -> partial[Any]:
    card = add(world)
    return partial(actions.change_card, card=card, entry=replace(RATIO, name="Lain"), edition=card.edition)


def supply(world: World) -> partial[Any]:
    return partial(actions.set_suppliers, card=add(world), unit_ids=[world.units["ikp"].pk], edition=1)


def activate(world: World) -> partial[Any]:
    card = Card.objects.get(pk=whole(world).pk)
    return partial(actions.activate_cards, agency=world.agency, year=2026, seen={card.pk: card.edition})


def revise(world: World) -> partial[Any]:
    card = make_card(world, "a", targets={"2026": "3"})
    return partial(actions.revise_card, card=card, reason="Definisi diperjelas")


def approve(world: World) -> partial[Any]:
    draft = revise(world)(by=world.actor("team"))
    return partial(actions.approve_revision, card=draft, edition=draft.edition)


def carry(world: World) -> partial[Any]:
    seen = {card.pk: card.edition for card in (make_card(world, "a"), make_card(world, "b"))}
    return partial(actions.carry_year, agency=world.agency, year=2027, seen=seen)


def promise(world: World) -> partial[Any]:
    make_card(world, "a", targets={"2026": "3"})
    party = PartyEntry("Bupati Contoh", "Bupati")
    return partial(actions.draft_agreement, agency=world.agency, year=2026, party=party, edition=0)


def enforce(world: World) -> partial[Any]:
    drafted = promise(world)(by=world.actor("team"))
    return partial(actions.put_agreement_in_force, agreement=drafted, in_force_from=date(2026, 1, 20), edition=1)


def bring_in(world: World) -> partial[Any]:
    workbook = upload(world)
    return partial(apply_workbook, workbook=workbook, seen=proposal_of(workbook).digest)


def pick(world: World) -> partial[Any]:
    Agency.objects.filter(pk=world.agency.pk).update(main_urusan="2.16")
    return partial(actions.add_from_nomenclature, plan=Plan.objects.get(), codes=["2.16.01.2.01.0006"])


BY_THE_HEAD = {"put_agreement_in_force", "approve_revision"}
MONTHS = (MonthEntry(1, Decimal(100), None), MonthEntry(2, Decimal(50), Decimal(1)))
ACTS: dict[str, Act] = {
    "create_plan": lambda world: partial(
        actions.create_plan, agency=world.agency, entry=PlanEntry("Renstra lain", 2030, 2034)
    ),
    "change_plan": lambda _: partial(
        actions.change_plan, plan=Plan.objects.get(), entry=PlanEntry("Renstra baru", 2025, 2029), edition=1
    ),
    "add_node": lambda _: partial(
        actions.add_node, plan=Plan.objects.get(), entry=NodeEntry(Level.GOAL, "Tujuan lain", ordinal=2)
    ),
    "change_node": lambda _: partial(
        actions.change_node, node=node(), entry=replace(NodeEntry.of(node()), text="Lain"), edition=1
    ),
    "end_node": lambda _: partial(actions.end_node, node=node(), last_day=date(2026, 12, 31)),
    "set_budget": lambda _: partial(actions.set_budget, node=node(), year=2026, months=MONTHS, edition=1),
    "add_indicator": lambda _: partial(
        actions.add_indicator, node=node(), indicator=IndicatorEntry(is_iku=True), card=RATIO, year=2026
    ),
    "change_card": change,
    "set_suppliers": supply,
    "set_targets": lambda world: partial(actions.set_targets, card=add(world, ENTRY), targets=TARGETS, edition=1),
    "activate_cards": activate,
    "revise_card": revise,
    "approve_revision": approve,
    "carry_card": lambda world: partial(actions.carry_card, card=make_card(world, "a"), year=2027),
    "carry_year": carry,
    "draft_agreement": promise,
    "put_agreement_in_force": enforce,
    "apply_workbook": bring_in,
    "add_from_nomenclature": pick,
}


@pytest.mark.slow
def test_all_or_nothing() -> None:
    with time_machine.travel("2026-01-20 09:00 +07:00", tick=False):
        world = make_agency("Melati")
        make_plan(world)
        kills = {name: killed(world, name) for name in ACTS}
    assert min(kills.values()) >= 3, kills


def killed(world: World, name: str) -> int:
    """Kill an action at each of its writes, then undo it."""
    with rolled_back():
        by = world.actor("head" if name in BY_THE_HEAD else "team").with_token(name)
        return survives(partial(ACTS[name](world), by=by), ALL_ROOMS)


def test_a_workbook_is_kept_whole() -> None:
    world = make_agency("Melati")
    plan = make_plan(world)
    kept = store.keep(io.BytesIO(workbook_bytes(world.reach("team"), plan, 2026)), "rencana.xlsx")
    keep = partial(keep_workbook, plan=plan, year=2026, kept=kept, by=world.actor("team"))
    assert survives(keep, ALL_ROOMS) == 2
