"""Writes what those who wait for units do for them: stand in for a unit, open its finished work again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.sop import reopening_rules, step_rules
from capaian.sop.flow_actions import Flow, lock_item, lock_runs
from capaian.sop.models import Run, Step, WorkItem


def stand_in(*, item: WorkItem, reason: str, by: Actor, reach: Reach) -> WorkItem:
    """Let whoever acts do an open item of a unit in its place; the unit's own people may go on with it too."""
    with transaction.atomic():
        item, _ = lock_item(item)
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.STOOD_IN):
            raise Replayed(by.token)
        if item.status != WorkItem.Status.OPEN:
            raise step_rules.already_closed(item)
        refuse_if(reopening_rules.reasons_not_to_stand_in(item, reach, reason))
        item.stand_in, item.stand_in_reason = reach.person, reason.strip()
        item.save(update_fields=["stand_in", "stand_in_reason"])
        unit = item.unit.public_id if item.unit else ""
        payload = {"run": item.run.public_id, "unit": unit, "reason": item.stand_in_reason}
        record(by=by, verb=Verb.STOOD_IN, target=item, payload=payload)
    return item


def reopen_units(
    *, run: Run, step: Step, units: Sequence[Unit], reason: str, by: Actor, reach: Reach
) -> list[WorkItem]:
    """Open a finished step again for units, as a new visit, though what followed was decided on already.

    Later open items are superseded: the way from here on is gone again. Returns the opened items.
    """
    moment = timezone.now()
    with transaction.atomic():
        runs = lock_runs(run)
        run = runs[run.pk]
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.REOPENED_FORM):
            raise Replayed(by.token)
        refuse_if(reopening_rules.reasons_not_to_reopen(run, step, units, reach, reason))
        unit_ids = [unit.pk for unit in units]
        cause = step_rules.latest_item(run, step, unit_ids)
        opened = Flow(run, runs, moment).send_back(
            step, by_id=by.person_id, title=by.title, cause=cause, unit_ids=unit_ids, note=reason.strip()
        )
        payload = {"step": step.key, "reason": reason.strip(), "opened": [item.public_id for item in opened]}
        record(by=by, verb=Verb.REOPENED_FORM, target=run, payload=payload)
    return opened
