"""Reads of plans, cards, targets, agreements and budgets, always for a `Reach`."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Max, Prefetch, QuerySet, Value, When

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach, open_units
from capaian.periods.period import Period
from capaian.planning.budgets import Budget, rolled_up
from capaian.planning.models import Card, CardUnit, Node, Plan, Workbook
from capaian.planning.rules import PLANNERS, due
from capaian.planning.tree import branches


def may_plan(reach: Reach) -> bool:
    """Tell whether a person may change the planning."""
    return any(reach.has(role) for role in PLANNERS)


def plans(reach: Reach) -> QuerySet[Plan]:
    """Return the agency's plans, the newest first."""
    return Plan.objects.filter(agency_id=reach.agency.pk).order_by("-first_year", "-pk")


def plan_of_year(reach: Reach, year: int) -> Plan | None:
    """Return the newest plan that covers a year, else the newest of all."""
    known = list(plans(reach))
    return next((plan for plan in known if plan.first_year <= year <= plan.last_year), known[0] if known else None)


def nodes(reach: Reach) -> QuerySet[Node]:
    """Return the agency's nodes with plan, parent and owner."""
    return Node.objects.filter(agency_id=reach.agency.pk).select_related("agency", "plan", "parent", "owner")


def cards(reach: Reach) -> QuerySet[Card]:
    """Return every card of the agency, old versions too, with all that hangs on it."""
    return (
        Card.objects.filter(agency_id=reach.agency.pk)
        .select_related("agency", "indicator__node__plan", "activated_by")
        .prefetch_related(
            Prefetch("suppliers", CardUnit.objects.select_related("unit").order_by("pk")), "data", "targets"
        )
    )


def cards_of_year(reach: Reach, year: int) -> QuerySet[Card]:
    """Return the agency's current cards of a year, drafts too, in the order of the plan's tree.

    With node, suppliers and their units, raw data and targets: five queries, however many cards.
    """
    return _cards_in_order(reach, year).filter(is_current=True)


def _cards_in_order(reach: Reach, year: int) -> QuerySet[Card]:
    rows = Node.objects.filter(agency_id=reach.agency.pk).order_by("plan__first_year", "plan_id")
    ordered = [branch.node.pk for branch in branches(rows)]
    place = Case(
        *[When(indicator__node_id=pk, then=Value(place)) for place, pk in enumerate(ordered)],
        default=Value(len(ordered)),
        output_field=IntegerField(),
    )
    return (
        Card.objects.filter(agency_id=reach.agency.pk, year=year)
        .select_related("indicator__node")
        .prefetch_related(
            Prefetch("suppliers", CardUnit.objects.select_related("unit").order_by("pk")), "data", "targets"
        )
        .order_by(place, "indicator__ordinal", "pk")
    )


def cards_at(reach: Reach, period: Period) -> list[Card]:
    """Return of each indicator of a year the activated version that counts in a period, in the order of the tree."""
    rows = list(_cards_in_order(reach, period.year).filter(activated_at__isnull=False))
    standing = {card.indicator_id for card in rows if card.is_current}
    counting = [
        card
        for card in rows
        if card.indicator_id in standing and (card.counts_from is None or card.counts_from <= period.end)
    ]
    newest = {card.indicator_id: card.pk for card in sorted(counting, key=lambda card: card.version)}
    return [card for card in counting if newest[card.indicator_id] == card.pk]


def cards_due(reach: Reach, period: Period) -> list[Card]:
    """Return the activated cards that have something to report in a run's period, in the order of the tree."""
    return [card for card in cards_at(reach, period) if due(card, period)]


def drafts_of_year(reach: Reach, year: int) -> list[Card]:
    """Return the cards of a year that are not activated yet, new versions too."""
    return list(cards(reach).filter(year=year, activated_at__isnull=True).order_by("name", "pk"))


@dataclass(frozen=True)
class Place:
    """A node in the tree with the year's cards at it: current ones, then drafts of new versions."""

    node: Node
    depth: int
    cards: tuple[Card, ...]
    budget: Budget | None = None


def tree(reach: Reach, plan: Plan, year: int) -> list[Place]:
    """Return a plan's nodes of a year in the order of the tree, with cards and money; as many queries for any plan."""
    rows = nodes(reach).filter(plan=plan, valid_from__year__lte=year).exclude(valid_to__year__lt=year)
    at: dict[int, list[Card]] = defaultdict(list)
    found = cards(reach).filter(indicator__node__plan=plan, year=year).order_by("indicator__ordinal", "version", "pk")
    for card in found:
        if card.is_current or card.activated_at is None:
            at[card.indicator.node_id].append(card)
    money = budget_totals(reach, year)
    return [
        Place(branch.node, branch.depth, tuple(at[branch.node.pk]), money.get(branch.node.pk))
        for branch in branches(rows)
    ]


def budget_totals(reach: Reach, year: int) -> dict[int, Budget]:
    """Return by row number of node its money of a year with all below it, by quarter; two queries."""
    return rolled_up(reach.agency.pk, year)


def suppliers(reach: Reach) -> QuerySet[Unit]:
    """Return the units that may supply a card's figures."""
    return open_units(reach).filter(supplies_data=True)


def workbooks(reach: Reach, kind: str = Workbook.Kind.PLAN) -> QuerySet[Workbook]:
    """Return the agency's uploaded workbooks of a kind."""
    rows = Workbook.objects.filter(agency_id=reach.agency.pk, kind=kind)
    return rows.select_related("agency", "plan", "file__uploaded_by", "applied_by")


@dataclass(frozen=True)
class Carriable:
    """A card of last year; `there` tells that its indicator has one of the new year already."""

    card: Card
    there: bool

    @property
    def mark(self) -> str:
        """Which card in which edition was seen, as a form carries it."""
        return f"{self.card.public_id}:{self.card.edition}"


def last_year_with_cards(reach: Reach, year: int) -> int:
    """Return the newest year before one that has cards, the year before when none has."""
    found = Card.objects.filter(agency_id=reach.agency.pk, year__lt=year).aggregate(last=Max("year"))["last"]
    return int(found) if found else year - 1


def cards_to_carry(reach: Reach, year: int) -> list[Carriable]:
    """Return the current cards of the newest year before one, in the order of the tree; which were carried already."""
    there = set(Card.objects.filter(agency_id=reach.agency.pk, year=year).values_list("indicator_id", flat=True))
    last = cards_of_year(reach, last_year_with_cards(reach, year)).select_related("agency", "indicator__node__plan")
    return [Carriable(card, card.indicator_id in there) for card in last]
