"""Writes indicators and their cards, suppliers and targets; activates the cards of a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from capaian.agencies.administration import note
from capaian.agencies.models import Agency
from capaian.agencies.reach import today
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.verbs import Verb
from capaian.planning import card_rules, revision_rules
from capaian.planning.entries import CARD_TEXTS, CardEntry, DatumEntry, IndicatorEntry, TargetEntry
from capaian.planning.models import Card, CardDatum, CardUnit, Indicator, Node, Target
from capaian.planning.plan_actions import locked, planned
from capaian.planning.rules import changed_since
from capaian.planning.typed_figures import target_text


def add_indicator(*, node: Node, indicator: IndicatorEntry, card: CardEntry, year: int, by: Actor) -> Card:
    """Add an indicator to a node with its first card, a draft. Raises Refused."""
    with transaction.atomic():
        agency = planned(node.agency, by)
        node = Node.objects.select_related("plan").get(pk=node.pk)
        reasons = card_rules.reasons_about_indicator(node, year, indicator.ordinal)
        refuse_if(reasons + card_rules.reasons_about_card(card, year))
        row = write_indicator(node, indicator, card, year)
        note(agency, by, Verb.ADDED_INDICATOR, row, {"year": year, "node": node.public_id, **said(card)})
    return row


def write_indicator(node: Node, indicator: IndicatorEntry, entry: CardEntry, year: int) -> Card:
    """Write an indicator and its first card; lock, rules and journal are the caller's."""
    identity = Indicator.objects.create(agency_id=node.agency_id, node=node, **asdict(indicator))
    card = Card(agency_id=node.agency_id, indicator=identity, year=year)
    write_card(card, entry)
    return card


def said(entry: CardEntry) -> dict[str, Any]:
    """Return a card as the journal keeps it: numbers as text."""
    texts = {name: "" if value is None else str(value) for name, value in vars(entry).items() if name != "data"}
    return texts | {"data": [asdict(datum) for datum in entry.data]}


def write_card(card: Card, entry: CardEntry) -> None:
    """Write a card's row and its raw data anew."""
    fill_card(card, entry)
    card.save()
    card.data.all().delete()
    CardDatum.objects.bulk_create(data_of(card, entry))


def fill_card(card: Card, entry: CardEntry) -> None:
    """Let a card's row say what was typed; nothing is written yet."""
    for name in entry.__dataclass_fields__:
        if name != "data":
            value = getattr(entry, name)
            setattr(card, name, value.strip() if name in CARD_TEXTS else value)


def data_of(card: Card, entry: CardEntry) -> list[CardDatum]:
    """Return the rows of a card's raw data, not yet written."""
    return [_datum(card, place, datum) for place, datum in enumerate(entry.data, start=1)]


def _datum(card: Card, place: int, datum: DatumEntry) -> CardDatum:
    return CardDatum(
        card=card, ordinal=place, name=datum.name, label=datum.label.strip(), measured_in=datum.measured_in.strip()
    )


def _draft(card: Card, edition: int) -> Card:
    """Lock a card and return it fresh; Conflict when it is not the one the form was opened with, Refused when active.

    Suppliers and targets count as parts of the card.
    """
    rows = Card.objects.select_for_update(of=("self",)).select_related("agency", "indicator__node__plan")
    fresh = rows.get(pk=card.pk)
    if fresh.edition != edition:
        raise Conflict([changed_since("Kartu ini")])
    refuse_if(card_rules.reasons_not_to_change(fresh))
    return fresh


def _counted(card: Card) -> None:
    card.edition += 1
    card.approved_at = card.approved_by = None
    card.save(update_fields=["edition", "approved_at", "approved_by"])


def change_card(
    *, card: Card, entry: CardEntry, edition: int, by: Actor, indicator: IndicatorEntry | None = None
) -> Card:
    """Change a draft card and, when given, its indicator's place and flags. Raises Conflict, Refused.

    Targets for periods that the card no longer has are removed with the change of its frequency or polarity.
    """
    with transaction.atomic():
        agency = planned(card.agency, by)
        card = _draft(card, edition)
        reasons = card_rules.reasons_about_card(entry, card.year)
        reasons += revision_rules.reasons_not_to_remeasure(card, entry, today(agency))
        if indicator is not None:
            reasons += card_rules.reasons_about_indicator(card.indicator.node, card.year, indicator.ordinal)
        refuse_if(reasons)
        before = said(CardEntry.of(card))
        unlike = (card.frequency, card.polarity) != (entry.frequency, entry.polarity)
        write_card(card, entry)
        if unlike:
            _drop_unfit_targets(card)
        if indicator is not None:
            Indicator.objects.filter(pk=card.indicator_id).update(**asdict(indicator))
        _counted(card)
        flags = asdict(indicator) if indicator else {}
        note(agency, by, Verb.CHANGED_CARD, card, {"before": before, "after": said(entry), "indicator": flags})
    return card


def _drop_unfit_targets(card: Card) -> None:
    kept = [period.code for period in card_rules.target_periods(card.frequency, card.year)]
    card.targets.exclude(period__in=kept).delete()
    for row in card.targets.all():
        if card_rules.target_shape(card.polarity) != card_rules.shape_of(TargetEntry.of(row)):
            row.delete()


def revise_card(*, card: Card, reason: str, by: Actor) -> Card:
    """Open a new version of an activated card, saying why: a draft with the same content, suppliers and targets.

    The activated one stays current until the draft is activated. Raises Refused.
    """
    with transaction.atomic():
        agency = planned(card.agency, by)
        card = Card.objects.select_for_update(of=("self",)).select_related("indicator").get(pk=card.pk)
        refuse_if(card_rules.reasons_not_to_revise(card) + revision_rules.reasons_about_reason(reason))
        units = [row.unit_id for row in card.suppliers.order_by("pk")]
        targets = [TargetEntry.of(row) for row in card.targets.order_by("period")]
        draft = Card(agency_id=card.agency_id, indicator=card.indicator, year=card.year)
        draft.version, draft.is_current, draft.reason = card.version + 1, False, reason.strip()
        write_card(draft, CardEntry.of(card))
        write_suppliers(draft, units)
        write_targets(draft, targets)
        note(
            agency,
            by,
            Verb.REVISED_CARD,
            draft,
            {"version": draft.version, "of": card.public_id, "reason": draft.reason},
        )
    return draft


def approve_revision(*, card: Card, edition: int, by: Actor) -> Card:
    """Approve the draft of a later version as it stands; any change afterwards needs approval anew.

    Raises Conflict, Refused.
    """
    with transaction.atomic():
        agency = locked(card.agency, by, revision_rules.reasons_not_to_approve)
        row = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
        if row.edition != edition:
            raise Conflict([changed_since("Kartu ini")])
        refuse_if(revision_rules.reasons_not_to_approve_card(row))
        row.approved_at, row.approved_by_id = timezone.now(), by.person_id
        row.save(update_fields=["approved_at", "approved_by"])
        note(agency, by, Verb.APPROVED_REVISION, row, {"version": row.version, "edition": edition})
    return row


def set_suppliers(*, card: Card, unit_ids: Sequence[int], edition: int, by: Actor) -> Card:
    """Say which units supply a draft card's figures. Raises Conflict, Refused."""
    with transaction.atomic():
        agency = planned(card.agency, by)
        card = _draft(card, edition)
        refuse_if(card_rules.reasons_about_suppliers(card, unit_ids))
        write_suppliers(card, unit_ids)
        _counted(card)
        units = list(card.suppliers.order_by("pk").values_list("unit__public_id", flat=True))
        note(agency, by, Verb.SET_SUPPLIERS, card, {"units": units})
    return card


def write_suppliers(card: Card, unit_ids: Iterable[int]) -> None:
    """Write a card's suppliers anew."""
    card.suppliers.all().delete()
    CardUnit.objects.bulk_create([CardUnit(card=card, unit_id=pk) for pk in dict.fromkeys(unit_ids)])


def set_targets(*, card: Card, targets: Sequence[TargetEntry], edition: int, by: Actor) -> Card:
    """Write the targets of a draft card; periods left out have none. Raises Conflict, Refused."""
    with transaction.atomic():
        agency = planned(card.agency, by)
        card = _draft(card, edition)
        reasons = card_rules.reasons_about_targets(card, targets)
        refuse_if(reasons + revision_rules.reasons_not_to_rewrite(card, targets, today(agency)))
        write_targets(card, targets)
        _counted(card)
        note(agency, by, Verb.SET_TARGETS, card, {"targets": {each.period: target_text(each) for each in targets}})
    return card


def write_targets(card: Card, targets: Iterable[TargetEntry]) -> None:
    """Write a card's targets anew."""
    card.targets.all().delete()
    Target.objects.bulk_create([Target(card=card, **asdict(target)) for target in targets])


def _reasons_not_to_freeze(card: Card, on: date) -> list[Reason]:
    said = [TargetEntry.of(row) for row in card.targets.all()]
    return [
        *card_rules.reasons_not_to_activate(card),
        *revision_rules.reasons_unapproved(card),
        *revision_rules.reasons_not_to_rewrite(card, said, on),
    ]


def activate_cards(*, agency: Agency, year: int, seen: Mapping[int, int], by: Actor) -> list[Card]:
    """Freeze draft cards of a year, by row number with the edition that was seen; all of them or none.

    A new version takes the place of the card it revises. Raises Conflict, Refused naming every card that lacks
    something.
    """
    with transaction.atomic():
        agency = planned(agency, by)
        drafts = list(
            Card.objects.select_for_update(of=("self",))
            .filter(agency=agency, year=year, pk__in=seen, activated_at__isnull=True)
            .prefetch_related("suppliers", "targets")
            .order_by("pk")
        )
        if {card.pk: card.edition for card in drafts} != dict(seen):
            raise Conflict([changed_since("Salah satu kartu")])
        if not drafts:
            text = "Belum ada kartu yang dipilih."
            refuse_if([Reason("nothing_chosen", text, "Centang kartu yang hendak diaktifkan.", "cards")])
        refuse_if([reason for card in drafts for reason in _reasons_not_to_freeze(card, today(agency))])
        now = timezone.now()
        for card in drafts:
            Card.objects.filter(indicator_id=card.indicator_id, year=year).exclude(pk=card.pk).update(is_current=False)
            before = revision_rules.in_force_before(card)
            card.counts_from = revision_rules.counts_from(card, today(agency))
            card.measured_to = before.measured_to if before else None
            card.is_current, card.activated_at, card.activated_by_id = True, now, by.person_id
            card.save(update_fields=["is_current", "activated_at", "activated_by", "counts_from", "measured_to"])
        note(agency, by, Verb.ACTIVATED_CARDS, agency, {"year": year, "cards": [card.public_id for card in drafts]})
    return drafts


def mark_measured(*, cards: Iterable[Card], through: date) -> None:
    """Remember that periods up to a day were measured with these cards: none of them is changed by a later version.

    Lock of the agency and journal are the caller's: it writes what was measured in the same transaction.
    """
    rows = Card.objects.filter(pk__in=[card.pk for card in cards])
    rows.filter(Q(measured_to__isnull=True) | Q(measured_to__lt=through)).update(measured_to=through)
