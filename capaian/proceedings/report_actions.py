"""Writes the draft of a report."""

from collections.abc import Iterable

from django.db import transaction

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.proceedings import paperwork_actions as paperwork
from capaian.proceedings.entries import ReportEntry
from capaian.proceedings.models import Report
from capaian.proceedings.papers import Parts
from capaian.proceedings.report_papers import report_parts
from capaian.proceedings.rules import REPORT_SECTIONS
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem


def submit_report(
    *,
    item: WorkItem,
    entry: ReportEntry,
    edition: int,
    answer: Answer,
    by: Actor,
    reach: Reach,
    extra_blocks: Iterable[Parts] = (),
) -> WorkItem:
    """Complete a reporting item by its draft; `extra_blocks` are tables of figures. Returns the item done."""
    with transaction.atomic():
        item, row = paperwork.filled(item, lay_report, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if row is not None:
            answer = paperwork.with_parts(item, answer, report_parts(row, extra_blocks))
        return complete_step(item=item, answer=answer, by=by, reach=reach)


def lay_report(item: WorkItem, entry: ReportEntry, edition: int, by: Actor) -> Report:
    """Write the report's text as it stands."""
    sections = {name: getattr(entry, name).strip() for name in REPORT_SECTIONS}
    return paperwork.lay(Report.objects.all(), item, edition, by, **sections)
