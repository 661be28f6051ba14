"""A year's money: summed up the tree and by month, and a table of it taken in after a preview."""

from decimal import Decimal

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from capaian.periods.period import MONTHS
from capaian.planning.budget_actions import apply_budget, budget_proposal_of, reasons_not_to_apply_budget
from capaian.planning.budget_proposal import BudgetProposal
from capaian.planning.budget_sheet import budget_bytes
from capaian.planning.budgets import Amounts, by_month
from capaian.planning.models import Workbook
from capaian.planning.queries import may_plan, plan_of_year, tree
from capaian.planning.rules import BUDGETED, FIRST_YEAR, LAST_YEAR
from capaian.web.form_parts import PlainForm
from capaian.web.form_tokens import once
from capaian.web.pages import MemberRequest
from capaian.web.plan_uploads import Upload, file_to_fill_in, show_or_apply, take_in


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


def _told(workbook: Workbook, done: BudgetProposal) -> str:
    return f"Anggaran {workbook.year} tersimpan: {len(done.written)} butir berubah."


TABLE = Upload(
    kind=Workbook.Kind.BUDGET,
    preview="budget_table",
    year="budget_year",
    file_name="anggaran",
    upload_form=BudgetTableForm,
    new_template="pages/planning/budget_new.html",
    template="pages/planning/budget_table.html",
    content=budget_bytes,
    nothing=BudgetProposal,
    propose=budget_proposal_of,
    reasons=reasons_not_to_apply_budget,
    apply=apply_budget,
    told=_told,
)


def budget_template(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Send the table to fill in, with what is stored."""
    return file_to_fill_in(request, key, year, TABLE)


@once("budget_year", "year")
def budget_new(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Take a table of money in and go to its preview."""
    return take_in(request, key, year, TABLE)


@once("budget_table", "key")
def budget_table(request: MemberRequest, key: str) -> HttpResponse:
    """Show what a kept table would change, every refused cell first; apply it as a whole."""
    return show_or_apply(request, key, TABLE)
