"""The planning: a plan's tree with cards and money, its nodes, their budgets, activating the cards of a year."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.agencies.queries import told
from capaian.journal.reason import Conflict, Reason, Refused
from capaian.periods.period import ROMAN, Period, PeriodKind
from capaian.planning import actions
from capaian.planning.agreement_queries import reason_without_agreement
from capaian.planning.card_advice import card_advice, set_advice
from capaian.planning.card_rules import reasons_not_to_activate
from capaian.planning.models import Node
from capaian.planning.queries import (
    budget_totals,
    cards_of_year,
    drafts_of_year,
    may_plan,
    nodes,
    plan_of_year,
    plans,
    tree,
)
from capaian.planning.revision_rules import reasons_unapproved
from capaian.planning.rules import (
    BUDGETED,
    DEPTH,
    FIRST_MEASURED,
    FIRST_YEAR,
    LAST_YEAR,
    PLANNERS,
    reasons_not_to_budget,
)
from capaian.web.agency_forms import LastDayForm
from capaian.web.form_parts import form_page, sent, show_reasons
from capaian.web.form_tokens import actor_of, new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_forms import BudgetForm, EditionForm, NodeForm, PlanForm, chosen_cards
from capaian.web.typed_text import typed_before

FORM = "pages/planning/form.html"


def planner(request: MemberRequest) -> Any:
    """Return who acts, from the position that lets them plan."""
    role = next((role for role in PLANNERS if request.reach.has(role)), PLANNERS[0])
    return actor_of(request, role)


def planning(request: MemberRequest, year: int = 0) -> HttpResponse:
    """Show the plan of a year: its tree, the cards at it, the money."""
    year = year if FIRST_YEAR <= year <= LAST_YEAR else request.reach.on.year
    plan = plan_of_year(request.reach, year)
    places = tree(request.reach, plan, year) if plan else []
    cards = [card for place in places for card in place.cards]
    context = {
        "plan": plan,
        "plans": plans(request.reach),
        "year": year,
        "years": range(plan.first_year, plan.last_year + 1) if plan else (),
        "covers": plan is not None and plan.first_year <= year <= plan.last_year,
        "places": places,
        "drafts": sum(card.activated_at is None for card in cards),
        "active": sum(card.activated_at is not None for card in cards),
        "may_plan": may_plan(request.reach),
        "warnings": _warnings(request, year, has_active=any(card.activated_at for card in cards)),
        "measured": [level for level, depth in DEPTH.items() if depth >= FIRST_MEASURED],
        "budgeted": BUDGETED,
        "section": "planning",
    }
    return render(request, "pages/planning/planning.html", context)


def _warnings(request: MemberRequest, year: int, *, has_active: bool) -> list[Reason]:
    """Return what lacks before the active cards of a year are measured; it never blocks."""
    reason = reason_without_agreement(request.reach, Period(year, PeriodKind.YEAR)) if has_active else None
    return [reason] if reason else []


@once("planning")
def plan_new(request: MemberRequest) -> HttpResponse:
    """Begin a plan."""
    year = request.reach.on.year
    initial = {"first_year": year, "last_year": year + 4}
    form = PlanForm(sent(request), initial=initial | typed_before(request))
    context = {
        "page_heading": "Rencana baru",
        "lead": "Rencana strategis memuat tujuan, sasaran, program, kegiatan, dan sub kegiatan beserta indikatornya.",
        "cancel_url": reverse("planning"),
    }

    def act() -> None:
        made = actions.create_plan(agency=request.reach.agency, entry=form.entry(), by=planner(request))
        messages.success(request, f"Rencana “{made.title}” dibuat. Tambahkan butir kinerjanya.")

    return answer(request, form, act, context, lambda: reverse("planning_year", args=[form.cleaned_data["first_year"]]))


def answer(
    request: MemberRequest,
    form: Any,
    act: Callable[[], object],
    context: Mapping[str, Any],
    after: Callable[[], str],
    *,
    template: str = FORM,
    stored: Callable[[], Mapping[str, Any]] | None = None,
) -> HttpResponse:
    """Show a form, or do what it asks and go on; a refusal stands at the fields with all that was typed.

    `stored` reads the row as it is now: after somebody else's change the form shows what differs and takes its
    edition, so that sending it once more is a decision.
    """
    shown = {"section": "planning", **context}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, form, shown, template)
    try:
        act()
    except Conflict as conflict:
        show_reasons(form, conflict.reasons)
        if stored is not None and isinstance(form, EditionForm):
            values = stored()
            shown["newest"] = form.newest(values)
            form.take_newest(values["edition"])
        answered = form_page(request, form, shown, template)
        answered.status_code = conflict.status
        return answered
    except Refused as refused:
        put = getattr(form, "show", None)
        if put is None:
            show_reasons(form, refused.reasons)
        else:
            put(refused.reasons)
        answered = form_page(request, form, shown, template)
        answered.status_code = refused.status
        return answered
    return redirect(after())


def own_node(request: MemberRequest, key: str) -> Node:
    """Return a node of the own agency, or 404."""
    return get_object_or_404(nodes(request.reach), public_id=key)


def slug(typed: str) -> str:
    """Return a key from an address, nothing when it cannot be one."""
    return typed if typed.isascii() and typed.isalnum() else ""


@once("planning")
def node_new(request: MemberRequest, key: str) -> HttpResponse:
    """Add a node to a plan; `?induk=` chooses its parent beforehand."""
    plan = get_object_or_404(plans(request.reach).select_related("agency"), public_id=key)
    above = nodes(request.reach).filter(plan=plan, public_id=slug(request.GET.get("induk", ""))).first()
    initial: dict[str, Any] = {}
    if above is not None:
        levels = list(DEPTH)
        below = levels[min(DEPTH[above.level] + 1, len(levels) - 1)]
        initial = {"parent": above.public_id, "level": below, "ordinal": above.children.count() + 1}
        initial["owner"] = above.owner.public_id if above.owner else ""
    form = NodeForm(sent(request), reach=request.reach, plan=plan, initial=initial | typed_before(request))
    context = {
        "page_heading": "Tambah butir kinerja",
        "pretitle": plan.title,
        "submit_label": "Tambah butir",
        "cancel_url": reverse("planning"),
    }

    def act() -> None:
        made = actions.add_node(plan=plan, entry=form.entry(), by=planner(request))
        messages.success(request, f"{made.get_level_display()} “{made}” ditambahkan.")

    return answer(request, form, act, context, lambda: reverse("planning"))


@once("node", "key")
def node(request: MemberRequest, key: str) -> HttpResponse:
    """Show and change a node."""
    row = own_node(request, key)
    initial = NodeForm.values_of(row) | typed_before(request)
    form = NodeForm(sent(request), reach=request.reach, plan=row.plan, node=row, initial=initial)
    context = {
        "page_heading": f"{row.get_level_display()}: {row}",
        "pretitle": row.plan.title,
        "submit_label": "Simpan perubahan",
        "cancel_url": reverse("planning"),
        "end_url": "" if row.valid_to else reverse("node_end", args=[key]),
        "history": told(request.reach, row.public_id),
    }

    def act() -> None:
        actions.change_node(node=row, entry=form.entry(), edition=form.opened_with, by=planner(request))
        messages.success(request, "Perubahan butir kinerja tersimpan.")

    def stored() -> Mapping[str, Any]:
        return NodeForm.values_of(own_node(request, key))

    return answer(request, form, act, context, lambda: reverse("planning"), stored=stored)


@once("planning")
def node_end(request: MemberRequest, key: str) -> HttpResponse:
    """End a node with its last day."""
    row = own_node(request, key)
    form = LastDayForm(sent(request), initial={"last_day": request.reach.on} | typed_before(request))
    context = {
        "page_heading": f"Akhiri {row.get_level_display().lower()} {row}",
        "pretitle": row.plan.title,
        "lead": "Butir ini tetap tercatat pada tahun-tahun yang sudah diukur, tetapi tidak tampil sesudahnya.",
        "submit_label": "Akhiri butir",
        "submit_tone": "danger",
        "cancel_url": reverse("node", args=[key]),
    }

    def act() -> None:
        actions.end_node(node=row, last_day=form.cleaned_data["last_day"], by=planner(request))
        messages.success(request, f"“{row}” diakhiri.")

    return answer(request, form, act, context, lambda: reverse("planning"))


@once("node_budget", "key", "year")
def node_budget(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Show and change ceiling and spending of a node by month."""
    row = own_node(request, key)
    total = budget_totals(request.reach, year).get(row.pk)
    form = BudgetForm(sent(request), initial=BudgetForm.values_of(row, year) | typed_before(request))
    context = {
        "page_heading": f"Anggaran {year}: {row}",
        "pretitle": row.get_level_display(),
        "year": year,
        "quarters": zip(ROMAN, total.quarters, strict=False) if total else (),
        "total": total,
        "reasons": [] if request.method == "POST" else reasons_not_to_budget(row, year),
        "cancel_url": reverse("planning_year", args=[year]),
    }

    def act() -> None:
        actions.set_budget(node=row, year=year, months=form.entries(), edition=form.opened_with, by=planner(request))
        messages.success(request, "Anggaran tersimpan.")

    def stored() -> Mapping[str, Any]:
        return BudgetForm.values_of(own_node(request, key), year)

    return answer(
        request, form, act, context, lambda: reverse("node_budget", args=[key, year]),
        template="pages/planning/budget.html", stored=stored,
    )  # fmt: skip


@once("planning_year", "year")
def cards_activate(request: MemberRequest, year: int) -> HttpResponse:
    """Activate the chosen draft cards of a year, all or none."""
    drafts = drafts_of_year(request.reach, year)
    reasons: list[Reason] = []
    status = 200
    if request.method == "POST":
        seen = chosen_cards(request.POST.getlist("cards"), drafts)
        try:
            done = actions.activate_cards(agency=request.reach.agency, year=year, seen=seen, by=planner(request))
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        else:
            messages.success(request, f"{len(done)} kartu indikator aktif.")
            return redirect("planning_year", year=year)
    context = {
        "year": year,
        "rows": [
            (card, [*reasons_not_to_activate(card), *reasons_unapproved(card)], len(card_advice(card)))
            for card in drafts
        ],
        "advice": set_advice(list(cards_of_year(request.reach, year))),
        "chosen": request.POST.getlist("cards") if request.method == "POST" else None,
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, "pages/planning/activate.html", context, status=status)
