"""Bringing a plan's nodes, cards and targets in one workbook."""

from django import forms
from django.http import HttpResponse

from capaian.planning.models import Workbook
from capaian.planning.workbook_actions import apply_workbook, proposal_of, reasons_not_to_apply
from capaian.planning.workbook_proposal import Proposal
from capaian.planning.workbook_template import workbook_bytes
from capaian.web.form_parts import PlainForm
from capaian.web.form_tokens import once
from capaian.web.pages import MemberRequest
from capaian.web.plan_uploads import Upload, file_to_fill_in, show_or_apply, take_in


class WorkbookForm(PlainForm):
    """An uploaded workbook."""

    file = forms.FileField(
        label="Buku kerja (.xlsx)",
        help_text="Pakai contoh di atas. Sesudah diunggah, isinya diperlihatkan dahulu; belum ada yang ditulis.",
    )


def _told(_workbook: Workbook, done: Proposal) -> str:
    return f"Buku kerja diterapkan: {len(done.new_nodes)} butir baru, {len(done.written)} kartu ditulis."


WORKBOOK = Upload(
    kind=Workbook.Kind.PLAN,
    preview="workbook",
    year="planning_year",
    file_name="perencanaan",
    upload_form=WorkbookForm,
    new_template="pages/planning/workbook_new.html",
    template="pages/planning/workbook.html",
    content=workbook_bytes,
    nothing=Proposal,
    propose=proposal_of,
    reasons=reasons_not_to_apply,
    apply=apply_workbook,
    told=_told,
)


def workbook_template(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Send the workbook to fill in, with what is stored."""
    return file_to_fill_in(request, key, year, WORKBOOK)


@once("planning_year", "year")
def workbook_new(request: MemberRequest, key: str, year: int) -> HttpResponse:
    """Take a workbook in and go to its preview."""
    return take_in(request, key, year, WORKBOOK)


@once("workbook", "key")
def workbook(request: MemberRequest, key: str) -> HttpResponse:
    """Show what a kept workbook would change, every refused cell first; apply it as a whole."""
    return show_or_apply(request, key, WORKBOOK)
