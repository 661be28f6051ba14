"""What the forms of the paperwork share: a draft's edition, rows without JavaScript, people and positions to choose."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from capaian.agencies.queries import Reach
from capaian.proceedings.entries import Entry, TaskEntry
from capaian.proceedings.models import Paperwork, Task
from capaian.proceedings.queries import Seat, seats
from capaian.sop.models import WorkItem
from capaian.web.form_parts import day_field
from capaian.web.step_forms import AnswerForm

BLANK_ROWS = 2
MOST_ROWS = 60
REQUIRED = "Wajib diisi."
ROWS = "rows"
LAST = ("uploads", "number_")
SELDOM = "number_with_"
Choices = list[tuple[str, str]]


class Row(forms.Form):
    """One row. Nothing is compulsory here: a draft may be saved half filled, and an empty row does not count."""

    use_required_attribute = False

    def __init__(self, *args: Any, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            self.fields["owner"] = forms.ChoiceField(
                label=self.fields["owner"].label,
                required=False,
                choices=[("", "Pilih jabatan"), *owners],
                error_messages={"invalid_choice": "Pilih dari daftar."},
            )


class TaskRow(Row):
    """A decision or an instruction."""

    text = forms.CharField(
        label="Uraian", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )
    owner = forms.ChoiceField(label="Penanggung jawab", required=False)
    due = day_field("Batas waktu", required=False)


class PaperworkForm(AnswerForm):
    """A form whose content can be saved as a draft. `must` are the fields without which the step is not completed."""

    must: ClassVar[tuple[str, ...]] = ()
    row_form: ClassVar[type[Row] | None] = None
    rows_heading: ClassVar[str] = ""
    rows_hint: ClassVar[str] = "Kosongkan uraiannya untuk menghapus sebuah baris."
    row_word: ClassVar[str] = "Baris"
    part = "parts/paperwork_form.html"

    def __init__(self, data: QueryDict | None = None, *args: Any, item: WorkItem, reach: Reach, **kwargs: Any) -> None:
        typed = dict(kwargs.pop("initial", None) or {})
        data = data.copy() if data is not None else None
        self.seats: list[Seat] = seats(reach)
        self.by_key = {seat.position.public_id: seat.position.pk for seat in self.seats}
        self.key_of = {pk: key for key, pk in self.by_key.items()}
        self.typed = typed
        self.row = self.saved(item)
        super().__init__(data, *args, item=item, reach=reach, **kwargs)
        self.fields.pop("note", None)
        self.add_fields()
        self.fields["edition"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=self.row.edition if self.row else 0
        )
        self.initial = {**self.first_values(), **(self.values_of(self.row) if self.row else {}), **typed}
        self._require(keep_draft=data is not None and "draft" in data)
        self.rows = self._formset(data, kwargs.get("files") or (args[0] if args else None))
        first = [name for name in self.fields if not name.startswith(LAST)]
        self.order_fields(first)

    def saved(self, item: WorkItem) -> Paperwork | None:
        """Return the item's paperwork as saved, if any."""
        _ = item
        return None

    def add_fields(self) -> None:
        """Add the fields of this work."""

    def first_values(self) -> dict[str, Any]:
        """Return what stands in an untouched form."""
        return {}

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what was saved as values of the fields."""
        _ = row
        return {}

    def first_rows(self) -> list[dict[str, Any]]:
        """Return the rows of an untouched form."""
        return []

    def rows_of(self, row: Any) -> list[dict[str, Any]]:
        """Return the saved rows as values."""
        _ = row
        return []

    def entry(self) -> Entry:
        """Return what a valid form says."""
        raise TypeError("the form of each work says what it holds")

    @property
    def offer(self) -> str:
        """The words of a button that fills the rows or texts anew, saved as a draft; "" for none."""
        return ""

    @property
    def takes_offer(self) -> bool:
        """Tell whether that button was pressed."""
        return isinstance(self.data, QueryDict) and self.data.get("draft") == "offer"

    @property
    def edition(self) -> int:
        """The edition that the form was opened with."""
        return self.cleaned_data.get("edition") or 0

    def _require(self, *, keep_draft: bool) -> None:
        for name in self.must:
            self.fields[name].required = not keep_draft
            self.fields[name].error_messages["required"] = REQUIRED

    def _formset(self, data: QueryDict | None, files: Any) -> "BaseFormSet[Any] | None":
        if self.row_form is None:
            return None
        if data is not None and f"{ROWS}-TOTAL_FORMS" not in data:
            data[f"{ROWS}-TOTAL_FORMS"] = data[f"{ROWS}-INITIAL_FORMS"] = "0"
        given = self._rows_to_show() if data is None else None  # what was sent counts, also when it equals a saved row
        make = formset_factory(self.row_form, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        return make(data, files, initial=given, prefix=ROWS, form_kwargs=self.row_values())

    def row_values(self) -> dict[str, Any]:
        """Return what each row needs to know."""
        return {"owners": self.seat_choices()}

    def _rows_to_show(self) -> list[dict[str, Any]]:
        return typed_rows(self.typed) or (self.rows_of(self.row) if self.row else self.first_rows())

    def seat_choices(self) -> Choices:
        """Return the positions as choices, with who holds them."""
        return [(seat.position.public_id, seat.label) for seat in self.seats]

    def is_valid(self) -> bool:
        """Tell whether fields and rows can be read."""
        rows_valid = self.rows is None or self.rows.is_valid()
        return super().is_valid() and rows_valid

    def filled_rows(self) -> list[dict[str, Any]]:
        """Return the values of the rows that hold anything."""
        found = [row.cleaned_data for row in self.rows.forms] if self.rows is not None else []
        return [values for values in found if any(values.values())]

    def tasks(self) -> tuple[TaskEntry, ...]:
        """Return the rows of a valid form as decisions or instructions."""
        return tuple(
            TaskEntry(values.get("text", ""), self.by_key.get(values.get("owner", "")), values.get("due"))
            for values in self.filled_rows()
        )

    def task_values(self, tasks: Sequence[Task]) -> list[dict[str, Any]]:
        """Return saved decisions or instructions as values of rows."""
        return [
            {"text": task.text, "owner": self.key_of.get(task.owner_id or 0, ""), "due": task.due} for task in tasks
        ]

    def take_newest(self) -> None:
        """After somebody else's saving: sending this form once more is a decision, not an accident."""
        if self.row is not None and isinstance(self.data, QueryDict):
            self.data["edition"] = str(self.row.edition)

    @property
    def rows_have_errors(self) -> bool:
        """Tell whether a row could not be read."""
        return self.rows is not None and self.rows.is_bound and self.rows.total_error_count() > 0

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The fields above the rows."""
        return [field for field in self if not field.name.startswith(LAST)]

    @property
    def last_fields(self) -> list[forms.BoundField]:
        """The fields below the rows: files and numbers."""
        return [field for field in self if field.name.startswith(LAST) and not field.name.startswith(SELDOM)]

    @property
    def seldom_fields(self) -> list[forms.BoundField]:
        """The fields that are folded away: numbers of papers that are issued with this one."""
        return [field for field in self if field.name.startswith(SELDOM)]

    @property
    def seldom_have_errors(self) -> bool:
        """Tell whether one of those could not be read."""
        return any(field.errors for field in self.seldom_fields)


def typed_rows(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return rows typed before a session ended: `rows-0-text` and so on."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in typed.items():
        prefix, _, rest = name.partition("-")
        place, _, field = rest.partition("-")
        if prefix == ROWS and place.isdecimal() and field:
            found.setdefault(int(place), {})[field] = value
    return [found[place] for place in sorted(found)][:MOST_ROWS]
