"""Measuring many rows: scaled whole numbers where they suffice, the exact path where not.

A row whose target and actual are plain numbers of at most 15 digits and 6 decimals is computed on whole numbers:
the percentage cut below the 24th decimal gives the 12-decimal figure, the shown figure and the score without any
loss, because rounding half up at a place above the cut never depends on what was cut. Every other row (signs,
letters, ranges, blanks, zero targets) goes through `reading.RowReader`. A test holds both together.
"""

from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from capaian.formulas.absence import NO_ACTUAL
from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity, polarity_named
from capaian.formulas.result import RAW_PLACES, Result
from capaian.formulas.rounding import Exact, quotient, rounded
from capaian.tables.columns import Columns
from capaian.tables.reading import Measured, RowReader
from capaian.tables.settings import Settings
from capaian.tables.tally import SCORE_PLACES, WEIGHT_PLACES, Tally
from capaian.workbooks.problems import CellProblem

PLACES: Final = 6
MOST_DIGITS: Final = 15
MOST_KEPT: Final = 100_000
NOT_PLAIN: Final = -1
BLANK: Final = -2
HUNDRED: Final = 100 * 10**SCORE_PLACES
CENT: Final = 10 ** (SCORE_PLACES - 2)
HALF_CENT: Final = CENT // 2
RAW: Final = 10 ** (SCORE_PLACES - RAW_PLACES)
HALF_RAW: Final = RAW // 2
POWERS: Final[tuple[int, ...]] = tuple(10 ** (PLACES - places) for places in range(PLACES + 1))
ONE_WEIGHT: Final = 10**WEIGHT_PLACES
GROUP: Final = 3

# target above 0 and actual, in millionths, to the percentage in units of 10**-24, cut towards zero
Share = Callable[[int, int], int | None]


def _maximize(t: int, r: int) -> int:
    return r * HUNDRED // t


def _minimize(t: int, r: int) -> int:
    rest = t + t - r
    return rest * HUNDRED // t if rest >= 0 else -(-rest * HUNDRED // t)


def _minimize_ratio(t: int, r: int) -> int | None:
    return t * HUNDRED // r if r else None


def _stabilize(t: int, r: int) -> int:
    return r * HUNDRED // t if r <= t else _minimize(t, r)


def never(_target: int, _actual: int) -> None:
    """No share: the formula is not one of those above."""


SHARES: Final[dict[Polarity, Share]] = {
    Polarity.MAXIMIZE: _maximize,
    Polarity.MINIMIZE: _minimize,
    Polarity.MINIMIZE_RATIO: _minimize_ratio,
    Polarity.STABILIZE: _stabilize,
}


def plain_reader(decimal: str) -> Callable[[str], int]:
    """The function that reads plain numbers with this decimal sign: millionths, or NOT_PLAIN for any other text."""
    grouping = "." if decimal == "," else ","

    def read(text: str) -> int:
        whole, mark, parts = text.partition(decimal)
        digits = whole + parts
        if digits.isdigit() and digits.isascii() and len(digits) <= MOST_DIGITS:
            return (
                int(digits) * POWERS[len(parts)]
                if whole and (parts or not mark) and len(parts) <= PLACES
                else NOT_PLAIN
            )
        first, *groups = whole.split(grouping)
        if (
            not groups
            or not 1 <= len(first) <= GROUP
            or first[0] == "0"
            or any(len(group) != GROUP for group in groups)
        ):
            return NOT_PLAIN
        return read(f"{first}{''.join(groups)}{mark}{parts}")

    return read


class Measurer:
    """Adds the results to the rows of one table; keeps the tally and the cells that could not be read."""

    def __init__(self, columns: Columns, settings: Settings) -> None:
        self.columns, self.settings = columns, settings
        self.width = len(columns.headings)
        self.places = tuple(columns.place(key) for key in ("target", "actual", "polarity", "weight", "tolerance"))
        self.reader = RowReader(columns, settings)
        self.start_over()
        self.read = plain_reader(settings.decimal)
        self.plain: dict[str, int] = {"": BLANK}
        self.weights: dict[str, int] = {"": ONE_WEIGHT}
        self.written: dict[int, tuple[str, str]] = {}
        self.shares: dict[str, Share] = {}
        # a cap off the cents is left to the exact path
        numerator, denominator = quotient(settings.cap or 0)
        self.cap = None if settings.cap is None else numerator * 10**SCORE_PLACES // denominator
        self.cap_text = self.number(settings.cap or 0, 2)
        levels = settings.scale.levels[::-1]
        self.labels = [level.label for level in levels]
        self.bounds = [int(level.first * 100) for level in levels if level.first is not None]
        self.usable = settings.cap is None or settings.cap == rounded(settings.cap, 2)

    def start_over(self) -> None:
        """Begin a new tally; what has been learnt about texts stays."""
        self.tally: Tally = Tally(weighted="weight" in self.columns.places)
        self.problems: list[CellProblem] = []

    def measure(self, rows: list[list[str]], first: int) -> list[list[str]]:
        """The rows with their results behind them; `first` is the number of the first row."""
        target, actual, polarity, weight, tolerance = self.places
        if target is None or actual is None:
            raise ValueError("the table has no target or actual column")
        plain, learn, shares, width = self.plain, self.learn, self.shares, self.width
        out: list[list[str]] = []
        for number, row in enumerate(rows, first):
            if len(row) != width and not self._fits(row, number):
                continue
            t = plain.get(row[target]) or learn(row[target])
            r = plain.get(row[actual])
            if r is None:
                r = learn(row[actual])
            name = "" if polarity is None else row[polarity]
            share = (shares.get(name) or self.share_of(name))(t, max(0, r)) if t > 0 and r != NOT_PLAIN else None
            heavy = ONE_WEIGHT if weight is None else self.heavy(row[weight])
            if share is None or heavy < 0 or (tolerance is not None and row[tolerance]):
                self._exactly(row, number, out)
            elif r >= 0:
                out.append(row + self._figures(share, heavy))
            else:
                out.append(row + self._without_actual())
        return out

    def number(self, value: Exact, places: int) -> str:
        """A figure as the output writes it: the table's decimal sign, no grouping."""
        return format_number(value, places, decimal=self.settings.decimal, grouping=False)

    def _figures(self, share: int, heavy: int) -> list[str]:
        """The result cells of a share cut below the 24th decimal; counted."""
        if share < 0:
            return self._below_zero(share, heavy)
        cents = (share + HALF_CENT) // CENT
        shown, label = self.write(cents)
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

    def _below_zero(self, share: int, heavy: int) -> list[str]:
        """A negative achievement: kept raw, shown and scored as 0."""
        _, *cells = self._figures(0, heavy)
        return [self.negative(share), *cells]

    def negative(self, share: int) -> str:
        """The raw figure of a negative share; rounded to nothing, it has no sign."""
        scaled = (HALF_RAW - share) // RAW
        return ("-" if scaled else "") + self._pointed(scaled, RAW_PLACES)

    def _without_actual(self) -> list[str]:
        """A row that has a target and waits for its actual."""
        self.tally.rows += 1
        self.tally.reasons[NO_ACTUAL.text] += 1
        return ["", "", "", "", NO_ACTUAL.text]

    def _pointed(self, scaled: int, places: int) -> str:
        """A whole number of 10**-places with its decimal sign."""
        digits = str(scaled).zfill(places + 1)
        return f"{digits[:-places]}{self.settings.decimal}{digits[-places:]}"

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

    def learn(self, text: str) -> int:
        """The number of a plain text in millionths, kept for the next time; NOT_PLAIN for any other text."""
        value = self.read(text)
        if len(self.plain) < MOST_KEPT:
            self.plain[text] = value
        return value

    def share_of(self, name: str) -> Share:
        """The formula of a polarity as written, kept for the next time; `never` when the exact path must look."""
        polarity = polarity_named(name)
        plain = SHARES.get(self.settings.effective(polarity)) if polarity is not None and self.usable else None
        share = plain or never
        if len(self.shares) < MOST_KEPT:
            self.shares[name] = share
        return share

    def heavy(self, text: str) -> int:
        """The weight in units of 10**-12, kept for the next time; NOT_PLAIN when the exact path must look."""
        known = self.weights.get(text)
        if known is not None:
            return known
        heavy = max(NOT_PLAIN, self.learn(text) * (ONE_WEIGHT // 10**PLACES))
        if len(self.weights) < MOST_KEPT:
            self.weights[text] = heavy
        return heavy

    def write(self, cents: int) -> tuple[str, str]:
        """The shown figure and its label, kept for the next time."""
        pair = self.written.get(cents)
        if pair is None:
            pair = (self._pointed(cents, 2), self.labels[bisect_right(self.bounds, cents)])
            if len(self.written) < MOST_KEPT:
                self.written[cents] = pair
        return pair
