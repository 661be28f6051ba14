"""Pages of the collection: a unit's form, its receipt, its evidence, who has not filled in, what it makes together."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from capaian.collection import (
    actions,
    form_queries,
    import_rules,
    queries,
    recapitulation,
    rules,
    submissions,
    workbook,
)
from capaian.collection.models import Recapitulation, UnitForm
from capaian.collection.proofs import lay_twins
from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.sop.models import Run, WorkItem
from capaian.sop.queries import runs
from capaian.web.document_pages import send_file
from capaian.web.form_tokens import new_token, token_of
from capaian.web.pages import MemberRequest
from capaian.web.step_pages import issue_now
from capaian.workbooks.writing import MEDIA_TYPE


def _form(request: MemberRequest, key: str) -> UnitForm:
    return get_object_or_404(queries.forms(request.reach), public_id=key)


def unit_form(request: MemberRequest, key: str) -> HttpResponse:
    """Show a unit's form as it stands: to its unit, to who prepared it, to who decides on it."""
    return _show(request, _form(request, key))


def _show(request: MemberRequest, form: UnitForm, refused: Refused | None = None) -> HttpResponse:
    run = form.round.run
    item = queries.filling_items(run).get(form.unit_id)
    sheet = form_queries.sheet(request.reach, run, form.unit)
    lay_twins(request.reach, [proof for line in sheet.lines if line.actual for proof in line.actual.evidence.all()])
    context = {
        "form": form,
        "run": run,
        "item": item,
        "sheet": sheet,
        "blocks": [(block, [(line, rules.warnings(line)) for line in block.lines]) for block in sheet.blocks],
        "state": rules.state_of(form, item, accepted=queries.stands_accepted(run)),
        "may_receive": form.received_at is None and not rules.reasons_not_to_receive(form, request.reach),
        "may_upload": import_rules.may_bring(request.reach, run, form.unit, item),
        "told": submissions.history_of(form),
        "is_team": request.reach.has("team"),
        "reasons": refused.reasons if refused else [],
        "form_token": new_token(request),
        "section": "board",
    }
    return render(request, "pages/collection/unit_form.html", context, status=refused.status if refused else 200)


def form_xlsx(request: MemberRequest, key: str) -> HttpResponse:
    """Send a unit's form as a workbook."""
    form = _form(request, key)
    sheet = form_queries.sheet(request.reach, form.round.run, form.unit)
    return _workbook(workbook.form_workbook(sheet), f"formulir-{form.round.run.period}-{form.public_id}")


def run_recapitulation_xlsx(request: MemberRequest, key: str) -> HttpResponse:
    """Send the recapitulation that its page shows as a workbook."""
    run = _run(request, key)
    frozen, content = _recapitulated(request, run)
    body = workbook.recapitulation_workbook(run, content, frozen.digest if frozen else "")
    return _workbook(body, f"rekapitulasi-{run.period}-{run.public_id}")


def _workbook(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=MEDIA_TYPE, headers=headers)


@require_POST
def form_receive(request: MemberRequest, key: str) -> HttpResponse:
    """Note that the unit has received its form; the receipt's line gets name and time."""
    form = _form(request, key)
    item = queries.filling_items(form.round.run).get(form.unit_id)
    place = redirect("step", key=item.public_id) if item and item.status == WorkItem.Status.OPEN else None
    try:
        by = request.reach.actor(unit_id=form.unit_id, token=token_of(request))
        done = actions.acknowledge_form(form=form, by=by, reach=request.reach)
    except Replayed:
        return place or redirect("unit_form", key=key)
    except Refused as refused:
        return _show(request, _form(request, key), refused)
    if done.receipt is not None:
        issue_now(request, [done.receipt])
    messages.success(request, "Penerimaan formulir tercatat atas nama Anda; tanda terimanya terbit.")
    return place or redirect("unit_form", key=key)


def evidence(request: MemberRequest, key: str) -> HttpResponse:
    """Send a file that proves an actual."""
    proof = get_object_or_404(queries.evidence(request.reach), public_id=key)
    if proof.file is None:
        raise Http404
    return send_file(proof.file, inline=False)


def _run(request: MemberRequest, key: str) -> Run:
    return get_object_or_404(runs(request.reach), public_id=key)


def run_recapitulation(request: MemberRequest, key: str) -> HttpResponse:
    """Show the newest frozen recapitulation of a run, else what its forms say now."""
    run = _run(request, key)
    frozen, content = _recapitulated(request, run)
    before = queries.previous_recapitulation(request.reach, frozen.item) if frozen else None
    context = {
        "run": run,
        "frozen": frozen,
        "content": content,
        "differences": recapitulation.differences(before, content),
        "section": "board",
    }
    return render(request, "pages/collection/recapitulation.html", context)


def _recapitulated(request: MemberRequest, run: Run) -> tuple[Recapitulation | None, recapitulation.Content]:
    """Return what was frozen last, and its content; what the forms say now where nothing was."""
    frozen = queries.recapitulations(request.reach).filter(item__run=run).select_related("computed_by").first()
    return frozen, frozen.content if frozen else recapitulation.content_of(request.reach, run)
