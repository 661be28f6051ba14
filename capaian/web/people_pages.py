"""People and their accounts, positions and who holds them."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from capaian.agencies import actions
from capaian.agencies.entries import PersonEntry
from capaian.agencies.models import Appointment, Person, Position
from capaian.agencies.people_rules import reasons_not_to_deactivate, reasons_not_to_issue_code
from capaian.agencies.queries import appointments, people, positions, reach, told
from capaian.agencies.rules import advice_on_appointment, reasons_not_to_close_position
from capaian.journal.reason import Refused
from capaian.web.agency_forms import LastDayForm
from capaian.web.form_parts import attempt, form_page, sent, show_reasons
from capaian.web.form_tokens import actor_of, once
from capaian.web.pages import MemberRequest, search_text
from capaian.web.people_forms import AppointForm, CloseForm, DeactivateForm, PersonForm, PositionForm
from capaian.web.typed_text import typed_before

ADMIN = "agency_admin"
PER_PAGE = 50


def people_list(request: MemberRequest) -> HttpResponse:
    """List the people, with search by name, user name or NIP."""
    search = search_text(request)
    page = Paginator(people(request.reach, search), PER_PAGE).get_page(request.GET.get("halaman"))
    context = {"page": page, "search": search, "section": "people", "tab": "people"}
    return render(request, "pages/agency/people.html", context)


def _code_shown(request: MemberRequest, person: Person, code: str, heading: str) -> HttpResponse:
    """Show a one-time code: it is not stored anywhere, so this page is the only one."""
    context = {"person": person, "code": code, "page_heading": heading, "section": "people", "tab": "people"}
    return render(request, "pages/agency/code_shown.html", context)


@once("people")
def person_new(request: MemberRequest) -> HttpResponse:
    """Add a person and show the code for the first log-in once."""
    form = PersonForm(sent(request), initial=typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        try:
            person, code = actions.create_person(agency=request.reach.agency, entry=form.entry(), by=by)
        except Refused as refused:
            show_reasons(form, refused.reasons)
        else:
            return _code_shown(request, person, code, "Pegawai ditambahkan")
    context = {
        "page_heading": "Tambah pegawai",
        "lead": "Sesudah disimpan, halaman berikutnya memuat kode sekali pakai untuk masuk pertama kali.",
        "cancel_name": "people",
        "section": "people",
        "tab": "people",
    }
    return form_page(request, form, context)


def _person(request: MemberRequest, key: str) -> Person:
    """Return a person of the own agency, or 404."""
    return get_object_or_404(people(request.reach), public_id=key)


@once("person", "key")
def person(request: MemberRequest, key: str) -> HttpResponse:
    """Show and change a person's data."""
    row = _person(request, key)
    form = PersonForm(sent(request), initial=vars(PersonEntry.of(row)) | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: actions.change_person(person=row, entry=form.entry(), by=by)):
            messages.success(request, "Data pegawai tersimpan.")
            return redirect("person", key=key)
    context = {
        "person": row,
        "appointments": row.appointments.select_related("position").order_by("-valid_from"),
        "history": told(request.reach, row.public_id),
        "section": "people",
        "tab": "people",
    }
    return form_page(request, form, context, "pages/agency/person.html")


@once("person", "key")
def person_code(request: MemberRequest, key: str) -> HttpResponse:
    """Issue a one-time code; earlier codes stop working."""
    row = _person(request, key)
    form = CloseForm(sent(request))
    if request.method == "POST":
        try:
            code = actions.issue_reset_code(person=row, by=actor_of(request, ADMIN))
        except Refused as refused:
            show_reasons(form, refused.reasons)
        else:
            return _code_shown(request, row, code, "Kode sekali pakai")
    context = {
        "page_heading": f"Kode sekali pakai untuk {row.name}",
        "lead": (
            "Dengan kode ini pegawai membuat kata sandi baru. Kode lama tidak berlaku lagi; "
            "kata sandi yang sekarang tetap berlaku sampai kode dipakai."
        ),
        "reasons": reasons_not_to_issue_code(row),
        "submit_label": "Terbitkan kode",
        "cancel_name": "person",
        "cancel_key": key,
        "section": "people",
        "tab": "people",
    }
    return form_page(request, form, context)


@once("person", "key")
def person_deactivate(request: MemberRequest, key: str) -> HttpResponse:
    """Close an account."""
    row = _person(request, key)
    form = DeactivateForm(sent(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        release = form.cleaned_data["release_nip"]
        if attempt(form, lambda: actions.deactivate_person(person=row, by=by, release_nip=release)):
            messages.success(request, f"Akun {row.name} dinonaktifkan.")
            return redirect("people")
    context = {
        "page_heading": f"Nonaktifkan akun {row.name}",
        "lead": (
            "Berlaku seketika: sesinya berakhir, ia tidak dapat masuk lagi, dan jabatannya berakhir hari ini. "
            "Semua yang pernah dikerjakannya tetap tercatat."
        ),
        "reasons": [] if form.is_bound else reasons_not_to_deactivate(row, request.reach.on),
        "submit_label": "Nonaktifkan akun",
        "submit_tone": "danger",
        "cancel_name": "person",
        "cancel_key": key,
        "section": "people",
        "tab": "people",
    }
    return form_page(request, form, context)


def position_list(request: MemberRequest) -> HttpResponse:
    """List the positions with their roles and who holds them now."""
    context = {"positions": positions(request.reach), "section": "people", "tab": "positions"}
    return render(request, "pages/agency/positions.html", context)


@once("positions")
def position_new(request: MemberRequest) -> HttpResponse:
    """Add a position."""
    form = PositionForm(sent(request), reach=request.reach, initial=typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        data = form.cleaned_data
        if attempt(form, lambda: actions.create_position(agency=request.reach.agency, by=by, **data)):
            messages.success(request, f"Jabatan “{data['title']}” ditambahkan. Tetapkan pejabatnya.")
            return redirect("positions")
    context = {"page_heading": "Tambah jabatan", "cancel_name": "positions", "section": "people", "tab": "positions"}
    return form_page(request, form, context)


def _position(request: MemberRequest, key: str) -> Position:
    """Return a position of the own agency, or 404."""
    return get_object_or_404(positions(request.reach), public_id=key)


@once("position", "key")
def position(request: MemberRequest, key: str) -> HttpResponse:
    """Show a position, change it, and show who held it."""
    row = _position(request, key)
    initial = {
        "title": row.title,
        "unit": row.unit.public_id if row.unit else None,
        "roles": [held.role for held in row.roles.all()],
    }
    form = PositionForm(sent(request), reach=request.reach, initial=initial | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: actions.change_position(position=row, by=by, **form.cleaned_data)):
            messages.success(request, "Perubahan jabatan tersimpan dan berlaku seketika.")
            return redirect("position", key=key)
    context = {
        "position": row,
        "appointments": appointments(request.reach, row),
        "on": request.reach.on,
        "history": told(request.reach, row.public_id),
        "section": "people",
        "tab": "positions",
    }
    return form_page(request, form, context, "pages/agency/position.html")


@once("position", "key")
def position_appoint(request: MemberRequest, key: str) -> HttpResponse:
    """Appoint somebody: Definitif, Plt. or Plh."""
    row = _position(request, key)
    initial = {"valid_from": request.reach.on, "person": request.GET.get("pegawai", "")[:16]}
    form = AppointForm(sent(request), reach=request.reach, initial=initial | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        data = form.cleaned_data
        if attempt(form, lambda: actions.appoint(position=row, by=by, **data)):
            messages.success(request, f"{data['person'].name} ditetapkan sebagai {row.title}.")
            for advice in advice_on_appointment(data["kind"], data["valid_from"], data["valid_to"]):
                messages.warning(request, str(advice))
            return redirect("position", key=key)
    context = {
        "page_heading": f"Tetapkan pejabat: {row.title}",
        "submit_label": "Tetapkan",
        "cancel_name": "position",
        "cancel_key": key,
        "section": "people",
        "tab": "positions",
    }
    return form_page(request, form, context)


@once("positions")
def position_close(request: MemberRequest, key: str) -> HttpResponse:
    """Close a position that nobody holds any more."""
    row = _position(request, key)
    form: forms.Form = CloseForm(sent(request))
    if request.method == "POST":
        by = actor_of(request, ADMIN)
        if attempt(form, lambda: actions.close_position(position=row, by=by)):
            messages.success(request, f"Jabatan “{row.title}” ditutup.")
            return redirect("positions")
    context = {
        "page_heading": f"Tutup jabatan {row.title}",
        "lead": "Jabatan tetap ada dalam riwayat, tetapi tidak dapat dipegang lagi.",
        "reasons": [] if form.is_bound else reasons_not_to_close_position(row, request.reach.on),
        "submit_label": "Tutup jabatan",
        "submit_tone": "danger",
        "cancel_name": "position",
        "cancel_key": key,
        "section": "people",
        "tab": "positions",
    }
    return form_page(request, form, context)


@once("positions")
def appointment_end(request: MemberRequest, key: str) -> HttpResponse:
    """End an appointment with its last day in office."""
    rows = Appointment.objects.filter(agency=request.reach.agency).select_related("position", "person", "agency")
    row = get_object_or_404(rows, public_id=key)
    form = LastDayForm(sent(request), initial={"last_day": request.reach.on} | typed_before(request))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request, ADMIN)
        last_day = form.cleaned_data["last_day"]
        if attempt(form, lambda: actions.end_appointment(appointment=row, last_day=last_day, by=by)):
            messages.success(request, f"Penetapan {row.person.name} diakhiri.")
            # ending the own last day of office yesterday closes these pages at once
            mine = reach(request.reach.person, request.reach.on)
            return redirect("position", key=row.position.public_id) if mine.has(ADMIN) else redirect("account")
    context = {
        "page_heading": f"Akhiri: {row.person.name} sebagai {row.position.title}",
        "lead": (
            "Hak yang melekat pada jabatan berlaku sampai akhir hari terakhir. "
            "Penetapan yang belum mulai ditarik kembali bila hari terakhirnya sebelum hari mulai."
        ),
        "submit_label": "Akhiri penetapan",
        "submit_tone": "danger",
        "cancel_name": "position",
        "cancel_key": row.position.public_id,
        "section": "people",
        "tab": "positions",
    }
    return form_page(request, form, context)
