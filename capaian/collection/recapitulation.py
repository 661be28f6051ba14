"""Puts what all units reported together: the frozen content of a recapitulation, and how two of them differ.

Content, schema 1: numbers as canonical text, None where there is none. What is missing is named in sentences.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capaian.agencies.queries import Reach
from capaian.collection import queries, rules
from capaian.collection.consolidation import Together, of_periods, of_units, text_of
from capaian.collection.models import Actual, Check, FormCard, Recapitulation, UnitForm
from capaian.collection.reading import shown_number
from capaian.collection.sheets import Line, reported
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.planning.number_fields import canonical as number_text
from capaian.planning.queries import cards_due
from capaian.sop.models import Run, WorkItem

SCHEMA = 1
Content = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A figure that is not what the recapitulation before said; `where` names period and unit."""

    card: str
    name: str
    where: str
    before: str
    after: str


@dataclass(frozen=True)
class _Supplier:
    """A unit on whose form a card stands, with the unit's newest filling item."""

    form: UnitForm
    item: WorkItem | None

    @property
    def waived(self) -> str:
        """The reason for which the run went on without this unit."""
        return self.item.note if self.item is not None and self.item.waived else ""


def content_of(reach: Reach, run: Run) -> Content:
    """Return what the forms of a run say now; a constant number of queries."""
    suppliers = _suppliers(reach, run)
    cards = _cards(reach, run)
    actuals = _actuals(reach, cards)
    checks = queries.checks_of([card.indicator_id for card in cards])
    rows = [
        _row(card, place, run, suppliers.get(card.pk, []), actuals, checks.get(card.indicator_id, {}))
        for place, card in enumerate(cards, start=1)
    ]
    return {
        "schema": SCHEMA,
        "period": run.period,
        "due": len(rows),
        "reported": sum(row["value"] is not None or bool(row["letter"]) for row in rows),
        "rows": rows,
        "gaps": [f"{row['name']}: {gap}" for row in rows for gap in row["gaps"]],
    }


def _suppliers(reach: Reach, run: Run) -> dict[int, list[_Supplier]]:
    items = queries.filling_items(run)
    found: dict[int, list[_Supplier]] = {}
    forms = {form.pk: form for form in queries.forms(reach, run)}
    for row in FormCard.objects.filter(form_id__in=forms).order_by("form__unit_id"):
        form = forms[row.form_id]
        found.setdefault(row.card_id, []).append(_Supplier(form, items.get(form.unit_id)))
    return found


def _cards(reach: Reach, run: Run) -> list[Card]:
    """The cards on the run's forms, and those that became due since: nothing due is left out silently."""
    on_forms = Card.objects.filter(pk__in=FormCard.objects.filter(form__round__run=run).values("card_id"))
    known = {card.pk: card for card in on_forms.prefetch_related("data", "targets", "suppliers__unit")}
    due = {card.pk: card for card in cards_due(reach, run.period_value)}
    renewed = {card.indicator_id for card in known.values()}
    later = [card for card in due.values() if card.pk not in known and card.indicator_id not in renewed]
    first = [card for card in due.values() if card.pk in known]
    gone = [card for card in known.values() if card.pk not in due]
    return [*first, *gone, *later]


def _actuals(reach: Reach, cards: Sequence[Card]) -> dict[tuple[int, int, str], Actual]:
    years = {card.year for card in cards}
    rows = queries.current_actuals().filter(
        agency_id=reach.agency.pk,
        card__indicator_id__in=[card.indicator_id for card in cards],
        card__year__in=years | {year - 1 for year in years},
    )
    return {(queries.indicator_of(row), row.unit_id, row.period): row for row in rows}


def _row(  # noqa: PLR0917
    card: Card,
    place: int,
    run: Run,
    suppliers: Sequence[_Supplier],
    actuals: Mapping[tuple[int, int, str], Actual],
    checks: Mapping[str, Check],
) -> Content:
    periods, together, gaps, warnings = [], [], [], []
    for period in rules.asked(card, run.period_value):
        units, said = [], []
        for supplier in suppliers:
            unit_id = supplier.form.unit_id
            actual = _counted(supplier, actuals.get((card.indicator_id, unit_id, period.code)))
            before = actuals.get((card.indicator_id, unit_id, rules.period_before(card.frequency, period).code))
            units.append(_unit(supplier, actual))
            said.append(reported(actual))
            gaps += _gaps(supplier, period, actual)
            a_year_ago = Period(period.year - 1, period.kind, period.number)
            then = actuals.get((card.indicator_id, unit_id, a_year_ago.code))
            about = rules.warnings(Line(card, period, actual, before, then, checks=checks))
            warnings += [_warning(supplier, period, text, actual) for text in about]
        found = of_units(card, said)
        if suppliers and found.why and any(not each.is_missing for each in said):
            gaps.append(f"{period.label}: {found.why}.")
        together.append(found)
        periods.append(_period(period, found, units, provisional=found.provisional or _any_provisional(units)))
    whole = of_periods(card, together)
    if not suppliers:
        gaps.append("Belum ada unit penyedia data yang menerima formulirnya.")
    elif whole.is_missing and any(not each.is_missing for each in together):
        gaps.append(f"{run.period_value.label}: {whole.why}.")
    return _whole(card, place, whole, periods) | {"gaps": list(dict.fromkeys(gaps)), "warnings": warnings}


def _warning(supplier: _Supplier, period: Period, text: str, actual: Actual | None) -> str:
    why = actual.cause.strip().rstrip(".") if actual else ""
    return f"{supplier.form.unit.name}, {period.label}: {text}{f' Alasan: {why}.' if why else ''}"


def _whole(card: Card, place: int, found: Together, periods: Sequence[Content]) -> Content:
    return {
        "card": card.public_id,
        "ordinal": place,
        "name": card.name,
        "measured_in": card.measured_in,
        "polarity": card.polarity,
        "periods": list(periods),
        "value": text_of(found.value),
        "letter": found.letter,
        "provisional": found.provisional or any(period["provisional"] for period in periods),
    }


def _period(period: Period, found: Together, units: Sequence[Content], *, provisional: bool) -> Content:
    return {
        "period": period.code,
        "value": text_of(found.value),
        "letter": found.letter,
        "provisional": provisional,
        "units": list(units),
    }


def _any_provisional(units: Iterable[Content]) -> bool:
    return any(unit["provisional"] for unit in units)


def _counted(supplier: _Supplier, actual: Actual | None) -> Actual | None:
    """A draft of a unit that was let off does not count; what it reported on another form does."""
    if supplier.waived and actual is not None and actual.form_id == supplier.form.pk:
        return None
    return actual


def _gaps(supplier: _Supplier, period: Period, actual: Actual | None) -> list[str]:
    if not reported(actual).is_missing:
        return []
    unit = supplier.form.unit.name
    if supplier.waived:
        return [f"{unit} dikecualikan ({supplier.waived})."]
    why = actual.obstacle.strip().rstrip(".") if actual else ""
    return [f"{unit} belum melaporkan {period.label}{f' ({why})' if why else ''}."]


def _unit(supplier: _Supplier, actual: Actual | None) -> Content:
    form = supplier.form
    told = actual.form if actual is not None else None
    submitted = told or form
    texts = {name: getattr(actual, name) if actual else "" for name in ("letter", "cause", "obstacle", "follow_up")}
    return texts | {
        "unit": form.unit.name,
        "unit_key": form.unit.public_id,
        "actual": actual.public_id if actual else None,
        "value": _number(actual.value) if actual else None,
        "data": {row.datum.name: _number(row.value) for row in actual.data.all()} if actual else {},
        "provisional": actual.is_provisional if actual else False,
        "evidence": [
            {"name": row.file.original_name if row.file else row.link, "sha256": row.file.sha256 if row.file else ""}
            for row in (actual.evidence.all() if actual else ())
        ],
        "entered_by": actual.entered_by.name if actual else "",
        "entered_at": actual.entered_at.isoformat() if actual else "",
        "submitted_by": submitted.submitted_by.name if submitted.submitted_by else "",
        "waived": supplier.waived,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else number_text(value)


def row_code(key: str, row: Mapping[str, Any]) -> str:
    """Return the code that opens a figure of a recapitulation (its key), printed beside it."""
    return f"{key}-{row['ordinal']}"


def shown_value(value: Decimal | str | None, letter: str = "") -> str:
    """Return a figure of a content as people read it."""
    return letter or shown_number(None if value is None else Decimal(value))


def differences(before: Recapitulation | None, content: Content) -> list[Difference]:
    """Return every figure of a unit that differs from an earlier recapitulation; none without one."""
    if before is None:
        return []
    then, now = figures_of(before.content), figures_of(content)
    found = []
    for place in [*now, *(place for place in then if place not in now)]:
        old, new = then.get(place, ("", "")), now.get(place, ("", ""))
        if old[1] != new[1]:
            found.append(_difference(place, (new[0] or old[0]), old[1], new[1]))
    return found


def _difference(place: tuple[str, str, str], names: str, before: str, after: str) -> Difference:
    name, _, unit = names.partition("\n")
    return Difference(place[0], name, f"{Period.parse(place[1]).label}, {unit}", before, after)


def figures_of(content: Content) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Every unit's figure by card, period and unit: names, and the figure as people read it."""
    return {
        (row["card"], period["period"], unit["unit_key"]): (
            f"{row['name']}\n{unit['unit']}",
            shown_value(unit["value"], unit["letter"]),
        )
        for row in content["rows"]
        for period in row["periods"]
        for unit in period["units"]
    }
