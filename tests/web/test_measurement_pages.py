"""The pages of the measurement: methodology, preview, worksheet, levels, decision, where a number comes from."""

import io
import re
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, Page

from capaian.collection.entries import EvidenceEntry
from capaian.collection.models import Evidence, UnitForm
from capaian.journal.keys import new_public_id
from capaian.measurement.models import Measurement, Methodology
from capaian.planning.models import Target
from tests.collection.conftest import advance, collect, save, sheet
from tests.collection.test_forms import kept
from tests.factories import PASSWORD, make_agency
from tests.measurement.conftest import bring, collected, fill, four_cards, lock, measuring, office, worksheet
from tests.measurement.test_measure import VALUES
from tests.measurement.test_stale import corrected, finish
from tests.planning.cards import make_card
from tests.proceedings.conftest import BACKEND, client_of
from tests.server import Server
from tests.sop.driver import Engine, keys, make_engine
from tests.web.looks import text
from tests.web.step_answers import untouched
from tests.web.walk import Walk

__all__ = ["office"]


@pytest.fixture
def cards(office: Engine) -> None:
    four_cards(office.world)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return text(answer)


def send(client: Client, office: Engine, item: Any, **more: Any) -> Any:
    who = office.reach("secretary" if item.step.work == "decide" else "team")
    return client.post(f"/langkah/{item.public_id}/selesai/", untouched(item, who) | more)


@pytest.mark.usefixtures("cards")
def test_a_measurement_through_its_pages(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B04")
    team, secretary = client_of(office, "team"), client_of(office, "secretary")
    shown = page(team, f"/langkah/{item.public_id}/")
    assert "R ÷ T × 100" in shown
    assert shown.count('class="smart-tick"') == 4 * 5
    assert send(team, office, item).status_code == 302
    assert Methodology.objects.get().cards.count() == 4
    item = bring(office, item.run, "B05")
    shown = page(team, f"/langkah/{item.public_id}/")
    assert "3 dari 4" in shown
    assert "90,00%" in shown
    assert "jatuh tempo tetapi belum ada realisasi" in shown
    assert send(team, office, item).status_code == 302
    found = worksheet(office, item.run)
    assert f"/kertas-kerja/{found.public_id}/" in page(team, f"/langkah/{item.public_id}/")
    assert f"/kertas-kerja/{found.public_id}/" in page(team, f"/proses/{item.run.public_id}/")
    item = bring(office, item.run, "B06")
    assert "1 dari 2 dilaporkan" in page(team, f"/langkah/{item.public_id}/")
    assert send(team, office, item).status_code == 302
    item = bring(office, item.run, "B08")
    shown = page(secretary, f"/langkah/{item.public_id}/")
    assert found.digest[:16] in shown
    assert "90,00%" in shown
    assert send(secretary, office, item, decision="yes").status_code == 302
    assert keys(item.run) == ["B09"]


@pytest.mark.usefixtures("cards")
def test_worksheet_and_origin(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B06")
    found = worksheet(office, item.run)
    staff = client_of(office, "ikp")
    shown = page(staff, f"/kertas-kerja/{found.public_id}/")
    assert "Sama" in shown
    assert "Perlu diukur ulang" not in shown
    row = found.measurements.get(card__name__startswith="Layanan")
    assert f"/pengukuran/{row.public_id}/" in shown
    shown = page(staff, f"/pengukuran/{row.public_id}/")
    for words in ("72 ÷ 80 × 100 = 90,00.", "Kategori Tinggi", "Secretariat Melati", "Ikp Melati", row.digest[:32]):
        assert words in shown
    assert office.world.people["secretary"].name in shown
    Measurement.objects.filter(pk=row.pk).update(shown="91")
    assert "Berbeda" in page(staff, f"/pengukuran/{row.public_id}/")
    assert "Berbeda: 1 indikator" in page(staff, f"/kertas-kerja/{found.public_id}/")


@pytest.mark.usefixtures("cards")
def test_origin_leads_to_form_and_evidence(office: Engine) -> None:
    run = collect(office, "A07")
    (line,) = [each for each in sheet(office, run, "ikp").open_lines if each.card.name.startswith("Layanan")]
    save(office, run, "ikp", evidence=[EvidenceEntry(line.card.pk, line.period.code, kept())])
    fill(office, run, VALUES)
    advance(office, run, "A11")
    item = measuring(office, "B06")
    row = worksheet(office, item.run).measurements.get(card__name__startswith="Layanan")
    proof, form = Evidence.objects.get(), UnitForm.objects.get(round__run=run, unit=office.world.units["ikp"])
    assert proof.file is not None
    team = client_of(office, "team")
    shown = page(team, f"/pengukuran/{row.public_id}/")
    for words in (proof.file.sha256[:32], f"/bukti/{proof.public_id}/", f"/formulir/{form.public_id}/", "bukti.pdf"):
        assert words in shown
    assert team.get(f"/formulir/{form.public_id}/").status_code == 200


@pytest.mark.usefixtures("cards")
def test_the_decision_on_a_collection_shows_what_is_decided(office: Engine) -> None:
    run = collect(office, "A07")
    fill(office, run, VALUES)
    advance(office, run, "A10")
    item = bring(office, run, "A10")
    secretary = client_of(office, "secretary")
    shown = page(secretary, f"/langkah/{item.public_id}/")
    for words in ("3 dari 4 indikator dilaporkan", "Layanan MELATI", "72", "belum melaporkan"):
        assert words in shown
    assert send(secretary, office, item, decision="yes").status_code == 302
    assert keys(run) == ["A11"]


@pytest.mark.usefixtures("cards")
def test_what_was_not_seen_is_not_measured(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office)
    team = client_of(office, "team")
    sent = untouched(item, office.reach("team"))
    Target.objects.filter(card__name__startswith="Layanan", period="2026-Q1").update(value="100")
    path = f"/langkah/{item.public_id}/selesai/"
    answer = team.post(path, sent)
    assert answer.status_code == 409
    assert "72,00%" in text(answer)
    newest = re.search(r'name="seen" value="(\w+)"', text(answer))
    assert newest is not None
    assert team.post(path, sent | {"seen": newest[1]}).status_code == 302
    assert str(worksheet(office, item.run).measurements.get(card__name__startswith="Layanan").shown) == "72"


@pytest.mark.usefixtures("cards")
def test_raw_data_is_shown_in_numbers(office: Engine) -> None:
    card = make_card(office.world, "Rasio", targets={"2026-Q1": "40"}, data=("selesai", "semua"), location="raw_data",
                     formula="selesai ÷ semua × 100")  # fmt: skip
    collected(office, VALUES)
    item = measuring(office, "B06")
    row = worksheet(office, item.run).measurements.get(card=card)
    unit = row.inputs["periods"][0]["units"][0]
    row.inputs["periods"][0]["units"] = [unit | {"data": {"selesai": "8", "semua": "10"}}] * 2
    row.save(update_fields=["inputs"])
    shown = page(client_of(office, "team"), f"/pengukuran/{row.public_id}/")
    assert "16 ÷ 20 × 100 = 80,00" in shown


@pytest.mark.usefixtures("cards")
def test_workbook_holds_real_numbers(office: Engine) -> None:
    make_card(office.world, "=1+1", targets={"2026-Q1": "80"})
    collected(office, VALUES | {"=1+1": "72"})
    item = measuring(office, "B06")
    answer = client_of(office, "team").get(f"/kertas-kerja/{worksheet(office, item.run).public_id}/xlsx/")
    assert answer.status_code == 200
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = {cells[2]: cells for cells in book.get_sheet_by_name("Kertas kerja").to_python()[3:]}
    assert rows["Layanan MELATI"][5:11] == [80.0, 72.0, 90.0, 90.0, 90.0, "Tinggi"]
    assert rows["Predikat MELATI"][5:7] == ["BB (5)", "B (4)"]
    assert rows["Belum MELATI"][7:10] == ["", "", ""]
    assert "=1+1 MELATI" in rows
    levels = book.get_sheet_by_name("Rekapitulasi").to_python()
    assert ["Tujuan", "Tujuan MELATI", "1 dari 1 dilaporkan", 80.0, "Tinggi"] in levels


@pytest.mark.usefixtures("cards")
def test_stale_worksheets_say_so(office: Engine) -> None:
    collection = collected(office, VALUES)
    finish(office, collection)
    item = measuring(office, "B08")
    corrected(office, collection, "38")
    secretary = client_of(office, "secretary")
    assert "Perlu diukur ulang" in page(secretary, f"/kertas-kerja/{worksheet(office, item.run).public_id}/")
    assert "Perlu diukur ulang" in page(secretary, f"/langkah/{item.public_id}/")
    answer = send(secretary, office, item, decision="yes")
    assert answer.status_code == 422
    assert "perlu diukur ulang" in text(answer)
    assert keys(item.run) == ["B08"]


@pytest.mark.usefixtures("cards")
def test_methodology_of_a_year(office: Engine) -> None:
    team, head = client_of(office, "team"), client_of(office, "head")
    assert "belum dikunci" in page(head, "/metodologi/2026/")
    assert "smart-tick" not in page(head, "/metodologi/2026/")
    first = team.post("/metodologi/2026/", {})
    assert first.status_code == 302
    row = Methodology.objects.get()
    assert (row.version, row.item) == (1, None)
    form = {"with_rows": "1", "seen": row.digest, **{
        f"smart_{each.card.public_id}": list("smar") for each in row.cards.select_related("card")
    }}  # fmt: skip
    answer = team.post("/metodologi/2026/", form)
    assert (answer.status_code, Methodology.objects.count()) == (422, 1)
    notes = {f"note_{each.card.public_id}": "Tanpa batas" for each in row.cards.select_related("card")}
    answer = team.post("/metodologi/2026/", form | notes | {"change_note": "Reviu <b>"})
    assert (answer.status_code, Methodology.objects.count()) == (302, 2)
    answer = team.post("/metodologi/2026/", form | notes)
    assert answer.status_code == 409
    assert Methodology.objects.order_by("-version")[0].digest in text(answer)
    shown = page(head, "/metodologi/2026/")
    assert "S M A R ·" in shown
    assert "Reviu &lt;b&gt;" in head.get("/metodologi/2026/").content.decode()
    assert head.post("/metodologi/2026/", {}).status_code == 422
    assert team.get("/metodologi/1026/").status_code == 404


@pytest.mark.usefixtures("cards")
def test_measuring_without_methodology_says_what_to_do(office: Engine) -> None:
    collected(office, VALUES)
    (run,) = office.open("2026-Q1", "B")
    office.advance(run, until="B05")
    item = bring(office, run, "B05")
    team = client_of(office, "team")
    assert "Metodologi tahun 2026 belum dikunci" in page(team, f"/langkah/{item.public_id}/")
    assert send(team, office, item).status_code == 422
    lock(office)
    assert send(team, office, item).status_code == 302


def test_an_agency_without_cards_sees_generic_steps(office: Engine) -> None:
    (collecting,) = office.open("2026-Q1", "A")
    office.advance(collecting, until="A11")
    item = measuring(office, "B04")
    team = client_of(office, "team")
    for step, words in (
        ("B04", "Belum ada kartu indikator"),
        ("B05", "Belum ada yang diukur"),
        ("B06", "Belum ada kertas kerja"),
    ):
        item = bring(office, item.run, step)
        assert words in page(team, f"/langkah/{item.public_id}/")
        assert send(team, office, item).status_code == 302
    assert keys(item.run) == ["B07"]


@pytest.mark.usefixtures("cards")
def test_foreign_things_are_not_found(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B06")
    found = worksheet(office, item.run)
    other = make_agency("Kenanga")
    stranger = Client()
    stranger.force_login(other.people["team"], backend=BACKEND)
    paths = (f"/kertas-kerja/{found.public_id}/", f"/kertas-kerja/{found.public_id}/xlsx/",
             f"/pengukuran/{found.measurements.all()[0].public_id}/", f"/kertas-kerja/{new_public_id()}/")  # fmt: skip
    assert [stranger.get(path).status_code for path in paths] == [404] * 4
    assert client_of(office, "team").get(paths[0]).status_code == 200


def test_queries_of_pages_do_not_grow(office: Engine) -> None:
    counts: list[list[int]] = []
    collected(office, {})  # so that both quarters have one before them
    for period, number in (("2026-Q2", 2), ("2026-Q3", 5)):
        for place in range(number):
            make_card(office.world, f"{period}{place}", targets={period: "10"}, level=("goal", "programme")[place % 2])
        collected(office, {period: "9"}, period)
        item = measuring(office, "B04", period)
        lock(office, note="Bertambah")
        team = client_of(office, "team")
        paths = [f"/langkah/{item.public_id}/"]
        item = bring(office, item.run, "B06")
        found = worksheet(office, item.run)
        paths += [f"/langkah/{item.public_id}/", f"/kertas-kerja/{found.public_id}/", "/metodologi/2026/"]
        paths += [f"/pengukuran/{found.measurements.all()[0].public_id}/"]
        asked = []
        for path in paths:
            with CaptureQueriesContext(connection) as context:
                page(team, path)
            asked.append(len(context))
        counts.append(asked)
    assert counts[0] == counts[1]


@pytest.mark.looks
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_pages_fit_their_screen(browser: Browser, live: Server, phone: bool) -> None:  # noqa: FBT001
    office = make_engine()
    make_card(office.world, "Persentase layanan informasi publik tepat waktu", units=("secretariat", "ikp"),
              targets={"2026-Q1": "80", "2026": "85"}, source="Buku register layanan")  # fmt: skip
    make_card(office.world, "Jumlah insiden keamanan", targets={"2026-Q1": "0"}, polarity="minimize", level="programme")
    make_card(office.world, "Predikat SAKIP", targets={"2026-Q1": "BB"}, polarity="predicate", level="goal")
    make_card(office.world, "Indeks SPBE", targets={"2026": "3.1"}, frequency="year", level="goal")
    collected(office, {"Persentase": "36.335", "Jumlah": "2", "Predikat": "B"})
    item = measuring(office, "B04")
    walk = Walk(browser, live.base_url, PASSWORD)
    shown = walk.new_page("team.melati", phone=phone)
    walk.log_in(shown, "team.melati", PASSWORD)
    paths = []
    for step in ("B04", "B05", "B06", "B08"):
        item = bring(office, item.run, step)
        paths.append((step, f"/langkah/{item.public_id}/"))
        look(walk, shown, paths[-1], phone=phone)
    found = worksheet(office, item.run)
    row = found.measurements.get(card__name__startswith="Persentase")
    others = (("metodologi", "/metodologi/2026/"), ("kertas-kerja", f"/kertas-kerja/{found.public_id}/"),
              ("asal", f"/pengukuran/{row.public_id}/"))  # fmt: skip
    for place in others:
        look(walk, shown, place, phone=phone)
    secretary = walk.new_page("secretary.melati", phone=phone)
    walk.log_in(secretary, "secretary.melati", PASSWORD)
    look(walk, secretary, ("keputusan", paths[-1][1]), phone=phone)
    assert walk.faults == []
    walk.close()


def look(walk: Walk, shown: Page, place: tuple[str, str], *, phone: bool) -> None:
    """Open a page: nothing sticks out at the right."""
    name, path = place
    shown.goto(path)
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    walk.shot(shown, f"ukur-{name}-{'phone' if phone else 'desktop'}")
