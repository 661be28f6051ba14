"""A card's pages: what it says, changing it, its targets and suppliers, a new version."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.agencies.queries import told
from capaian.formulas.shipped_scales import shipped_scale
from capaian.journal.reason import Refused
from capaian.planning import actions
from capaian.planning.card_advice import card_advice
from capaian.planning.card_example import worked_example
from capaian.planning.card_rules import (
    period_label,
    reasons_not_to_activate,
    reasons_not_to_change,
    reasons_not_to_revise,
    target_periods,
)
from capaian.planning.entries import CardEntry, TargetEntry
from capaian.planning.models import Card, Level, Node
from capaian.planning.nomenclature import nomenclature
from capaian.planning.queries import cards, may_plan
from capaian.planning.revision_rules import reasons_not_to_approve_card, reasons_unapproved
from capaian.planning.rules import ENFORCERS
from capaian.planning.typed_figures import target_text
from capaian.web.card_previews import asks_example, card_example, example_of
from capaian.web.form_parts import sent
from capaian.web.form_tokens import actor_of, new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_forms import CardForm, SuppliersForm
from capaian.web.planning_pages import answer, own_node, planner
from capaian.web.refusal_pages import refused as refusal
from capaian.web.target_forms import TargetsForm
from capaian.web.typed_text import typed_before

CARD_FORM = "pages/planning/card_form.html"
MOST_DIGITS = 9


def own_card(request: MemberRequest, key: str) -> Card:
    """Return a card of the own agency, of any version, or 404."""
    return get_object_or_404(cards(request.reach), public_id=key)


def card(request: MemberRequest, key: str) -> HttpResponse:
    """Show a card: what it says, its suppliers, its targets, its history."""
    row = own_card(request, key)
    targets = {target.period: target for target in row.targets.all()}
    versions = cards(request.reach).filter(indicator=row.indicator, year=row.year).order_by("version")
    context = {
        "card": row,
        "scale": shipped_scale(row.scale),
        "targets": [
            (period_label(row.frequency, period), target_text(TargetEntry.of(target)), target.is_example)
            for period in target_periods(row.frequency, row.year)
            if (target := targets.get(period.code)) is not None
        ],
        "example": worked_example(row),
        "versions": [each for each in versions if each.pk != row.pk],
        "may_plan": may_plan(request.reach),
        "may_revise": may_plan(request.reach) and not reasons_not_to_revise(row),
        "lacking": [] if row.activated_at else [*reasons_not_to_activate(row), *reasons_unapproved(row)],
        "advice": card_advice(row),
        "may_approve": any(request.reach.has(role) for role in ENFORCERS) and not reasons_not_to_approve_card(row),
        "history": told(request.reach, row.public_id),
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, "pages/planning/card.html", context)


def _national(request: MemberRequest, node: Node) -> dict[str, str]:
    """Return what the national nomenclature says of a sub-activity's first indicator."""
    if node.level != Level.SUBACTIVITY or node.indicators.exists():
        return {}
    named = nomenclature(request.reach.agency, request.reach.on).get(node.code)
    if named is None or not named.indicator:
        return {}
    return {"name": named.indicator, "measured_in": named.measured_in, "definition": named.performance}


@once("planning_year", "year")
def indicator_new(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Add an indicator to a node, with its card of the year."""
    node = own_node(request, key)
    initial = {"ordinal": node.indicators.count() + 1, **_national(request, node)} | typed_before(request)
    form = CardForm(sent(request), initial=initial)
    context: dict[str, Any] = {
        "page_heading": "Tambah indikator",
        "pretitle": f"{node.get_level_display()}: {node}",
        "lead": f"Kartu tahun {year}. Sesudah disimpan, tetapkan unit penyedia data dan targetnya.",
        "cancel_url": reverse("planning_year", args=[year]),
    }
    if asks_example(request):
        return card_example(request, form, context, CARD_FORM, year)
    context["worked"] = example_of(form, year)
    made: list[Card] = []

    def act() -> None:
        made.append(
            actions.add_indicator(
                node=node, indicator=form.indicator(), card=form.entry(), year=year, by=planner(request)
            )
        )
        messages.success(request, "Indikator ditambahkan sebagai konsep. Tetapkan unit penyedia data dan targetnya.")

    return answer(request, form, act, context, lambda: reverse("card", args=[made[0].public_id]), template=CARD_FORM)


@once("card", "key")
def card_change(request: MemberRequest, key: str) -> HttpResponse:
    """Change a draft card."""
    row = own_card(request, key)
    form = CardForm(sent(request), initial=CardForm.values_of(row) | typed_before(request))
    context: dict[str, Any] = {
        "page_heading": "Ubah kartu indikator",
        "pretitle": f"{row.indicator.node.get_level_display()}: {row.indicator.node}",
        "lead": "Bila periode pelaporan atau polaritasnya diganti, target yang tidak sesuai lagi dihapus.",
        "reasons": [] if request.method == "POST" else reasons_not_to_change(row),
        "cancel_url": reverse("card", args=[key]),
    }
    if asks_example(request):
        return card_example(request, form, context, CARD_FORM, row.year)
    context["worked"] = example_of(form, row.year, CardEntry.of(row))

    def act() -> None:
        actions.change_card(
            card=row, entry=form.entry(), indicator=form.indicator(), edition=form.opened_with, by=planner(request)
        )
        messages.success(request, "Kartu indikator tersimpan.")

    def stored() -> Mapping[str, Any]:
        return CardForm.values_of(own_card(request, key))

    return answer(request, form, act, context, lambda: reverse("card", args=[key]), template=CARD_FORM, stored=stored)


@once("card", "key")
def card_targets(request: MemberRequest, key: str) -> HttpResponse:
    """Change the targets of a draft card."""
    row = own_card(request, key)
    form = TargetsForm(sent(request), card=row, initial=TargetsForm.values_of(row) | typed_before(request))
    context = {
        "page_heading": "Target",
        "pretitle": row.name,
        "lead": f"{form.hint} Satuan: {row.measured_in}. Capaian setahun memakai target setahun.",
        "reasons": [] if request.method == "POST" else reasons_not_to_change(row),
        "submit_label": "Simpan target",
        "cancel_url": reverse("card", args=[key]),
    }

    def act() -> None:
        actions.set_targets(card=row, targets=form.entries(), edition=form.opened_with, by=planner(request))
        messages.success(request, "Target tersimpan.")

    def stored() -> Mapping[str, Any]:
        return TargetsForm.values_of(own_card(request, key))

    return answer(request, form, act, context, lambda: reverse("card", args=[key]), stored=stored)


def _supplier_values(row: Card) -> dict[str, Any]:
    return {"units": [supplier.unit.public_id for supplier in row.suppliers.all()], "edition": row.edition}


@once("card", "key")
def card_suppliers(request: MemberRequest, key: str) -> HttpResponse:
    """Change which units supply a draft card's figures."""
    row = own_card(request, key)
    initial = _supplier_values(row) | typed_before(request)
    form = SuppliersForm(sent(request), reach=request.reach, initial=initial)
    context = {
        "page_heading": "Unit penyedia data",
        "pretitle": row.name,
        "reasons": [] if request.method == "POST" else reasons_not_to_change(row),
        "submit_label": "Simpan unit penyedia",
        "cancel_url": reverse("card", args=[key]),
    }

    def act() -> None:
        actions.set_suppliers(card=row, unit_ids=form.unit_ids(), edition=form.opened_with, by=planner(request))
        messages.success(request, "Unit penyedia data tersimpan.")

    def stored() -> Mapping[str, Any]:
        return _supplier_values(own_card(request, key))

    return answer(request, form, act, context, lambda: reverse("card", args=[key]), stored=stored)


@once("card", "key")
def card_revise(request: MemberRequest, key: str) -> HttpResponse:
    """Open a new version of an activated card, with the reason."""
    row = own_card(request, key)
    try:
        draft = actions.revise_card(card=row, reason=request.POST.get("reason", ""), by=planner(request))
    except Refused as refused:
        return refusal(request, refused.reasons, refused.status)
    messages.success(request, "Versi baru dibuka sebagai konsep. Kartu lama tetap berlaku sampai versi ini diaktifkan.")
    return redirect("card", key=draft.public_id)


@once("card", "key")
def card_approve(request: MemberRequest, key: str) -> HttpResponse:
    """Approve the draft of a later version as it stands."""
    row = own_card(request, key)
    typed = request.POST.get("edition", "")
    role = next((role for role in ENFORCERS if request.reach.has(role)), ENFORCERS[0])
    edition = int(typed) if typed.isdecimal() and len(typed) < MOST_DIGITS else 0
    try:
        actions.approve_revision(card=row, edition=edition, by=actor_of(request, role))
    except Refused as refused:
        return refusal(request, refused.reasons, refused.status)
    messages.success(request, "Versi baru disetujui. Tim SAKIP dapat mengaktifkannya.")
    return redirect("card", key=key)
