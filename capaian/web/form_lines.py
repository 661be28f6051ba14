"""The fields of a unit's form, one line at a time: light values, for a form has hundreds of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from capaian.collection.models import Evidence
from capaian.collection.reading import is_yes_no, read_letter, shown_actual
from capaian.collection.sheets import Block, Line
from capaian.documents.store import Kept
from capaian.formulas.polarity import Polarity
from capaian.planning.models import CardDatum
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
    """A line that may be filled in: its fields, what was typed in them, its evidence."""

    line: Line
    typed: Typed | None = None
    files: Files = field(default_factory=MultiValueDict)
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Decimal | None] = field(default_factory=dict)
    letter: str = ""

    def __post_init__(self) -> None:
        self.key = SafeString(self.line.key)  # public id and period: letters, digits and hyphens
        self.evidence: list[Evidence] = list(self.line.actual.evidence.all()) if self.line.actual else []
        self.controls = list(self._controls())
        self.texts = [self._control(name, label, self._saved(name)) for name, label in TEXTS]
        self.link = self._control("link", "Tautan bukti", "")
        self.provisional = self._is_ticked()
        self._read()

    def _name(self, what: str) -> SafeString:
        return SafeString(f"{what}-{self.key}")

    def _saved(self, what: str) -> str:
        return getattr(self.line.actual, what) if self.line.actual else ""

    def _control(self, what: str, label: str, saved: str, **more: object) -> Control:
        name = self._name(what)
        text = saved if self.typed is None or (name not in self.typed) else str(self.typed[name])
        return Control(name, label, text, **more)  # type: ignore[arg-type]

    def _controls(self) -> Iterator[Control]:
        card, actual = self.line.card, self.line.actual
        label = f"Realisasi {self.line.period.label}"
        if has_formula(card):
            stands = {row.datum_id: row.value for row in actual.data.all()} if actual else {}
            for datum in card.data.all():
                yield self._control(
                    self._what(datum), datum.label, figure_text(stands.get(datum.pk)), unit=datum.measured_in
                )
        elif card.polarity == Polarity.PREDICATE:
            yield self._control("letter", label, self._saved("letter"), mode="text", unit=card.measured_in)
        else:
            saved = figure_text(actual.value if actual else None)
            yield self._control("value", label, saved, unit=card.measured_in, choices=YES_NO if is_yes_no(card) else ())

    def _what(self, datum: CardDatum) -> str:
        return f"data{datum.ordinal}"

    def _is_ticked(self) -> bool:
        name = self._name("provisional")
        if self.typed is not None and self._name("sent") in self.typed:
            return name in self.typed
        return bool(self.line.actual and self.line.actual.is_provisional)

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

    @cached_property
    def has_errors(self) -> bool:
        """Tell whether anything on this line could not be read."""
        return any(control.error for control in self.all_controls)

    @property
    def all_controls(self) -> list[Control]:
        """Every field of the line that holds text."""
        return [*self.controls, *self.texts, self.link]

    @property
    def has_texts(self) -> bool:
        """Tell whether an explanation stands there: then it is shown opened."""
        return any(control.text or control.error for control in self.texts)

    @cached_property
    def saved_text(self) -> str:
        """The figure as it was last saved, as people read it: whoever typed can see how it was read."""
        return self.line.shown

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
        card = self.line.card
        cause, obstacle, follow_up = (control.text.strip() for control in self.texts)
        data = {datum.pk: self.figures.get(self._name(self._what(datum))) for datum in card.data.all()}
        return ActualEntry(
            card.pk,
            self.line.period.code,
            value=None if has_formula(card) else self.figures.get(self._name("value")),
            letter=self.letter,
            data=data if has_formula(card) else {},
            is_provisional=self.provisional,
            cause=cause,
            obstacle=obstacle,
            follow_up=follow_up,
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
        place = (self.line.card.pk, self.line.period.code)
        found = [EvidenceEntry(*place, file) for file in kept]
        link = "" if self.has_errors else self.link.text.strip()
        return [*found, EvidenceEntry(*place, link=link)] if link else found


@dataclass
class FormBlock:
    """A card on the page: what it says, the lines reported elsewhere, the lines to fill in."""

    block: Block
    lines: list[FormLine]

    @property
    def card_key(self) -> str:
        """The card's public id: where the page jumps to."""
        return self.block.card.public_id


def lines_of(block: Block, data: QueryDict | None, typed: Typed, files: Files) -> FormBlock:
    """Return a card with the fields of its open lines; what was sent counts, then what was typed before."""
    given: Typed | None = data if data is not None else (typed or None)
    return FormBlock(block, [FormLine(line, given, files) for line in block.open_lines])
