"""Reads of a whole year, and of several: worksheets by period, the marks on them, figures from before the product."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, QuerySet

from capaian.agencies.queries import Reach
from capaian.collection.queries import current_actuals, indicator_of
from capaian.formulas.shipped_scales import shipped_scale
from capaian.measurement.history import history_of
from capaian.measurement.measuring import measurement_of
from capaian.measurement.models import Measurement, Worksheet
from capaian.measurement.queries import worksheets
from capaian.measurement.recap import Line
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.planning.queries import cards
from capaian.sop.models import Run, WorkItem

TONES = {"green": "success", "teal": "info", "blue": "info", "yellow": "warning", "orange": "warning", "red": "danger"}


def standing(reach: Reach) -> QuerySet[Worksheet]:
    """Return the worksheets that count: of finished steps, not of cancelled runs; the newest first."""
    rows = worksheets(reach).filter(item__status=WorkItem.Status.DONE)
    return rows.exclude(item__run__status=Run.Status.CANCELLED)


def worksheets_by_period(reach: Reach, years: Iterable[int] = ()) -> dict[str, Worksheet]:
    """Return the newest worksheet of each period (of some years) by its code, in the order of time; one query."""
    wanted = {str(year) for year in years}
    found: dict[str, Worksheet] = {}
    for row in standing(reach):
        if not wanted or row.period[:4] in wanted:
            found.setdefault(row.period, row)
    return dict(sorted(found.items(), key=lambda pair: _order(pair[0])))


def _order(code: str) -> tuple[object, ...]:
    period = Period.parse(code)
    return (period.end, -period.start.toordinal())


@dataclass(frozen=True, slots=True)
class Mark:
    """An achievement as a table of several periods shows it."""

    key: str  # of the measurement
    indicator: str  # key
    period: str
    shown: Decimal | None
    category: str
    reason: str
    provisional: bool
    scale: str

    @property
    def tone(self) -> str:
        """The tone of its category's colour."""
        return tone_of(self.scale, self.shown)


def tone_of(scale: str, shown: Decimal | None) -> str:
    """Return the tone of a shown achievement on a scale; neutral without a number."""
    return "neutral" if shown is None else TONES.get(shipped_scale(scale).level(shown).colour, "info")


def marks(sheets: Iterable[Worksheet], *, indicator: str = "") -> list[Mark]:
    """Return the marks on worksheets (of one indicator), without their snapshots; one query."""
    rows = Measurement.objects.filter(worksheet__in=[sheet.pk for sheet in sheets])
    if indicator:
        rows = rows.filter(card__indicator__public_id=indicator)
    fields = ("public_id", "worksheet__period", "shown", "category", "reason", "is_provisional")
    named = rows.values(*fields, scale=F("card__scale"), indicator=F("card__indicator__public_id")).order_by("pk")
    return [
        Mark(
            row["public_id"],
            row["indicator"],
            row["worksheet__period"],
            row["shown"],
            row["category"],
            row["reason"],
            row["is_provisional"],
            row["scale"],
        )
        for row in named
    ]


def lines_of(sheet: Worksheet) -> list[Line]:
    """Return a worksheet's lines with their indicators; one query."""
    return [Line(row) for row in sheet.measurements.select_related("card__indicator")]


def history_lines(reach: Reach, years: Sequence[int], *, indicator: str = "") -> dict[int, list[Line]]:
    """Return by year what the recorded actuals of its cards give, for years that were never measured here.

    Their rows are not written anywhere. Five queries, however many years.
    """
    rows = cards(reach).filter(year__in=years, is_current=True).order_by("year", "indicator__node_id", "pk")
    if indicator:
        rows = rows.filter(indicator__public_id=indicator)
    found = list(rows)
    wanted = {card.indicator_id for card in found}
    actuals: dict[tuple[int, str], list[object]] = defaultdict(list)
    for row in current_actuals().filter(agency_id=reach.agency.pk, card__indicator_id__in=wanted):
        actuals[indicator_of(row), row.period].append(row)
    lines: dict[int, list[Line]] = defaultdict(list)
    for card in found:
        told = {period: each for (key, period), each in actuals.items() if key == card.indicator_id}
        inputs = history_of(card, told)  # type: ignore[arg-type]
        if inputs is not None:
            lines[card.year].append(Line(measurement_of(card, inputs, len(lines[card.year]) + 1)))
    return dict(lines)


def years_known(reach: Reach) -> list[int]:
    """Return the years that have cards, the newest first."""
    rows = Card.objects.filter(agency_id=reach.agency.pk, is_current=True)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Listed:
    """A worksheet in the list of all: how many of its indicators have a number, and how it stands."""

    sheet: Worksheet
    measured: int
    total: int
    state: str
    tone: str


def all_worksheets(reach: Reach) -> dict[int, list[Listed]]:
    """Return every worksheet by year, the newest period first, earlier ones of a period below it; one query."""
    counts = {"total": Count("measurements"), "measured": Count("measurements__shown")}
    rows = worksheets(reach).annotate(**counts)
    newest: dict[str, int] = {}
    found: dict[int, list[Listed]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: (_order(each.period), each.pk), reverse=True):
        counted = row.item.status == WorkItem.Status.DONE and row.item.run.status != Run.Status.CANCELLED
        is_newest = counted and newest.setdefault(row.period, row.pk) == row.pk
        state, tone = _state(row, is_newest=is_newest)
        found[Period.parse(row.period).year].append(Listed(row, row.measured, row.total, state, tone))  # type: ignore[attr-defined]
    return dict(found)


def _state(row: Worksheet, *, is_newest: bool) -> tuple[str, str]:
    if not is_newest:
        return "Tidak dipakai lagi", "neutral"
    if row.is_stale:
        return "Perlu diukur ulang", "warning"
    return ("Selesai", "success") if row.item.run.status == Run.Status.DONE else ("Menunggu keputusan", "info")
