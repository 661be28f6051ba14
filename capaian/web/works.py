"""Which page a work has: its form, its part of the step's page, and the action that completes it."""

from collections.abc import Callable, Mapping

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.proceedings import actions as proceedings
from capaian.proceedings import rules
from capaian.proceedings.models import Checklist
from capaian.sop.models import Work, WorkItem
from capaian.web.checklist_forms import ChecklistForm
from capaian.web.disposition_forms import DispositionForm
from capaian.web.fill_forms import fill_page
from capaian.web.measurement_works import DECIDE, MEASURE, SET_METHODOLOGY
from capaian.web.measurement_works import RECAPITULATE as RECAPITULATE_MEASURED
from capaian.web.meeting_forms import MeetingForm
from capaian.web.order_forms import OrderForm
from capaian.web.paperwork_forms import PaperworkForm
from capaian.web.plan_forms import PlanForm
from capaian.web.report_forms import ReportForm
from capaian.web.round_forms import collected_page, distribute_page, prepare_page
from capaian.web.uploads import keep_files
from capaian.web.work_page import GENERIC, Completer, PageChooser, WorkPage

MEASURES = "B"  # the procedure whose recapitulation is of achievements


def save_paperwork(item: WorkItem, form: PaperworkForm, by: Actor, reach: Reach) -> None:
    """Keep what was filled in so far."""
    proceedings.save_draft(item=item, entry=form.entry(), edition=form.edition, by=by, reach=reach)


def completed_by(action: Callable[..., WorkItem]) -> Completer:
    """Return what completes an item by an action that wants no more than what the form holds."""

    def complete(item: WorkItem, form: PaperworkForm, by: Actor, reach: Reach) -> WorkItem:
        return action(item=item, entry=form.entry(), edition=form.edition, answer=form.answer(), by=by, reach=reach)

    return complete


def complete_order(item: WorkItem, form: OrderForm, by: Actor, reach: Reach) -> WorkItem:
    """Issue a nota dinas, for every order that was ticked."""
    return proceedings.issue_order(
        item=item,
        entry=form.entry(),
        edition=form.edition,
        answer=form.answer(),
        together=form.joined,
        numbers=form.joined_numbers,
        by=by,
        reach=reach,
    )


def save_checklist(item: WorkItem, form: ChecklistForm, by: Actor, reach: Reach) -> None:
    """Keep the checklist as it stands, with the files just chosen."""
    form.kept = dict(zip(form.uploaded, keep_files(form.uploaded.values()), strict=True))
    save_paperwork(item, form, by, reach)


def complete_checklist(item: WorkItem, form: ChecklistForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete a collecting step by its checklist; files are kept first, so that a refusal does not lose them."""
    if form.uploaded and item.status == WorkItem.Status.OPEN:
        save_checklist(item, form, by, reach)
        form.remember(Checklist.objects.get(item=item))
    return proceedings.close_checklist(
        item=item, entry=form.entry(), edition=form.edition, answer=form.answer(), by=by, reach=reach
    )


def complete_report(item: WorkItem, form: ReportForm, by: Actor, reach: Reach) -> WorkItem:
    """Complete a reporting step by its draft, with the tables of figures that the form showed."""
    return proceedings.submit_report(
        item=item,
        entry=form.entry(),
        edition=form.edition,
        answer=form.answer(),
        extra_blocks=form.figures.blocks,
        by=by,
        reach=reach,
    )


def recapitulate_page(item: WorkItem) -> WorkPage:
    """Return the page of a recapitulation: of what was collected, or of what was measured."""
    return RECAPITULATE_MEASURED if item.run.stands_for == MEASURES else collected_page(item)


HOLD_MEETING = completed_by(proceedings.hold_meeting)
WRITE_DISPOSITION = completed_by(proceedings.write_disposition)
ADOPT_PLAN = completed_by(proceedings.adopt_plan)

#: Works with a page of their own; every other one gets the generic page.
WORK_PAGES: Mapping[str, WorkPage | PageChooser] = {
    Work.MEETING: WorkPage(MeetingForm, HOLD_MEETING, "parts/meeting_form.html", save_paperwork),
    Work.ORDER: WorkPage(OrderForm, complete_order, PaperworkForm.part, save_paperwork),
    Work.CHECKLIST: WorkPage(ChecklistForm, complete_checklist, PaperworkForm.part, save_checklist),
    Work.PLAN: WorkPage(PlanForm, ADOPT_PLAN, PaperworkForm.part, save_paperwork),
    Work.REPORT: WorkPage(ReportForm, complete_report, "parts/report_form.html", save_paperwork),
    Work.SET_METHODOLOGY: SET_METHODOLOGY,
    Work.MEASURE: MEASURE,
    Work.RECAPITULATE: recapitulate_page,
    Work.DECIDE: DECIDE,
    Work.PREPARE_FORM: prepare_page,
    Work.DISTRIBUTE: distribute_page,
    Work.FILL: fill_page,
    Work.HAND_OVER: WorkPage(DispositionForm, WRITE_DISPOSITION, PaperworkForm.part, save_paperwork),
}


def work_page(item: WorkItem) -> WorkPage:
    """Return the page of an item's work."""
    page = WORK_PAGES.get(Work(item.step.work), GENERIC)
    return page if isinstance(page, WorkPage) else page(item)


def may_save(work: WorkPage, item: WorkItem, reach: Reach) -> bool:
    """Tell whether a person may keep a draft of an item's work."""
    return work.keep_draft is not None and not rules.reasons_not_to_save(item, reach)
