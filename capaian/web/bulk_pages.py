"""Tim SAKIP looks over all figures of a round at once, and returns several forms with one note."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from capaian.agencies.models import Unit
from capaian.collection import actions, bulk
from capaian.journal.reason import Refused
from capaian.sop.models import Run
from capaian.sop.step_rules import NOTE_LIMIT
from capaian.web.board_pages import own_run
from capaian.web.form_tokens import new_token, once, token_of
from capaian.web.pages import MemberRequest
from capaian.web.typed_text import typed_before

FILTERS = [("", "Semua isian"), *bulk.ONLY.items()]


@once("run_check", "key")
def run_check(request: MemberRequest, key: str) -> HttpResponse:
    """Show every line of every form, narrowed as wished; return the chosen forms."""
    run = own_run(request, key)
    if request.method != "POST":
        return _show(request, run)
    chosen = request.POST.getlist("units")
    units = Unit.objects.filter(agency_id=request.reach.agency.pk, public_id__in=chosen).order_by("pk")
    try:
        by = request.reach.actor(role="team", token=token_of(request))
        actions.return_forms(run=run, units=list(units), note=request.POST.get("note", ""), by=by, reach=request.reach)
    except Refused as refused:
        return _show(request, run, refused)
    messages.success(request, f"{len(units)} formulir dikembalikan. Unitnya melihat catatan Anda.")
    return redirect("run_check", key=key)


def _show(request: MemberRequest, run: Run, refused: Refused | None = None) -> HttpResponse:
    unit, only = request.GET.get("unit", ""), request.GET.get("hanya", "")
    forms, has_before = bulk.forms_of(request.reach, run)
    shown = bulk.narrowed(forms, unit, only)
    chosen = set(request.POST.getlist("units"))
    if request.GET.get("pilih") == "semua":
        chosen |= {form.standing.unit.public_id for form in shown if form.may_return}
    context = {
        "run": run,
        "forms": [(form, form.standing.unit.public_id in chosen) for form in shown],
        "lines": sum(len(form.rows) for form in shown),
        "all_lines": sum(len(form.rows) for form in forms),
        "units": [form.standing.unit for form in forms],
        "filters": FILTERS,
        "unit": unit,
        "only": only,
        "narrowing": urlencode({"unit": unit, "hanya": only}),
        "lacks_before": only == "changed" and not has_before,
        "may_return": request.reach.has("team") and any(form.may_return for form in shown),
        "note": request.POST.get("note", "") or typed_before(request).get("note", ""),
        "note_limit": NOTE_LIMIT,
        "reasons": refused.reasons if refused else [],
        "form_token": new_token(request),
        "section": "board",
    }
    return render(request, "pages/collection/run_check.html", context, status=refused.status if refused else 200)
