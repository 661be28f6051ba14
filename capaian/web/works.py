"""Which page a work has: its form, its part of the step's page, and the action that completes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.proceedings import actions as proceedings
from capaian.proceedings import rules
from capaian.sop import actions
from capaian.sop.models import Work, WorkItem
from capaian.web.disposition_forms import DispositionForm
from capaian.web.meeting_forms import MeetingForm
from capaian.web.order_forms import OrderForm
from capaian.web.paperwork_forms import PaperworkForm
from capaian.web.step_forms import AnswerForm

FormMaker = Callable[..., AnswerForm]
Completer = Callable[[WorkItem, Any, Actor, Reach], WorkItem]
Saver = Callable[[WorkItem, Any, Actor, Reach], object]


def complete_generic(item: WorkItem, form: AnswerForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete an item with note, decision and files alone."""
    return actions.complete_step(item=item, answer=form.answer(), by=by, reach=reach)


def save_paperwork(item: WorkItem, form: PaperworkForm, by: Actor, reach: Reach) -> None:
    """Keep what was filled in so far."""
    proceedings.save_draft(item=item, entry=form.entry(), edition=form.edition, by=by, reach=reach)


def complete_disposition(item: WorkItem, form: DispositionForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete a handed-over item by the Kepala's disposition."""
    return proceedings.write_disposition(
        item=item, entry=form.entry(), edition=form.edition, answer=form.answer(), by=by, reach=reach
    )


def complete_meeting(item: WorkItem, form: MeetingForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete a meeting by its notulen."""
    return proceedings.hold_meeting(
        item=item, entry=form.entry(), edition=form.edition, answer=form.answer(), by=by, reach=reach
    )


def complete_order(item: WorkItem, form: OrderForm, by: Actor, reach: Reach) -> WorkItem:
    """Issue a nota dinas, for both SOPs when they are ordered together."""
    return proceedings.issue_order(
        item=item,
        entry=form.entry(),
        edition=form.edition,
        answer=form.answer(),
        together=form.joined,
        together_number=form.cleaned_data.get("number_together", ""),
        by=by,
        reach=reach,
    )


@dataclass(frozen=True)
class WorkPage:
    """A work's own page. `form` takes `item` and `reach`; `part` is the template that shows the form.

    `complete` calls the owning room's action, which writes its rows and completes the item in one transaction;
    `keep_draft` keeps a draft without completing, where the work has drafts.
    """

    form: FormMaker
    complete: Completer
    part: str = "parts/form.html"
    keep_draft: Saver | None = None


GENERIC = WorkPage(AnswerForm, complete_generic)
#: Works with a page of their own; every other one gets the generic page.
WORK_PAGES: Mapping[str, WorkPage] = {
    Work.MEETING: WorkPage(MeetingForm, complete_meeting, PaperworkForm.part, save_paperwork),
    Work.ORDER: WorkPage(OrderForm, complete_order, PaperworkForm.part, save_paperwork),
    Work.HAND_OVER: WorkPage(DispositionForm, complete_disposition, PaperworkForm.part, save_paperwork),
}


def work_page(item: WorkItem) -> WorkPage:
    """Return the page of an item's work."""
    return WORK_PAGES.get(Work(item.step.work), GENERIC)


def may_save(item: WorkItem, reach: Reach) -> bool:
    """Tell whether a person may keep a draft of an item's work."""
    return work_page(item).keep_draft is not None and not rules.reasons_not_to_save(item, reach)
