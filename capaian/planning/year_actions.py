"""Carries cards from one year into another: never a new indicator, always a new card."""

from django.db import transaction

from capaian.agencies.administration import note
from capaian.journal.actor import Actor
from capaian.journal.reason import refuse_if
from capaian.journal.verbs import Verb
from capaian.planning import card_rules
from capaian.planning.card_actions import write_card, write_suppliers
from capaian.planning.entries import CardEntry
from capaian.planning.models import Card
from capaian.planning.plan_actions import planned


def carry_card(*, card: Card, year: int, by: Actor) -> Card:
    """Make the indicator's card of another year, a draft with the same content and suppliers, without targets.

    Raises Refused when the indicator has a card of that year, or the plan does not reach it.
    """
    with transaction.atomic():
        agency = planned(card.agency, by)
        card = Card.objects.select_related("indicator__node__plan").get(pk=card.pk)
        refuse_if(card_rules.reasons_not_to_carry(card, year))
        made = Card(agency_id=card.agency_id, indicator=card.indicator, year=year)
        write_card(made, CardEntry.of(card))
        write_suppliers(made, [row.unit_id for row in card.suppliers.order_by("pk")])
        note(agency, by, Verb.CARRIED_CARD, made, {"year": year, "from": card.public_id})
    return made
