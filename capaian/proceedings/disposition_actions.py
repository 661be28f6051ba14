"""Writes the Kepala's disposition; its instructions become follow-ups."""

from dataclasses import replace

from django.db import transaction

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.proceedings import papers
from capaian.proceedings import paperwork_actions as paperwork
from capaian.proceedings.entries import DispositionEntry
from capaian.proceedings.models import Disposition, DispositionAddressee, DispositionAsk, DispositionTask
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem


def write_disposition(
    *, item: WorkItem, entry: DispositionEntry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> WorkItem:
    """Complete a handed-over item by the disposition; its instructions become follow-ups. Returns the item done."""
    with transaction.atomic():
        item, row = paperwork.filled(
            item,
            lay_disposition,
            entry=entry,
            edition=edition,
            answer=replace(answer, note=entry.text),
            by=by,
            reach=reach,
        )
        if row is not None:
            paperwork.make_follow_ups(item, list(row.tasks.order_by("ordinal")), by)
            answer = paperwork.with_parts(item, answer, papers.disposition_parts(row, reach))
        return complete_step(item=item, answer=replace(answer, note=entry.text), by=by, reach=reach)


def lay_disposition(item: WorkItem, entry: DispositionEntry, edition: int, by: Actor) -> Disposition:
    """Write what the Kepala has put on the sheet so far."""
    row = paperwork.lay(Disposition.objects.all(), item, edition, by, text=entry.text, urgency=entry.urgency)
    row.addressees.all().delete()
    row.asks.all().delete()
    DispositionAddressee.objects.bulk_create(
        [DispositionAddressee(disposition=row, position_id=pk) for pk in dict.fromkeys(entry.addressee_ids)]
    )
    DispositionAsk.objects.bulk_create([DispositionAsk(disposition=row, ask=ask) for ask in dict.fromkeys(entry.asks)])
    paperwork.lay_tasks(DispositionTask.objects.all(), entry.tasks, disposition=row)
    return row
