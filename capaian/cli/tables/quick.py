"""The quickest path: lines without quotes, cut at the delimiter, answered as text.

A part is worked on column by column, so that most of the work is done by the interpreter's own loops. A line with
anything unusual is handed to the measurer, whose rules these are; a test holds the output of both together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Final

from capaian.cli.tables.sinks import csv_text
from capaian.formulas.absence import NO_ACTUAL
from capaian.formulas.result import RAW_PLACES
from capaian.tables.measuring import (
    BLANK,
    CENT,
    HALF_CENT,
    HALF_RAW,
    MOST_KEPT,
    ONE_WEIGHT,
    POWERS,
    RAW,
    Measurer,
    Share,
    never,
)
from capaian.workbooks.plain_cells import FORMULA_SIGNS

# the signed cells that are plain numbers or lone dashes; all other cells that begin with a sign need an apostrophe
SIGNED: Final = re.compile(r"[+-][0-9.,]*")
Columns = list[list[str] | None]
NO_CAP: Final = 1 << 200
WAITING: Final = -(1 << 200)


def is_plain(text: str, delimiter: str) -> bool:
    """Whether every line is one row, cut only by delimiters, and no cell needs an apostrophe."""
    if '"' in text or "\r" in text:
        return False
    for sign in FORMULA_SIGNS:
        if sign not in text:
            continue
        cells = (text.startswith(sign), f"\n{sign}" in text, f"{delimiter}{sign}" in text)
        if any(cells) and (sign not in "+-" or not _only_numbers(text, sign, delimiter)):
            return False
    return True


def _only_numbers(text: str, sign: str, delimiter: str) -> bool:
    """Whether all cells that begin with this sign are plain numbers."""
    begins = re.compile(f"(?:^|{delimiter})({re.escape(sign)}[^{delimiter}\n]*)", re.MULTILINE)
    return all(SIGNED.fullmatch(cell) for cell in begins.findall(text))


class QuickLines:
    """Answers lines; shares what the measurer has learnt about texts."""

    def __init__(self, measurer: Measurer, delimiter: str) -> None:
        self.measurer, self.delimiter = measurer, delimiter
        self.quote = '"' if delimiter == measurer.settings.decimal else ""
        self.tails: dict[int, tuple[str, str]] = {}
        sign = re.escape(measurer.settings.decimal)
        self.all_plain = re.compile(f"(?:(?:[0-9]{{1,9}}+(?:{sign}[0-9]{{1,6}}+)?+)?+\n)*+")
        self.ends: dict[str, str] = {}
        self.waiting = delimiter + csv_text([["", "", "", "", NO_ACTUAL.text]], delimiter)

    def measure(self, text: str) -> tuple[str, int]:
        """The lines with their results behind them, and how many lines there were; rows are numbered from 1."""
        mark, width = self.delimiter, self.measurer.width
        lines = text.removesuffix("\n").split("\n")
        cells = text.removesuffix("\n").replace("\n", f"{mark}\n{mark}").split(mark)
        # between the rows stand newlines: in their places exactly when every row has the width of the headings
        if len(cells) != len(lines) * (width + 1) - 1 or cells[width :: width + 1].count("\n") != len(lines) - 1:
            rows = [line.split(mark) for line in lines]
            return csv_text(self.measurer.measure(rows, 1), mark), len(lines)
        columns = [None if place is None else cells[place :: width + 1] for place in self.measurer.places]
        return "".join(self._texts(lines, self._shares(columns), self._weights(columns))), len(lines)

    def _shares(self, columns: Columns) -> Iterable[int | None]:
        """The percentage of every row, WAITING without an actual, None where the measurer must look."""
        target, actual, polarity, _, tolerance = columns
        targets, actuals = self._numbers(target), self._numbers(actual)
        known, share_of = self.measurer.shares, self.measurer.share_of
        names = repeat("", len(targets)) if polarity is None else polarity
        formulas = [known.get(name) or share_of(name) for name in names]
        shares: list[int | None] = [
            (formula(t, r) if r >= 0 else self._unreported(formula, r)) if t > 0 else None
            for formula, t, r in zip(formulas, targets, actuals, strict=True)
        ]
        if tolerance is not None:
            return [None if text else share for text, share in zip(tolerance, shares, strict=True)]
        return shares

    def _unreported(self, formula: Share, r: int) -> int | None:
        """WAITING for a blank actual of a plain formula."""
        return WAITING if r == BLANK and formula is not never else None

    def _numbers(self, texts: list[str] | None) -> list[int]:
        """The numbers of a column in millionths, or the codes of texts that are none."""
        if texts is None:
            raise ValueError("the table has no target or actual column")
        if self.all_plain.fullmatch("\n".join((*texts, ""))) is None:
            return [self.measurer.learn(text) if text else BLANK for text in texts]
        pieces = map(str.partition, texts, repeat(self.measurer.settings.decimal))
        return [int(whole + parts) * POWERS[len(parts)] if whole else BLANK for whole, _, parts in pieces]

    def _weights(self, columns: Columns) -> Iterable[int]:
        texts, heavy = columns[3], self.measurer.heavy
        if texts is None:
            return repeat(ONE_WEIGHT)
        known = map(self.measurer.weights.get, texts)
        return [heavy(text) if weight is None else weight for weight, text in zip(known, texts, strict=True)]

    def _texts(self, lines: Sequence[str], shares: Iterable[int | None], weights: Iterable[int]) -> list[str]:
        """One text a line; counted."""
        tails, delimiter, quote, mark = self.tails, self.delimiter, self.quote, self.measurer.settings.decimal
        cap = NO_CAP if self.measurer.cap is None else self.measurer.cap
        out: list[str] = []
        labels: list[str] = []
        scores = heavies = waiting = 0
        for line, share, heavy in zip(lines, shares, weights, strict=False):
            if share is None or heavy < 0:
                out.append(csv_text(self.measurer.measure([line.split(delimiter)], len(out) + 1), delimiter))
                continue
            if share < 0:
                waiting += share == WAITING
                out.append(self._below_zero(line, share, labels))
                heavies += heavy if share != WAITING else 0
                continue
            cents, digits = (share + HALF_CENT) // CENT, str((share + HALF_RAW) // RAW)
            if len(digits) <= RAW_PLACES:
                digits = digits.zfill(RAW_PLACES + 1)
            tail, label = tails.get(cents) or self._tail(cents)
            out.append(f"{line}{delimiter}{quote}{digits[:-12]}{mark}{digits[-12:]}{quote}{tail}")
            labels.append(label)
            scores += (min(cap, share)) * heavy
            heavies += heavy
        self._count(labels, scores, heavies, waiting)
        return out

    def _below_zero(self, line: str, share: int, labels: list[str]) -> str:
        """A row without an actual, or with a negative achievement that is shown as 0."""
        if share == WAITING:
            return line + self.waiting
        tail, label = self.tails.get(0) or self._tail(0)
        labels.append(label)
        return f"{line}{self.delimiter}{self.quote}{self.measurer.negative(share)}{self.quote}{tail}"

    def _tail(self, cents: int) -> tuple[str, str]:
        """All that follows the raw figure and the label in it, kept for the next time."""
        measurer = self.measurer
        shown, label = measurer.write(cents)
        score = shown if measurer.cap is None or cents * CENT <= measurer.cap else measurer.cap_text
        mark, quote, end = self.delimiter, self.quote, self.ends.get(label)
        if end is None:
            end = self.ends[label] = csv_text([[label, ""]], mark)
        tail = f"{mark}{quote}{shown}{quote}{mark}{quote}{score}{quote}{mark}{end}"
        if len(self.tails) < MOST_KEPT:
            self.tails[cents] = (tail, label)
        return tail, label

    def _count(self, labels: list[str], scores: int, heavies: int, waiting: int) -> None:
        tally = self.measurer.tally
        tally.rows += len(labels) + waiting
        tally.scores += scores
        tally.weights += heavies
        tally.categories.update(Counter(labels))
        if waiting:
            tally.reasons[NO_ACTUAL.text] += waiting
