"""The parts in a real browser: no finding of axe-core, nothing that a strict policy refuses, comforts that work."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from capaian.journal.reason import Reason
from capaian.reporting.chart import draw_chart
from tests.browser import DESKTOP, PHONE, watched_page
from tests.server import Server
from tests.web.axe import findings
from tests.web.test_parts import NOON, STEPS, Answer, Somebody

pytestmark = [pytest.mark.looks, pytest.mark.browser]

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"
GALLERY = """{% extends "base.html" %}{% block heading %}Contoh{% endblock %}{% block content %}
{% include "parts/reasons.html" %}{% include "parts/notice.html" with tone=tone text="Pemberitahuan" %}
<section class="card"><div class="card-header"><h2>Daftar</h2></div><table class="table table-cards">
<thead><tr><th scope="col">Pekerjaan</th><th scope="col">Batas</th></tr></thead>
<tbody><tr><td data-l="Pekerjaan">Rekap</td>
<td data-l="Batas">{% include "parts/deadline.html" with due_at=now text="terlambat 1 jam" late=True only %}</td>
</tr></tbody></table></section>
{% for tone in tones %}{% include "parts/badge.html" with text=tone only %} {% endfor %}
<section class="card card-body">{% include "parts/form.html" with keep="A07" form_token="t" %}</section>
{% include "parts/chart_live.html" %}{% endblock %}"""


class Note(forms.Form):
    """One text."""

    note = forms.CharField(label="Catatan", widget=forms.Textarea)


def gallery(form: forms.Form, **context: object) -> str:
    """Render the frame with nearly every part in it."""
    request = RequestFactory().get("/")
    request.reach = Somebody(frozenset({"agency_admin"}))  # type: ignore[attr-defined]
    request.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    shown = {
        "form": form,
        "chart": draw_chart(["Kepala", "Bidang"], STEPS),
        "reasons": [Reason("x", "Catatan kosong.", "Tulis alasannya.")],
        "tone": "info",
        "tones": ["neutral", "info", "success", "warning", "danger", "reading"],
        "now": NOON,
    }
    return str(engines["django"].from_string(GALLERY).render(shown | context, request))


@contextmanager
def shown(browser: Browser, live: Server, html: str, script: str = "", **options: object) -> Iterator[Page]:
    """Open HTML at /contoh/ of the live server, under the strict policy; `script` stands for app.js when given."""
    with watched_page(browser, live.base_url, **options) as page:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}

        def answer(route: Route) -> None:
            route.fulfill(body=html, headers=headers)

        page.route("**/contoh/", answer)
        if script:
            page.route("**/app*.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
        page.goto("/contoh/")
        yield page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_nothing_for_axe_to_find_and_no_sideways_scroll(browser: Browser, live: Server, size: dict[str, int]) -> None:
    with shown(browser, live, gallery(Answer({})), viewport=size, bypass_csp=True) as page:
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        page.evaluate("document.querySelector('h1').remove()")
        assert [found.split(":")[0] for found in findings(page)] == ["page-has-heading-one"]


def test_the_look_needs_nothing_that_a_strict_policy_refuses(browser: Browser, live: Server) -> None:
    with shown(browser, live, gallery(Answer())) as page:
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Plus Jakarta Sans Variable"')
        assert page.evaluate("document.fonts.check('16px \"Plus Jakarta Sans Variable\"')")
        assert page.evaluate("getComputedStyle(document.querySelector('.rail')).position") == "fixed"
        expect(page.locator(".sop-wide")).to_be_visible()
        expect(page.locator(".sop-narrow")).to_be_hidden()


def test_without_scripts_the_phone_menu_opens_and_the_table_can_be_asked_for(browser: Browser, live: Server) -> None:
    with shown(browser, live, gallery(Answer()), viewport=PHONE, java_script_enabled=False) as page:
        page.locator(".rail-narrow summary").click()
        expect(page.locator(".rail-sheet").get_by_role("link", name="Papan periode")).to_be_visible()
        page.locator(".rail-narrow summary").click()
        expect(page.locator(".sop-wide")).to_be_hidden()
        page.get_by_role("link", name="Lihat bagan lengkap").click()
        expect(page.locator(".sop-wide")).to_be_visible()


@pytest.mark.parametrize(("script", "requests"), [("", 1), ("/* without it */", 2)], ids=["guarded", "control"])
def test_a_second_click_sends_nothing(browser: Browser, live: Server, script: str, requests: int) -> None:
    sent = []

    def take(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    with shown(browser, live, gallery(Note(), reasons=[]), script=script) as page:
        page.route("**/sent/", take)
        page.locator("main textarea").fill("Sudah")
        page.evaluate("document.querySelector('main form').action = '/sent/'")
        button = page.locator("main form button[type=submit]").last
        for _ in range(2):
            button.evaluate("button => button.click()")
            page.wait_for_timeout(200)
        assert sent == ["POST"] * requests
        assert button.is_disabled() == (requests == 1)


def test_typed_text_survives_a_broken_line_and_goes_after_success(browser: Browser, live: Server) -> None:
    broken, after = gallery(Note(), reasons=[]), gallery(Note(), reasons=[], tone="success")

    with shown(browser, live, broken) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("main textarea").fill("Bidang Statistik belum lengkap")
        page.reload()
        expect(page.locator("main textarea")).to_have_value("Bidang Statistik belum lengkap")
        expect(page.locator(".kept-note")).to_contain_text("dipulihkan")
        page.unroute("**/contoh/")
        page.route("**/contoh/", lambda route: route.fulfill(body=after, content_type="text/html; charset=utf-8"))
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state()
        expect(page.locator("main textarea")).to_have_value("")
        page.reload()
        expect(page.locator(".kept-note")).to_have_count(0)


def test_leaving_with_unsent_text_asks_first(browser: Browser, live: Server) -> None:
    asked = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    with shown(browser, live, gallery(Note(), reasons=[])) as page:
        page.on("dialog", agree)
        page.locator("main textarea").press_sequentially("Belum")
        page.goto("/masuk/")
        assert asked == ["beforeunload"]
