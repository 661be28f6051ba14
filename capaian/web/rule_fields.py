"""The two choices that every calculation on a page shares: where the score is capped, and the scale of categories."""

from decimal import Decimal
from typing import Final

from django import forms

from capaian.formulas.rule import CAPS, DEFAULT_CAP
from capaian.formulas.shipped_scales import PERMENDAGRI, SCALES
from capaian.web.form_parts import PlainForm

UNBOUNDED: Final = "none"


class RuleFields(PlainForm):
    """Cap and scale, as a card would fix them."""

    cap = forms.ChoiceField(
        label="Batas skor",
        choices=[(str(cap) if cap else UNBOUNDED, f"{cap}%" if cap else "Tanpa batas") for cap in CAPS],
        initial=str(DEFAULT_CAP),
    )
    scale = forms.ChoiceField(
        label="Skala kategori", choices=[(scale.code, scale.title) for scale in SCALES], initial=PERMENDAGRI.code
    )

    @property
    def chosen_cap(self) -> Decimal | None:
        """The cap; None for none."""
        given = self.cleaned_data["cap"]
        return None if given == UNBOUNDED else Decimal(given)
