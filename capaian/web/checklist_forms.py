"""The checklist of documents: what the SOP names and the agency's own, a file for each."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from capaian.documents.models import StoredFile
from capaian.documents.store import Kept
from capaian.proceedings import checklist_papers
from capaian.proceedings.entries import ChecklistEntry, DocumentEntry
from capaian.proceedings.models import Checklist, ChecklistItem
from capaian.proceedings.queries import checklist_files, last_checklist
from capaian.proceedings.rules import DOCUMENT_LENGTHS, is_named
from capaian.sop.models import Step, WorkItem
from capaian.web.paperwork_forms import ROWS, PaperworkForm, Row

State = ChecklistItem.State


def line(name: str) -> forms.CharField:
    """Return a one-line field of a document."""
    label, length = DOCUMENT_LENGTHS[name]
    return forms.CharField(label=label, required=False, max_length=length, strip=True)


class DocumentRow(Row):
    """One document. What the SOP names keeps its name; the last checklist's word stands beside the choice."""

    must: ClassVar[tuple[str, ...]] = ("state",)
    name = line("name")
    state = forms.ChoiceField(
        label="Keadaan",
        required=False,
        choices=[(state.value, state.label) for state in (State.PRESENT, State.ABSENT)],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Pilih Ada atau Tidak ada."},
    )
    year_or_version = line("year_or_version")
    source = line("source")
    reason = line("reason")
    file = forms.FileField(label="Berkas", required=False, allow_empty_file=True)
    file_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, step: Step, before: Mapping[str, str], known: Mapping[str, StoredFile], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Wajib bila dokumennya tidak ada."
        name = str(self["name"].value() or "")
        if is_named(step, name):
            self.fields["name"].widget.attrs["readonly"] = True
        if told := before.get(name.strip().casefold()):
            self.fields["state"].help_text = told
        self.tell_file(known)

    def tell_file(self, known: Mapping[str, StoredFile]) -> None:
        """Name the file that the row has."""
        if stored := known.get(str(self["file_key"].value() or "")):
            # at the bound field: it has copied the field's words when the form was read
            self["file"].help_text = format_html(
                'Tersimpan: <a href="{}">{}</a>. Pilih berkas lain untuk menggantinya.',
                reverse("checklist_file", kwargs={"key": stored.public_id}),
                stored.original_name,
            )


class ChecklistForm(PaperworkForm):
    """The checklist of a step. Whether a document is there has to be said anew each period."""

    row_form = DocumentRow
    rows_heading = "Dokumen"
    row_word = "Dokumen"
    rows_hint = "Dokumen yang disebut SOP, lalu dokumen tambahan perangkat daerah pada baris kosong."

    def saved(self, item: WorkItem) -> Checklist | None:
        """Return the saved checklist."""
        return Checklist.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Read what may be taken over; the documents are rows."""
        self.last = last_checklist(self.item, self.reach)
        self.known = {file.public_id: file for file in checklist_files(self.reach, self.row, self.last)}
        self.kept: dict[int, Kept] = {}

    def row_values(self) -> dict[str, Any]:
        """Return what each row needs to know."""
        before = checklist_papers.states_before(self.last)
        return {**super().row_values(), "step": self.item.step, "before": before, "known": self.known}

    def first_rows(self) -> list[dict[str, Any]]:
        """Return the documents that the SOP names and those of the last checklist."""
        return self._rows(checklist_papers.first_documents(self.item, self.last))

    def rows_of(self, row: Checklist) -> list[dict[str, Any]]:
        """Return the saved documents."""
        return self._rows(row.documents.order_by("ordinal"))

    def _rows(self, documents: Any) -> list[dict[str, Any]]:
        keys = {file.pk: key for key, file in self.known.items()}
        return [
            {
                **{name: getattr(one, name) for name in DOCUMENT_LENGTHS},
                "state": one.state if one.state != State.UNCHECKED else "",
                "file_key": keys.get(one.file_id or 0, ""),
            }
            for one in documents
        ]

    def _filled(self) -> dict[int, dict[str, Any]]:
        """Return the values of the rows that hold anything, by their place on the form."""
        rows = self.rows.forms if self.rows is not None else []
        return {place: row.cleaned_data for place, row in enumerate(rows) if any(row.cleaned_data.values())}

    @property
    def uploaded(self) -> "dict[int, UploadedFile[Any]]":
        """The files just chosen, by the place of their row."""
        return {place: values["file"] for place, values in self._filled().items() if values.get("file")}

    def remember(self, checklist: Checklist) -> None:
        """After a draft has kept the files: their rows name them, and the form is of the newest edition."""
        rows = zip(self._filled().items(), checklist.documents.select_related("file").order_by("ordinal"), strict=True)
        for (place, values), row in rows:
            if row.file is not None:
                self.known[row.file.public_id] = row.file
            values["file"], values["file_key"] = None, row.file.public_id if row.file else ""
            if isinstance(self.data, QueryDict):
                self.data[f"{ROWS}-{place}-file_key"] = values["file_key"]
            if self.rows is not None:
                self.rows.forms[place].tell_file(self.known)
        self.kept.clear()
        self.row = checklist
        self.cleaned_data["edition"] = checklist.edition

    def entry(self) -> ChecklistEntry:
        """Return the checklist, with the files that were kept."""
        return ChecklistEntry(tuple(self._document(place, values) for place, values in self._filled().items()))

    def _document(self, place: int, values: Mapping[str, Any]) -> DocumentEntry:
        stored = self.known.get(values.get("file_key", ""))
        return DocumentEntry(
            **{name: values.get(name, "") for name in DOCUMENT_LENGTHS},
            state=values.get("state") or State.UNCHECKED.value,
            file_id=stored.pk if stored else None,
            kept=self.kept.get(place),
        )
