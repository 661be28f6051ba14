"""Perjanjian Kinerja of the Kepala: the list of a year, drafting, the paper, putting it in force."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.journal.reason import Refused
from capaian.planning import actions
from capaian.planning import agreement_papers as papers
from capaian.planning.agreement_queries import agreements
from capaian.planning.models import Agreement
from capaian.planning.queries import may_plan
from capaian.planning.rules import ENFORCERS
from capaian.web.form_parts import sent, show_reasons
from capaian.web.form_tokens import actor_of, new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_forms import AgreementForm, EnforceForm
from capaian.web.planning_pages import answer, planner
from capaian.web.step_pages import issue_now
from capaian.web.typed_text import typed_before

PAPER = "pages/planning/agreement.html"


def agreement_list(request: MemberRequest, year: int) -> HttpResponse:
    """List the agreements of a year."""
    context = {
        "agreements": agreements(request.reach, year),
        "year": year,
        "may_plan": may_plan(request.reach),
        "section": "planning",
    }
    return render(request, "pages/planning/agreements.html", context)


def _draft(request: MemberRequest, year: int) -> Agreement | None:
    return agreements(request.reach, year).filter(state=Agreement.State.DRAFT).first()


@once("agreement_list", "year")
def agreement_draft(request: MemberRequest, year: int) -> HttpResponse:
    """Draft the Kepala's agreement of a year, or draft it anew."""
    draft = _draft(request, year)
    last = draft or agreements(request.reach).first()
    initial = AgreementForm.values_of(last) if last else {}
    initial["edition"] = draft.edition if draft else 0
    form = AgreementForm(sent(request), initial=initial | typed_before(request))
    context = {
        "page_heading": f"Susun Perjanjian Kinerja {year}",
        "lead": "Konsep memuat kartu IKU yang aktif dan pagu setiap program seperti tercatat saat ini. "
        "Menyusun ulang memperbarui keduanya.",
        "submit_label": "Susun konsep",
        "cancel_url": reverse("agreement_list", args=[year]),
    }
    made: list[Agreement] = []

    def act() -> None:
        made.append(
            actions.draft_agreement(
                agency=request.reach.agency, year=year, party=form.entry(), edition=form.opened_with,
                by=planner(request),
            )
        )  # fmt: skip
        messages.success(request, "Konsep Perjanjian Kinerja tersusun. Kepala atau Sekretaris memberlakukannya.")

    def stored() -> Mapping[str, Any]:
        found = _draft(request, year)
        return AgreementForm.values_of(found) if found else {"edition": 0}

    return answer(request, form, act, context, lambda: reverse("agreement", args=[made[0].public_id]), stored=stored)


def agreement(request: MemberRequest, key: str) -> HttpResponse:
    """Show an agreement as it is printed, with the form that puts a draft in force."""
    return _show(request, _own(request, key))


def _own(request: MemberRequest, key: str) -> Agreement:
    return get_object_or_404(agreements(request.reach), public_id=key)


def _show(request: MemberRequest, row: Agreement, form: EnforceForm | None = None, status: int = 200) -> HttpResponse:
    items = [(item, papers.year_target(item)) for item in row.items.all()]
    may_enforce = row.state == Agreement.State.DRAFT and any(request.reach.has(role) for role in ENFORCERS)
    initial = {"in_force_from": row.in_force_from or request.reach.on, "edition": row.edition}
    context = {
        "agreement": row,
        "items": items,
        "opening": papers.OPENING,
        "first": papers.FIRST,
        "second": papers.SECOND,
        "promises": (papers.PROMISE, papers.SUPERVISION),
        "total": sum(budget.amount for budget in row.budgets.all()),
        "form": (form or EnforceForm(initial=initial | typed_before(request))) if may_enforce else None,
        "may_plan": may_plan(request.reach),
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, PAPER, context, status=status)


@once("agreement", "key")
def agreement_enforce(request: MemberRequest, key: str) -> HttpResponse:
    """Put a draft in force."""
    row = _own(request, key)
    form = EnforceForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, 422)
    role = next((role for role in ENFORCERS if request.reach.has(role)), ENFORCERS[0])
    day = form.cleaned_data["in_force_from"]
    try:
        done = actions.put_agreement_in_force(
            agreement=row,
            in_force_from=day,
            edition=form.opened_with,
            by=actor_of(request, role),
            number=form.cleaned_data["number"],
        )
    except Refused as refused:
        show_reasons(form, refused.reasons)
        fresh = _own(request, key)
        form.take_newest(fresh.edition)
        return _show(request, fresh, form, refused.status)
    if done.document is not None:
        issue_now(request, [done.document])
    messages.success(request, "Perjanjian Kinerja berlaku.")
    return redirect("agreement", key=key)
