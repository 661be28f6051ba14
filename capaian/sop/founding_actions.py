"""A new agency, ready for work: the one composition that the page and the command line share."""

from dataclasses import replace

from django.db import transaction

from capaian.agencies import actions
from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
from capaian.agencies.models import Agency, Person, Region
from capaian.documents.actions import adopt_kinds
from capaian.journal.actor import Actor
from capaian.sop.definition_actions import adopt_shipped


def found_agency(
    *, region: Region | RegionEntry, entry: AgencyEntry, admin: PersonEntry, by: Actor
) -> tuple[Agency, Person, str]:
    """Start an agency ready for work: calendar, kinds of papers and its own copies of the shipped SOPs.

    Returns the agency, its first admin and the admin's one-time code. All or nothing.
    """
    with transaction.atomic():
        actions.seed_national_calendar(by=actions.founding_actor())
        agency, person, code = actions.start_agency(region=region, entry=entry, admin=admin, by=by)
        adopt_kinds(agency=agency)
        # what is done for the new agency stands in its own chain
        adopt_shipped(agency=agency, by=replace(by, agency_id=agency.pk, agency_key=agency.public_id, token=""))
    return agency, person, code
