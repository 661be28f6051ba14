"""The page of a follow-up: what is to be done, where it came from, and marking it done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from capaian.journal.reason import Refused, refuse_if
from capaian.journal.rules import Replayed
from capaian.proceedings import actions, rules
from capaian.proceedings.models import FollowUp
from capaian.proceedings.queries import follow_ups
from capaian.web.document_pages import send_file
from capaian.web.form_tokens import new_token, token_of
from capaian.web.pages import MemberRequest
from capaian.web.step_forms import note_field
from capaian.web.uploads import keep_files


class FinishForm(forms.Form):
    """What was done, with a file as evidence."""

    use_required_attribute = False
    note = note_field("Hasil tindak lanjut", required=True)
    evidence = forms.FileField(
        label="Berkas bukti",
        required=False,
        help_text="PDF, gambar, Excel, Word, atau CSV; paling besar 10 MB.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].error_messages["required"] = "Tulis apa yang sudah dilakukan."


def _follow_up(request: MemberRequest, key: str) -> FollowUp:
    return get_object_or_404(follow_ups(request.reach), public_id=key)


def follow_up(request: MemberRequest, key: str) -> HttpResponse:
    """Show a follow-up."""
    return _show(request, _follow_up(request, key), FinishForm())


def _show(request: MemberRequest, shown: FollowUp, form: FinishForm, refused: Refused | None = None) -> HttpResponse:
    context = {
        "follow_up": shown,
        "form": form,
        "may_finish": shown.state == FollowUp.State.OPEN and rules.may_finish(shown, request.reach),
        "late": bool(shown.state == FollowUp.State.OPEN and shown.due and shown.due < request.reach.on),
        "reasons": refused.reasons if refused else [],
        "form_token": new_token(request),
        "section": "inbox",
    }
    status = refused.status if refused else 422 if form.is_bound and form.errors else 200
    return render(request, "pages/follow_up.html", context, status=status)


@require_POST
def follow_up_finish(request: MemberRequest, key: str) -> HttpResponse:
    """Mark a follow-up done."""
    shown = _follow_up(request, key)
    form = FinishForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, shown, form)
    note, file = form.cleaned_data["note"], form.cleaned_data.get("evidence")
    try:
        by = request.reach.actor(token=token_of(request))
        if shown.state == FollowUp.State.OPEN:  # a file of somebody who may not is never written
            refuse_if(rules.reasons_not_to_finish_follow_up(shown, request.reach, note))
        kept = keep_files([file])[0] if file and shown.state == FollowUp.State.OPEN else None
        actions.finish_follow_up(follow_up=shown, note=note, evidence=kept, by=by, reach=request.reach)
    except Replayed:
        return redirect("follow_up", key=key)
    except Refused as refused:
        return _show(request, _follow_up(request, key), form, refused)
    messages.success(request, "Tindak lanjut tercatat selesai.")
    return redirect("follow_up", key=key)


def follow_up_file(request: MemberRequest, key: str) -> HttpResponse:
    """Send the evidence of a follow-up."""
    shown = _follow_up(request, key)
    if shown.evidence is None:
        raise Http404
    return send_file(shown.evidence, inline=False)
