"""Prepared questions: the rows of their query set, built once, never a lock that is let go at once."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from capaian.agencies.models import Person
from capaian.journal.actions import CHAIN_LOCKED
from capaian.journal.models import Chain
from capaian.journal.prepared import Prepared, PreparedMany, lay_rows
from capaian.sop.flow_actions import ITEM, RUNS_LOCKED, VISITS
from capaian.sop.models import Run, WorkItem
from tests.sop.driver import Engine, make_engine


@pytest.fixture
def office(db: None) -> Engine:
    return make_engine()


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_the_rows_are_those_of_the_query_set(office: Engine) -> None:
    first, second = office.open("2026-Q1", "A", "B")
    office.advance(first, until="A08")
    with transaction.atomic():
        asked = RUNS_LOCKED.ask(first.agency_id, first.period)
    assert [columns(row) for row in asked] == [columns(row) for row in Run.objects.order_by("pk")]
    assert {row.pk for row in asked} == {first.pk, second.pk}
    for item in WorkItem.objects.all():
        (again,) = ITEM.ask(item.pk)
        assert columns(again) == columns(item)
        assert not again._state.adding
    names = ("step_id", "unit_id", "visit", "assignee_id", "status")
    assert VISITS.ask(first.pk) == list(WorkItem.objects.filter(run=first).order_by("visit").values_list(*names))
    with transaction.atomic():
        (head,) = CHAIN_LOCKED.ask(office.world.agency.public_id)
    assert columns(head) == columns(Chain.objects.get(key=office.world.agency.public_id))
    assert ITEM.ask(0) == []


@pytest.mark.django_db(transaction=True)
def test_it_is_built_once_for_each_connection() -> None:
    built = []

    def build(pk: int) -> QuerySet[Chain]:
        built.append(pk)
        return Chain.objects.filter(pk=pk)

    question = Prepared(build, -1)
    Chain.objects.create(key="uji")
    for _ in range(3):
        assert [row.key for row in question.ask(Chain.objects.get().pk)] == ["uji"]
    assert built == [-1]
    connection.close()
    assert question.ask(0) == []
    assert built == [-1, -1]


@pytest.mark.django_db(transaction=True)
def test_a_lock_without_a_transaction_is_refused() -> None:
    with transaction.atomic():
        assert CHAIN_LOCKED.ask("tidak ada") == []
    with pytest.raises(TransactionManagementError):
        CHAIN_LOCKED.ask("tidak ada")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("build", "marks"),
    [
        (lambda pk: Person.objects.filter(pk=pk).select_related("agency"), (-1,)),
        (lambda pk: Person.objects.filter(pk=5), (-1,)),
        (lambda pk: Person.objects.filter(pk=pk, agency_id=pk), (-1,)),
    ],
)
def test_what_would_answer_something_else_is_refused(build: Any, marks: tuple[int]) -> None:
    with pytest.raises(ValueError, match=r"one table|one place"):
        Prepared(build, *marks).ask(1)


@pytest.mark.parametrize("count", [1, 8, 9, 33])
def test_a_list_of_any_length_is_one_question(
    db: None, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = Chain.objects.bulk_create([Chain(key=f"uji {number}") for number in range(40)])
    question = PreparedMany(lambda numbers: Chain.objects.filter(pk__in=numbers).order_by("pk"))
    wanted = [row.pk for row in rows[:count]]
    for _ in range(2):
        with django_assert_num_queries(1):
            assert [row.key for row in question.ask(wanted)] == [f"uji {number}" for number in range(count)]
    with django_assert_num_queries(0):
        assert question.ask([]) == []


def test_rows_that_were_laid_are_not_asked_for(
    office: Engine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (run,) = office.open("2026-Q1", "A")
    with django_assert_num_queries(1):
        assert list(run.run_units.all()), "without them the rows are read"
    with django_assert_num_queries(0):
        lay_rows(run, "run_units", [])
        assert list(run.run_units.all()) == []
        assert not run.run_units.all()
