"""What measurements say together: each node's own indicators, each level, the categories of a worksheet."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from capaian.formulas.rounding import Exact
from capaian.formulas.shipped_scales import shipped_scale
from capaian.formulas.weights import Mean, weighted_mean
from capaian.measurement.computing import Measured, is_whole, measured, number
from capaian.measurement.models import Measurement
from capaian.planning.models import Level


@dataclass(frozen=True)
class Line:
    """A measurement of a worksheet with what its snapshot gives now."""

    row: Measurement

    @cached_property
    def measured(self) -> Measured:
        """What the snapshot gives, computed now."""
        return measured(self.row.inputs)

    @property
    def card(self) -> Mapping[str, Any]:
        """The card as it was frozen."""
        found: Mapping[str, Any] = self.row.inputs["card"]
        return found

    @property
    def is_same(self) -> bool:
        """Whether computing again gives exactly what is stored, the digest and every figure."""
        row, found = self.row, self.measured
        result = found.outcome.result
        stored = (row.digest, row.raw, row.shown, row.score, row.category, row.reason)
        now = (found.digest, result.raw, result.shown, result.score, result.category or "", result.reason)
        return stored == now and is_whole(row.inputs)

    @property
    def is_due(self) -> bool:
        """Whether the indicator has anything to say up to the period."""
        absence = self.measured.outcome.result.absence
        return absence is None or absence.code != "not_due"

    @property
    def weight(self) -> Exact:
        """The weight in averages."""
        return number(self.card["weight"]) or 0

    @property
    def score(self) -> Fraction | None:
        """The score that averages take, not rounded."""
        return self.measured.outcome.result.score_exact


def lines(rows: Iterable[Measurement]) -> list[Line]:
    """Return the lines of a worksheet."""
    return [Line(row) for row in rows]


@dataclass(frozen=True)
class Together:
    """Several indicators: the weighted mean of their scores, and who is left out of it."""

    text: str
    mean: Mean
    members: Sequence[Line]
    number: int = 0  # of this mean on its worksheet, 0 elsewhere

    @property
    def left_out(self) -> list[Line]:
        """The indicators without a number: not in the mean, named with their reason."""
        return [line for line in self.members if line.score is None]

    @property
    def whole_weight(self) -> Fraction:
        """The weight of all of them."""
        return sum((Fraction(line.weight) for line in self.members), Fraction(0))

    @property
    def counted_weight(self) -> Fraction:
        """The weight of those in the mean."""
        return sum((Fraction(line.weight) for line in self.members if line.score is not None), Fraction(0))

    @property
    def category(self) -> str:
        """The level of the mean, where all members share one scale."""
        scales = {line.card["scale"] for line in self.members}
        shown = self.mean.shown
        return shipped_scale(scales.pop()).level(shown).label if shown is not None and len(scales) == 1 else ""

    @property
    def shown(self) -> Decimal | None:
        """The mean as printed, with 2 decimals."""
        return self.mean.shown


@dataclass(frozen=True)
class LevelRecap:
    """A level of the plan: all its indicators together, and each of its nodes. Never from the levels below."""

    label: str
    whole: Together
    nodes: Sequence[Together]


def together(text: str, members: Sequence[Line], number: int = 0) -> Together:
    """Return the weighted mean of some indicators."""
    return Together(text, weighted_mean((line.score, line.weight) for line in members), members, number)


def recap(found: Sequence[Line]) -> list[LevelRecap]:
    """Return the recapitulation by level, from the goal down; levels without indicators are left out."""
    levels: list[LevelRecap] = []
    count = itertools.count(1)
    for level in Level:
        own = [line for line in found if line.card["node"]["level"] == level.value]
        by_node: dict[str, list[Line]] = {}
        for line in own:
            by_node.setdefault(line.card["node"]["key"], []).append(line)
        nodes = [together(node_text(members[0]), members, next(count)) for members in by_node.values()]
        if own:
            whole = together(f"Seluruh {str(level.label).lower()}", own, next(count))
            levels.append(LevelRecap(str(level.label), whole, nodes))
    return levels


def mean_code(sheet: str, each: Together) -> str:
    """Return the code that opens a mean of a worksheet (its key), printed beside it."""
    return f"{sheet}-r{each.number}"


def mean_numbered(levels: Iterable[LevelRecap], number: int) -> tuple[LevelRecap, Together] | None:
    """Return the mean of a number with its level."""
    every = ((level, each) for level in levels for each in (*level.nodes, level.whole))
    return next(((level, each) for level, each in every if each.number == number), None)


def node_text(line: Line) -> str:
    """Return a node as people name it: code and text."""
    node = line.card["node"]
    return f"{node['code']} {node['text']}".strip()


@dataclass(frozen=True)
class Tally:
    """How many indicators of a worksheet reached which category; the rest has no number, with reasons."""

    categories: Mapping[str, int]
    reasons: Mapping[str, int]

    @property
    def measured(self) -> int:
        """How many have a number."""
        return sum(self.categories.values())

    @property
    def total(self) -> int:
        """All of them."""
        return self.measured + sum(self.reasons.values())


def tally(rows: Iterable[Measurement]) -> Tally:
    """Count a worksheet."""
    categories: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows:
        if row.shown is None:
            reasons[row.reason] += 1
        else:
            categories[row.category] += 1
    return Tally(dict(categories), dict(reasons))
