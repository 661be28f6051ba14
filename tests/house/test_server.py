"""The real server of the tests: it starts on the test's own rows, and dies at once when killed."""

import pytest
from playwright.sync_api import Page

from capaian.journal.models import Chain
from tests.server import Server, answers

pytestmark = pytest.mark.server


def test_server_starts_and_dies(live: Server) -> None:
    Chain.objects.create(key="uji")
    assert answers(live.base_url)
    live.kill()
    assert not answers(live.base_url)


@pytest.mark.browser
def test_browser_opens_a_page(browser_page: Page) -> None:
    answer = browser_page.goto("/")
    assert answer is not None
    assert answer.status < 500
