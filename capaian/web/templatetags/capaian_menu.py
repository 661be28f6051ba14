"""The main menu: which entries a person sees and which one is current."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `role` empty: for everybody with a position."""

    name: str
    label: str
    icon: str
    role: str = ""
    url: str = ""
    current: str = ""


ENTRIES = (
    Entry("inbox", "Pekerjaan saya", "inbox"),
    Entry("board", "Papan periode", "kanban"),
    Entry("performance", "Kinerja", "bar-chart-line"),
    Entry("planning", "Perencanaan", "bullseye"),
    Entry("definitions", "SOP", "diagram-3"),
    Entry("documents", "Naskah", "file-earmark-text"),
    Entry("people", "Pegawai & jabatan", "people", role="agency_admin"),
    Entry("calendar", "Kalender kerja", "calendar3", role="agency_admin"),
    Entry("agency", "Perangkat daerah", "building", role="agency_admin"),
    Entry("guides", "Panduan", "book"),
)


def address(name: str) -> str:
    """Return the page's address, or nothing while that page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def menu_entries(context: dict[str, Any]) -> list[Entry]:
    """Return the entries for the person of this request; `section` in the context overrules the current one."""
    request = context.get("request")
    reach = getattr(request, "reach", None)
    path = getattr(request, "path", "")
    section = context.get("section", "")
    shown = []
    for entry in ENTRIES:
        url = address(entry.name)
        if not url or (entry.role and not (reach and reach.has(entry.role))):
            continue
        inside = entry.name == section if section else path.startswith(url) and url != "/"
        current = "page" if path == url else "true" if inside else ""
        shown.append(replace(entry, url=url, current=current))
    return shown


@register.simple_tag
def page_url(name: str) -> str:
    """Return a page's address by name, or nothing while that page does not exist."""
    return address(name)
