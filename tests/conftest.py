"""Fixtures of all rooms, and the rule that a skip is a failure where everything is installed."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import lacking, running_browser, watched_page
from tests.server import Server, serve, url_of_test_database

# set by tools/test.py for the second of its two runs
SECOND_DATABASE = os.environ.get("CAPAIAN_SECOND_DATABASE") == "1"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "module_transaction"}
PROOF = os.environ.get("CAPAIAN_PROOF") == "1"
NO_SKIP = os.environ.get("CAPAIAN_NO_SKIP") == "1"


def hangs_on_the_database(item: pytest.Item) -> bool:
    """Tell whether another database could change what a test finds; `once` goes on both in the proofs alone."""
    fixtures = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("looks") or (item.get_closest_marker("once") and not PROOF):
        return False
    return bool(fixtures or item.get_closest_marker("django_db"))


def pytest_configure() -> None:
    """Hash passwords cheaply: hundreds of people are made."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out browser tests where there is no browser; on a second database those that do not hang on it."""
    if SECOND_DATABASE:
        config.hook.pytest_deselected(items=[item for item in items if not hangs_on_the_database(item)])
        items[:] = [item for item in items if hangs_on_the_database(item)]
    reason = lacking()
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Turn a skip into a failure under CAPAIAN_NO_SKIP=1: a test that did not run proves nothing."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CAPAIAN_NO_SKIP=1 forbids: {report.longrepr}"
    return report  # type: ignore[return-value]


@pytest.fixture(scope="session")
def running(django_db_setup: None) -> Iterator[Callable[[], Server]]:
    """Give a running server: the one of the test before, or a new one where that was stopped."""
    with ExitStack() as stack:
        servers: list[Server] = []

        def give() -> Server:
            if not servers or servers[-1].process.poll() is not None:
                servers.append(stack.enter_context(serve(url_of_test_database())))
            return servers[-1]

        yield give


@pytest.fixture
def live(transactional_db: None, running: Callable[[], Server]) -> Server:
    """A real server on the test's own database; the test's rows are committed, so it sees them."""
    return running()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole session."""
    with running_browser() as running:
        yield running


@pytest.fixture
def browser_page(browser: Browser, live: Server) -> Iterator[Page]:
    """A page at 1440 × 900 on the live server; fails on console errors and on requests to other hosts."""
    with watched_page(browser, live.base_url) as page:
        yield page
