"""The year's methodology: SMART ticks and a note for each card, as the step of the SOP and as a page of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from capaian.agencies.queries import Reach
from capaian.formulas.achievement_formulas import FORMULA_OF
from capaian.formulas.polarity import Polarity
from capaian.measurement.entries import SMART, MethodologyEntry, SmartEntry
from capaian.measurement.models import Methodology, MethodologyCard
from capaian.measurement.papers import METHODS
from capaian.measurement.queries import cards_in_force, methodology
from capaian.measurement.rules import NOTE_LENGTH
from capaian.planning.models import Card
from capaian.sop.models import WorkItem
from capaian.web.step_forms import AnswerForm, note_field

CHOICES = [(letter, word) for letter, _, word in SMART]
LETTERS = [letter for letter, _ in CHOICES]


@dataclass(frozen=True)
class CardRow:
    """A card as the page shows it, with its two fields."""

    card: Card
    formula: str
    polarity: str
    consolidation: str
    ticks: forms.BoundField
    note: forms.BoundField


class SmartRows(forms.Form):
    """What both forms share: for each card five ticks and a note, and the digest of what stood when it was opened."""

    cards: Sequence[Card] = ()
    current: Methodology | None = None

    def add_rows(self, reach: Reach, year: int) -> None:
        """Add the fields of every card in force in a year."""
        self.cards = cards_in_force(reach, year)
        self.current = methodology(reach, year)
        known = {row.card_id: row for row in self.current.cards.all()} if self.current else {}
        for card in self.cards:
            row = known.get(card.pk)
            self.fields[f"smart_{card.public_id}"] = forms.MultipleChoiceField(
                label=f"SMART {card.name}",
                required=False,
                choices=CHOICES,
                widget=forms.CheckboxSelectMultiple,
                initial=_ticks(row) if row else LETTERS,
                error_messages={"invalid_choice": "Pilih dari daftar."},
            )
            self.fields[f"note_{card.public_id}"] = forms.CharField(
                label=f"Catatan {card.name}", required=False, max_length=NOTE_LENGTH, initial=row.note if row else ""
            )
        if self.current is not None and self.cards:
            self.fields["change_note"] = note_field(
                "Alasan perubahan", help_text="Wajib diisi bila ada yang diubah; perubahan menjadi versi baru."
            )
        digest = self.current.digest if self.current else ""
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=digest)
        self.fields["with_rows"] = forms.CharField(required=False, widget=forms.HiddenInput, initial="1")

    @property
    def card_rows(self) -> list[CardRow]:
        """The cards with their fields."""
        return [
            CardRow(
                card,
                FORMULA_OF[Polarity(card.polarity)].expression,
                Polarity(card.polarity).label,
                METHODS[card.consolidation],
                self[f"smart_{card.public_id}"],
                self[f"note_{card.public_id}"],
            )
            for card in self.cards
        ]

    def entry(self) -> MethodologyEntry:
        """Return the methodology of a valid form; one sent without its rows confirms what the page shows."""
        data: Mapping[str, Any] = self.cleaned_data
        if not data.get("with_rows"):
            data = {name: field.initial for name, field in self.fields.items()}
        rows = [
            SmartEntry(card.pk, frozenset(data[f"smart_{card.public_id}"]), data[f"note_{card.public_id}"] or "")
            for card in self.cards
        ]
        return MethodologyEntry(rows, self.cleaned_data.get("change_note", ""), data.get("seen") or "")

    def take_newest(self) -> None:
        """After somebody else's locking: sending this form once more is a decision, not an accident."""
        if isinstance(self.data, QueryDict) and "seen" in self.data:
            self.data["seen"] = self.current.digest if self.current else ""


def _ticks(row: MethodologyCard) -> list[str]:
    return [letter for letter, field, _ in SMART if getattr(row, field)]


def _own(data: QueryDict | None) -> QueryDict | None:
    return data.copy() if data is not None else None


class MethodologyForm(SmartRows, AnswerForm):
    """The step that sets the methodology; without cards the generic form with a notice."""

    def __init__(self, data: QueryDict | None = None, *args: Any, item: WorkItem, reach: Reach, **kwargs: Any) -> None:
        super().__init__(_own(data), *args, item=item, reach=reach, **kwargs)
        self.year = item.run.period_value.year
        if item.status == WorkItem.Status.OPEN:
            self.add_rows(reach, self.year)

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        """The fields below the table."""
        hidden = ("smart_", "note_", "seen", "with_rows")
        return [field for field in self if not field.name.startswith(hidden)]


class YearMethodologyForm(SmartRows):
    """The same on the page of a year."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, reach: Reach, year: int) -> None:
        super().__init__(_own(data))
        self.year = year
        self.add_rows(reach, year)

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        """The fields below the table."""
        return [self["change_note"]] if "change_note" in self.fields else []
