"""Reads of following up: whom an open form is with, until when, and who was reminded of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from capaian.agencies.models import Agency, Appointment, Person, RoleKey
from capaian.agencies.queries import Reach, calendar_of, local_date
from capaian.agencies.rules import in_force
from capaian.collection.models import Reminder, ReminderChoice
from capaian.collection.window_rules import last_days
from capaian.periods.reminding import days_text, workdays_left
from capaian.sop.models import Run, Work, WorkItem

#: Who is reminded of a unit's form; its head only when it is late, or by hand.
HELPERS = (RoleKey.SUBMITTER, RoleKey.STAFF)
ALL_OF_UNIT = (*HELPERS, RoleKey.UNIT_HEAD)


def open_forms(run: Run | None = None) -> list[WorkItem]:
    """Return the open filling items of units (of one run), with run and agency. An internal read."""
    rows = WorkItem.objects.filter(status=WorkItem.Status.OPEN, step__work=Work.FILL, unit__isnull=False)
    rows = rows.filter(run__status=Run.Status.OPEN) if run is None else rows.filter(run=run)
    related = ("run__agency", "run__definition", "unit", "step")
    return list(rows.select_related(*related).order_by("run__agency_id", "unit_id", "pk"))


def due_days(agency: Agency, items: Iterable[WorkItem]) -> dict[int, date]:
    """Return the last day of each form that has one: that of its window, else of the step; by the item's row number."""
    known = list(items)
    found = {item.pk: local_date(agency, item.due_at) for item in known if item.due_at is not None}
    return found | last_days(known)


def people_of(
    agency: Agency, unit_ids: Collection[int], on: date, roles: Collection[str] = ALL_OF_UNIT
) -> dict[int, list[int]]:
    """Return the active people (row numbers) who hold one of the roles in each unit on a day; one query."""
    rows = Appointment.objects.filter(
        in_force(on), agency=agency, person__is_active=True, position__unit_id__in=unit_ids,
        position__roles__role__in=roles,
    )  # fmt: skip
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, closed_on, person_id in rows.order_by("pk").values_list(
        "position__unit_id", "position__closed_on", "person_id"
    ):
        if (closed_on is None or closed_on > on) and person_id not in found[unit_id]:
            found[unit_id].append(person_id)
    return found


def unwilling() -> set[int]:
    """Return the people (row numbers) who want no reminders."""
    return set(ReminderChoice.objects.filter(is_on=False).values_list("person_id", flat=True))


def choice_of(reach: Reach) -> ReminderChoice:
    """Return how the person of this reach wants to be reminded; the usual, unsaved, where nothing was chosen."""
    found = ReminderChoice.objects.filter(person=reach.person).first()
    return found or ReminderChoice(agency=reach.agency, person=reach.person)


def last_reminders(run: Run) -> dict[int, Reminder]:
    """Return the newest reminder of each unit in a run, by the unit's row number. The run was asked for by scope."""
    rows = Reminder.objects.filter(item__run=run).select_related("sent_by", "item").order_by("sent_at", "pk")
    return {row.item.unit_id: row for row in rows if row.item.unit_id is not None}


@dataclass(frozen=True)
class Call:
    """A form that somebody is reminded of, in words."""

    item: WorkItem
    due_on: date | None
    left: int | None
    sent_at: datetime
    by: str  # "" when it went out by itself

    @property
    def text(self) -> str:
        """How far the deadline is; "" without one."""
        return "" if self.left is None else days_text(self.left)


def my_calls(reach: Reach) -> list[Call]:
    """Return the open forms that this person was reminded of, the most urgent first, each with its newest reminder."""
    rows = Reminder.objects.filter(
        agency_id=reach.agency.pk, person=reach.person, item__status=WorkItem.Status.OPEN
    ).select_related("item__run__definition", "item__unit", "sent_by")
    newest = {row.item_id: row for row in rows.order_by("sent_at", "pk")}
    if not newest:
        return []
    days = due_days(reach.agency, [row.item for row in newest.values()])
    calendar = calendar_of(reach.agency)
    found = [
        Call(
            row.item,
            days.get(row.item_id),
            None if row.item_id not in days else workdays_left(calendar, reach.on, days[row.item_id]),
            row.sent_at,
            row.sent_by.name if row.sent_by else "",
        )
        for row in newest.values()
    ]
    return sorted(found, key=lambda call: (call.due_on is None, call.due_on or reach.on, call.item.pk))


def to_carry(since: datetime, tried_before: datetime, most_tries: int) -> dict[int, list[Reminder]]:
    """Return reminders of forms still open that no e-mail or gateway has carried yet, by person. An internal read."""
    rows = Reminder.objects.filter(
        carried_at__isnull=True, sent_at__gte=since, tries__lt=most_tries, item__status=WorkItem.Status.OPEN
    ).exclude(tried_at__gte=tried_before)
    rows = rows.exclude(person__reminder_choice__is_on=False).exclude(person__is_active=False)
    related = ("person", "agency", "item__run__definition", "item__unit", "sent_by")
    found: dict[int, list[Reminder]] = defaultdict(list)
    for row in rows.select_related(*related).order_by("person_id", "due_on", "pk"):
        found[row.person_id].append(row)
    return found


def addresses_of(people: Iterable[int]) -> Mapping[int, str]:
    """Return the gateway's numbers of people who gave one, by row number."""
    rows = ReminderChoice.objects.filter(person_id__in=people).exclude(address="")
    return dict(rows.values_list("person_id", "address"))


def by_agency(items: Sequence[WorkItem]) -> dict[Agency, list[WorkItem]]:
    """Return items under the agency that they belong to."""
    found: dict[Agency, list[WorkItem]] = defaultdict(list)
    for item in items:
        found[item.run.agency].append(item)
    return found


def named(person_ids: Iterable[int]) -> dict[int, Person]:
    """Return people by row number. An internal read."""
    return Person.objects.in_bulk(set(person_ids))
