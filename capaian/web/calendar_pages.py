"""The working calendar: days, office hours, Ramadan. Every change moves the deadlines of open work."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from capaian.agencies import actions
from capaian.agencies.calendar_queries import hours_shown, own_day, own_ramadan, ramadan_shown, year_days
from capaian.agencies.calendar_rules import FIRST_YEAR, LAST_YEAR, WEEKDAYS
from capaian.agencies.models import Agency, WorkDay
from capaian.journal.actor import Actor
from capaian.sop.deadline_actions import lock_open_runs, recompute_deadlines
from capaian.web.calendar_forms import DayForm, HoursForm, RamadanForm
from capaian.web.form_parts import attempt, form_page, sent
from capaian.web.form_tokens import actor_of, once
from capaian.web.pages import MemberRequest
from capaian.web.people_forms import CloseForm
from capaian.web.typed_text import typed_before

ADMIN = "agency_admin"


def after_calendar_change(agency: Agency) -> int:
    """Move the deadlines of open work to the changed calendar; return how many moved."""
    return recompute_deadlines(agency=agency)


def change(request: MemberRequest, form: forms.Form, act: Callable[[Actor], object]) -> bool:
    """Change the calendar and move deadlines in one transaction; tell whether it was done, and how many moved."""
    by = actor_of(request, ADMIN)
    moved = 0

    def both() -> None:
        nonlocal moved
        with transaction.atomic():
            lock_open_runs(agency=request.reach.agency)
            act(by)
            moved = after_calendar_change(request.reach.agency)

    if not attempt(form, both):
        return False
    told = f"{moved} tenggat pekerjaan terbuka disesuaikan." if moved else "Tidak ada tenggat yang berubah."
    messages.success(request, f"Kalender tersimpan. {told}")
    return True


def calendar(request: MemberRequest, year: int | None = None) -> HttpResponse:
    """Show a year: days that differ, office hours, Ramadan."""
    shown = request.reach.on.year if year is None else year
    if not FIRST_YEAR <= shown <= LAST_YEAR:
        raise Http404
    days = year_days(request.reach, shown)
    context = {
        "year": shown,
        "years": range(max(FIRST_YEAR, request.reach.on.year - 2), request.reach.on.year + 3),
        "days": days,
        "no_joint_leave": not any(day.row.kind == WorkDay.Kind.JOINT_LEAVE for day in days),
        "hours": hours_shown(request.reach),
        "ramadan": [row for row in ramadan_shown(request.reach) if shown in (row.first_day.year, row.last_day.year)],
        "section": "calendar",
    }
    return render(request, "pages/agency/calendar.html", context)


@once("calendar")
def day(request: MemberRequest) -> HttpResponse:
    """Add or change what a date is for the own agency."""
    chosen = read_day(request.GET.get("tanggal", ""))
    row = own_day(request.reach, chosen) if chosen else None
    initial: dict[str, object] = {"date": chosen, "kind": WorkDay.Kind.HOLIDAY}
    if row is not None:
        names = ("date", "kind", "name", "decree", "estimated")
        initial = {name: getattr(row, name) for name in names}
    form = DayForm(sent(request), initial=initial | typed_before(request))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        on = data.pop("date")
        agency = request.reach.agency
        if change(request, form, lambda by: actions.put_work_day(agency=agency, day=on, by=by, **data)):
            return redirect("calendar_year", year=on.year)
    context = {
        "page_heading": "Ubah hari" if row else "Tambah hari",
        "lead": (
            "Berlaku hanya untuk perangkat daerah Anda dan menggantikan kalender nasional pada tanggal itu. "
            "Hari kerja khusus membuat tanggal libur menjadi hari kerja."
        ),
        "cancel_name": "calendar",
        "section": "calendar",
    }
    return form_page(request, form, context)


def read_day(text: str) -> date | None:
    """Return the date of an address, or nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_or_404(text: str) -> date:
    """Return the date of an address, or 404."""
    found = read_day(text)
    if found is None:
        raise Http404
    return found


@once("calendar")
def day_remove(request: MemberRequest, day: str) -> HttpResponse:
    """Take the own row of a date away."""
    on = _day_or_404(day)
    row = own_day(request.reach, on)
    if row is None:
        raise Http404
    form = CloseForm(sent(request))
    agency = request.reach.agency
    if request.method == "POST" and change(
        request, form, lambda by: actions.remove_work_day(agency=agency, day=on, by=by)
    ):
        return redirect("calendar_year", year=on.year)
    context = {
        "page_heading": f"Hapus “{row.name}”",
        "lead": "Sesudah ini kalender nasional berlaku lagi pada tanggal itu.",
        "submit_label": "Hapus",
        "submit_tone": "danger",
        "cancel_name": "calendar",
        "section": "calendar",
    }
    return form_page(request, form, context)


def _weekday_or_404(weekday: int, ramadan: int) -> bool:
    """Return whether an address means Ramadan hours; 404 for a weekday that does not exist."""
    if weekday >= len(WEEKDAYS) or ramadan > 1:
        raise Http404
    return bool(ramadan)


@once("calendar")
def hours(request: MemberRequest, weekday: int, ramadan: int) -> HttpResponse:
    """Set the office hours of a weekday from a date on."""
    fasting = _weekday_or_404(weekday, ramadan)
    now = [row for row in hours_shown(request.reach) if (row.weekday, row.ramadan) == (weekday, fasting)]
    initial = {"valid_from": request.reach.on, "spans": now[0].typed if now else ""}
    form = HoursForm(sent(request), initial=initial | typed_before(request))
    agency = request.reach.agency
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if change(
            request,
            form,
            lambda by: actions.put_work_hours(agency=agency, weekday=weekday, ramadan=fasting, by=by, **data),
        ):
            return redirect("calendar")
    context = {
        "page_heading": f"Jam kerja {WEEKDAYS[weekday]}{' selama Ramadan' if fasting else ''}",
        "lead": "Perpres 21/2023: 37 jam 30 menit seminggu, selama Ramadan 32 jam 30 menit, tanpa istirahat.",
        "cancel_name": "calendar",
        "section": "calendar",
    }
    return form_page(request, form, context)


@once("calendar")
def hours_drop(request: MemberRequest, weekday: int, ramadan: int) -> HttpResponse:
    """Go back to the national office hours of a weekday."""
    fasting = _weekday_or_404(weekday, ramadan)
    form = CloseForm(sent(request))
    agency = request.reach.agency
    if request.method == "POST" and change(
        request,
        form,
        lambda by: actions.drop_work_hours(agency=agency, weekday=weekday, ramadan=fasting, by=by),
    ):
        return redirect("calendar")
    context = {
        "page_heading": f"Kembali ke jam kerja nasional: {WEEKDAYS[weekday]}",
        "lead": "Jam kerja yang ditetapkan sendiri untuk hari itu dihapus.",
        "submit_label": "Pakai jam nasional",
        "cancel_name": "calendar",
        "section": "calendar",
    }
    return form_page(request, form, context)


@once("calendar")
def ramadan(request: MemberRequest) -> HttpResponse:
    """Set a Ramadan's first and last day for the own agency."""
    chosen = read_day(request.GET.get("mulai", ""))
    row = next((row for row in ramadan_shown(request.reach) if row.first_day == chosen), None)
    initial: dict[str, object] = {"estimated": True}
    if row is not None:
        initial = {"first_day": row.first_day, "last_day": row.last_day, "estimated": row.estimated}
    form = RamadanForm(sent(request), initial=initial | typed_before(request))
    agency = request.reach.agency
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if change(request, form, lambda by: actions.put_ramadan_dates(agency=agency, by=by, **data)):
            return redirect("calendar_year", year=data["first_day"].year)
    context = {
        "page_heading": "Tanggal Ramadan",
        "lead": "Selama Ramadan berlaku jam kerja Ramadan. Tanggal bawaan adalah perkiraan sampai sidang isbat.",
        "cancel_name": "calendar",
        "section": "calendar",
    }
    return form_page(request, form, context)


@once("calendar")
def ramadan_remove(request: MemberRequest, day: str) -> HttpResponse:
    """Go back to the national dates of a Ramadan."""
    first = _day_or_404(day)
    if own_ramadan(request.reach, first) is None:
        raise Http404
    form = CloseForm(sent(request))
    agency = request.reach.agency
    if request.method == "POST" and change(
        request, form, lambda by: actions.remove_ramadan_dates(agency=agency, first_day=first, by=by)
    ):
        return redirect("calendar_year", year=first.year)
    context = {
        "page_heading": "Kembali ke tanggal Ramadan nasional",
        "lead": "Tanggal yang ditetapkan sendiri dihapus.",
        "submit_label": "Pakai tanggal nasional",
        "cancel_name": "calendar",
        "section": "calendar",
    }
    return form_page(request, form, context)
