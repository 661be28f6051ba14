"""The sample agency's plan: nodes, indicators with their cards, targets and budgets, and figures of earlier years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from capaian.agencies.models import Agency, RoleKey, Unit
from capaian.agencies.queries import holders, reach, today
from capaian.collection.actions import record_history
from capaian.collection.entries import HistoryEntry
from capaian.journal.actor import Actor
from capaian.periods.period import Period, PeriodKind
from capaian.planning import actions
from capaian.planning.card_rules import reasons_not_to_activate, target_periods
from capaian.planning.entries import (
    CardEntry,
    DatumEntry,
    IndicatorEntry,
    MonthEntry,
    NodeEntry,
    PartyEntry,
    PlanEntry,
    TargetEntry,
)
from capaian.planning.models import Card, Node

FILE = Path(__file__).with_name("performance.yaml")
CARD_WORDS = ("name", "measured_in", "kind", "polarity", "consolidation", "location", "frequency", "formula")
LAST_KNOWN_YEAR = 2030
MONTHS = 12
SUPERIOR = PartyEntry("Bupati (contoh)", "Bupati")


@cache
def facts() -> dict[str, Any]:
    """Return what the file says; numbers stand in it as texts."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@dataclass
class PlanLoader:
    """Makes the plan and the cards of every year that `periods` lie in; quarterly targets begin with the first one."""

    agency: Agency
    periods: Sequence[Period]
    by: Actor
    units: dict[str, Unit] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def load(self) -> None:
        """Write it all, inside the caller's transaction."""
        self.units = {unit.name: unit for unit in self.agency.units.all()}
        plan = actions.create_plan(agency=self.agency, entry=PlanEntry(**facts()["plan"]), by=self.by)
        for ordinal, row in enumerate(facts()["nodes"], start=1):
            entry = self._node(row, ordinal)
            first_day = date(plan.first_year, 1, 1)
            self.nodes[row["key"]] = actions.add_node(plan=plan, entry=entry, by=self.by, valid_from=first_day)
            if "budget" in row:
                self._budget(row)
        for ordinal, row in enumerate(facts()["indicators"], start=1):
            self._indicator(row, ordinal)
        for year in self.years:
            self._promise(year)

    def _promise(self, year: int) -> None:
        """Put the Kepala's agreement of a year in force from its second day; its paper is issued with the others."""
        on = today(self.agency)
        head = reach(holders(self.agency, RoleKey.HEAD, on)[0], on).actor(role=RoleKey.HEAD)
        row = actions.draft_agreement(agency=self.agency, year=year, party=SUPERIOR, edition=0, by=self.by)
        actions.put_agreement_in_force(agreement=row, in_force_from=date(year, 1, 2), edition=row.edition, by=head)

    @property
    def years(self) -> list[int]:
        """The years that need cards."""
        return sorted({period.year for period in self.periods})

    def _node(self, row: Mapping[str, Any], ordinal: int) -> NodeEntry:
        parent = self.nodes.get(row.get("parent", ""))
        return NodeEntry(
            level=row["level"],
            text=row["text"],
            parent_id=parent.pk if parent else None,
            code=row.get("code", ""),
            ordinal=ordinal,
            owner_id=self.units[row["owner"]].pk if "owner" in row else None,
            origin=facts()["sources"][row["source"]],
        )

    def _indicator(self, row: Mapping[str, Any], ordinal: int) -> None:
        """Add an indicator with a card for each year that has something to say; activate those that are complete."""
        history = row.get("history", {})
        identity = IndicatorEntry(ordinal=ordinal, is_iku=row.get("is_iku", False))
        card: Card | None = None
        for year in sorted({*history, *(self.years if "year" in row or "quarter" in row else [])}):
            if card is None:
                node, entry = self.nodes[row["node"]], _entry(row)
                card = actions.add_indicator(node=node, indicator=identity, card=entry, year=year, by=self.by)
            else:
                card = actions.carry_card(card=card, year=year, by=self.by)
            self._complete(row, card)
            if year in history:
                self._record(row, card)

    def _complete(self, row: Mapping[str, Any], card: Card) -> None:
        suppliers = [self.units[name].pk for name in row["suppliers"]]
        card = actions.set_suppliers(card=card, unit_ids=suppliers, edition=card.edition, by=self.by)
        targets = _targets(row, card, self.periods[0].start)
        card = actions.set_targets(card=card, targets=targets, edition=card.edition, by=self.by)
        if not reasons_not_to_activate(card):
            actions.activate_cards(agency=self.agency, year=card.year, seen={card.pk: card.edition}, by=self.by)

    def _record(self, row: Mapping[str, Any], card: Card) -> None:
        told = HistoryEntry(
            card_id=card.pk,
            unit_id=self.units[row["suppliers"][0]].pk,
            period=f"{card.year:04d}",
            value=Decimal(row["history"][card.year]["actual"]),
            origin=facts()["sources"][row["source"]],
        )
        record_history(agency=self.agency, figures=[told], by=self.by)

    def _budget(self, row: Mapping[str, Any]) -> None:
        """Spread a programme's published budget of 2024 evenly over the months, the rest on the last."""
        months = _months(Decimal(row["budget"]), Decimal(row["spent"]))
        origin = f"{facts()['sources']['budget']}; pembagian per bulan contoh"
        for year in self.years:
            node = self.nodes[row["key"]]
            self.nodes[row["key"]] = actions.set_budget(
                node=node, year=year, months=months, edition=node.edition, by=self.by, origin=origin
            )


def _entry(row: Mapping[str, Any]) -> CardEntry:
    said = {name: row[name] for name in CARD_WORDS if name in row}
    data = tuple(DatumEntry(name, label) for name, label in row.get("data", {}).items())
    return CardEntry(
        **said,
        data=data,
        released_next_year=row.get("released_next_year", False),
        source=facts()["sources"][row["source"]],
        origin=facts()["sources"][row["source"]],
    )


def _targets(row: Mapping[str, Any], card: Card, since: date) -> list[TargetEntry]:
    """Return the year's target as published, and those of the quarters from `since` on, which are examples."""
    known = row.get("year", {})
    quarters = [
        TargetEntry(period.code, Decimal(row["quarter"]), is_example=True)
        for period in target_periods(card.frequency, card.year)
        if "quarter" in row and period.kind == PeriodKind.QUARTER and period.start >= since
    ]
    if card.year in row.get("history", {}):
        target = row["history"][card.year].get("target")
        return [TargetEntry(f"{card.year:04d}", Decimal(target))] if target else []
    if known:
        year = min(max(card.year, min(known)), LAST_KNOWN_YEAR)
        return [TargetEntry(f"{card.year:04d}", Decimal(known[year]), is_example=year != card.year), *quarters]
    times = len(quarters) if card.consolidation == "sum" else 1
    return [TargetEntry(f"{card.year:04d}", Decimal(row["quarter"]) * times, is_example=True), *quarters]


def _months(ceiling: Decimal, spent: Decimal) -> list[MonthEntry]:
    ceilings, spendings = _spread(ceiling), _spread(spent)
    return [MonthEntry(month, ceilings[month - 1], spendings[month - 1]) for month in range(1, MONTHS + 1)]


def _spread(amount: Decimal) -> list[Decimal]:
    each = amount // MONTHS
    return [each] * (MONTHS - 1) + [amount - each * (MONTHS - 1)]
