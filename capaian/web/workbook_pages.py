"""Bringing a plan's nodes, cards and targets in one workbook: template, upload, everything shown, then applied."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.journal.reason import Reason, Refused, refuse_if
from capaian.planning.models import Plan, Workbook
from capaian.planning.queries import plans, workbooks
from capaian.planning.rules import outside_plan
from capaian.planning.workbook_actions import apply_workbook, keep_workbook, proposal_of, reasons_not_to_apply
from capaian.planning.workbook_proposal import Proposal
from capaian.planning.workbook_template import workbook_bytes
from capaian.web.form_parts import PlainForm, form_page, sent, show_reasons
from capaian.web.form_tokens import new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import planner
from capaian.web.uploads import keep_files
from capaian.workbooks.problems import UnreadableTable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


class WorkbookForm(PlainForm):
    """An uploaded workbook."""

    file = forms.FileField(
        label="Buku kerja (.xlsx)",
        help_text="Pakai contoh di atas. Sesudah diunggah, isinya diperlihatkan dahulu; belum ada yang ditulis.",
    )


def _plan(request: MemberRequest, key: str) -> Plan:
    return get_object_or_404(plans(request.reach).select_related("agency"), public_id=key)


def workbook_template(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Send the workbook to fill in, with what is stored."""
    plan = _plan(request, key)
    if not plan.first_year <= year <= plan.last_year:
        raise Http404
    answer = HttpResponse(workbook_bytes(request.reach, plan, year), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="perencanaan-{year}.xlsx"'
    return answer


@once("planning_year", "year")
def workbook_new(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Take a workbook in and go to its preview."""
    plan = _plan(request, key)
    form = WorkbookForm(sent(request), request.FILES or None)
    context = {
        "plan": plan,
        "year": year,
        "cancel_url": reverse("planning_year", args=[year]),
        "submit_label": "Unggah dan lihat isinya",
        "section": "planning",
    }
    if request.method == "POST" and form.is_valid():
        try:
            refuse_if([] if plan.first_year <= year <= plan.last_year else [outside_plan(plan, year)])
            [kept] = keep_files([form.cleaned_data["file"]])
            made = keep_workbook(plan=plan, year=year, kept=kept, by=planner(request))
        except Refused as refused:
            show_reasons(form, refused.reasons)
        else:
            return redirect("workbook", key=made.public_id)
    return form_page(request, form, context, "pages/planning/workbook_new.html")


def _workbook(request: MemberRequest, key: str) -> Workbook:
    return get_object_or_404(workbooks(request.reach), public_id=key)


@once("workbook", "key")
def workbook(request: MemberRequest, key: str) -> HttpResponse:
    """Show what a kept workbook would change, every refused cell first; apply it as a whole."""
    row = _workbook(request, key)
    reasons: list[Reason] = []
    status = 200
    if request.method == "POST":
        try:
            done = apply_workbook(workbook=row, seen=request.POST.get("seen", ""), by=planner(request))
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        except UnreadableTable as unread:
            reasons, status = unreadable(unread), 422
        else:
            messages.success(
                request, f"Buku kerja diterapkan: {len(done.new_nodes)} butir baru, {len(done.written)} kartu ditulis."
            )
            return redirect("planning_year", year=row.year)
    proposal = Proposal()
    if row.applied_at is None:
        try:
            proposal = proposal_of(row)
        except UnreadableTable as unread:
            reasons = unreadable(unread)
        else:
            reasons = reasons or [each for each in reasons_not_to_apply(proposal) if each.code == "nothing_new"]
    context = {
        "workbook": row,
        "proposal": proposal,
        "refusals": proposal.named[:MOST_SHOWN],
        "more": max(len(proposal.refusals) - MOST_SHOWN, 0),
        "may_apply": row.applied_at is None and not reasons_not_to_apply(proposal),
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, "pages/planning/workbook.html", context, status=status)


def unreadable(unread: UnreadableTable) -> list[Reason]:
    """Return why a table cannot be read at all."""
    return [Reason("workbook_unread", line, "Perbaiki berkasnya, lalu unggah lagi.") for line in unread.lines]
