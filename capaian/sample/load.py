"""Loads the sample agency on an empty installation: people, SOPs, and periods relative to today."""

from datetime import date

from django.db import transaction

from capaian.agencies import actions as agencies
from capaian.agencies.models import Agency, Person
from capaian.agencies.queries import reach, today
from capaian.documents.actions import adopt_kinds
from capaian.journal.actor import Actor
from capaian.periods.period import Period, PeriodKind, periods_of_year
from capaian.sample.people import load_people
from capaian.sample.planning import PlanLoader
from capaian.sample.runs import archive_period, begin_period
from capaian.sop import actions as sop
from capaian.sop.models import Definition


def load() -> Agency:
    """Make the sample agency with running SOPs, in one transaction; return it. Raises Refused when it is there."""
    with transaction.atomic():
        agency = load_people(agencies.founding_actor())
        adopt_kinds(agency=agency)
        admin = (
            Person.objects.filter(agency=agency, appointments__position__roles__role="agency_admin").distinct().get()
        )
        by = reach(admin, today(agency)).actor()
        sop.adopt_shipped(agency=agency, by=by)
        PlanLoader(agency, planned_quarters(today(agency)), by).load()
        _schedule(agency, admin, by)
    return agency


def load_work(agency: Agency) -> None:
    """Let the sample's people work: the quarter before the last is archived, the last one stands at the units' forms.

    Outside any transaction: papers are made.
    """
    before, latest, _ = planned_quarters(today(agency))
    archive_period(agency, before)
    begin_period(agency, latest)


def _schedule(agency: Agency, admin: Person, by: Actor) -> None:
    """Schedule the last two ended quarters, the last month, and all that comes; the ended ones open at once."""
    on = today(agency)
    full = tuple(Definition.objects.filter(agency=agency, code__in=("A", "B")).order_by("code"))
    sop.schedule_year(
        agency=agency,
        periods=sample_periods(on),
        definitions={"month": full, "quarter": full},
        by=by,
        reach=reach(admin, on),
    )
    sop.open_due_runs(agency=agency)


def planned_quarters(on: date) -> list[Period]:
    """Return the quarters that the sample has figures or targets for: the last two ended ones and that of `on`."""
    now = Period.containing(on, PeriodKind.QUARTER)
    return [now.previous().previous(), now.previous(), now]


def sample_periods(on: date) -> list[Period]:
    """Return the latest ended quarter, that before it, the latest ended month, and what ends later in the year."""
    before, latest, _ = planned_quarters(on)
    month = Period.containing(on, PeriodKind.MONTH).previous()
    return [latest, before, month, *(period for period in periods_of_year(on.year) if period.end >= on)]
