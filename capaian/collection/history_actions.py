"""Writes figures of the time before the product: reported elsewhere, with their source."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Agency
from capaian.collection.entries import HistoryEntry
from capaian.collection.history_rules import reasons_about_history
from capaian.collection.models import Actual
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.reason import refuse_if
from capaian.journal.verbs import Verb


def record_history(*, agency: Agency, figures: Sequence[HistoryEntry], by: Actor) -> list[Actual]:
    """Record figures that no form of this product reported; all or none. Raises Refused naming what is wrong."""
    with transaction.atomic():
        agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        refuse_if(reasons_about_history(agency, figures, by))
        moment = timezone.now()
        made = Actual.objects.bulk_create(
            [
                Actual(
                    agency=agency,
                    card_id=figure.card_id,
                    unit_id=figure.unit_id,
                    period=figure.period,
                    value=figure.value,
                    origin=figure.origin.strip(),
                    entered_at=moment,
                    entered_by_id=by.person_id,
                )
                for figure in figures
            ]
        )
        told = [[row.public_id, row.period, str(row.value), row.origin] for row in made]
        record(by=by, verb=Verb.RECORDED_HISTORY, target=agency, payload={"figures": told})
    return made
