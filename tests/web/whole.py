"""Tells a step that is whole or not begun from one that is half done."""

from capaian.documents.models import Document
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.sop.models import Paper, Run, WorkItem
from tests.sop.driver import Engine

COMPLETED = ("completed_step", "decided_yes", "decided_no")


def halves(item: WorkItem) -> list[str]:
    """Return what a step has too little or too much of, for its status: done means all of it, open none of it."""
    item = WorkItem.objects.select_related("run", "step").get(pk=item.pk)
    told = list(Entry.objects.filter(target_public_id=item.public_id, verb__in=COMPLETED))
    papers = Paper.objects.filter(item=item).count()
    opened = set(WorkItem.objects.filter(cause=item).values_list("public_id", flat=True))
    name = f"{item.step.key} visit {item.visit} ({item.status})"
    if item.status == WorkItem.Status.OPEN:
        begun = (len(told), papers, len(opened))
        return [] if begun == (0, 0, 0) else [f"{name} has journal, papers, successors {begun}"]
    if item.status != WorkItem.Status.DONE:
        return []
    faults = [] if len(told) == 1 else [f"{name} is told {len(told)} times"]
    outputs = 0 if item.decision == WorkItem.Decision.NO else item.step.outputs.count()
    if papers != outputs:
        faults.append(f"{name} has {papers} papers of {outputs}")
    if told and not set(told[0].payload["opened"]) <= opened:  # a later return names its cause too
        faults.append(f"{name} tells of successors that are not there")
    if item.step.next_yes_id is None and item.run.status != Run.Status.DONE:
        faults.append(f"{name} is the last step, and the run goes on")
    return faults


def damage(engine: Engine) -> list[str]:
    """Return every half step, stuck run, broken link and lost paper of an agency."""
    agency = engine.world.agency
    faults = [fault for item in WorkItem.objects.filter(agency=agency) for fault in halves(item)]
    going_on = Run.objects.filter(agency=agency, status=Run.Status.OPEN, waiting_at__isnull=True)
    stuck = going_on.exclude(items__status=WorkItem.Status.OPEN).values_list("period", flat=True)
    faults += [f"run of {period} is open, and nobody has anything to do" for period in stuck]
    lost = Document.objects.filter(agency=agency, paper__isnull=True, receipt_of__isnull=True).count()
    return faults + [str(found) for found in breaks(agency.public_id)] + [f"{lost} papers without a step"] * bool(lost)
