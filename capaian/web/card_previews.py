"""The worked example beside a card's form: shown with the page, and anew while the card is typed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from capaian.measurement.card_preview import SHOWN, Worked, worked
from capaian.planning.entries import CardEntry
from capaian.web.form_parts import form_page
from capaian.web.pages import MemberRequest
from capaian.web.planning_forms import CardForm

ASKED = "preview"  # the button's name; "part" asks for the example alone
PART = "parts/card_example.html"
NEW = CardEntry("Contoh", "satuan")
NAMES = SHOWN | {"entry_kind"}


def asks_example(request: MemberRequest) -> bool:
    """Tell whether a card's form was sent only to see its example."""
    return request.method == "POST" and ASKED in request.POST


def example_of(form: CardForm, year: int, opened_with: CardEntry = NEW) -> Worked:
    """Return the example of a form as it stands: what was typed, or what it was opened with."""
    if not form.is_bound:
        return worked(opened_with, year)
    form.is_valid()
    unread = [f"{form[name].label}: {each}" for name in form.errors if name in NAMES for each in form.errors[name]]
    return Worked(refused=unread) if unread else worked(form.tried(), year)


def card_example(
    request: MemberRequest, form: CardForm, context: Mapping[str, Any], template: str, year: int
) -> HttpResponse:
    """Answer with the example: alone, or on the page with all that was typed; nothing is written."""
    found = example_of(form, year)
    if request.POST[ASKED] == "part":
        return render(request, PART, {"worked": found})
    for name in [name for name in form.errors if name not in NAMES]:
        del form.errors[name]
    return form_page(request, form, {"section": "planning", **context, "worked": found}, template)
