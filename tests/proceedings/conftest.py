"""An office whose collection stands where a work of this room begins."""

import pytest
from django.test import Client

from capaian.sop import actions, step_rules
from capaian.sop.models import WorkItem
from tests.sop.driver import Engine, make_engine, open_items

BACKEND = "capaian.agencies.sign_in.NameOrNipBackend"


@pytest.fixture
def office(db: None) -> Engine:
    """An agency with people for every role, three units and the shipped SOPs."""
    return make_engine()


def client_of(office: Engine, who: str) -> Client:
    """Return the browser of one of the people."""
    client = Client()
    client.force_login(office.world.people[who], backend=BACKEND)
    return client


def at(office: Engine, step: str, period: str = "2026-Q1") -> WorkItem:
    """Open a run for a period, bring it to a step and return the step's item; a hand-over is handed over."""
    (run,) = office.open(period, step[0])
    office.advance(run, until=step)
    item = open_items(run)[0]
    if item.step.work == "hand_over":
        secretary = office.reach("secretary")
        by = step_rules.performer_for(secretary, item)
        actions.hand_over(item=item, note="Mohon arahan", by=by, reach=secretary)
    return WorkItem.objects.select_related("run__agency", "step", "unit").get(pk=item.pk)
