"""What Tim SAKIP does with a single form: leave to fill in late, filling in for the unit, opening it again."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.collection import actions, queries, submissions
from capaian.collection.models import UnitForm
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason
from capaian.sop.actions import stand_in
from capaian.sop.step_rules import NOTE_LIMIT
from capaian.web.form_parts import PlainForm, attempt, day_field, form_page, sent
from capaian.web.form_tokens import actor_of, once
from capaian.web.pages import MemberRequest
from capaian.web.step_forms import note_field
from capaian.web.typed_text import typed_before

PAGE = "pages/collection/form_care.html"
LATE_LEAD = (
    "Unit boleh mengisi dan menyampaikan formulir ini sesudah jadwal pengisian ditutup. "
    "Alasannya tampil pada formulir dan naskahnya."
)
STAND_IN_LEAD = (
    "Anda mengisi dan menyampaikan formulir ini atas nama Tim SAKIP. Unit tetap dapat mengisinya. "
    "Formulir, naskah, dan asal angka menyebutnya “diisikan oleh Tim SAKIP”."
)
REOPEN_LEAD = (
    "Formulir yang sudah disetujui dibuka lagi sebagai kunjungan baru. Sesudah disampaikan, rekapitulasi, laporan, dan "
    "persetujuan diulang; perubahan angkanya terdaftar pada halaman formulir."
)
Act = Callable[[PlainForm, Actor], object]


class WhyForm(PlainForm):
    """A reason."""

    def __init__(self, *args: object, label: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = note_field(label, help_text=f"Wajib diisi, paling banyak {NOTE_LIMIT} huruf.")


class LateForm(WhyForm):
    """A last day and a reason."""

    until = day_field("Boleh diisi sampai", help_text="Hari terakhir.")


def _form(request: MemberRequest, key: str) -> UnitForm:
    return get_object_or_404(queries.forms(request.reach), public_id=key)


def _answer(  # noqa: PLR0917
    request: MemberRequest, row: UnitForm, form: PlainForm, act: Act, heading: str, lead: str, done: str
) -> HttpResponse:
    """Show the form, or act and go back to the unit's form."""
    by = actor_of(request, "team")
    if form.is_bound and form.is_valid() and attempt(form, lambda: act(form, by)):
        messages.success(request, done)
        return redirect("unit_form", key=row.public_id)
    context = {
        "row": row,
        "run": row.round.run,
        "page_heading": heading,
        "lead": lead,
        "submit_label": heading,
        "cancel_url": reverse("unit_form", args=[row.public_id]),
        "section": "board",
    }
    return form_page(request, form, context, PAGE)


@once("unit_form", "key")
def form_late(request: MemberRequest, key: str) -> HttpResponse:
    """Let a unit fill in after the last day."""
    row = _form(request, key)
    form = LateForm(sent(request), label="Alasan izin", initial=typed_before(request))

    def act(given: PlainForm, by: Actor) -> None:
        until: date = given.cleaned_data["until"]
        reason = given.cleaned_data.get("reason", "")
        actions.allow_late(form=row, until=until, reason=reason, by=by, reach=request.reach)

    return _answer(request, row, form, act, "Beri izin terlambat", LATE_LEAD, "Izin terlambat tercatat.")


@once("unit_form", "key")
def form_stand_in(request: MemberRequest, key: str) -> HttpResponse:
    """Fill in a form in its unit's place."""
    row = _form(request, key)
    form = WhyForm(sent(request), label="Alasan diisikan", initial=typed_before(request))

    def act(given: PlainForm, by: Actor) -> None:
        item = queries.filling_items(row.round.run).get(row.unit_id)
        if item is None:
            raise Conflict([Reason("not_begun", "Formulir ini belum dibagikan.", "Bagikan formulirnya dahulu.")])
        item.run, item.unit = row.round.run, row.unit
        stand_in(item=item, reason=given.cleaned_data.get("reason", ""), by=by, reach=request.reach)

    done = "Formulir ini sekarang ada pada Pekerjaan saya. Buka langkahnya untuk mengisi."
    return _answer(request, row, form, act, "Isikan untuk unit", STAND_IN_LEAD, done)


@once("unit_form", "key")
def form_reopen(request: MemberRequest, key: str) -> HttpResponse:
    """Open an approved form again."""
    row = _form(request, key)
    form = WhyForm(sent(request), label="Alasan dibuka kembali", initial=typed_before(request))

    def act(given: PlainForm, by: Actor) -> None:
        actions.reopen_form(form=row, reason=given.cleaned_data.get("reason", ""), by=by, reach=request.reach)

    done = "Formulir dibuka kembali. Unitnya melihat alasan Anda."
    return _answer(request, row, form, act, "Buka kembali formulir", REOPEN_LEAD, done)


def receipts(request: MemberRequest) -> HttpResponse:
    """Tell whether a typed fingerprint is that of a submitted form, and whether the form still says the same."""
    typed = "".join(sign for sign in request.GET.get("sidik", "") if sign.isprintable())[:100]
    context = {"typed": typed, "found": submissions.verdicts(request.reach, typed), "section": "documents"}
    return render(request, "pages/collection/receipts.html", context)
