"""Nothing typed is lost: a session that ended, a wrong password in between, a form refused or sent twice."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.factories import World, make_agency
from tests.web.people_in import WRONG, log_in, text_of


@pytest.fixture
def alfa(db: None) -> World:
    """An agency; failed attempts start at none."""
    cache.clear()
    return make_agency("Alfa")


def ended(client: Client, page: str, typed: dict[str, Any]) -> Any:
    """Send a form after the session has ended."""
    client.logout()
    answer = client.post(page, typed)
    assert answer.status_code == 401
    return answer


def hidden(response: HttpResponseBase, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())  # type: ignore[attr-defined]
    assert found, name
    return found[1]


def token_on(client: Client, page: str) -> str:
    return hidden(client.get(page), "form_token")


def test_text_typed_before_the_session_ended_comes_back(alfa: World, client: Client) -> None:
    page = reverse("unit_new")
    client.force_login(alfa.people["admin"])
    typed = {"name": "Bidang “Baru” <b>", "kind": "other", "form_token": token_on(client, page), "password": "rahasia"}
    answer = ended(client, page, typed)
    assert "Sesi Anda sudah berakhir" in text_of(answer)
    assert "rahasia" not in answer.content.decode()
    back = log_in(client, "admin.alfa", next=hidden(answer, "next"), typed=hidden(answer, "typed"))
    assert back["Location"] == page
    shown = client.get(page)
    assert shown.context["form"]["name"].value() == typed["name"]
    assert shown.context["form"]["kind"].value() == "other"
    assert "sudah diisikan kembali" in text_of(shown)
    assert client.get(page).context["form"]["name"].value() is None  # given back once


def test_a_wrong_password_in_between_loses_nothing(alfa: World, client: Client) -> None:
    page = reverse("unit_new")
    answer = ended(client, page, {"name": "Bidang Baru"})
    again = log_in(client, "admin.alfa", WRONG, next=page, typed=hidden(answer, "typed"))
    log_in(client, "admin.alfa", next=hidden(again, "next"), typed=hidden(again, "typed"))
    assert client.get(page).context["form"]["name"].value() == "Bidang Baru"


def test_typed_text_goes_to_nobody_else(alfa: World, client: Client) -> None:
    page = reverse("unit_new")
    alfa.appoint("kedua", alfa.positions["admin"])
    client.force_login(alfa.people["admin"])
    typed = {"name": "Bidang Baru", "form_token": token_on(client, page)}
    answer = ended(client, page, typed)
    log_in(client, "kedua.alfa", next=page, typed=hidden(answer, "typed"))
    assert client.get(page).context["form"]["name"].value() is None


def test_typed_text_is_believed_only_when_we_sealed_it_and_not_for_ever(alfa: World) -> None:
    page = reverse("unit_new")
    start = datetime(2026, 6, 1, 1, tzinfo=UTC)
    for value, later, expected in (("", 0, "Baru"), ("x", 0, None), ("", 13, None)):
        client = Client()
        with time_machine.travel(start, tick=False):
            answer = ended(client, page, {"name": "Baru"})
        with time_machine.travel(start + timedelta(hours=later), tick=False):
            log_in(client, "admin.alfa", next=page, typed=hidden(answer, "typed") + value)
            assert client.get(page).context["form"]["name"].value() == expected


def test_a_form_sent_where_no_page_is_shown_comes_back_to_the_page_it_came_from(alfa: World, client: Client) -> None:
    came_from = "http://testserver" + reverse("unit_new")
    answer = client.post("/langkah/abc/selesai/", {"note": "catatan"}, headers={"referer": came_from})
    assert answer.status_code == 401
    assert hidden(answer, "next") == reverse("unit_new")
    elsewhere = client.post("/langkah/abc/selesai/", {"note": "x"}, headers={"referer": "https://example.org/unit/"})
    assert hidden(elsewhere, "next") == "/"


def test_a_form_refused_by_csrf_gives_the_text_back(alfa: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alfa.people["admin"])
    answer = client.post(reverse("unit_new"), {"name": "Bidang <Baru>", "password": "rahasia"})
    assert answer.status_code == 403
    body = answer.content.decode()
    assert "Bidang &lt;Baru&gt;" in body
    assert "rahasia" not in body
    assert not alfa.agency.units.filter(name__startswith="Bidang").exists()


def test_somebody_elses_form_takes_no_effect(alfa: World, client: Client) -> None:
    page = reverse("unit_new")
    alfa.appoint("kedua", alfa.positions["admin"])
    client.force_login(alfa.people["kedua"])
    foreign = token_on(client, page)
    client.force_login(alfa.people["admin"])
    typed = {"name": "Bidang Baru", "kind": "other", "valid_from": "2026-06-01"}
    for token in (foreign, foreign[:-1], "x"):
        answer = client.post(page, typed | {"form_token": token})
        assert answer.status_code == 403
        assert "Bidang Baru" in answer.content.decode()  # what was typed is shown
    assert not alfa.agency.units.filter(name="Bidang Baru").exists()
    assert client.post(page, typed | {"form_token": token_on(client, page)}).status_code == 302


def test_a_form_sent_twice_takes_effect_once(alfa: World, client: Client) -> None:
    page = reverse("position_new")
    client.force_login(alfa.people["admin"])
    typed = {"title": "Pranata Humas", "roles": ["staff"], "form_token": token_on(client, page)}
    first, second = client.post(page, typed), client.post(page, typed | {"title": "Pranata Humas Lain"})
    assert first["Location"] == second["Location"] == reverse("positions")
    assert alfa.agency.positions.filter(title__startswith="Pranata").count() == 1
    # negative control: a new form does take effect
    client.post(page, typed | {"title": "Pranata Humas Lain", "form_token": token_on(client, page)})
    assert alfa.agency.positions.filter(title__startswith="Pranata").count() == 2
