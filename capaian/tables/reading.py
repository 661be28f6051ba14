"""One row of text to one result: every polarity, every way of writing; the exact path."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from capaian.formulas.achievement import achieve, achieve_milestone, achieve_predicate, achieve_range, achieve_stages
from capaian.formulas.number_text import Number, Refusal, Separator, parse_number
from capaian.formulas.polarity import Polarity, polarity_named
from capaian.formulas.predicates import EVALUATION, ordinals_of
from capaian.formulas.result import Result
from capaian.formulas.rounding import rounded
from capaian.tables.columns import Columns
from capaian.tables.settings import Settings
from capaian.workbooks.problems import CellProblem

ABSENT: Final = ("empty", "not_available")
WEIGHT_PLACES: Final = 12
DONE: Final = frozenset({"ya", "y", "selesai", "sudah", "tercapai", "yes", "done", "true", "1", "v", "✓"})
NOT_DONE: Final = frozenset(
    {"tidak", "t", "belum", "belum selesai", "tidak tercapai", "belum tercapai", "no", "false", "0"}
)
RANGE: Final = re.compile(r"(.*?[0-9%])\s*(?:\.\.|…|s\.?\s?d\.?|s/d|sampai|-|–|—)\s*([-−]?[0-9].*)", re.IGNORECASE)
FIGURES: Final = frozenset({"0", "1"})
ALWAYS_PERCENT: Final = ("weight", "tolerance", "published")
PERCENT_UNITS: Final = ("%", "persen", "percent")


class Unread(Exception):
    """A cell of the row cannot be read: which column, and why."""

    def __init__(self, key: str, text: str) -> None:
        self.key, self.text = key, text
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Measured:
    """A row's result and its weight in averages."""

    result: Result
    weight: Decimal


class RowReader:
    """Reads rows of one table."""

    def __init__(self, columns: Columns, settings: Settings) -> None:
        self.columns, self.settings = columns, settings

    def read(self, row: list[str], number: int) -> Measured | CellProblem:
        """The result of a row as wide as the headings, or the cell that cannot be read."""
        try:
            return Measured(self._result(row), self._weight(row))
        except Unread as unread:
            place = self.columns.place(unread.key) or 0
            return CellProblem(number, place + 1, self.columns.heading(place), unread.text)

    def cell(self, row: list[str], key: str) -> str:
        """The text of a known column; empty when the table does not have it."""
        place = self.columns.place(key)
        return "" if place is None else row[place].strip()

    def number(self, row: list[str], key: str) -> Decimal | None:
        """The number of a cell, None when it is blank; raise `Unread`."""
        return self.number_in(self.cell(row, key), key, percent=key in ALWAYS_PERCENT or self._fits_percent(row))

    def number_in(self, text: str, key: str, *, percent: bool) -> Decimal | None:
        """The number in a text of that column; `percent`: whether a % sign fits there."""
        parsed = parse_number(text, decimal=self.settings.decimal)
        if isinstance(parsed, Number):
            if parsed.percent and not percent:
                raise Unread(key, f"“{text}” bertanda persen, tetapi satuannya bukan persen. Betulkan salah satunya.")
            return parsed.value
        if isinstance(parsed, Refusal) and parsed.code in ABSENT:
            return None
        raise Unread(key, self._why(text, parsed.text))

    def _why(self, text: str, sentence: str) -> str:
        """The sentence, with the text in it and the way out when the whole file uses the other decimal sign."""
        quoted = sentence if text in sentence else f"“{text}”: {sentence}"
        other: Separator = "." if self.settings.decimal == "," else ","
        if isinstance(parse_number(text, decimal=other), Number):
            option = "point" if other == "." else "comma"
            return f"{quoted} Bila seluruh berkas ditulis demikian, pakai --decimal {option}."
        return quoted

    def _fits_percent(self, row: list[str]) -> bool:
        unit = self.cell(row, "unit").casefold()
        return not unit or any(mark in unit for mark in PERCENT_UNITS)

    def _weight(self, row: list[str]) -> Decimal:
        weight = self.number(row, "weight")
        if weight is None:
            return Decimal(1)
        if weight < 0:
            raise Unread("weight", "Bobot tidak boleh negatif.")
        if weight != rounded(weight, WEIGHT_PLACES):
            raise Unread("weight", f"Bobot paling banyak {WEIGHT_PLACES} desimal.")
        return weight

    def _result(self, row: list[str]) -> Result:
        polarity = polarity_named(self.cell(row, "polarity"))
        if polarity is None:
            raise Unread(
                "polarity",
                f"Polaritas “{self.cell(row, 'polarity')}” tidak dikenal. Tulis misalnya maximize atau minimize.",
            )
        match polarity:
            case Polarity.RANGE_MAX | Polarity.RANGE_MIN:
                return self._range(row, polarity)
            case Polarity.PREDICATE:
                return self._predicate(row)
            case Polarity.MILESTONE:
                return self._milestone(row)
            case _:
                rule = self.settings.rule(polarity, self._tolerance(row) if polarity is Polarity.STABILIZE else None)
                return achieve(rule, self.number(row, "target"), self.number(row, "actual"))

    def _tolerance(self, row: list[str]) -> Decimal | None:
        tolerance = self.number(row, "tolerance")
        if tolerance is not None and tolerance < 0:
            raise Unread("tolerance", "Toleransi tidak boleh negatif.")
        return tolerance

    def _range(self, row: list[str], polarity: Polarity) -> Result:
        low, high = self.number(row, "target_low"), self.number(row, "target_high")
        target = self.cell(row, "target")
        if low is None and high is None and target:
            low, high = self._range_in(row, target)
        if low is not None and high is not None and low > high:
            raise Unread("target_low" if self.cell(row, "target_low") else "target", "Batas bawah di atas batas atas.")
        return achieve_range(self.settings.rule(polarity), low, high, self.number(row, "actual"))

    def _range_in(self, row: list[str], target: str) -> tuple[Decimal | None, Decimal | None]:
        """Both bounds from a text such as `80–90` or `80 s.d. 90`."""
        match = RANGE.fullmatch(target)
        percent = self._fits_percent(row)
        if match is None:
            if self.number_in(target, "target", percent=percent) is None:
                return None, None
            raise Unread(
                "target", f"“{target}” bukan rentang. Isi target_low dan target_high, atau tulis misalnya 80–90."
            )
        low, high = (self.number_in(part, "target", percent=percent) for part in match.groups())
        return low, high

    def _predicate(self, row: list[str]) -> Result:
        target, actual = (self._letter(row, key) for key in ("target", "actual"))
        ordinals = ordinals_of(target) if target else EVALUATION
        if ordinals is None:
            raise Unread("target", f"Predikat “{target}” tidak dikenal. Tulis misalnya BB atau WTP.")
        if actual and target and ordinals.value(actual) is None:
            letters = ", ".join(ordinals.values)
            raise Unread("actual", f"Predikat “{actual}” tidak ada di antara {letters}.")
        rule = replace(self.settings.rule(Polarity.PREDICATE), ordinals=ordinals)
        return achieve_predicate(rule, target, actual if target else None)

    def _letter(self, row: list[str], key: str) -> str:
        text = self.cell(row, key)
        parsed = parse_number(text)
        return "" if isinstance(parsed, Refusal) and parsed.code in ABSENT else text

    def _milestone(self, row: list[str]) -> Result:
        """Done or not by word; weighted stages when the target is a number, or the actual a percentage."""
        rule = self.settings.rule(Polarity.MILESTONE)
        text = self.cell(row, "actual")
        target = parse_number(self.cell(row, "target"), decimal=self.settings.decimal)
        stages = target.value if isinstance(target, Number) else None
        if text.casefold() in (DONE | NOT_DONE if stages is None else (DONE | NOT_DONE) - FIGURES):
            return achieve_milestone(rule, done=text.casefold() in DONE)
        done = self.number(row, "actual")
        if stages is None and done is not None:
            if not text.endswith("%"):
                raise Unread(
                    "actual", f"“{text}” tidak jelas. Tulis ya atau belum, atau isi target dengan jumlah tahap."
                )
            stages = Decimal(100)
        return achieve_milestone(rule, done=None) if done is None else achieve_stages(rule, stages, done)
