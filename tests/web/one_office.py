"""For modules whose tests share one office: each test runs inside the module's transaction."""

import pytest

from tests.web.offices import Office


@pytest.fixture
def _django_db_helper(one_office: object, inside_the_module: None) -> None:
    """Stand in for pytest-django's own: each test runs inside the module's transaction."""


@pytest.fixture
def office(one_office: Office) -> Office:
    """Return the office with nothing read yet."""
    one_office.engine.forget()
    return one_office
