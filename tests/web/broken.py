"""The product with one guard taken out, for negative controls: `DJANGO_SETTINGS_MODULE=tests.web.broken_settings`.

`CAPAIAN_TEST_FAULT=unlocked`: runs are not locked, an item is not read again, and it is closed whatever its status.
The product has no switch of this kind: the patches live here.
"""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import AppConfig


class BrokenConfig(AppConfig):
    """Patches the engine when the server starts."""

    name = "tests.web.broken"
    label = "broken"

    def ready(self) -> None:
        """Take out what CAPAIAN_TEST_FAULT names."""
        FAULTS[os.environ["CAPAIAN_TEST_FAULT"]]()


def take_out_locks() -> None:
    """Let everybody act on what they saw when they opened the page."""
    from capaian.collection import places
    from capaian.journal.actor import Actor
    from capaian.journal.verbs import Verb
    from capaian.measurement import actions as measurement
    from capaian.sop import flow_actions, run_actions, step_actions, step_rules
    from capaian.sop.answer import Answer
    from capaian.sop.models import Run, WorkItem

    def read_runs(run: Run) -> dict[int, Run]:
        rows = Run.objects.select_related("agency__region", "definition", "version", "waiting_at")
        return {row.pk: row for row in rows.filter(agency_id=run.agency_id, period=run.period).order_by("pk")}

    def as_seen(item: WorkItem, _by: Actor, *_verbs: Verb) -> tuple[WorkItem, dict[int, Run]]:
        runs = read_runs(item.run)
        item.run = runs[item.run_id]
        if item.status != WorkItem.Status.OPEN:
            raise step_rules.already_closed(item)
        return item, runs

    def close(item: WorkItem, answer: Answer, by: Actor, moment: datetime) -> None:
        item.status, item.done_at, item.done_by_id = WorkItem.Status.DONE, moment, by.person_id
        item.done_as_id, item.done_title = by.position_id, by.title
        item.decision, item.note = answer.decision, answer.note.strip()
        item.save()

    def seen(item: WorkItem) -> tuple[WorkItem, dict[int, Run]]:
        runs = read_runs(item.run)
        item.run = runs[item.run_id]
        return item, runs

    replace(flow_actions, lock_runs=read_runs)
    replace(run_actions, lock_runs=read_runs)
    # the rooms that own a work lock before the engine does
    replace(places, lock_runs=read_runs)
    replace(measurement, lock_item=seen)
    replace(step_actions, lock_runs=read_runs, _locked=as_seen, _close=close)


def replace(module: Any, **patches: Callable[..., Any]) -> None:
    """Put other functions into a module; one that the module no longer has is an error."""
    for name, patch in patches.items():
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__} has no {name}: the control no longer takes out what it should")
        setattr(module, name, patch)


FAULTS = {"unlocked": take_out_locks}
