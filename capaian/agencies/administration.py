"""What every action on an agency's own data begins and ends with."""

from collections.abc import Mapping
from typing import Any

from capaian.agencies.models import Agency
from capaian.agencies.rules import FOUNDER_KEY, reasons_not_to_administer
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.keys import Keyed
from capaian.journal.reason import Forbidden
from capaian.journal.verbs import Verb


def founding_actor() -> Actor:
    """Return the installation itself as actor: for the first agency, which has nobody yet, and the command line.

    It has no person and no position; the journal shows it as "pemasang". No page may use it.
    """
    return Actor(person_id=0, person_key=FOUNDER_KEY, name="Pemasang", agency_id=0, agency_key="")


def administered(agency: Agency, by: Actor) -> Agency:
    """Lock an agency's row and return it fresh, so that rules see what holds; Forbidden for all but its admins."""
    # not against being pointed at: rows that point here are checked when a transaction ends, after the journal's lock
    locked = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if reasons := reasons_not_to_administer(locked, by):
        raise Forbidden(reasons)
    return locked


def note(agency: Agency, by: Actor, verb: Verb, target: Keyed, payload: Mapping[str, Any] | None = None) -> None:
    """Write the journal row into the agency's own chain, whoever acts."""
    record(by=by, verb=verb, target=target, payload=payload, chain=agency.public_id)
