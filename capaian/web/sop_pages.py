"""The agency's SOPs: list, table and text as published, with correction notes beside misprints."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach, holders
from capaian.agencies.queries import reach as reach_of
from capaian.reporting.chart_pages import split_pages
from capaian.reporting.live_chart import plain_chart
from capaian.sop.models import Definition, Version
from capaian.sop.queries import definitions as own_definitions
from capaian.web.pages import MemberRequest


def definitions(request: MemberRequest) -> HttpResponse:
    """List the agency's SOPs with the version in force."""
    return render(request, "pages/definitions.html", {"definitions": own_definitions(request.reach)})


def _version(request: MemberRequest, key: str) -> tuple[Definition, Version]:
    definition = get_object_or_404(own_definitions(request.reach), public_id=key)
    return definition, get_object_or_404(Version, definition=definition, state=Version.State.PUBLISHED)


def definition(request: MemberRequest, key: str) -> HttpResponse:
    """Show a SOP's table."""
    shown, version = _version(request, key)
    context = {"definition": shown, "version": version, "chart": plain_chart(version), "section": "definitions"}
    return render(request, "pages/definition.html", context)


def definition_text(request: MemberRequest, key: str) -> HttpResponse:
    """Show chapters I-IX as printed, legal basis and definitions among them."""
    shown, version = _version(request, key)
    context = {"definition": shown, "version": version, "text": version.text, "section": "definitions"}
    return render(request, "pages/definition_text.html", context)


def definition_print(request: MemberRequest, key: str) -> HttpResponse:
    """Show a SOP's table for paper, with off-page connectors and the head's signature block."""
    shown, version = _version(request, key)
    chart = plain_chart(version)
    context = {
        "definition": shown,
        "version": version,
        "chart": chart,
        "pages": split_pages(chart),
        "signature": signatory(request.reach),
        "section": "definitions",
    }
    return render(request, "pages/definition_print.html", context)


def signatory(reach: Reach) -> dict[str, str] | None:
    """Return the head's signature block of that day, with Plt. or Plh.; None while nobody is appointed."""
    for person in holders(reach.agency, RoleKey.HEAD, reach.on):
        title = reach_of(person, reach.on).actor(role=RoleKey.HEAD).title
        return {"title": title, "name": person.name, "rank": person.rank, "nip": person.nip or ""}
    return None
