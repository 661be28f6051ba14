"""Writes a meeting: planned, then held; its decisions become follow-ups."""

from django.db import transaction

from capaian.agencies.models import Appointment
from capaian.agencies.queries import Reach, held_title
from capaian.journal.actor import Actor
from capaian.proceedings import papers
from capaian.proceedings import paperwork_actions as paperwork
from capaian.proceedings.entries import MeetingEntry
from capaian.proceedings.models import Attendance, Meeting, MeetingDecision
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem


def hold_meeting(
    *, item: WorkItem, entry: MeetingEntry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> WorkItem:
    """Complete a meeting item by its notulen; decisions with an owner become follow-ups. Returns the item done."""
    with transaction.atomic():
        item, row = paperwork.filled(item, lay_meeting, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if row is not None:
            paperwork.make_follow_ups(item, list(row.decisions.order_by("ordinal")), by)
            answer = paperwork.with_parts(item, answer, papers.meeting_parts(row, by))
        return complete_step(item=item, answer=answer, by=by, reach=reach)


def lay_meeting(item: WorkItem, entry: MeetingEntry, edition: int, by: Actor) -> Meeting:
    """Write the meeting as it stands, with who was invited and who came."""
    texts = {name: getattr(entry, name).strip() for name in ("place", "agenda", "guests", "discussion")}
    fields = {"planned_at": entry.planned_at, "note_taker_id": entry.note_taker_id, **texts}
    row = paperwork.lay(Meeting.objects.select_related("note_taker"), item, edition, by, **fields)
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
    paperwork.lay_tasks(MeetingDecision.objects.all(), entry.decisions, meeting=row)
    return row
