"""Reads of plans, cards, targets, agreements and budgets, always for a `Reach`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from capaian.agencies.queries import Reach
from capaian.periods.period import Period
from capaian.planning.models import Card, CardUnit, Node
from capaian.planning.rules import DEPTH, due


@dataclass(frozen=True)
class Branch:
    """A node at its place in the tree; `depth` counts its ancestors."""

    node: Node
    depth: int


def branches(nodes: Iterable[Node]) -> list[Branch]:
    """Return nodes in the order of their tree: a parent, then its children by level, code and number."""
    nodes = list(nodes)
    known = {node.pk for node in nodes}
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        below[node.parent_id if node.parent_id in known else None].append(node)
    for siblings in below.values():
        siblings.sort(key=lambda node: (DEPTH[node.level], node.ordinal, node.code, node.pk))
    found: list[Branch] = []
    waiting = [Branch(node, 0) for node in reversed(below[None])]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        waiting += [Branch(node, branch.depth + 1) for node in reversed(below[branch.node.pk])]
    return found


def cards_of_year(reach: Reach, year: int) -> QuerySet[Card]:
    """Return the agency's current cards of a year, drafts too, in the order of the plan's tree.

    With node, suppliers and their units, raw data and targets: five queries, however many cards.
    """
    rows = Node.objects.filter(agency_id=reach.agency.pk).order_by("plan__first_year", "plan_id")
    ordered = [branch.node.pk for branch in branches(rows)]
    place = Case(
        *[When(indicator__node_id=pk, then=Value(place)) for place, pk in enumerate(ordered)],
        default=Value(len(ordered)),
        output_field=IntegerField(),
    )
    return (
        Card.objects.filter(agency_id=reach.agency.pk, year=year, is_current=True)
        .select_related("indicator__node")
        .prefetch_related(
            Prefetch("suppliers", CardUnit.objects.select_related("unit").order_by("pk")), "data", "targets"
        )
        .order_by(place, "indicator__ordinal", "pk")
    )


def cards_due(reach: Reach, period: Period) -> list[Card]:
    """Return the activated cards that have something to report in a run's period, in the order of the tree."""
    active = cards_of_year(reach, period.year).filter(activated_at__isnull=False)
    return [card for card in active if due(card, period)]
