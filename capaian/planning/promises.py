"""What was promised: the targets of indicators in the agreements that count on a day, the Kepala's before others'."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Prefetch

from capaian.agencies.queries import Reach
from capaian.periods.period import Period
from capaian.planning.agreement_rules import tier_of
from capaian.planning.card_rules import target_periods
from capaian.planning.models import Agreement, AgreementItem, Card, Target


class Aim(NamedTuple):
    """A target, and the agreement that promises it; without one it is the card's own."""

    target: Target | None = None
    agreement: Agreement | None = None


@dataclass(frozen=True)
class Version:
    """A version of an agreement: the day from which it counts, and by indicator (row number) the card it names."""

    agreement: Agreement
    since: date
    cards: Mapping[int, Card]


class Promises:
    """The versions of a year's agreements, of every official."""

    def __init__(self, versions: Iterable[Version]) -> None:
        """Take the versions in any order."""
        self._versions = sorted(versions, key=_order)
        self._on = lru_cache(maxsize=400)(self._find)

    def on(self, day: date) -> Mapping[int, Version]:
        """Return by indicator (row number) the version that promises it on a day."""
        return self._on(day)

    def _find(self, day: date) -> Mapping[int, Version]:
        in_force = {each.agreement.position_id: each for each in self._versions if each.since <= day}
        found: dict[int, Version] = {}
        for each in sorted(in_force.values(), key=lambda row: (tier_of(row.agreement.position), row.agreement.pk)):
            for indicator in each.cards:
                found.setdefault(indicator, each)
        return found

    def aims(self, card: Card, up_to: date) -> dict[str, Aim]:
        """Return by period's code the targets of a card's own periods and of its year, as promised on a day.

        A period that ended before that day has the target that was promised at its own end. Reads
        `card.targets.all()`.
        """
        return {period.code: self._aim(card, period, up_to) for period in target_periods(card.frequency, card.year)}

    def _aim(self, card: Card, period: Period, up_to: date) -> Aim:
        version = self.on(min(period.end, up_to)).get(card.indicator_id)
        if version is None or not _fits(card, version.cards[card.indicator_id]):
            return Aim(_target(card, period))
        return Aim(_target(version.cards[card.indicator_id], period), version.agreement)


def _order(version: Version) -> tuple[date, int, int]:
    return version.since, version.agreement.version, version.agreement.pk


def _fits(card: Card, promised: Card) -> bool:
    """Tell whether targets of a promised card can be those of a later version: same periods, same way of saying."""
    return (card.frequency, card.polarity) == (promised.frequency, promised.polarity)


def _target(card: Card, period: Period) -> Target | None:
    return next((row for row in card.targets.all() if row.period == period.code), None)


def promises(reach: Reach, year: int) -> Promises:
    """Return what an agency's officials promised in a year; five queries at most, however many promises."""
    return Promises(versions_of(reach.agency.pk, year))


def versions_of(agency_id: int, year: int) -> list[Version]:
    """Return the versions of a year's agreements that were ever put in force. An internal read."""
    items = AgreementItem.objects.select_related("card").prefetch_related("card__targets")
    rows = Agreement.objects.filter(agency_id=agency_id, year=year).exclude(state=Agreement.State.DRAFT)
    named = rows.select_related("position", "document").defer("document__context")
    named = named.prefetch_related("position__roles", Prefetch("items", items))
    return [version_of(row, row.in_force_from) for row in named if row.in_force_from is not None]


def version_of(agreement: Agreement, since: date) -> Version:
    """Return an agreement as a version that counts from a day. Reads its items with their cards."""
    return Version(agreement, since, {item.card.indicator_id: item.card for item in agreement.items.all()})
