"""A worksheet for an office of the access proofs: one card of an archived month, measured and stored like real ones."""

from django.utils import timezone

from capaian.collection.models import Recapitulation
from capaian.measurement import actions
from capaian.measurement.entries import MethodologyEntry, SmartEntry
from capaian.measurement.measuring import measurement_of
from capaian.measurement.models import Worksheet
from capaian.measurement.snapshot import Before, inputs_of, source_of
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.planning.promises import promises
from capaian.sop.models import Run, WorkItem
from tests.sop.driver import Engine


def plant_worksheet(engine: Engine, run: Run, card: Card) -> dict[str, str]:
    """Lock the year's methodology and leave a worksheet on a finished run; return the keys of what was made."""
    reach, now = engine.reach("team"), timezone.now()
    agency, person = engine.world.agency, engine.world.people["team"]
    method = actions.lock_methodology(
        year=card.year, entry=MethodologyEntry([SmartEntry(card.pk)]), by=reach.actor(), reach=reach
    )
    content = {"schema": 1, "period": run.period, "due": 0, "reported": 0, "rows": [], "gaps": []}
    made = {"agency": agency, "computed_at": now, "computed_by": person, "digest": "0" * 64}
    items = WorkItem.objects.filter(run=run, status=WorkItem.Status.DONE, unit=None).order_by("pk")
    recapitulation = Recapitulation.objects.create(item=items[1], content=content, **made)
    sheet = Worksheet.objects.create(
        item=items[0], methodology=method, recapitulation=recapitulation, period=run.period, **made
    )
    source, promised = source_of(recapitulation), promises(reach, card.year)
    inputs = inputs_of(card, Period.parse(run.period), None, Before(), source, promised)
    row = measurement_of(card, inputs, 1)
    row.agency, row.worksheet = agency, sheet
    row.save()
    return {"worksheet": sheet.public_id, "measurement": row.public_id, "figure": f"{sheet.public_id}-r1"}
