"""Carries cards from one year into another: never a new indicator, always a new card."""

from collections.abc import Mapping

from django.db import transaction

from capaian.agencies.administration import note
from capaian.agencies.models import Agency
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning import card_rules
from capaian.planning.card_actions import write_card, write_suppliers
from capaian.planning.entries import CardEntry
from capaian.planning.models import Card
from capaian.planning.plan_actions import planned
from capaian.planning.rules import changed_since


def carry_card(*, card: Card, year: int, by: Actor) -> Card:
    """Make the indicator's card of another year, a draft with the same content and suppliers, without targets.

    Raises Refused when the indicator has a card of that year, or the plan does not reach it.
    """
    with transaction.atomic():
        agency = planned(card.agency, by)
        card = Card.objects.select_related("indicator__node__plan").get(pk=card.pk)
        refuse_if(card_rules.reasons_not_to_carry(card, year))
        made = _carried(card, year)
        note(agency, by, Verb.CARRIED_CARD, made, {"year": year, "from": card.public_id})
    return made


def carry_year(*, agency: Agency, year: int, seen: Mapping[int, int], by: Actor) -> list[Card]:
    """Make cards of a year from those that were chosen, by row number with the edition that was seen; all or none.

    Raises Conflict when one of them has changed since, Refused naming every card that cannot be carried.
    """
    with transaction.atomic():
        agency = planned(agency, by)
        rows = Card.objects.filter(agency=agency, pk__in=seen, is_current=True).order_by("pk")
        cards = list(rows.select_related("indicator__node__plan").prefetch_related("data", "suppliers"))
        if {card.pk: card.edition for card in cards} != dict(seen):
            raise Conflict([changed_since("Salah satu kartu")])
        if not cards:
            text = "Belum ada kartu yang dipilih."
            refuse_if([Reason("nothing_chosen", text, "Centang kartu yang hendak disalin.", "cards")])
        taken = card_rules.carried_already(cards, year)
        refuse_if([reason for card in cards for reason in card_rules.reasons_not_to_carry(card, year, taken)])
        made = [_carried(card, year) for card in cards]
        payload = {"year": year, "from": [card.public_id for card in cards], "cards": [card.public_id for card in made]}
        note(agency, by, Verb.CARRIED_YEAR, agency, payload)
    return made


def _carried(card: Card, year: int) -> Card:
    made = Card(agency_id=card.agency_id, indicator=card.indicator, year=year)
    write_card(made, CardEntry.of(card))
    write_suppliers(made, sorted(row.unit_id for row in card.suppliers.all()))
    return made
