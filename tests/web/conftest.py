"""Offices made once for a module.

A module that asks for them lets each of its tests run inside that transaction: it has a fixture `_django_db_helper`,
the name under which pytest-django begins a test, that asks for `inside_the_module`.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.factories import PASSWORD
from tests.server import Server
from tests.web.offices import Office, make_office, make_offices
from tests.web.walk import Walk


@pytest.fixture(scope="module")
def module_transaction(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction that holds what a module makes once, and is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def offices(module_transaction: None) -> dict[str, Office]:
    """Three offices: our own, one of the same region, one of another region."""
    return make_offices()


@pytest.fixture(scope="module")
def one_office(module_transaction: None) -> Office:
    """A single office."""
    return make_office("Melati")


@pytest.fixture
def inside_the_module(module_transaction: None) -> Iterator[None]:
    """Undo one test alone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def walk(browser: Browser, live: Server) -> Iterator[Walk]:
    """Browsers of several people of the test's own agencies, on one server."""
    found = Walk(browser, live.base_url, PASSWORD)
    yield found
    found.close()


@pytest.fixture
def told(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a figure, whatever pytest captures, and give it to the report of the proofs."""
    subject = request.module.__name__.rpartition("test_")[2]

    def tell(line: str) -> None:
        # what `record_property` does, without its warning that a schema of JUnit does not know these
        request.node.user_properties.append(("counted", f"{subject}: {line}"))
        with capsys.disabled():
            print(f"\n{subject}: {line}")

    return tell
