"""Months, quarters and years: codes, labels, bounds; no day without a period and none in two (2024-2100)."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from capaian.periods.period import Period, PeriodKind, periods_of_year

FIRST, LAST = 2024, 2100
DAYS = [date(FIRST, 1, 1) + timedelta(days=n) for n in range((date(LAST, 12, 31) - date(FIRST, 1, 1)).days + 1)]
MONTH, QUARTER, YEAR = PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR


@pytest.mark.parametrize(
    ("code", "period", "label", "start", "end"),
    [
        ("2026-01", Period(2026, MONTH, 1), "Januari 2026", date(2026, 1, 1), date(2026, 1, 31)),
        ("2024-02", Period(2024, MONTH, 2), "Februari 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2100-02", Period(2100, MONTH, 2), "Februari 2100", date(2100, 2, 1), date(2100, 2, 28)),
        ("2026-12", Period(2026, MONTH, 12), "Desember 2026", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q1", Period(2026, QUARTER, 1), "Triwulan I 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", Period(2026, QUARTER, 4), "Triwulan IV 2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028", Period(2028, YEAR), "Tahun 2028", date(2028, 1, 1), date(2028, 12, 31)),
        ("9999", Period(9999, YEAR), "Tahun 9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_code_reads_and_writes(code: str, period: Period, label: str, start: date, end: date) -> None:
    assert Period.parse(code) == period
    assert (period.code, str(period), period.label, period.start, period.end) == (code, code, label, start, end)


NOT_CODES = [
    "26",
    "2026-00",
    "2026-13",
    "2026-1",
    "2026-Q0",
    "2026-Q5",
    "2026-q1",
    "2026-Q",
    "0000",
    "0000-01",
    "2026-03-01",
]


@pytest.mark.parametrize(
    "code", [*NOT_CODES, "", " 2026", "2026\n", "2026-03\n", "\u0662\u0660\u0662\u0666", "Maret 2026"]
)
def test_anything_else_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(code)


@pytest.mark.parametrize(("kind", "number"), [(MONTH, 0), (MONTH, 13), (QUARTER, 5), (QUARTER, 0), (YEAR, 2)])
def test_a_number_beyond_the_year_is_refused(kind: PeriodKind, number: int) -> None:
    with pytest.raises(ValueError, match="no such period"):
        Period(2026, kind, number)


def gaps_and_overlaps(periods: Iterable[Period]) -> list[date]:
    """Days that lie in none or in several of the periods."""
    counted = dict.fromkeys(DAYS, 0)
    for period in periods:
        for n in range((period.end - period.start).days + 1):
            counted[period.start + timedelta(days=n)] += 1
    return [day for day, times in counted.items() if times != 1]


@pytest.mark.parametrize("kind", PeriodKind)
def test_every_day_lies_in_exactly_one_period(kind: PeriodKind) -> None:
    periods = [part for year in range(FIRST, LAST + 1) for part in Period(year, YEAR).parts(kind)]
    assert len(DAYS) == 28_124
    assert gaps_and_overlaps(periods) == []
    assert [day for day in DAYS if day not in Period.containing(day, kind)] == []
    assert {Period.containing(day, kind) for day in DAYS} == set(periods)


@pytest.mark.parametrize("kind", PeriodKind)
def test_a_missing_or_doubled_period_is_noticed(kind: PeriodKind) -> None:
    periods = [part for year in range(FIRST, LAST + 1) for part in Period(year, YEAR).parts(kind)]
    days = (periods[5].end - periods[5].start).days + 1
    assert len(gaps_and_overlaps(periods[:5] + periods[6:])) == days
    assert len(gaps_and_overlaps([*periods, periods[5]])) == days


@pytest.mark.parametrize("kind", PeriodKind)
def test_next_and_previous_walk_without_gap(kind: PeriodKind) -> None:
    walked = [Period(FIRST, kind)]
    while walked[-1].year <= LAST:
        walked.append(walked[-1].next())
    for before, after in pairwise(walked):
        assert after.start == before.end + timedelta(days=1)
        assert after.previous() == before
    assert walked == sorted(walked)
    assert len(walked) == (LAST - FIRST + 1) * 12 // walked[0].months + 1


def test_the_year_turns() -> None:
    assert Period(2026, MONTH, 12).next() == Period(2027, MONTH, 1)
    assert Period(2027, QUARTER, 1).previous() == Period(2026, QUARTER, 4)
    assert Period(2026, YEAR).next() == Period(2027, YEAR)
    with pytest.raises(ValueError, match="no such period"):
        Period(9999, MONTH, 12).next()


def test_parts_are_the_months_and_quarters_inside() -> None:
    assert [part.code for part in Period.parse("2026-Q2").parts(MONTH)] == ["2026-04", "2026-05", "2026-06"]
    assert [part.code for part in Period.parse("2026").parts(QUARTER)] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert Period.parse("2026-05").parts(MONTH) == (Period.parse("2026-05"),)
    assert Period.parse("2026-05").parts(QUARTER) == ()
    assert Period.parse("2026-Q2").parts(YEAR) == ()


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2026, 4, 30), []),
        (date(2026, 5, 1), ["2026-04"]),
        (date(2026, 6, 30), ["2026-04", "2026-05"]),
        (date(2026, 7, 1), ["2026-04", "2026-05", "2026-06"]),
    ],
)
def test_a_part_has_elapsed_the_day_after_it_ends(on: date, months: list[str]) -> None:
    assert [part.code for part in Period.parse("2026-Q2").elapsed_parts(MONTH, on)] == months


def test_periods_of_a_year_come_by_end_date_and_the_month_before_its_quarter() -> None:
    expected = (
        "2026-01 2026-02 2026-03 2026-Q1 2026-04 2026-05 2026-06 2026-Q2 "
        "2026-07 2026-08 2026-09 2026-Q3 2026-10 2026-11 2026-12 2026-Q4"
    )
    assert " ".join(period.code for period in periods_of_year(2026)) == expected
