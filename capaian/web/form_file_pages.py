"""A unit's form taken along as a file, filled in offline, brought back and shown before anything is written."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from capaian.agencies.models import RoleKey, Unit
from capaian.collection import actions, import_rules, queries
from capaian.collection.import_actions import proposal_of, returned_of
from capaian.collection.import_proposal import FormProposal, sheets_of
from capaian.collection.models import FormImport
from capaian.collection.offline_files import form_book, form_csv
from capaian.collection.offline_marking import marked_book
from capaian.documents import store
from capaian.documents.store import Kept
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason
from capaian.measurement.table_files import CSV_TYPE
from capaian.sop import step_rules
from capaian.sop.models import Run, WorkItem
from capaian.sop.published import step_of
from capaian.sop.queries import runs
from capaian.web.downloads import attachment
from capaian.web.file_previews import show_or_apply, take
from capaian.web.form_parts import PlainForm, form_page, sent
from capaian.web.form_tokens import new_token, once, token_of
from capaian.web.pages import MemberRequest
from capaian.workbooks.problems import UnreadableTable
from capaian.workbooks.writing import MEDIA_TYPE

MINE = "mine"


class FormFile(PlainForm):
    """A filled-in file."""

    file = forms.FileField(
        label="Berkas yang sudah diisi (.xlsx atau .csv)",
        help_text="Semua perubahan diperlihatkan dahulu; belum ada yang ditulis.",
    )


def form_file(request: MemberRequest, key: str) -> HttpResponse:
    """Send a unit's form to be filled in as a file."""
    form = get_object_or_404(queries.forms(request.reach), public_id=key)
    return _file(request, form.round.run, form.unit, f"isian-{form.round.run.period}-{key}")


def run_forms_file(request: MemberRequest, key: str) -> HttpResponse:
    """Send the forms of all units of a run to be filled in as one file."""
    run = get_object_or_404(runs(request.reach), public_id=key)
    return _file(request, run, None, f"isian-{run.period}-semua-unit")


def _file(request: MemberRequest, run: Run, unit: Unit | None, name: str) -> HttpResponse:
    sheets = sheets_of(request.reach, run, unit)
    if not sheets:
        raise Http404
    if request.GET.get("bentuk") == "csv":
        return attachment(form_csv(sheets), CSV_TYPE, f"{name}.csv")
    return attachment(form_book(sheets), MEDIA_TYPE, f"{name}.xlsx")


@once("unit_form", "key")
def form_upload(request: MemberRequest, key: str) -> HttpResponse:
    """Take in a unit's filled-in file and go to its preview."""
    form = get_object_or_404(queries.forms(request.reach), public_id=key)
    back = reverse("unit_form", args=[key])
    return _take_in(request, form.round.run, form.unit, reverse("form_file", args=[key]), back)


@once("run_forms", "key")
def run_forms_upload(request: MemberRequest, key: str) -> HttpResponse:
    """Take in a filled-in file of all units and go to its preview."""
    run = get_object_or_404(runs(request.reach), public_id=key)
    back = reverse("run_forms", args=[key])
    return _take_in(request, run, None, reverse("run_forms_file", args=[key]), back)


def _take_in(request: MemberRequest, run: Run, unit: Unit | None, file_url: str, back: str) -> HttpResponse:
    form = FormFile(sent(request), request.FILES or None)

    def keep(kept: Kept) -> FormImport:
        by = _actor(request, run, unit)
        return actions.keep_import(run=run, unit=unit, kept=kept, by=by, reach=request.reach)

    if request.method == "POST" and (made := take(form, keep)) is not None:
        return redirect("form_import", key=made.public_id)
    context = {
        "run": run,
        "unit": unit,
        "file_url": file_url,
        "cancel_url": back,
        "submit_label": "Unggah dan lihat perubahannya",
        "section": "board",
        "reasons": import_rules.reasons_not_to_import(request.reach, run, unit),
    }
    return form_page(request, form, context, "pages/collection/form_upload.html")


def _item(run: Run, unit: Unit | None) -> WorkItem | None:
    item = queries.filling_items(run).get(unit.pk) if unit else None
    if item is not None:
        item.run = run
        item.step = step_of(item)
    return item


def _actor(request: MemberRequest, run: Run, unit: Unit | None) -> Actor:
    """Return who brings a file: as the one who fills the unit's form in, else as Tim SAKIP."""
    item, token = _item(run, unit), token_of(request)
    if item is not None and step_rules.may_work(item, request.reach):
        return step_rules.actor_for(request.reach, item, token)
    return request.reach.actor(role=RoleKey.TEAM, token=token)


@once("form_import", "key")
def form_import(request: MemberRequest, key: str) -> HttpResponse:
    """Show what a filled-in file would change; apply it as a whole."""
    row = get_object_or_404(queries.imports(request.reach), public_id=key)
    mine = [name for name, value in request.POST.items() if value == MINE]

    def apply(seen: str) -> int:
        by = _actor(request, row.run, row.unit)
        return actions.apply_import(upload=row, seen=seen, mine=mine, by=by, reach=request.reach)

    shown = show_or_apply(
        request,
        is_applied=row.applied_at is not None,
        apply=apply,
        propose=lambda: proposal_of(row, request.reach),
        nothing=FormProposal,
    )
    if shown.done is not None:
        where = " Periksa, lalu sampaikan formulirnya." if row.unit else ""
        messages.success(request, f"{shown.done} isian dari berkas tersimpan.{where}")
        return redirect(_after(row))
    proposal = shown.proposal
    may_apply = row.applied_at is None and bool(proposal.written or proposal.clashes)
    if row.applied_at is None and not shown.reasons and not may_apply:
        shown.reasons = _nothing(proposal)
    context = shown.context | {
        "workbook": row,
        "run": row.run,
        "unit": row.unit,
        "mine": mine,
        "may_apply": may_apply,
        "back_url": _back(row),
        "again_url": _again(row),
        "marked_url": reverse("form_import_marked", args=[key]) if proposal.parts else "",
        "form_token": new_token(request),
        "section": "board",
    }
    return render(request, "pages/collection/form_import.html", context, status=shown.status)


def _nothing(proposal: FormProposal) -> list[Reason]:
    if proposal.refusals:
        return []
    return import_rules.reasons_not_to_apply(changes=0, asked=0)


def _form_key(row: FormImport) -> str:
    form = queries.round_form(row.run, row.unit) if row.unit else None
    return form.public_id if form else ""


def _back(row: FormImport) -> str:
    key = _form_key(row)
    return reverse("unit_form", args=[key]) if key else reverse("run_forms", args=[row.run.public_id])


def _again(row: FormImport) -> str:
    key = _form_key(row)
    return reverse("form_upload", args=[key]) if key else reverse("run_forms_upload", args=[row.run.public_id])


def _after(row: FormImport) -> str:
    """Return where people go on: to the step in which the form is submitted."""
    item = _item(row.run, row.unit)
    open_ = item is not None and item.status == WorkItem.Status.OPEN
    return reverse("step", args=[item.public_id]) if item is not None and open_ else _back(row)


def form_import_marked(request: MemberRequest, key: str) -> HttpResponse:
    """Send a copy of a filled-in file in which the refused cells are red and say why."""
    row = get_object_or_404(queries.imports(request.reach), public_id=key)
    try:
        proposal = proposal_of(row, request.reach)
        path, name = store.path_of(row.file.key), row.file.original_name
        content = marked_book(path, name, returned_of(row), proposal)
    except UnreadableTable as unread:
        raise Http404 from unread
    return attachment(content, MEDIA_TYPE, f"isian-bertanda-{key}.xlsx")
