"""Reserves the papers that a completed item leaves. Their PDFs are made outside the transaction."""

from django.utils import timezone

from capaian.documents.actions import reserve
from capaian.documents.models import Document
from capaian.journal.actor import Actor
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, StepOutput, WorkItem
from capaian.sop.papers import paper_title, sheet_context
from capaian.sop.run_rules import zone_of

GENERIC_KIND = "LBR"


def reserve_papers(*, item: WorkItem, answer: Answer, by: Actor) -> list[Paper]:
    """Reserve one numbered document for each output of a just completed item; return them."""
    return [_reserve(item, output, answer, by) for output in item.step.outputs.all()]


def _reserve(item: WorkItem, output: StepOutput, answer: Answer, by: Actor) -> Paper:
    document = reserve(
        agency=item.run.agency,
        kind_code=output.document_kind or GENERIC_KIND,
        title=paper_title(item.step, output, item),
        dated=timezone.localtime(item.done_at, zone_of(item.run.agency)).date(),
        context=sheet_context(item, output, answer, by),
        by=by,
        typed_number=answer.numbers.get(output.pk, ""),
        supersedes=_before(item, output),
    )
    return Paper.objects.create(item=item, output=output, document=document)


def _before(item: WorkItem, output: StepOutput) -> Document | None:
    """The paper of the same output in the visit before, which this one replaces."""
    if item.visit == 1:
        return None
    papers = Paper.objects.filter(
        item__run=item.run, item__step__key=item.step.key, item__unit=item.unit, output__ordinal=output.ordinal
    )
    last = papers.select_related("document").order_by("-pk").first()
    return last.document if last else None
