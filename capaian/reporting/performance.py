"""Kinerja tahun …: an agency's year as tables and charts, from the worksheets that count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from capaian.agencies.queries import Reach
from capaian.formulas.absence import WAITING_RELEASE
from capaian.formulas.efficiency import absorption, simple_efficiency
from capaian.measurement.charts import FIRST, achievement_bars
from capaian.measurement.drawing import Bar, BarRow, Bars
from capaian.measurement.models import Worksheet
from capaian.measurement.papers import remark
from capaian.measurement.recap import Line, Tally, Together, tally, together
from capaian.measurement.tables import Cell, Column, Table, counted, figured, said
from capaian.measurement.year_queries import (
    Mark,
    history_lines,
    lines_of,
    marks,
    tone_of,
    worksheets_by_period,
    years_known,
)
from capaian.periods.period import ROMAN, Period, PeriodKind
from capaian.planning.budgets import Budget
from capaian.planning.models import Level, Node
from capaian.planning.queries import budget_totals, nodes

FULL = 100
ORDER = {level: place for place, level in enumerate(Level.values)}


@dataclass(frozen=True)
class YearView:
    """What was measured in a year, up to one of its periods.

    `sheet` is None for a year from before the product: its lines come from recorded figures.
    """

    year: int
    period: Period | None
    sheet: Worksheet | None
    sheets: Mapping[str, Worksheet]
    lines: Sequence[Line]
    years: Sequence[int]
    marks: Sequence[Mark] = ()
    nodes: Mapping[str, Node] = field(default_factory=dict)
    money: Mapping[int, Budget] = field(default_factory=dict)

    @property
    def periods(self) -> list[Period]:
        """The measured periods of the year."""
        return [Period.parse(code) for code in self.sheets]

    @property
    def quarters(self) -> list[Period]:
        """The columns of the traffic lights: the year's quarters, or its months where no quarter was measured."""
        measured = self.periods
        kinds = {each.kind for each in measured}
        if kinds == {PeriodKind.MONTH}:
            return measured
        return list(Period(self.year, PeriodKind.YEAR).parts(PeriodKind.QUARTER))

    @cached_property
    def by_node(self) -> dict[str, Together]:
        """The indicators of each node together, by key of node, in the order of the worksheet."""
        members: dict[str, list[Line]] = {}
        for line in self.lines:
            members.setdefault(line.card["node"]["key"], []).append(line)
        return {key: together(node_name(found[0]), found) for key, found in members.items()}

    def of_level(self, *levels: str) -> dict[str, Together]:
        """Return the nodes of some levels that have indicators."""
        return {key: each for key, each in self.by_node.items() if each.members[0].card["node"]["level"] in levels}

    @cached_property
    def first_level(self) -> Level | None:
        """The level that stands first."""
        found = {line.card["node"]["level"] for line in self.lines}
        return next((level for level in FIRST if level.value in found), None)

    @property
    def tally(self) -> Tally:
        """How many indicators reached which category."""
        return tally(line.row for line in self.lines)

    @cached_property
    def whole(self) -> Together | None:
        """All indicators of the first level together."""
        level = self.first_level
        members = [line for line in self.lines if level and line.card["node"]["level"] == level.value]
        return together(f"Seluruh {str(level.label).lower()}", members) if level and members else None

    @property
    def reached(self) -> tuple[int, int]:
        """How many of the measured key indicators (all, where none is key) reached their target."""
        keyed = [line for line in self.lines if line.card["is_iku"]] or list(self.lines)
        shown = [line.row.shown for line in keyed if line.row.shown is not None]
        return sum(value >= FULL for value in shown), len(shown)


def node_name(line: Line) -> str:
    """Return a node as people name it: code and text."""
    node = line.card["node"]
    return f"{node['code']} {node['text']}".strip()


def year_view(reach: Reach, year: int, period: str = "") -> YearView:
    """Return an agency's year up to a period (its code), the last measured one without; a fixed number of queries."""
    sheets = worksheets_by_period(reach, [year])
    code = period if period in sheets else next(reversed(sheets), "")
    sheet = sheets.get(code)
    lines = lines_of(sheet) if sheet else history_lines(reach, [year]).get(year, [])
    return YearView(
        year=year,
        period=Period.parse(code) if code else None,
        sheet=sheet,
        sheets=sheets,
        lines=lines,
        years=sorted({*years_known(reach), reach.on.year}, reverse=True),
        marks=marks(sheets.values()),
        nodes={node.public_id: node for node in nodes(reach)},
        money=budget_totals(reach, year),
    )


def tables_of(view: YearView) -> list[Table]:
    """Return every table of the page that says something; the same go to CSV, XLSX and paper."""
    tables = [node_table(view), lights_table(view), waiting_table(view), money_table(view)]
    return [table for table in tables if table.rows]


def node_table(view: YearView) -> Table:
    """Return the achievement of each node of the first level, from its own indicators."""
    level = view.first_level
    label = str(level.label) if level else "Sasaran"
    columns = (
        Column(label, 60),
        Column("Dihitung", 24),
        Column("Rata-rata skor (%)", 18, numeric=True),
        Column("Kategori", 18),
        Column("Tidak dihitung", 44),
    )
    rows = [
        together_cells(each, ("performance_node", view.year, key))
        for key, each in (view.of_level(level.value) if level else {}).items()
    ]
    note = "Rata-rata tertimbang skor indikator milik butir itu sendiri, tidak pernah dari butir di bawahnya."
    return Table("butir", f"Capaian tiap {label.lower()}", columns, rows, note)


def together_cells(each: Together, link: tuple[object, ...]) -> list[Cell]:
    """Return a node's indicators together as a row; who is left out is named with the reason."""
    scales = {line.card["scale"] for line in each.members}
    tone = tone_of(scales.pop(), each.shown) if each.category else ""
    out = "; ".join(f"{line.card['name']}: {line.measured.outcome.result.reason}" for line in each.left_out)
    return [
        said(each.text, link=link),
        said(each.mean.coverage),
        figured(each.shown),
        said(each.category, tone=tone),
        said(out),
    ]


def node_bars(view: YearView) -> Bars:
    """Return the chart of the first level."""
    level = view.first_level
    return achievement_bars(str(level.label), view.of_level(level.value).values()) if level else Bars("", ())


def lights_table(view: YearView) -> Table:
    """Return the traffic lights: each indicator with target and actual, and its achievement in every period."""
    columns = [
        Column("Indikator", 60),
        Column("Jenjang", 14),
        Column("Satuan", 12),
        Column("Target", 14, numeric=True),
        Column("Realisasi", 14, numeric=True),
    ]
    found = {(mark.indicator, mark.period): mark for mark in view.marks}
    if view.sheet is None:
        columns.append(Column(f"Capaian {view.year} (%)", 14, numeric=True))
    else:
        columns += [Column(short_label(each), 14, numeric=True) for each in view.quarters]
    columns.append(Column("Keterangan", 40))
    rows = []
    for line in sorted(view.lines, key=lambda each: ORDER[each.card["node"]["level"]]):
        key = line.row.card.indicator.public_id
        cells = [*line_facts(line)]
        if view.sheet is None:
            cells.append(light_of(line))
        else:
            cells += [mark_cell(found.get((key, each.code))) for each in view.quarters]
        rows.append([*cells, said(remark(line) if line.row.shown is not None else "")])
    note = "Angka dalam persen; warnanya menurut skala kategori pada kartu indikator."
    return Table("indikator", "Lampu lalu lintas indikator", columns, rows, note)


def waiting_table(view: YearView) -> Table:
    """Return the figures that are not final: published in the next year, or marked as provisional by their unit."""
    columns = (
        Column("Indikator", 60),
        Column("Keadaan", 30),
        Column("Capaian sementara (%)", 20, numeric=True),
        Column("Sumber data", 40),
    )
    rows = []
    for line in view.lines:
        outcome = line.measured.outcome
        waits = outcome.result.absence is WAITING_RELEASE
        if waits or outcome.provisional:
            state = WAITING_RELEASE.text if waits else f"sementara, {outcome.coverage}"
            name = said(line.card["name"], link=("performance_indicator", line.row.card.indicator.public_id))
            rows.append([name, said(state), figured(outcome.result.shown), said(line.card["source"])])
    note = (
        "Nilai resmi yang terbit atau data yang menyusul masuk lewat proses perbaikan periode itu, lalu diukur ulang."
    )
    return Table("menunggu", "Menunggu rilis atau masih sementara", columns, rows, note)


def short_label(period: Period) -> str:
    """Return a period as a column's heading: `TW II (%)`, `Maret (%)`."""
    if period.kind is PeriodKind.QUARTER:
        return f"TW {ROMAN[period.number - 1]} (%)"
    return f"{period.label.split()[0]} (%)" if period.kind is PeriodKind.MONTH else "Setahun (%)"


def line_facts(line: Line) -> list[Cell]:
    """Return what stands before an achievement: indicator, level, unit of measure, target, actual."""
    outcome, card = line.measured.outcome, line.card
    return [
        said(card["name"], link=("performance_indicator", line.row.card.indicator.public_id)),
        said(str(Level(card["node"]["level"]).label)),
        said(card["measured_in"]),
        counted(outcome.target, [item.value for item in outcome.inputs if item.name == "T" and not item.text]),
        counted(outcome.actual, [item.value for item in outcome.inputs if item.name == "R" and not item.text]),
    ]


def mark_cell(mark: Mark | None) -> Cell:
    """Return an achievement of one period; what has no number says why."""
    if mark is None:
        return Cell("–")
    link = ("measurement", mark.key)
    if mark.shown is None:
        return said(mark.reason, tone="neutral", link=link)
    return figured(mark.shown, tone=mark.tone, link=link)


def light_of(line: Line) -> Cell:
    """Return an achievement that was never written, of a year from before the product."""
    row = line.row
    if row.shown is None:
        return said(row.reason, tone="neutral")
    return figured(row.shown, tone=tone_of(line.card["scale"], row.shown))


def spent_until(budget: Budget, period: Period | None) -> Decimal | None:
    """Return what was spent up to the end of a period; of the whole year without one."""
    last = 4 if period is None else (period.end.month + 2) // 3
    amounts = [quarter.spent for quarter in budget.quarters[:last] if quarter.spent is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def money_table(view: YearView) -> Table:
    """Return budget absorption beside the achievement, programme by programme."""
    columns = (
        Column("Program", 60),
        Column("Pagu setahun (Rp)", 20, numeric=True),
        Column("Realisasi (Rp)", 20, numeric=True),
        Column("Serapan (%)", 12, numeric=True),
        Column("Rata-rata skor (%)", 12, numeric=True),
        Column("Efisiensi (poin)", 12, numeric=True),
    )
    rows = [
        _money_row(view, node)
        for node in sorted(view.nodes.values(), key=lambda each: (each.code, each.pk))
        if node.level == Level.PROGRAMME and node.pk in view.money
    ]
    note = "Efisiensi = rata-rata skor dikurangi serapan, dalam poin persen; kosong bila salah satunya belum ada."
    return Table("anggaran", "Serapan anggaran dan capaian program", columns, rows, note)


def _money_row(view: YearView, node: Node) -> list[Cell]:
    budget = view.money[node.pk]
    ceiling, spent = budget.year.ceiling, spent_until(budget, view.period)
    taken = absorption(ceiling, spent) if ceiling is not None and spent is not None else None
    each = view.by_node.get(node.public_id)
    score = each.mean.exact if each else None
    points = simple_efficiency(score, taken) if score is not None and taken is not None else None
    return [
        said(str(node), link=("performance_node", view.year, node.public_id)),
        figured(ceiling, None),
        figured(spent, None),
        figured(taken),
        figured(score),
        figured(points),
    ]


def money_bars(view: YearView) -> Bars:
    """Return the chart of absorption beside achievement."""
    rows = [
        BarRow(row[0].text, [_money_bar(row[4], "capaian", "success"), _money_bar(row[3], "serapan", "info")])
        for row in money_table(view).rows
    ]
    return Bars("Serapan anggaran dan capaian program", rows)


def _money_bar(cell: Cell, word: str, tone: str) -> Bar:
    return Bar(cell.value, cell.text, tone, word) if cell.value is not None else Bar(None, f"{word} belum ada")
