"""From when to when the forms of a year's periods may be filled in: one page, set by Tim SAKIP and admins."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from capaian.agencies.calendar_rules import FIRST_YEAR, LAST_YEAR
from capaian.collection import actions
from capaian.collection.entries import WindowEntry
from capaian.collection.window_queries import windows_of
from capaian.periods.period import Period, periods_of_year
from capaian.web.form_parts import PlainForm, attempt, day_field, form_page, sent
from capaian.web.form_tokens import once
from capaian.web.pages import MemberRequest
from capaian.web.planning_pages import planner
from capaian.web.typed_text import typed_before

SALT = "capaian.windows"


class WindowsForm(PlainForm):
    """Two days for every period; `seen` is what the page showed, signed."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, periods: tuple[Period, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = periods
        for period in periods:
            self.fields[f"opens_{period.code}"] = day_field(f"{period.label} dibuka", required=False)
            self.fields[f"closes_{period.code}"] = day_field(f"{period.label} ditutup", required=False)

    @staticmethod
    def values_of(windows: Mapping[str, WindowEntry]) -> dict[str, Any]:
        """Return windows as values of the fields."""
        days = {f"opens_{code}": said.opens_on for code, said in windows.items()}
        days |= {f"closes_{code}": said.closes_on for code, said in windows.items()}
        told = {name: day.isoformat() for name, day in days.items() if day}
        return {**days, "seen": signing.dumps(told, salt=SALT)}

    @property
    def rows(self) -> list[tuple[Period, forms.BoundField, forms.BoundField]]:
        """The periods with their two fields."""
        return [(period, self[f"opens_{period.code}"], self[f"closes_{period.code}"]) for period in self.periods]

    def entries(self) -> dict[str, WindowEntry]:
        """Return the windows of a valid form."""
        given = self.cleaned_data
        return {
            period.code: WindowEntry(given.get(f"opens_{period.code}"), given.get(f"closes_{period.code}"))
            for period in self.periods
        }

    def shown_before(self) -> dict[str, WindowEntry]:
        """Return what the page showed when it was opened; nothing where that cannot be read."""
        try:
            told = signing.loads(self.cleaned_data.get("seen", ""), salt=SALT)
        except signing.BadSignature:
            told = {}

        def day(name: str) -> date | None:
            return date.fromisoformat(told[name]) if name in told else None

        codes = [period.code for period in self.periods]
        return {code: WindowEntry(day(f"opens_{code}"), day(f"closes_{code}")) for code in codes}


@once("filling_windows", "year")
def filling_windows(request: MemberRequest, year: int) -> HttpResponse:
    """Show and change the windows of a year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    periods = periods_of_year(year)
    stands = windows_of(request.reach.agency, [period.code for period in periods])
    form = WindowsForm(sent(request), periods=periods, initial=WindowsForm.values_of(stands) | typed_before(request))

    def act() -> None:
        actions.set_windows(
            agency=request.reach.agency, windows=form.entries(), seen=form.shown_before(), by=planner(request)
        )

    if form.is_bound and form.is_valid() and attempt(form, act):
        messages.success(request, f"Jadwal pengisian {year} tersimpan.")
        return redirect("filling_windows", year=year)
    context = {"year": year, "cancel_url": reverse("board_year", args=[year]), "section": "board"}
    return form_page(request, form, context, "pages/collection/windows.html")
