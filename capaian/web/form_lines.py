"""The fields of a unit's form, one line at a time: light values, for a form has hundreds of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from capaian.collection import rules
from capaian.collection.consolidation import has_formula
from capaian.collection.entries import ActualEntry, EvidenceEntry
from capaian.collection.merging import DATUM
from capaian.collection.models import Actual, Evidence
from capaian.collection.preview import preview
from capaian.collection.reading import is_yes_no, read_letter, shown_actual, shown_target
from capaian.collection.sheets import Block, Line, shown_of
from capaian.documents.store import Kept
from capaian.formulas.polarity import Polarity
from capaian.periods.period import Period
from capaian.planning.models import Card, CardDatum
from capaian.planning.typed_figures import Unread, figure_text, read_figure

TEXTS = (("cause", "Penyebab"), ("obstacle", "Hambatan"), ("follow_up", "Tindak lanjut"))
YES_NO = (("", "Belum diisi"), ("1", "Selesai"), ("0", "Belum selesai"))
Typed = Mapping[str, object]
Files = MultiValueDict[str, "UploadedFile[Any]"]


@dataclass
class Control:
    """One field as it is shown: `text` is what stands in it, `error` why it could not be read."""

    name: str
    label: str
    text: str
    error: str = ""
    choices: Sequence[tuple[str, str]] = ()
    unit: str = ""
    mode: str = "decimal"


@dataclass
class FormLine:
    """A line that may be filled in: its fields, what was typed in them, its evidence.

    `typed` is what was sent, by the field's name; with it comes what stood in the fields when the page was opened.
    """

    line: Line
    typed: Typed | None = None
    files: Files = field(default_factory=MultiValueDict)
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Decimal | None] = field(default_factory=dict)
    letter: str = ""

    def __post_init__(self) -> None:
        self.key = SafeString(self.line.key)  # public id and period: letters, digits and hyphens
        self.evidence: list[Evidence] = list(self.line.actual.evidence.all()) if self.line.actual else []
        self.stands = texts_of(self.line)
        self.controls = list(self._controls())
        self.texts = [self._control(name, label) for name, label in TEXTS]
        self.link, self.dated = self._control("link", "Tautan bukti"), self._control("dated", "Tanggal dokumen bukti")
        self.provisional = self._is_ticked()
        self._read()

    def _name(self, what: str) -> SafeString:
        return SafeString(f"{what}-{self.key}")

    def _control(self, what: str, label: str, **more: object) -> Control:
        name = self._name(what)
        saved = self.stands.get(what, "")
        text = saved if self.typed is None or (name not in self.typed) else str(self.typed[name])
        return Control(name, label, text, **more)  # type: ignore[arg-type]

    def _controls(self) -> Iterator[Control]:
        card = self.line.card
        if has_formula(card):
            for datum in card.data.all():
                yield self._control(what_of(datum), datum.label, unit=datum.measured_in)
        elif card.polarity == Polarity.PREDICATE:
            yield self._control("letter", "Realisasi", mode="text", unit=card.measured_in)
        else:
            yield self._control("value", "Realisasi", unit=card.measured_in, choices=YES_NO if is_yes_no(card) else ())

    def _is_ticked(self) -> bool:
        name = self._name("provisional")
        if self.typed is not None and self._name("sent") in self.typed:
            return name in self.typed
        return bool(self.stands.get("provisional"))

    def _read(self) -> None:
        """Read what stands in the fields; a text that cannot be read leaves its sentence at the field."""
        for control in self.controls:
            try:
                if control.mode == "text":
                    self.letter = read_letter(control.text)
                else:
                    self.figures[control.name] = read_figure(control.text, control.unit)
            except Unread as unread:
                control.error = unread.text
        for text in self.texts:
            if len(text.text) > rules.TEXT_LENGTH:
                text.error = f"Terlalu panjang. Ringkas menjadi paling banyak {rules.TEXT_LENGTH} huruf."
        if self.link.text and not rules.is_link(self.link.text.strip()):
            self.link.error = "Tulis alamat lengkap yang diawali https://."
        if self.dated.text and read_day(self.dated.text) is None:
            self.dated.error = "Tanggal tidak terbaca. Tulis misalnya 31-12-2026."

    @cached_property
    def has_errors(self) -> bool:
        """Tell whether anything on this line could not be read."""
        return any(control.error for control in self.all_controls)

    @property
    def all_controls(self) -> list[Control]:
        """Every field of the line that holds text."""
        return [*self.controls, *self.texts, self.link, self.dated]

    @property
    def has_texts(self) -> bool:
        """Tell whether an explanation stands there: then it is shown opened."""
        return any(control.text or control.error for control in self.texts)

    @cached_property
    def saved_text(self) -> str:
        """The figure as it was last saved, as people read it: whoever typed can see how it was read."""
        return self.line.shown

    @property
    def base(self) -> str:
        """What stood in the fields when the page was opened: as it was sent along, else what stands now."""
        sent = None if self.typed is None else self.typed.get(self._name("base"))
        return str(sent) if sent else base_text(self.stands)

    @property
    def result(self) -> str:
        """What the saved figure achieves by itself, "" where its period has no target."""
        actual = self.line.actual
        return preview(self.line, actual.value, actual.letter) if actual else ""

    @property
    def target(self) -> str:
        """The target of this period, else the year's with its words."""
        year = str(self.line.card.year)
        return self.line.target or next(
            (f"{shown_target(row)} ({year})" for row in self.line.card.targets.all() if row.period == year), ""
        )

    @property
    def before(self) -> str:
        """What was reported for the period before, with its name."""
        return then(self.line.card, self.line.before)

    @property
    def year_before(self) -> str:
        """What was reported a year ago, with its period's name."""
        return then(self.line.card, self.line.year_before)

    @cached_property
    def warnings(self) -> list[str]:
        """What should be looked at again."""
        return rules.warnings(self.line)

    @property
    def uploads(self) -> "list[UploadedFile[Any]]":
        """The files chosen for this line."""
        return list(self.files.getlist(self._name("files")))

    def entry(self) -> ActualEntry:
        """Return what a readable line says."""
        texts = {name: control.text for (name, _), control in zip(TEXTS, self.texts, strict=True)}
        return self._entry(self.figures, self.letter, texts, provisional=self.provisional)

    @property
    def base_texts(self) -> dict[str, str] | None:
        """What stood in the fields when the page was opened, by their short names; None where it did not say."""
        sent = None if self.typed is None else self.typed.get(self._name("base"))
        try:
            return {str(name): str(text) for name, text in json.loads(str(sent)).items()} if sent else None
        except (ValueError, AttributeError):  # not what this page has sent
            return None

    def base_entry(self) -> ActualEntry | None:
        """Return what stood on the line when the page was opened; None where the page did not say."""
        texts = self.base_texts
        if texts is None:
            return None
        numbers = [control for control in self.controls if control.mode != "text"]
        try:
            figures = {one.name: read_figure(texts.get(self._short(one), ""), one.unit) for one in numbers}
        except Unread:
            return None
        return self._entry(figures, texts.get("letter", ""), texts, provisional=bool(texts.get("provisional")))

    def _short(self, control: Control) -> str:
        return control.name.removesuffix(f"-{self.key}")

    def take_over(self, opened: Mapping[str, str] | None) -> None:
        """Show what stands by now in the fields that were left as they were when the page was opened."""
        if opened is None:
            return
        for control in (*self.controls, *self.texts):
            if same(control.text, opened.get(self._short(control), "")):
                control.text, control.error = self.stands.get(self._short(control), ""), ""
        if self.provisional == bool(opened.get("provisional")):
            self.provisional = bool(self.stands.get("provisional"))

    def _entry(
        self, figures: Mapping[str, Decimal | None], letter: str, texts: Mapping[str, str], *, provisional: bool
    ) -> ActualEntry:
        card = self.line.card
        data = {datum.pk: figures.get(self._name(what_of(datum))) for datum in card.data.all()}
        return ActualEntry(
            card.pk,
            self.line.period.code,
            value=None if has_formula(card) else figures.get(self._name("value")),
            letter=letter,
            data=data if has_formula(card) else {},
            is_provisional=provisional,
            **{name: texts.get(name, "").strip() for name, _ in TEXTS},
        )

    @property
    def read_text(self) -> str:
        """How this line was read, as people read it; what was saved before where it could not be read."""
        if self.has_errors:
            return self.saved_text
        said = self.entry()
        return shown_actual(self.line.card, rules.computed(self.line.card, said), said.letter)

    def proofs(self, kept: Sequence[Kept]) -> list[EvidenceEntry]:
        """Return the new proofs of this line: kept files and, on a readable line, the link."""
        place, dated = (self.line.card.pk, self.line.period.code), read_day(self.dated.text)
        found = [EvidenceEntry(*place, file, dated=dated) for file in kept]
        link = "" if self.has_errors else self.link.text.strip()
        return [*found, EvidenceEntry(*place, link=link, dated=dated)] if link else found

    def field_name(self, field: str) -> str:
        """Return the name of the page's field for a field of an entry (see `collection.merging`)."""
        if not field.startswith(DATUM):
            return self._name({"is_provisional": "provisional"}.get(field, field))
        pk = int(field.removeprefix(DATUM))
        return self._name(next(what_of(datum) for datum in self.line.card.data.all() if datum.pk == pk))


def what_of(datum: CardDatum) -> str:
    """Return the short name of a raw datum's field."""
    return f"data{datum.ordinal}"


def texts_of(line: Line) -> dict[str, str]:
    """Return what stands on a line as its fields hold it, by their short names; what is empty is left out."""
    actual = line.actual
    if actual is None:
        return {}
    found = {name: getattr(actual, name) for name, _ in TEXTS} | {"letter": actual.letter}
    found["provisional"] = "1" if actual.is_provisional else ""
    if has_formula(line.card):
        ordinals = {datum.pk: what_of(datum) for datum in line.card.data.all()}
        found |= {ordinals[row.datum_id]: figure_text(row.value) for row in actual.data.all()}
    else:
        found["value"] = figure_text(actual.value)
    return {name: text for name, text in found.items() if text}


def base_text(texts: Mapping[str, str]) -> str:
    """Return the texts of a line as the page carries them along."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def same(text: str, other: str) -> bool:
    """Tell whether two texts of a field are the same, whatever the browser does to line ends."""
    return text.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def then(card: Card, actual: Actual | None) -> str:
    """Return what was reported once, with its period's name."""
    text = shown_of(card, actual)
    return f"{text} ({Period.parse(actual.period).label})" if actual and text else ""


def read_day(text: str) -> date | None:
    """Return a day as browsers send it or as people type it; None for what is neither."""
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  (a day has no zone)
    return None


@dataclass
class FormBlock:
    """A card on the page: what it says, the lines reported elsewhere, the lines to fill in."""

    block: Block
    lines: list[FormLine]

    @property
    def card_key(self) -> str:
        """The card's public id: where the page jumps to."""
        return self.block.card.public_id

    @cached_property
    def together(self) -> str:
        """The periods put together: see `Block`."""
        return self.block.together


def lines_of(block: Block, data: QueryDict | None, typed: Typed, files: Files) -> FormBlock:
    """Return a card with the fields of its open lines; what was sent counts, then what was typed before."""
    given: Typed | None = data if data is not None else (typed or None)
    return FormBlock(block, [FormLine(line, given, files) for line in block.open_lines])
