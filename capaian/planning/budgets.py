"""Money of the tree: what stands at a node and below it, for a year and its quarters."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from capaian.formulas.rounding import rounded
from capaian.planning.models import BudgetMonth, Node

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Amounts:
    """Ceiling and spending; None where no month says anything."""

    ceiling: Decimal | None = None
    spent: Decimal | None = None

    @property
    def absorbed(self) -> Decimal | None:
        """Spending in percent of the ceiling, rounded half up; None without both, or with a ceiling of 0."""
        if self.spent is None or not self.ceiling:
            return None
        return rounded(Fraction(self.spent) / Fraction(self.ceiling) * 100)

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(_sum(self.ceiling, other.ceiling), _sum(self.spent, other.spent))


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one if other is None else other if one is None else one + other


@dataclass(frozen=True)
class Budget:
    """A node's money with all that hangs below it: the quarters, and whether the rows are its own."""

    quarters: tuple[Amounts, ...]
    is_own: bool = False

    @property
    def year(self) -> Amounts:
        """The whole year."""
        return sum(self.quarters, Amounts())


def rolled_up(agency_id: int, year: int) -> dict[int, Budget]:
    """Return by row number of node the money of a year, summed up the tree; nodes without any are left out."""
    own: dict[int, list[Amounts]] = defaultdict(lambda: [Amounts()] * len(QUARTERS))
    rows = (
        BudgetMonth.objects.filter(node__agency_id=agency_id, year=year)
        .values("node_id", "month")
        .annotate(ceiling_sum=Sum("ceiling"), spent_sum=Sum("spent"))
        .order_by("node_id", "month")
    )
    for row in rows:
        quarter = (row["month"] - 1) // 3
        own[row["node_id"]][quarter] += Amounts(row["ceiling_sum"], row["spent_sum"])
    parents = dict(Node.objects.filter(agency_id=agency_id).values_list("pk", "parent_id"))
    whole: dict[int, list[Amounts]] = defaultdict(lambda: [Amounts()] * len(QUARTERS))
    for pk, quarters in own.items():
        place: int | None = pk
        while place is not None:
            whole[place] = [one + other for one, other in zip(whole[place], quarters, strict=True)]
            place = parents[place]
    return {pk: Budget(tuple(quarters), pk in own) for pk, quarters in whole.items()}


def by_month(agency_id: int, year: int) -> tuple[Amounts, ...]:
    """Return the twelve months of a year, each summed over the agency's nodes."""
    rows = (
        BudgetMonth.objects.filter(node__agency_id=agency_id, year=year)
        .values("month")
        .annotate(ceiling_sum=Sum("ceiling"), spent_sum=Sum("spent"))
    )
    found = {row["month"]: Amounts(row["ceiling_sum"], row["spent_sum"]) for row in rows}
    return tuple(found.get(month, Amounts()) for month in range(1, 13))


def ceilings(agency_id: int, year: int) -> dict[int, Decimal]:
    """Return by row number of node the ceiling of a year with all below it."""
    found = {pk: budget.year.ceiling for pk, budget in rolled_up(agency_id, year).items()}
    return {pk: amount for pk, amount in found.items() if amount is not None}
