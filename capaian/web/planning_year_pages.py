"""A plan's title and years, and a year's cards carried from the year before in one action."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.agencies.queries import told
from capaian.journal.reason import Reason, Refused
from capaian.planning import actions
from capaian.planning.card_rules import reasons_about_indicator
from capaian.planning.models import Plan
from capaian.planning.queries import cards_to_carry, last_year_with_cards, plans
from capaian.web.form_parts import sent
from capaian.web.form_tokens import new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_forms import ChangePlanForm, chosen_cards
from capaian.web.planning_pages import answer, planner
from capaian.web.typed_text import typed_before


def _plan(request: MemberRequest, key: str) -> Plan:
    return get_object_or_404(plans(request.reach).select_related("agency"), public_id=key)


@once("planning")
def plan_change(request: MemberRequest, key: str) -> HttpResponse:
    """Change a plan's title and years."""
    row = _plan(request, key)
    form = ChangePlanForm(sent(request), initial=ChangePlanForm.values_of(row) | typed_before(request))
    context = {
        "page_heading": "Ubah rencana",
        "pretitle": row.title,
        "lead": "Tahun yang sudah mempunyai kartu indikator atau anggaran tetap berada di dalam masa rencana.",
        "submit_label": "Simpan perubahan",
        "cancel_url": reverse("planning"),
        "history": told(request.reach, row.public_id),
    }

    def act() -> None:
        actions.change_plan(plan=row, entry=form.entry(), edition=form.opened_with, by=planner(request))
        messages.success(request, "Perubahan rencana tersimpan.")

    def stored() -> Mapping[str, Any]:
        return ChangePlanForm.values_of(_plan(request, key))

    return answer(request, form, act, context, lambda: reverse("planning"), stored=stored)


@once("planning_year", "year")
def cards_carry(request: MemberRequest, year: int) -> HttpResponse:
    """Show last year's cards and what each would become; carry the chosen ones, all or none."""
    rows = cards_to_carry(request.reach, year)
    reasons: list[Reason] = []
    status = 200
    if request.method == "POST":
        seen = chosen_cards(request.POST.getlist("cards"), [row.card for row in rows])
        try:
            done = actions.carry_year(agency=request.reach.agency, year=year, seen=seen, by=planner(request))
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        else:
            messages.success(request, f"{len(done)} kartu disalin ke {year} sebagai konsep. Tetapkan target {year}.")
            return redirect("planning_year", year=year)
    context = {
        "year": year,
        "last": last_year_with_cards(request.reach, year),
        "rows": [(row, [] if row.there else reasons_about_indicator(row.card.indicator.node, year, 1)) for row in rows],
        "open": sum(not row.there for row in rows),
        "chosen": request.POST.getlist("cards") if request.method == "POST" else None,
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, "pages/planning/carry.html", context, status=status)
