"""The Kepala's disposition: urgency, addressees, what is asked for, the text, instructions."""

from typing import Any, ClassVar

from django import forms

from capaian.proceedings.entries import DispositionEntry
from capaian.proceedings.models import Disposition, DispositionAsk, Urgency
from capaian.sop.models import WorkItem
from capaian.sop.step_rules import NOTE_LIMIT
from capaian.web.paperwork_forms import REQUIRED, PaperworkForm, TaskRow


def urgency_field() -> forms.ChoiceField:
    """Return the choice of a letter's urgency."""
    return forms.ChoiceField(
        label="Sifat",
        required=False,
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Pilih dari daftar.", "required": REQUIRED},
    )


def ticks(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.MultipleChoiceField:
    """Return a list to tick."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"invalid_choice": "Pilih dari daftar."},
    )


class DispositionForm(PaperworkForm):
    """What the Kepala writes on a report, with one thumb."""

    must: ClassVar[tuple[str, ...]] = ("text", "addressees", "urgency")
    row_form = TaskRow
    rows_heading = "Instruksi"
    row_word = "Instruksi"
    rows_hint = "Boleh dikosongkan. Setiap instruksi menjadi tindak lanjut dalam daftar pekerjaan penanggung jawabnya."

    def saved(self, item: WorkItem) -> Disposition | None:
        """Return the saved disposition."""
        return Disposition.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Add the fields of the sheet, in its order."""
        own = {held.position_key for held in self.reach.held}
        others = [choice for choice in self.seat_choices() if choice[0] not in own]
        self.fields["text"] = forms.CharField(
            label="Isi disposisi", max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 4}), strip=True
        )
        self.fields["urgency"] = urgency_field()
        self.fields["addressees"] = ticks("Diteruskan kepada Sdr.", others)
        self.fields["asks"] = ticks("Dengan hormat harap", [(str(k), str(v)) for k, v in DispositionAsk.Ask.choices])

    def first_values(self) -> dict[str, Any]:
        """Return an untouched sheet: ordinary, to the one who handed the report over."""
        performers = {seat.position.public_id for seat in self.seats if self.item.performed_by in seat.people}
        return {
            "urgency": Urgency.ORDINARY.value,
            "addressees": [key for key, _ in self.seat_choices() if key in performers],
            "asks": [DispositionAsk.Ask.PROCEED.value],
        }

    def values_of(self, row: Disposition) -> dict[str, Any]:
        """Return the saved sheet."""
        return {
            "text": row.text,
            "urgency": row.urgency,
            "addressees": [self.key_of.get(link.position_id, "") for link in row.addressees.all()],
            "asks": [link.ask for link in row.asks.all()],
        }

    def rows_of(self, row: Disposition) -> list[dict[str, Any]]:
        """Return the saved instructions."""
        return self.task_values(list(row.tasks.order_by("ordinal")))

    def entry(self) -> DispositionEntry:
        """Return the disposition."""
        data = self.cleaned_data
        return DispositionEntry(
            text=data.get("text", ""),
            urgency=data.get("urgency") or Urgency.ORDINARY.value,
            addressee_ids=tuple(self.by_key[key] for key in data.get("addressees", [])),
            asks=tuple(data.get("asks", [])),
            tasks=self.tasks(),
        )
