"""The form of a card's targets: one field for each period of its own, and one for the year."""

from typing import Any

from django import forms

from capaian.planning.card_rules import period_label, target_periods, target_shape
from capaian.planning.entries import TargetEntry
from capaian.planning.models import Card
from capaian.planning.typed_figures import Unread, read_target, target_text
from capaian.web.planning_forms import EditionForm

HINTS = {
    "value": "Angka, misalnya 2,85. Kosongkan periode yang tidak mempunyai target.",
    "range": "Rentang, misalnya 80–90. Kosongkan periode yang tidak mempunyai target.",
    "letter": "Huruf predikat, misalnya BB. Kosongkan periode yang tidak mempunyai target.",
}


class TargetsForm(EditionForm):
    """A card's targets as texts: a number, a range or a letter by its polarity."""

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        self.periods = {f"target_{each.code}": each for each in target_periods(card.frequency, card.year)}
        for name, period in self.periods.items():
            self.fields[name] = forms.CharField(
                label=period_label(card.frequency, period), required=False, max_length=80, strip=True
            )

    @property
    def hint(self) -> str:
        """How a target of this card is written."""
        return HINTS[target_shape(self.card.polarity)]

    @staticmethod
    def values_of(card: Card) -> dict[str, Any]:
        """Return the stored targets as values of the fields."""
        texts: dict[str, Any] = {f"target_{each.code}": "" for each in target_periods(card.frequency, card.year)}
        texts |= {f"target_{row.period}": target_text(TargetEntry.of(row)) for row in card.targets.all()}
        return texts | {"edition": card.edition}

    def clean(self) -> dict[str, Any]:
        """Read every target; what cannot be read is said at its field."""
        self.read: list[TargetEntry] = []
        for name, period in self.periods.items():
            text = self.cleaned_data.get(name, "")
            try:
                target = read_target(text, period.code, self.card.polarity, self.card.measured_in)
            except Unread as unread:
                self.add_error(name, unread.text)
                continue
            if target is not None:
                self.read.append(target)
        return self.cleaned_data

    def entries(self) -> list[TargetEntry]:
        """Return the targets of a valid form."""
        return self.read
