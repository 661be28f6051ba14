"""Forms of performance agreements: who signs, what is promised, from which day it counts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from capaian.agencies.models import Position
from capaian.planning.agreement_choices import usual_cards
from capaian.planning.agreement_rules import Tier, holder, party, tier_of
from capaian.planning.entries import PartyEntry
from capaian.planning.models import Agreement, Card
from capaian.web.form_parts import day_field, text_field
from capaian.web.planning_forms import EditionForm


class AgreementForm(EditionForm):
    """The second party of an official's agreement, why it changes another, and what it promises."""

    superior = forms.ChoiceField(label="Jabatan atasan", required=False)
    superior_name = text_field("Nama pihak kedua", 120, help_text="Atasan yang menandatangani, dengan gelar.")
    superior_title = text_field("Jabatan pihak kedua", 180, help_text="Misalnya Bupati Tanjung Jabung Barat.")
    reason = text_field("Alasan perubahan", 300, help_text="Pergantian pejabat, perubahan program, atau asumsi.")
    cards = forms.MultipleChoiceField(
        label="Indikator yang dijanjikan", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Kartu yang aktif. Yang dicentang lebih dahulu adalah kartu unitnya pada jenjang jabatan ini.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, position: Position, others: Sequence[Position], active: Sequence[Card], changes: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.by_key = {each.public_id: each for each in others if each.pk != position.pk}
        self.card_by_key = {card.public_id: card for card in active}
        if tier_of(position) == Tier.HEAD:
            del self.fields["superior"], self.fields["cards"]
        else:
            choices = [(key, each.title) for key, each in self.by_key.items()]
            self.fields["superior"].choices = [("", "— di luar perangkat daerah —"), *choices]  # type: ignore[attr-defined]
            named = [(key, _named(card)) for key, card in self.card_by_key.items()]
            self.fields["cards"].choices = named  # type: ignore[attr-defined]
        if changes:
            self.fields["reason"].required = False  # the rule says why it must be there
        else:
            del self.fields["reason"]

    def shown(self) -> list[BoundField]:
        """The fields that can be compared with what is stored."""
        return [field for field in super().shown() if field.name != "cards"]

    @staticmethod
    def values_of(draft: Agreement) -> dict[str, Any]:
        """Return a draft's row as values of the fields."""
        said = {name: getattr(draft, name) for name in ("superior_name", "superior_title", "reason", "edition")}
        above = draft.superior_position
        cards = [item.card.public_id for item in draft.items.all()]
        return said | {"superior": above.public_id if above else "", "cards": cards}

    @staticmethod
    def first_values(position: Position, others: Sequence[Position], active: Sequence[Card], on: Any) -> dict[str, Any]:
        """Return what an official's first draft usually says."""
        values: dict[str, Any] = {"cards": [card.public_id for card in usual_cards(position, active)]}
        above = usual_superior(position, others)
        held = holder(above, on) if above else None
        if above is not None and held is not None:
            said = party(held)
            values |= {
                "superior": above.public_id,
                "superior_name": said["promiser_name"],
                "superior_title": said["promiser_title"],
            }
        return values

    def entry(self) -> PartyEntry:
        """Return who signs and why."""
        data = self.cleaned_data
        above = self.by_key.get(data.get("superior", ""))
        return PartyEntry(
            data["superior_name"],
            data["superior_title"],
            superior_position_id=above.pk if above else None,
            reason=data.get("reason", ""),
        )

    def card_ids(self) -> list[int] | None:
        """Return the row numbers of the chosen cards, None where nothing is chosen by hand."""
        if "cards" not in self.fields:
            return None
        return [self.card_by_key[key].pk for key in self.cleaned_data["cards"]]


def _named(card: Card) -> str:
    node = card.indicator.node
    owner = f", {node.owner.name}" if node.owner else ""
    return f"{card.name} ({node.get_level_display()}{owner})"


def usual_superior(position: Position, others: Sequence[Position]) -> Position | None:
    """Return whose subordinate an official usually is: the head of his unit, else the Kepala."""
    tier = tier_of(position)
    if tier == Tier.HEAD:
        return None
    mine = [each for each in others if each.unit_id == position.unit_id and tier_of(each) == Tier.DIVISION]
    if tier == Tier.SECTION and position.unit_id and mine:
        return mine[0]
    return next((each for each in others if tier_of(each) == Tier.HEAD), None)


class EnforceForm(EditionForm):
    """From which day an agreement counts."""

    in_force_from = day_field("Mulai berlaku")
    number = text_field(
        "Nomor",
        120,
        required=False,
        help_text="Kosongkan agar bernomor otomatis, atau ketik nomor dari buku agenda atau Srikandi.",
    )
