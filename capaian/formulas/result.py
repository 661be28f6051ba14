"""A measured result that explains itself: inputs, formula in words and in numbers, category and why."""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from capaian.formulas.absence import Absence
from capaian.formulas.formula import Formula
from capaian.formulas.number_text import format_number
from capaian.formulas.rounding import Exact, decimal_of, half_up, quotient, rounded
from capaian.formulas.rule import Rule
from capaian.formulas.scales import Level

RAW_PLACES = 12


class Computed(NamedTuple):
    """A percentage as a quotient, with the working as a pattern over the names of the inputs."""

    numerator: int
    denominator: int
    pattern: str

    @property
    def fraction(self) -> Fraction:
        """The exact percentage."""
        return Fraction(self.numerator, self.denominator)

    @property
    def reduced(self) -> str:
        """The exact percentage as text in lowest terms: `250/3`; the same as of the fraction."""
        shared = gcd(self.numerator, self.denominator)
        if self.denominator < 0:
            shared = -shared
        return f"{self.numerator // shared}/{self.denominator // shared}"


class Input(NamedTuple):
    """One input: the name it has in the formula (`T`), its label, its value and how it is written."""

    name: str
    label: str
    value: Exact | None
    text: str = ""

    @property
    def written(self) -> str:
        """As people read it; an empty value says so."""
        if self.text or self.value is None:
            return self.text or "tidak ada"
        # a consolidated mean may never end; people need to see what it is, not all of it
        text = format_number(self.value)
        return text if len(text.partition(",")[2]) <= RAW_PLACES else f"{format_number(self.value, 6)}…"

    @property
    def in_working(self) -> str:
        """As an operand: a true minus sign, negative numbers in parentheses."""
        text = self.written.replace("-", "−")
        return f"({text})" if text.startswith("−") else text


class Result(NamedTuple):
    """One achievement. Exactly one of `computed` and `absence` is set; without a number all figures are None."""

    formula: Formula
    rule: Rule
    inputs: tuple[Input, ...]
    computed: Computed | None
    absence: Absence | None

    @property
    def exact(self) -> Fraction | None:
        """The uncapped percentage, exact; may be negative."""
        return None if self.computed is None else self.computed.fraction

    @property
    def raw(self) -> Decimal | None:
        """The uncapped percentage with 12 decimals; may be negative."""
        return self._rounded(RAW_PLACES)

    @property
    def shown(self) -> Decimal | None:
        """max(raw, 0) rounded once, half up, to 2 decimals: what is printed and categorised."""
        shown = self._rounded(2)
        return None if shown is None else max(shown, Decimal("0.00"))

    @property
    def score_exact(self) -> Fraction | None:
        """min(max(raw, 0), cap), not rounded: what averages take."""
        exact, cap = self.exact, self.rule.cap
        if exact is None:
            return None
        if exact < 0:
            return Fraction(0)
        return exact if cap is None or exact <= cap else Fraction(cap)

    @property
    def score(self) -> Decimal | None:
        """The score with 2 decimals, for printing."""
        exact = self.score_exact
        return None if exact is None else rounded(exact)

    @property
    def level(self) -> Level | None:
        """The level of the shown number."""
        shown = self.shown
        return None if shown is None else self.rule.scale.level(shown)

    @property
    def category(self) -> str | None:
        """The full label of the level."""
        level = self.level
        return None if level is None else level.label

    @property
    def reason(self) -> str:
        """Why there is no number; empty when there is one."""
        return "" if self.absence is None else self.absence.text

    @property
    def working(self) -> str:
        """The formula in numbers: `(2 × 10 − 8) ÷ 10 × 100 = 120,00`; empty without a number."""
        if self.computed is None:
            return ""
        operands = {item.name: item.in_working for item in self.inputs}
        raw = decimal_of(half_up(self.computed.numerator, self.computed.denominator), 2)
        return f"{self.computed.pattern.format(**operands)} = {format_number(raw, 2).replace('-', '−')}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """Sentences for people: inputs, formula, working, what is shown, score, category or why there is none."""
        given = "; ".join(f"{item.label} {item.written}" for item in self.inputs)
        head = (f"{given[:1].upper()}{given[1:]}.", f"Rumus: {self.formula.title}, {self.formula.expression}.")
        if self.absence is not None:
            return (*head, f"Tidak dapat dihitung: {self.absence.text}.")
        return (*head, f"{self.working}.", *self._figures())

    def facts(self) -> dict[str, str | None]:
        """Everything that was decided, as text with a decimal point; the digest covers exactly this."""
        rule = self.rule
        return {
            "formula": self.formula.key,
            "scale": f"{rule.scale.code}/{rule.scale.version}",
            "cap": _canonical(rule.cap),
            "tolerance": _canonical(rule.tolerance),
            **{item.name: item.text or _canonical(item.value) for item in self.inputs},
            "raw": _canonical(self.raw),
            "shown": _canonical(self.shown),
            "score": _canonical(self.score),
            "category": self.category,
            "reason": None if self.absence is None else self.absence.code,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the facts: the same on every output that shows this result."""
        text = json.dumps(self.facts(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _rounded(self, places: int) -> Decimal | None:
        if self.computed is None:
            return None
        return decimal_of(half_up(self.computed.numerator, self.computed.denominator, places), places)

    def _figures(self) -> tuple[str, ...]:
        """What became of the number: floor, cap, category. Only called when there is one."""
        sentences = []
        if self.exact is not None and self.exact < 0:
            sentences.append("Ditampilkan 0,00 karena capaian di bawah nol.")
        if self.score is not None and self.score_exact != self.exact and self.score_exact:
            sentences.append(
                f"Skor {format_number(self.score, 2)} karena dibatasi {format_number(self.rule.cap or 0)}."
            )
        if self.shown is not None:
            sentences.append(f"Kategori {self.rule.scale.why(self.shown)}.")
        return tuple(sentences)


def _canonical(value: Exact | None) -> str | None:
    """One writing per number: decimal point, no grouping, no idle zeros."""
    return None if value is None else format_number(value, decimal=".", grouping=False)


def common_scale(*values: Exact) -> tuple[int, ...]:
    """Whole numbers in the same proportion to each other as the values."""
    parts = [quotient(value) for value in values]
    denominator = 1
    for _, each in parts:
        denominator *= each
    return tuple(numerator * (denominator // each) for numerator, each in parts)
