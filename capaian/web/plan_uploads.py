"""Files that people bring into a plan: the file to fill in, the upload, everything shown, then applied as a whole."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.agencies.queries import Reach
from capaian.documents.store import Kept
from capaian.journal.reason import Reason, refuse_if
from capaian.planning.models import Plan, Workbook
from capaian.planning.queries import plans, workbooks
from capaian.planning.rules import outside_plan
from capaian.planning.workbook_actions import keep_workbook
from capaian.web import file_previews
from capaian.web.file_previews import take
from capaian.web.form_parts import PlainForm, form_page, sent
from capaian.web.form_tokens import new_token
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import planner

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Upload:
    """A kind of file: the names of its pages, its templates, and the planning's functions behind them."""

    kind: Workbook.Kind
    preview: str
    year: str
    file_name: str
    upload_form: type[PlainForm]
    new_template: str
    template: str
    content: Callable[[Reach, Plan, int], bytes]
    nothing: Callable[[], Any]
    propose: Callable[[Workbook], Any]
    reasons: Callable[[Any], list[Reason]]
    apply: Callable[..., Any]
    told: Callable[[Workbook, Any], str]


def _plan(request: MemberRequest, key: str) -> Plan:
    return get_object_or_404(plans(request.reach).select_related("agency"), public_id=key)


def file_to_fill_in(request: MemberRequest, key: str, year: int, upload: Upload) -> HttpResponse:
    """Send the file to fill in, with what is stored."""
    plan = _plan(request, key)
    if not plan.first_year <= year <= plan.last_year:
        raise Http404
    answer = HttpResponse(upload.content(request.reach, plan, year), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{upload.file_name}-{year}.xlsx"'
    return answer


def take_in(request: MemberRequest, key: str, year: int, upload: Upload) -> HttpResponse:
    """Take a file in and go to its preview."""
    plan = _plan(request, key)
    form = upload.upload_form(sent(request), request.FILES or None)
    context = {
        "plan": plan,
        "year": year,
        "cancel_url": reverse(upload.year, args=[year]),
        "submit_label": "Unggah dan lihat isinya",
        "section": "planning",
    }

    def keep(kept: Kept) -> Workbook:
        refuse_if([] if plan.first_year <= year <= plan.last_year else [outside_plan(plan, year)])
        return keep_workbook(plan=plan, year=year, kept=kept, by=planner(request), kind=upload.kind)

    if request.method == "POST" and (made := take(form, keep)) is not None:
        return redirect(upload.preview, key=made.public_id)
    return form_page(request, form, context, upload.new_template)


def show_or_apply(request: MemberRequest, key: str, upload: Upload) -> HttpResponse:
    """Show what a kept file would change, every refused cell first; apply it as a whole."""
    row = get_object_or_404(workbooks(request.reach, upload.kind), public_id=key)
    shown = file_previews.show_or_apply(
        request,
        is_applied=row.applied_at is not None,
        apply=lambda seen: upload.apply(workbook=row, seen=seen, by=planner(request)),
        propose=lambda: upload.propose(row),
        nothing=upload.nothing,
    )
    if shown.done is not None:
        messages.success(request, upload.told(row, shown.done))
        return redirect(upload.year, year=row.year)
    against = upload.reasons(shown.proposal)
    if row.applied_at is None and not shown.reasons:
        shown.reasons = [each for each in against if each.code == "nothing_new"]
    context = shown.context | {
        "workbook": row,
        "may_apply": row.applied_at is None and not against,
        "form_token": new_token(request),
        "section": "planning",
    }
    return render(request, upload.template, context, status=shown.status)
