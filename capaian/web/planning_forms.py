"""Forms of the planning: plan, node, card, suppliers, budget, agreement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.forms.boundfield import BoundField
from django.http import QueryDict

from capaian.agencies.queries import Reach, open_units
from capaian.formulas.number_text import format_number
from capaian.journal.reason import Reason
from capaian.periods.period import MONTHS
from capaian.planning.card_rules import MOST_DATA, choices_of
from capaian.planning.entries import (
    CardEntry,
    DatumEntry,
    IndicatorEntry,
    MonthEntry,
    NodeEntry,
    PlanEntry,
)
from capaian.planning.models import Card, Level, Node, Plan
from capaian.planning.queries import nodes, suppliers
from capaian.planning.tree import branches
from capaian.planning.typed_figures import Unread, figure_text, read_figure
from capaian.web.form_parts import PlainForm, text_field
from capaian.web.paperwork_forms import ROWS, typed_rows

BLANK_DATA = 2
EMPTY_MEANS = ("cap", "tolerance")  # numbers of a card whose absence says something
DATA = "data"  # of a card's entry; the rows of the form carry the usual prefix


class FigureField(forms.CharField):
    """A number as people type it; an unclear one is asked back at the field."""

    def __init__(self, label: str, *, required: bool = False, help_text: str = "", rupiah: bool = False) -> None:
        super().__init__(label=label, required=required, help_text=help_text, max_length=64)
        self.rupiah = rupiah
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, None when nothing was typed."""
        text = super().clean(value)
        try:
            return read_figure(text, rupiah=self.rupiah)
        except Unread as unread:
            raise forms.ValidationError(unread.text, code="unread") from unread

    def prepare_value(self, value: Any) -> Any:
        """Return a stored number as it is typed; amounts with their thousands' dots, which are read back as such."""
        if not isinstance(value, Decimal):
            return value
        return format_number(value) if self.rupiah else figure_text(value)


class EditionForm(PlainForm):
    """A form about a row that others may change meanwhile: it carries the edition that it was opened with."""

    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def opened_with(self) -> int:
        """The edition that the form was opened with, 0 when it carries none."""
        return self.cleaned_data.get("edition") or 0

    def take_newest(self, edition: int) -> None:
        """After somebody else's change: sending this form once more is a decision, not an accident."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["edition"] = str(edition)

    def shown(self) -> list[BoundField]:
        """The fields that people fill in."""
        return [field for field in self if field.name != "edition"]

    def newest(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return label and stored text of every field where the stored row says something else than the form."""
        found = []
        for field in self.shown():
            stored = field.field.prepare_value(values.get(field.name))
            typed = field.data
            if field.name in values and _plain(stored) != _plain(typed):
                found.append((str(field.label), _worded(field, stored)))
        return found


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "|".join(sorted(map(str, value)))
    return {"True": "on", "False": "", "None": ""}.get(str(value), str(value).replace("\r\n", "\n").strip())


def _worded(field: BoundField, stored: Any) -> str:
    if isinstance(stored, bool):
        return "Ya" if stored else "Tidak"
    choices = dict(getattr(field.field, "choices", ()))
    given = stored if isinstance(stored, list | tuple) else [stored]
    return ", ".join(str(choices.get(each, each)) for each in given if each not in ("", None)) or "(kosong)"


class PlanForm(PlainForm):
    """A strategic plan."""

    title = text_field("Judul rencana", 200, help_text="Misalnya Renstra Dinas 2025–2029.")
    first_year = forms.IntegerField(label="Tahun pertama", error_messages={"invalid": "Tulis tahunnya, misalnya 2025."})
    last_year = forms.IntegerField(label="Tahun terakhir", error_messages={"invalid": "Tulis tahunnya, misalnya 2029."})

    def entry(self) -> PlanEntry:
        """Return what was typed."""
        return PlanEntry(**self.cleaned_data)


class ChangePlanForm(EditionForm, PlanForm):
    """A strategic plan that is there."""

    @staticmethod
    def values_of(plan: Plan) -> dict[str, Any]:
        """Return a plan's row as values of the fields."""
        return {name: getattr(plan, name) for name in ("title", "first_year", "last_year", "edition")}

    def entry(self) -> PlanEntry:
        """Return what was typed."""
        return PlanEntry(**{name: self.cleaned_data[name] for name in ("title", "first_year", "last_year")})


class NodeForm(EditionForm):
    """A place in the cascade."""

    level = forms.ChoiceField(label="Jenjang", choices=Level.choices)
    parent = forms.ChoiceField(label="Butir induk", required=False)
    code = text_field(
        "Kode nomenklatur", 24, required=False, help_text="Untuk program, kegiatan, dan sub kegiatan; misalnya 2.16.02."
    )
    text = forms.CharField(label="Uraian", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    ordinal = forms.IntegerField(label="Nomor urut", initial=1, error_messages={"invalid": "Tulis angka, misalnya 1."})
    owner = forms.ChoiceField(label="Unit penanggung jawab", required=False)
    origin = text_field("Asal", 300, required=False, help_text="Dokumen sumber butir ini, misalnya Renstra halaman 34.")

    def __init__(self, *args: Any, reach: Reach, plan: Plan, node: Node | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_nodes = nodes(reach).filter(plan=plan, valid_to__isnull=True).exclude(pk=node.pk if node else 0)
        self.parents = {branch.node.public_id: branch.node for branch in branches(open_nodes)}
        self.units = {unit.public_id: unit for unit in open_units(reach)}
        choices = [(key, f"{row.get_level_display()} – {row}"[:120]) for key, row in self.parents.items()]
        self.fields["parent"].choices = [("", "— tanpa induk —"), *choices]  # type: ignore[attr-defined]
        owners = [(key, unit.name) for key, unit in self.units.items()]
        self.fields["owner"].choices = [("", "— belum ditentukan —"), *owners]  # type: ignore[attr-defined]

    @staticmethod
    def values_of(node: Node) -> dict[str, Any]:
        """Return a node's row as values of the fields."""
        named = {name: getattr(node, name) for name in ("level", "code", "text", "ordinal", "origin", "edition")}
        parent, owner = node.parent, node.owner
        return named | {"parent": parent.public_id if parent else "", "owner": owner.public_id if owner else ""}

    def entry(self) -> NodeEntry:
        """Return what was typed."""
        data = self.cleaned_data
        parent, owner = self.parents.get(data["parent"]), self.units.get(data["owner"])
        return NodeEntry(
            level=data["level"],
            text=data["text"],
            parent_id=parent.pk if parent else None,
            code=data["code"],
            ordinal=data["ordinal"],
            owner_id=owner.pk if owner else None,
            origin=data["origin"],
        )


class DatumRow(forms.Form):
    """A raw datum; an empty row does not count."""

    use_required_attribute = False
    name = forms.CharField(label="Nama dalam rumus", required=False, max_length=60)
    label = forms.CharField(label="Keterangan", required=False, max_length=240)
    measured_in = forms.CharField(label="Satuan", required=False, max_length=80)


def optional(field: str) -> list[tuple[str, str]]:
    """Return the closed list of a column that may stay empty."""
    return [("", "— belum ditentukan —"), *choices_of(field)]


class CardForm(EditionForm):
    """All that a card says, with its indicator's place and flags."""

    name = forms.CharField(label="Nama indikator", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    ordinal = forms.IntegerField(label="Nomor urut", initial=1, error_messages={"invalid": "Tulis angka, misalnya 1."})
    is_iku = forms.BooleanField(label="Indikator kinerja utama (IKU)", required=False)
    is_ikk = forms.BooleanField(label="Indikator kinerja kegiatan (IKK)", required=False)
    is_lppd = forms.BooleanField(label="Indikator kinerja kunci LPPD", required=False)
    measured_in = text_field("Satuan", 60, help_text="Misalnya persen, indeks, dokumen, orang.")
    definition = forms.CharField(
        label="Definisi operasional",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Apa yang diukur, apa yang termasuk, dan apa yang tidak.",
    )
    calculation = forms.CharField(
        label="Cara perhitungan", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label="Jenis", choices=choices_of("kind"), initial=Card.Kind.OUTPUT)
    aspect = forms.ChoiceField(label="Aspek target", required=False, choices=optional("aspect"))
    validity = forms.ChoiceField(
        label="Tingkat validitas", required=False, choices=optional("validity"),
        help_text="Seberapa langsung indikator mengukur sasarannya.",
    )  # fmt: skip
    control = forms.ChoiceField(label="Tingkat kendali", required=False, choices=optional("control"))
    measured_month = forms.TypedChoiceField(
        label="Terukur mulai bulan", required=False, coerce=int, empty_value=None,
        choices=[("", "— setiap periode —"), *enumerate(MONTHS, start=1)],
    )  # fmt: skip
    responsible = text_field("Penanggung jawab", 160, required=False, help_text="Jabatan yang menjawab atas angkanya.")
    collector = text_field("Petugas pengumpul data", 200, required=False, help_text="Jabatan atau nama di unit.")
    formula = text_field(
        "Rumus",
        400,
        required=False,
        help_text="Kosongkan bila unit mengisi angka jadi. Misalnya: selesai / masuk * 100.",
    )
    polarity = forms.ChoiceField(
        label="Polaritas", choices=choices_of("polarity"), help_text="Arah yang baik; menentukan rumus capaian."
    )
    frequency = forms.ChoiceField(label="Periode pelaporan", choices=choices_of("frequency"), initial="quarter")
    entry_kind = forms.ChoiceField(
        label="Yang diisi unit", choices=choices_of("entry"), help_text="Hasil periode itu saja, atau sejak awal tahun."
    )
    consolidation = forms.ChoiceField(
        label="Konsolidasi periode",
        choices=choices_of("consolidation"),
        initial="last",
        help_text="Cara menggabungkan beberapa periode dalam setahun.",
    )
    location = forms.ChoiceField(
        label="Konsolidasi unit",
        choices=choices_of("location"),
        initial="sum",
        help_text="Cara menggabungkan angka beberapa unit. Untuk persentase, jumlahkan data mentahnya.",
    )
    scale = forms.ChoiceField(label="Skala capaian", choices=choices_of("scale"))
    cap = FigureField("Batas skor (persen)", help_text="Batas atas skor dalam rata-rata. Kosong berarti tanpa batas.")
    tolerance = FigureField("Toleransi (persen)", help_text="Hanya untuk polaritas stabilkan.")
    weight = FigureField("Bobot", required=True, help_text="1 bila semua indikator sama penting.")
    negative_target = forms.BooleanField(label="Target boleh negatif", required=False)
    released_next_year = forms.BooleanField(label="Nilai resmi baru terbit tahun berikutnya", required=False)
    source = text_field("Sumber data", 300, required=False)
    evidence = text_field("Bukti yang diminta", 300, required=False)
    baseline = FigureField("Data awal")
    baseline_year = forms.IntegerField(
        label="Tahun data awal", required=False, error_messages={"invalid": "Tulis tahunnya, misalnya 2024."}
    )
    origin = text_field("Asal kartu", 300, required=False, help_text="Dokumen sumber, misalnya Keputusan IKU 2026.")

    HEADINGS: Mapping[str, tuple[str, ...]] = {
        "Indikator": ("name", "ordinal", "is_iku", "is_ikk", "is_lppd"),
        "Arti": ("measured_in", "kind", "aspect", "validity", "control", "definition", "calculation"),
        "Cara mengukur": (
            "polarity", "frequency", "entry_kind", "consolidation", "location", "scale", "cap", "tolerance", "weight",
            "measured_month", "negative_target", "released_next_year",
        ),
        "Sumber dan bukti": ("responsible", "collector", "source", "evidence", "baseline", "baseline_year", "origin"),
        "Rumus dari data mentah": ("formula",),
    }  # fmt: skip
    FLAGS = ("ordinal", "is_iku", "is_ikk", "is_lppd")

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        initial = dict(kwargs.pop("initial", None) or {})
        super().__init__(data, *args, initial={"cap": Decimal(120), "weight": Decimal(1)} | initial, **kwargs)
        make = formset_factory(DatumRow, extra=BLANK_DATA, max_num=MOST_DATA + BLANK_DATA, absolute_max=MOST_DATA + 10)
        if data is not None and f"{ROWS}-TOTAL_FORMS" not in data:
            data = data.copy()
            data[f"{ROWS}-TOTAL_FORMS"] = data[f"{ROWS}-INITIAL_FORMS"] = "0"
        rows = None if data is not None else typed_rows(initial) or initial.get(DATA)
        self.rows: BaseFormSet[Any] = make(data, initial=rows, prefix=ROWS)

    @staticmethod
    def values_of(card: Card) -> dict[str, Any]:
        """Return a card's rows as values of the fields."""
        values = dict(vars(CardEntry.of(card)))
        data = [vars(datum) for datum in values.pop(DATA)]
        values["entry_kind"] = values.pop("entry")
        flags = {name: getattr(card.indicator, name) for name in CardForm.FLAGS}
        return values | flags | {DATA: data, "edition": card.edition}

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.HEADINGS.items()]

    def is_valid(self) -> bool:
        """Tell whether fields and rows can be read."""
        rows_valid = self.rows.is_valid()
        return super().is_valid() and rows_valid

    def filled(self) -> list[DatumRow]:
        """Return the rows that hold anything."""
        return [row for row in self.rows.forms if any(row.cleaned_data.values())]

    def entry(self) -> CardEntry:
        """Return what was typed."""
        names = [name for name in CardEntry.__dataclass_fields__ if name not in (DATA, "entry")]
        said = {name: self.cleaned_data[name] for name in names}
        data = tuple(DatumEntry(**row.cleaned_data) for row in self.filled())
        return CardEntry(**said, entry=self.cleaned_data["entry_kind"], data=data)

    def tried(self) -> CardEntry:
        """Return what can be read of what was typed so far, for an example; the rest as a new card has it."""
        given = self.cleaned_data
        names = [name for name in CardEntry.__dataclass_fields__ if name in given]
        said = {name: given[name] for name in names if given[name] is not None or name in EMPTY_MEANS}
        rows = [row.cleaned_data for row in self.rows.forms if row.is_valid() and row.cleaned_data.get("name")]
        data = tuple(DatumEntry(**row) for row in rows)
        entry = given.get("entry_kind") or Card.Entry.PERIOD.value
        return replace(CardEntry("Contoh", "satuan"), **said, entry=entry, data=data)

    def indicator(self) -> IndicatorEntry:
        """Return the place and flags that were typed."""
        return IndicatorEntry(**{name: self.cleaned_data[name] for name in self.FLAGS})

    def show(self, reasons: Iterable[Reason]) -> None:
        """Put each reason at its field, its row, or above the form."""
        for reason in reasons:
            prefix, _, rest = reason.field.partition("_")
            place, _, field = rest.partition("_")
            if prefix == DATA and place.isdecimal():
                self.filled()[int(place)].add_error(field, str(reason))
                continue
            name = "entry_kind" if reason.field == "entry" else reason.field
            self.add_error(name if name in self.fields else None, str(reason))


class SuppliersForm(EditionForm):
    """Which units supply a card's figures."""

    units = forms.MultipleChoiceField(
        label="Unit penyedia data", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Setiap unit yang dicentang menerima baris indikator ini pada formulirnya.",
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {unit.public_id: unit for unit in suppliers(reach)}
        self.fields["units"].choices = [(key, unit.name) for key, unit in self.by_key.items()]  # type: ignore[attr-defined]

    def unit_ids(self) -> list[int]:
        """Return the row numbers of the chosen units."""
        return [self.by_key[key].pk for key in self.cleaned_data["units"]]


class BudgetForm(EditionForm):
    """Ceiling and spending of a node by month."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for month, name in enumerate(MONTHS, start=1):
            self.fields[f"month_{month}"] = FigureField(f"Pagu {name}", rupiah=True)
            self.fields[f"spent_{month}"] = FigureField(f"Realisasi {name}", rupiah=True)

    @property
    def months(self) -> list[tuple[str, BoundField, BoundField]]:
        """Name, ceiling and spending of each month."""
        return [(name, self[f"month_{month}"], self[f"spent_{month}"]) for month, name in enumerate(MONTHS, start=1)]

    @staticmethod
    def values_of(node: Node, year: int) -> dict[str, Any]:
        """Return the stored amounts as values of the fields."""
        values: dict[str, Any] = {"edition": node.edition}
        values |= {f"{kind}_{month}": "" for kind in ("month", "spent") for month in range(1, 13)}
        for row in node.budget_months.filter(year=year):
            values[f"month_{row.month}"], values[f"spent_{row.month}"] = row.ceiling, row.spent
        return values

    def entries(self) -> list[MonthEntry]:
        """Return the amounts that were typed."""
        data = self.cleaned_data
        return [MonthEntry(month, data[f"month_{month}"], data[f"spent_{month}"]) for month in range(1, 13)]


def chosen_cards(values: Sequence[str], drafts: Iterable[Card]) -> dict[int, int]:
    """Return row numbers with the editions that were seen, from boxes whose value is `public id:edition`.

    A card that is gone or whose edition is none keeps a number that fits no row: the action then refuses all.
    """
    by_key = {card.public_id: card.pk for card in drafts}
    found = {}
    for value in values:
        key, _, edition = value.partition(":")
        found[by_key.get(key, 0)] = int(edition) if edition.isdecimal() and len(edition) < 9 else 0
    return found
