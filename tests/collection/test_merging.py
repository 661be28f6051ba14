"""Two people in one form: what each changed is put together by field, and only what both changed is asked about."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capaian.collection import actions, merging
from capaian.collection.entries import ActualEntry, FormEntry
from capaian.collection.form_actions import Saved
from capaian.collection.merging import entry_of, merge
from capaian.collection.sheets import Line
from capaian.journal.reason import Conflict
from capaian.planning.models import Card
from capaian.sop import step_rules
from capaian.sop.models import Run
from tests.collection.conftest import collect, filling, save, sheet, told
from tests.planning.cards import make_card
from tests.sop.driver import Engine

NAMES = (*merging.FIELDS, "data:1", "data:2")
CONTENT: Mapping[str, st.SearchStrategy[Any]] = {
    "value": st.sampled_from([None, Decimal(0), Decimal(1), Decimal("1.50"), Decimal("1.5")]),
    "letter": st.sampled_from(["", "A"]),
    "is_provisional": st.booleans(),
    "data": st.fixed_dictionaries(dict.fromkeys((1, 2), st.sampled_from([None, Decimal(0), Decimal(2)]))),
} | dict.fromkeys(("cause", "obstacle", "follow_up"), st.sampled_from(["", "a", "b\r\nc", "b\nc"]))
ENTRY = st.builds(ActualEntry, card_id=st.just(1), period=st.just("2026-Q1"), **CONTENT)


def content(entry: ActualEntry, name: str) -> object:
    """Return a field as it counts: line ends of a browser are line ends."""
    found = entry.data[int(name[5:])] if name.startswith("data:") else getattr(entry, name)
    return found.replace("\r\n", "\n") if isinstance(found, str) else found


@given(ENTRY, ENTRY, ENTRY)
def test_each_field_is_decided_alone(base: ActualEntry, stands: ActualEntry, said: ActualEntry) -> None:
    merged = merge(base, stands, said)
    clashes = {clash.field: clash for clash in merged.clashes}
    for name in NAMES:
        was, now, new = (content(entry, name) for entry in (base, stands, said))
        kept = content(merged.entry, name)
        if new in {was, now}:
            assert kept == now
            assert name not in clashes
        elif now == was:
            assert kept == new
            assert name not in clashes
        else:
            assert kept == now
            assert content(said, name) == content_of(clashes[name].given)


def content_of(found: object) -> object:
    """Return a clash's content as it counts."""
    return found.replace("\r\n", "\n") if isinstance(found, str) else found


def merged_by(office: Engine, run: Run, opened: "Form", **fields: object) -> Saved:
    """Let somebody who opened a form some time ago save fields of its first line."""
    line, edition = opened
    base = entry_of(line)
    said = ActualEntry(**{**vars(base), **fields})
    person, item = office.reach("ikp"), filling(run, office, "ikp")
    entry = FormEntry([said], base={(line.card.pk, line.period.code): base})
    by = step_rules.actor_for(person, item)
    return actions.merge_form(item=item, entry=entry, edition=edition, by=by, reach=person)


Form = tuple[Line, int]


def opened(office: Engine, run: Run) -> Form:
    """Open the unit's form: its first line, its edition."""
    found = sheet(office, run, "ikp")
    return found.lines[0], found.edition


def test_different_fields_are_both_kept(office: Engine, card: Card) -> None:
    run = collect(office)
    first = second = opened(office, run)
    assert merged_by(office, run, first, value=Decimal(7)) == Saved(1)
    saved = merged_by(office, run, second, obstacle="Hujan")
    assert (saved.edition, saved.others_saved, saved.clashes) == (2, True, ())
    stands = opened(office, run)[0].actual
    assert stands is not None
    assert (stands.value, stands.obstacle) == (7, "Hujan")


def test_the_same_field_is_asked_about_and_the_rest_is_kept(office: Engine, card: Card) -> None:
    run = collect(office)
    first = second = opened(office, run)
    merged_by(office, run, first, value=Decimal(7))
    saved = merged_by(office, run, second, value=Decimal(8), cause="Ramai")
    assert [(clash.field, clash.stands, clash.given) for clash in saved.clashes] == [("value", 7, 8)]
    stands = opened(office, run)[0].actual
    assert stands is not None
    assert (stands.value, stands.cause) == (7, "Ramai")
    again = merged_by(office, run, opened(office, run), value=Decimal(8))
    assert not again.clashes
    assert opened(office, run)[0].shown == "8"


def test_raw_data_are_merged_one_by_one(office: Engine) -> None:
    make_card(office.world, "Rasio", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    run = collect(office)
    first = second = opened(office, run)
    above, below = (datum.pk for datum in first[0].card.data.all())
    merged_by(office, run, first, data={above: Decimal(1), below: None})
    merged_by(office, run, second, data={above: None, below: Decimal(4)})
    stands = opened(office, run)[0].actual
    assert stands is not None
    assert stands.value == 25


def test_a_line_without_its_base_counts_only_while_nobody_saved(office: Engine, card: Card) -> None:
    run = collect(office)
    line, edition = opened(office, run)
    save(office, run, "ikp", told(line, Decimal(1)))
    person, item = office.reach("ikp"), filling(run, office, "ikp")
    entry = FormEntry([told(line, Decimal(2))])
    act = partial(actions.merge_form, item=item, entry=entry, by=person.actor(), reach=person)
    with pytest.raises(Conflict, match="sudah disimpan"):
        act(edition=edition)
    assert act(edition=1).edition == 2


MOVES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["open", "value", "cause"]), st.integers(1, 3)), max_size=9
)


def play(office: Engine, run: Run, moves: list[tuple[int, str, int]]) -> int:
    """Let two people open and save in turn; return how often a saving replaced what its person had not seen."""
    forms, lost = [opened(office, run)] * 2, 0
    for who, what, number in moves:
        if what == "open":
            forms[who] = opened(office, run)
            continue
        new: object = Decimal(number) if what == "value" else f"Sebab {number}"
        empty = None if what == "value" else ""
        seen, stood = (getattr(form[0].actual, what, empty) for form in (forms[who], opened(office, run)))
        saved = merged_by(office, run, forms[who], **{what: new})
        stands = getattr(opened(office, run)[0].actual, what, empty)
        lost += stands not in {stood, new} or (stood not in (stands, seen))
        assert bool(saved.clashes) == (seen != stood and new not in {seen, stood})
        if not saved.clashes:
            forms[who] = opened(office, run)
    return lost


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_nothing_is_replaced_unseen(office: Engine, moves: list[tuple[int, str, int]]) -> None:
    with transaction.atomic():
        make_card(office.world, "Layanan", units=("ikp",))
        assert play(office, collect(office), moves) == 0
        transaction.set_rollback(True)


def test_control_without_the_merge_something_is_replaced(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capaian.collection.form_actions._merged", lambda _sheet, entry: (entry, []))
    make_card(office.world, "Layanan", units=("ikp",))
    run = collect(office)
    first = second = opened(office, run)
    merged_by(office, run, first, value=Decimal(7))
    merged_by(office, run, second, value=Decimal(8))
    stands = opened(office, run)[0].actual
    assert getattr(stands, "value", None) == 8, "the first one's figure is lost"
