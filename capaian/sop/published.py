"""The steps of published versions, kept by each process: they never change once published.

They are kept by the version's random public id, because a row number may be given again after a rollback.
"""

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from capaian.sop.models import ReturnTarget, Step, StepParty, Version, WorkItem

VERSIONS_KEPT = 256  # a regency of 40 agencies has 160; each takes some 60 kB


def with_details(steps: QuerySet[Step]) -> QuerySet[Step]:
    """Return steps in order with all that hangs on them; a constant number of queries."""
    return steps.prefetch_related(
        Prefetch("parties", StepParty.objects.select_related("role")),
        "inputs",
        "outputs",
        "readings",
        Prefetch("return_targets", ReturnTarget.objects.select_related("target")),
        "waits",
    ).order_by("ordinal")


def steps_by_key(version: Version) -> Mapping[int, Step]:
    """Return the steps of a version in order, by row number, with all that hangs on them. Nobody may change them."""
    return _read(version.public_id) if version.state == Version.State.DRAFT else _kept(version.public_id)


def _read(version_key: str) -> Mapping[int, Step]:
    found = {step.pk: step for step in with_details(Step.objects.filter(version__public_id=version_key))}
    for step in found.values():
        step.next_yes = None if step.next_yes_id is None else found[step.next_yes_id]
    return found


def step_of(item: WorkItem) -> Step:
    """Return an item's step with all that hangs on it: of its run's version, else of an older one it was done in."""
    steps = steps_by_key(item.run.version)
    return steps[item.step_id] if item.step_id in steps else steps_by_key(item.step.version)[item.step_id]


_kept = lru_cache(maxsize=VERSIONS_KEPT)(_read)
