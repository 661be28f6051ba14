"""Fixtures of all rooms, and the rule that a skip is a failure where everything is installed."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import lacking, running_browser, watched_page
from tests.server import Server, serve, url_of_test_database

NO_SKIP = os.environ.get("CAPAIAN_NO_SKIP") == "1"


def pytest_configure() -> None:
    """Hash passwords cheaply: hundreds of people are made."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out browser tests where there is no browser."""
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


@pytest.fixture
def live(transactional_db: None) -> Iterator[Server]:
    """A real server on the test's own database; the test's rows are committed, so it sees them."""
    with serve(url_of_test_database()) as server:
        yield server


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
