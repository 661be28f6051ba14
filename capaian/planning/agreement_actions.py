"""Writes performance agreements (Perjanjian Kinerja) of the Kepala: drafted by planners, put in force by him."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from capaian.agencies.administration import note
from capaian.agencies.models import Agency, Appointment
from capaian.agencies.reach import today
from capaian.documents.actions import adopt_kinds, reserve
from capaian.documents.models import Document
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning import agreement_rules
from capaian.planning.agreement_papers import agreement_parts, title_of
from capaian.planning.budgets import ceilings
from capaian.planning.entries import PartyEntry
from capaian.planning.models import Agreement, AgreementBudget, AgreementItem, Card, Level, Node, Target
from capaian.planning.plan_actions import locked, planned
from capaian.planning.rules import changed_since, reasons_not_to_put_in_force
from capaian.planning.tree import branches

PAPER = "PK"


def draft_agreement(*, agency: Agency, year: int, party: PartyEntry, edition: int, by: Actor) -> Agreement:
    """Draft the Kepala's agreement of a year, or draft it anew: his active IKU cards, the programmes' ceilings.

    Names and titles are those of today. `edition` is the draft's that the form was opened with, 0 without one.
    Raises Conflict, Refused.
    """
    with transaction.atomic():
        agency = planned(agency, by)
        held = agreement_rules.promiser(agency, today(agency))
        cards = _key_cards(agency, year)
        refuse_if(agreement_rules.reasons_not_to_draft(held, cards, party, year))
        assert held is not None  # noqa: S101  (refused above)
        draft = _laid(agency, held, year, edition)
        for name, value in agreement_rules.party(held).items():
            setattr(draft, name, value)
        draft.superior_name, draft.superior_title = party.superior_name.strip(), party.superior_title.strip()
        draft.in_force_from = party.in_force_from
        draft.save()
        _fill(draft, cards)
        payload = {"year": year, "version": draft.version, "cards": [card.public_id for card in cards]}
        note(agency, by, Verb.DRAFTED_AGREEMENT, draft, payload)
    return draft


def _key_cards(agency: Agency, year: int) -> list[Card]:
    """Return the active IKU cards of a year in the order of the tree."""
    rows = Card.objects.filter(
        agency=agency, year=year, is_current=True, activated_at__isnull=False, indicator__is_iku=True
    ).select_related("indicator")
    place = {each.node.pk: place for place, each in enumerate(branches(Node.objects.filter(agency=agency)))}
    return sorted(rows, key=lambda card: (place[card.indicator.node_id], card.indicator.ordinal, card.pk))


def _laid(agency: Agency, held: Appointment, year: int, edition: int) -> Agreement:
    """Return the draft to write: the one there is, counted on, or a new version."""
    rows = Agreement.objects.filter(agency=agency, position=held.position, year=year)
    draft = rows.select_for_update().filter(state=Agreement.State.DRAFT).first()
    if (draft.edition if draft else 0) != edition:
        raise Conflict([changed_since("Konsep perjanjian ini")])
    if draft is not None:
        draft.edition += 1
        return draft
    last = rows.aggregate(last=Max("version"))["last"] or 0
    return Agreement(agency=agency, position=held.position, year=year, version=last + 1)


def _fill(draft: Agreement, cards: list[Card]) -> None:
    draft.items.all().delete()
    draft.budgets.all().delete()
    AgreementItem.objects.bulk_create(
        [AgreementItem(agreement=draft, card=card, ordinal=place) for place, card in enumerate(cards, start=1)]
    )
    amounts = ceilings(draft.agency_id, draft.year)
    programmes = Node.objects.filter(agency_id=draft.agency_id, level=Level.PROGRAMME, pk__in=amounts)
    AgreementBudget.objects.bulk_create(
        [AgreementBudget(agreement=draft, node=node, amount=amounts.get(node.pk, Decimal(0))) for node in programmes]
    )


def put_agreement_in_force(
    *, agreement: Agreement, in_force_from: date, edition: int, by: Actor, number: str = ""
) -> Agreement:
    """Put a draft in force from a day; the one before is superseded, its cards' targets count as promised here.

    Its paper is reserved, to be issued by the caller outside the transaction; `number` comes from the agency's own
    register. `edition` is the draft's that was seen. Raises Conflict, Refused.
    """
    with transaction.atomic():
        agency = locked(agreement.agency, by, reasons_not_to_put_in_force)
        row = (
            Agreement.objects.select_for_update(of=("self",)).select_related("agency", "position").get(pk=agreement.pk)
        )
        if row.edition != edition:
            raise Conflict([changed_since("Konsep perjanjian ini")])
        held = agreement_rules.promiser(agency, today(agency))
        refuse_if(agreement_rules.reasons_not_in_force(row, held, in_force_from))
        same = Agreement.objects.filter(agency=agency, position_id=row.position_id, year=row.year)
        assert held is not None  # noqa: S101  (refused above)
        older = same.filter(state=Agreement.State.IN_FORCE).select_related("document").first()
        row.document = _reserved(row, held, dated=in_force_from, number=number, older=older, by=by)
        same.filter(state=Agreement.State.IN_FORCE).update(state=Agreement.State.SUPERSEDED)
        row.state, row.in_force_from, row.edition = Agreement.State.IN_FORCE, in_force_from, row.edition + 1
        row.save(update_fields=["state", "in_force_from", "edition", "document"])
        Target.objects.filter(card_id__in=row.items.values("card_id")).update(agreement=row)
        payload = {"year": row.year, "version": row.version, "in_force_from": in_force_from.isoformat()}
        payload["paper"] = row.document.public_id
        note(agency, by, Verb.PUT_AGREEMENT_IN_FORCE, row, payload)
    return row


def _reserved(
    row: Agreement, held: Appointment, *, dated: date, number: str, older: Agreement | None, by: Actor
) -> Document:
    """Reserve the paper; an agency that was founded before this kind of paper adopts it now."""
    adopt_kinds(agency=row.agency)
    return reserve(
        agency=row.agency,
        kind_code=PAPER,
        title=title_of(row),
        dated=dated,
        context=agreement_parts(row, held.person),
        by=by,
        typed_number=number,
        supersedes=older.document if older else None,
    )
