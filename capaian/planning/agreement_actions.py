"""Writes performance agreements (Perjanjian Kinerja): drafted by planners, put in force by Kepala or Sekretaris."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Max

from capaian.agencies.administration import note
from capaian.agencies.models import Agency, Appointment, Person, Position
from capaian.agencies.reach import today
from capaian.documents.actions import adopt_kinds, reserve
from capaian.documents.models import Document
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning import agreement_rules
from capaian.planning.agreement_choices import active_cards, money_nodes, usual_cards
from capaian.planning.agreement_papers import agreement_parts, title_of
from capaian.planning.budgets import ceilings
from capaian.planning.entries import PartyEntry
from capaian.planning.models import Agreement, AgreementBudget, AgreementItem, Card, Target
from capaian.planning.plan_actions import locked, planned
from capaian.planning.promise_rules import reasons_not_to_promise_anew
from capaian.planning.rules import changed_since, reasons_not_to_put_in_force

PAPER = "PK"


def draft_agreement(
    *,
    agency: Agency,
    year: int,
    party: PartyEntry,
    edition: int,
    by: Actor,
    position: Position | None = None,
    card_ids: Collection[int] | None = None,
) -> Agreement:
    """Draft an official's agreement of a year, or draft it anew: active cards, and the money of their nodes.

    Without a position it is the Kepala's; without cards those that the position usually promises. Names and titles
    are those of today. `edition` is the draft's that the form was opened with, 0 without one. Raises Conflict, Refused.
    """
    with transaction.atomic():
        agency = planned(agency, by)
        day = today(agency)
        position = _position(agency, position or agreement_rules.kepala(agency, day))
        held = agreement_rules.holder(position, day)
        cards = _cards(agency, year, position, card_ids)
        reasons = agreement_rules.reasons_not_to_draft(held, party)
        reasons += [] if cards else agreement_rules.reasons_without_cards(agreement_rules.tier_of(position), year)
        reasons += agreement_rules.reasons_about_superior(position, party)
        refuse_if(reasons + agreement_rules.reasons_about_change(position, party, year))
        assert held is not None  # noqa: S101  (refused above)
        draft = _laid(agency, held, year, edition)
        _say(draft, held, party)
        _fill(draft, position, cards)
        payload = {"year": year, "version": draft.version, "cards": [card.public_id for card in cards]}
        payload |= {"position": position.public_id, "reason": draft.reason}
        note(agency, by, Verb.DRAFTED_AGREEMENT, draft, payload)
    return draft


def _say(draft: Agreement, held: Appointment, party: PartyEntry) -> None:
    for name, value in agreement_rules.party(held).items():
        setattr(draft, name, value)
    draft.superior_name, draft.superior_title = party.superior_name.strip(), party.superior_title.strip()
    draft.superior_position_id, draft.reason = party.superior_position_id, party.reason.strip()
    draft.in_force_from = party.in_force_from
    draft.save()


def _position(agency: Agency, position: Position | None) -> Position:
    """Return an open position of the agency with its roles; refused without one."""
    rows = Position.objects.filter(agency=agency, closed_on__isnull=True).prefetch_related("roles")
    found = rows.filter(pk=position.pk).first() if position else None
    if found is None:
        text = "Jabatan ini tidak ada atau sudah ditutup."
        refuse_if([Reason("position_unknown", text, "Pilih jabatan lain.")])
    assert found is not None  # noqa: S101  (refused above)
    return found


def _cards(agency: Agency, year: int, position: Position, chosen: Collection[int] | None) -> list[Card]:
    active = active_cards(agency, year)
    if chosen is None:
        return usual_cards(position, active)
    found = [card for card in active if card.pk in chosen]
    if len(found) != len(set(chosen)):
        text = "Ada kartu yang tidak aktif atau sudah diganti."
        refuse_if([Reason("card_unknown", text, "Muat ulang halaman, lalu pilih lagi.", "cards")])
    return found


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


def _fill(draft: Agreement, position: Position, cards: list[Card]) -> None:
    draft.items.all().delete()
    draft.budgets.all().delete()
    AgreementItem.objects.bulk_create(
        [AgreementItem(agreement=draft, card=card, ordinal=place) for place, card in enumerate(cards, start=1)]
    )
    amounts = ceilings(draft.agency_id, draft.year)
    AgreementBudget.objects.bulk_create(
        [
            AgreementBudget(agreement=draft, node=node, amount=amounts[node.pk])
            for node in money_nodes(position, cards, amounts)
        ]
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
        rows = Agreement.objects.select_for_update(of=("self",))
        row = rows.select_related("agency", "position", "superior_position").get(pk=agreement.pk)
        if row.edition != edition:
            raise Conflict([changed_since("Konsep perjanjian ini")])
        held = agreement_rules.holder(row.position, today(agency))
        reasons = agreement_rules.reasons_not_in_force(row, held, in_force_from)
        refuse_if(reasons or reasons_not_to_promise_anew(row, in_force_from, today(agency)))
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
        context=agreement_parts(row, held.person, _superior(row)),
        by=by,
        typed_number=number,
        supersedes=older.document if older else None,
    )


def _superior(row: Agreement) -> Person | None:
    """Return who holds the superior's position today, when that is who the agreement names."""
    if row.superior_position is None:
        return None
    held = agreement_rules.holder(row.superior_position, today(row.agency))
    return held.person if held and held.person.name == row.superior_name else None
