"""Which agreement counts on a day, and what it promises."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from capaian.agencies.models import RoleKey
from capaian.agencies.queries import Reach
from capaian.agencies.rules import written
from capaian.journal.reason import Reason
from capaian.periods.period import Period
from capaian.planning.models import Agreement, AgreementBudget, AgreementItem


def agreements(reach: Reach, year: int | None = None) -> QuerySet[Agreement]:
    """Return the agency's agreements (of a year), the newest first, with items and budgets."""
    rows = Agreement.objects.filter(agency_id=reach.agency.pk)
    if year is not None:
        rows = rows.filter(year=year)
    items = AgreementItem.objects.select_related("card__indicator__node").prefetch_related("card__targets")
    budgets = AgreementBudget.objects.select_related("node").order_by("node__code", "node__ordinal", "pk")
    return (
        rows.select_related("agency", "position__unit", "superior_position", "document")
        .prefetch_related("position__roles", Prefetch("items", items), Prefetch("budgets", budgets))
        .order_by("-year", "position_id", "-version")
    )


def agreement_in_force(reach: Reach, on: date, position_id: int | None = None) -> Agreement | None:
    """Return the version of an agreement that counts on a day (the Kepala's unless told otherwise), with its items.

    A version counts from its day until the day of the one that superseded it, or the year's end. Three queries.
    """
    rows = agreements(reach, on.year).exclude(state=Agreement.State.DRAFT).filter(in_force_from__lte=on)
    if position_id is None:
        rows = rows.filter(position__roles__role=RoleKey.HEAD)
    else:
        rows = rows.filter(position_id=position_id)
    return rows.order_by("-in_force_from", "-version", "-pk").first()


def promise_at(reach: Reach, period: Period) -> Agreement | None:
    """Return the version of the Kepala's agreement that counts at a period's end, with its paper; one query."""
    rows = Agreement.objects.filter(
        agency_id=reach.agency.pk, year=period.year, position__roles__role=RoleKey.HEAD, in_force_from__lte=period.end
    )
    found = rows.exclude(state=Agreement.State.DRAFT).select_related("document")
    return found.order_by("-in_force_from", "-version", "-pk").first()


def reason_without_agreement(reach: Reach, period: Period) -> Reason | None:
    """Return the warning that no agreement of the Kepala counts at a period's end, or None; it never blocks."""
    return None if promise_at(reach, period) else without_agreement(period)


def without_agreement(period: Period) -> Reason:
    """Return the warning that nothing was promised for a period."""
    text = f"Belum ada Perjanjian Kinerja Kepala yang berlaku pada {written(period.end)}, akhir {period.label}."
    return Reason("no_agreement", text, "Berlakukan perjanjiannya; pengukuran memakai target kartu yang aktif.")
