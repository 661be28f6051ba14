"""Locks what an action of this room works on: always the run first, then its form."""

from capaian.collection.models import UnitForm
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.sop import step_rules
from capaian.sop.flow_actions import lock_item, lock_runs
from capaian.sop.models import WorkItem


def locked_item(item: WorkItem, by: Actor) -> WorkItem:
    """Lock the run and return the item as it stands, open.

    Raises `Replayed` when this very form has completed it, `Conflict` when somebody else was first.
    """
    fresh, _ = lock_item(item)
    if fresh.status != WorkItem.Status.OPEN:
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.COMPLETED_STEP):
            raise Replayed(by.token)
        raise step_rules.already_closed(fresh)
    return fresh


def locked_form(form: UnitForm) -> UnitForm:
    """Lock the form's run and return the form as it stands."""
    run = form.round.run
    runs = lock_runs(run)
    fresh = UnitForm.objects.select_related("agency", "unit", "round", "received_by", "distributed_by").get(pk=form.pk)
    fresh.round.run = runs[run.pk]
    return fresh
