"""The table that a unit takes along: its columns, and one row for every figure that is asked for."""

import hashlib
from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from capaian.collection.consolidation import has_formula
from capaian.collection.models import Actual
from capaian.collection.reading import is_yes_no
from capaian.collection.sheets import Line, Sheet
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import ORDINALS, ordinals_of
from capaian.planning.models import CardDatum

SHEET, GUIDE, SEAL = "Isian", "Petunjuk", "capaian"
YES, NO = "ya", "tidak"
DONE, NOT_DONE = "Selesai", "Belum selesai"
ACTUAL: Final = "Realisasi"
Place = tuple[int, int, str]  # row numbers of unit and card, code of the period


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, its width in signs; `required`: a row cannot be told without it."""

    key: str
    heading: str
    width: int
    required: bool = False


FACTS: Final = ("unit", "name", "period", "input", "measured_in")
TEXTS: Final = ("cause", "obstacle", "follow_up")
COLUMNS: Final = (
    Column("key", "Kode", 13, required=True),
    Column("unit", "Unit", 26, required=True),
    Column("name", "Indikator", 44, required=True),
    Column("period", "Periode", 16, required=True),
    Column("input", "Isian", 26, required=True),
    Column("measured_in", "Satuan", 12, required=True),
    Column("before", "Periode lalu", 14),
    Column("year_before", "Tahun lalu", 14),
    Column("target", "Target", 14),
    Column("value", "Nilai", 16),
    Column("is_provisional", "Sementara", 12),
    Column("cause", "Penyebab", 36),
    Column("obstacle", "Hambatan", 36),
    Column("follow_up", "Tindak lanjut", 36),
    # on both sides of what is filled in: cells pushed down on one side alone are noticed
    Column("again", "Kode ulang", 13, required=True),
)
INPUTS: Final = ("value", "is_provisional", *TEXTS)
HEADINGS: Final = {column.key: column.heading for column in COLUMNS}


@dataclass(frozen=True)
class Input:
    """One figure that is asked for: a line's own, or one of its raw data; `is_first` of the line's rows."""

    sheet: Sheet
    line: Line
    datum: CardDatum | None
    is_first: bool

    @cached_property
    def code(self) -> str:
        """What names the row in a file: the same at every download, and never a number by its looks."""
        form = self.sheet.form.public_id if self.sheet.form else ""
        text = f"{form}/{self.line.key}/{self.datum.ordinal if self.datum else 0}"
        return f"K{b32encode(hashlib.sha256(text.encode()).digest()[:10]).decode()[:11]}"

    @cached_property
    def place(self) -> Place:
        """Whose line it is."""
        return self.sheet.unit.pk, self.line.card.pk, self.line.period.code

    @cached_property
    def field(self) -> str:
        """The field's name as `merging` knows it."""
        if self.datum is not None:
            return f"data:{self.datum.pk}"
        return "letter" if self.line.card.polarity == Polarity.PREDICATE else "value"

    @property
    def label(self) -> str:
        """What is asked for, in words."""
        return ACTUAL if self.datum is None else self.datum.label

    @property
    def measured_in(self) -> str:
        """The unit of measure."""
        return self.line.card.measured_in if self.datum is None else self.datum.measured_in

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """What tells people which row it is; it must come back as it was."""
        line = self.line
        return self.sheet.unit.name, line.card.name, line.period.label, self.label, self.measured_in

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What may be chosen; nothing where a number is asked for."""
        if self.field == "letter":
            letters = [target.letter for target in self.line.card.targets.all() if target.letter]
            known = ordinals_of(letters[0]) if letters else None
            return tuple(letter for each in ([known] if known else ORDINALS) for letter in each.values)
        return (DONE, NOT_DONE) if self.is_yes_no else ()

    @cached_property
    def is_yes_no(self) -> bool:
        """Whether it is only asked whether something is done."""
        return self.datum is None and is_yes_no(self.line.card)

    def then(self, actual: Actual | None) -> Decimal | str | None:
        """Return what an earlier actual says to this figure."""
        if actual is None:
            return None
        if self.datum is None:
            return actual.letter or actual.value
        return next((row.value for row in actual.data.all() if row.datum.name == self.datum.name), None)


def inputs_of(sheets: Sequence[Sheet]) -> Iterator[Input]:
    """Return the rows of forms in order."""
    for sheet in sheets:
        for line in sheet.lines:
            if has_formula(line.card):
                for at, datum in enumerate(line.card.data.all()):
                    yield Input(sheet, line, datum, not at)
            else:
                yield Input(sheet, line, None, is_first=True)


def plain(text: str) -> str:
    """Return a text with single blanks: how facts are compared."""
    return " ".join(text.split())


def mark_of(facts: Sequence[str]) -> str:
    """Return the mark of a row's facts, which the seal holds."""
    return hashlib.sha256("\x1f".join(plain(fact) for fact in facts).encode()).hexdigest()[:12]
