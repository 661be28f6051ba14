"""What measuring would give now: rows not written yet, and the reasons why they may not be."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from capaian.agencies.queries import Reach
from capaian.collection.models import Recapitulation
from capaian.collection.queries import approved_recapitulation
from capaian.journal.reason import Reason
from capaian.measurement import queries, rules
from capaian.measurement.computing import measured
from capaian.measurement.models import Measurement, Methodology
from capaian.measurement.recap import Line
from capaian.planning.models import Card
from capaian.sop.models import Run


@dataclass(frozen=True)
class Preview:
    """What a run would measure now; `reasons` say why it may not yet. Without lines the step is a generic sheet."""

    recapitulation: Recapitulation | None = None
    methodology: Methodology | None = None
    lines: Sequence[Line] = ()
    reasons: Sequence[Reason] = field(default_factory=list)


def measurement_of(card: Card, inputs: dict[str, Any], place: int) -> Measurement:
    """Return the row of a card's measurement, not written and on no worksheet yet."""
    found = measured(inputs)
    result = found.outcome.result
    return Measurement(
        card=card,
        ordinal=place,
        period=inputs["period"],
        inputs=inputs,
        formula_code=result.formula.code,
        formula_version=str(result.formula.version),
        raw=result.raw,
        shown=result.shown,
        score=result.score,
        category=result.category or "",
        reason=result.reason,
        is_provisional=found.outcome.provisional,
        digest=found.digest,
    )


def digest_of_all(rows: Iterable[Measurement]) -> str:
    """Return the digest of several results: what a person saw before they were written."""
    return hashlib.sha256("\n".join(row.digest for row in rows).encode()).hexdigest()


def preview(reach: Reach, run: Run) -> Preview:
    """Return what measuring a run would give now; the number of queries does not grow with the cards."""
    recapitulation = approved_recapitulation(reach, run)
    if recapitulation is None:
        return Preview(reasons=rules.reasons_not_approved(reach, run))
    period = run.period_value
    cards = queries.cards_to_measure(reach, period, recapitulation)
    if not cards:
        return Preview(recapitulation)
    methodology = queries.methodology(reach, period.year)
    found = queries.snapshots(reach, period, recapitulation, cards)
    lines = [Line(measurement_of(card, inputs, place)) for place, (card, inputs) in enumerate(found, start=1)]
    return Preview(recapitulation, methodology, lines, rules.reasons_not_to_measure(methodology, cards, period.year))
