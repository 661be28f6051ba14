"""Periods, units and weights: what is missing never makes a result look better."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.formulas import absence
from capaian.formulas.consolidation import PeriodFigure, PeriodMethod, achieve_period, consolidate
from capaian.formulas.locations import LocationMethod, UnitFigure, consolidate_units
from capaian.formulas.polarity import Polarity
from capaian.formulas.rule import Rule
from capaian.formulas.weights import Mean, mean, weighted_mean, weights_problem

NUMBERS = st.decimals(min_value=0, max_value=10**6, places=2)


def year(targets: str, actuals: str) -> list[PeriodFigure]:
    rows = zip(targets.split(), actuals.split(), strict=True)
    return [PeriodFigure(*(None if text == "-" else Decimal(text) for text in row)) for row in rows]


def test_only_maximize_may_be_provisional() -> None:
    periods = year("5 5 5 5", "4 - 5 5")
    together, result = achieve_period(Rule(), PeriodMethod.SUM, periods, 3)
    assert (together.provisional, together.complete, together.missing, together.due) == (True, False, (2,), 3)
    assert together.coverage == "2 dari 3 periode dilaporkan"
    assert result.shown == Decimal("60.00")
    for polarity in (Polarity.MINIMIZE, Polarity.MINIMIZE_RATIO, Polarity.STABILIZE):
        for method in (PeriodMethod.SUM, PeriodMethod.AVERAGE):
            together, result = achieve_period(Rule(polarity), method, periods, 3)
            assert result.absence is absence.INCOMPLETE
            assert (together.actual, together.provisional) == (None, False)
            assert together.target == (15 if method is PeriodMethod.SUM else 5)


def test_average_takes_reported_actuals_and_all_elapsed_targets() -> None:
    together, result = achieve_period(Rule(), PeriodMethod.AVERAGE, year("80 90 100 100", "80 - 90 -"), 3)
    assert (together.target, together.actual, together.provisional) == (Fraction(90), Fraction(85), True)
    assert result.shown == Decimal("94.44")


def test_last_known_takes_the_last_period_with_a_target() -> None:
    together, result = achieve_period(Rule(), PeriodMethod.LAST, year("20 - 70 -", "18 - 63 -"), 4)
    assert (together.target, together.actual, together.complete) == (Fraction(70), Fraction(63), True)
    assert result.shown == Decimal("90.00")
    together, result = achieve_period(Rule(Polarity.MINIMIZE), PeriodMethod.LAST, year("9 9 9 9", "- 9 9 9"), 4)
    assert (together.provisional, together.missing, result.shown) == (True, (1,), Decimal("100.00"))


def test_last_known_counts_what_was_due() -> None:
    together = consolidate(PeriodMethod.LAST, Polarity.MAXIMIZE, year("1 2 - 4", "1 - - -"), 4)
    assert (together.due, together.missing, together.provisional) == (3, (2, 4), False)
    assert together.coverage == "1 dari 3 periode dilaporkan"
    together = consolidate(PeriodMethod.LAST, Polarity.MAXIMIZE, year("1 2 - 4", "1 - - 4"), 4)
    assert (together.due, together.missing, together.provisional, together.complete) == (3, (2,), True, False)


def test_a_zero_target_in_one_quarter_is_not_due_for_maximize() -> None:
    periods = year("0 10 10 10", "- 10 10 10")
    together, result = achieve_period(Rule(), PeriodMethod.SUM, periods, 4)
    assert (together.complete, together.due, result.shown) == (True, 3, Decimal("100.00"))
    # work done before it was due still counts in a sum
    together, _ = achieve_period(Rule(), PeriodMethod.SUM, year("0 10 10 10", "2 8 10 10"), 4)
    assert (together.target, together.actual) == (Fraction(30), Fraction(30))
    together, _ = achieve_period(Rule(), PeriodMethod.AVERAGE, year("0 10 10 10", "2 8 10 10"), 2)
    assert (together.target, together.actual) == (Fraction(10), Fraction(8))
    together, _ = achieve_period(Rule(), PeriodMethod.LAST, year("10 0 10 10", "8 2 - -"), 2)
    assert (together.target, together.actual) == (Fraction(10), Fraction(8))
    # where zero is what is wanted, zero is a target
    together, result = achieve_period(Rule(Polarity.MINIMIZE), PeriodMethod.SUM, year("0 0 0 0", "0 0 - -"), 2)
    assert (together.target, together.due, result.shown) == (Fraction(0), 2, Decimal("100.00"))
    together, result = achieve_period(Rule(Polarity.MINIMIZE), PeriodMethod.SUM, year("0 0 0 0", "0 - - -"), 2)
    assert result.absence is absence.INCOMPLETE


def test_work_without_any_target_is_left_out() -> None:
    together, _ = achieve_period(Rule(), PeriodMethod.SUM, year("- 10 - -", "5 10 - -"), 2)
    assert (together.target, together.actual, together.due) == (Fraction(10), Fraction(10), 1)


def test_nothing_due_and_nothing_reported_are_different() -> None:
    for method in PeriodMethod:
        assert consolidate(method, Polarity.MAXIMIZE, year("- 10", "- -"), 1).absence is absence.NOT_DUE
        expected = absence.DUE_MISSING if method is PeriodMethod.LAST else absence.NO_ACTUAL
        for polarity in (Polarity.MAXIMIZE, Polarity.MINIMIZE):
            together = consolidate(method, polarity, year("10 10", "- -"), 1)
            assert together.absence is expected
            assert (together.target, together.missing) == (Fraction(10), (1,))


@pytest.mark.parametrize("up_to", [0, 3, -1])
def test_only_periods_that_exist(up_to: int) -> None:
    with pytest.raises(ValueError, match=r"^up_to must number one of the periods$"):
        consolidate(PeriodMethod.SUM, Polarity.MAXIMIZE, year("1 1", "1 1"), up_to)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12), st.data())
def test_losing_a_report_never_raises_a_sum(pairs: list[tuple[Decimal, Decimal]], data: st.DataObject) -> None:
    """The wrong answer seen in the field: targets of reported periods only."""
    lost = data.draw(st.integers(0, len(pairs) - 1))
    whole = [PeriodFigure(target, actual) for target, actual in pairs]
    holed = [PeriodFigure(each.target, None if place == lost else each.actual) for place, each in enumerate(whole)]
    _, complete = achieve_period(Rule(), PeriodMethod.SUM, whole, len(whole))
    _, partial = achieve_period(Rule(), PeriodMethod.SUM, holed, len(whole))
    if complete.exact is not None and partial.exact is not None:
        assert partial.exact <= complete.exact
    _, reversed_ = achieve_period(Rule(Polarity.MINIMIZE), PeriodMethod.SUM, holed, len(whole))
    assert reversed_.exact is None


def test_units_are_put_together_by_their_raw_data() -> None:
    units = [UnitFigure(numerator=8, denominator=10), UnitFigure(numerator=10, denominator=40), UnitFigure()]
    together = consolidate_units(LocationMethod.RAW_DATA, units)
    assert (together.shown, together.reported, together.units) == (Decimal("36.00"), 2, 3)
    assert consolidate_units(LocationMethod.RAW_DATA, units, percent=False).exact == Fraction(9, 25)
    half = [UnitFigure(numerator=8), UnitFigure(denominator=10)]
    nothing = consolidate_units(LocationMethod.RAW_DATA, half)
    assert (nothing.exact, nothing.shown, nothing.reported, nothing.absence) == (None, None, 0, absence.NO_MEMBERS)
    zero = consolidate_units(LocationMethod.RAW_DATA, [UnitFigure(numerator=8, denominator=0)])
    assert (zero.exact, zero.reported, zero.absence) == (None, 1, absence.NO_MEMBERS)


def test_units_are_added_or_averaged() -> None:
    units = [UnitFigure(Decimal(80)), UnitFigure(), UnitFigure(Decimal(25))]
    added = consolidate_units(LocationMethod.SUM, units)
    assert (added.exact, added.reported, added.units, added.absence) == (Fraction(105), 2, 3, None)
    averaged = consolidate_units(LocationMethod.AVERAGE, units)
    assert (averaged.shown, averaged.reported) == (Decimal("52.50"), 2)
    for method in (LocationMethod.SUM, LocationMethod.AVERAGE):
        nothing = consolidate_units(method, [UnitFigure(), UnitFigure()])
        assert (nothing.exact, nothing.reported, nothing.units, nothing.absence) == (None, 0, 2, absence.NO_MEMBERS)


def test_a_mean_is_of_what_was_reported() -> None:
    assert weighted_mean([(100, 3), (90, 2), (60, 1)]).shown == Decimal("90.00")
    three = mean([100, None, 80])
    assert (three.shown, three.coverage, three.absence) == (Decimal("90.00"), "2 dari 3 dilaporkan", None)
    assert mean([]) == Mean(None, 0, 0, absence.NO_MEMBERS)
    assert mean([None]) == Mean(None, 0, 1, absence.NO_MEMBERS)
    assert weighted_mean([(5, 0)]) == Mean(None, 1, 1, absence.NO_WEIGHT)
    assert weighted_mean([(5, 0), (7, 2)]).exact == 7
    assert mean([]).shown is None
    with pytest.raises(ValueError, match=r"^a weight must not be negative$"):
        weighted_mean([(None, -1)])


def test_a_mean_is_exact_before_it_is_rounded() -> None:
    """Three thirds and a tie: rounding the members, or dividing them in decimals, gives 0,33 or 33,67."""
    assert mean([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3), Fraction(202, 200)]).exact == Fraction(201, 400)
    tie = weighted_mean([(Fraction(100, 3), 1), (Fraction(100, 3), 1), (Fraction(103, 3), 1), (Fraction(1), 0)])
    assert tie.exact == Fraction(101, 3)


def test_weights_total_exactly_one_hundred() -> None:
    assert weights_problem([Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]) == ""
    assert weights_problem([50, 49]) == "Jumlah bobot 99, seharusnya 100. Sesuaikan bobotnya."
    assert weights_problem([Fraction(1, 3)] * 3, 1) == ""
    assert weights_problem([110, -10]) == "Bobot tidak boleh negatif."
    assert weights_problem([100, 0]) == ""
