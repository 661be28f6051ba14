"""Worksheets as rows, with the figures that a test names: what the steps of both SOPs would leave."""

from collections.abc import Mapping

from django.utils import timezone

from capaian.collection.models import Recapitulation
from capaian.measurement.measuring import measurement_of
from capaian.measurement.models import Measurement, Methodology, Worksheet
from capaian.measurement.queries import cards_in_force, snapshots
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.sop.models import Run, WorkItem
from tests.sop.driver import Engine, open_items

Values = Mapping[str, str | None]


def done_item(office: Engine, run: Run) -> WorkItem:
    """Finish the first step of a run by hand."""
    item = open_items(run)[0]
    now = timezone.now()
    done = {"status": WorkItem.Status.DONE, "done_at": now, "done_by": office.world.people["team"]}
    WorkItem.objects.filter(pk=item.pk).update(**done)
    return WorkItem.objects.get(pk=item.pk)


def reported(card: Card, period: str, value: str | None) -> dict[str, object]:
    """Return a card's row of a recapitulation."""
    letter = value if value and value.isalpha() else ""
    told: dict[str, object] = {
        "period": period,
        "value": None if letter else value,
        "letter": letter,
        "provisional": False,
        "units": [],
    }
    return {"card": card.public_id, "name": card.name, "periods": [told]}


def plant(office: Engine, period: str, values: Values) -> Worksheet:
    """Leave the worksheet of a period: `values` by the beginning of a card's name."""
    reach, now = office.reach("team"), timezone.now()
    agency, person = office.world.agency, office.world.people["team"]
    made = {"agency": agency, "computed_at": now, "computed_by": person, "digest": "0" * 64}
    cards = cards_in_force(reach, Period.parse(period).year)
    said = {
        card.pk: next((text for name, text in values.items() if card.name.startswith(name)), None) for card in cards
    }
    rows = [reported(card, period, said[card.pk]) for card in cards]
    content = {"schema": 1, "period": period, "due": len(rows), "reported": len(rows), "rows": rows, "gaps": []}
    (gathering,), (measuring,) = office.open(period, "A"), office.open(period, "B")
    recapitulation = Recapitulation.objects.create(item=done_item(office, gathering), content=content, **made)
    method, _ = Methodology.objects.get_or_create(
        agency=agency, year=Period.parse(period).year, defaults={"locked_at": now, "locked_by": person}
    )
    sheet = Worksheet.objects.create(
        item=done_item(office, measuring), methodology=method, recapitulation=recapitulation, period=period, **made
    )
    found = snapshots(reach, Period.parse(period), recapitulation, cards)
    lines = [measurement_of(card, inputs, place) for place, (card, inputs) in enumerate(found, start=1)]
    for line in lines:
        line.agency, line.worksheet = agency, sheet
    Measurement.objects.bulk_create(lines)
    return sheet
