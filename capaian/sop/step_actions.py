"""Writes what people do with a step: complete, decide, hand over, return, waive, reassign, attach."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach
from capaian.documents.actions import add_file
from capaian.documents.store import Kept
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.sop import step_rules
from capaian.sop.answer import Answer
from capaian.sop.flow_actions import Flow, lock_item, lock_runs
from capaian.sop.models import Attachment, Run, Step, WorkItem
from capaian.sop.paper_actions import reserve_papers


def _locked(item: WorkItem, by: Actor, *verbs: Verb) -> tuple[WorkItem, dict[int, Run]]:
    """Lock the run, read the item again, and tell a repeated form of `verbs` from somebody else's earlier click."""
    fresh, runs = lock_item(item)
    closed = fresh.status != WorkItem.Status.OPEN
    if (closed or fresh.performed_at) and done_with_token(by.agency_key, by.person_key, by.token, *verbs):
        raise Replayed(by.token)
    if closed:
        raise step_rules.already_closed(fresh)
    return fresh, runs


def complete_step(*, item: WorkItem, answer: Answer, by: Actor, reach: Reach, files: Sequence[Kept] = ()) -> WorkItem:
    """Complete an open item with `answer`; open what follows. Returns the item, its papers reserved.

    Raises `Conflict` when somebody else was first, `Replayed` when this form has already taken effect,
    `Refused` with reasons otherwise. The papers' PDFs are made outside, by `documents.actions.issue`.
    """
    moment = timezone.now()
    with transaction.atomic():
        item, runs = _locked(item, by, Verb.COMPLETED_STEP, Verb.DECIDED_YES, Verb.DECIDED_NO)
        refuse_if(step_rules.reasons_not_to_complete(item, reach, answer))
        item.self_approved = step_rules.is_self_approval(item, by.person_id)
        item.done_by = reach.person
        _close(item, answer, by, moment)
        _attach(item, files, by)
        if answer.decision == WorkItem.Decision.NO:
            opened = _go_back(item, runs, answer, by, moment)
        else:
            reserve_papers(item=item, answer=answer, by=by)
            opened = Flow(item.run, runs, moment).leave(item.step, cause=item)
        record(by=by, verb=_verb(answer), target=item, payload=_told(item, answer, opened))
        if item.run.status == Run.Status.DONE:
            record(by=by, verb=Verb.FINISHED_RUN, target=item.run, payload={"period": item.run.period})
    return item


def _close(item: WorkItem, answer: Answer, by: Actor, moment: datetime) -> None:
    item.status, item.done_at, item.done_as_id, item.done_title = WorkItem.Status.DONE, moment, by.position_id, by.title
    item.decision, item.note = answer.decision, answer.note.strip()
    changed = WorkItem.objects.filter(pk=item.pk, status=WorkItem.Status.OPEN).update(
        status=item.status,
        done_at=moment,
        done_by_id=item.done_by_id,
        done_as_id=item.done_as_id,
        done_title=item.done_title,
        decision=item.decision,
        note=item.note,
        self_approved=item.self_approved,
    )
    if changed != 1:
        raise step_rules.already_closed(WorkItem.objects.get(pk=item.pk))


def _go_back(item: WorkItem, runs: Mapping[int, Run], answer: Answer, by: Actor, moment: datetime) -> list[WorkItem]:
    target = step_rules.return_target(item.step, answer.target)
    return Flow(item.run, dict(runs), moment).send_back(
        target.target,
        by_id=by.person_id,
        title=by.title,
        cause=item,
        unit_ids=answer.unit_ids,
        note=answer.note.strip(),
    )


def _verb(answer: Answer) -> Verb:
    if answer.decision == WorkItem.Decision.YES:
        return Verb.DECIDED_YES
    return Verb.DECIDED_NO if answer.decision == WorkItem.Decision.NO else Verb.COMPLETED_STEP


def _told(item: WorkItem, answer: Answer, opened: Sequence[WorkItem]) -> dict[str, object]:
    return {
        "run": item.run.public_id,
        "step": item.step.key,
        "unit": item.unit.public_id if item.unit else "",
        "visit": item.visit,
        "note": item.note,
        "target": answer.target,
        "opened": [opening.public_id for opening in opened],
        "self_approved": item.self_approved,
    }


def hand_over(*, item: WorkItem, note: str, by: Actor, reach: Reach, files: Sequence[Kept] = ()) -> WorkItem:
    """Hand an item from the one who performs to the one who completes it (the Kepala writes his disposisi)."""
    with transaction.atomic():
        item, _ = _locked(item, by, Verb.HANDED_OVER)
        reasons = step_rules.reasons_not_to_hand_over(item, reach)
        if any(reason.code == "handed_over" for reason in reasons):
            raise Conflict(reasons)
        refuse_if(reasons)
        item.performed_at, item.performed_by_id, item.performed_note = timezone.now(), by.person_id, note.strip()
        item.save(update_fields=["performed_at", "performed_by", "performed_note"])
        _attach(item, files, by)
        record(
            by=by, verb=Verb.HANDED_OVER, target=item, payload={"run": item.run.public_id, "note": item.performed_note}
        )
    return item


def return_work(*, run: Run, step: Step, answer: Answer, by: Actor, reach: Reach) -> list[WorkItem]:
    """Send work back from `step` to one of its targets, for chosen units also while others are still open.

    Returns the reopened items. The step itself need not be open yet: Tim SAKIP may return one unit's form
    before the recapitulation begins; the join then waits for that unit as well.
    """
    moment = timezone.now()
    with transaction.atomic():
        runs = lock_runs(run)
        run = runs[run.pk]
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.RETURNED_WORK):
            raise Replayed(by.token)
        refuse_if(step_rules.reasons_not_to_return(run, step, reach, answer))
        target = step_rules.return_target(step, answer.target).target
        cause = step_rules.latest_item(run, target, answer.unit_ids)
        opened = Flow(run, runs, moment).send_back(
            target, by_id=by.person_id, title=by.title, cause=cause, unit_ids=answer.unit_ids, note=answer.note.strip()
        )
        payload = {
            "from": step.key,
            "target": target.key,
            "note": answer.note.strip(),
            "opened": [i.public_id for i in opened],
        }
        record(by=by, verb=Verb.RETURNED_WORK, target=run, payload=payload)
    return opened


def waive_unit(*, item: WorkItem, reason: str, by: Actor, reach: Reach) -> WorkItem:
    """Let the run go on without one unit's item; the reason is kept and printed."""
    moment = timezone.now()
    with transaction.atomic():
        item, runs = _locked(item, by, Verb.WAIVED_UNIT)
        refuse_if(step_rules.reasons_not_to_waive(item, reach, reason))
        item.status, item.waived, item.note = WorkItem.Status.CANCELLED, True, reason.strip()
        item.done_at, item.done_by_id, item.done_title = moment, by.person_id, by.title
        item.save(update_fields=["status", "waived", "note", "done_at", "done_by", "done_title"])
        opened = Flow(item.run, runs, moment).leave(item.step, cause=item)
        payload = {"run": item.run.public_id, "unit": item.unit.public_id if item.unit else "", "reason": item.note}
        record(by=by, verb=Verb.WAIVED_UNIT, target=item, payload={**payload, "opened": [i.public_id for i in opened]})
    return item


def reassign_item(*, item: WorkItem, assignee: Person | None, by: Actor, reach: Reach) -> WorkItem:
    """Give an open item to one of those who may complete it, or back to all of them (None)."""
    with transaction.atomic():
        item, _ = _locked(item, by, Verb.REASSIGNED_ITEM)
        refuse_if(step_rules.reasons_not_to_reassign(item, reach, assignee))
        item.assignee = assignee
        item.save(update_fields=["assignee"])
        record(
            by=by,
            verb=Verb.REASSIGNED_ITEM,
            target=item,
            payload={"run": item.run.public_id, "assignee": assignee.public_id if assignee else ""},
        )
    return item


def attach_file(*, item: WorkItem, file: Kept, by: Actor, reach: Reach) -> Attachment:
    """Add a file to an open item; whoever performs, assists or completes it may."""
    with transaction.atomic():
        item, _ = _locked(item, by, Verb.ATTACHED_FILE)
        refuse_if(step_rules.reasons_not_to_attach(item, reach))
        attachment = _attach(item, [file], by)[0]
        record(by=by, verb=Verb.ATTACHED_FILE, target=item, payload={"file": file.original_name, "sha256": file.sha256})
    return attachment


def _attach(item: WorkItem, files: Sequence[Kept], by: Actor) -> list[Attachment]:
    return [
        Attachment.objects.create(item=item, file=add_file(kept=file, agency=item.run.agency, by=by)) for file in files
    ]
