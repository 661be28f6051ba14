"""Scales of achievement: ordered levels, checked for holes and overlaps; every shown number has one level."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from capaian.formulas.number_text import format_number

STEP: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Level:
    """One row of a scale. `low` None means no lower bound; `high` is only what a source prints as upper bound."""

    label: str
    low: Decimal | None
    inclusive: bool = True
    colour: str = ""
    high: Decimal | None = None
    high_inclusive: bool = True

    @property
    def first(self) -> Decimal | None:
        """Smallest two-decimal number of the level."""
        return self.low if self.low is None or self.inclusive else self.low + STEP

    @property
    def last(self) -> Decimal | None:
        """Largest two-decimal number of the level as printed; None when no upper bound is printed."""
        return self.high if self.high is None or self.high_inclusive else self.high - STEP

    def holds(self, shown: Decimal) -> bool:
        """Whether a shown number reaches the lower bound."""
        return self.first is None or shown >= self.first

    @property
    def bound(self) -> str:
        """The lower bound in signs: `≥ 91`, `> 80`; empty for the lowest level."""
        return "" if self.low is None else f"{'≥' if self.inclusive else '>'} {format_number(self.low)}"


@dataclass(frozen=True, slots=True)
class ScaleProblem:
    """Why rows make no scale. `code`: empty, label, grid, order, overlap, hole, hole_below, hole_above."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels from the highest to the lowest; made only of rows without problems (else ValueError)."""

    code: str
    version: int
    valid_from: int
    title: str
    levels: tuple[Level, ...]
    basis: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        problems = scale_problems(self.levels)
        if problems:
            raise ValueError(" ".join(problem.text for problem in problems))

    def level(self, shown: Decimal) -> Level:
        """The one level of a number already rounded to two decimals."""
        for level in self.levels:
            low = level.low
            if low is None or (shown >= low if level.inclusive else level.holds(shown)):
                return level
        raise AssertionError(self.code)  # the lowest level has no bound: checked when the scale was made

    def why(self, shown: Decimal) -> str:
        """The level and its bound in words: `Tinggi, karena 90,99 ≥ 76 dan belum mencapai ≥ 91`."""
        level = self.level(shown)
        place = self.levels.index(level)
        number = format_number(shown, 2)
        reached = f"{number} {level.bound}" if level.bound else number
        if place == 0:
            return f"{level.label}, karena {reached}"
        missed = f"belum mencapai {self.levels[place - 1].bound}"
        return f"{level.label}, karena {reached} {'dan ' if level.bound else ''}{missed}"


def scale_problems(levels: Sequence[Level]) -> list[ScaleProblem]:
    """Holes, overlaps and other faults of rows written from the highest to the lowest; empty when sound.

    Printed upper bounds (`high`) are checked too: `76-90` under `91-100` leaves the numbers 90,01-90,99 out.
    """
    if not levels:
        return [ScaleProblem("empty", "Skala belum punya tingkat. Tambahkan sedikitnya satu tingkat.")]
    return [*_label_problems(levels), *_bound_problems(levels), *_end_problems(levels)]


def _label_problems(levels: Sequence[Level]) -> Iterator[ScaleProblem]:
    labels = [level.label.strip() for level in levels]
    if not all(labels) or len({label.casefold() for label in labels}) < len(labels):
        yield ScaleProblem("label", "Setiap tingkat perlu nama sendiri. Periksa nama yang kosong atau kembar.")
    for level in levels:
        for bound in (level.low, level.high):
            if bound is not None and bound % STEP:
                yield ScaleProblem(
                    "grid", f"Batas {format_number(bound)} lebih halus dari dua desimal. Bulatkan batasnya."
                )


def _bound_problems(levels: Sequence[Level]) -> Iterator[ScaleProblem]:
    for upper, lower in pairwise(levels):
        names = f"“{upper.label}” dan “{lower.label}”"
        if upper.first is None or (lower.first is not None and lower.first >= upper.first):
            yield ScaleProblem("order", f"Batas bawah {names} tidak menurun. Urutkan dari tingkat tertinggi.")
        elif lower.last is not None and lower.last >= upper.first:
            yield ScaleProblem("overlap", f"Tingkat {names} bertindih. Periksa batasnya.")
        elif lower.last is not None and lower.last + STEP < upper.first:
            first, last = format_number(lower.last + STEP, 2), format_number(upper.first - STEP, 2)
            yield ScaleProblem("hole", f"Antara {names} tidak ada tingkat untuk {first} sampai {last}.")


def _end_problems(levels: Sequence[Level]) -> Iterator[ScaleProblem]:
    lowest, highest = levels[-1], levels[0]
    if lowest.low is not None:
        yield ScaleProblem(
            "hole_below",
            f"Di bawah {format_number(lowest.low)} tidak ada tingkat. Kosongkan batas bawah tingkat terendah.",
        )
    if highest.high is not None:
        yield ScaleProblem(
            "hole_above",
            f"Di atas {format_number(highest.high)} tidak ada tingkat. Kosongkan batas atas tingkat tertinggi.",
        )
