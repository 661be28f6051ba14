"""The inbox, the board of periods, the page of a run and what people do with a run."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from capaian.agencies.calendar_rules import FIRST_YEAR, LAST_YEAR
from capaian.agencies.models import Unit
from capaian.agencies.queries import gaps
from capaian.collection.follow_queries import my_calls
from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.periods.period import Period, periods_of_year
from capaian.planning.agreement_queries import promise_at, without_agreement
from capaian.reporting.board import board as year_board
from capaian.reporting.chart_pages import split_pages
from capaian.reporting.inbox import follow_up_inbox
from capaian.reporting.inbox import inbox as my_work
from capaian.reporting.overview import overview
from capaian.reporting.run_view import newer_version, run_view
from capaian.sop import actions, run_rules
from capaian.sop.models import Definition, Run, Step, Version
from capaian.sop.queries import definitions, runs, steps_of
from capaian.web.form_tokens import new_token, token_of
from capaian.web.pages import MemberRequest
from capaian.web.refusal_pages import typed_back
from capaian.web.run_forms import ScheduleForm
from capaian.web.step_forms import ReasonForm, ReturnForm


def inbox(request: MemberRequest) -> HttpResponse:
    """Show what this person must do now."""
    now = timezone.now()
    rows = my_work(request.reach, now)
    lacking = gaps(request.reach) if request.reach.has("agency_admin") else []
    context = {
        "rows": rows,
        "calls": my_calls(request.reach),
        "late": sum(row.late for row in rows),
        "gaps": lacking,
        "follow_ups": follow_up_inbox(request.reach),
        "overview": overview(request.reach, now),
    }
    return render(request, "pages/inbox.html", context)


def board(request: MemberRequest, year: int | None = None) -> HttpResponse:
    """Show every period of a year and where its SOPs stand."""
    now = timezone.now()
    shown = _with_calendar(request.reach.on.year if year is None else year)
    context = {
        "year": shown,
        "rows": year_board(request.reach, shown, now),
        "may_schedule": not run_rules.reasons_not_to_schedule(request.reach),
        "lacking": gaps(request.reach),
    }
    return render(request, "pages/board.html", context)


def _with_calendar(year: int) -> int:
    """Return a year of the working calendar; 404 for one outside it, which can have no run."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def schedule(request: MemberRequest, year: int) -> HttpResponse:
    """Schedule the periods of a year in one action."""
    _with_calendar(year)
    form = ScheduleForm(request.POST or None, year=year, on=request.reach.on)
    reasons = run_rules.reasons_not_to_schedule(request.reach)
    status = 200 if not reasons else 403
    if request.method == "POST" and form.is_valid() and not reasons:
        try:
            new = _schedule(request, form, year)
        except Replayed:
            return redirect("board_year", year=year)
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        else:
            messages.success(request, f"{len(new)} proses terjadwal. Yang tanggalnya sudah tiba langsung dibuka.")
            return redirect("board_year", year=year)
    elif request.method == "POST":
        status = 422
    context = {"form": form, "year": year, "reasons": reasons, "form_token": new_token(request), "section": "board"}
    return render(request, "pages/schedule.html", context, status=status)


def _schedule(request: MemberRequest, form: ScheduleForm, year: int) -> list[Run]:
    own: list[Definition] = list(definitions(request.reach))
    full = tuple(row for row in own if row.code == row.stands_for)
    short = tuple(row for row in own if row.code != row.stands_for)
    first = Period.parse(form.cleaned_data["first"])
    kinds = form.cleaned_data["kinds"]
    new = actions.schedule_year(
        agency=request.reach.agency,
        periods=[period for period in periods_of_year(year) if period.end >= first.end and period.kind.value in kinds],
        definitions={"month": short if form.cleaned_data["monthly"] == "short" else full, "quarter": full},
        by=request.reach.actor(token=token_of(request)),
        reach=request.reach,
    )
    actions.open_due_runs(agency=request.reach.agency)
    return new


def run(request: MemberRequest, key: str) -> HttpResponse:
    """Show a run: its live SOP table, what is open, its papers and history."""
    return _show(request, _run(request, key))


def _run(request: MemberRequest, key: str) -> Run:
    return get_object_or_404(runs(request.reach), public_id=key)


def _show(request: MemberRequest, shown: Run, refused: Refused | None = None, **forms: object) -> HttpResponse:
    view = run_view(shown, request.reach, timezone.now())
    decides = any(request.reach.has(role) for role in run_rules.DECIDERS)
    promise = promise_at(request.reach, shown.period_value)
    runs_on = shown.status in (Run.Status.SCHEDULED, Run.Status.OPEN)
    context = {
        "view": view,
        "run": shown,
        "chart": view.chart,
        "reasons": refused.reasons if refused else [],
        "promise": promise,
        "lacking": [without_agreement(shown.period_value)] if runs_on and promise is None else [],
        "form_token": new_token(request),
        "newer": newer_version(shown, request.reach),
        "may_open": shown.status == Run.Status.SCHEDULED and not run_rules.reasons_not_to_open(shown, request.reach),
        "may_cancel": decides and runs_on,
        "may_correct": decides and shown.status == Run.Status.DONE,
        "cancel_form": ReasonForm(label="Alasan pembatalan"),
        "correct_form": ReasonForm(label="Alasan perbaikan"),
        "section": "board",
        **forms,
    }
    if any(
        name in forms and not context[f"may_{name.removesuffix('_form')}"] for name in ("cancel_form", "correct_form")
    ):
        context |= typed_back(request)
    return render(request, "pages/run.html", context, status=refused.status if refused else 200)


def run_print(request: MemberRequest, key: str) -> HttpResponse:
    """Show the live SOP table for paper, with off-page connectors."""
    shown = _run(request, key)
    view = run_view(shown, request.reach, timezone.now())
    context = {"view": view, "run": shown, "chart": view.chart, "pages": split_pages(view.chart), "section": "board"}
    return render(request, "pages/run_print.html", context)


@require_POST
def run_open(request: MemberRequest, key: str) -> HttpResponse:
    """Open a scheduled run before its date."""
    shown = _run(request, key)
    try:
        actions.open_run(run=shown, by=request.reach.actor(token=token_of(request)), reach=request.reach)
    except Replayed:
        return redirect("run", key=key)
    except Refused as refused:
        return _show(request, _run(request, key), refused)
    messages.success(request, "Proses dibuka. Langkah pertamanya sudah masuk ke daftar pekerjaan pelaksananya.")
    return redirect("run", key=key)


@require_POST
def run_cancel(request: MemberRequest, key: str) -> HttpResponse:
    """Cancel a run with a reason."""
    shown = _run(request, key)
    form = ReasonForm(request.POST, label="Alasan pembatalan")
    form.is_valid()
    try:
        by = request.reach.actor(token=token_of(request))
        actions.cancel_run(run=shown, reason=form.cleaned_data.get("reason", ""), by=by, reach=request.reach)
    except Replayed:
        return redirect("run", key=key)
    except Refused as refused:
        return _show(request, _run(request, key), refused, cancel_form=form)
    messages.success(request, "Proses dibatalkan. Riwayat dan naskahnya tetap tersimpan.")
    return redirect("run", key=key)


@require_POST
def run_correct(request: MemberRequest, key: str) -> HttpResponse:
    """Open a correction of an archived run."""
    shown = _run(request, key)
    form = ReasonForm(request.POST, label="Alasan perbaikan")
    form.is_valid()
    try:
        by = request.reach.actor(token=token_of(request))
        new = actions.correct_run(run=shown, reason=form.cleaned_data.get("reason", ""), by=by, reach=request.reach)
    except Replayed:
        return redirect("run", key=key)
    except Refused as refused:
        return _show(request, _run(request, key), refused, correct_form=form)
    messages.success(request, "Proses perbaikan dibuka. Arsip yang lama tetap seperti semula.")
    return redirect("run", key=new.public_id)


@require_POST
def run_move(request: MemberRequest, key: str) -> HttpResponse:
    """Move an open run to the version of its SOP that is in force now."""
    shown = _run(request, key)
    version = get_object_or_404(Version, definition=shown.definition, state=Version.State.PUBLISHED)
    try:
        by = request.reach.actor(token=token_of(request))
        actions.move_run(run=shown, version=version, by=by, reach=request.reach)
    except Replayed:
        return redirect("run", key=key)
    except Refused as refused:
        return _show(request, _run(request, key), refused)
    messages.success(request, f"Proses berjalan menurut versi {version.number}.")
    return redirect("run", key=key)


def run_return(request: MemberRequest, key: str, step_key: str) -> HttpResponse:
    """Send work back from a step that is no decision: choose where to, which units, and say why."""
    shown = _run(request, key)
    step: Step = get_object_or_404(steps_of(shown.version), key=step_key)
    units: list[Unit] = [row.unit for row in shown.run_units.select_related("unit").order_by("unit_id")]
    form = ReturnForm(request.POST or None, step=step, units=units)
    reasons, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            by = request.reach.actor(token=token_of(request))
            actions.return_work(run=shown, step=step, answer=form.answer(), by=by, reach=request.reach)
        except Replayed:
            return redirect("run", key=key)
        except Refused as refused:
            reasons, status = refused.reasons, refused.status
        else:
            messages.success(request, "Pekerjaan dikembalikan. Pelaksananya melihat catatan Anda.")
            return redirect("run", key=key)
    elif request.method == "POST":
        status = 422
    context = {
        "run": shown,
        "step": step,
        "form": form,
        "reasons": reasons,
        "form_token": new_token(request),
        "section": "board",
    }
    return render(request, "pages/return.html", context, status=status)
