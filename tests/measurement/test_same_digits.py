"""However computing is written, the same snapshots give the same digits and digests as when this was pinned."""

import hashlib
from itertools import product

from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.polarity import Polarity
from capaian.measurement.computing import measured
from tests.measurement.snapshots import snapshot

PINNED = "edbff05378083f1b26055f6ebe36bb06f32c9c60f2f2544f709346499cd00407"
Figures = tuple[list[str | None], ...]
TARGETS: Figures = (["80"], ["80", "0", "85"], [None, "10", "-2"], ["80..90", "70..75"], ["BB", "A"], ["3", "3", "3"])
ACTUALS: Figures = (
    ["72"],
    ["1", "2", "3"],
    [None, "7", "-1"],
    ["0", "0", "0"],
    ["92", "1/3"],
    ["B", "AA"],
    [None, "60.5"],
)


def digits_of_all() -> str:
    every = hashlib.sha256()
    lists = [(targets, actuals) for targets, actuals in product(TARGETS, ACTUALS) if len(targets) == len(actuals)]
    for (targets, actuals), year, polarity, method in product(lists, (None, "9"), Polarity, PeriodMethod):
        for card in ({}, {"cap": None, "scale": "lkjip", "negative_target": True}, {"released_next_year": True}):
            found = measured(snapshot(targets, actuals, year=year, polarity=polarity, consolidation=method, **card))
            told = (found.digest, found.outcome.facts(), found.outcome.target, found.outcome.actual)
            every.update(repr((*told, found.outcome.result.explanation)).encode())
    return every.hexdigest()


def test_no_digit_changed() -> None:
    assert digits_of_all() == PINNED
