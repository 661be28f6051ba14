"""The agency's data, its units, starting another agency, and removing the sample people."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from capaian.agencies import actions
from capaian.agencies.entries import AgencyEntry
from capaian.agencies.models import Agency, Unit
from capaian.agencies.people_rules import reasons_not_to_remove_sample
from capaian.agencies.queries import gaps, sample_accounts, told, units
from capaian.agencies.rules import NUMBER_TOKENS, reasons_not_to_end_unit
from capaian.documents.numbering import NumberValues, write_number
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason, Refused
from capaian.sop.deadline_actions import lock_open_runs, recompute_deadlines
from capaian.sop.founding_actions import found_agency
from capaian.web.agency_forms import AgencyChangeForm, LastDayForm, NewAgencyForm, NewUnitForm, UnitForm
from capaian.web.form_parts import attempt, form_page, sent, show_reasons
from capaian.web.form_tokens import actor_of, new_token, once
from capaian.web.pages import MemberRequest
from capaian.web.typed_text import typed_before

ADMIN = "agency_admin"
EXAMPLE_DAY = date(2026, 3, 31)


@once("agency")
def agency(request: MemberRequest) -> HttpResponse:
    """Show and change the agency's data."""
    mine = request.reach.agency
    entry = AgencyEntry.of(mine)
    form = AgencyChangeForm(sent(request), initial=vars(entry) | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: change_agency(mine, form.entry(), by)):
            messages.success(request, "Data perangkat daerah tersimpan.")
            return redirect("agency")
    context = {
        "lacking": gaps(request.reach),
        "example": number_example(entry),
        "tokens": [(f"{{{token}}}", meaning) for token, meaning in NUMBER_TOKENS.items()],
        "example_values": example_words(entry),
        "history": told(request.reach, mine.public_id),
        "samples": len(sample_accounts()),
        "section": "agency",
        "tab": "agency",
    }
    return form_page(request, form, context, "pages/agency/agency.html")


def change_agency(mine: Agency, entry: AgencyEntry, by: Actor) -> None:
    """Change the agency's data; another time zone moves the deadlines of open work too."""
    moves = entry.time_zone != mine.time_zone
    with transaction.atomic():
        if moves:
            lock_open_runs(agency=mine)
        changed = actions.change_agency(agency=mine, entry=entry, by=by)
        if moves:
            recompute_deadlines(agency=changed)


def example_words(entry: AgencyEntry) -> list[tuple[str, str]]:
    """Return what each token of a number stands for in the example."""
    return [(token, number_example(replace(entry, number_pattern=f"{{{token}}}"))) for token in NUMBER_TOKENS]


def number_example(entry: AgencyEntry) -> str:
    """Return the number that a nota dinas would get by the agency's pattern."""
    values = NumberValues("000.8.6.3", "ND", 7, entry.short_name, EXAMPLE_DAY)
    return write_number(entry.number_pattern, values)


@once("agency")
def agency_new(request: MemberRequest) -> HttpResponse:
    """Start another agency; its first admin's code is shown once."""
    mine = request.reach.agency
    initial = {"region": mine.region, "time_zone": mine.time_zone, "place": mine.place}
    initial |= {"letterhead_government": mine.letterhead_government}
    form = NewAgencyForm(sent(request), reach=request.reach, initial=initial | typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            made, person, code = found_agency(
                region=form.region_entry(),
                entry=form.entry(),
                admin=form.admin_entry(),
                by=actor_of(request, ADMIN),
            )
        except Refused as refused:
            show_reasons(form, [_of_admin(reason) for reason in refused.reasons])
        else:
            context = {"made": made, "person": person, "code": code, "section": "agency"}
            return render(request, "pages/agency/agency_started.html", context)
    context = {
        "page_heading": "Mulai perangkat daerah baru",
        "lead": (
            "Perangkat daerah baru langsung mendapat salinan SOP, jenis naskah, dan kalender nasional. "
            "Datanya terpisah: yang dapat melihatnya hanya pegawainya sendiri."
        ),
        "submit_label": "Mulai perangkat daerah",
        "cancel_name": "agency",
        "section": "agency",
        "tab": "agency_new",
    }
    return form_page(request, form, context)


def _of_admin(reason: Reason) -> Reason:
    """Point a reason about the first admin at the form's own fields for him."""
    return replace(reason, field=f"admin_{reason.field}") if reason.field in ("username", "nip") else reason


def sample_remove(request: MemberRequest) -> HttpResponse:
    """Remove all sample people in one action."""
    reasons = reasons_not_to_remove_sample()
    status = 200
    if request.method == "POST":
        try:
            count = actions.remove_sample_people(by=actor_of(request, ADMIN))
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        else:
            messages.success(request, f"{count} akun contoh dinonaktifkan. Data contohnya tetap tersimpan.")
            return redirect("agency" if not request.reach.person.is_sample else "account_login")
    context = {
        "reasons": reasons,
        "samples": sample_accounts(),
        "form_token": new_token(request),
        "section": "agency",
        "tab": "sample_remove",
    }
    return render(request, "pages/agency/sample_remove.html", context, status=status)


def unit_list(request: MemberRequest) -> HttpResponse:
    """List the units."""
    context = {"units": units(request.reach), "section": "people", "tab": "units"}
    return render(request, "pages/agency/units.html", context)


@once("units")
def unit_new(request: MemberRequest) -> HttpResponse:
    """Add a unit."""
    initial = {"valid_from": request.reach.on}
    form = NewUnitForm(sent(request), reach=request.reach, initial=initial | typed_before(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: actions.create_unit(agency=request.reach.agency, by=by, **data)):
            messages.success(request, f"Unit “{data['name']}” ditambahkan.")
            return redirect("units")
    context = {"page_heading": "Tambah unit", "cancel_name": "units", "section": "people", "tab": "units"}
    return form_page(request, form, context)


def _unit(request: MemberRequest, key: str) -> Unit:
    """Return a unit of the own agency, or 404."""
    return get_object_or_404(units(request.reach), public_id=key)


@once("unit", "key")
def unit(request: MemberRequest, key: str) -> HttpResponse:
    """Show and change a unit."""
    row = _unit(request, key)
    initial = {
        "name": row.name,
        "kind": row.kind,
        "parent": row.parent.public_id if row.parent else None,
        "supplies_data": row.supplies_data,
    }
    form = UnitForm(sent(request), reach=request.reach, initial=initial | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: actions.change_unit(unit=row, by=by, **form.cleaned_data)):
            messages.success(request, "Perubahan unit tersimpan.")
            return redirect("units")
    context = {
        "unit": row,
        "positions": row.positions.filter(closed_on__isnull=True).order_by("title"),
        "history": told(request.reach, row.public_id),
        "section": "people",
        "tab": "units",
    }
    return form_page(request, form, context, "pages/agency/unit.html")


@once("units")
def unit_end(request: MemberRequest, key: str) -> HttpResponse:
    """End a unit with its last day."""
    row = _unit(request, key)
    form = LastDayForm(sent(request), initial={"last_day": request.reach.on} | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: actions.end_unit(unit=row, last_day=form.cleaned_data["last_day"], by=by)):
            messages.success(request, f"Unit “{row.name}” diakhiri.")
            return redirect("units")
    context = {
        "page_heading": f"Akhiri unit {row.name}",
        "lead": "Unit tetap tercatat pada semua proses yang pernah diikutinya, tetapi tidak ikut lagi sesudahnya.",
        "reasons": [] if form.is_bound else reasons_not_to_end_unit(row, request.reach.on),
        "submit_label": "Akhiri unit",
        "submit_tone": "danger",
        "cancel_name": "units",
        "section": "people",
        "tab": "units",
    }
    return form_page(request, form, context)
