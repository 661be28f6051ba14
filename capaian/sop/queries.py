"""Reads of the engine, always scoped to what a person may see."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach
from capaian.agencies.queries import reach as reach_of
from capaian.documents.models import Document, StoredFile
from capaian.sop.models import Definition, PartyKey, ReturnTarget, Run, Step, StepParty, Version, Work, WorkItem
from capaian.sop.step_rules import ROLES, UNIT_ROLES, may_complete

WORKING_PARTS = (StepParty.Part.PERFORMS, StepParty.Part.ASSISTS, StepParty.Part.COMPLETES)


def _parties(keys: list[str], parts: tuple[StepParty.Part, ...] = WORKING_PARTS) -> Exists:
    return Exists(StepParty.objects.filter(step_id=OuterRef("step_id"), role__key__in=keys, part__in=parts))


def party_keys(reach: Reach) -> list[str]:
    """Return the parties that a person is for steps done once."""
    return [key for key, roles in ROLES.items() if any(reach.has(role) for role in roles)]


def my_items(reach: Reach) -> QuerySet[WorkItem]:
    """Return the open items that a person performs, assists or completes now, the most urgent first.

    A hand-over is with its performer until it is handed over, then with the one who completes it; an item
    assigned to somebody else is left out while that person may complete it.
    """
    units = {role: list(reach.units_with(role)) for role in UNIT_ROLES}
    heads = set(units[RoleKey.UNIT_HEAD]) | set(units[RoleKey.SUBMITTER])
    mine = Q(Q(unit__isnull=True), _parties(party_keys(reach)))
    if heads:
        mine |= Q(Q(unit_id__in=heads), _parties([PartyKey.UNIT, PartyKey.SUBMITTER]))
    if units[RoleKey.STAFF]:
        mine |= Q(Q(unit_id__in=units[RoleKey.STAFF]), _parties([PartyKey.STAFF]))
    handed = Q(performed_at__isnull=False)
    performs = _parties(party_keys(reach), (StepParty.Part.PERFORMS,))
    completes = _parties(party_keys(reach), (StepParty.Part.COMPLETES,))
    with_me = ~Q(step__work=Work.HAND_OVER) | Q(handed, completes) | Q(~handed, performs)
    return (
        WorkItem.objects.filter(agency_id=reach.agency.pk, status=WorkItem.Status.OPEN)
        .filter(mine, with_me)
        .filter(Q(assignee__isnull=True) | Q(assignee_id=reach.person.pk) | Q(pk__in=_left_behind(reach)))
        .select_related("run__definition", "run__agency", "step", "unit")
        .prefetch_related("step__parties__role")
        .order_by("due_at", "opened_at", "pk")
    )


def _left_behind(reach: Reach) -> list[int]:
    """Return the open items given to others who may not complete them any more: they are everybody's again."""
    given = WorkItem.objects.filter(agency_id=reach.agency.pk, status=WorkItem.Status.OPEN, assignee__isnull=False)
    others = given.exclude(assignee_id=reach.person.pk).select_related("step", "assignee__agency")
    return [
        item.pk
        for item in others.prefetch_related("step__parties__role")
        if item.assignee and not may_complete(item, reach_of(item.assignee, reach.on))
    ]


def items(reach: Reach) -> QuerySet[WorkItem]:
    """Return every item of the agency."""
    related = ("run__agency__region", "run__definition", "run__version", "step", "unit")
    people = ("done_by", "performed_by", "assignee")
    found = WorkItem.objects.filter(agency_id=reach.agency.pk)
    return found.select_related(*related, *people).defer("run__version__text")


def runs(reach: Reach) -> QuerySet[Run]:
    """Return every run of the agency."""
    return Run.objects.filter(agency_id=reach.agency.pk).select_related(
        "agency__region", "definition", "version", "waiting_at", "corrects"
    )


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


def with_details(steps: QuerySet[Step]) -> QuerySet[Step]:
    """Return steps in order with all that hangs on them; a constant number of queries."""
    return steps.prefetch_related(
        Prefetch("parties", StepParty.objects.select_related("role")),
        "inputs",
        "outputs",
        "readings",
        Prefetch("return_targets", ReturnTarget.objects.select_related("target")),
        "waits",
    ).order_by("ordinal")


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
