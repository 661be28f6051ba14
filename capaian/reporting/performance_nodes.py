"""One place of the cascade in a year: the way up to it, its own indicators, what lies below, its money."""

from collections.abc import Sequence
from dataclasses import dataclass

from capaian.measurement.recap import Together
from capaian.measurement.tables import Cell, Column, Table, figured, said
from capaian.measurement.year_queries import tone_of
from capaian.planning.budgets import Amounts, Budget
from capaian.planning.models import Node
from capaian.reporting.performance import YearView, lights_table, spent_until

NO_INDICATOR = "belum ada indikator"


@dataclass(frozen=True)
class NodeView:
    """A node in a year. `path` are its ancestors from the top."""

    view: YearView
    node: Node
    path: Sequence[Node]
    below: Sequence[Node]

    @property
    def own(self) -> Together | None:
        """Its own indicators together."""
        return self.view.by_node.get(self.node.public_id)

    @property
    def budget(self) -> Budget | None:
        """Its money with all below it."""
        return self.view.money.get(self.node.pk)

    @property
    def amounts(self) -> Amounts | None:
        """The year's ceiling, and what was spent up to the period."""
        budget = self.budget
        return None if budget is None else Amounts(budget.year.ceiling, spent_until(budget, self.view.period))


def node_view(view: YearView, key: str) -> NodeView | None:
    """Return one node of a year; None when the agency has no such node. Asks the database nothing."""
    node = view.nodes.get(key)
    if node is None:
        return None
    by_pk = {each.pk: each for each in view.nodes.values()}
    path: list[Node] = []
    place = by_pk.get(node.parent_id) if node.parent_id else None
    while place is not None and place not in path:
        path.insert(0, place)
        place = by_pk.get(place.parent_id) if place.parent_id else None
    below = [each for each in view.nodes.values() if each.parent_id == node.pk and _stands(each, view.year)]
    return NodeView(view, node, path, sorted(below, key=lambda each: (each.level, each.ordinal, each.code, each.pk)))


def _stands(node: Node, year: int) -> bool:
    return node.valid_from.year <= year and (node.valid_to is None or node.valid_to.year >= year)


def node_tables(found: NodeView) -> list[Table]:
    """Return the tables of a node's page."""
    return [table for table in (own_table(found), below_table(found)) if table.rows]


def own_table(found: NodeView) -> Table:
    """Return the node's own indicators."""
    view = found.view
    members = found.own.members if found.own else []
    keys = {line.row.card.indicator.public_id for line in members}
    table = lights_table(view)
    rows = [row for row in table.rows if row[0].link[-1] in keys]
    return Table("indikator", "Indikator", table.columns, rows, table.note)


def below_table(found: NodeView) -> Table:
    """Return the nodes right below: they support this one, their figures are never summed into it."""
    columns = (
        Column("Butir di bawahnya", 60),
        Column("Jenjang", 14),
        Column("Penanggung jawab", 30),
        Column("Dihitung", 24),
        Column("Rata-rata skor (%)", 18, numeric=True),
        Column("Kategori", 18),
    )
    rows = [_below_row(found.view, node) for node in found.below]
    note = "Butir di bawahnya mendukung; angkanya tidak dijumlahkan ke butir ini."
    return Table("bawahan", "Butir di bawahnya", columns, rows, note)


def _below_row(view: YearView, node: Node) -> list[Cell]:
    each = view.by_node.get(node.public_id)
    scales = {line.card["scale"] for line in each.members} if each else set()
    tone = tone_of(scales.pop(), each.shown) if each and each.category else ""
    return [
        said(str(node), link=("performance_node", view.year, node.public_id)),
        said(str(node.get_level_display())),
        said(node.owner.name if node.owner else ""),
        said(each.mean.coverage if each else NO_INDICATOR),
        figured(each.shown if each else None),
        said(each.category if each else "", tone=tone),
    ]
