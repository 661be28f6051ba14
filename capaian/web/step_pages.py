"""The page of a step and what people do there: complete, hand over, attach, waive, reassign."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from capaian.agencies.models import Person
from capaian.collection.submissions import receipts_to_issue
from capaian.documents import actions as documents
from capaian.documents.models import Document
from capaian.journal.reason import Reason, Refused, refuse_if
from capaian.journal.rules import Replayed
from capaian.proceedings.queries import joined_items
from capaian.reporting.step_view import StepView, eligible, step_view
from capaian.sop import actions, step_rules
from capaian.sop.models import Work, WorkItem
from capaian.sop.papers import papers_of, pending
from capaian.sop.published import step_of
from capaian.sop.queries import items
from capaian.web.form_tokens import new_token, token_of
from capaian.web.pages import MemberRequest
from capaian.web.refusal_pages import typed_back
from capaian.web.step_forms import AttachForm, HandOverForm, ReasonForm, ReassignForm
from capaian.web.typed_text import Typed, typed_before
from capaian.web.uploads import keep_files
from capaian.web.work_page import WorkPage
from capaian.web.works import may_save, work_page

log = logging.getLogger(__name__)
Forms = dict[str, forms.Form]


def _item(request: MemberRequest, key: str) -> WorkItem:
    item = get_object_or_404(items(request.reach), public_id=key)
    item.step = step_of(item)
    return item


def step(request: MemberRequest, key: str) -> HttpResponse:
    """Show a step: what it needs, how long it may take, what it leaves, what to do."""
    return show(request, _item(request, key))


def show(
    request: MemberRequest, item: WorkItem, filled: Forms | None = None, refused: Refused | None = None
) -> HttpResponse:
    """Render the page of a step, with the forms that this person may use; refused forms keep what was typed."""
    view = step_view(item, request.reach, timezone.now())
    work = work_page(item)
    is_saver = may_save(work, item, request.reach)
    typed = typed_before(request)
    given = {**_empty_forms(item, view.eligible, typed), **(filled or {})}
    if "answer" not in given and (view.task == "complete" or is_saver):
        given["answer"] = work.form(item=item, reach=request.reach, initial=typed)
    context = {
        "view": view,
        "item": item,
        "forms": given,
        "work_part": work.part,
        "may_save": is_saver,
        "reasons": refused.reasons if refused else [],
        "form_token": new_token(request),
        "section": "inbox",
    }
    if any(name not in _forms_shown(view) for name in filled or {}):
        context |= typed_back(request)
    return render(request, "pages/step.html", context, status=refused.status if refused else 200)


def _forms_shown(view: StepView) -> set[str]:
    """Return the forms that the page has now: somebody may have been faster."""
    doing = {"complete": {"answer"}, "hand_over": {"hand_over"}}.get(view.task, set())
    if view.item.status != WorkItem.Status.OPEN:
        return doing
    more = {"attach": view.may_attach, "waive": view.may_waive, "reassign": view.may_reassign}
    return doing | {name for name, is_shown in more.items() if is_shown}


def _empty_forms(item: WorkItem, eligible: Iterable[Person], typed: Typed) -> Forms:
    return {
        "hand_over": HandOverForm(initial=typed),
        "attach": AttachForm(),
        "waive": ReasonForm(label="Alasan pengecualian", initial=typed),
        "reassign": ReassignForm(
            people=list(eligible), initial={"assignee": item.assignee.public_id if item.assignee else ""}
        ),
    }


def _attach(request: MemberRequest, item: WorkItem, files: "Iterable[UploadedFile[Any]]") -> None:
    """Keep files before anything else is tried: a refusal later must not lose them. The same file counts once."""
    have = set(item.attachments.values_list("file__sha256", flat=True))
    by = step_rules.actor_for(request.reach, item)
    for kept in keep_files(files):
        if kept.sha256 not in have:
            actions.attach_file(item=item, file=kept, by=by, reach=request.reach)
            have.add(kept.sha256)


def issue_now(request: MemberRequest, found: Iterable[Document]) -> None:
    """Make the PDFs of just reserved papers; what fails is tried again in the background."""
    for document in found:
        try:
            documents.issue(document)
        except Exception:  # the step is done and stays done; the ticker retries the paper
            log.exception("paper %s could not be made yet", document.public_id)
            messages.warning(request, f"Naskah {document.title} sedang dibuat. Muat ulang halaman ini sebentar lagi.")


@require_POST
def step_complete(request: MemberRequest, key: str) -> HttpResponse:
    """Complete a step with the person's answer."""
    item = _item(request, key)
    work = work_page(item)
    form = work.form(request.POST, request.FILES, item=item, reach=request.reach)
    if not form.is_valid() and not work.keeps_readable:
        return _invalid(request, item, "answer", form)
    try:
        if not form.is_valid():
            return _keep_readable(request, item, work, form)
        if item.status == WorkItem.Status.OPEN:
            _attach(request, item, form.cleaned_data["uploads"])
        if "draft" in request.POST and work.keep_draft is not None:
            return _save(request, item, work, form)
        if item.step.work == Work.ARCHIVE:
            issue_now(request, pending(papers_of(item.run)))
        by = step_rules.actor_for(request.reach, item, token_of(request))
        done = work.complete(item, form, by, request.reach)
    except Replayed:
        return redirect("step", key=item.public_id)
    except Refused as refused:
        form.take_newest()
        return show(request, _item(request, key), {"answer": form}, refused)
    for closed in (done, *joined_items(done)):
        issue_now(request, [paper.document for paper in closed.papers.select_related("document")])
        issue_now(request, receipts_to_issue(closed.pk))
    messages.success(request, f"Langkah {done.step.ordinal} tercatat selesai.")
    return redirect("step", key=done.public_id)


def _save(request: MemberRequest, item: WorkItem, work: WorkPage, form: Any) -> HttpResponse:
    """Keep a draft; whoever asked for more rows lands on them."""
    if work.keep_draft is not None:
        work.keep_draft(item, form, step_rules.actor_for(request.reach, item, token_of(request)), request.reach)
    messages.success(request, "Konsep tersimpan. Langkah ini belum diselesaikan.")
    place = reverse("step", kwargs={"key": item.public_id})
    return redirect(f"{place}#baris" if request.POST["draft"] == "rows" else place)


def _keep_readable(request: MemberRequest, item: WorkItem, work: WorkPage, form: Any) -> HttpResponse:
    """Keep what can be read of a form; what cannot stays on the page as it was typed."""
    if work.keep_draft is not None:
        work.keep_draft(item, form, step_rules.actor_for(request.reach, item, token_of(request)), request.reach)
        messages.info(request, "Isian yang terbaca sudah tersimpan; yang bertanda merah belum.")
    form.take_newest()
    return _invalid(request, item, "answer", form)


def _invalid(request: MemberRequest, item: WorkItem, name: str, form: forms.Form) -> HttpResponse:
    response = show(request, item, {name: form})
    response.status_code = 422
    return response


@require_POST
def step_hand_over(request: MemberRequest, key: str) -> HttpResponse:
    """Hand the report to the one who completes the step."""
    item = _item(request, key)
    form = HandOverForm(request.POST, request.FILES)
    if not form.is_valid():
        return _invalid(request, item, "hand_over", form)
    try:
        if item.status == WorkItem.Status.OPEN:
            _attach(request, item, form.cleaned_data["uploads"])
        by = step_rules.performer_for(request.reach, item, token_of(request))
        actions.hand_over(item=item, note=form.cleaned_data["note"], by=by, reach=request.reach)
    except Replayed:
        return redirect("step", key=item.public_id)
    except Refused as refused:
        return show(request, _item(request, key), {"hand_over": form}, refused)
    messages.success(request, "Laporan sudah disampaikan. Kepala menerimanya dalam daftar pekerjaannya.")
    return redirect("step", key=item.public_id)


def _reasons_not_to_attach(
    request: MemberRequest, item: WorkItem, files: "Sequence[UploadedFile[Any]]"
) -> Sequence[Reason]:
    if item.status != WorkItem.Status.OPEN:
        raise step_rules.already_closed(item)
    if reasons := step_rules.reasons_not_to_attach(item, request.reach):
        return reasons
    nothing = Reason("no_file", "Berkas belum dipilih.", "Pilih berkas, lalu lampirkan.", "uploads")
    return [] if files else [nothing]


@require_POST
def step_attach(request: MemberRequest, key: str) -> HttpResponse:
    """Add files to an open step."""
    item = _item(request, key)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return _invalid(request, item, "attach", form)
    try:
        # asked here too: a file that hangs on the step already never reaches the action
        refuse_if(_reasons_not_to_attach(request, item, form.cleaned_data["uploads"]))
        _attach(request, item, form.cleaned_data["uploads"])
    except Refused as refused:
        return show(request, item, {"attach": form}, refused)
    messages.success(request, "Berkas tersimpan.")
    return redirect("step", key=item.public_id)


@require_POST
def step_waive(request: MemberRequest, key: str) -> HttpResponse:
    """Let the run go on without this unit."""
    item = _item(request, key)
    form = ReasonForm(request.POST, label="Alasan pengecualian")
    form.is_valid()
    try:
        by = request.reach.actor(token=token_of(request))
        actions.waive_unit(item=item, reason=form.cleaned_data.get("reason", ""), by=by, reach=request.reach)
    except Replayed:
        return redirect("run", key=item.run.public_id)
    except Refused as refused:
        return show(request, _item(request, key), {"waive": form}, refused)
    messages.success(request, f"{item.unit} dikecualikan dari langkah {item.step.ordinal}.")
    return redirect("run", key=item.run.public_id)


@require_POST
def step_reassign(request: MemberRequest, key: str) -> HttpResponse:
    """Give an open step to one person, or back to all who may complete it."""
    item = _item(request, key)
    people = eligible(item, request.reach)
    form = ReassignForm(request.POST, people=people)
    if not form.is_valid():
        return _invalid(request, item, "reassign", form)
    chosen = next((person for person in people if person.public_id == form.cleaned_data["assignee"]), None)
    try:
        by = request.reach.actor(token=token_of(request))
        actions.reassign_item(item=item, assignee=chosen, by=by, reach=request.reach)
    except Replayed:
        return redirect("step", key=item.public_id)
    except Refused as refused:
        return show(request, _item(request, key), {"reassign": form}, refused)
    messages.success(request, f"Langkah ini ditugaskan kepada {chosen.name if chosen else 'semua yang berwenang'}.")
    return redirect("step", key=item.public_id)
