"""Reads of methodologies, worksheets and measurements, always scoped to what a person may see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from capaian.agencies.queries import Reach
from capaian.collection.models import Recapitulation
from capaian.collection.queries import COLLECTS, approved_recapitulation, figures, recapitulations
from capaian.measurement.models import Measurement, Methodology, MethodologyCard, Worksheet
from capaian.measurement.snapshot import Before, inputs_of, periods_before, source_of
from capaian.periods.period import Period, PeriodKind
from capaian.planning.models import Card
from capaian.planning.promises import promises
from capaian.planning.queries import cards_at, cards_of_year
from capaian.planning.rules import due
from capaian.sop.models import Run, Work, WorkItem

Snapshot = dict[str, Any]


def methodologies(reach: Reach, year: int) -> QuerySet[Methodology]:
    """Return the locked methodologies of a year, the one in force first, each with its cards."""
    rows = MethodologyCard.objects.select_related("card")
    related = ("locked_by", "item__step", "item__run__definition")
    return _locked(reach, year).select_related(*related).prefetch_related(Prefetch("cards", rows))


def methodology(reach: Reach, year: int) -> Methodology | None:
    """Return the methodology in force in a year."""
    return _locked(reach, year).select_related("locked_by").first()


def _locked(reach: Reach, year: int) -> QuerySet[Methodology]:
    rows = Methodology.objects.filter(agency_id=reach.agency.pk, year=year, locked_at__isnull=False)
    return rows.order_by("-version")


def cards_in_force(reach: Reach, year: int) -> list[Card]:
    """Return the activated cards of a year in the order of the plan's tree, with targets and nodes."""
    return list(cards_of_year(reach, year).filter(activated_at__isnull=False))


def worksheets(reach: Reach) -> QuerySet[Worksheet]:
    """Return every worksheet of the agency, the newest first."""
    related = ("item__run__agency", "item__run__definition", "item__step", "computed_by", "recapitulation__computed_by")
    rows = Worksheet.objects.filter(agency_id=reach.agency.pk)
    rows = rows.select_related("methodology__locked_by", "recapitulation__item__run", *related)
    return rows.defer("recapitulation__content").order_by("-pk")  # read where it is needed


def worksheet_of(reach: Reach, run: Run) -> Worksheet | None:
    """Return the newest worksheet of a run of SOP B; an earlier visit's is history."""
    done = {"item__run_id": run.pk, "item__status": WorkItem.Status.DONE}
    return worksheets(reach).filter(**done).first()


def standing_worksheets(reach: Reach, year: int) -> list[Worksheet]:
    """Return the newest worksheet of each period of a year that is not marked yet."""
    rows = worksheets(reach).filter(period__startswith=str(year), item__status=WorkItem.Status.DONE)
    newest: dict[str, Worksheet] = {}
    for row in rows.exclude(item__run__status=Run.Status.CANCELLED):
        newest.setdefault(row.period, row)
    return [row for row in newest.values() if not row.is_stale]


def measurements(reach: Reach) -> QuerySet[Measurement]:
    """Return every measurement of the agency."""
    related = ("worksheet__item__run__definition", "worksheet__recapitulation", "worksheet__computed_by")
    rows = Measurement.objects.filter(agency_id=reach.agency.pk)
    rows = rows.select_related("worksheet__methodology", "card__indicator__node", *related)
    return rows.defer("worksheet__recapitulation__content")


def origin_key(reach: Reach, code: str) -> str:
    """Return the key of the measurement that a code or fingerprint on a paper names; "" when there is none."""
    wanted = code.strip()
    if not (wanted.isascii() and wanted.isalnum()):
        return ""
    rows = Measurement.objects.filter(agency_id=reach.agency.pk)
    found = rows.filter(Q(public_id=wanted) | Q(digest=wanted.lower())).order_by("-pk")
    return found.values_list("public_id", flat=True).first() or ""


def cards_to_measure(reach: Reach, period: Period, recapitulation: Recapitulation) -> list[Card]:
    """Return the cards of a run's worksheet, in the order of the plan's tree.

    Those that the recapitulation reports on, in the version that was reported on, and those due; a quarter's or a
    year's worksheet also shows the rest, so that nobody misses an indicator that is not due yet.
    """
    reported = [row["card"] for row in recapitulation.content["rows"]]
    current = cards_at(reach, period)
    known = {card.public_id for card in current}
    older = Card.objects.filter(agency_id=reach.agency.pk, public_id__in=[key for key in reported if key not in known])
    older = older.select_related("indicator__node").prefetch_related("targets", "data", "suppliers")
    found = {card.indicator_id: card for card in older}
    every = period.kind is not PeriodKind.MONTH
    listed = [
        found.pop(card.indicator_id, card)
        for card in current
        if every or card.public_id in reported or card.indicator_id in found or due(card, period)
    ]
    return [*listed, *found.values()]


def snapshots(
    reach: Reach, period: Period, recapitulation: Recapitulation, cards: Iterable[Card]
) -> list[tuple[Card, Snapshot]]:
    """Return what each card is measured from; the number of queries does not grow with the cards."""
    cards = list(cards)
    rows = {row["card"]: row for row in recapitulation.content["rows"]}
    approved = _approved_before(reach, period)
    known = {card.pk: approved.get(card.indicator_id, {}) for card in cards}
    silent = [card.pk for card in cards if not known[card.pk].keys() >= periods_before(card, period)]
    actuals = figures(reach, silent, period.year, period) if silent else {}
    source, promised = source_of(recapitulation), promises(reach, period.year)
    found = []
    for card in cards:
        before = Before(known[card.pk], actuals.get(card.pk, {}))
        found.append((card, inputs_of(card, period, rows.get(card.public_id), before, source, promised)))
    return found


def _approved_before(reach: Reach, period: Period) -> dict[int, dict[str, dict[str, Any]]]:
    """Return what was approved of the year's earlier periods, by indicator (row number) and period's code."""
    year = str(period.year)
    runs = Run.objects.filter(agency_id=reach.agency.pk, stands_for=COLLECTS, period__startswith=year)
    codes = dict(runs.exclude(status=Run.Status.CANCELLED).values_list("pk", "period"))
    earlier = [pk for pk, code in codes.items() if Period.parse(code).end < period.start]
    decided = WorkItem.objects.filter(run_id__in=earlier, step__work=Work.DECIDE).order_by("pk")
    last = dict(decided.values_list("run_id", "decision"))
    accepted = [pk for pk in earlier if last.get(pk) == WorkItem.Decision.YES]
    newest = {row.item.run_id: row for row in recapitulations(reach).filter(item__run_id__in=accepted).order_by("pk")}
    indicators = dict(
        Card.objects.filter(agency_id=reach.agency.pk, year=period.year).values_list("public_id", "indicator_id")
    )
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for recapitulation in sorted(newest.values(), key=lambda row: row.pk):  # what was approved last counts
        for row in recapitulation.content["rows"]:
            by_period = found.setdefault(indicators.get(row["card"], 0), {})
            by_period.update({each["period"]: each for each in row["periods"]})
    return found


def is_collected(reach: Reach, run: Run) -> bool:
    """Tell whether figures were collected for the period of a run, approved or not."""
    own = {"item__run__period": run.period, "item__run__stands_for": COLLECTS}
    return recapitulations(reach).filter(**own).exclude(item__run__status=Run.Status.CANCELLED).exists()


def outdated(reach: Reach, worksheet: Worksheet) -> bool:
    """Tell whether what a worksheet was measured from has been corrected since.

    A newer recapitulation of its period was approved, or a figure of an earlier period of the year is another now.
    """
    if worksheet.is_stale:
        return True
    newest = approved_recapitulation(reach, worksheet.item.run)
    if newest is not None and newest.pk != worksheet.recapitulation_id:
        return True
    rows = list(worksheet.measurements.select_related("card__indicator__node"))
    cards = [row.card for row in rows]
    prefetch_related_objects(cards, "targets", "data", "suppliers")
    now = snapshots(reach, Period.parse(worksheet.period), worksheet.recapitulation, cards)
    return any(_before_run(row.inputs) != _before_run(inputs) for row, (_, inputs) in zip(rows, now, strict=True))


def _before_run(inputs: Snapshot) -> list[tuple[str, str | None, str]]:
    """Return the figures of a snapshot that are not of the run's own period."""
    points = [point for point in inputs["periods"] if point["from"] != "recapitulation"]
    return [(point["period"], point["value"], point["letter"]) for point in points]
