"""The invitation to a meeting, made from its saved draft."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from capaian.documents.render import render
from capaian.journal.reason import refuse_if
from capaian.proceedings.invitation_papers import LAYOUT, invitation, reasons_not_to_invite
from capaian.proceedings.models import Meeting
from capaian.sop.models import Work
from capaian.sop.published import step_of
from capaian.sop.queries import items
from capaian.web.pages import MemberRequest


def step_invitation(request: MemberRequest, key: str) -> HttpResponse:
    """Send the invitation as a PDF to print and sign."""
    item = get_object_or_404(items(request.reach), public_id=key)
    if item.step.work != Work.MEETING:
        raise Http404
    item.step = step_of(item)
    row = Meeting.objects.filter(item=item).first()
    refuse_if(reasons_not_to_invite(row))
    if row is None:
        raise Http404
    row.item = item
    response = HttpResponse(render(LAYOUT, invitation(row, request.reach)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="undangan-rapat-{item.run.period}.pdf"'
    return response
