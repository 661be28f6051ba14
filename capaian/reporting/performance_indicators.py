"""One indicator: its years with target and actual, the periods of a year, its units and what each reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from capaian.agencies.queries import Reach
from capaian.collection.models import Actual
from capaian.collection.queries import current_actuals
from capaian.formulas.rounding import Exact
from capaian.measurement.computing import Outcome
from capaian.measurement.drawing import Point, Trend
from capaian.measurement.models import Measurement
from capaian.measurement.recap import Line
from capaian.measurement.tables import Cell, Column, Table, counted, figured, said
from capaian.measurement.year_queries import history_lines, tone_of, worksheets_by_period
from capaian.periods.period import Period
from capaian.planning.models import Card, Indicator, Node
from capaian.planning.queries import cards, nodes


@dataclass(frozen=True)
class IndicatorView:
    """An indicator over the years. `path` are the nodes above it, the last one is its own."""

    indicator: Indicator
    card: Card
    cards: Sequence[Card]
    path: Sequence[Node]
    lines: Sequence[Line]  # of the worksheets that count, in the order of time
    history: Sequence[Line]  # of years that were never measured here
    actuals: Sequence[Actual]

    @property
    def year(self) -> int:
        """The year of the newest card."""
        return self.card.year

    @property
    def closing(self) -> list[Line]:
        """The last line of each year, in the order of time."""
        by_year = {line.card["year"]: line for line in (*self.history, *self.lines)}
        return [by_year[year] for year in sorted(by_year)]


def indicator_view(reach: Reach, key: str) -> IndicatorView | None:
    """Return an indicator of the agency; None when it has none of that key. A fixed number of queries."""
    found = list(cards(reach).filter(indicator__public_id=key).order_by("year", "version", "pk"))
    current = [card for card in found if card.is_current]
    if not current:
        return None
    sheets = list(worksheets_by_period(reach).values())
    place = {sheet.pk: order for order, sheet in enumerate(sheets)}
    rows = Measurement.objects.filter(worksheet__in=place, card__indicator__public_id=key)
    lines = sorted(map(Line, rows.select_related("card__indicator")), key=lambda line: place[line.row.worksheet_id])
    measured = {line.card["year"] for line in lines}
    before = [card.year for card in current if card.year not in measured]
    history = [line for each in history_lines(reach, before, indicator=key).values() for line in each]
    newest = current[-1]
    actuals = current_actuals().filter(agency_id=reach.agency.pk, card__indicator__public_id=key)
    return IndicatorView(
        newest.indicator, newest, found, _path(reach, newest.indicator.node_id), lines, history, list(actuals)
    )


def _path(reach: Reach, pk: int | None) -> list[Node]:
    by_pk = {node.pk: node for node in nodes(reach)}
    path: list[Node] = []
    while pk in by_pk and by_pk[pk] not in path:
        path.insert(0, by_pk[pk])
        pk = by_pk[pk].parent_id
    return path


def of_year(line: Line) -> Outcome:
    """Return what a line says of its year: against the year's own target where the year closes."""
    return line.measured.year or line.measured.outcome


def _value(outcome: Outcome, name: str) -> Exact | None:
    return next((item.value for item in outcome.inputs if item.name == name), None)


def result_cells(outcome: Outcome, line: Line, link: tuple[object, ...]) -> list[Cell]:
    """Return target, actual, achievement, category and what must be said beside them."""
    result = outcome.result
    shown = figured(result.shown, link=link) if result.shown is not None else said(result.reason, link=link)
    return [
        counted(outcome.target, [item.value for item in outcome.inputs if item.name == "T" and not item.text]),
        counted(outcome.actual, [item.value for item in outcome.inputs if item.name == "R" and not item.text]),
        shown,
        said(result.category or "", tone=tone_of(line.card["scale"], result.shown)),
        said("sementara" if outcome.provisional else ""),
    ]


RESULT = (
    Column("Target", 16, numeric=True),
    Column("Realisasi", 16, numeric=True),
    Column("Capaian (%)", 16, numeric=True),
    Column("Kategori", 18),
    Column("Keterangan", 18),
)


def origin(line: Line) -> tuple[object, ...]:
    """Return where a line's figure is explained; nothing for one that was never written."""
    return ("measurement", line.row.public_id) if line.row.pk else ()


def years_table(found: IndicatorView) -> Table:
    """Return the years side by side; a year that is still running says up to which period."""
    columns = (Column("Tahun", 30), *RESULT)
    rows = [[said(_said_of(line)), *result_cells(of_year(line), line, origin(line))] for line in found.closing]
    note = "Tahun tanpa kertas kerja dihitung dari realisasi yang tercatat."
    return Table("tahun", "Antartahun", columns, rows, note)


def _said_of(line: Line) -> str:
    year = line.card["year"]
    if not origin(line):
        return f"{year} (riwayat)"
    if line.measured.year is not None:
        return str(year)
    return f"{year} sampai {Period.parse(line.row.period).label}"


def periods_table(found: IndicatorView) -> Table:
    """Return the measured periods of the newest measured year."""
    lines = _of_newest_year(found)
    columns = (Column("Periode", 24), *RESULT)
    rows = [
        [said(Period.parse(line.row.period).label), *result_cells(line.measured.outcome, line, origin(line))]
        for line in lines
    ]
    return Table("periode", f"Periode {lines[0].card['year'] if lines else found.year}", columns, rows)


def _of_newest_year(found: IndicatorView) -> list[Line]:
    newest = max((line.card["year"] for line in found.lines), default=0)
    return [line for line in found.lines if line.card["year"] == newest]


def units_table(found: IndicatorView) -> Table:
    """Return what each unit reported in the newest reported year, with who entered it."""
    newest = max((Period.parse(each.period).year for each in found.actuals), default=0)
    rows = [
        _unit_row(each)
        for each in sorted(found.actuals, key=lambda each: (each.unit.name, Period.parse(each.period).end))
        if Period.parse(each.period).year == newest
    ]
    columns = (
        Column("Unit", 40),
        Column("Periode", 24),
        Column("Realisasi", 16, numeric=True),
        Column("Dicatat oleh", 30),
        Column("Penyebab, hambatan, tindak lanjut", 60),
    )
    return Table("unit", f"Laporan unit {newest or ''}".strip(), columns, rows)


def _unit_row(actual: Actual) -> list[Cell]:
    link = ("unit_form", actual.form.public_id) if actual.form else ()
    words = "; ".join(text for text in (actual.cause, actual.obstacle, actual.follow_up) if text)
    value = said(actual.letter, link=link) if actual.letter else figured(actual.value, None, link=link)
    return [
        said(actual.unit.name),
        said(Period.parse(actual.period).label),
        value,
        said(actual.entered_by.name),
        said(words or actual.origin),
    ]


def tables_of(found: IndicatorView) -> list[Table]:
    """Return the tables of an indicator's page."""
    return [table for table in (periods_table(found), years_table(found), units_table(found)) if table.rows]


def years_trend(found: IndicatorView) -> Trend:
    """Return the chart of the years with the line of the targets."""
    points = [_point(str(line.card["year"]), of_year(line)) for line in found.closing]
    return Trend(f"{found.card.name}, antartahun", points)


def periods_trend(found: IndicatorView) -> Trend:
    """Return the chart of the periods of the newest measured year."""
    lines = _of_newest_year(found)
    points = [_point(Period.parse(line.row.period).label.rsplit(" ", 1)[0], line.measured.outcome) for line in lines]
    return Trend(f"{found.card.name}, {found.year}", points)


def _point(label: str, outcome: Outcome) -> Point:
    return Point(label, _value(outcome, "R"), outcome.actual, _value(outcome, "T"))
