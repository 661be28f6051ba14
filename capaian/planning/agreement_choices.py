"""What an official's agreement usually holds: the cards of his level and unit, the money of theirs."""

from collections.abc import Iterable

from capaian.agencies.models import Agency, Position
from capaian.planning.agreement_rules import Tier, tier_of
from capaian.planning.models import Card, Level, Node
from capaian.planning.tree import branches

#: the levels whose indicators an official promises, and the level whose money stands in the annex
PROMISED = {
    Tier.DIVISION: (Level.PROGRAMME, Level.ACTIVITY),
    Tier.SECTION: (Level.ACTIVITY, Level.SUBACTIVITY),
}
MONEY = {Tier.HEAD: Level.PROGRAMME, Tier.DIVISION: Level.ACTIVITY, Tier.SECTION: Level.SUBACTIVITY}


def active_cards(agency: Agency, year: int) -> list[Card]:
    """Return the activated current cards of a year in the order of the tree."""
    rows = Card.objects.filter(agency=agency, year=year, is_current=True, activated_at__isnull=False)
    place = {each.node.pk: place for place, each in enumerate(branches(Node.objects.filter(agency=agency)))}
    return sorted(
        rows.select_related("indicator__node__owner"),
        key=lambda card: (place[card.indicator.node_id], card.indicator.ordinal, card.pk),
    )


def usual_cards(position: Position, cards: Iterable[Card]) -> list[Card]:
    """Return the cards that an official of this position usually promises: the Kepala the IKU, others their unit's."""
    tier = tier_of(position)
    if tier == Tier.HEAD:
        return [card for card in cards if card.indicator.is_iku]
    own = [card for card in cards if position.unit_id and card.indicator.node.owner_id == position.unit_id]
    fitting = [card for card in own if card.indicator.node.level in PROMISED[tier]]
    return fitting or [card for card in own if not card.indicator.is_iku]


def money_nodes(position: Position, cards: Iterable[Card], amounts: Iterable[int]) -> list[Node]:
    """Return the nodes whose money stands in the annex: all programmes for the Kepala, else those of the cards."""
    tier, agency_id = tier_of(position), position.agency_id
    nodes = {node.pk: node for node in Node.objects.filter(agency_id=agency_id)}
    known = [nodes[pk] for pk in amounts]
    if tier == Tier.HEAD:
        return [node for node in known if node.level == Level.PROGRAMME]
    starts = {card.indicator.node_id for card in cards}
    above = {pk for start in starts for pk in line(nodes, start)}
    kin = [node for node in known if node.pk in above or starts & set(line(nodes, node.pk))]
    return [node for node in kin if node.level == MONEY[tier]] or [
        node for node in kin if node.level == Level.PROGRAMME
    ]


def line(nodes: dict[int, Node], start: int) -> list[int]:
    """Return the row numbers of a node and of all above it."""
    found: list[int] = []
    place: int | None = start
    while place is not None:
        found.append(place)
        place = nodes[place].parent_id
    return found
