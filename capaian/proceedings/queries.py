"""Reads of the paperwork, always scoped to what a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from capaian.agencies.models import Appointment, Person, Position, RoleKey
from capaian.agencies.queries import Reach, held_title, positions
from capaian.documents.models import StoredFile
from capaian.periods.working_time import Calendar
from capaian.proceedings.models import Checklist, ChecklistItem, FollowUp, Meeting, Paperwork, Report, WorkPlan
from capaian.sop import step_rules
from capaian.sop.flow_actions import due_at
from capaian.sop.models import Run, Work, WorkItem
from capaian.sop.published import step_of

NO_PART = frozenset({RoleKey.AGENCY_ADMIN.value})  # keeps the accounts; takes no part in the paperwork


@dataclass(frozen=True)
class Seat:
    """A position that somebody holds on the day: may be invited, addressed, made responsible."""

    position: Position
    held: tuple[Appointment, ...]
    roles: frozenset[str]

    @property
    def people(self) -> list[Person]:
        """Who holds it."""
        return [row.person for row in self.held]

    @property
    def title(self) -> str:
        """Its title as held: "Plt. Sekretaris"."""
        return held_title(self.held[0].kind, self.position.title)

    @property
    def label(self) -> str:
        """Title and names, as lists show it."""
        return f"{self.title} – {', '.join(person.name for person in self.people)}"


def seats(reach: Reach) -> list[Seat]:
    """Return the positions held on the reach's day, in the order of an organisation chart; three queries."""
    found = []
    for position in positions(reach):
        roles = frozenset(row.role for row in position.roles.all())
        current: list[Appointment] = getattr(position, "held_now", [])
        held = tuple(row for row in current if row.valid_from <= reach.on and row.person.is_active)
        is_open = position.closed_on is None or position.closed_on > reach.on
        if held and is_open and roles and not roles <= NO_PART:
            found.append(Seat(position, held, roles))
    return found


def follow_ups(reach: Reach) -> QuerySet[FollowUp]:
    """Return every follow-up of the agency, the most urgent first."""
    return (
        FollowUp.objects.filter(agency_id=reach.agency.pk)
        .select_related("origin__step", "origin__run__definition", "owner", "evidence", "finished_by")
        .order_by(F("due").asc(nulls_last=True), "pk")
    )


def open_follow_ups(reach: Reach) -> QuerySet[FollowUp]:
    """Return the agency's follow-ups that are still to be done: what the next meeting talks about."""
    return follow_ups(reach).filter(state=FollowUp.State.OPEN)


def my_follow_ups(reach: Reach) -> QuerySet[FollowUp]:
    """Return the open follow-ups of the positions that a person holds."""
    return open_follow_ups(reach).filter(owner_id__in=[held.position_id for held in reach.held])


def joint_orders(item: WorkItem, reach: Reach) -> list[WorkItem]:
    """Return the other open orders that this person may issue with the same text: by period, then by SOP."""
    rows = WorkItem.objects.filter(
        agency_id=reach.agency.pk,
        run__status=Run.Status.OPEN,
        status=WorkItem.Status.OPEN,
        step__work=Work.ORDER,
    )
    others = rows.exclude(run_id=item.run_id).select_related(
        "run__agency", "run__definition", "run__version", "step", "unit"
    )
    found = []
    for row in others.defer("run__version__text"):
        row.step = step_of(row)
        if step_rules.may_complete(row, reach):
            found.append(row)
    return sorted(found, key=lambda row: (row.run.period_value.end, row.run.definition.code, row.pk))


def joined_items(item: WorkItem) -> list[WorkItem]:
    """Return the items that were completed by the same order as this one."""
    return list(WorkItem.objects.filter(order__together_with__item=item).order_by("pk"))


def last_plan(item: WorkItem, reach: Reach) -> WorkPlan | None:
    """Return the newest finished plan of the same SOP and agency, of another item; None for the first one."""
    rows = WorkPlan.objects.filter(
        agency_id=reach.agency.pk,
        item__run__definition_id=item.run.definition_id,
        item__status=WorkItem.Status.DONE,
    )
    return rows.exclude(item=item).select_related("item__run").order_by("-item__done_at", "-pk").first()


def last_checklist(item: WorkItem, reach: Reach) -> Checklist | None:
    """Return the newest finished checklist of the agency, of another item; None for the first one."""
    rows = Checklist.objects.filter(agency_id=reach.agency.pk, item__status=WorkItem.Status.DONE)
    return rows.exclude(item=item).select_related("item__run").order_by("-item__done_at", "-pk").first()


def checklist_files(reach: Reach, *of: Paperwork | None) -> QuerySet[StoredFile]:
    """Return the files that stand on the agency's checklists, on all or on these."""
    listed = ChecklistItem.objects.filter(checklist__agency_id=reach.agency.pk, file__isnull=False)
    if of:
        listed = listed.filter(checklist_id__in=[row.pk for row in of if row is not None])
    return StoredFile.objects.filter(agency_id=reach.agency.pk, pk__in=listed.values("file_id"))


def last_report(item: WorkItem) -> Report | None:
    """Return the newest report of the same run and step that an earlier visit finished."""
    rows = Report.objects.filter(item__run_id=item.run_id, item__step__key=item.step.key)
    return rows.exclude(item=item).order_by("-pk").first()


def standing_report(run: Run) -> Report | None:
    """Return the newest finished report of a run: what is decided on; None for a run without any."""
    rows = Report.objects.filter(item__run=run, item__status=WorkItem.Status.DONE)
    return rows.select_related("item__run").order_by("-pk").first()


def meeting_dues(_reach: Reach, items: Iterable[WorkItem], calendar: Calendar) -> dict[int, datetime]:
    """Return, by row number, when the items of planned meetings are due: their time counts from the planned hour."""
    wanted = {item.pk: item for item in items if item.step.work == Work.MEETING and item.due_at is not None}
    planned = Meeting.objects.filter(item_id__in=wanted, planned_at__isnull=False) if wanted else []
    found = {
        row.item_id: due_at(calendar, wanted[row.item_id].step, row.planned_at) for row in planned if row.planned_at
    }
    return {pk: max(due, wanted[pk].due_at or due) for pk, due in found.items() if due is not None}
