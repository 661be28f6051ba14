"""The closing summary: rows, measured, why not, mean of the scores, categories. Adds up in constant memory."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from capaian.formulas.number_text import format_number
from capaian.formulas.rounding import decimal_of, half_up
from capaian.tables.settings import Settings

# scores are added as whole numbers of 10**-24, weights of 10**-12; what is cut off never reaches the second decimal
SCORE_PLACES: Final = 24
WEIGHT_PLACES: Final = 12


@dataclass(slots=True)
class Tally:
    """Sums over rows; tallies of parts of a table add up to the tally of the table."""

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    scores: int = 0
    weights: int = 0
    weighted: bool = False

    def add(self, other: "Tally") -> None:
        """Take in another part."""
        self.rows += other.rows
        self.reasons.update(other.reasons)
        self.categories.update(other.categories)
        self.scores += other.scores
        self.weights += other.weights
        self.weighted = self.weighted or other.weighted

    @property
    def measured(self) -> int:
        """Rows with an achievement."""
        return sum(self.categories.values())

    @property
    def mean(self) -> Decimal | None:
        """The weighted mean of the scores, rounded half up to 2 decimals; None without any weight.

        Every score was cut below the 24th decimal, so the true sum lies between `scores` and `scores` plus the
        weights. When both ends round alike the mean is proven; when a half lies between, it is that half.
        """
        if not self.weights:
            return None
        unit = 10**SCORE_PLACES
        highest = half_up(self.scores + self.weights, self.weights * unit)
        return decimal_of(highest, 2)


def summary(tally: Tally, settings: Settings) -> list[str]:
    """The lines that close a run."""
    width = max([len("Tidak terukur"), *(len(text) + 2 for text in (*tally.reasons, *tally.categories))])
    lines = [_line("Baris", tally.rows, width), _line("Terukur", tally.measured, width)]
    if tally.reasons:
        lines.append(_line("Tidak terukur", tally.rows - tally.measured, width))
        lines += [_line(f"  {reason}", count, width) for reason, count in tally.reasons.most_common()]
    if tally.mean is not None:
        mean = format_number(tally.mean, 2, decimal=settings.decimal, grouping=False)
        kind = "berbobot" if tally.weighted else "bobot sama"
        lines.append(
            f"{'Rata-rata skor':<{width}}  {mean:>10}  ({kind}; {tally.measured} dari {tally.rows} dilaporkan)"
        )
    labels = [level.label for level in settings.scale.levels]
    lines += [_line(f"  {label}", tally.categories[label], width) for label in labels if tally.categories[label]]
    return [*lines, _terms(settings)]


def _line(label: str, count: int, width: int) -> str:
    return f"{label:<{width}}  {count:>10}"


def _terms(settings: Settings) -> str:
    """Which choices made these figures."""
    cap = "tanpa batas" if settings.cap is None else format_number(settings.cap, decimal=settings.decimal)
    formula = "T ÷ R" if settings.ratio else "(2T − R) ÷ T"
    return f"Rumus minimize {formula}; batas skor {cap}; skala {settings.scale.code} ({settings.scale.title})."
