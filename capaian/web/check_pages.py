"""How the figures of an indicator are checked: a page that Tim SAKIP and admins change."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from capaian.collection import actions
from capaian.collection.queries import checks_of
from capaian.web.card_pages import own_card
from capaian.web.check_forms import ChecksForm
from capaian.web.form_parts import sent
from capaian.web.form_tokens import once
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import answer, planner
from capaian.web.typed_text import typed_before

LEAD = (
    "Diperiksa sebelum unit menyampaikan formulirnya. “Perlu alasan” meminta penjelasan pada Penyebab, yang ikut ke "
    "rekapitulasi; “Tidak dapat disampaikan” menahan formulir sampai angkanya dibetulkan."
)


@once("card", "key")
def card_checks(request: MemberRequest, key: str) -> HttpResponse:
    """Change how strictly an indicator's figures are checked, for all its cards."""
    card = own_card(request, key)

    def stored() -> Mapping[str, Any]:
        return ChecksForm.values_of(checks_of([card.indicator_id]).get(card.indicator_id, {}))

    form = ChecksForm(sent(request), measured_in=card.measured_in, initial={**stored(), **typed_before(request)})
    context = {
        "page_heading": "Pemeriksaan angka",
        "pretitle": card.name,
        "lead": LEAD,
        "submit_label": "Simpan pemeriksaan",
        "cancel_url": reverse("card", args=[key]),
    }

    def act() -> None:
        actions.set_checks(
            indicator=card.indicator, checks=form.entries(), edition=form.opened_with, by=planner(request)
        )
        messages.success(request, "Pemeriksaan indikator tersimpan.")

    return answer(request, form, act, context, lambda: reverse("card", args=[key]), stored=stored)
