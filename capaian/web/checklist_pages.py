"""The files of checklists."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from capaian.proceedings.queries import checklist_files
from capaian.web.document_pages import send_file
from capaian.web.pages import MemberRequest


def checklist_file(request: MemberRequest, key: str) -> HttpResponse:
    """Send a file that stands on a checklist."""
    return send_file(get_object_or_404(checklist_files(request.reach), public_id=key), inline=False)
