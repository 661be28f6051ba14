"""A meeting: planned, then held. When, where, about what, who was there, what was said and decided."""

from typing import Any, ClassVar

from django import forms

from capaian.agencies.models import Appointment
from capaian.proceedings import papers
from capaian.proceedings.entries import MeetingEntry
from capaian.proceedings.models import Meeting
from capaian.proceedings.queries import open_follow_ups
from capaian.sop import step_rules
from capaian.sop.models import StepParty, WorkItem
from capaian.web.disposition_forms import ticks
from capaian.web.form_parts import text_field
from capaian.web.paperwork_forms import Choices, PaperworkForm, TaskRow

CLOCK = "%Y-%m-%dT%H:%M"


def lines_field(label: str, rows: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """Return a text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=step_rules.NOTE_LIMIT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class MeetingForm(PaperworkForm):
    """The meeting of a step; Tim SAKIP may prepare it, its chair completes it."""

    must: ClassVar[tuple[str, ...]] = ("planned_at", "place", "agenda", "attended", "note_taker", "discussion")
    row_form = TaskRow
    rows_heading = "Keputusan dan tindak lanjut"
    row_word = "Keputusan"
    rows_hint = "Keputusan dengan penanggung jawab menjadi tindak lanjut dalam daftar pekerjaannya. Boleh dikosongkan."

    def saved(self, item: WorkItem) -> Meeting | None:
        """Return the saved meeting."""
        return Meeting.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Add the fields in the order of a notulen."""
        self.held: list[Appointment] = [row for seat in self.seats for row in seat.held]
        self.held_keys = {row.public_id: row for row in self.held}
        people = {row.person.public_id: row.person for row in self.held}
        self.person_ids = {key: person.pk for key, person in people.items()}
        self.fields["planned_at"] = forms.DateTimeField(
            label="Waktu rapat yang direncanakan",
            widget=forms.DateTimeInput(format=CLOCK, attrs={"type": "datetime-local"}),
            input_formats=[CLOCK, "%d-%m-%Y %H:%M", "%d-%m-%Y %H.%M", "%d/%m/%Y %H.%M"],
            help_text="Rencanakan dahulu dengan Simpan konsep: waktu baku langkah ini dihitung sejak waktu rapat.",
            error_messages={"invalid": "Waktu tidak terbaca. Tulis misalnya 31-12-2026 09.00."},
        )
        self.fields["place"] = text_field("Tempat", 200)
        self.fields["agenda"] = lines_field("Acara", 4, help_text="Satu acara satu baris.")
        self.fields["invited"] = ticks("Diundang", self._held_choices())
        self.fields["attended"] = ticks("Hadir", self._held_choices())
        self.fields["guests"] = lines_field("Peserta lain", 2, required=False, help_text="Satu nama satu baris.")
        self.fields["note_taker"] = forms.ChoiceField(
            label="Notulis",
            choices=[("", "Pilih notulis"), *((key, person.name) for key, person in people.items())],
            error_messages={"invalid_choice": "Pilih dari daftar."},
        )
        self.fields["discussion"] = lines_field("Pembahasan", 6)

    def _held_choices(self) -> Choices:
        titles = {row.pk: seat.title for seat in self.seats for row in seat.held}
        return [(row.public_id, f"{row.person.name} – {titles[row.pk]}") for row in self.held]

    def first_values(self) -> dict[str, Any]:
        """Return the usual meeting: the step's own parties invited, open follow-ups on the agenda."""
        working = (StepParty.Part.PERFORMS, StepParty.Part.ASSISTS)
        parties = [party.role.key for party in self.item.step.parties.all() if party.part in working]
        roles = {role for key in parties for role in step_rules.ROLES[key]}
        invited = [row.public_id for seat in self.seats if roles & seat.roles for row in seat.held]
        return {
            "agenda": papers.meeting_agenda(self.item, open_follow_ups(self.reach)),
            "place": f"Ruang rapat {self.reach.agency.name}",
            "invited": invited,
        }

    def values_of(self, row: Meeting) -> dict[str, Any]:
        """Return the saved meeting."""
        keys = {(held.position_id, held.person_id): held.public_id for held in self.held}
        listed = [(keys.get((who.position_id, who.person_id), ""), who) for who in row.attendances.all()]
        takers = {pk: key for key, pk in self.person_ids.items()}
        texts = {name: getattr(row, name) for name in ("planned_at", "place", "agenda", "guests", "discussion")}
        return {
            **texts,
            "invited": [key for key, who in listed if who.invited],
            "attended": [key for key, who in listed if who.attended],
            "note_taker": takers.get(row.note_taker_id or 0, ""),
        }

    def rows_of(self, row: Meeting) -> list[dict[str, Any]]:
        """Return the saved decisions."""
        return self.task_values(list(row.decisions.order_by("ordinal")))

    def entry(self) -> MeetingEntry:
        """Return the meeting."""
        data = self.cleaned_data
        return MeetingEntry(
            planned_at=data.get("planned_at"),
            place=data.get("place", ""),
            agenda=data.get("agenda", ""),
            invited_ids=tuple(self.held_keys[key].pk for key in data.get("invited", [])),
            attended_ids=tuple(self.held_keys[key].pk for key in data.get("attended", [])),
            note_taker_id=self.person_ids.get(data.get("note_taker", "")),
            guests=data.get("guests", ""),
            discussion=data.get("discussion", ""),
            decisions=self.tasks(),
        )
