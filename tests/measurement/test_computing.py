"""From a snapshot to an achievement: every polarity, every consolidation, and nothing but the snapshot."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.formulas.achievement_cases import ROWS
from capaian.formulas.polarity import Polarity
from capaian.measurement.computing import measured
from tests.measurement.snapshots import Cell, snapshot

CASES = [row for row in ROWS if row[1] is not Polarity.MILESTONE]


@pytest.mark.parametrize("case", CASES, ids=[f"{row[0]}-{row[1].value}" for row in CASES])
def test_worked_cases_of_one_period(case: Any) -> None:
    code, polarity, target, actual, (raw, shown, score, _), _ = case
    target, _, tolerance = target.partition(" ±")
    inputs = snapshot(
        [target or None],
        [actual or None],
        later=True,
        polarity=polarity.value,
        negative_target=target.startswith("-"),
        tolerance=tolerance.rstrip("%") or None,
    )
    result = measured(inputs).outcome.result
    if raw:
        assert result.raw is not None
        assert f"{result.raw:.2f}" == raw or code == "16"
        assert (str(result.shown), str(result.score)) == (shown, score)
    else:
        assert (result.raw, result.shown, result.score, result.category) == (None, None, None, None)
        assert result.reason


@pytest.mark.parametrize(
    ("method", "targets", "actuals", "year", "shown", "of_year"),
    [
        ("sum", ["25", "25"], ["20", "30"], None, "100.00", None),
        ("sum", ["10", "20", "30", "40"], ["10", "25", "28", "45"], "110", "108.00", "98.18"),
        ("sum", ["25", "25", "25"], ["20", None, "30"], None, "66.67", None),
        ("average", ["90", "90"], ["88", "92"], None, "100.00", None),
        ("average", ["80", "85", "90", "95"], ["80", "80", "90", "100"], "80", "100.00", "109.38"),
        ("last", ["20", "45"], ["18", "50"], None, "111.11", None),
        ("last", ["20", "45", "70"], ["18", "50", None], None, None, None),
        ("last", [None, None, None, "80"], [None, None, None, "76"], None, "95.00", None),
        ("last", [None] * 4, [None, None, None, "76"], "80", "95.00", None),
        ("sum", [None] * 4, ["10", "20", "30", "40"], "200", "50.00", None),
    ],
)
def test_periods_are_consolidated(  # noqa: PLR0917
    method: str, targets: list[Cell], actuals: list[Cell], year: Cell, shown: Cell, of_year: Cell
) -> None:
    found = measured(snapshot(targets, actuals, year=year, consolidation=method))
    assert found.outcome.result.shown == (None if shown is None else Decimal(shown))
    assert (found.year.result.shown if found.year else None) == (None if of_year is None else Decimal(of_year))


def test_a_missing_period_is_provisional_or_no_number() -> None:
    up = measured(snapshot(["25", "25", "25"], ["20", None, "30"], consolidation="sum")).outcome
    assert (up.provisional, up.coverage) == (True, "2 dari 3 periode dilaporkan")
    down = measured(snapshot(["5", "5", "5"], ["4", None, "5"], consolidation="sum", polarity="minimize")).outcome
    assert (down.result.shown, down.result.reason) == (None, "data belum lengkap")
    assert down.target == "15"


def test_tables_write_a_quotient_short_and_measure_it_exactly() -> None:
    found = measured(snapshot(["100"], ["94.230769230769"], consolidation="last")).outcome
    assert (found.actual, found.result.raw) == ("94,2308", Decimal("94.230769230769"))
    thirds = measured(snapshot(["1", "1", "1"], ["0.5", "1", "0.5"], consolidation="average")).outcome
    assert thirds.actual == "0,6667"


def test_a_figure_to_date_is_consolidated_already() -> None:
    found = measured(snapshot(["25", "50"], ["20", "50"], consolidation="sum", entry="to_date")).outcome
    assert (found.target, found.actual, found.result.shown) == ("50", "50", Decimal("100.00"))


def test_a_range_is_consolidated_bound_by_bound() -> None:
    found = measured(snapshot(["10..20", "10..20"], ["10", "35"], consolidation="sum", polarity="range_max")).outcome
    assert (found.target, found.actual, found.result.shown) == ("20–40", "45", Decimal("112.50"))
    reversed_ = measured(snapshot(["20..10"], ["15"], polarity="range_max")).outcome
    assert reversed_.result.reason == "batas bawah target di atas batas atas"


@pytest.mark.parametrize(
    ("targets", "actuals", "card", "reason"),
    [
        ([None], ["5"], {}, "target belum ditetapkan"),
        ([], [], {}, "belum jatuh tempo"),
        (["80"], [None], {}, "jatuh tempo tetapi belum ada realisasi"),
        (["80"], [None], {"released_next_year": True}, "menunggu rilis"),
        (["BB"], [None], {"polarity": "predicate"}, "jatuh tempo tetapi belum ada realisasi"),
        (["BB"], ["Z"], {"polarity": "predicate"}, "huruf predikat tidak dikenal"),
        (["0.00000000001"], ["9000000"], {}, "capaian terlalu besar: periksa satuan target dan realisasi"),
    ],
)
def test_why_there_is_no_number(targets: list[Cell], actuals: list[Cell], card: dict[str, Any], reason: str) -> None:
    found = measured(snapshot(targets, actuals, **card)).outcome.result
    assert (found.raw, found.reason) == (None, reason)


def test_what_was_reported_is_shown_without_a_target() -> None:
    found = measured(snapshot([None], ["5"])).outcome
    assert (found.target, found.actual) == ("–", "5")


@pytest.mark.parametrize(
    ("target", "actual", "shown"),
    [("1", "1", "100.00"), ("1", "0", "0.00"), ("5", "4", "80.00"), (None, "1", "100.00"), ("YA", "YA", "100.00"),
     ("YA", "BELUM", "0.00"), ("YA", None, None)],
)  # fmt: skip
def test_milestones(target: Cell, actual: Cell, shown: Cell) -> None:
    found = measured(snapshot([target], [actual], polarity="milestone")).outcome.result
    assert found.shown == (None if shown is None else Decimal(shown))


NUMBERS = st.none() | st.decimals(-999, 999, places=3).map(lambda value: format(value.normalize(), "f"))
PLAIN = [polarity.value for polarity in Polarity if polarity != Polarity.PREDICATE]


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4),
    st.sampled_from(PLAIN),
    st.sampled_from(["sum", "average", "last"]),
    NUMBERS,
    st.booleans(),
)
def test_the_snapshot_alone_gives_the_same_again(
    points: list[tuple[Cell, Cell]],
    polarity: str,
    method: str,
    year: Cell,
    negative: bool,  # noqa: FBT001
) -> None:
    targets, actuals = zip(*points, strict=True)
    if polarity.startswith("range"):
        targets = tuple(None if text is None else f"{text}..{text}" for text in targets)
    inputs = snapshot(
        list(targets), list(actuals), year=year, polarity=polarity, consolidation=method, negative_target=negative
    )
    first = measured(inputs)
    again = measured(json.loads(json.dumps(inputs)))
    assert (again.digest, again.outcome) == (first.digest, first.outcome)
    result = first.outcome.result
    assert (result.raw is None) == (result.shown is None) == bool(result.reason)


def test_another_figure_gives_another_digest() -> None:
    one, other = (measured(snapshot(["80"], [actual])).digest for actual in ("72", "72.1"))
    assert one != other
