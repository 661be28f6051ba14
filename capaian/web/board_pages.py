"""Who has not filled in: the board of a round's units, reminders by hand, and how a person wants to be reminded."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from capaian.agencies.models import Unit
from capaian.collection import actions, board, carrying, follow_queries, import_rules
from capaian.collection.board import CellState
from capaian.journal.reason import Refused
from capaian.planning.queries import may_plan
from capaian.sop.models import Run
from capaian.sop.queries import runs
from capaian.web.form_parts import PlainForm, attempt, form_page, sent, text_field
from capaian.web.form_tokens import actor_of, new_token, once, token_of
from capaian.web.pages import MemberRequest
from capaian.web.typed_text import typed_before

WAITED = "waited"
FILTERS = [("", "Semua"), (WAITED, "Belum disampaikan"), *((state.value, state.label) for state in CellState)]
ADDRESS_LENGTH = 24


def own_run(request: MemberRequest, key: str) -> Run:
    """Return a run of the own agency; 404 for any other."""
    return get_object_or_404(runs(request.reach), public_id=key)


def run_forms(request: MemberRequest, key: str) -> HttpResponse:
    """Show every unit of a run with the state of each indicator, days left, last deed and last reminder."""
    return _show(request, own_run(request, key))


def _show(request: MemberRequest, run: Run, refused: Refused | None = None) -> HttpResponse:
    state, unit = request.GET.get("keadaan", ""), request.GET.get("unit", "")
    found = board.board(request.reach, run, timezone.now(), state=state, unit=unit)
    cells = board.shown_cells(found.rows, state)
    context = {
        "run": run,
        "board": found,
        "rows": [(row, cells[row.standing.unit.pk]) for row in found.rows],
        "filters": FILTERS,
        "chosen": {"state": state, "unit": unit},
        "units": [row.standing.unit for row in found.all_rows],
        "may_upload": found.all_rows and not import_rules.reasons_not_to_import(request.reach, run, None),
        "reasons": refused.reasons if refused else [],
        "may_schedule": may_plan(request.reach),
        "form_token": new_token(request),
        "section": "board",
    }
    return render(request, "pages/collection/run_forms.html", context, status=refused.status if refused else 200)


@require_POST
@once("run_forms", "key")
def run_remind(request: MemberRequest, key: str) -> HttpResponse:
    """Remind the people of one unit, or of all units that are waited for."""
    run = own_run(request, key)
    units = list(Unit.objects.filter(agency_id=request.reach.agency.pk, public_id__in=request.POST.getlist("units")))
    try:
        told = actions.remind_units(
            run=run, units=units, by=request.reach.actor(token=token_of(request)), reach=request.reach
        )
    except Refused as refused:
        return _show(request, run, refused)
    names = told[0].name if len(told) == 1 else f"{len(told)} unit"
    messages.success(request, f"{names} diingatkan. Pengingatnya tampil pada Pekerjaan saya{_carried()}.")
    return redirect("run_forms", key=key)


def _carried() -> str:
    return " dan dikirim melalui surel" if carrying.has_mail() else ""


class RemindersForm(PlainForm):
    """How a person wants to be reminded."""

    is_on = forms.BooleanField(
        label="Ingatkan saya menjelang batas waktu",
        required=False,
        help_text="H-7, H-3, H-1, hari terakhir, dan setiap hari kerja sesudahnya, satu kali untuk setiap formulir.",
    )

    def __init__(self, *args: Any, with_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_number:
            self.fields["address"] = text_field(
                "Nomor WhatsApp atau Telegram", ADDRESS_LENGTH, required=False, help_text="Misalnya +6281234567890."
            )


@once("account")
def account_reminders(request: MemberRequest) -> HttpResponse:
    """Let a person choose how to be reminded."""
    stands = follow_queries.choice_of(request.reach)
    initial = {"is_on": stands.is_on, "address": stands.address}
    form = RemindersForm(
        sent(request), with_number=carrying.has_gateway(), initial={**initial, **typed_before(request)}
    )

    def choose() -> None:
        given = form.cleaned_data
        actions.choose_reminders(
            person=request.reach.person,
            is_on=given["is_on"],
            address=given.get("address", stands.address),
            by=actor_of(request),
        )

    if form.is_bound and form.is_valid() and attempt(form, choose):
        messages.success(request, "Pilihan pengingat tersimpan.")
        return redirect("account")
    context = {"person": request.reach.person, "has_mail": carrying.has_mail(), "cancel_url": reverse("account")}
    return form_page(request, form, context, "pages/account/reminders.html")
