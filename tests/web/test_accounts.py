"""Log-in, throttling, one-time codes, sessions."""

import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from capaian.agencies import actions
from capaian.agencies.entries import PersonEntry
from capaian.agencies.models import Person
from capaian.journal.models import Entry
from capaian.sample.people import SAMPLE_PASSWORD, load_people
from tests.factories import PASSWORD, World, make_agency
from tests.server import Server
from tests.web.people_in import WRONG, is_in, log_in, text_of

NEW = "sungai batang hari"


@pytest.fixture
def alfa(db: None) -> World:
    """An agency; failed attempts start at none."""
    cache.clear()
    return make_agency("Alfa")


@pytest.mark.parametrize(
    "login", ["ikp.alfa", "IKP.Alfa", "  ikp.alfa ", "198501012010011001", "19850101 201001 1 001"]
)
def test_user_name_and_nip_open_the_same_account(alfa: World, client: Client, login: str) -> None:
    Person.objects.filter(pk=alfa.people["ikp"].pk).update(nip="198501012010011001")
    response = log_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(alfa.people["ikp"].pk)


def test_unknown_people_inactive_people_and_wrong_passwords_are_answered_alike(alfa: World, client: Client) -> None:
    actions.deactivate_person(person=alfa.people["staff"], by=alfa.admin)
    answers = {
        text_of(log_in(client, login, password))
        for login, password in (("ikp.alfa", WRONG), ("tidak.ada", PASSWORD), ("staff.alfa", PASSWORD))
    }
    assert len(answers) == 1
    assert "tidak cocok" in answers.pop()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("next_url", "goes_to"),
    [
        ("/pegawai/?cari=a", "/pegawai/?cari=a"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver/pegawai/", "/"),
    ],
)
def test_after_log_in_only_local_addresses_are_followed(
    alfa: World, client: Client, next_url: str, goes_to: str
) -> None:
    assert log_in(client, "admin.alfa", next=next_url)["Location"] == goes_to


def test_attempts_are_counted_per_person_whether_by_name_or_nip(alfa: World, client: Client) -> None:
    nip = "198501012010011001"
    Person.objects.filter(pk=alfa.people["ikp"].pk).update(nip=nip)
    for attempt in range(8):
        answer = log_in(client, (nip, "ikp.alfa", "IKP.alfa")[attempt % 3], WRONG)
        assert "tidak cocok" in text_of(answer)
    answer = log_in(client, "ikp.alfa")  # the right password, too late
    assert "Terlalu banyak percobaan" in text_of(answer)
    assert not is_in(client)
    assert log_in(client, "head.alfa").status_code == 302  # colleagues behind the same address are not locked out


def test_without_the_limit_the_ninth_attempt_would_get_in(alfa: World, client: Client) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "ACCOUNT_RATE_LIMITS", {"login_failed": None, "login": None})
        for _ in range(8):
            log_in(client, "ikp.alfa", WRONG)
        assert log_in(client, "ikp.alfa").status_code == 302


def test_one_address_cannot_try_every_account(alfa: World, client: Client) -> None:
    for number in range(60):
        log_in(client, f"tidak.ada{number}", WRONG)
    assert "Terlalu banyak percobaan" in text_of(log_in(client, "ikp.alfa"))
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, "ikp.alfa").status_code == 302


def test_counts_are_kept_where_all_processes_see_them() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_passwords_are_kept_as_argon2id(alfa: World) -> None:
    from capaian.site import settings as shipped

    assert shipped.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert alfa.people["ikp"].password.startswith("argon2$argon2id$")


def test_a_session_gets_a_new_key_and_dies_on_log_out(alfa: World, client: Client) -> None:
    client.get("/masuk/")
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    log_in(client, "ikp.alfa")
    assert client.session.session_key != planted
    key = client.session.session_key or ""
    assert is_in(client)
    client.post("/keluar/")
    assert not is_in(client)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(stolen)


def test_the_session_cookie_ends_with_the_browser_and_the_session_after_twelve_hours(alfa: World) -> None:
    client = Client()
    start = datetime(2026, 6, 1, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        response = log_in(client, "ikp.alfa")
        cookie = response.cookies[settings.SESSION_COOKIE_NAME]
        assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    with time_machine.travel(start + timedelta(hours=11, minutes=59), tick=False):
        assert is_in(client)
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert not is_in(client)


def test_changing_the_password_ends_the_other_sessions(alfa: World, client: Client) -> None:
    other = Client()
    for each in (client, other):
        log_in(each, "ikp.alfa")
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/akun/kata-sandi/", typed | {"oldpassword": WRONG}).status_code == 422
    assert client.post("/akun/kata-sandi/", typed | {"password2": "lain sekali lagi"}).status_code == 422
    assert (
        client.post("/akun/kata-sandi/", typed | dict.fromkeys(("password1", "password2"), "pendek")).status_code == 422
    )
    assert is_in(other)  # negative control: refused changes end nothing
    assert client.post("/akun/kata-sandi/", typed)["Location"] == "/akun/"
    assert (is_in(client), is_in(other)) == (True, False)
    assert Entry.objects.filter(verb="changed_password", person=alfa.people["ikp"].public_id).count() == 1
    assert UserSession.objects.filter(user=alfa.people["ikp"]).count() >= 1
    assert client.get("/akun/sesi/").context["session_count"] == 1
    assert log_in(Client(), "ikp.alfa").status_code == 200
    assert log_in(Client(), "ikp.alfa", NEW).status_code == 302


def test_other_sessions_can_be_ended_from_the_list(alfa: World, client: Client) -> None:
    other = Client()
    for each in (client, other):
        log_in(each, "ikp.alfa")
    assert client.get("/akun/sesi/").context["session_count"] == 2
    client.post("/akun/sesi/")
    assert (is_in(client), is_in(other)) == (True, False)
    assert Session.objects.count() == 1


def test_a_one_time_code_opens_the_account_and_ends_all_sessions(alfa: World, client: Client) -> None:
    other = Client()
    log_in(other, "ikp.alfa")
    code = actions.issue_reset_code(person=alfa.people["ikp"], by=alfa.admin)
    typed = {"login": "ikp.alfa", "code": code, "password1": NEW, "password2": NEW}
    refused = client.post("/akun/kode/", typed | {"code": "22222-22222"})
    assert refused.status_code == 422
    assert "tidak cocok" in text_of(refused)
    assert is_in(other)
    done = client.post("/akun/kode/", typed)
    assert done["Location"] == "/masuk/?nama=ikp.alfa"
    assert 'value="ikp.alfa"' in client.get(done["Location"]).content.decode()
    assert not is_in(other)
    assert log_in(client, "ikp.alfa", NEW).status_code == 302
    assert client.post("/akun/kode/", typed).status_code == 422  # spent


def test_codes_cannot_be_guessed_from_one_address(alfa: World, client: Client) -> None:
    typed = {"code": "22222-22222", "password1": NEW, "password2": NEW}
    answers = [client.post("/akun/kode/", typed | {"login": f"orang.{n}"}).status_code for n in range(31)]
    assert answers == [422] * 30 + [429]


def test_a_closed_account_is_out_at_the_next_request(alfa: World, client: Client) -> None:
    log_in(client, "ikp.alfa")
    assert is_in(client)
    actions.deactivate_person(person=alfa.people["ikp"], by=alfa.admin)
    assert not is_in(client)


def test_an_ended_appointment_counts_at_the_next_request(alfa: World, client: Client) -> None:
    alfa.appoint("kedua", alfa.positions["admin"])
    client.force_login(alfa.people["kedua"])
    assert client.get("/pegawai/").status_code == 200
    held = alfa.people["kedua"].appointments.get()
    actions.end_appointment(appointment=held, last_day=held.valid_from, by=alfa.admin)
    answer = client.get("/pegawai/")
    assert answer.status_code == 403
    assert "Admin Alfa" in text_of(answer)  # whom to ask
    assert is_in(client)  # the own account stays open


def test_the_log_in_page_shows_sample_people_only_while_there_are_any(alfa: World, client: Client) -> None:
    assert SAMPLE_PASSWORD not in client.get("/masuk/").content.decode()
    load_people(actions.founding_actor())
    page = client.get("/masuk/").content.decode()
    assert SAMPLE_PASSWORD in page
    assert "?nama=sekretaris" in page
    assert "Dra. Hj. Nurlaila Andini, M.M." in page
    actions.remove_sample_people(by=alfa.admin)
    assert SAMPLE_PASSWORD not in client.get("/masuk/").content.decode()


def test_every_refused_log_in_costs_one_hash(alfa: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.hashers import CheapArgon2

    costs: list[str] = []
    encode, verify = CheapArgon2.encode, CheapArgon2.verify

    def counted_encode(self: CheapArgon2, *args: Any) -> str:
        costs.append("encode")
        return encode(self, *args)

    def counted_verify(self: CheapArgon2, *args: Any) -> bool:
        costs.append("verify")
        return verify(self, *args)

    actions.deactivate_person(person=alfa.people["staff"], by=alfa.admin)
    actions.create_person(agency=alfa.agency, entry=PersonEntry("baru.sekali", "Baru"), by=alfa.admin)
    monkeypatch.setattr(CheapArgon2, "encode", counted_encode)
    monkeypatch.setattr(CheapArgon2, "verify", counted_verify)
    for login in ("ikp.alfa", "tidak.ada", "staff.alfa", "baru.sekali"):
        costs.clear()
        log_in(client, login, WRONG)
        assert len(costs) == 1, (login, costs)
    for login in ("ikp.alfa", "tidak.ada"):
        costs.clear()
        client.post("/akun/kode/", {"login": login, "code": "2" * 10, "password1": NEW, "password2": NEW})
        assert len(costs) == 1, (login, costs)


@pytest.mark.server
def test_attempts_at_the_same_moment_on_several_processes_are_counted_together(live: Server) -> None:
    cache.clear()
    make_agency("Alfa")

    def attempt(_number: int) -> str:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = opener.open(f"{live.base_url}/masuk/", timeout=60).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {"login": "ikp.alfa", "password": WRONG, "csrfmiddlewaretoken": token[1]}
        request = urllib.request.Request(f"{live.base_url}/masuk/", urlencode(form).encode())
        return str(opener.open(request, timeout=60).read().decode())

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(attempt, range(20)))
    tried = sum("tidak cocok" in answer for answer in answers)
    stopped = sum("Terlalu banyak percobaan" in answer for answer in answers)
    assert tried + stopped == len(answers)
    assert 1 <= tried <= 8
