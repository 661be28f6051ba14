"""Writes a program kerja kegiatan."""

from django.db import transaction

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.proceedings import paperwork_actions as paperwork
from capaian.proceedings.entries import WorkPlanEntry
from capaian.proceedings.models import PlanItem, WorkPlan
from capaian.proceedings.plan_papers import plan_parts
from capaian.sop.actions import complete_step
from capaian.sop.answer import Answer
from capaian.sop.models import WorkItem


def adopt_plan(
    *, item: WorkItem, entry: WorkPlanEntry, edition: int, answer: Answer, by: Actor, reach: Reach
) -> WorkItem:
    """Complete a planning item by its program kerja. Returns the item done."""
    with transaction.atomic():
        item, row = paperwork.filled(item, lay_plan, entry=entry, edition=edition, answer=answer, by=by, reach=reach)
        if row is not None:
            answer = paperwork.with_parts(item, answer, plan_parts(row))
        return complete_step(item=item, answer=answer, by=by, reach=reach)


def lay_plan(item: WorkItem, entry: WorkPlanEntry, edition: int, by: Actor) -> WorkPlan:
    """Write the plan as it stands, its stages in the place of the earlier ones."""
    row = paperwork.lay(WorkPlan.objects.all(), item, edition, by, background=entry.background.strip())
    row.stages.all().delete()
    PlanItem.objects.bulk_create(
        [
            PlanItem(
                plan=row,
                ordinal=place,
                stage=stage.stage.strip(),
                starts_on=stage.starts_on,
                ends_on=stage.ends_on,
                owner_id=stage.owner_id,
                result=stage.result.strip(),
            )
            for place, stage in enumerate(entry.stages, start=1)
        ]
    )
    return row
