"""Coba hitung: what a card's choices give for figures typed in, worked out in words and numbers."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import ordinals_of
from capaian.measurement.trial import Choices, Tried, tried
from capaian.planning.typed_figures import Unread, read_figure, read_target
from capaian.web.form_parts import NOT_READ, text_field
from capaian.web.pages import MemberRequest
from capaian.web.rule_fields import RuleFields

QUARTERS: Final = ("I", "II", "III", "IV")
CONSOLIDATIONS: Final = (
    (PeriodMethod.SUM.value, "Dijumlahkan"),
    (PeriodMethod.AVERAGE.value, "Dirata-ratakan"),
    (PeriodMethod.LAST.value, "Nilai terakhir"),
)
ANY_UNIT: Final = "persen, rupiah"


class TrialForm(RuleFields):
    """The choices of a card, and up to four quarters of figures."""

    field_order = ("polarity", "consolidation", "cap", "scale")

    polarity = forms.ChoiceField(label="Polaritas", choices=[(each.value, each.label) for each in Polarity])
    consolidation = forms.ChoiceField(label="Konsolidasi periode", choices=CONSOLIDATIONS, initial="last")
    tolerance = text_field("Toleransi (%)", 20, required=False, help_text="Hanya untuk polaritas stabilkan.")
    negative = forms.BooleanField(label="Target boleh di bawah nol", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, name in enumerate(QUARTERS, start=1):
            self.fields[f"target_{place}"] = text_field(f"Target triwulan {name}", 80, required=False)
            self.fields[f"actual_{place}"] = text_field(f"Realisasi triwulan {name}", 80, required=False)
        self.fields["target_1"].help_text = "Angka, rentang (80–90), atau huruf predikat (BB), menurut polaritasnya."

    def clean(self) -> dict[str, Any]:
        """Read the figures; each that cannot be read says why at its field."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        polarity = given.get("polarity", "")
        self.tolerance_read = self._read("tolerance", read_figure)
        if self.tolerance_read is not None and self.tolerance_read < 0:
            self.add_error("tolerance", "Toleransi tidak boleh negatif. Tulis misalnya 5.")
        self.periods = [
            Tried(
                self._read(f"target_{place}", lambda text: read_target(text, "2026-Q1", polarity, ANY_UNIT)),
                *self._actual(f"actual_{place}", polarity),
            )
            for place in range(1, len(QUARTERS) + 1)
        ]
        return given

    def _read(self, name: str, read: Any) -> Any:
        try:
            return read(self.cleaned_data.get(name, ""))
        except Unread as unread:
            self.add_error(name, unread.text)
            return None

    def _actual(self, name: str, polarity: str) -> tuple[Decimal | None, str]:
        text = self.cleaned_data.get(name, "").strip()
        if polarity == Polarity.PREDICATE and text:
            if ordinals_of(text) is None:
                self.add_error(name, f"Predikat “{text}” tidak dikenal. Tulis misalnya BB.")
            return None, text.upper()
        return self._read(name, lambda typed: read_figure(typed, ANY_UNIT)), ""

    def until(self) -> list[Tried]:
        """Return the quarters up to the last one that says anything."""
        last = max((at for at, each in enumerate(self.periods, 1) if _says(each)), default=0)
        return self.periods[:last]

    def choices(self) -> Choices:
        """Return what the card would fix."""
        given = self.cleaned_data
        return Choices(
            polarity=given["polarity"],
            consolidation=given["consolidation"],
            scale=given["scale"],
            cap=self.chosen_cap,
            tolerance=self.tolerance_read,
            negative_target=given["negative"],
        )


def _says(each: Tried) -> bool:
    return each.target is not None or each.value is not None or bool(each.letter)


def performance_trial(request: MemberRequest) -> HttpResponse:
    """Show what figures typed in would give; the address holds them, so that a worked example can be passed on."""
    form = TrialForm(request.GET or None)
    found, how = None, ""
    if form.is_bound and form.is_valid():
        found, how = tried(form.choices(), form.until())
    context = {"form": form, "found": found, "how": how, "section": "performance"}
    return render(
        request, "pages/measurement/trial.html", context, status=NOT_READ if form.is_bound and form.errors else 200
    )
