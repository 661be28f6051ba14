"""Writes returns of several forms with one note: all of them or none."""

from collections.abc import Sequence

from django.db import transaction

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection.follow_rules import about_units, no_way_back, reasons_not_to_choose
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason, Refused, refuse_if
from capaian.sop.actions import return_work
from capaian.sop.answer import Answer
from capaian.sop.models import ReturnTarget, Run, Step, Work, WorkItem
from capaian.sop.published import steps_by_key


def return_forms(*, run: Run, units: Sequence[Unit], note: str, by: Actor, reach: Reach) -> list[WorkItem]:
    """Send the forms of units back with one note, as the return of a single form does; return what is open again.

    Raises `Refused` with the reasons of every form that cannot be returned, named; then none is.
    """
    step, target = _way_back(run)
    refuse_if(reasons_not_to_choose(units))
    refused: list[tuple[Unit, list[Reason]]] = []
    opened = []
    with transaction.atomic():
        for place, unit in enumerate(units):
            single = by if place == 0 else by.with_token("")  # the journal keeps a form's token once
            answer = Answer(note=note, target=target.target.key, unit_ids=(unit.pk,))
            try:
                opened += return_work(run=run, step=step, answer=answer, by=single, reach=reach)
            except Refused as why:
                refused.append((unit, why.reasons))
        refuse_if(about_units(refused, len(units)))
    return opened


def _way_back(run: Run) -> tuple[Step, ReturnTarget]:
    """Return how the run's version sends single forms back: from a task, to the filling of chosen units."""
    for step in steps_by_key(run.version).values():
        for row in step.return_targets.all():
            if step.kind == Step.Kind.TASK and row.per_unit and row.target.work == Work.FILL:
                return step, row
    raise Refused([no_way_back()])
