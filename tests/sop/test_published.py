"""What completing a step asks of the database, and what a process may remember of a published version."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Definition, Run, Step, StepParty, Version, WorkItem
from capaian.sop.published import steps_by_key
from capaian.sop.queries import items
from tests.sop.driver import Engine, make_engine, open_items

#: A usual completion: one input, one paper, one step opened.
STATEMENTS = 24


def statements(office: Engine, item: WorkItem) -> list[str]:
    """Complete an item as its page does; return what was asked of the database, savepoints apart."""
    person = office.reach(next(who for who in office.world.people if step_rules.may_complete(item, office.reach(who))))
    shown = items(person).get(pk=item.pk)
    by = step_rules.actor_for(person, shown, token=item.public_id)
    with CaptureQueriesContext(connection) as asked:
        actions.complete_step(item=shown, answer=Answer(note="Sudah."), by=by, reach=person)
    return [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]


def advanced(office: Engine, until: str) -> Run:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until=until)
    return run


def test_completing_a_step_asks_little(office: Engine) -> None:
    run = advanced(office, "A02")
    assert len(statements(office, open_items(run)[0])) <= STATEMENTS


def test_opening_more_units_asks_nothing_more(db: None) -> None:
    few, many = make_engine("Melati", units=2), make_engine("Kenanga", units=5)
    counts = {len(statements(office, open_items(advanced(office, "A06"))[0])) for office in (few, many)}
    assert len(counts) == 1


def test_asking_once_a_unit_is_counted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_by_one(rows: list[WorkItem]) -> list[WorkItem]:
        for row in rows:
            row.save(force_insert=True)
        return rows

    monkeypatch.setattr(WorkItem.objects, "bulk_create", one_by_one)
    with pytest.raises(AssertionError):
        test_opening_more_units_asks_nothing_more(db)


def test_the_lock_joins_nothing(office: Engine) -> None:
    run = advanced(office, "A02")
    locks = [sql for sql in statements(office, open_items(run)[0]) if sql.startswith('SELECT "sop_run"')]
    assert locks
    assert not any("JOIN" in sql for sql in locks)


def test_a_version_is_read_once(office: Engine) -> None:
    version = Version.objects.get(definition=office.definitions["A"])
    steps_by_key(version)
    with CaptureQueriesContext(connection) as asked:
        found = list(steps_by_key(version).values())
        parties = [(step.key, party.role.key) for step in found for party in step.parties.all()]
        targets = [row.target.key for step in found for row in step.return_targets.all()]
    assert not asked.captured_queries
    assert [step.key for step in found] == [f"A{number:02}" for number in range(1, 13)]
    assert len(parties) == StepParty.objects.filter(step__version=version).count()
    assert "A08" in targets
    assert [step.next_yes.key for step in found if step.next_yes] == [step.key for step in found[1:]]


def test_a_row_number_given_again_is_another_version(office: Engine) -> None:
    definition = office.definitions["A"]
    old = Version.objects.get(definition=definition)
    with transaction.atomic():
        first = _another(definition, old.number + 1, "Yang dibatalkan")
        assert [step.text for step in steps_by_key(first).values()] == ["Yang dibatalkan"]
        number = first.pk
        transaction.set_rollback(rollback=True)
    second = _another(definition, old.number + 1, "Yang berlaku", pk=number)
    assert second.pk == number
    assert [step.text for step in steps_by_key(second).values()] == ["Yang berlaku"]


def test_a_draft_is_read_every_time(office: Engine) -> None:
    draft = _another(office.definitions["A"], 9, "Semula", state=Version.State.DRAFT)
    assert [step.text for step in steps_by_key(draft).values()] == ["Semula"]
    Step.objects.filter(version=draft).update(text="Kemudian")
    assert [step.text for step in steps_by_key(draft).values()] == ["Kemudian"]


def _another(definition: Definition, number: int, text: str, **fields: object) -> Version:
    version = Version.objects.create(
        definition=definition, number=number, **({"state": Version.State.RETIRED} | fields)
    )
    Step.objects.create(version=version, key="X01", ordinal=1, text=text)
    return version
