"""Writes the paperwork: drafts and follow-ups here, each work in a file of its own."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from capaian.agencies.queries import Reach
from capaian.documents.actions import add_file
from capaian.documents.store import Kept
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import Conflict, Reason, refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.proceedings import rules
from capaian.proceedings.checklist_actions import close_checklist, lay_checklist
from capaian.proceedings.disposition_actions import lay_disposition, write_disposition
from capaian.proceedings.entries import (
    ChecklistEntry,
    DispositionEntry,
    Entry,
    MeetingEntry,
    OrderEntry,
    ReportEntry,
    WorkPlanEntry,
)
from capaian.proceedings.meeting_actions import hold_meeting, lay_meeting
from capaian.proceedings.models import FollowUp, Paperwork
from capaian.proceedings.order_actions import issue_order, lay_order
from capaian.proceedings.plan_actions import adopt_plan, lay_plan
from capaian.proceedings.report_actions import lay_report, submit_report
from capaian.sop.flow_actions import lock_item
from capaian.sop.models import WorkItem

__all__ = [
    "adopt_plan",
    "close_checklist",
    "finish_follow_up",
    "hold_meeting",
    "issue_order",
    "save_draft",
    "submit_report",
    "write_disposition",
]

WRITERS: Mapping[type, Callable[..., Paperwork]] = {
    DispositionEntry: lay_disposition,
    OrderEntry: lay_order,
    MeetingEntry: lay_meeting,
    WorkPlanEntry: lay_plan,
    ChecklistEntry: lay_checklist,
    ReportEntry: lay_report,
}


def save_draft(*, item: WorkItem, entry: Entry, edition: int, by: Actor, reach: Reach) -> int:
    """Keep what was filled in so far, without completing the step; return the new edition.

    `edition` is the one the form was opened with. Raises `Conflict` when somebody has saved since, `Refused`
    when the step is not this person's to work on. Drafts are not journalled.
    """
    with transaction.atomic():
        item, _ = lock_item(item)
        refuse_if(rules.reasons_not_to_save(item, reach) or rules.reasons_not_to_keep(item, entry))
        return WRITERS[type(entry)](item, entry, edition, by).edition


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
