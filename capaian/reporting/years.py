"""Several years side by side: each indicator's achievement and actual at the end of every year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from capaian.agencies.queries import Reach
from capaian.measurement.models import Measurement
from capaian.measurement.recap import Line
from capaian.measurement.tables import Cell, Column, Table, counted, figured, said
from capaian.measurement.year_queries import history_lines, tone_of, worksheets_by_period, years_known
from capaian.periods.period import Period
from capaian.reporting.performance_indicators import of_year, origin

MOST_YEARS: Final = 7


@dataclass(frozen=True)
class YearsView:
    """The last lines of each year by indicator (key) and year, and how far a year has come."""

    years: Sequence[int]
    names: dict[str, tuple[str, str]]  # name and unit of measure, as last written
    lines: dict[tuple[str, int], Line]
    running: dict[int, str]


def years_view(reach: Reach) -> YearsView:
    """Return the newest years of an agency; a fixed number of queries, however many years and indicators."""
    years = sorted(years_known(reach)[:MOST_YEARS])
    sheets = worksheets_by_period(reach, years) if years else {}
    closing = {int(code[:4]): sheet for code, sheet in sheets.items()}
    rows = Measurement.objects.filter(worksheet__in=[sheet.pk for sheet in closing.values()])
    found = [Line(row) for row in rows.select_related("card__indicator").order_by("worksheet__period", "ordinal")]
    before = history_lines(reach, [year for year in years if year not in closing])
    found = [line for year in sorted(before) for line in before[year]] + found
    names: dict[str, tuple[str, str]] = {}
    lines: dict[tuple[str, int], Line] = {}
    for line in found:
        key = line.row.card.indicator.public_id
        names[key] = (line.card["name"], line.card["measured_in"])
        lines[key, line.card["year"]] = line
    running = {
        year: Period.parse(sheet.period).label
        for year, sheet in closing.items()
        if Period.parse(sheet.period).end.month != 12
    }
    return YearsView(years, names, lines, running)


def tables_of(view: YearsView) -> list[Table]:
    """Return achievements and actuals, a column for each year."""
    return [
        table
        for table in (
            _table(view, "capaian", "Capaian antartahun (%)", _achieved),
            _table(view, "realisasi", "Realisasi antartahun", _brought),
        )
        if table.rows
    ]


def _table(view: YearsView, key: str, title: str, cell: Callable[[Line | None], Cell]) -> Table:
    columns = (
        Column("Indikator", 60),
        Column("Satuan", 14),
        *(Column(_heading(view, year), 14, numeric=True) for year in view.years),
    )
    rows = [
        [
            said(name, link=("performance_indicator", each)),
            said(unit),
            *(cell(view.lines.get((each, year))) for year in view.years),
        ]
        for each, (name, unit) in view.names.items()
    ]
    return Table(key, title, columns, rows)


def _heading(view: YearsView, year: int) -> str:
    said_of = view.running.get(year, "")
    return f"{year} s.d. {said_of.removesuffix(f' {year}')}" if said_of else str(year)


def _achieved(line: Line | None) -> Cell:
    if line is None:
        return Cell("–")
    result = of_year(line).result
    if result.shown is None:
        return said(result.reason, tone="neutral", link=origin(line))
    return figured(result.shown, tone=tone_of(line.card["scale"], result.shown), link=origin(line))


def _brought(line: Line | None) -> Cell:
    if line is None:
        return Cell("–")
    outcome = of_year(line)
    return counted(outcome.actual, [item.value for item in outcome.inputs if item.name == "R" and not item.text])
