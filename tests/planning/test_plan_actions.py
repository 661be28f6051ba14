"""Plans, nodes and budgets are written by planners, checked, journalled; a stale form overwrites nothing."""

from datetime import date
from decimal import Decimal

import pytest

from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.journal.rules import Replayed
from capaian.planning import actions
from capaian.planning.entries import MonthEntry, NodeEntry, PlanEntry
from capaian.planning.models import BudgetMonth, Level, Node, Plan
from capaian.planning.tree import branches
from tests.factories import World, make_agency

pytestmark = pytest.mark.django_db

ENTRY = PlanEntry("Renstra 2025–2029", 2025, 2029)


@pytest.fixture
def world() -> World:
    return make_agency("Melati")


@pytest.fixture
def plan(world: World) -> Plan:
    return actions.create_plan(agency=world.agency, entry=ENTRY, by=world.actor("team"))


def add(world: World, plan: Plan, level: str, parent: Node | None = None, **fields: object) -> Node:
    entry = NodeEntry(level, f"Butir {level}", parent.pk if parent else None, **fields)  # type: ignore[arg-type]
    return actions.add_node(plan=plan, entry=entry, by=world.actor("team"))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.parametrize("who", ["head", "secretary", "planner", "ikp", "staff"])
def test_others_plan_nothing(world: World, plan: Plan, who: str) -> None:
    by = world.actor(who)
    with pytest.raises(Forbidden):
        actions.create_plan(agency=world.agency, entry=PlanEntry("Lain", 2025, 2029), by=by)
    with pytest.raises(Forbidden):
        actions.add_node(plan=plan, entry=NodeEntry(Level.GOAL, "Tujuan"), by=by)
    assert (Plan.objects.count(), Node.objects.count()) == (1, 0)


def test_team_and_admin_plan_in_their_agency_only(world: World, plan: Plan) -> None:
    stranger = make_agency("Kenanga")
    for by in (world.actor("team"), world.actor("admin")):
        actions.add_node(plan=plan, entry=NodeEntry(Level.GOAL, "Tujuan"), by=by)
    with pytest.raises(Forbidden):
        actions.add_node(plan=plan, entry=NodeEntry(Level.GOAL, "Tujuan"), by=stranger.actor("team"))
    assert not list(breaks(world.agency.public_id))
    assert Entry.objects.filter(verb="added_node").count() == 2


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (PlanEntry(" ", 2025, 2029), "plan_title_empty"),
        (PlanEntry("RENSTRA 2025–2029", 2025, 2029), "plan_title_taken"),
        (PlanEntry("Lain", 2029, 2025), "plan_years"),
        (PlanEntry("Lain", 1, 2025), "plan_years"),
    ],
)
def test_a_plan_that_cannot_be_meant(world: World, plan: Plan, entry: PlanEntry, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.create_plan(agency=world.agency, entry=entry, by=world.actor("team"))
    assert codes(refused) == [code]


def test_the_tree_stands_in_order(world: World, plan: Plan) -> None:
    goal = add(world, plan, Level.GOAL)
    second = add(world, plan, Level.OBJECTIVE, goal, ordinal=2)
    first = add(world, plan, Level.OBJECTIVE, goal, ordinal=1)
    programme = add(world, plan, Level.PROGRAMME, second, code="2.16.02")
    found = branches(plan.nodes.all())
    assert [branch.node.pk for branch in found] == [goal.pk, first.pk, second.pk, programme.pk]
    assert [branch.depth for branch in found] == [0, 1, 1, 2]


def test_a_parent_stands_above(world: World, plan: Plan) -> None:
    goal, programme = add(world, plan, Level.GOAL), add(world, plan, Level.PROGRAMME, code="2.16.02")
    for parent in (programme, add(world, plan, Level.OBJECTIVE)):
        with pytest.raises(Refused) as refused:
            add(world, plan, Level.OBJECTIVE, parent)
        assert codes(refused) == ["parent_level"]
    other = actions.create_plan(agency=world.agency, entry=PlanEntry("Lain", 2030, 2034), by=world.actor("team"))
    with pytest.raises(Refused) as refused:
        add(world, other, Level.OBJECTIVE, goal)
    assert codes(refused) == ["parent_level"]


@pytest.mark.parametrize("code", ["2,16", "a.b", "2..16", "2.16.", "2.16.01 "])
def test_codes_have_their_shape_and_stand_once(world: World, plan: Plan, code: str) -> None:
    add(world, plan, Level.PROGRAMME, code="2.16.01")
    with pytest.raises(Refused) as refused:
        add(world, plan, Level.PROGRAMME, code=code)
    assert codes(refused) == ["code_taken" if code.strip() == "2.16.01" else "code_shape"]
    assert add(world, plan, Level.PROGRAMME, code="X.XX.01").pk


def test_a_stale_form_changes_nothing(world: World, plan: Plan) -> None:
    node, by = add(world, plan, Level.GOAL), world.actor("team")
    actions.change_node(node=node, entry=NodeEntry(Level.GOAL, "Pertama"), edition=1, by=by)
    with pytest.raises(Conflict):
        actions.change_node(node=node, entry=NodeEntry(Level.GOAL, "Kedua"), edition=1, by=by)
    assert Node.objects.get().text == "Pertama"
    actions.change_node(node=node, entry=NodeEntry(Level.GOAL, "Kedua"), edition=2, by=by)
    assert Node.objects.get().text == "Kedua"


def test_a_form_sent_twice_takes_effect_once(world: World, plan: Plan) -> None:
    by = world.actor("team", token="sekali")
    actions.add_node(plan=plan, entry=NodeEntry(Level.GOAL, "Tujuan"), by=by)
    with pytest.raises(Replayed):
        actions.add_node(plan=plan, entry=NodeEntry(Level.GOAL, "Tujuan"), by=by)
    assert Node.objects.count() == 1


def test_a_node_ends_after_what_hangs_below(world: World, plan: Plan) -> None:
    goal = add(world, plan, Level.GOAL)
    child, by = add(world, plan, Level.OBJECTIVE, goal), world.actor("team")
    with pytest.raises(Refused) as refused:
        actions.end_node(node=goal, last_day=date(2026, 12, 31), by=by)
    assert codes(refused) == ["node_has_children"]
    actions.end_node(node=child, last_day=date(2026, 12, 31), by=by)
    actions.end_node(node=goal, last_day=date(2026, 12, 31), by=by)
    assert set(Node.objects.values_list("valid_to", flat=True)) == {date(2026, 12, 31)}


def test_a_budget_is_counted_at_one_level(world: World, plan: Plan) -> None:
    programme = add(world, plan, Level.PROGRAMME, code="2.16.02")
    activity, by = add(world, plan, Level.ACTIVITY, programme, code="2.16.02.2.01"), world.actor("team")
    months = [MonthEntry(1, Decimal("1500000.50"), Decimal(0)), MonthEntry(2, Decimal(10), None), MonthEntry(3)]
    actions.set_budget(node=activity, year=2026, months=months, edition=1, by=by)
    rows = BudgetMonth.objects.order_by("month").values_list("month", "ceiling", "spent")
    assert list(rows) == [(1, Decimal("1500000.50"), Decimal(0)), (2, Decimal(10), None)]
    with pytest.raises(Refused) as refused:
        actions.set_budget(node=programme, year=2026, months=months, edition=1, by=by)
    assert codes(refused) == ["budget_twice"]
    actions.set_budget(node=activity, year=2026, months=[], edition=2, by=by)
    actions.set_budget(node=programme, year=2026, months=months, edition=1, by=by)
    assert BudgetMonth.objects.filter(node=programme).count() == 2


@pytest.mark.parametrize("amount", ["-1", "0.001", "1000000000000001"])
def test_amounts_in_their_range(world: World, plan: Plan, amount: str) -> None:
    node = add(world, plan, Level.PROGRAMME)
    with pytest.raises(Refused) as refused:
        actions.set_budget(
            node=node, year=2026, months=[MonthEntry(1, Decimal(amount))], edition=1, by=world.actor("team")
        )
    assert codes(refused) == ["amount_range"]


def test_goals_have_no_budget(world: World, plan: Plan) -> None:
    node = add(world, plan, Level.GOAL)
    with pytest.raises(Refused) as refused:
        actions.set_budget(node=node, year=2026, months=[MonthEntry(1, Decimal(1))], edition=1, by=world.actor("team"))
    assert codes(refused) == ["level_without_budget"]
