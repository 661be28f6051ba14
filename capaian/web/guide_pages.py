"""The guides in the product: one page per role, the reader's own first."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from capaian.web import guides as written
from capaian.web.pages import MemberRequest


def guides(request: MemberRequest) -> HttpResponse:
    """Show what holds for everybody, and which guide is the reader's own."""
    return _shown(request, written.FIRST)


def guide(request: MemberRequest, guide: str) -> HttpResponse:
    """Show the guide of a role."""
    return _shown(request, guide)


def _shown(request: MemberRequest, name: str) -> HttpResponse:
    try:
        found = written.guide(name)
    except KeyError as error:
        raise Http404 from error
    own = written.own_guide(request.reach)
    every = [(written.guide(each), written.address(each), each == own) for each in written.names()]
    return render(request, "pages/guide.html", {"guide": found, "guides": every, "section": "guides"})
