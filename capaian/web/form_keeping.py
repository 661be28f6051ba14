"""Keeps a unit's form while it is typed, and tells what others have saved in it meanwhile."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from capaian.collection import actions, rules
from capaian.collection.form_queries import sheet
from capaian.collection.merging import Clash
from capaian.collection.sheets import Sheet
from capaian.journal.reason import Reason, Refused
from capaian.sop import step_rules
from capaian.sop.models import WorkItem
from capaian.sop.published import step_of
from capaian.sop.queries import items
from capaian.web.fill_forms import FillForm, cards_sent
from capaian.web.form_lines import FormLine, base_text, texts_of
from capaian.web.pages import MemberRequest
from capaian.web.works import may_save, work_page


def step_draft(request: MemberRequest, key: str) -> HttpResponse:
    """Keep the readable lines of a form and answer how they were read; asked by GET, tell what others have saved.

    The answer has the form's edition, the lines as they stand, the texts that could not be read, and the fields that
    somebody else has changed too. A line that was sent may come with others of its card.
    """
    item = get_object_or_404(items(request.reach), public_id=key)
    item.step = step_of(item)
    work = work_page(item)
    if request.method != "POST":
        return _newer(request, item if work.form is FillForm else None)
    if item.status == WorkItem.Status.OPEN and work.form is FillForm and may_save(work, item, request.reach):
        return _keep(request, item)
    reason = Reason("no_draft", "Langkah ini tidak menyimpan konsep Anda.", "Muat ulang halaman ini.")
    return _not_kept(Refused([reason]))


def _keep(request: MemberRequest, item: WorkItem) -> HttpResponse:
    form = FillForm(request.POST, item=item, reach=request.reach, sent_alone=True)
    form.is_valid()
    by = step_rules.actor_for(request.reach, item)
    try:
        saved = actions.merge_form(
            item=item, entry=form.entry(), edition=form.edition, by=by, reach=request.reach, seen=form.sheet
        )
    except Refused as refused:
        return _not_kept(refused)
    stands = _sheet(request, item, None if saved.others_saved else cards_sent(request.POST))
    unread = {one.name: one.error for line in form.lines for one in line.all_controls if one.error}
    lines = {(line.line.card.pk, line.line.period.code): line for line in form.lines}
    clashes = [_clash(lines[each.card_id, each.period], each) for each in saved.clashes]
    return JsonResponse(_told(stands) | {"unread": unread, "clashes": clashes})


def _newer(request: MemberRequest, item: WorkItem | None) -> HttpResponse:
    """Answer with the form's edition and, where the page knows another one, with the whole form."""
    stands = _sheet(request, item, None) if item else None
    known = request.GET.get("edition")
    if stands is None or known in {None, str(stands.edition)}:
        return JsonResponse({"edition": stands.edition if stands else 0})
    return JsonResponse(_told(stands) | {"unread": {}, "clashes": []})


def _sheet(request: MemberRequest, item: WorkItem, only: set[str] | None) -> Sheet:
    if item.unit is None:
        raise ValueError("a form is filled in by a unit")
    return sheet(request.reach, item.run, item.unit, only)


def _told(stands: Sheet) -> dict[str, Any]:
    form = stands.form
    who = form.saved_by.name if form and form.saved_by else ""
    lines = {line.key: _line(FormLine(line)) for line in stands.open_lines}
    return {"edition": stands.edition, "at": f"{timezone.localtime(timezone.now()):%H.%M}", "by": who, "lines": lines}


def _line(one: FormLine) -> dict[str, object]:
    return {
        "base": base_text(texts_of(one.line)),
        "saved": one.saved_text,
        "result": one.result,
        "warnings": one.warnings,
    }


def _clash(line: FormLine, found: Clash) -> dict[str, str]:
    shown = rules.shown_content(line.line, found, found.stands)
    return {"name": line.field_name(found.field), "by": found.by, "stands": shown}


def _not_kept(refused: Refused) -> JsonResponse:
    reasons: Sequence[Reason] = refused.reasons
    return JsonResponse({"reasons": [str(reason) for reason in reasons]}, status=refused.status)
