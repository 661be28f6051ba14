"""Two people in one form: what one has saved is never overwritten by what the other opened before."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capaian.collection import actions
from capaian.collection.models import Actual, UnitForm
from capaian.journal.reason import Conflict
from capaian.sop.actions import return_work
from capaian.sop.answer import Answer
from tests.collection.conftest import collect, report, save, sheet, submit, told
from tests.collection.test_recapitulation import content
from tests.planning.cards import make_card
from tests.sop.driver import Engine

LINES = 3
Move = tuple[int, tuple[int, int] | None]  # who; which line and value, None opens the form anew
MOVE = st.tuples(st.integers(0, 1), st.none() | st.tuples(st.integers(0, LINES - 1), st.integers(0, 3)))


def interleave(office: Engine, moves: Sequence[Move]) -> int:
    """Let two people open (None) or save (line, value); return how many savings were refused as stale."""
    for place in range(LINES):
        make_card(office.world, f"Kartu {place}", units=("ikp",))
    run = collect(office)
    lines = sheet(office, run, "ikp").lines
    opened, edition, stands, refused = [0, 0], 0, dict.fromkeys(range(LINES)), 0
    for who, said in moves:
        if said is None:
            opened[who] = edition
            continue
        place, value = said
        is_new = stands[place] != value
        entry = told(lines[place], Decimal(value))
        if is_new and opened[who] != edition:
            with pytest.raises(Conflict, match="sudah disimpan"):
                save(office, run, "ikp", entry, edition=opened[who])
            refused += 1
        else:
            opened[who] = save(office, run, "ikp", entry, edition=opened[who])
            edition, stands[place] = edition + is_new, value
        found = {line.card.pk: line.actual and line.actual.value for line in sheet(office, run, "ikp").lines}
        assert list(found.values()) == list(stands.values())
    return refused


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MOVE, min_size=8, max_size=12))
def test_nothing_saved_is_overwritten_by_an_older_form(
    office: Engine, moves: list[tuple[int, tuple[int, int]]]
) -> None:
    with transaction.atomic():
        interleave(office, moves)
        transaction.set_rollback(True)


def test_overwriting_would_be_noticed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = actions.save_form

    def newest(**given: Any) -> int:
        return honest(**given | {"edition": UnitForm.objects.get(unit=given["item"].unit).edition})

    monkeypatch.setattr(actions, "save_form", newest)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        interleave(office, [(0, (0, 1)), (1, (0, 2)), (0, (0, 3))])


def test_a_returned_form_changes_only_its_own_figures(office: Engine) -> None:
    for place in range(LINES):
        make_card(office.world, f"Kartu {place}", units=("secretariat", "ikp", "aptika"))
    run = collect(office)
    for value, unit in enumerate(("secretariat", "ikp", "aptika"), start=1):
        report(office, run, unit, Decimal(value))
    before, rows = content(office, run), list(Actual.objects.order_by("pk").values())
    answer = Answer(note="Periksa", target="A07", unit_ids=(office.world.units["ikp"].pk,))
    step = run.version.steps.get(key="A08")
    return_work(run=run, step=step, answer=answer, by=office.actor("team"), reach=office.reach("team"))
    changed = sheet(office, run, "ikp").lines[1]
    save(office, run, "ikp", told(changed, Decimal(9)))
    submit(office, run, "ikp")
    after = content(office, run)
    differing = [
        (row["name"], unit["unit"])
        for row, old in zip(after["rows"], before["rows"], strict=True)
        for unit, was in zip(row["periods"][0]["units"], old["periods"][0]["units"], strict=True)
        if unit != was
    ]
    assert differing == [("Kartu 1 MELATI", "Ikp Melati")]
    now = list(Actual.objects.order_by("pk").values())
    assert [new["id"] for new, old in zip(now, rows, strict=True) if new != old] == [changed.actual.pk]  # type: ignore[union-attr]
