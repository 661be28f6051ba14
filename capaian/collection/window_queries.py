"""Reads of the times at which forms may be filled in."""

from collections.abc import Iterable

from capaian.agencies.models import Agency
from capaian.collection.entries import WindowEntry
from capaian.collection.models import FillingWindow, LatePermission, UnitForm


def windows_of(agency: Agency, codes: Iterable[str]) -> dict[str, WindowEntry]:
    """Return the windows of periods by code, empty ones too; one query. The agency is the reader's own."""
    wanted = list(codes)
    rows = {row.period: row for row in FillingWindow.objects.filter(agency=agency, period__in=wanted)}
    return {
        code: WindowEntry(rows[code].opens_on, rows[code].closes_on) if code in rows else WindowEntry()
        for code in wanted
    }


def permissions_of(form: UnitForm) -> list[LatePermission]:
    """Return the permissions to fill in late of a form, the newest first. The form was asked for by scope."""
    return list(LatePermission.objects.filter(form=form).select_related("given_by").order_by("-pk"))
