"""Writes rounds: the forms of every unit prepared and distributed, each acknowledged by its unit."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach, today
from capaian.collection import form_queries, papers, queries, rules
from capaian.collection.models import Actual, FormCard, Round, UnitForm
from capaian.collection.places import locked_form, locked_item
from capaian.documents.actions import reserve
from capaian.documents.models import Document
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.planning.models import Card
from capaian.sop import step_rules
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import Run, RunUnit, WorkItem

TITLE_LENGTH = 240


def prepare_forms(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach) -> WorkItem:
    """Complete the preparing item: one form for every unit of the run, with the cards due that it supplies.

    Done again (the step was sent back to), it adds what has become due and drops what nobody has filled in.
    """
    with transaction.atomic():
        item = locked_item(item, by)
        refuse_if(step_rules.reasons_not_to_complete(item, reach, answer))
        round_ = prepare(item.run, reach)
        found = queries.standings(reach, item.run)
        parts = papers.prepared_parts(item, [form_queries.sheet(reach, item.run, row.unit) for row in found], by)
        done = complete_step(item=item, answer=_with(answer, item, parts), by=by, reach=reach)
        record(by=by, verb=Verb.PREPARED_FORMS, target=round_, payload=_counts(item.run, found))
    return done


def distribute_forms(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach) -> WorkItem:
    """Complete the distributing item: every form goes to its unit, with a receipt to be acknowledged."""
    with transaction.atomic():
        item = locked_item(item, by)
        refuse_if(step_rules.reasons_not_to_complete(item, reach, answer))
        round_ = prepare(item.run, reach) if not _is_prepared(item.run) else Round.objects.get(run=item.run)
        moment = timezone.now()
        sent = UnitForm.objects.filter(round=round_, distributed_at__isnull=True)
        sent.filter(state=UnitForm.State.PREPARED).update(state=UnitForm.State.DISTRIBUTED)
        sent.update(distributed_at=moment, distributed_by_id=by.person_id)
        found = queries.standings(reach, item.run)
        parts = papers.receipt_parts(item, found, by, moment)
        done = complete_step(item=item, answer=_with(answer, item, parts), by=by, reach=reach)
        record(by=by, verb=Verb.DISTRIBUTED_FORMS, target=round_, payload=_counts(item.run, found))
    return done


def acknowledge_form(*, form: UnitForm, by: Actor, reach: Reach) -> UnitForm:
    """Note that a unit has received its form: by its head, its submitter or its staff, once.

    Its receipt is reserved, to be issued by the caller outside the transaction.
    """
    with transaction.atomic():
        form = locked_form(form)
        refuse_if(rules.reasons_not_to_receive(form, reach))
        if form.received_at is not None:
            if done_with_token(by.agency_key, by.person_key, by.token, Verb.RECEIVED_FORM):
                raise Replayed(by.token)
            raise Conflict([rules.received_already(form)])
        person = Person.objects.get(pk=by.person_id)
        form.received_at, form.received_by = timezone.now(), person
        form.receipt = _receipt(form, person, by)
        form.save(update_fields=["received_at", "received_by", "receipt"])
        payload = {"run": form.round.run.public_id, "unit": form.unit.public_id, "paper": form.receipt.public_id}
        record(by=by, verb=Verb.RECEIVED_FORM, target=form, payload=payload)
    return form


def _receipt(form: UnitForm, person: Person, by: Actor) -> Document:
    cards = [row.card for row in form.form_cards.select_related("card")]
    return reserve(
        agency=form.agency,
        kind_code=papers.RECEIPT,
        title=f"Tanda terima formulir {form.unit.name}, {form.round.run.period_value.label}"[:TITLE_LENGTH],
        dated=today(form.agency),
        context=papers.acknowledged_parts(form, cards, person, by),
        by=by,
    )


def prepare(run: Run, reach: Reach) -> Round:
    """Make the round of a locked run and the forms of its units; return it. Doing it again changes only what is new."""
    round_, _ = Round.objects.get_or_create(run=run, defaults={"agency_id": run.agency_id})
    known = {form.unit_id: form for form in UnitForm.objects.filter(round=round_)}
    wanted = queries.wanted_cards(reach, run)
    for unit_id in RunUnit.objects.filter(run=run).order_by("unit_id").values_list("unit_id", flat=True):
        form = known.get(unit_id) or UnitForm.objects.create(agency_id=run.agency_id, round=round_, unit_id=unit_id)
        _lay_cards(form, [card for card in wanted if any(row.unit_id == unit_id for row in card.suppliers.all())])
    return round_


def _is_prepared(run: Run) -> bool:
    return FormCard.objects.filter(form__round__run=run).exists()


def _lay_cards(form: UnitForm, cards: Sequence[Card]) -> None:
    filled = Actual.objects.filter(form=form, is_current=True).values_list("card_id", flat=True)
    kept = {card.pk for card in cards} | set(filled)
    form.form_cards.exclude(card_id__in=kept).delete()
    have = {row.card_id: row for row in form.form_cards.all()}
    placed = {card.pk: place for place, card in enumerate(cards, start=1)}
    FormCard.objects.bulk_create(
        [FormCard(form=form, card_id=pk, ordinal=place) for pk, place in placed.items() if pk not in have]
    )
    for pk, row in have.items():
        if placed.get(pk, row.ordinal) != row.ordinal:
            row.ordinal = placed[pk]
            row.save(update_fields=["ordinal"])


def _with(answer: Answer, item: WorkItem, parts: papers.Parts) -> Answer:
    return replace(answer, papers={output.pk: parts for output in item.step.outputs.all()})


def _counts(run: Run, found: Sequence[queries.Standing]) -> dict[str, object]:
    return {"run": run.public_id, "units": {row.unit.public_id: row.cards for row in found}}
