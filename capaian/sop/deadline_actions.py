"""Recomputes due times of open items after the calendar changed. Done items keep theirs."""

from django.db import transaction

from capaian.agencies.models import Agency
from capaian.agencies.queries import calendar_of
from capaian.sop.flow_actions import due_at
from capaian.sop.models import Run, WorkItem


def lock_open_runs(*, agency: Agency) -> None:
    """Lock the open runs of an agency in the engine's order.

    Called before a change of the calendar is journalled: the engine locks runs before the journal's head too, so
    nobody waits for ever.
    """
    rows = Run.objects.select_for_update(no_key=True).filter(agency=agency, status=Run.Status.OPEN)
    list(rows.order_by("pk").values_list("pk", flat=True))


def recompute_deadlines(*, agency: Agency) -> int:
    """Give every open item of an agency the due time of today's calendar; return how many moved.

    Called in the transaction of the calendar's change, whose journal row tells of it.
    """
    with transaction.atomic():
        lock_open_runs(agency=agency)
        calendar = calendar_of(agency)
        moved = []
        for item in WorkItem.objects.filter(agency=agency, status=WorkItem.Status.OPEN).select_related("step"):
            due = due_at(calendar, item.step, item.opened_at)
            if due != item.due_at:
                item.due_at = due
                moved.append(item)
        WorkItem.objects.bulk_update(moved, ["due_at"])
    return len(moved)
