"""Does an agreement that begins to count leave every elapsed period its target, and if not, which not."""

from datetime import date

from django.db.models import prefetch_related_objects

from capaian.journal.reason import Reason
from capaian.planning.card_rules import period_label
from capaian.planning.entries import TargetEntry
from capaian.planning.models import Agreement, Card, Target
from capaian.planning.promises import Promises, version_of, versions_of
from capaian.planning.revision_rules import closed, plain_target


def reasons_not_to_promise_anew(agreement: Agreement, since: date, today: date) -> list[Reason]:
    """Periods (and the year) that have ended before `today` or were measured keep the targets that counted then.

    An agreement may be dated back, as long as it promises for those periods what counted without it.
    """
    prefetch_related_objects([agreement], "position__roles", "items__card__targets")
    known = versions_of(agreement.agency_id, agreement.year)
    before, after = Promises(known), Promises([*known, version_of(agreement, since)])
    rows = Card.objects.filter(agency_id=agreement.agency_id, year=agreement.year, is_current=True)
    return [
        Reason(
            "period_elapsed",
            f"{period_label(card.frequency, period)} sudah lewat; target “{card.name}” tetap seperti yang berlaku.",
            "Mulai berlakukan perjanjian ini sesudah periode itu berakhir.",
            "in_force_from",
        )
        for card in rows.filter(activated_at__isnull=False).prefetch_related("targets").order_by("pk")
        for period in closed(card, today)
        if _said(before, card, period.code) != _said(after, card, period.code)
    ]


def _said(promises: Promises, card: Card, code: str) -> TargetEntry | None:
    target: Target | None = promises.aims(card, date.max)[code].target
    return plain_target(TargetEntry.of(target)) if target is not None else None
