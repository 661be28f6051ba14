"""A year of random planning: every action, allowed or refused, and what each closed period was measured by."""

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import time_machine
from django.db import transaction

from capaian.documents import store
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.measurement.computing import measured
from capaian.measurement.snapshot import Before, inputs_of
from capaian.periods.period import Period, PeriodKind
from capaian.planning import actions, revision_rules
from capaian.planning.card_actions import mark_measured
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
from capaian.planning.models import Agreement, Card, Level, Node, Plan, Target
from capaian.planning.promises import promises
from capaian.planning.queries import cards_at
from capaian.planning.workbook_actions import apply_workbook, keep_workbook, proposal_of
from capaian.planning.workbook_template import workbook_bytes
from tests.factories import World
from tests.planning.cards import make_plan

YEAR = Period(2026, PeriodKind.YEAR)
QUARTERS = YEAR.parts(PeriodKind.QUARTER)
CODES = ("2026", *(each.code for each in QUARTERS))
NO_SOURCE = {"key": "", "digest": "", "computed_at": "", "computed_by": ""}
CHANGES: tuple[dict[str, Any], ...] = (
    {"name": "Nama lain"}, {"definition": "Definisi lain"}, {"calculation": "Cara lain"}, {"measured_in": "orang"},
    {"consolidation": "sum"}, {"location": "average"}, {"polarity": "minimize"}, {"polarity": "predicate"},
    {"frequency": "semester"}, {"entry": "to_date"}, {"scale": "lkjip"}, {"cap": Decimal(150)}, {"cap": None},
    {"weight": Decimal(2)}, {"evidence": "Bukti lain"}, {"negative_target": True},
    {"formula": "a / b * 100", "data": (DatumEntry("a", "A"), DatumEntry("b", "B"))},
)  # fmt: skip


@dataclass
class Walk:
    """One agency through one year; `known` says by indicator and period what was measured when it closed."""

    world: World
    random: Random
    day: date = date(2026, 1, 12)
    known: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    early: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Plan two indicators, activate their cards, and let the Kepala promise them."""
        with self.today():
            node = Node.objects.get(plan=make_plan(self.world), level=Level.OBJECTIVE)
            for number in (1, 2):
                place = IndicatorEntry(number, is_iku=True)
                card = self.team(actions.add_indicator, node=node, indicator=place, card=self.entry(number), year=2026)
                self.complete(card)
            self.activate_cards()
            party = PartyEntry("Bupati Contoh", "Bupati")
            row = self.team(actions.draft_agreement, agency=self.world.agency, year=2026, party=party, edition=0)
            self.head(actions.put_agreement_in_force, agreement=row, in_force_from=self.day, edition=1)

    def today(self) -> Any:
        return time_machine.travel(f"{self.day} 09:00 +07:00", tick=False)

    def team(self, act: Callable[..., Any], **how: Any) -> Any:
        return act(**how, by=self.world.actor("team"))

    def head(self, act: Callable[..., Any], **how: Any) -> Any:
        return act(**how, by=self.world.actor("head"))

    def entry(self, number: int) -> CardEntry:
        return CardEntry(f"Indikator {number}", "persen", definition="Definisi", consolidation="last")

    def complete(self, card: Card) -> None:
        units = [self.world.units["ikp"].pk]
        card = self.team(actions.set_suppliers, card=card, unit_ids=units, edition=card.edition)
        targets = [TargetEntry(code, Decimal(10)) for code in CODES]
        self.team(actions.set_targets, card=card, targets=targets, edition=card.edition)

    def step(self) -> None:
        """Let some days pass, close what ended, then do anything; look at all closed periods again."""
        self.day += timedelta(self.random.choice((0, 1, 3, 5, 8, 13)))
        with self.today():
            self.close()
            name = self.random.choice(MOVES)
            try:
                with transaction.atomic():
                    getattr(self, name)()
                self.done[name] += 1
            except (Refused, Conflict, Forbidden):
                self.refused[name] += 1
            else:
                self.look()

    def close(self) -> None:
        """Remember what every period that has ended, or was measured early, is measured by."""
        for period in (*QUARTERS, YEAR):
            if period.end < self.day or period.code in self.early:
                for key, said in self.now(period).items():
                    self.known.setdefault((key, period.code), said)

    def now(self, period: Period) -> dict[int, dict[str, Any]]:
        """Return by indicator what a period would be measured by now."""
        reach = self.world.reach("team")
        promised = promises(reach, 2026)
        run = QUARTERS[-1] if period == YEAR else period
        given = {"period": run.code, "value": "9", "units": []}
        found = {}
        for card in cards_at(reach, run):
            inputs = inputs_of(card, run, {"periods": [given]}, Before(), NO_SOURCE, promised)
            target = inputs["year_target"] if period == YEAR else inputs["periods"][-1:]
            entry = CardEntry.of(card)
            ways = [str(getattr(entry, name)) for name in (*revision_rules.FROZEN, *revision_rules.SAID)]
            found[card.indicator_id] = {"target": _plain(target), "ways": ways, "inputs": inputs}
        return found

    def look(self) -> None:
        """Compare every closed period with what it was, and compute again what was measured then."""
        present = {period.code: self.now(period) for period in (*QUARTERS, YEAR) if self.is_known(period)}
        for (key, code), then in self.known.items():
            now = present[code][key]
            where = (code, self.day, dict(self.done))
            assert (now["target"], now["ways"]) == (then["target"], then["ways"]), where
            digest = then.setdefault("digest", measured(then["inputs"]).digest)
            assert measured(then["inputs"]).digest == digest

    def is_known(self, period: Period) -> bool:
        return any(code == period.code for _, code in self.known)

    def draft(self) -> Card:
        rows = list(Card.objects.filter(year=2026, activated_at=None).order_by("pk"))
        return self.random.choice(rows) if rows else self.any_card()

    def any_card(self) -> Card:
        return self.random.choice(list(Card.objects.filter(year=2026).order_by("pk")))

    def change(self, entry: CardEntry) -> CardEntry:
        return replace(entry, **self.random.choice(CHANGES))

    def targets(self, card: Card) -> list[TargetEntry]:
        said = {row.period: TargetEntry.of(row) for row in card.targets.all()}
        code = self.random.choice(CODES)
        said[code] = TargetEntry(code, Decimal(self.random.choice((10, 12, 15, 20))))
        if self.random.random() < 0.1:
            said.pop(self.random.choice(list(said)))
        return list(said.values())

    def measure_early(self) -> None:
        period = Period(2026, PeriodKind.QUARTER, (min(self.day, date(2026, 12, 31)).month + 2) // 3)
        cards = cards_at(self.world.reach("team"), period)
        mark_measured(cards=cards, through=period.end)
        self.early.add(period.code)
        self.close()

    def create_plan(self) -> None:
        entry = PlanEntry(f"Renstra {self.random.random()}", 2026, 2030)
        self.team(actions.create_plan, agency=self.world.agency, entry=entry)

    def change_plan(self) -> None:
        plan = Plan.objects.get(pk=make_plan(self.world).pk)
        last = self.random.choice((2025, 2026, 2031))
        self.team(actions.change_plan, plan=plan, entry=PlanEntry(plan.title, 2025, last), edition=plan.edition)

    def add_node(self) -> None:
        entry = NodeEntry(Level.GOAL, "Tujuan lain", ordinal=self.random.randint(1, 99))
        self.team(actions.add_node, plan=make_plan(self.world), entry=entry)

    def node(self) -> Node:
        return self.random.choice(list(Node.objects.filter(agency=self.world.agency).order_by("pk")))

    def change_node(self) -> None:
        node = self.node()
        self.team(actions.change_node, node=node, entry=replace(NodeEntry.of(node), text="Lain"), edition=node.edition)

    def end_node(self) -> None:
        self.team(actions.end_node, node=self.node(), last_day=self.day)

    def set_budget(self) -> None:
        node = self.node()
        self.team(actions.set_budget, node=node, year=2026, months=[MonthEntry(1, Decimal(1))], edition=node.edition)

    def add_indicator(self) -> None:
        place, entry = IndicatorEntry(self.random.randint(1, 99), is_iku=True), self.entry(3)
        card = self.team(actions.add_indicator, node=self.node(), indicator=place, card=entry, year=2026)
        self.complete(card)

    def change_card(self) -> None:
        card, place = self.draft(), IndicatorEntry(self.random.randint(1, 9), is_iku=True)
        entry = self.change(CardEntry.of(card))
        self.team(actions.change_card, card=card, entry=entry, edition=card.edition, indicator=place)

    def set_suppliers(self) -> None:
        card, units = self.draft(), [self.world.units["aptika"].pk]
        self.team(actions.set_suppliers, card=card, unit_ids=units, edition=card.edition)

    def set_targets(self) -> None:
        card = self.draft()
        self.team(actions.set_targets, card=card, targets=self.targets(card), edition=card.edition)

    def revise_card(self) -> None:
        self.team(actions.revise_card, card=self.any_card(), reason="APBD Perubahan")

    def approve_revision(self) -> None:
        card = self.draft()
        self.head(actions.approve_revision, card=card, edition=card.edition)

    def activate_cards(self) -> None:
        rows = Card.objects.filter(year=2026, activated_at=None)
        seen = {card.pk: card.edition for card in rows if card.version == 1 or card.approved_at}
        self.team(actions.activate_cards, agency=self.world.agency, year=2026, seen=seen)

    def carry_card(self) -> None:
        self.team(actions.carry_card, card=self.any_card(), year=self.random.choice((2026, 2027)))

    def carry_year(self) -> None:
        card = self.any_card()
        self.team(actions.carry_year, agency=self.world.agency, year=2027, seen={card.pk: card.edition})

    def draft_agreement(self) -> None:
        position = self.world.positions[self.random.choice(("head", "head", "ikp"))]
        rows = Agreement.objects.filter(position=position, state=Agreement.State.DRAFT)
        edition = next((row.edition for row in rows), 0)
        cards = list(
            Card.objects.filter(year=2026, is_current=True).exclude(activated_at=None).values_list("pk", flat=True)
        )
        party = PartyEntry("Bupati Contoh", "Bupati", reason="Perubahan")
        self.team(
            actions.draft_agreement, agency=self.world.agency, year=2026, party=party, edition=edition,
            position=position, card_ids=self.random.choice((cards, cards[:1])),
        )  # fmt: skip

    def put_agreement_in_force(self) -> None:
        rows = list(Agreement.objects.filter(state=Agreement.State.DRAFT).order_by("pk"))
        if rows:
            row = self.random.choice(rows)
            day = self.random.choice((self.day, self.day - timedelta(60), date(2026, 1, 2), self.day + timedelta(20)))
            self.head(actions.put_agreement_in_force, agreement=row, in_force_from=day, edition=row.edition)

    def add_from_nomenclature(self) -> None:
        self.team(actions.add_from_nomenclature, plan=make_plan(self.world), codes=["2.16.01.2.01.0006"])

    def apply_workbook(self) -> None:
        """Upload the year's own workbook, in which somebody changed a draft."""
        plan, card, code = make_plan(self.world), self.draft(), self.random.choice(CODES)
        before = transaction.savepoint()
        Target.objects.filter(card=card, period=code).update(value=Decimal(17))
        Card.objects.filter(pk=card.pk).update(definition=self.random.choice((card.definition, "Dari buku kerja")))
        content = workbook_bytes(self.world.reach("team"), plan, 2026)
        transaction.savepoint_rollback(before)
        kept = store.keep(io.BytesIO(content), "a.xlsx")
        workbook = self.team(keep_workbook, plan=plan, year=2026, kept=kept)
        self.team(apply_workbook, workbook=workbook, seen=proposal_of(workbook).digest)


def _plain(target: Any) -> Any:
    return [point["target"] for point in target] if isinstance(target, list) else target


PLANNING = tuple(actions.__all__)
OFTEN = ("change_card", "set_targets", "revise_card", "approve_revision", "activate_cards", "draft_agreement",
         "put_agreement_in_force")  # fmt: skip
MOVES = (*PLANNING, *OFTEN * 5, "apply_workbook", "measure_early")
