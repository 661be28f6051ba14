"""Writes what every kind of paperwork shares: the item's one row, its tasks, the follow-ups that come of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, refuse_if
from capaian.proceedings import rules
from capaian.proceedings.entries import Entry, TaskEntry
from capaian.proceedings.models import FollowUp, Paperwork, Task
from capaian.proceedings.papers import Parts
from capaian.sop import step_rules
from capaian.sop.answer import Answer
from capaian.sop.flow_actions import lock_item
from capaian.sop.models import WorkItem

EntryT = TypeVar("EntryT", bound=Entry)
RowT = TypeVar("RowT", bound=Paperwork)
TaskT = TypeVar("TaskT", bound=Task)
Writer = Callable[[WorkItem, EntryT, int, Actor], RowT]


def filled(
    item: WorkItem,
    write: Writer[EntryT, RowT],
    *,
    entry: EntryT,
    edition: int,
    answer: Answer,
    by: Actor,
    reach: Reach,
) -> tuple[WorkItem, RowT | None]:
    """Lock and judge an item, write its rows; no rows when it is closed: the engine then says by whom."""
    item, _ = lock_item(item)
    if item.status != WorkItem.Status.OPEN:
        return item, None
    reasons = step_rules.reasons_not_to_complete(item, reach, answer)
    if all(reason.field for reason in reasons):
        reasons = [*reasons, *rules.reasons_not_to_finish(item, entry)]
    refuse_if(reasons)
    return item, write(item, entry, edition, by)


def with_parts(item: WorkItem, answer: Answer, parts: Parts) -> Answer:
    """Return the answer with these parts of a context for every paper of the step."""
    return replace(answer, papers={output.pk: parts for output in item.step.outputs.all()})


def lay(rows: QuerySet[RowT], item: WorkItem, edition: int, by: Actor, **fields: Any) -> RowT:
    """Write the item's one row. Raises `Conflict` when it is not the one the form was opened with."""
    row = rows.select_related("agency", "saved_by").filter(item=item).first()
    if row is not None and row.edition != edition:
        raise Conflict([rules.draft_changed(row)])
    row = row or rows.model(agency_id=item.agency_id, item=item, edition=0)
    for name, value in fields.items():
        setattr(row, name, value)
    row.edition, row.saved_at, row.saved_by_id = row.edition + 1, timezone.now(), by.person_id
    row.save()
    row.item = item
    return row


def lay_tasks(rows: QuerySet[TaskT], tasks: Sequence[TaskEntry], **parent: Paperwork) -> None:
    """Write the decisions or instructions of one row in the place of the earlier ones."""
    rows.filter(**parent).delete()
    rows.bulk_create(
        [
            rows.model(
                ordinal=place, text=task.text[: rules.TASK_LENGTH], owner_id=task.owner_id, due=task.due, **parent
            )
            for place, task in enumerate(tasks, start=1)
        ]
    )


def make_follow_ups(item: WorkItem, tasks: Sequence[Task], by: Actor) -> None:
    """Make follow-ups of tasks with an owner; those of an earlier visit to the same step are replaced."""
    earlier = FollowUp.objects.filter(
        origin__run_id=item.run_id, origin__step__key=item.step.key, origin__unit=item.unit
    )
    earlier.filter(state=FollowUp.State.OPEN).update(
        state=FollowUp.State.CANCELLED, finished_at=timezone.now(), finished_by_id=by.person_id
    )
    FollowUp.objects.bulk_create(
        [
            FollowUp(agency_id=item.agency_id, origin=item, text=task.text, owner_id=task.owner_id, due=task.due)
            for task in tasks
            if task.owner_id
        ]
    )
