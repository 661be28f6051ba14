"""Years from before the product: what their recorded figures give by the cards of those years. Nothing is written."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from capaian.collection.models import Actual
from capaian.measurement.computing import sealed
from capaian.measurement.snapshot import NOBODY, SCHEMA, UNSET, card_facts, earlier_facts, target_facts
from capaian.periods.period import Period, PeriodKind
from capaian.planning.models import Card
from capaian.planning.rules import natural_periods

#: No recapitulation stands behind such a year.
NO_SOURCE: Final = {"key": "", "digest": "", "computed_at": "", "computed_by": ""}


def history_of(card: Card, actuals: Mapping[str, Sequence[Actual]]) -> dict[str, Any] | None:
    """Return the snapshot of a card's whole year from recorded actuals (by period's code); None when there are none."""
    year = Period(card.year, PeriodKind.YEAR)
    own = [each.code for each in natural_periods(card.frequency, year)]
    if not any(actuals.get(code) for code in own):
        return None
    aims = NOBODY.aims(card, year.end)
    yearly = aims[year.code] if year.code not in own else UNSET
    content = {
        "schema": SCHEMA,
        "card": card_facts(card),
        "period": year.code,
        "recapitulation": NO_SOURCE,
        "has_targets": any(aims[code].target for code in own),
        "year_target": target_facts(yearly.target),
        "year_agreement": "",
        "agreements": {},
        "periods": [earlier_facts(code, aims, card, actuals.get(code, ())) for code in own],
    }
    return sealed(content)
