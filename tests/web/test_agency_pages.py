"""The admin's pages: what is typed becomes rows, refusals keep what was typed, lists ask a constant number of times."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.agencies import actions
from capaian.agencies.models import Agency, Appointment, Person, Unit, WorkDay
from capaian.agencies.people_actions import code_signs
from capaian.documents.models import Kind
from capaian.journal.queries import breaks
from capaian.sop.models import Definition
from capaian.web.access import ACCESS, AGENCY_PAGES, Who
from capaian.web.urls import AGENCY_URLS
from tests.factories import PASSWORD, World, make_agency

NEW = "sungai batang hari"


@pytest.fixture
def alfa(db: None) -> World:
    cache.clear()
    return make_agency("Alfa")


@pytest.fixture
def beta(alfa: World) -> World:
    return make_agency("Beta", region="Lain", time_zone="Asia/Jayapura")


@pytest.fixture
def admin(alfa: World, client: Client) -> Client:
    client.force_login(alfa.people["admin"])
    return client


def send(client: Client, page: str, typed: dict[str, Any]) -> Any:
    """Send a form as a browser does, with the token of the page."""
    found = re.search(r'name="form_token" value="([^"]+)"', client.get(page).content.decode())
    assert found, page
    return client.post(page, typed | {"form_token": found[1]})


def key_of(world: World, name: str | None) -> dict[str, Any]:
    """Return the arguments with which a page of this agency is addressed."""
    things = {
        "person": world.people["ikp"].public_id,
        "position": world.positions["ikp"].public_id,
        "unit": world.units["ikp"].public_id,
        "appointment": world.people["ikp"].appointments.get().public_id,
    }
    route = next(url for url in AGENCY_URLS if url.name == name)
    known = {
        "key": things.get(str(name).split("_", maxsplit=1)[0]),
        "year": 2026,
        "day": "2026-02-18",
        "weekday": 1,
        "ramadan": 0,
    }
    return {argument: known[argument] for argument in route.pattern.converters}


def test_only_admins_open_these_pages(alfa: World, client: Client) -> None:
    for name in AGENCY_PAGES:
        assert ACCESS[name].who is Who.ADMIN
        address = reverse(name, kwargs=key_of(alfa, name))
        client.logout()
        assert client.get(address).status_code == 302
        for who in ("head", "secretary", "team", "planner", "ikp", "staff"):
            client.force_login(alfa.people[who])
            assert client.get(address).status_code == 403
            assert client.post(address, {}).status_code in {403, 405}


def test_things_of_another_agency_are_answered_like_things_that_do_not_exist(
    admin: Client, alfa: World, beta: World
) -> None:
    for url in AGENCY_URLS:
        if "key" not in url.pattern.converters:
            continue
        own = reverse(url.name, kwargs=key_of(alfa, url.name))
        foreign = reverse(url.name, kwargs=key_of(beta, url.name))
        missing = reverse(url.name, kwargs={"key": "zzzzzzzzzzzzzz"})
        assert admin.get(own).status_code == 200  # negative control: the address itself is right
        for method in (admin.get, admin.post):
            answers = [method(address) for address in (foreign, missing)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content
            assert b"Beta" not in answers[0].content


def test_ids_of_another_agency_in_forms_are_refused(admin: Client, alfa: World, beta: World) -> None:
    appoint = reverse("position_appoint", kwargs={"key": alfa.positions["team"].public_id})
    typed = {"person": beta.people["ikp"].public_id, "kind": "definitive", "valid_from": "2026-06-01"}
    assert send(admin, appoint, typed).status_code == 422
    foreign = beta.units["ikp"].public_id
    position = {"title": "Baru", "roles": ["staff"], "unit": foreign}
    assert send(admin, reverse("position_new"), position).status_code == 422
    unit = {"name": "Baru", "kind": "other", "valid_from": "2026-06-01", "parent": foreign}
    assert send(admin, reverse("unit_new"), unit).status_code == 422
    assert send(admin, reverse("unit_new"), unit | {"parent": alfa.units["ikp"].public_id}).status_code == 302


@pytest.mark.parametrize(
    "url", [url for url in AGENCY_URLS if "POST" in ACCESS[str(url.name)].methods], ids=lambda u: u.name
)
def test_every_form_needs_its_csrf_token(alfa: World, url: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alfa.people["admin"])
    WorkDay.objects.create(agency=alfa.agency, date=date(2026, 2, 18), kind="holiday", name="Libur")
    actions.put_ramadan_dates(
        agency=alfa.agency,
        first_day=date(2026, 2, 18),
        last_day=date(2026, 3, 19),
        estimated=True,
        by=alfa.admin,
    )
    address = reverse(url.name, kwargs=key_of(alfa, url.name))
    assert strict.post(address, {"name": "Isian saya"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(address).content.decode())
    assert token
    accepted = strict.post(address, {"csrfmiddlewaretoken": token[1]})
    assert accepted.status_code in {200, 302, 422}  # negative control: with the token the form is read


def lists(world: World) -> dict[str, Callable[[int], object]]:
    """Return each list page with what makes it longer by one."""
    by, agency = world.admin, world.agency

    def person(n: int) -> None:
        world.appoint(f"orang{n}", world.positions["team"])

    def position(n: int) -> None:
        unit = world.units["ikp"]
        actions.create_position(agency=agency, title=f"Jabatan {n}", roles=["staff", "submitter"], unit=unit, by=by)

    def unit(n: int) -> None:
        actions.create_unit(agency=agency, name=f"Unit {n}", kind="other", parent=world.units["ikp"], by=by)

    def day(n: int) -> None:
        actions.put_work_day(agency=agency, day=date(2026, 7, n + 1), kind="holiday", name="Libur", by=by)

    return {"people": person, "positions": position, "units": unit, "calendar": day}


@pytest.mark.parametrize("name", ["people", "positions", "units", "calendar"])
def test_lists_ask_a_constant_number_of_times(admin: Client, alfa: World, name: str) -> None:
    longer, counts = lists(alfa)[name], []
    for n in range(1, 7):
        longer(n)
        if n in {1, 6}:
            with CaptureQueriesContext(connection) as asked:
                assert admin.get(reverse(name)).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_people_are_found_by_part_of_name_user_name_or_nip(admin: Client, alfa: World) -> None:
    Person.objects.filter(pk=alfa.people["ikp"].pk).update(nip="198501012010011001", name="Yusniar Harahap")
    for search, found in (("harahap yus", 1), ("ikp.al", 1), ("20100110", 1), ("tidak ada", 0), ("", 11)):
        assert len(admin.get(reverse("people"), {"cari": search}).context["page"].object_list) == found


def test_a_new_person_gets_a_code_that_is_shown_once(admin: Client, alfa: World) -> None:
    page = reverse("person_new")
    token = re.search(r'name="form_token" value="([^"]+)"', admin.get(page).content.decode())
    assert token
    typed = {"name": "Siti Aminah", "username": "Siti.Aminah", "nip": "19850101 201001 1 001", "form_token": token[1]}
    shown = admin.post(page, typed)
    found = re.search(r'class="one-time-code">([^<]+)<', shown.content.decode())
    assert found
    again = admin.post(page, typed | {"username": "lain.lagi", "nip": ""})
    assert again["Location"] == reverse("people")  # the same form: nothing new, and no code again
    actions.set_password_with_code(login="siti.aminah", code=found[1], new_password=NEW)
    assert not Person.objects.filter(password__contains=code_signs(found[1])).exists()
    assert not Person.objects.filter(username="lain.lagi").exists()


def test_refusals_keep_what_was_typed_and_stand_at_their_field(admin: Client, alfa: World) -> None:
    answer = send(admin, reverse("person_new"), {"name": "Siti", "username": "head.alfa", "nip": "12"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"username", "nip"}
    assert form["name"].value() == "Siti"
    body = answer.content.decode()
    assert "sudah dipakai" in body
    assert 'value="12"' in body


def test_appointing_and_ending_from_the_pages(admin: Client, alfa: World) -> None:
    page = reverse("position_appoint", kwargs={"key": alfa.positions["head"].public_id})
    typed = {"person": alfa.people["ikp"].public_id, "kind": "acting", "valid_from": "2026-06-01"}
    missing = send(admin, page, typed)
    assert missing.status_code == 422
    assert set(missing.context["form"].errors) == {"valid_to"}
    done = send(admin, page, typed | {"valid_to": "31-12-2026", "decree": "SP 1"})
    assert done.status_code == 302
    held = Appointment.objects.get(kind="acting")
    assert (held.valid_to, held.decree) == (date(2026, 12, 31), "SP 1")
    shown = admin.get(done["Location"]).content.decode()
    assert "tiga bulan" in shown  # advice, not refusal
    ended = send(
        admin, reverse("appointment_end", kwargs={"key": held.public_id}), {"last_day": held.valid_from.isoformat()}
    )
    assert ended.status_code == 302
    assert Appointment.objects.get(pk=held.pk).valid_to == held.valid_from


def test_the_last_admin_is_kept_on_the_pages_too(admin: Client, alfa: World) -> None:
    person = alfa.people["admin"]
    page = reverse("person_deactivate", kwargs={"key": person.public_id})
    assert "admin terakhirnya" in admin.get(page).content.decode()
    assert admin.post(page, {}).status_code == 422
    person.refresh_from_db()
    assert person.is_active


def test_the_agencys_data_change_and_a_bad_pattern_is_refused(admin: Client, alfa: World) -> None:
    page = reverse("agency")
    typed = {"name": "Dinas Alfa Raya", "short_name": "ALFA", "time_zone": "Asia/Makassar"}
    refused = send(admin, page, typed | {"number_pattern": "{urut}"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"number_pattern"}
    pattern = "{klas}/{kode}-{urut}/{instansi}/{tahun}"
    moved: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("capaian.web.agency_pages.recompute_deadlines", lambda agency: moved.append(agency.time_zone))
        assert send(admin, page, typed | {"number_pattern": pattern}).status_code == 302
        assert moved == ["Asia/Makassar"], "moved to the new clock, once"
        assert send(admin, page, typed | {"number_pattern": pattern}).status_code == 302
        assert len(moved) == 1
    alfa.agency.refresh_from_db()
    assert (alfa.agency.name, alfa.agency.time_zone, alfa.agency.self_approval_allowed) == (
        "Dinas Alfa Raya",
        "Asia/Makassar",
        False,
    )
    assert "000.8.6.3/ND-0007/ALFA/2026" in admin.get(page).content.decode()


def test_an_admin_starts_another_agency_that_is_ready_for_work(admin: Client, alfa: World, client: Client) -> None:
    typed = {
        "name": "Dinas Gama",
        "short_name": "GAMA",
        "time_zone": "Asia/Jayapura",
        "region_kind": "city",
        "region_name": "Gama Raya",
        "admin_name": "Admin Gama",
        "admin_username": "head.alfa",
    }
    refused = send(admin, reverse("agency_new"), typed)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"admin_username"}
    assert not Agency.objects.filter(name="Dinas Gama").exists()
    started = send(admin, reverse("agency_new"), typed | {"admin_username": "admin.gama"})
    found = re.search(r'class="one-time-code">([^<]+)<', started.content.decode())
    assert found
    gama = Agency.objects.get(name="Dinas Gama")
    assert str(gama.region) == "Kota Gama Raya"
    assert Definition.objects.filter(agency=gama).count() == 4
    assert Kind.objects.filter(agency=gama).exists()
    assert WorkDay.objects.filter(agency=None).exists()
    assert list(breaks(gama.public_id)) == []
    assert list(breaks(alfa.agency.public_id)) == []
    actions.set_password_with_code(login="admin.gama", code=found[1], new_password=NEW)
    fresh = Client()
    assert fresh.post("/masuk/", {"login": "admin.gama", "password": NEW}).status_code == 302
    assert fresh.get(reverse("agency")).status_code == 200
    assert "Belum ada Kepala yang menjabat" in fresh.get(reverse("agency")).content.decode()


def test_units_from_the_pages(admin: Client, alfa: World) -> None:
    typed = {"name": "Bidang Baru", "kind": "division", "valid_from": "2026-06-01", "with_positions": "on"}
    assert send(admin, reverse("unit_new"), typed).status_code == 302
    unit = Unit.objects.get(name="Bidang Baru")
    assert unit.positions.count() == 2
    assert unit.supplies_data is False  # a box left empty means no
    page = reverse("unit_end", kwargs={"key": unit.public_id})
    assert "masih mempunyai jabatan" in admin.get(page).content.decode()
    for position in unit.positions.all():
        close = reverse("position_close", kwargs={"key": position.public_id})
        assert send(admin, close, {}).status_code == 302
    assert send(admin, page, {"last_day": "2026-07-01"}).status_code == 302
    unit.refresh_from_db()
    assert unit.valid_to == date(2026, 7, 1)


def test_the_calendar_changes_for_this_agency_and_says_what_moved(admin: Client, alfa: World, beta: World) -> None:
    day = {"date": "2026-08-10", "kind": "holiday", "name": "Hari jadi", "decree": "SK 1"}
    done = send(admin, reverse("calendar_day"), day)
    assert done["Location"] == reverse("calendar_year", kwargs={"year": 2026})
    shown = admin.get(done["Location"]).content.decode()
    assert "Hari jadi" in shown
    assert "tenggat" in shown
    assert not WorkDay.objects.filter(agency=beta.agency).exists()
    assert send(admin, reverse("calendar_day"), day | {"date": "32-13-2026"}).status_code == 422
    remove = reverse("calendar_day_remove", kwargs={"day": "2026-08-10"})
    assert send(admin, remove, {}).status_code == 302
    assert admin.get(remove).status_code == 404
    hours = reverse("calendar_hours", kwargs={"weekday": 0, "ramadan": 0})
    assert send(admin, hours, {"valid_from": "2026-06-15", "spans": "8-12"}).status_code == 422
    assert send(admin, hours, {"valid_from": "2026-06-15", "spans": "08:00-12:00"}).status_code == 302
    drop = reverse("calendar_hours_drop", kwargs={"weekday": 0, "ramadan": 0})
    assert send(admin, drop, {}).status_code == 302
    ramadan = {"first_day": "2026-02-19", "last_day": "2026-03-20"}
    assert send(admin, reverse("calendar_ramadan"), ramadan).status_code == 302
    back = reverse("calendar_ramadan_remove", kwargs={"day": "2026-02-19"})
    assert send(admin, back, {}).status_code == 302
    for missing in ("2023", "2100"):
        assert admin.get(f"/kalender/{missing}/").status_code == 404
    assert admin.get("/kalender/jam/7/0/").status_code == 404


def test_no_page_is_kept_by_caches_and_unknown_methods_are_refused(admin: Client) -> None:
    for address in (reverse("people"), reverse("agency"), "/tidak-ada/", reverse("account")):
        assert "no-store" in admin.get(address)["Cache-Control"]
    answer = admin.delete(reverse("people"))
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert admin.head(reverse("people")).status_code == 200


def test_a_failure_is_answered_with_a_number_that_the_log_carries(
    admin: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("capaian.web.agency_pages.units", fail)
    admin.raise_request_exception = False
    answer = admin.get(reverse("units"))
    assert answer.status_code == 500
    found = re.search(r"nomor kejadian ([0-9A-F]{8})", answer.content.decode())
    assert found
    assert f"incident {found[1]}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in answer.content.decode()


def test_an_unlisted_address_stops_the_request(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.delitem(ACCESS, "people")
    with pytest.raises(ImproperlyConfigured, match="people"):
        admin.get(reverse("people"))


def test_every_password_made_in_tests_is_the_same(alfa: World) -> None:
    assert alfa.people["ikp"].check_password(PASSWORD)
