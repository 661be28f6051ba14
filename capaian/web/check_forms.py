"""The form of an indicator's checks: for each kind how strictly it is held, and its limit."""

from collections.abc import Mapping
from typing import Any

from django import forms

from capaian.collection.checks import LIMITED, in_force
from capaian.collection.entries import CheckEntry
from capaian.collection.models import Check
from capaian.planning.typed_figures import Unread, figure_text, read_figure
from capaian.web.form_parts import text_field
from capaian.web.planning_forms import EditionForm

LIMIT_LENGTH = 40
LIMITS = {
    Check.Kind.LOWEST: "Batas terendah",
    Check.Kind.HIGHEST: "Batas tertinggi",
    Check.Kind.LEAP: "Kelipatan",
}


class ChecksForm(EditionForm):
    """Each kind of check: off, told, to be explained, or blocking."""

    def __init__(self, *args: Any, measured_in: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measured_in = measured_in
        for kind in Check.Kind:
            self.fields[f"severity_{kind}"] = forms.ChoiceField(label=kind.label, choices=Check.Severity.choices)
            if kind in LIMITED:
                unit = "" if kind == Check.Kind.LEAP else f" ({measured_in})"
                self.fields[f"limit_{kind}"] = text_field(f"{LIMITS[kind]}{unit}", LIMIT_LENGTH, required=False)

    @staticmethod
    def values_of(rows: Mapping[str, Check]) -> dict[str, Any]:
        """Return what is in force as values of the fields."""
        held = in_force(rows)
        values: dict[str, Any] = {f"severity_{kind}": check.severity for kind, check in held.items()}
        values |= {f"limit_{kind}": figure_text(held[kind].limit) for kind in LIMITED}
        return values | {"edition": max((row.edition for row in rows.values()), default=0)}

    def clean(self) -> dict[str, Any]:
        """Read every limit; what cannot be read is said at its field."""
        self.limits = {}
        for kind in LIMITED:
            try:
                self.limits[kind] = read_figure(self.cleaned_data.get(f"limit_{kind}", ""), self.measured_in)
            except Unread as unread:
                self.add_error(f"limit_{kind}", unread.text)
        return self.cleaned_data

    def entries(self) -> dict[str, CheckEntry]:
        """Return the checks of a valid form."""
        given = self.cleaned_data
        return {kind: CheckEntry(given[f"severity_{kind}"], self.limits.get(kind)) for kind in Check.Kind}
