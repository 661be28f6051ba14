"""The works of the measurement: which form each has, and the action that completes it."""

from capaian.agencies.queries import Reach
from capaian.journal.actor import Actor
from capaian.measurement import actions
from capaian.sop.models import WorkItem
from capaian.web.measurement_forms import DecideForm, MeasureForm, WorksheetForm
from capaian.web.methodology_forms import MethodologyForm
from capaian.web.work_page import WorkPage


def complete_methodology(item: WorkItem, form: MethodologyForm, by: Actor, reach: Reach) -> WorkItem:
    """Lock or confirm the year's methodology."""
    return actions.set_methodology(item=item, entry=form.entry(), answer=form.answer(), by=by, reach=reach)


def complete_measure(item: WorkItem, form: MeasureForm, by: Actor, reach: Reach) -> WorkItem:
    """Write the worksheet."""
    seen = form.cleaned_data.get("seen", "")
    return actions.measure(item=item, answer=form.answer(), seen=seen, by=by, reach=reach)


def complete_recap(item: WorkItem, form: WorksheetForm, by: Actor, reach: Reach) -> WorkItem:
    """Put the achievements together by level."""
    return actions.recapitulate(item=item, answer=form.answer(), by=by, reach=reach)


def complete_decision(item: WorkItem, form: DecideForm, by: Actor, reach: Reach) -> WorkItem:
    """Decide on what was collected or measured."""
    return actions.decide(item=item, answer=form.answer(), by=by, reach=reach)


SET_METHODOLOGY = WorkPage(MethodologyForm, complete_methodology, "parts/measurement/methodology_form.html")
MEASURE = WorkPage(MeasureForm, complete_measure, "parts/measurement/measure_form.html")
RECAPITULATE = WorkPage(WorksheetForm, complete_recap, "parts/measurement/recap_form.html")
DECIDE = WorkPage(DecideForm, complete_decision, "parts/measurement/decide_form.html")
