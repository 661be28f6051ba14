"""Reads of the collection, always scoped to what a person may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, QuerySet

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection import rules
from capaian.collection.models import (
    Actual,
    ActualDatum,
    Check,
    Evidence,
    FormCard,
    FormImport,
    Recapitulation,
    Round,
    UnitForm,
)
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.planning.queries import cards_due
from capaian.planning.rules import due
from capaian.sop.models import Run, RunUnit, Work, WorkItem

#: Procedures: who collects, and who measures what was collected.
COLLECTS = "A"


@dataclass(frozen=True)
class Standing:
    """Where one unit stands in a run: its form (once prepared), its newest filling item, its state in words."""

    unit: Unit
    form: UnitForm | None
    item: WorkItem | None
    state: UnitForm.State
    cards: int

    @property
    def is_missing(self) -> bool:
        """Whether the run still waits for this unit."""
        return self.item is not None and self.item.status == WorkItem.Status.OPEN


def round_of(run: Run) -> Round | None:
    """Return the round that a run carries out, once a form was prepared."""
    return Round.objects.filter(run=run).first()


def forms(reach: Reach, run: Run | None = None) -> QuerySet[UnitForm]:
    """Return the forms of the agency (of one run), by unit."""
    rows = UnitForm.objects.filter(agency_id=reach.agency.pk)
    rows = rows if run is None else rows.filter(round__run=run)
    related = ("unit", "round__run__definition", "round__run__version")
    people = ("saved_by", "received_by", "submitted_by", "distributed_by", "receipt")
    return (
        rows.select_related(*related, *people)
        .defer("round__run__version__text", "receipt__context")
        .order_by("unit_id")
    )


def imports(reach: Reach) -> QuerySet[FormImport]:
    """Return the filled-in files of the agency."""
    related = ("run__agency__region", "run__definition", "run__version", "unit", "file__uploaded_by", "applied_by")
    rows = FormImport.objects.filter(agency_id=reach.agency.pk)
    return rows.select_related(*related).defer("run__version__text")


def round_form(run: Run, unit: Unit) -> UnitForm | None:
    """Return a unit's form in a run. An internal read: who may see the run is asked before."""
    return UnitForm.objects.filter(round__run=run, unit=unit).first()


def evidence(reach: Reach) -> QuerySet[Evidence]:
    """Return the agency's evidence."""
    return Evidence.objects.filter(actual__agency_id=reach.agency.pk).select_related("file", "actual")


def current_actuals() -> QuerySet[Actual]:
    """Return current actuals with all that hangs on them; a constant number of queries.

    Forms and people are few beside the actuals, so they are read once each, not with every row.
    """
    return _current().prefetch_related("unit", Prefetch("form", told_forms()))


def told_forms() -> QuerySet[UnitForm]:
    """Return forms as actuals tell of them: with their run and who submitted them."""
    return UnitForm.objects.select_related("round__run", "submitted_by")


def _current() -> QuerySet[Actual]:
    data = ActualDatum.objects.select_related("datum").order_by("datum__ordinal")
    proof = Evidence.objects.select_related("file", "added_by").order_by("pk")
    rows = Actual.objects.filter(is_current=True).annotate(indicator_id=F("card__indicator_id"))
    return rows.prefetch_related("entered_by", Prefetch("data", data), Prefetch("evidence", proof)).order_by("pk")


def indicator_of(actual: Actual) -> int:
    """Return the row number of the indicator of one of the current actuals, whichever card of it reported."""
    found: int = actual.indicator_id  # type: ignore[attr-defined]  # read with the row by `current_actuals`
    return found


def asks(item: WorkItem) -> bool:
    """Tell whether an item of this room has any card to ask for, of its unit or of the whole run; two queries or three.

    An internal read of the item's own run: who may see the item is asked before.
    """
    of_unit = {} if item.unit_id is None else {"form__unit_id": item.unit_id}
    if FormCard.objects.filter(form__round__run_id=item.run_id, **of_unit).exists():
        return True
    cards = Card.objects.filter(
        agency_id=item.agency_id, year=item.run.period_value.year, is_current=True, activated_at__isnull=False
    )
    if item.unit_id is not None:
        cards = cards.filter(suppliers__unit_id=item.unit_id)
    supplied = cards.filter(suppliers__isnull=False).distinct().prefetch_related("targets")
    return any(due(card, item.run.period_value) for card in supplied)


def wanted_cards(reach: Reach, run: Run, unit_id: int | None = None) -> list[Card]:
    """Return the cards due in a run's period that have a supplier (this unit, where one is named)."""
    due = cards_due(reach, run.period_value)
    if unit_id is None:
        return [card for card in due if card.suppliers.all()]
    return [card for card in due if any(row.unit_id == unit_id for row in card.suppliers.all())]


def checks_of(indicator_ids: Collection[int]) -> dict[int, dict[str, Check]]:
    """Return the rows of checks of indicators, by indicator and kind. An internal read."""
    found: dict[int, dict[str, Check]] = defaultdict(dict)
    for row in Check.objects.filter(indicator_id__in=indicator_ids):
        found[row.indicator_id][row.kind] = row
    return found


def filling_items(run: Run) -> dict[int, WorkItem]:
    """Return the newest item of each unit's filling, by the unit's row number."""
    rows = WorkItem.objects.filter(run=run, step__work=Work.FILL, unit__isnull=False).order_by("visit", "pk")
    return {row.unit_id: row for row in rows.select_related("step", "done_by") if row.unit_id is not None}


def standings(reach: Reach, run: Run) -> list[Standing]:
    """Return where every unit of a run stands; a constant number of queries."""
    known = {form.unit_id: form for form in forms(reach, run).annotate(cards=Count("form_cards"))}
    items = filling_items(run)
    accepted = stands_accepted(run)
    due = wanted_cards(reach, run) if not known else []
    found = []
    for row in RunUnit.objects.filter(run=run).select_related("unit").order_by("unit_id"):
        form, item = known.get(row.unit_id), items.get(row.unit_id)
        count = getattr(form, "cards", 0) if form else _supplied(due, row.unit_id)
        found.append(Standing(row.unit, form, item, rules.state_of(form, item, accepted=accepted), count))
    return found


def _supplied(cards: Iterable[Card], unit_id: int) -> int:
    return sum(any(row.unit_id == unit_id for row in card.suppliers.all()) for card in cards)


def is_accepted(run: Run) -> bool:
    """Tell whether a run's collection was last decided with Ya."""
    last = WorkItem.objects.filter(run=run, step__work=Work.DECIDE).order_by("-pk").first()
    return last is not None and (last.status, last.decision) == (WorkItem.Status.DONE, WorkItem.Decision.YES)


def stands_accepted(run: Run) -> bool:
    """Tell whether what was decided with Ya is what the forms say: none of them was opened again since."""
    last = WorkItem.objects.filter(run=run, step__work=Work.DECIDE).order_by("-pk").first()
    if last is None or (last.status, last.decision) != (WorkItem.Status.DONE, WorkItem.Decision.YES):
        return False
    return not WorkItem.objects.filter(run=run, step__work=Work.FILL, pk__gt=last.pk).exists()


def recapitulations(reach: Reach) -> QuerySet[Recapitulation]:
    """Return the frozen recapitulations of the agency, newest first."""
    return Recapitulation.objects.filter(agency_id=reach.agency.pk).select_related("item__run").order_by("-pk")


def previous_recapitulation(reach: Reach, item: WorkItem) -> Recapitulation | None:
    """Return what was put together before this item: in an earlier visit, else in the run that this one corrects."""
    rows = recapitulations(reach).exclude(item=item)
    own = rows.filter(item__run=item.run).first()
    corrected = item.run.corrects
    return own or (rows.filter(item__run=corrected).first() if corrected else None)


def approved_recapitulation(reach: Reach, run: Run) -> Recapitulation | None:
    """Return what was collected and approved for the period of a run: the newest of the newest collecting run.

    None while that run's decision is open or was Tidak, and for runs without cards.
    """
    collecting = Run.objects.filter(agency_id=reach.agency.pk, period=run.period, stands_for=COLLECTS)
    newest = collecting.exclude(status=Run.Status.CANCELLED).order_by("-revision", "-pk").first()
    if newest is None or not is_accepted(newest):
        return None
    return recapitulations(reach).filter(item__run=newest).first()


def figures(reach: Reach, card_ids: Collection[int], year: int, up_to: Period) -> dict[int, dict[str, list[Actual]]]:
    """Return the current actuals of cards (row numbers) in a year's periods that end by `up_to`, by period's code.

    With units, raw data and evidence. An indicator whose card was renewed in the year answers under each of its cards.
    """
    wanted = dict(Card.objects.filter(agency_id=reach.agency.pk, pk__in=card_ids).values_list("pk", "indicator_id"))
    rows = current_actuals().filter(
        agency_id=reach.agency.pk, card__indicator_id__in=wanted.values(), period__startswith=str(year)
    )
    by_indicator: dict[int, dict[str, dict[int, Actual]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        if Period.parse(row.period).end <= up_to.end:
            by_indicator[indicator_of(row)][row.period][row.unit_id] = row
    return {
        pk: {period: list(units.values()) for period, units in by_indicator[indicator_id].items()}
        for pk, indicator_id in wanted.items()
    }
