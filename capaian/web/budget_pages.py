"""A year's money: summed up the tree and by month, and a table of it taken in after a preview."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.journal.reason import Reason, Refused, refuse_if
from capaian.periods.period import MONTHS
from capaian.planning.budget_actions import apply_budget, budget_proposal_of, reasons_not_to_apply_budget
from capaian.planning.budget_proposal import BudgetProposal
from capaian.planning.budget_sheet import budget_bytes
from capaian.planning.budgets import Amounts, by_month
from capaian.planning.models import Plan, Workbook
from capaian.planning.queries import may_plan, plan_of_year, plans, tree, workbooks
from capaian.planning.rules import BUDGETED, FIRST_YEAR, LAST_YEAR, outside_plan
from capaian.planning.workbook_actions import keep_workbook
from capaian.web.form_parts import PlainForm, form_page, sent, show_reasons
from capaian.web.form_tokens import new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import planner
from capaian.web.uploads import keep_files
from capaian.web.workbook_pages import MOST_SHOWN, XLSX, unreadable
from capaian.workbooks.problems import UnreadableTable


class BudgetTableForm(PlainForm):
    """An uploaded table of money."""

    file = forms.FileField(
        label="Tabel (.xlsx atau .csv)",
        help_text="Sel kosong tidak mengubah yang tersimpan; nol ditulis 0. Isinya diperlihatkan dahulu.",
    )


def budget_year(request: MemberRequest, year: int) -> HttpResponse:
    """Show a year's ceilings and spending at each node and by month."""
    year = year if FIRST_YEAR <= year <= LAST_YEAR else request.reach.on.year
    plan = plan_of_year(request.reach, year)
    places = [place for place in tree(request.reach, plan, year) if place.budget] if plan else []
    months = by_month(request.reach.agency.pk, year)
    context = {
        "plan": plan,
        "covers": plan is not None and plan.first_year <= year <= plan.last_year,
        "year": year,
        "years": range(plan.first_year, plan.last_year + 1) if plan else (),
        "places": [place for place in places if place.node.level in BUDGETED],
        "months": list(zip(MONTHS, months, _running(months), strict=True)),
        "total": sum(months, Amounts()),
        "has_any": bool(places),
        "may_plan": may_plan(request.reach),
        "section": "planning",
    }
    return render(request, "pages/planning/budget_year.html", context)


def _running(months: tuple[Amounts, ...]) -> list[Decimal | None]:
    """Return the spending since January at the end of each month; None after the last month that says any."""
    last = max((at for at, month in enumerate(months) if month.spent is not None), default=-1)
    found: list[Decimal | None] = []
    total = Amounts()
    for at, month in enumerate(months):
        total += month
        found.append(total.spent if at <= last else None)
    return found


def _plan(request: MemberRequest, key: str) -> Plan:
    return get_object_or_404(plans(request.reach).select_related("agency"), public_id=key)


def budget_template(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Send the table to fill in, with what is stored."""
    plan = _plan(request, key)
    if not plan.first_year <= year <= plan.last_year:
        raise Http404
    answer = HttpResponse(budget_bytes(request.reach, plan, year), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="anggaran-{year}.xlsx"'
    return answer


@once("budget_year", "year")
def budget_new(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Take a table of money in and go to its preview."""
    plan = _plan(request, key)
    form = BudgetTableForm(sent(request), request.FILES or None)
    context = {
        "plan": plan,
        "year": year,
        "cancel_url": reverse("budget_year", args=[year]),
        "submit_label": "Unggah dan lihat isinya",
        "section": "planning",
    }
    if request.method == "POST" and form.is_valid():
        try:
            refuse_if([] if plan.first_year <= year <= plan.last_year else [outside_plan(plan, year)])
            [kept] = keep_files([form.cleaned_data["file"]])
            made = keep_workbook(plan=plan, year=year, kept=kept, by=planner(request), kind=Workbook.Kind.BUDGET)
        except Refused as refused:
            show_reasons(form, refused.reasons)
        else:
            return redirect("budget_table", key=made.public_id)
    return form_page(request, form, context, "pages/planning/budget_new.html")


@once("budget_table", "key")
def budget_table(request: MemberRequest, key: str) -> HttpResponse:
    """Show what a kept table would change, every refused cell first; apply it as a whole."""
    row = get_object_or_404(workbooks(request.reach, Workbook.Kind.BUDGET), public_id=key)
    reasons: list[Reason] = []
    status = 200
    if request.method == "POST":
        try:
            done = apply_budget(workbook=row, seen=request.POST.get("seen", ""), by=planner(request))
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        except UnreadableTable as unread:
            reasons, status = unreadable(unread), 422
        else:
            messages.success(request, f"Anggaran {row.year} tersimpan: {len(done.written)} butir berubah.")
            return redirect("budget_year", year=row.year)
    proposal = BudgetProposal()
    if row.applied_at is None:
        try:
            proposal = budget_proposal_of(row)
        except UnreadableTable as unread:
            reasons = unreadable(unread)
        else:
            reasons = reasons or [each for each in reasons_not_to_apply_budget(proposal) if each.code == "nothing_new"]
    context = {
        "workbook": row,
        "proposal": proposal,
        "refusals": proposal.named[:MOST_SHOWN],
        "more": max(len(proposal.refusals) - MOST_SHOWN, 0),
        "may_apply": row.applied_at is None and not reasons_not_to_apply_budget(proposal),
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, "pages/planning/budget_table.html", context, status=status)
