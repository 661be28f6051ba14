"""Dari mana angka ini, for what no measurement holds: means of a worksheet, figures that were collected."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from capaian.reporting.figure_codes import CollectedOrigin, MeanOrigin, origin_by, place_of
from capaian.web.pages import MemberRequest


def figure(request: MemberRequest, key: str) -> HttpResponse:
    """Show what stands behind the figure beside which this code is printed."""
    place = place_of(request.reach, key)
    found = origin_by(request.reach, key) if place and place[0] == "figure" else None
    if isinstance(found, MeanOrigin):
        return render(request, "pages/measurement/mean.html", {"origin": found, "section": "performance"})
    if isinstance(found, CollectedOrigin):
        return render(request, "pages/collection/figure.html", {"origin": found, "section": "board"})
    if found is not None:
        return redirect("unit_form", key=found.form)
    if place is not None:
        return redirect(place[0], key=place[1])
    raise Http404
