"""Perjanjian Kinerja of every official: the list of a year, drafting, the paper, putting it in force."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.agencies.models import Appointment, Position
from capaian.agencies.queries import positions
from capaian.agencies.rules import in_force
from capaian.journal.reason import Refused
from capaian.planning import actions
from capaian.planning import agreement_papers as papers
from capaian.planning.agreement_cascade import Link, cascade, newest
from capaian.planning.agreement_choices import active_cards
from capaian.planning.agreement_queries import agreements
from capaian.planning.agreement_rules import kepala, tier_of
from capaian.planning.models import Agreement, Node
from capaian.planning.queries import may_plan
from capaian.planning.rules import ENFORCERS
from capaian.web.agreement_forms import AgreementForm, EnforceForm
from capaian.web.form_parts import sent, show_reasons
from capaian.web.form_tokens import actor_of, new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import answer, planner
from capaian.web.step_pages import issue_now
from capaian.web.typed_text import typed_before

PAPER = "pages/planning/agreement.html"


def _officials(request: MemberRequest) -> list[Position]:
    """Return the open positions that somebody holds, the Kepala's first, then heads of units."""
    rows = [row for row in positions(request.reach) if row.closed_on is None]
    held = set(
        Appointment.objects.filter(in_force(request.reach.on), agency=request.reach.agency).values_list(
            "position_id", flat=True
        )
    )
    return sorted((row for row in rows if row.pk in held), key=tier_of)


def agreement_list(request: MemberRequest, year: int) -> HttpResponse:
    """List the agreements of a year by official, and what the cascade lacks."""
    rows = list(agreements(request.reach, year))
    parents = dict(Node.objects.filter(agency=request.reach.agency).values_list("pk", "parent_id"))
    links = {link.agreement.position_id: link for link in cascade(newest(rows), parents)}
    officials = _officials(request)
    seats = {row.pk: row for row in [*officials, *(row.position for row in rows)]}
    shown = [
        (seat, [row for row in rows if row.position_id == seat.pk], links.get(seat.pk))
        for seat in sorted(seats.values(), key=tier_of)
        if seat.pk in links or any(held.pk == seat.pk for held in officials)
    ]
    context = {
        "officials": shown,
        "has_any": bool(rows),
        "warnings": [reason for link in links.values() for reason in link.warnings],
        "year": year,
        "may_plan": may_plan(request.reach),
        "section": "planning",
    }
    return render(request, "pages/planning/agreements.html", context)


def _draft(request: MemberRequest, year: int, position: Position) -> Agreement | None:
    rows = agreements(request.reach, year).filter(position=position)
    return rows.filter(state=Agreement.State.DRAFT).first()


def _position(request: MemberRequest, seats: list[Position]) -> Position:
    """Return whose agreement is drafted: `?jabatan=` names a position, else the Kepala's; 404 without one."""
    key = request.GET.get("jabatan", "")
    if key:
        found = next((row for row in seats if row.public_id == key), None)
    else:
        found = kepala(request.reach.agency, request.reach.on)
        found = next((row for row in seats if found and row.pk == found.pk), found)
    if found is None:
        raise Http404
    return found


@once("agreement_list", "year")
def agreement_draft(request: MemberRequest, year: int) -> HttpResponse:
    """Draft an official's agreement of a year, or draft it anew."""
    seats = _officials(request)
    position = _position(request, seats)
    draft, active = _draft(request, year, position), active_cards(request.reach.agency, year)
    same = agreements(request.reach).filter(position=position)
    last = draft or same.first()
    initial = AgreementForm.first_values(position, seats, active, request.reach.on)
    if last:
        initial |= AgreementForm.values_of(last) if draft else _without_cards(AgreementForm.values_of(last))
    initial["edition"] = draft.edition if draft else 0
    changes = same.filter(year=year, state=Agreement.State.IN_FORCE).exists()
    form = AgreementForm(
        sent(request), position=position, others=seats, active=active, changes=changes,
        initial=initial | typed_before(request),
    )  # fmt: skip
    made: list[Agreement] = []

    def act() -> None:
        made.append(
            actions.draft_agreement(
                agency=request.reach.agency, year=year, party=form.entry(), edition=form.opened_with,
                by=planner(request), position=position, card_ids=form.card_ids(),
            )
        )  # fmt: skip
        messages.success(request, "Konsep Perjanjian Kinerja tersusun. Kepala atau Sekretaris memberlakukannya.")

    def stored() -> Mapping[str, Any]:
        found = _draft(request, year, position)
        return AgreementForm.values_of(found) if found else {"edition": 0}

    return answer(
        request, form, act, _draft_words(position, year), lambda: reverse("agreement", args=[made[0].public_id]),
        stored=stored,
    )  # fmt: skip


def _without_cards(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what belongs to the version before."""
    return {name: value for name, value in values.items() if name not in ("cards", "reason")}


def _draft_words(position: Position, year: int) -> dict[str, Any]:
    return {
        "page_heading": f"Susun Perjanjian Kinerja {year}",
        "pretitle": position.title,
        "lead": "Konsep memuat kartu yang aktif dan pagu yang tercatat saat ini. Menyusun ulang memperbarui keduanya.",
        "submit_label": "Susun konsep",
        "cancel_url": reverse("agreement_list", args=[year]),
    }


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
        "goal_word": papers.goal_word(row),
        "money_word": papers.money_word(list(row.budgets.all())),
        "link": _link(request, row),
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


def _link(request: MemberRequest, row: Agreement) -> Link | None:
    """Return the agreement with the check of its place between superior and subordinates."""
    others = [each for each in newest(agreements(request.reach, row.year)) if each.position_id != row.position_id]
    parents = dict(Node.objects.filter(agency=request.reach.agency).values_list("pk", "parent_id"))
    return next((link for link in cascade([row, *others], parents) if link.agreement.pk == row.pk), None)


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
