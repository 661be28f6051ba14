"""Writes plans, their nodes and the nodes' budgets."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date

from django.db import transaction

from capaian.agencies.administration import note
from capaian.agencies.models import Agency
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, Forbidden, Reason, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.planning import rules
from capaian.planning.entries import MonthEntry, NodeEntry, PlanEntry
from capaian.planning.models import BudgetMonth, Node, Plan


def planned(agency: Agency, by: Actor) -> Agency:
    """Lock an agency's row and return it; Forbidden for all but its planners, Replayed for a form sent twice.

    Changes of one agency's planning wait for each other, so that rules see what holds.
    """
    return locked(agency, by, rules.reasons_not_to_plan)


def locked(agency: Agency, by: Actor, reasons_not_to: Callable[[Agency, Actor], list[Reason]]) -> Agency:
    """Lock an agency's row and return it; Forbidden with the reasons of a rule, Replayed for a form sent twice."""
    row = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if reasons := reasons_not_to(row, by):
        raise Forbidden(reasons)
    if done_with_token(row.public_id, by.person_key, by.token):
        raise Replayed(by.token)
    return row


def create_plan(*, agency: Agency, entry: PlanEntry, by: Actor) -> Plan:
    """Begin a strategic plan. Raises Refused."""
    with transaction.atomic():
        agency = planned(agency, by)
        refuse_if(rules.reasons_about_plan(agency, entry))
        plan = Plan.objects.create(
            agency=agency, title=entry.title.strip(), first_year=entry.first_year, last_year=entry.last_year
        )
        note(agency, by, Verb.CREATED_PLAN, plan, asdict(entry))
    return plan


def change_plan(*, plan: Plan, entry: PlanEntry, edition: int, by: Actor) -> Plan:
    """Change a plan's title and years. `edition` is the one the form was opened with. Raises Conflict, Refused."""
    with transaction.atomic():
        agency = planned(plan.agency, by)
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if row.edition != edition:
            raise Conflict([rules.changed_since("Rencana ini")])
        refuse_if(rules.reasons_about_plan(agency, entry, row) + rules.reasons_not_to_shorten(row, entry))
        before = asdict(PlanEntry.of(row))
        row.title, row.first_year, row.last_year = entry.title.strip(), entry.first_year, entry.last_year
        row.edition += 1
        row.save()
        note(agency, by, Verb.CHANGED_PLAN, row, {"before": before, "after": asdict(entry)})
    return row


def add_node(*, plan: Plan, entry: NodeEntry, by: Actor, valid_from: date | None = None) -> Node:
    """Add a node to a plan, valid from the plan's first day unless told otherwise. Raises Refused."""
    with transaction.atomic():
        agency = planned(plan.agency, by)
        refuse_if(rules.reasons_about_node(plan, entry))
        node = write_node(plan, entry, valid_from)
        note(agency, by, Verb.ADDED_NODE, node, asdict(entry))
    return node


def write_node(plan: Plan, entry: NodeEntry, valid_from: date | None = None) -> Node:
    """Write a node's row; lock, rules and journal are the caller's."""
    node = Node(agency_id=plan.agency_id, plan=plan, valid_from=valid_from or date(plan.first_year, 1, 1))
    _fill(node, entry)
    node.save(force_insert=True)
    return node


def _fill(node: Node, entry: NodeEntry) -> None:
    for name, value in asdict(entry).items():
        setattr(node, name, value.strip() if isinstance(value, str) else value)


def change_node(*, node: Node, entry: NodeEntry, edition: int, by: Actor) -> Node:
    """Change a node. `edition` is the one the form was opened with. Raises Conflict, Refused."""
    with transaction.atomic():
        agency = planned(node.agency, by)
        node = _fresh(node, edition)
        refuse_if(rules.reasons_about_node(node.plan, entry, node))
        before = asdict(NodeEntry.of(node))
        _fill(node, entry)
        node.edition += 1
        node.save()
        note(agency, by, Verb.CHANGED_NODE, node, {"before": before, "after": asdict(entry)})
    return node


def _fresh(node: Node, edition: int) -> Node:
    node = Node.objects.select_for_update(of=("self",)).select_related("plan", "agency").get(pk=node.pk)
    if node.edition != edition:
        raise Conflict([rules.changed_since("Butir ini")])
    return node


def end_node(*, node: Node, last_day: date, by: Actor) -> Node:
    """End a node; it stays in what was measured. Raises Refused."""
    with transaction.atomic():
        agency = planned(node.agency, by)
        node = Node.objects.select_for_update(of=("self",)).select_related("plan").get(pk=node.pk)
        refuse_if(rules.reasons_not_to_end_node(node, last_day))
        node.valid_to, node.edition = last_day, node.edition + 1
        node.save(update_fields=["valid_to", "edition"])
        note(agency, by, Verb.ENDED_NODE, node, {"last_day": last_day.isoformat()})
    return node


def set_budget(
    *, node: Node, year: int, months: Sequence[MonthEntry], edition: int, by: Actor, origin: str = ""
) -> Node:
    """Write ceiling and spending of a node for the months of a year; months left out are emptied.

    `edition` is the node's when the form was opened. Raises Conflict, Refused.
    """
    with transaction.atomic():
        agency = planned(node.agency, by)
        node = _fresh(node, edition)
        given = [each for each in months if each.ceiling is not None or each.spent is not None]
        refuse_if(rules.reasons_about_budget(node, year, given))
        write_budget(node, year, given, origin)
        node.edition += 1
        node.save(update_fields=["edition"])
        said = {f"{each.month:02d}": [_text(each.ceiling), _text(each.spent)] for each in given}
        note(agency, by, Verb.SET_BUDGET, node, {"year": year, "months": said})
    return node


def write_budget(node: Node, year: int, months: Sequence[MonthEntry], origin: str = "") -> None:
    """Write a year's rows of a node anew; lock, rules and journal are the caller's."""
    node.budget_months.filter(year=year).delete()
    BudgetMonth.objects.bulk_create(
        [
            BudgetMonth(node=node, year=year, month=each.month, ceiling=each.ceiling, spent=each.spent, origin=origin)
            for each in months
        ]
    )


def _text(amount: object) -> str:
    return "" if amount is None else str(amount)
