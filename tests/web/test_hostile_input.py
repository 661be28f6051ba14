"""What people write, name and type by hand: shown literally, kept as data, answered with a page."""

import io
import re

import pytest
from django.urls import reverse

from capaian.agencies import actions as agency_actions
from capaian.documents import store
from capaian.documents.models import StoredFile
from capaian.sop import actions, step_rules
from capaian.sop.models import Attachment, WorkItem
from tests.sop.driver import Engine
from tests.web.looks import every_page, here, text
from tests.web.offices import PDF, Office, form_token
from tests.web.one_office import _django_db_helper, office
from tests.web.posts import filled, upload

__all__ = ["_django_db_helper", "office"]

pytestmark = pytest.mark.django_db


# what people write is shown, never run


PAYLOADS = [
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% now 'Y' %}",
    "</textarea><svg onload=alert(1)>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_write_is_shown_literally(office: Office, payload: str) -> None:
    world, engine = office.engine.world, office.engine
    unit = world.units["ikp"]
    agency_actions.change_unit(unit=unit, name=payload, kind=unit.kind, by=world.admin)
    type(world.people["team"]).objects.filter(pk=world.people["penyampai"].pk).update(name=payload)
    item = office.item()
    _attach(engine, item, f"{payload}.pdf")
    engine.complete(item, note=payload, person=world.people["penyampai"])
    engine.complete(office.item("decision"), decision="no", note=payload, target="A08")
    shown = 0
    for name, answer in every_page(office):
        if answer["Content-Type"].startswith("text/html"):
            assert payload.encode() not in answer.content, f"{name} shows it raw"
            shown += payload in text(answer)
    assert shown > 8


def _attach(engine: Engine, item: WorkItem, name: str) -> Attachment:
    person = engine.reach("penyampai")
    kept = store.keep(io.BytesIO(PDF), name)
    return actions.attach_file(item=item, file=kept, by=step_rules.actor_for(person, item), reach=person)


HOSTILE = [
    "../../etc/passwd.pdf",
    "..\\..\\windows\\system.pdf",
    "CON.pdf",
    "a" * 300 + ".pdf",
    "baris\r\nSet-Cookie: x=1.pdf",
    'kutip";filename="jahat.html',
    "kanan\u202efdp.exe.pdf",
    "spasi  ganda\x00.pdf",
    "日本 ½ ñ.pdf",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_name_stays_a_name(office: Office, name: str) -> None:
    form = {"uploads": upload(name, PDF + name.encode()), "form_token": form_token(office.person("submitter"))}
    before = set(StoredFile.objects.values_list("pk", flat=True))
    assert office.client("submitter").post(here(office, "step_attach"), form).status_code == 302
    [kept] = StoredFile.objects.exclude(pk__in=before)
    assert not set("/\\\r\n\x00\u202e") & set(kept.original_name)
    assert len(kept.original_name) <= 200
    answer = office.client("submitter").get(reverse("file", kwargs={"key": kept.public_id}))
    told = answer["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]*"; filename\*=UTF-8\'\'[A-Za-z0-9._~%-]*', told)
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer.content == PDF + name.encode()


def test_only_our_own_papers_open_in_the_browser(office: Office) -> None:
    generated = office.client("team").get(here(office, "document_file"))
    assert generated["Content-Disposition"].startswith("inline; ")
    assert generated["Content-Type"] == "application/pdf"
    assert generated.content.startswith(b"%PDF-")
    signed = office.client("team").get(here(office, "document_signed"))
    assert signed["Content-Disposition"].startswith("attachment; ")
    assert signed["Content-Security-Policy"].startswith("sandbox")


# addresses and questions typed by hand


ODD = [
    "/papan/0/",
    "/papan/1/",
    "/papan/1999/",
    "/papan/9999/",
    "/papan/10000/",
    "/papan/99999999999999999999/",
    "/papan/0/jadwal/",
    "/papan/1999/jadwal/",
    "/papan/9999/jadwal/",
    "/papan/99999999999/jadwal/",
    "/kalender/0/",
    "/kalender/99999999999999999999/",
    "/kalender/hari/2026-02-30/hapus/",
    "/kalender/jam/9/9/",
    "/naskah/?halaman=0",
    "/naskah/?halaman=-1",
    "/naskah/?halaman=99999999999999999999",
    "/naskah/?halaman=abc",
    "/naskah/?cari=%00",
    "/naskah/?cari=%25_%5C%27%22",
    "/pegawai/?cari=%00&halaman=%00",
    "/pegawai/?cari=" + "a+" * 2000,
    "/masuk/?nama=%00&next=//jahat.example",
    "/kalender/hari/?tanggal=%00",
    "/langkah/" + "z" * 500 + "/",
]


@pytest.mark.parametrize("path", ODD, ids=range(len(ODD)))
def test_an_odd_address_is_answered_with_a_page(office: Office, path: str) -> None:
    answer = office.client("agency_admin").get(path)
    assert answer.status_code in {200, 302, 404, 422}
    assert "jahat.example" not in answer.get("Location", "")


@pytest.mark.parametrize("year", [1, 1999, 2019, 9999])
def test_a_year_without_a_calendar_is_refused_in_words(office: Office, year: int) -> None:
    form = {"first": f"{year:04d}-01", "kinds": ["month"], "monthly": "short"}
    form["form_token"] = form_token(office.person("head"))
    answer = office.client("head").post(f"/papan/{year}/jadwal/", form)
    assert answer.status_code in {302, 404, 422}


@pytest.mark.parametrize("payload", ["\x00", "\ud800", "\u202e", "a\u0000b"])
@pytest.mark.parametrize("name", ["step_complete", "unit_new", "person_new", "run_cancel"])
def test_odd_characters_in_a_form_are_answered_with_a_page(office: Office, name: str, payload: str) -> None:
    who = {"step_complete": "submitter", "run_cancel": "head"}.get(name, "agency_admin")
    form = filled(name, office, who)
    odd = {field: f"{value}{payload}" for field, value in form.items() if field in {"note", "name", "reason"}}
    body = "&".join(f"{field}={_quoted(str(value))}" for field, value in (form | odd).items())
    answer = office.client(who).post(here(office, name), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 302, 400, 422}


def _quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))
