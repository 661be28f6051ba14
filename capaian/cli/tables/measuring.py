"""Measuring many rows: scaled whole numbers where they suffice, the exact path where not.

A row whose target and actual are plain numbers of at most 15 digits and 6 decimals is computed on whole numbers:
the percentage cut below the 24th decimal gives the 12-decimal figure, the shown figure and the score without any
loss, because rounding half up at a place above the cut never depends on what was cut. Every other row (signs,
letters, ranges, blanks, zero targets) goes through `reading.RowReader`. A test holds both together.
"""

from collections.abc import Callable
from typing import Final

from capaian.cli.tables.columns import Columns
from capaian.cli.tables.problems import CellProblem
from capaian.cli.tables.reading import Measured, RowReader
from capaian.cli.tables.settings import Settings
from capaian.cli.tables.tally import SCORE_PLACES, WEIGHT_PLACES, Tally
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity, polarity_named
from capaian.formulas.result import RAW_PLACES, Result
from capaian.formulas.rounding import Exact, decimal_of, quotient

PLACES: Final = 6
MOST_DIGITS: Final = 15
MOST_KEPT: Final = 50_000
NOT_PLAIN: Final = -1
HUNDRED: Final = 100 * 10**SCORE_PLACES
CENT: Final = 10 ** (SCORE_PLACES - 2)
HALF_CENT: Final = CENT // 2
RAW: Final = 10 ** (SCORE_PLACES - RAW_PLACES)
HALF_RAW: Final = RAW // 2
POWERS: Final[tuple[int, ...]] = tuple(10 ** (PLACES - places) for places in range(PLACES + 1))
ONE_WEIGHT: Final = 10**WEIGHT_PLACES
GROUP: Final = 3

Share = Callable[[int, int], int]


def _maximize(t: int, r: int) -> int:
    return r * HUNDRED // t


def _minimize(t: int, r: int) -> int:
    return (t + t - r) * HUNDRED // t


def _minimize_ratio(t: int, r: int) -> int:
    return t * HUNDRED // r if r else NOT_PLAIN


def _stabilize(t: int, r: int) -> int:
    return (r if r <= t else t + t - r) * HUNDRED // t


def _never(_target: int, _actual: int) -> int:
    return NOT_PLAIN


SHARES: Final[dict[Polarity, Share]] = {
    Polarity.MAXIMIZE: _maximize,
    Polarity.MINIMIZE: _minimize,
    Polarity.MINIMIZE_RATIO: _minimize_ratio,
    Polarity.STABILIZE: _stabilize,
}


class Measurer:
    """Adds the results to the rows of one table; keeps the tally and the cells that could not be read."""

    def __init__(self, columns: Columns, settings: Settings) -> None:
        self.columns, self.settings = columns, settings
        self.width = len(columns.headings)
        self.places = tuple(columns.place(key) for key in ("target", "actual", "polarity", "weight", "tolerance"))
        self.reader = RowReader(columns, settings)
        self.tally: Tally = Tally(weighted="weight" in columns.places)
        self.problems: list[CellProblem] = []
        self.plain: dict[str, int] = {}
        self.weights: dict[str, int] = {}
        self.written: dict[int, tuple[str, str]] = {}
        self.shares: dict[str, Share] = {}
        # a cap off the cents, or finer than the cut, is left to the exact path
        numerator, denominator = quotient(settings.cap or 0)
        self.cap = None if settings.cap is None else numerator * 10**SCORE_PLACES // denominator
        self.cap_text = self.number(settings.cap or 0, 2)
        self.usable = settings.cap is None or settings.cap == round(settings.cap, 2)

    def measure(self, rows: list[list[str]], first: int) -> list[list[str]]:
        """The rows with their results behind them; `first` is the number of the first row."""
        target, actual, polarity, weight, tolerance = self.places
        if target is None or actual is None:
            raise ValueError("the table has no target or actual column")
        plain, learn, shares, width = self.plain, self._learn, self.shares, self.width
        out: list[list[str]] = []
        for number, row in enumerate(rows, first):
            if len(row) != width and not self._fits(row, number):
                continue
            t = plain.get(row[target]) or learn(row[target])
            r = plain.get(row[actual])
            if r is None:
                r = learn(row[actual])
            name = "" if polarity is None else row[polarity]
            share = (shares.get(name) or self._share(name))(t, r) if t > 0 <= r else NOT_PLAIN
            heavy = ONE_WEIGHT if weight is None else self._weight(row[weight])
            if share < 0 or heavy < 0 or (tolerance is not None and row[tolerance]):
                self._exactly(row, number, out)
            else:
                out.append(row + self._figures(share, heavy))
        return out

    def number(self, value: Exact, places: int) -> str:
        """A figure as the output writes it: the table's decimal sign, no grouping."""
        return format_number(value, places, decimal=self.settings.decimal, grouping=False)

    def _figures(self, share: int, heavy: int) -> list[str]:
        """The result cells of a share cut below the 24th decimal; counted."""
        cents = (share + HALF_CENT) // CENT
        shown, label = self.written.get(cents) or self._write(cents)
        digits = str((share + HALF_RAW) // RAW)
        if len(digits) <= RAW_PLACES:
            digits = digits.zfill(RAW_PLACES + 1)
        tally, score = self.tally, shown
        if self.cap is not None and share > self.cap:
            share, score = self.cap, self.cap_text
        tally.rows += 1
        tally.scores += share * heavy
        tally.weights += heavy
        tally.categories[label] += 1
        return [f"{digits[:-12]}{self.settings.decimal}{digits[-12:]}", shown, score, label, ""]

    def _exactly(self, row: list[str], number: int, out: list[list[str]]) -> None:
        """A row by the exact path; blank rows are dropped, unreadable cells kept as problems."""
        if not any(row):
            return
        read = self.reader.read(row, number)
        if not isinstance(read, Measured):
            self.problems.append(read)
            return
        result, tally = read.result, self.tally
        out.append(row + self._cells(result))
        tally.rows += 1
        if result.absence is not None:
            tally.reasons[result.reason] += 1
        elif result.score_exact is not None:
            numerator, denominator = quotient(result.score_exact)
            heavy = int(read.weight.scaleb(WEIGHT_PLACES))
            tally.scores += numerator * 10**SCORE_PLACES // denominator * heavy
            tally.weights += heavy
            tally.categories[result.category or ""] += 1

    def _cells(self, result: Result) -> list[str]:
        """The result cells of the exact path."""
        if result.raw is None or result.shown is None or result.score is None:
            return ["", "", "", "", result.reason]
        raw, shown, score = self.number(result.raw, 12), self.number(result.shown, 2), self.number(result.score, 2)
        return [raw, shown, score, result.category or "", ""]

    def _fits(self, row: list[str], number: int) -> bool:
        """Pad a short row; a long one has a cell under no heading, which is a problem unless it is empty."""
        if len(row) < self.width:
            row.extend([""] * (self.width - len(row)))
            return True
        for place in range(self.width, len(row)):
            if row[place].strip():
                text = f"“{row[place][:40]}” berada di luar kolom berjudul."
                self.problems.append(CellProblem(number, place + 1, "", text))
                return False
        del row[self.width :]
        return True

    def _learn(self, text: str) -> int:
        """The number of a plain text in millionths, kept for the next time; NOT_PLAIN for any other text."""
        whole, mark, parts = text.partition(self.settings.decimal)
        grouping = "." if self.settings.decimal == "," else ","
        if grouping in whole:
            groups = whole.split(grouping)
            right = all(len(group) == GROUP for group in groups[1:]) and 1 <= len(groups[0]) <= GROUP
            whole = "".join(groups) if right and groups[0][0] != "0" else ""
        digits = whole + parts
        plain = digits.isascii() and digits.isdigit() and bool(whole) and len(digits) <= MOST_DIGITS
        if not plain or len(parts) > PLACES or (mark and not parts):
            return NOT_PLAIN
        if len(self.plain) >= MOST_KEPT:
            self.plain.clear()
        value = self.plain[text] = int(digits) * POWERS[len(parts)]
        return value

    def _share(self, name: str) -> Share:
        polarity = polarity_named(name)
        plain = SHARES.get(self.settings.effective(polarity)) if polarity is not None and self.usable else None
        if len(self.shares) >= MOST_KEPT:
            self.shares.clear()
        share = self.shares[name] = plain or _never
        return share

    def _weight(self, text: str) -> int:
        """The weight in units of 10**-12, kept for the next time; NOT_PLAIN when the exact path must look."""
        known = self.weights.get(text)
        if known is not None:
            return known
        millionths = self._learn(text)
        if len(self.weights) >= MOST_KEPT:
            self.weights.clear()
        heavy = ONE_WEIGHT if not text else max(NOT_PLAIN, millionths * (ONE_WEIGHT // 10**PLACES))
        self.weights[text] = heavy
        return heavy

    def _write(self, cents: int) -> tuple[str, str]:
        """The shown figure and its label, kept for the next time."""
        shown = decimal_of(cents, 2)
        if len(self.written) >= MOST_KEPT:
            self.written.clear()
        pair = self.written[cents] = (self.number(shown, 2), self.settings.scale.level(shown).label)
        return pair
