"""A step and its paperwork are written together or not at all, whatever stops the last write."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from capaian.journal.models import Entry as JournalEntry
from capaian.proceedings import (
    checklist_actions,
    disposition_actions,
    meeting_actions,
    order_actions,
    plan_actions,
    report_actions,
)
from capaian.proceedings.models import (
    Checklist,
    ChecklistItem,
    Disposition,
    FollowUp,
    Meeting,
    Order,
    Paperwork,
    PlanItem,
    Report,
    WorkPlan,
)
from capaian.sop.models import Paper, WorkItem
from tests.proceedings import test_checklist, test_disposition, test_meeting, test_order, test_plan, test_report
from tests.proceedings.conftest import at
from tests.sop.driver import Engine

Act = Callable[[Engine, WorkItem], WorkItem]
ROWS: tuple[Any, ...] = (Order, Meeting, WorkPlan, PlanItem, Checklist, ChecklistItem, Report, Disposition, FollowUp)


def checked() -> Any:
    return test_checklist.documents(kept=test_checklist.kept())


def written(office: Engine, item: WorkItem) -> WorkItem:
    return test_disposition.write(office, item, test_disposition.sheet(office))


def held(office: Engine, item: WorkItem) -> WorkItem:
    return test_meeting.hold(office, item, test_meeting.notes(office))


def planned(office: Engine, item: WorkItem) -> WorkItem:
    return test_plan.adopt(office, item, test_plan.plan(office))


def closed(office: Engine, item: WorkItem) -> WorkItem:
    return test_checklist.close(office, item, checked())


#: the actions of each work, one of the office's own, and the row that it writes
WORKS: dict[str, tuple[ModuleType, Act, type[Paperwork]]] = {
    "A01": (order_actions, test_order.issue, Order),
    "A02": (meeting_actions, held, Meeting),
    "A03": (plan_actions, planned, WorkPlan),
    "A04": (checklist_actions, closed, Checklist),
    "A09": (report_actions, test_report.submit, Report),
    "A11": (disposition_actions, written, Disposition),
}


def counts() -> dict[str, int]:
    """Return how many rows there are of everything that a completed step writes."""
    return {model.__name__: model.objects.count() for model in (*ROWS, Paper, JournalEntry)}


@pytest.mark.parametrize("step", list(WORKS))
def test_nothing_is_left_when_completing_fails(office: Engine, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    room, act, row = WORKS[step]
    item = at(office, step)
    before = counts()
    written_rows = []

    def stop(**_: object) -> WorkItem:
        written_rows.append(row._default_manager.filter(item=item).count())
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(room, "complete_step", stop)
        with pytest.raises(ZeroDivisionError):
            act(office, item)
    assert written_rows == [1], "the row was there when it failed"
    assert counts() == before
    assert act(office, item).status == "done"
