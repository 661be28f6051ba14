"""Writes the paperwork: drafts, and what completes a step with its paper and follow-ups in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from capaian.agencies.models import Appointment
from capaian.agencies.queries import Reach, held_title
from capaian.documents.actions import add_file
from capaian.documents.store import Kept
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.proceedings import papers, rules
from capaian.proceedings.entries import DispositionEntry, Entry, MeetingEntry, OrderEntry, TaskEntry
from capaian.proceedings.models import (
    Attendance,
    Disposition,
    DispositionAddressee,
    DispositionAsk,
    DispositionTask,
    FollowUp,
    Meeting,
    MeetingDecision,
    Order,
    Paperwork,
    Task,
)
from capaian.sop import step_rules
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.flow_actions import lock_runs
from capaian.sop.models import WorkItem

RowT = TypeVar("RowT", bound=Paperwork)
TaskT = TypeVar("TaskT", bound=Task)


def _locked(item: WorkItem) -> WorkItem:
    """Lock the run and read the item again."""
    runs = lock_runs(item.run)
    fresh = WorkItem.objects.select_related("step__version", "unit", "assignee", "done_by").get(pk=item.pk)
    fresh.run = runs[fresh.run_id]
    return fresh


def save_draft(*, item: WorkItem, entry: Entry, edition: int, by: Actor, reach: Reach) -> int:
    """Keep what was filled in so far, without completing the step; return the new edition.

    `edition` is the one the form was opened with. Raises `Conflict` when somebody has saved since, `Refused`
    when the step is not this person's to work on. Drafts are not journalled.
    """
    with transaction.atomic():
        item = _locked(item)
        refuse_if(rules.reasons_not_to_save(item, reach))
        return _write(item, entry, edition, by).edition


def write_disposition(
    *, item: WorkItem, entry: DispositionEntry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> WorkItem:
    """Complete a handed-over item by the disposition; its instructions become follow-ups. Returns the item done."""
    with transaction.atomic():
        item, row = _filled(
            item, entry=entry, edition=edition, answer=replace(answer, note=entry.text), by=by, reach=reach
        )
        if isinstance(row, Disposition):
            _follow_up(item, list(row.tasks.order_by("ordinal")), by)
            answer = _with_parts(item, answer, papers.disposition_parts(row, reach))
        return complete_step(item=item, answer=replace(answer, note=entry.text), by=by, reach=reach)


def issue_order(
    *,
    item: WorkItem,
    entry: OrderEntry,
    edition: int,
    answer: Answer,
    by: Actor,
    reach: Reach,
    together: WorkItem | None = None,
    together_number: str = "",
) -> WorkItem:
    """Complete an order item by a nota dinas; with `together` the other SOP's as well, each with a numbered paper.

    Both happen or neither does. Returns the item done; the other one is in `queries.joined_items`.
    """
    with transaction.atomic():
        item, row = _filled(item, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if isinstance(row, Order):
            answer = _with_parts(item, answer, papers.order_parts(row))
        done = complete_step(item=item, answer=answer, by=by, reach=reach)
        if together is not None and isinstance(row, Order):
            _issue_joined(together, item, row, entry=entry, number=together_number, by=by, reach=reach)
    return done


def _issue_joined(
    other: WorkItem, item: WorkItem, leading: Order, *, entry: OrderEntry, number: str, by: Actor, reach: Reach
) -> None:
    """Issue the same text for the other SOP. The journal takes a token once per verb, so this one has its own."""
    refuse_if(rules.reasons_not_to_join(item, other))
    by = by.with_token(f"{by.token}+") if by.token else by
    draft = Order.objects.filter(item=other).first()
    edition = draft.edition if draft else 0
    numbers = {output.pk: number for output in other.step.outputs.all()[:1]}
    answer = Answer(numbers=numbers)
    other, row = _filled(other, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
    if isinstance(row, Order):
        row.together_with = leading
        row.save(update_fields=["together_with"])
        answer = _with_parts(other, answer, papers.order_parts(row))
    complete_step(item=other, answer=answer, by=by, reach=reach)


def hold_meeting(
    *, item: WorkItem, entry: MeetingEntry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> WorkItem:
    """Complete a meeting item by its notulen; decisions with an owner become follow-ups. Returns the item done."""
    with transaction.atomic():
        item, row = _filled(item, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if isinstance(row, Meeting):
            _follow_up(item, list(row.decisions.order_by("ordinal")), by)
            answer = _with_parts(item, answer, papers.meeting_parts(row, by))
        return complete_step(item=item, answer=answer, by=by, reach=reach)


def _filled(
    item: WorkItem, *, entry: Entry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> tuple[WorkItem, Paperwork | None]:
    """Lock and judge an item, write its rows; no rows when it is closed: the engine then says by whom."""
    item = _locked(item)
    if item.status != WorkItem.Status.OPEN:
        return item, None
    reasons = step_rules.reasons_not_to_complete(item, reach, answer)
    if all(reason.field for reason in reasons):
        reasons = [*reasons, *rules.reasons_not_to_finish(item, entry)]
    refuse_if(reasons)
    return item, _write(item, entry, edition, by)


def _with_parts(item: WorkItem, answer: Answer, parts: papers.Parts) -> Answer:
    return replace(answer, papers={output.pk: parts for output in item.step.outputs.all()})


def _lay(rows: QuerySet[RowT], item: WorkItem, edition: int, by: Actor, **fields: Any) -> RowT:
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


def _lay_tasks(rows: QuerySet[TaskT], tasks: Sequence[TaskEntry], **parent: Paperwork) -> None:
    rows.filter(**parent).delete()
    rows.bulk_create(
        [
            rows.model(
                ordinal=place, text=task.text[: rules.TASK_LENGTH], owner_id=task.owner_id, due=task.due, **parent
            )
            for place, task in enumerate(tasks, start=1)
        ]
    )


def _write_disposition(item: WorkItem, entry: DispositionEntry, edition: int, by: Actor) -> Disposition:
    row = _lay(Disposition.objects.all(), item, edition, by, text=entry.text, urgency=entry.urgency)
    row.addressees.all().delete()
    row.asks.all().delete()
    DispositionAddressee.objects.bulk_create(
        [DispositionAddressee(disposition=row, position_id=pk) for pk in dict.fromkeys(entry.addressee_ids)]
    )
    DispositionAsk.objects.bulk_create([DispositionAsk(disposition=row, ask=ask) for ask in dict.fromkeys(entry.asks)])
    _lay_tasks(DispositionTask.objects.all(), entry.tasks, disposition=row)
    return row


def _write_order(item: WorkItem, entry: OrderEntry, edition: int, by: Actor) -> Order:
    fields = {name: getattr(entry, name).strip() for name in ("recipient", "copies", "subject", "body")}
    return _lay(Order.objects.all(), item, edition, by, urgency=entry.urgency, **fields)


def _write_meeting(item: WorkItem, entry: MeetingEntry, edition: int, by: Actor) -> Meeting:
    texts = {name: getattr(entry, name).strip() for name in ("place", "agenda", "guests", "discussion")}
    fields = {"planned_at": entry.planned_at, "note_taker_id": entry.note_taker_id, **texts}
    row = _lay(Meeting.objects.select_related("note_taker"), item, edition, by, **fields)
    row.attendances.all().delete()
    order = list(dict.fromkeys([*entry.invited_ids, *entry.attended_ids]))  # as on the form
    listed = Appointment.objects.filter(agency_id=item.agency_id, pk__in=order).select_related("position")
    Attendance.objects.bulk_create(
        [
            Attendance(
                meeting=row,
                position_id=held.position_id,
                person_id=held.person_id,
                title=held_title(held.kind, held.position.title),
                invited=held.pk in entry.invited_ids,
                attended=held.pk in entry.attended_ids,
            )
            for held in sorted(listed, key=lambda held: order.index(held.pk))
        ]
    )
    _lay_tasks(MeetingDecision.objects.all(), entry.decisions, meeting=row)
    return row


WRITERS: dict[type, Callable[..., Paperwork]] = {
    DispositionEntry: _write_disposition,
    OrderEntry: _write_order,
    MeetingEntry: _write_meeting,
}


def _write(item: WorkItem, entry: Entry, edition: int, by: Actor) -> Paperwork:
    return WRITERS[type(entry)](item, entry, edition, by)


def _follow_up(item: WorkItem, tasks: Sequence[Task], by: Actor) -> None:
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


def finish_follow_up(*, follow_up: FollowUp, note: str, evidence: Kept | None, by: Actor, reach: Reach) -> FollowUp:
    """Mark a follow-up done, with what was done and perhaps a file. Raises `Conflict` when somebody was first."""
    with transaction.atomic():
        row = FollowUp.objects.select_for_update(of=("self",)).select_related("agency", "owner").get(pk=follow_up.pk)
        if row.state != FollowUp.State.OPEN:
            if done_with_token(by.agency_key, by.person_key, by.token):
                raise Replayed(by.token)
            text = "Tindak lanjut ini sudah selesai atau digantikan."
            raise Conflict([Reason("already_closed", text, "Muat ulang halaman ini untuk melihat keadaan terbaru.")])
        refuse_if(rules.reasons_not_to_finish_follow_up(row, reach, note))
        row.state, row.note = FollowUp.State.DONE, note.strip()
        row.finished_at, row.finished_by_id = timezone.now(), by.person_id
        row.evidence = add_file(kept=evidence, agency=row.agency, by=by) if evidence else None
        row.save(update_fields=["state", "note", "finished_at", "finished_by", "evidence"])
        payload = {"note": row.note, "text": row.text, "sha256": evidence.sha256 if evidence else ""}
        record(by=by, verb=Verb.FINISHED_FOLLOW_UP, target=row, payload=payload)
    return row
