"""Every action of the measurement, killed at each of its writes, leaves all or nothing, and happens once."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from capaian.journal.queries import breaks
from capaian.measurement import actions
from capaian.sop.answer import Answer
from capaian.sop.models import Run, WorkItem
from tests.collection.conftest import advance
from tests.measurement.conftest import BLANK, acting, bring, collected, entry, fill, measuring
from tests.planning.cards import make_card
from tests.sop.driver import Engine, issue_papers
from tests.sop.fingerprint import ALL_ROOMS
from tests.sop.kills import survives

YES = Answer(decision=WorkItem.Decision.YES)


def kill(office: Engine, who: str, act: Any, item: WorkItem, answer: Answer = BLANK, **more: Any) -> int:
    """Kill an action on an item at each of its writes."""
    by = acting(office, who, item, f"formulir-{item.pk}")
    return survives(partial(act, item=item, answer=answer, by=by, reach=office.reach(who), **more), ALL_ROOMS)


@pytest.mark.slow
def test_every_action_of_a_measurement(office: Engine) -> None:
    for name in ("Layanan", "Aduan"):
        make_card(office.world, name, targets={"2026-Q1": "80", "2026": "90"})
    team = office.reach("team")
    locked = partial(actions.lock_methodology, year=2026, entry=entry(office), by=team.actor(token="kunci"), reach=team)
    kills = [survives(locked, ALL_ROOMS)]
    collection = collected(office, {"Layanan": "72", "Aduan": "1"})
    item = measuring(office, "B04")
    kills.append(kill(office, "team", actions.set_methodology, item, entry=entry(office, note="Diperbarui")))
    for step, act in (("B05", actions.measure), ("B06", actions.recapitulate)):
        kills.append(kill(office, "team", act, bring(office, item.run, step)))
    kills.append(kill(office, "secretary", actions.decide, bring(office, item.run, "B08"), YES))
    kills.append(again(office, collection))
    assert min(kills) >= 3, kills
    assert list(breaks(office.world.agency.public_id)) == []


def again(office: Engine, collection: Run) -> int:
    """Kill the decision on a correction of the collection, which marks what must be measured again."""
    from capaian.sop.actions import correct_run

    advance(office, collection, "A12")
    issue_papers()
    advance(office, collection, "")
    head = office.reach("head")
    new = correct_run(run=Run.objects.get(pk=collection.pk), reason="Keliru", by=head.actor(), reach=head)
    advance(office, new, "A07")
    fill(office, new, {"Layanan": str(Decimal(70)), "Aduan": "1"})
    advance(office, new, "A10")
    (item,) = new.items.filter(status=WorkItem.Status.OPEN).select_related("run__agency", "step")
    return kill(office, "secretary", actions.decide, item, YES)
