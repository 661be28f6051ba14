"""Writes reminders: by hand, by themselves at their marks, and their carrying by e-mail and gateway."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from capaian.agencies.models import Agency, Person, Unit
from capaian.agencies.queries import Reach, calendar_of, local_date
from capaian.collection import carrying, follow_queries, follow_rules
from capaian.collection.models import Reminder, ReminderChoice
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.queries import done_with_token
from capaian.journal.reason import refuse_if
from capaian.journal.rules import Replayed
from capaian.journal.verbs import Verb
from capaian.periods.reminding import mark_of, workdays_left
from capaian.periods.working_time import NoWorkdayError
from capaian.sop.flow_actions import lock_runs
from capaian.sop.models import Run, WorkItem

log = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(minutes=10)  # a carrying that failed, or broke off
MOST_TRIES = 5
STALE_AFTER = timedelta(days=2)  # what was not carried by then is not news any more


def remind_units(*, run: Run, units: Collection[Unit], by: Actor, reach: Reach) -> list[Unit]:
    """Remind the people of units of their open forms; of every unit that is waited for where none is named.

    Raises `Refused` naming the units that cannot be reminded; then nobody is. The e-mails go out later, by the jobs.
    """
    moment = timezone.now()
    with transaction.atomic():
        run = lock_runs(run)[run.pk]
        if done_with_token(by.agency_key, by.person_key, by.token, Verb.REMINDED_UNITS):
            raise Replayed(by.token)
        items = {item.unit_id: item for item in follow_queries.open_forms(run) if item.unit_id is not None}
        chosen = list(units) or [item.unit for item in items.values() if item.unit is not None]
        today = local_date(run.agency, moment)
        people = follow_queries.people_of(run.agency, [unit.pk for unit in chosen], today)
        last = follow_queries.last_reminders(run)
        refuse_if(follow_rules.reasons_not_to_remind(run, reach, items, chosen, people, last, moment))
        days = follow_queries.due_days(run.agency, items.values())
        Reminder.objects.bulk_create(
            Reminder(
                agency=run.agency, item=items[unit.pk], person_id=person_id, due_on=days.get(items[unit.pk].pk),
                sent_at=moment, sent_by_id=by.person_id,
            )
            for unit in chosen
            for person_id in people[unit.pk]
        )  # fmt: skip
        told = {unit.public_id: len(people[unit.pk]) for unit in chosen}
        record(by=by, verb=Verb.REMINDED_UNITS, target=run, payload={"units": told})
    return chosen


def remind_by_itself(*, at: datetime) -> int:
    """Lay the reminders whose mark is today, once each, during office hours; return how many are new."""
    unwilling = follow_queries.unwilling()
    made = 0
    for agency, items in follow_queries.by_agency(follow_queries.open_forms()).items():
        try:
            made += _remind_agency(agency, items, unwilling, at)
        except NoWorkdayError as error:
            log.warning("no reminders for agency %s: %s", agency.public_id, error)
    return made


def _remind_agency(agency: Agency, items: list[WorkItem], unwilling: set[int], at: datetime) -> int:
    calendar, today = calendar_of(agency), local_date(agency, at)
    if not calendar.is_workday(today) or at < calendar.opening(today):
        return 0
    days = follow_queries.due_days(agency, items)
    marks = {
        item.pk: mark_of(calendar, today, days[item.pk], local_date(agency, item.opened_at))
        for item in items
        if item.pk in days
    }
    due = [item for item in items if marks.get(item.pk) is not None]
    if not due:
        return 0
    unit_ids = {item.unit_id for item in due if item.unit_id is not None}
    helpers = follow_queries.people_of(agency, unit_ids, today, follow_queries.HELPERS)
    everybody = follow_queries.people_of(agency, unit_ids, today)
    rows = []
    for item in due:
        left = marks[item.pk]
        people = (everybody if left is not None and left < 0 else helpers).get(item.unit_id or 0, [])
        rows += [
            Reminder(agency=agency, item=item, person_id=person, due_on=days[item.pk], days=left, sent_at=at)
            for person in people
            if person not in unwilling
        ]
    return _lay_once(rows)


def _lay_once(rows: list[Reminder]) -> int:
    """Write what is not there yet; two machines at once write each row once."""
    told = Reminder.objects.filter(item_id__in={row.item_id for row in rows}, days__isnull=False)
    known = set(told.values_list("item_id", "person_id", "due_on", "days"))
    new = [row for row in rows if (row.item_id, row.person_id, row.due_on, row.days) not in known]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def carry_reminders(*, at: datetime) -> int:
    """Carry reminders by e-mail and gateway, one digest for each person; return how many people got one.

    Nothing goes out where neither is set up. What fails is logged and tried again, five times within two days.
    """
    if not carrying.is_set_up():
        return 0
    waiting = follow_queries.to_carry(at - STALE_AFTER, at - AGAIN_AFTER, MOST_TRIES)
    numbers = follow_queries.addresses_of(waiting) if carrying.has_gateway() else {}
    carried = 0
    for person_id, rows in waiting.items():
        ways = carrying.ways_to(rows[0].person, numbers.get(person_id, ""))
        if ways and _claim(rows, at):
            carried += _carry(rows, ways, at)
    return carried


def _claim(rows: list[Reminder], at: datetime) -> bool:
    """Take rows to carry; False when another machine has taken them."""
    free = Q(tried_at__isnull=True) | Q(tried_at__lt=at - AGAIN_AFTER)
    mine = Reminder.objects.filter(free, pk__in=[row.pk for row in rows], carried_at__isnull=True)
    return mine.update(tried_at=at, tries=F("tries") + 1) == len(rows)


def _carry(rows: list[Reminder], ways: list[carrying.Way], at: datetime) -> bool:
    calendar, today = calendar_of(rows[0].agency), local_date(rows[0].agency, at)
    newest = list({row.item_id: row for row in rows}.values())
    lines = [
        carrying.Line(row, None if row.due_on is None else workdays_left(calendar, today, row.due_on)) for row in newest
    ]
    if not carrying.send(rows[0].person, lines, ways):
        return False
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(carried_at=at)
    return True


def choose_reminders(*, person: Person, is_on: bool, address: str, by: Actor) -> ReminderChoice:
    """Keep how a person wants to be reminded: the own choice of whoever acts."""
    address = address.replace(" ", "").replace("-", "")
    if person.pk != by.person_id:
        raise ValueError("everybody chooses for himself")
    refuse_if(follow_rules.reasons_about_address(address))
    with transaction.atomic():
        row, _ = ReminderChoice.objects.update_or_create(
            person=person, defaults={"agency_id": by.agency_id, "is_on": is_on, "address": address}
        )
        record(by=by, verb=Verb.CHOSE_REMINDERS, target=person, payload={"is_on": is_on})
    return row
