"""Forms of a step: the generic answer, a decision, a return, a waiver, a reassignment."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from capaian.agencies.models import Person, Unit
from capaian.agencies.queries import Reach
from capaian.sop.answer import Answer
from capaian.sop.models import ReturnTarget, Step, StepOutput, Work, WorkItem

NOTE_ROWS = 5


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files; their content is judged by `documents.rules`, not here."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return the files as a list, empty when none was chosen."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in given]


def note_field(label: str, *, required: bool = False, help_text: str = "") -> forms.CharField:
    """Return a note of several lines. Whether it is compulsory is a rule of the engine, not of the form."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        strip=True,
        widget=forms.Textarea(attrs={"rows": NOTE_ROWS}),
    )


class AnswerForm(forms.Form):
    """What completes a step: note, files, and for each output a number of one's own register."""

    use_required_attribute = False

    def __init__(self, *args: Any, item: WorkItem, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.reach = item, reach
        if item.step.kind == Step.Kind.DECISION:
            self._add_decision()
        self.fields["note"] = note_field(_note_label(item.step), help_text=_note_help(item.step))
        self.fields["uploads"] = FilesField(
            label="Berkas",
            required=False,
            help_text="PDF, gambar, Excel, Word, atau CSV; paling besar 10 MB tiap berkas.",
        )
        self.outputs: list[StepOutput] = list(item.step.outputs.all())
        for output in self.outputs:
            self.fields[f"number_{output.pk}"] = forms.CharField(
                label=f"Nomor {output.name}",
                required=False,
                max_length=120,
                help_text="Kosongkan agar bernomor otomatis, atau ketik nomor dari buku agenda atau Srikandi.",
            )

    def _add_decision(self) -> None:
        self.fields["decision"] = forms.ChoiceField(
            label="Apakah Anda setuju?",
            required=False,
            choices=[("yes", "Ya, setuju"), ("no", "Tidak, kembalikan untuk dilengkapi")],
            widget=forms.RadioSelect,
        )
        add_return_fields(self, self.item.step.return_targets.select_related("target"), run_units(self.item))

    def answer(self) -> Answer:
        """Return the answer of a valid form. A "Ya" carries no return target, whatever the browser sent."""
        data = self.cleaned_data
        decision = WorkItem.Decision(data["decision"]) if data.get("decision") else None
        back = decision == WorkItem.Decision.NO
        target = data.get("target", "") if back else ""
        return Answer(
            note=data.get("note", ""),
            decision=decision,
            target=target,
            unit_ids=chosen_units(self, target),
            numbers={output.pk: data.get(f"number_{output.pk}", "") for output in self.outputs},
        )

    def take_newest(self) -> None:
        """After somebody else's saving: forms with drafts take its edition, so that sending once more is a decision."""


def _note_label(step: Step) -> str:
    if step.work == Work.HAND_OVER:
        return "Disposisi"
    return "Catatan dan arahan" if step.kind == Step.Kind.DECISION else "Catatan"


def _note_help(step: Step) -> str:
    if step.work == Work.HAND_OVER:
        return "Instruksi dan kepada siapa diteruskan. Wajib diisi."
    return (
        "Wajib diisi bila Anda memilih Tidak."
        if step.kind == Step.Kind.DECISION
        else "Dicetak pada naskah langkah ini."
    )


def run_units(item: WorkItem) -> list[Unit]:
    """Return the units that take part in a run."""
    return [row.unit for row in item.run.run_units.select_related("unit").order_by("unit_id")]


def add_return_fields(form: forms.Form, targets: Sequence[ReturnTarget] | Any, units: Sequence[Unit]) -> None:
    """Add where to return to and, where a target is per unit, which units."""
    rows = sorted(targets, key=lambda row: (not row.is_default, row.target.ordinal))
    form.fields["target"] = forms.ChoiceField(
        label="Dikembalikan ke",
        required=False,
        choices=[(row.target.key, f"Langkah {row.target.ordinal}. {row.target.text}") for row in rows],
        initial=rows[0].target.key if rows else "",
        widget=forms.RadioSelect,
    )
    form.per_unit_targets = {row.target.key for row in rows if row.per_unit}  # type: ignore[attr-defined]
    if form.per_unit_targets and units:  # type: ignore[attr-defined]
        steps = ", ".join(str(row.target.ordinal) for row in rows if row.per_unit)
        form.fields["units"] = forms.MultipleChoiceField(
            label="Unit yang melengkapi",
            required=False,
            choices=[(unit.public_id, unit.name) for unit in units],
            widget=forms.CheckboxSelectMultiple,
            help_text=f"Pilih bila dikembalikan ke langkah {steps}.",
        )
        form.unit_ids_by_key = {unit.public_id: unit.pk for unit in units}  # type: ignore[attr-defined]


def chosen_units(form: forms.Form, target: str) -> tuple[int, ...]:
    """Return the row numbers of the chosen units, when the target takes units."""
    if target not in getattr(form, "per_unit_targets", set()):
        return ()
    by_key: dict[str, int] = getattr(form, "unit_ids_by_key", {})
    return tuple(by_key[key] for key in form.cleaned_data.get("units", []))


class ReturnForm(forms.Form):
    """Send work back from a step that is no decision."""

    use_required_attribute = False

    def __init__(self, *args: Any, step: Step, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_return_fields(self, step.return_targets.select_related("target"), units)
        self.fields["note"] = note_field("Catatan pengembalian", help_text="Apa yang perlu diperbaiki. Wajib diisi.")

    def answer(self) -> Answer:
        """Return the answer of a valid form."""
        target = self.cleaned_data.get("target", "")
        return Answer(note=self.cleaned_data.get("note", ""), target=target, unit_ids=chosen_units(self, target))


class HandOverForm(forms.Form):
    """Hand a report to the one who completes the step."""

    use_required_attribute = False
    note = note_field("Catatan penyampaian")
    uploads = FilesField(
        label="Berkas", required=False, help_text="PDF, gambar, Excel, Word, atau CSV; paling besar 10 MB tiap berkas."
    )


class ReasonForm(forms.Form):
    """A compulsory reason: of a waiver, a cancellation, a correction."""

    use_required_attribute = False

    def __init__(self, *args: Any, label: str = "Alasan", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = note_field(label)


class AttachForm(forms.Form):
    """Files alone."""

    use_required_attribute = False
    uploads = FilesField(
        label="Berkas", required=False, help_text="PDF, gambar, Excel, Word, atau CSV; paling besar 10 MB tiap berkas."
    )


class ReassignForm(forms.Form):
    """Choose who completes an item; empty gives it back to everybody who may."""

    use_required_attribute = False

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Semua yang berwenang"), *((person.public_id, person.name) for person in people)]
        self.fields["assignee"] = forms.ChoiceField(label="Ditugaskan kepada", required=False, choices=choices)
