"""Reads of the engine, always scoped to what a person may see."""

from django.db.models import Prefetch, QuerySet

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach
from capaian.agencies.queries import reach as reach_of
from capaian.documents.models import Document, StoredFile
from capaian.sop.models import Definition, Run, Step, StepParty, Version, Work, WorkItem
from capaian.sop.published import step_of, with_details
from capaian.sop.step_rules import completers, held_as, may_complete, parts_of, stands_in

WORKING_PARTS = (StepParty.Part.PERFORMS, StepParty.Part.ASSISTS, StepParty.Part.COMPLETES)


def open_items(reach: Reach) -> QuerySet[WorkItem]:
    """Return the agency's open items, the most urgent first: a few dozen, found by the index of open items."""
    found = WorkItem.objects.filter(agency_id=reach.agency.pk, status=WorkItem.Status.OPEN)
    related = found.select_related("run__definition", "run__version", "unit").defer("run__version__text")
    return related.order_by("due_at", "opened_at", "pk")


def my_items(reach: Reach) -> list[WorkItem]:
    """Return the open items that a person performs, assists or completes now, the most urgent first.

    A hand-over is with its performer until it is handed over, then with the one who completes it; an item
    assigned to somebody else is left out while that person may complete it.
    """
    found = list(open_items(reach))
    for item in found:
        item.run.agency, item.step = reach.agency, step_of(item)
    mine = [item for item in found if _is_with(item, reach)]
    others = Person.objects.filter(pk__in={item.assignee_id for item in mine if item.assignee_id} - {reach.person.pk})
    assigned = {other.pk: reach_of(other, reach.on) for other in others.select_related("agency")}
    return [
        item
        for item in mine
        if item.assignee_id not in assigned
        or stands_in(item, reach)
        or not may_complete(item, assigned[item.assignee_id])
    ]


def _is_with(item: WorkItem, reach: Reach) -> bool:
    """Tell whether a person has something to do with an open item now, whoever it is assigned to."""
    parts = parts_of(item.step)
    if item.step.work == Work.HAND_OVER:
        keys = completers(item.step) if item.performed_at else parts[StepParty.Part.PERFORMS]
    else:
        keys = {key for part in WORKING_PARTS for key in parts[part]}
    return held_as(reach, keys, item.unit_id) is not None or stands_in(item, reach)


def items(reach: Reach) -> QuerySet[WorkItem]:
    """Return every item of the agency; people whom few items name are read when asked for, not joined each time."""
    related = ("run__agency__region", "run__definition", "run__version", "step", "unit", "done_by")
    return WorkItem.objects.filter(agency_id=reach.agency.pk).select_related(*related).defer("run__version__text")


def runs(reach: Reach) -> QuerySet[Run]:
    """Return every run of the agency; the text of its version is read when asked for."""
    related = ("agency__region", "definition", "version", "waiting_at", "corrects")
    return Run.objects.filter(agency_id=reach.agency.pk).select_related(*related).defer("version__text")


def run_items(run: Run) -> QuerySet[WorkItem]:
    """Return the items of a run in the order they were opened."""
    return (
        WorkItem.objects.filter(run=run)
        .select_related("step", "unit", "done_by", "performed_by", "assignee")
        .order_by("pk")
    )


def steps_of(version: Version) -> QuerySet[Step]:
    """Return the steps of a version with all that its table shows; a constant number of queries."""
    return with_details(Step.objects.filter(version=version))


def definitions(reach: Reach) -> QuerySet[Definition]:
    """Return the SOPs of the agency, each with its version in force in `in_force`."""
    published = Version.objects.filter(state=Version.State.PUBLISHED)
    return (
        Definition.objects.filter(agency_id=reach.agency.pk)
        .prefetch_related(Prefetch("versions", published, to_attr="in_force"))
        .order_by("code")
    )


def documents(reach: Reach) -> QuerySet[Document]:
    """Return the papers of the agency, newest first."""
    return (
        Document.objects.filter(agency_id=reach.agency.pk)
        .select_related(
            "kind",
            "file",
            "signed_upload",
            "reserved_by",
            "supersedes",
            "paper__item__run__definition",
            "paper__item__step",
        )
        .order_by("-pk")
    )


def files(reach: Reach) -> QuerySet[StoredFile]:
    """Return the files that hang on the agency's work items."""
    return StoredFile.objects.filter(agency_id=reach.agency.pk, attachment__isnull=False).select_related(
        "attachment__item"
    )
