"""Every page, as those who work with it: nothing for axe-core to find, no sideways scroll, usable without scripts."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from capaian.sop.models import WorkItem
from capaian.web.access import ACCESS
from tests.browser import DESKTOP, PHONE, watched_page
from tests.factories import PASSWORD
from tests.server import Server
from tests.web import axe
from tests.web.axe import too_wide
from tests.web.looks import PAGES, here
from tests.web.matrix import lets
from tests.web.offices import Office, make_office

pytestmark = [
    pytest.mark.looks,
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]
EVERY_ROLE = os.environ.get("CAPAIAN_PROOF") == "1"
ROLES = ("agency_admin", "team", "head", "secretary", "submitter")
#: pages that show each role something else
PERSONAL = frozenset({"inbox", "board", "run", "step"})
SIZES = (DESKTOP, PHONE)


@contextmanager
def browsing(browser: Browser, live: Server, office: Office, role: str) -> Iterator[Page]:
    """Open a browser as somebody logged in; the policy lets axe-core in."""
    with watched_page(browser, live.base_url, bypass_csp=True) as page:
        if role:
            session = office.client(role).cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live.base_url}])
        yield page


def findings(page: Page) -> list[str]:
    """Return what axe-core and the width of the page find."""
    wider = too_wide(page)
    return axe.findings(page) + [f"{wider} px too wide"] * (wider > 0)


def look(page: Page, path: str) -> list[str]:
    """Open a page and look at it at both sizes."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        found += [f"{path} at {size['width']}: {finding}" for finding in findings(page)]
    return found


def is_page(answer: Any) -> bool:
    """Tell whether an address is a page, not a file and not a way to one."""
    answer.close()  # a file that is sent stays open until then
    return bool(answer.status_code == 200 and answer["Content-Type"].startswith("text/html"))


def pages_of(office: Office, role: str) -> dict[str, str]:
    """Return the pages that a role looks at, by name: its own, and for the first role that may all others."""
    paths = {}
    for name in PAGES:
        first = next((known for known in ROLES if lets(ACCESS[name], known)), "")
        if lets(ACCESS[name], role) and (EVERY_ROLE or name in PERSONAL or role == first):
            paths[name] = here(office, name)
    paths = {name: path for name, path in paths.items() if is_page(office.client(role).get(path))}
    key = {"head": "order", "secretary": "decision", "team": "archived"}.get(role)
    return paths | ({"step at work": reverse("step", kwargs={"key": office.keys[key]})} if key else {})


def test_no_page_has_anything_for_axe_to_find(browser: Browser, live: Server, told: Callable[[str], None]) -> None:
    office = make_office("Melati")
    found, looked = [], 0
    for role in ROLES:
        with browsing(browser, live, office, role) as page:
            for path in pages_of(office, role).values():
                found += [f"{role}: {finding}" for finding in look(page, path)]
                looked += 1
    with browsing(browser, live, office, "") as page:
        for path in ("/masuk/", "/akun/kode/"):
            found += look(page, path)
            looked += 1
        page.evaluate("document.documentElement.removeAttribute('lang')")
        page.evaluate("document.querySelector('h1').style.width = '4000px'")
        control = findings(page)
    assert looked > len(PAGES) - 12, "files and log-in apart, every page is looked at"
    told(f"{looked} pages at {len(SIZES)} sizes, {len(found)} findings")
    assert found == [], "\n".join(found)
    assert [line.split(":")[0] for line in control if "too wide" not in line] == ["html-has-lang"]
    assert any("too wide" in line for line in control)


def test_a_step_is_completed_without_scripts_on_a_phone(browser: Browser, live: Server) -> None:
    office = make_office("Melati")
    item = office.item()
    with watched_page(browser, live.base_url, java_script_enabled=False, viewport=PHONE) as page:
        page.goto("/")
        page.fill("input[name=login]", office.person("submitter").username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.locator(f"a[href='{reverse('step', kwargs={'key': item.public_id})}']").first.click()
        page.fill("textarea[name=note]", "Diisi tanpa skrip")
        page.get_by_role("button", name="Selesaikan langkah").click()
        expect(page.locator(".notice-success").first).to_contain_text("selesai")
        expect(page.locator("main")).to_contain_text("Diisi tanpa skrip")
    item.refresh_from_db()
    assert item.status == WorkItem.Status.DONE
