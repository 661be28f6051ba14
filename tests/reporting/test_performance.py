"""An agency's year, its places, its indicators, its years: the same digits on page, CSV and XLSX."""

import csv
import io
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capaian.collection.actions import record_history
from capaian.collection.entries import HistoryEntry
from capaian.measurement.models import Measurement, Worksheet
from capaian.measurement.papers import worksheet_blocks
from capaian.measurement.year_queries import history_lines, lines_of
from capaian.planning.models import BudgetMonth, Card, Node
from capaian.reporting import performance, years
from capaian.reporting.performance import year_view
from capaian.sop.models import Run
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.reporting.planted import done_item, plant
from tests.sop.driver import Engine, make_engine
from tests.web.looks import text

pytestmark = pytest.mark.django_db
FIRST = {"Layanan": "72", "Insiden": "2", "Predikat": "BB", "Program": "1234.5"}
SECOND = {"Layanan": "84", "Insiden": "0", "Predikat": "B", "Program": "2469"}


@pytest.fixture
def office() -> Engine:
    made = make_engine()
    each = {"2026-Q1": "80", "2026-Q2": "80"}
    make_card(made.world, "Layanan", targets=each)
    make_card(made.world, "Insiden", targets={"2026-Q1": "5", "2026-Q2": "5"}, polarity="minimize")
    make_card(made.world, "Predikat", targets=dict.fromkeys(each, "BB"), polarity="predicate", level="goal")
    make_card(made.world, "Program", targets={"2026-Q1": "1000", "2026-Q2": "2000"}, level="programme")
    make_card(made.world, "Belum", targets={"2026-Q3": "5"}, level="programme")
    plant(made, "2026-Q1", FIRST)
    plant(made, "2026-Q2", SECOND)
    return made


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return text(answer)


def tables_on(page: str) -> list[list[list[str]]]:
    """Return the tables of a page as people read them, heads first."""
    found = []
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
        found.append([[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells])
    return found


def from_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def as_shown(value: Any, written: str) -> str:
    """Write what a workbook holds as its number format shows it."""
    if isinstance(value, str):
        return value
    places = len(written.partition(",")[2])
    return f"{Decimal(str(value)):,.{places}f}".translate(str.maketrans(",.", ".,"))


def test_the_year_stands_on_one_page(office: Engine) -> None:
    shown = page(client_of(office, "head"), "/kinerja/2026/")
    assert "sampai Triwulan II 2026" in shown
    assert "4 dari 5" in shown
    assert shown.count('role="img"') == 1
    lights = tables_on(shown)[1]
    assert lights[0][5:9] == ["TW I (%)", "TW II (%)", "TW III (%)", "TW IV (%)"]
    by_name = {row[0].split()[0]: row for row in lights[1:]}
    assert by_name["Layanan"][3:9] == ["80", "84", "90,00", "105,00", "–", "–"]
    assert by_name["Belum"][5:] == ["belum jatuh tempo", "belum jatuh tempo", "–", "–", "–"]
    assert by_name["Program"][9].startswith("sementara, 1 dari 2")
    first = page(client_of(office, "head"), "/kinerja/2026/?periode=2026-Q1")
    assert "sampai Triwulan I 2026" in first
    assert {row[0].split()[0]: row for row in tables_on(first)[1][1:]}["Layanan"][4] == "72"


@pytest.mark.parametrize("path", ["/kinerja/2026/", "/kinerja/antartahun/", "indicator", "node"])
def test_page_csv_and_workbook_say_the_same(office: Engine, path: str) -> None:
    head = client_of(office, "head")
    card = Card.objects.get(name__startswith="Program")
    named = {
        "indicator": f"/kinerja/indikator/{card.indicator.public_id}/",
        "node": f"/kinerja/2026/butir/{card.indicator.node.public_id}/",
    }
    path = named.get(path, path)
    shown = page(head, path)
    keys = re.findall(r'id="tabel-(\w+)"', shown)
    on_page = tables_on(shown)
    assert len(keys) == len(on_page) >= 1
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(head.get(f"{path}?unduh=xlsx").content))
    assert len(book.sheet_names) == len(keys)
    for place, key in enumerate(keys):
        assert from_csv(head.get(f"{path}?unduh=csv&tabel={key}").content) == on_page[place]
        rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)[3:]
        written = [
            [as_shown(*pair) for pair in zip(*two, strict=True)] for two in zip(rows, on_page[place], strict=True)
        ]
        assert written == on_page[place]
    assert head.get(f"{path}?unduh=pdf").status_code == 404
    assert head.get(f"{path}?unduh=csv&tabel=tiada").status_code == 404


def test_workbooks_hold_numbers(office: Engine) -> None:
    answer = client_of(office, "head").get("/kinerja/2026/?unduh=xlsx&tabel=indikator")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = {str(row[0]).split()[0]: row for row in book.get_sheet_by_index(0).to_python()}
    assert rows["Program"][3:7] == [2000.0, 2469.0, 123.45, 123.45]


def test_the_way_from_the_year_to_a_figure_and_back(office: Engine) -> None:
    head = client_of(office, "head")
    card = Card.objects.get(name__startswith="Layanan")
    node, indicator = card.indicator.node, f"/kinerja/indikator/{card.indicator.public_id}/"
    place = f"/kinerja/2026/butir/{node.public_id}/"
    assert place in page(head, "/kinerja/2026/")
    shown = page(head, place)
    assert indicator in shown
    assert f"/kinerja/2026/butir/{node.parent.public_id}/" in shown  # type: ignore[union-attr]
    assert 'href="/kinerja/2026/"' in shown
    shown = page(head, indicator)
    assert place in shown
    (figure,) = set(re.findall(r'href="(/pengukuran/\w+/)"[^>]*>105,00', shown))
    origin = page(head, figure)
    assert indicator in origin
    assert "Dari mana angka ini?" in origin


def test_money_stands_beside_achievement(office: Engine) -> None:
    node = Node.objects.get(level="programme")
    for month in range(1, 13):
        BudgetMonth.objects.create(node=node, year=2026, month=month, ceiling=Decimal(100), spent=Decimal("37.5"))
    shown = page(client_of(office, "head"), "/kinerja/2026/")
    (row,) = tables_on(shown)[-1][1:]
    assert row[1:] == ["1.200", "225", "18,75", "120,00", "101,25"]
    assert shown.count('role="img"') == 2


def test_a_year_from_before_the_product_comes_from_recorded_figures(office: Engine) -> None:
    old = make_card(office.world, "Lama", targets={"2024": "3"}, year=2024, frequency="year")
    record(office, old, "2024", "3.3")
    shown = page(client_of(office, "head"), "/kinerja/2024/")
    assert "Angka riwayat" in shown
    assert tables_on(shown)[1][1][3:6] == ["3", "3,3", "110,00"]
    assert "110,00" in page(client_of(office, "head"), "/kinerja/antartahun/")
    assert "2024 (riwayat)" in page(client_of(office, "head"), f"/kinerja/indikator/{old.indicator.public_id}/")
    (line,) = history_lines(office.reach("head"), [2024])[2024]
    assert not line.row.pk
    assert line.is_same


def record(office: Engine, card: Card, period: str, value: str) -> None:
    """Record a figure of a year before the product."""
    unit = office.world.units["secretariat"]
    entry = HistoryEntry(card_id=card.pk, unit_id=unit.pk, period=period, value=Decimal(value), origin="LKjIP 2024")
    record_history(agency=office.world.agency, figures=[entry], by=office.world.actor("team"))


def test_as_many_queries_for_more_indicators_and_years(office: Engine) -> None:
    head = client_of(office, "head")
    key = Card.objects.get(name__startswith="Layanan").indicator.public_id
    paths = ("/kinerja/2026/", "/kinerja/antartahun/", f"/kinerja/indikator/{key}/", "/kertas-kerja/")
    make_card(office.world, "Dahulu", targets={"2022": "1"}, year=2022)
    before = [queries(head, path) for path in paths]
    for place in range(6):
        make_card(office.world, f"Lagi {place}", targets={"2026-Q3": "1"}, units=("ikp", "aptika"))
        make_card(office.world, f"Dulu {place}", targets={"2023": "1"}, year=2023)
    plant(office, "2026-Q3", {"Layanan": "80", "Lagi": "1"})
    assert [queries(head, path) for path in paths] == before


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_code_on_a_paper_opens_its_figure(office: Engine) -> None:
    head, row = client_of(office, "head"), Measurement.objects.filter(shown__isnull=False)[0]
    assert worksheet_blocks(lines_of(row.worksheet))[0]["rows"][0][-1]
    for code in (row.public_id, f" {row.public_id} "):
        assert head.get("/kertas-kerja/", {"kode": code}).headers["Location"] == f"/pengukuran/{row.public_id}/"
    assert head.get("/kertas-kerja/", {"kode": row.digest}).status_code == 302
    assert "Tidak ada angka dengan kode itu" in page(head, "/kertas-kerja/?kode=tiada")
    assert head.get("/kertas-kerja/", {"kode": "a\x00b"}).status_code == 200
    stranger = client_of(make_engine("Mawar"), "head")
    assert stranger.get("/kertas-kerja/", {"kode": row.public_id}).status_code == 200


def test_what_waits_for_its_publication_is_listed(office: Engine) -> None:
    make_card(office.world, "Indeks", targets={"2026-Q3": "3"}, released_next_year=True, source="Kementerian")
    plant(office, "2026-Q3", {"Layanan": "80"})
    view = year_view(office.reach("head"), 2026)
    assert ["Indeks MELATI", "menunggu rilis", "–", "Kementerian"] in performance.waiting_table(view).texts()
    assert "Menunggu rilis atau masih sementara" in page(client_of(office, "head"), "/kinerja/2026/")
    earlier = performance.waiting_table(year_view(office.reach("head"), 2026, "2026-Q2"))
    assert {row[1] for row in earlier.texts()} == {"sementara, 1 dari 2 periode dilaporkan"}


def test_nothing_measured_says_so(office: Engine) -> None:
    assert "Belum ada yang diukur" in page(client_of(office, "head"), "/kinerja/2031/")
    assert client_of(office, "head").get("/kinerja/1999/").status_code == 404


def test_the_list_of_worksheets(office: Engine) -> None:
    newer = plant_again(office)
    (table,) = tables_on(page(client_of(office, "staff"), "/kertas-kerja/"))
    assert [row[0] for row in table[1:]] == ["Triwulan II 2026", "Triwulan II 2026", "Triwulan I 2026"]
    assert [row[1] for row in table[1:]] == ["4 dari 5"] * 3
    assert [row[3] for row in table[1:]] == ["Menunggu keputusan", "Tidak dipakai lagi", "Menunggu keputusan"]
    assert newer.public_id in page(client_of(office, "staff"), "/kertas-kerja/")
    assert year_view(office.reach("head"), 2026).sheet == newer


def plant_again(office: Engine) -> Any:
    """Leave a second worksheet of the second quarter, as a correction would."""
    old = Worksheet.objects.get(period="2026-Q2")
    (run,) = office.open("2026-Q4", "B")
    rows = list(old.measurements.all())
    new = Worksheet.objects.get(pk=old.pk)
    new.pk, new.public_id, new.item = None, "lembarbaru", done_item(office, run)
    new.save(force_insert=True)
    for place, row in enumerate(rows):
        row.pk, row.public_id, row.worksheet = None, f"ukuran{place}baru", new
    Measurement.objects.bulk_create(rows)
    return new


def test_a_cancelled_measurement_does_not_count(office: Engine) -> None:
    Run.objects.filter(period="2026-Q2", stands_for="B").update(status=Run.Status.CANCELLED, finished_at=timezone.now())
    view = year_view(office.reach("head"), 2026)
    assert view.period is not None
    assert view.period.code == "2026-Q1"
    assert performance.tables_of(view)
    assert years.years_view(office.reach("head")).running == {2026: "Triwulan I 2026"}


def test_somebody_elses_year_is_not_seen(office: Engine) -> None:
    stranger = make_engine("Mawar")
    assert not year_view(stranger.reach("head"), 2026).lines
    key = Card.objects.get(name__startswith="Layanan").indicator.public_id
    assert client_of(stranger, "head").get(f"/kinerja/indikator/{key}/").status_code == 404
