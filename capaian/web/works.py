"""Which page a work has: its form, its part of the step's page, and the action that completes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.sop import actions
from capaian.sop.models import Work, WorkItem
from capaian.web.step_forms import AnswerForm

FormMaker = Callable[..., AnswerForm]
Completer = Callable[[WorkItem, Any, Actor, Reach], WorkItem]


def complete_generic(item: WorkItem, form: AnswerForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete an item with note, decision and files alone."""
    return actions.complete_step(item=item, answer=form.answer(), by=by, reach=reach)


@dataclass(frozen=True)
class WorkPage:
    """A work's own page. `form` takes `item` and `reach`; `part` is the template that shows the form.

    `complete` calls the owning room's action, which writes its rows and completes the item in one transaction.
    """

    form: FormMaker
    complete: Completer
    part: str = "parts/form.html"


GENERIC = WorkPage(AnswerForm, complete_generic)
#: Works with a page of their own; every other one gets the generic page.
WORK_PAGES: Mapping[str, WorkPage] = {}


def work_page(item: WorkItem) -> WorkPage:
    """Return the page of an item's work."""
    return WORK_PAGES.get(Work(item.step.work), GENERIC)
