"""The forms of every unit of a round at once: as many queries for forty units as for one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F, prefetch_related_objects

from capaian.agencies.queries import Reach
from capaian.collection import queries, rules
from capaian.collection.models import Actual, Check, FormCard, UnitForm
from capaian.collection.sheets import Block, Line, Sheet
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.planning.queries import cards_of_year
from capaian.planning.rules import due, natural_periods
from capaian.sop.models import Run

Place = tuple[int, int, str]


@dataclass(frozen=True)
class UnitSheet:
    """A unit's form with where it stands, and the cards that it supplies but that are not due in this period."""

    standing: queries.Standing
    sheet: Sheet
    not_due: Sequence[Card]


@dataclass
class _Round:
    """What is read once for all units."""

    run: Run
    active: list[Card]
    on_forms: Mapping[int, Sequence[int]]  # card row numbers by unit
    others: Mapping[int, Card]  # cards on forms that are not the year's current ones any more
    actuals: dict[Place, Actual] = field(default_factory=dict)
    checks: Mapping[int, Mapping[str, Check]] = field(default_factory=dict)

    def cards_of(self, unit_id: int) -> list[Card]:
        """Return the cards on a unit's form: as prepared, else as it would be."""
        own = self.on_forms.get(unit_id, ())
        if own:
            return [self._known[pk] for pk in own]
        return [card for card in self._supplied.get(unit_id, ()) if due(card, self.run.period_value)]

    def not_due(self, unit_id: int, shown: Iterable[Card]) -> list[Card]:
        """Return the cards that a unit supplies in other periods of the year."""
        there = {card.indicator_id for card in shown}
        return [
            card
            for card in self._supplied.get(unit_id, ())
            if card.indicator_id not in there and not due(card, self.run.period_value)
        ]

    @cached_property
    def _supplied(self) -> Mapping[int, Sequence[Card]]:
        """The year's cards by unit that supplies them."""
        found: dict[int, list[Card]] = defaultdict(list)
        for card in self.active:
            for row in card.suppliers.all():
                found[row.unit_id].append(card)
        return found

    @cached_property
    def _known(self) -> Mapping[int, Card]:
        return {card.pk: card for card in self.active} | dict(self.others)

    def lines(self, card: Card, unit_id: int, form: UnitForm | None) -> list[Line]:
        """Return the lines of a card on a unit's form."""
        return [self._line(card, period, unit_id, form) for period in rules.asked(card, self.run.period_value)]

    def _line(self, card: Card, period: Period, unit_id: int, form: UnitForm | None) -> Line:
        actual, before, year_before = (
            self.actuals.get((card.indicator_id, unit_id, code)) for code in _codes(card, period)
        )
        told_on = rules.told_on(actual, self.run, form)
        return Line(card, period, actual, before, year_before, told_on, self.checks.get(card.indicator_id, {}))


def sheets(reach: Reach, run: Run) -> list[UnitSheet]:
    """Return every unit of a run with its form; a constant number of queries."""
    standings = queries.standings(reach, run)
    found = _read(reach, run)
    of_unit = {row.unit.pk: found.cards_of(row.unit.pk) for row in standings}
    cards = {card.pk: card for shown in of_unit.values() for card in shown}
    found.actuals = _actuals(reach, run, cards.values())
    found.checks = queries.checks_of([card.indicator_id for card in cards.values()])
    _known_forms(found.actuals.values(), [row.form for row in standings if row.form])
    return [
        UnitSheet(row, _sheet(found, row, of_unit[row.unit.pk]), found.not_due(row.unit.pk, of_unit[row.unit.pk]))
        for row in standings
    ]


def _sheet(found: _Round, row: queries.Standing, cards: Iterable[Card]) -> Sheet:
    laid = [(card, found.lines(card, row.unit.pk, row.form)) for card in cards]
    blocks = [Block(card, lines, found.run.period_value) for card, lines in laid if lines]
    return Sheet(found.run, row.unit, row.form, blocks)


def _read(reach: Reach, run: Run) -> _Round:
    active = list(cards_of_year(reach, run.period_value.year).filter(activated_at__isnull=False))
    on_forms: dict[int, list[int]] = defaultdict(list)
    rows = FormCard.objects.filter(form__round__run=run).order_by("ordinal", "pk")
    for unit_id, card_id in rows.values_list("form__unit_id", "card_id"):
        on_forms[unit_id].append(card_id)
    gone = {pk for listed in on_forms.values() for pk in listed} - {card.pk for card in active}
    others = Card.objects.filter(pk__in=gone).prefetch_related("data", "targets", "suppliers") if gone else ()
    return _Round(run, active, on_forms, {card.pk: card for card in others})


def _codes(card: Card, period: Period) -> tuple[str, str, str]:
    """Return the codes of a period, of the one before it and of the same a year ago."""
    a_year_ago = Period(period.year - 1, period.kind, period.number)
    return period.code, rules.period_before(card.frequency, period).code, a_year_ago.code


def _actuals(reach: Reach, run: Run, cards: Iterable[Card]) -> dict[Place, Actual]:
    """Return the current actuals that the lines show or are compared with; raw data and evidence of what is shown."""
    kinds = {card.frequency: card for card in cards}
    asked = {kind: natural_periods(kind, run.period_value) for kind in kinds}
    shown = {period.code for periods in asked.values() for period in periods}
    wanted = {code for kind, card in kinds.items() for period in asked[kind] for code in _codes(card, period)}
    rows = list(
        Actual.objects.filter(agency_id=reach.agency.pk, is_current=True, period__in=wanted)
        .annotate(indicator_id=F("card__indicator_id"))
        .order_by("pk")
    )
    prefetch_related_objects([row for row in rows if row.period in shown], "data__datum", "evidence__file")
    return {(queries.indicator_of(row), row.unit_id, row.period): row for row in rows}


def _known_forms(actuals: Iterable[Actual], own: Iterable[UnitForm]) -> None:
    """Give actuals their forms: those of this round are read already."""
    rows = list(actuals)
    known = {form.pk: form for form in own}
    known |= queries.told_forms().in_bulk({row.form_id for row in rows if row.form_id} - known.keys())
    for row in rows:
        row.form = None if row.form_id is None else known[row.form_id]
