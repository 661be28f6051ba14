"""The snapshot of what one achievement is computed from: rows frozen as JSON, numbers as canonical text."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError

from capaian.collection.consolidation import Reported, Together, of_units
from capaian.collection.models import Actual, Recapitulation
from capaian.formulas.rounding import Exact, quotient
from capaian.formulas.shipped_scales import shipped_scale
from capaian.measurement.computing import sealed
from capaian.periods.period import Period, PeriodKind
from capaian.planning.agreement_papers import title_of
from capaian.planning.agreement_rules import Tier, tier_of
from capaian.planning.models import Agreement, Card, Target
from capaian.planning.number_fields import MOST_DIGITS, canonical
from capaian.planning.promises import Aim, Promises
from capaian.planning.rules import natural_periods
from capaian.sop.papers import moment_text

SCHEMA: Final = 2  # since 2 the agreement behind each target stands in it
PLENTY: Final = Context(prec=100)
Row = Mapping[str, Any]
Aims = Mapping[str, Aim]
UNSET: Final = Aim()
NOBODY: Final = Promises(())


def written(value: Exact | None) -> str | None:
    """Return the one text of a number; a quotient that no decimals express keeps its two parts: `250/3`."""
    if value is None:
        return None
    numerator, denominator = quotient(value)
    scale = 10 ** (MOST_DIGITS - 1)
    if numerator * scale % denominator == 0:  # it ends
        with suppress(ValidationError):  # but perhaps behind more digits than columns hold
            return canonical(Decimal(f"{numerator * scale // denominator}E-{MOST_DIGITS - 1}").normalize(PLENTY))
    return f"{numerator}/{denominator}"


def own_periods(card: Card, up_to: Period) -> list[Period]:
    """Return the card's own periods of the year that have ended with the run's period, in order."""
    year = Period(card.year, PeriodKind.YEAR)
    return [each for each in natural_periods(card.frequency, year) if each.end <= up_to.end]


def periods_before(card: Card, period: Period) -> set[str]:
    """Return the codes of the card's own periods of the year that ended before those of the run's period."""
    return {each.code for each in own_periods(card, period)} - _in_run(card, period)


def _in_run(card: Card, period: Period) -> set[str]:
    return {each.code for each in natural_periods(card.frequency, period)}


def closes_year(period: Period) -> bool:
    """Tell whether a run's period is where the year is summed up."""
    return period.kind is PeriodKind.YEAR or (period.kind is PeriodKind.QUARTER and period.number == 4)


@dataclass(frozen=True)
class Before:
    """What is known of the card's own periods before those of the run, by code.

    `approved` are rows of approved recapitulations; `actuals` are current actuals, for periods that no run collected.
    """

    approved: Mapping[str, Row] = field(default_factory=dict)
    actuals: Mapping[str, Sequence[Actual]] = field(default_factory=dict)


def inputs_of(  # noqa: PLR0917
    card: Card, period: Period, row: Row | None, before: Before, source: Row, promises: Promises
) -> dict[str, Any]:
    """Return the snapshot of a card in a run's period.

    `row` is the card's row of the approved recapitulation: what it says of the run's own period counts, and nothing
    else. `source` names the recapitulation; `promises` give the targets. Reads the card's targets, data, suppliers and
    `card.indicator.node`.
    """
    aims = promises.aims(card, period.end)
    whole = Period(card.year, PeriodKind.YEAR)
    every = {each.code for each in natural_periods(card.frequency, whole)}
    in_run = _in_run(card, period)
    reported = {each["period"]: each for each in (row or {}).get("periods", [])}
    yearly = aims[whole.code] if closes_year(period) and whole.code not in every else UNSET
    elapsed = own_periods(card, period)
    content = {
        "schema": SCHEMA,
        "card": card_facts(card),
        "period": period.code,
        "recapitulation": dict(source),
        "has_targets": any(aims[code].target for code in every),
        "year_target": target_facts(yearly.target),
        "year_agreement": _key(yearly),
        "agreements": _agreements([*(aims[each.code] for each in elapsed), yearly]),
        "periods": [
            _reported(each.code, aims, reported.get(each.code), "recapitulation")
            if each.code in in_run
            else _before(each.code, aims, card, before)
            for each in elapsed
        ],
    }
    return sealed(content)


def _before(code: str, aims: Aims, card: Card, before: Before) -> dict[str, Any]:
    if code in before.approved:
        return _reported(code, aims, before.approved[code], "approved")
    return earlier_facts(code, aims, card, before.actuals.get(code, ()))


def _key(aim: Aim) -> str:
    return aim.agreement.public_id if aim.agreement else ""


def _agreements(aims: Sequence[Aim]) -> dict[str, dict[str, Any]]:
    """Return the agreements that these targets were taken from, by key."""
    named = {aim.agreement.public_id: aim.agreement for aim in aims if aim.agreement is not None}
    return {key: agreement_facts(agreement) for key, agreement in sorted(named.items())}


def agreement_facts(agreement: Agreement) -> dict[str, Any]:
    """Return what names a version of an agreement: title, number, official, and since when it counts."""
    return {
        "title": title_of(agreement),
        "version": agreement.version,
        "number": agreement.document.number if agreement.document else "",
        "official": agreement.promiser_title,
        "of_the_head": tier_of(agreement.position) is Tier.HEAD,
        "in_force_from": agreement.in_force_from.isoformat() if agreement.in_force_from else "",
    }


def card_facts(card: Card) -> dict[str, Any]:
    """Return what a card fixes of its measurement, and where it stands in the plan."""
    node = card.indicator.node
    return {
        "key": card.public_id,
        "version": card.version,
        "year": card.year,
        "name": card.name,
        "measured_in": card.measured_in,
        "calculation": card.calculation,
        "formula": card.formula,
        "polarity": card.polarity,
        "consolidation": card.consolidation,
        "location": card.location,
        "entry": card.entry,
        "frequency": card.frequency,
        "scale": card.scale,
        "scale_version": shipped_scale(card.scale).version,
        "cap": written(card.cap),
        "tolerance": written(card.tolerance),
        "weight": written(card.weight),
        "negative_target": card.negative_target,
        "released_next_year": card.released_next_year,
        "source": card.source,
        "is_iku": card.indicator.is_iku,
        "node": {"key": node.public_id, "level": node.level, "code": node.code, "text": node.text},
    }


def target_facts(target: Target | None) -> dict[str, Any] | None:
    """Return a target as text; None when none is set."""
    if target is None:
        return None
    return {
        "value": written(target.value),
        "low": written(target.low),
        "high": written(target.high),
        "letter": target.letter,
    }


def _reported(code: str, aims: Aims, given: Row | None, origin: str) -> dict[str, Any]:
    """Return what an approved recapitulation says of a period."""
    given = given or {}
    return {
        "period": code,
        "target": target_facts(aims[code].target),
        "agreement": _key(aims[code]),
        "value": given.get("value"),
        "letter": given.get("letter") or "",
        "provisional": bool(given.get("provisional")),
        "from": origin,
        "units": list(given.get("units", ())),
    }


def earlier_facts(code: str, aims: Aims, card: Card, actuals: Sequence[Actual]) -> dict[str, Any]:
    """Return what the units have reported of a period before that of the run."""
    together = together_of(card, actuals)
    return {
        "period": code,
        "target": target_facts(aims[code].target),
        "agreement": _key(aims[code]),
        "value": written(together.value),
        "letter": together.letter,
        "provisional": together.provisional or any(actual.is_provisional for actual in actuals),
        "from": "actuals",
        "units": [_unit_facts(actual) for actual in actuals],
    }


def _unit_facts(actual: Actual) -> dict[str, Any]:
    form = actual.form
    return {
        "unit": actual.unit.name,
        "unit_key": actual.unit.public_id,
        "actual": actual.public_id,
        "value": written(actual.value),
        "letter": actual.letter,
        "data": {each.datum.name: written(each.value) for each in actual.data.all()},
        "cause": actual.cause,
        "obstacle": actual.obstacle,
        "follow_up": actual.follow_up,
        "evidence": [
            {"name": proof.file.original_name, "sha256": proof.file.sha256}
            if proof.file
            else {"name": proof.link, "sha256": ""}
            for proof in actual.evidence.all()
        ],
        "entered_by": actual.entered_by.name,
        "entered_at": actual.entered_at.isoformat(),
        "submitted_by": form.submitted_by.name if form and form.submitted_by else "",
        "waived": "",
    }


def together_of(card: Card, actuals: Sequence[Actual]) -> Together:
    """Return what the units of a card said together of one period; a supplier without a figure counts as missing."""
    reported = [
        Reported(actual.value, actual.letter, {each.datum.name: each.value for each in actual.data.all()})
        for actual in actuals
    ]
    silent = {supplier.unit_id for supplier in card.suppliers.all()} - {actual.unit_id for actual in actuals}
    return of_units(card, [*reported, *(Reported() for _ in silent)])


def source_of(recapitulation: Recapitulation) -> dict[str, Any]:
    """Return what names a recapitulation in a snapshot: its key, its digest, when and by whom it was made."""
    return {
        "key": recapitulation.public_id,
        "digest": recapitulation.digest,
        "computed_at": moment_text(recapitulation.agency, recapitulation.computed_at),
        "computed_by": recapitulation.computed_by.name,
    }
