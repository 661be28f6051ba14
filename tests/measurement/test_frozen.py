"""Whatever planning does in a year, closed periods keep target, definition and way of measuring."""

import os
from collections import Counter
from random import Random

import pytest

from capaian.planning import revision_rules
from tests.factories import make_agency
from tests.measurement.walk import OFTEN, PLANNING, Walk
from tests.sop.fingerprint import rolled_back

pytestmark = pytest.mark.django_db
WALKS, STEPS = (60, 120) if os.environ.get("CAPAIAN_PROOF") == "1" else (1, 80)


def walked(seed: int) -> Walk:
    """Walk through a year, then undo it."""
    with rolled_back():
        walk = Walk(make_agency("Melati"), Random(seed))
        walk.begin()
        for _ in range(STEPS):
            walk.step()
    return walk


def first_fault(walks: int) -> str:
    """Return what the first walk that changed a closed period says of it."""
    for seed in range(walks):
        try:
            walked(seed)
        except AssertionError as fault:
            return str(fault)
    return ""


def test_no_walk_changes_a_closed_period() -> None:
    walks = [walked(seed) for seed in range(7, 7 + WALKS)]
    done = sum((walk.done for walk in walks), start=Counter[str]())
    print(f"{WALKS * STEPS} actions, {sum(len(walk.known) for walk in walks)} closed periods, done {done.total()}")
    assert all(len(walk.known) >= 4 for walk in walks)
    assert {name for name in OFTEN if done[name] == 0} == set(), done
    assert set(PLANNING) <= set(dir(Walk))


def test_without_its_guard_a_walk_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_rules, "closed", lambda _card, _on: [])
    assert "2026" in first_fault(40)
