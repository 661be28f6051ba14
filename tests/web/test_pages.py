"""Pages: nothing typed is lost, every answer carries its headers, nothing that people write runs, few questions."""

import io
import re
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.documents import store
from capaian.sop import actions, step_rules
from capaian.web.access import ACCESS
from tests.factories import PASSWORD
from tests.sop.driver import open_items
from tests.web.looks import ALL, PAGES, every_page, here, text
from tests.web.offices import BACKEND, PDF, Office, form_token
from tests.web.one_office import _django_db_helper, office
from tests.web.posts import filled, upload
from tests.web.races import months
from tests.web.step_answers import untouched

__all__ = ["_django_db_helper", "office"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORMS = [name for name in ALL if "POST" in ACCESS[name].methods]


def answer_as(office: Office, who: str, key: str, **form: object) -> Any:
    """Send the form of a step, filled in as it is shown, with changes."""
    item = office.item(key)
    shown = untouched(item, office.engine.reach(who))
    sent = shown | {"form_token": form_token(office.person(who))} | form
    return office.client(who).post(reverse("step_complete", kwargs={"key": item.public_id}), sent)


# what is refused comes back with its sentence, its status and all that was typed


def test_a_tidak_without_a_note_keeps_the_choice(office: Office) -> None:
    unit = office.keys["unit"]
    answer = answer_as(office, "secretary", "decision", decision="no", note="", target="A07", units=[unit])
    assert answer.status_code == 422
    page = text(answer)
    assert "Catatan pengembalian belum diisi. Tulis catatan, lalu kirim lagi." in re.sub(r"<[^>]+>", "", page)
    assert re.search(r'name="decision" value="no"[^>]* checked', page)
    assert re.search(r'name="target" value="A07"[^>]* checked', page)
    assert re.search(rf'name="units" value="{unit}"[^>]* checked', page)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"decision": ""}, "Keputusan belum dipilih"),
        ({"decision": "no", "target": "A07", "units": []}, "Belum ada unit yang dipilih"),
        ({"decision": "no", "target": "A07", "units": ["zzzzzzzzzzzzzz"]}, "zzzzzzzzzzzzzz"),
        ({"decision": "no", "target": "A01"}, "A01"),
        ({"decision": "yes", "note": "Panjang " * 625}, "Catatan terlalu panjang (4999 huruf)"),
        ({"decision": "yes", "uploads": upload("surat.exe", b"MZ\x90\x00" + b"\x00" * 64)}, "surat.exe"),
        ({"decision": "yes", "uploads": upload("kosong.pdf", b"")}, "kosong"),
    ],
    ids=["no decision", "no unit", "foreign unit", "foreign target", "long note", "program", "empty file"],
)
def test_a_refused_answer_keeps_the_note(office: Office, form: dict[str, object], sentence: str) -> None:
    note = "Catatan yang panjang <b>&amp; penting</b>"
    before = office.item("decision").status
    answer = answer_as(office, "secretary", "decision", **({"note": note} | form))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert str(form.get("note", note)).strip() in text(answer)
    assert office.item("decision").status == before


def test_a_late_answer_says_who_was_first_and_keeps_what_was_typed(office: Office) -> None:
    item = office.item("decision")
    note = "Setuju, dengan catatan yang panjang"
    form = untouched(item, office.engine.reach("secretary")) | {"decision": "yes", "note": note}
    office.engine.complete(item, decision="no", note="Perbaiki", target="A08")
    path = reverse("step_complete", kwargs={"key": item.public_id})
    answer = office.client("secretary").post(path, form | {"form_token": form_token(office.person("secretary"))})
    assert answer.status_code == 409
    assert f"sudah diselesaikan oleh {office.person('secretary').name} pada" in text(answer)
    assert note in text(answer)


def test_a_late_reason_keeps_what_was_typed(office: Office) -> None:
    form = {"reason": "Periode digabung dengan triwulan", "form_token": form_token(office.person("head"))}
    for path in (reverse("run_cancel", kwargs={"key": office.keys["done"]}), here(office, "step_waive")):
        answer = office.client("head").post(path, form)
        assert answer.status_code == 422
        assert form["reason"] in text(answer)


@pytest.mark.parametrize("name", ["run_cancel", "run_correct", "step_waive"])
def test_a_missing_reason_is_asked_for(office: Office, name: str) -> None:
    who = {"step_waive": "team"}.get(name, "head")
    answer = office.client(who).post(here(office, name), {"reason": " ", "form_token": form_token(office.person(who))})
    assert answer.status_code == 422
    assert "belum diisi" in text(answer)


def test_what_was_typed_survives_the_end_of_the_session(office: Office) -> None:
    page = here(office, "step")
    stranger = Client()
    note = "Isian yang belum sempat dikirim"
    sent = {"note": note, "form_token": form_token(office.person("submitter"))}
    ended = stranger.post(here(office, "step_complete"), sent, headers={"referer": f"http://testserver{page}"})
    assert ended.status_code == 401
    fields = dict(re.findall(r'name="(typed|next)" value="([^"]*)"', text(ended)))
    assert fields["next"] == page
    back = stranger.post("/masuk/", fields | {"login": office.person("submitter").username, "password": PASSWORD})
    assert (back.status_code, back["Location"]) == (302, page)
    assert note in text(stranger.get(page))
    assert note not in text(stranger.get(page)), "shown once"


def test_files_are_attached_only_by_those_who_work_on_the_step(office: Office) -> None:
    form = {"uploads": upload("bukti.pdf", PDF), "form_token": form_token(office.person("head"))}
    assert office.client("head").post(here(office, "step_attach"), form).status_code == 422, "there already, not his"
    nothing = office.client("submitter").post(here(office, "step_attach"), {})
    assert nothing.status_code == 422
    assert "Berkas belum dipilih" in text(nothing)


# every answer carries its headers, every form its token


def test_every_page_carries_its_headers(office: Office) -> None:
    pages = [*every_page(office), ("account_login", Client().get("/masuk/")), ("missing", Client().get("/tidak-ada/"))]
    assert len(pages) == len(PAGES) + 1
    for name, answer in pages:
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy, name
        assert "default-src 'self'" in policy or policy.startswith("sandbox"), name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert "no-store" in answer["Cache-Control"], name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_pages_carry_no_script_or_style_of_their_own(office: Office) -> None:
    for name, answer in every_page(office):
        if answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=|javascript:", page), name


@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_its_csrf_token_is_refused(office: Office, name: str) -> None:
    for role in ("team", "agency_admin", "anonymous"):
        browser = Client(enforce_csrf_checks=True)
        if role != "anonymous":
            browser.force_login(office.person(role), backend=BACKEND)
        answer = browser.post(here(office, name), filled(name, office))
        assert answer.status_code == 403
        assert "Formulir ini tidak dapat diterima" in text(answer)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    browser = Client()
    browser.post("/masuk/", {"login": office.person("team").username, "password": PASSWORD})
    session = browser.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert not session["expires"], "ends with the browser"


# lists ask the database the same number of questions, however long they are


def questions(client: Client, path: str) -> int:
    """Return how many queries a page takes."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def grow(office: Office, first: int, how_many: int) -> None:
    """Open more runs from a year on, the units' forms of each half filled in."""
    for period in islice(months(first), how_many):
        [run] = office.engine.open(period, "A-R")
        office.engine.complete(open_items(run)[0])
        office.engine.complete(open_items(run)[0])


def revisit(office: Office) -> None:
    """Let the deciding run go back and forth, so that it has many items, papers and lines of history."""
    run = office.run("deciding")
    for _ in range(8):
        office.engine.complete(open_items(run)[0], decision="no", note="Lagi", target="A08")
        office.engine.advance(run, until="A10")


def open_decision(office: Office) -> str:
    """Return the page of the decision that is open now."""
    return f"/langkah/{open_items(office.run('deciding')).get().public_id}/"


def more_attachments(office: Office) -> None:
    for place in range(12):
        kept = store.keep(io.BytesIO(PDF + bytes([place])), f"bukti {place}.pdf")
        person = office.engine.reach("penyampai")
        item = office.item()
        actions.attach_file(item=item, file=kept, by=step_rules.actor_for(person, item), reach=person)


LISTS: list[tuple[str, str, Callable[[Office], str], Callable[[Office], None]]] = [
    ("inbox", "submitter", lambda _: "/", lambda office: grow(office, 2027, 30)),
    ("board", "team", lambda _: "/papan/2024/", lambda office: grow(office, 2024, 12)),
    ("documents", "team", lambda _: "/naskah/", lambda office: grow(office, 2027, 12)),
    ("run", "team", lambda office: f"/proses/{office.keys['deciding']}/", revisit),
    ("step", "submitter", lambda office: here(office, "step"), more_attachments),
    ("decision", "secretary", open_decision, revisit),
]


@pytest.mark.parametrize(("name", "who", "path", "more"), LISTS, ids=[row[0] for row in LISTS])
def test_a_longer_list_asks_no_more_questions(
    office: Office,
    name: str,
    who: str,
    path: Callable[[Office], str],
    more: Callable[[Office], None],
) -> None:
    office.engine.open("2024-Q1", "A")  # nothing at all to show takes fewer
    before = text(office.client(who).get(path(office)))
    few = questions(office.client(who), path(office))
    more(office)
    assert len(text(office.client(who).get(path(office)))) > len(before) + 1000, "the list did not grow"
    assert questions(office.client(who), path(office)) == few
