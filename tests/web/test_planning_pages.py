"""The planning pages: what is typed becomes rows, refusals keep what was typed, a stale form overwrites nothing."""

import io
import re
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
import xlsxwriter
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.planning.models import Agreement, BudgetMonth, Card, Level, Node, Plan, Workbook
from tests.factories import World, make_agency
from tests.planning.cards import make_card, make_plan

pytestmark = pytest.mark.django_db

CARD = {
    "name": "Indeks SPBE", "ordinal": "1", "measured_in": "indeks", "kind": "outcome", "polarity": "maximize",
    "frequency": "quarter", "entry_kind": "period", "consolidation": "last", "location": "sum",
    "scale": "permendagri", "cap": "120", "weight": "1", "is_iku": "on",
}  # fmt: skip
RATIO = CARD | {
    "name": "Aduan selesai", "measured_in": "persen", "location": "raw_data", "formula": "selesai / masuk * 100",
    "rows-TOTAL_FORMS": "3", "rows-INITIAL_FORMS": "0", "rows-0-name": "selesai", "rows-0-label": "Aduan selesai",
    "rows-2-name": "masuk", "rows-2-label": "Aduan masuk", "rows-2-measured_in": "aduan",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    cache.clear()
    return make_agency("Melati")


@pytest.fixture
def team(world: World, client: Client) -> Client:
    client.force_login(world.people["team"])
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def send(client: Client, name: str, /, *args: object, opened: Any = None, **typed: Any) -> Any:
    """Send a form as a browser does, with the hidden fields of the page as it was opened."""
    return client.post(reverse(name, args=args), (opened or hidden(client, name, *args)) | typed)


def hidden(client: Client, name: str, *args: object) -> dict[str, str]:
    text = client.get(reverse(name, args=args)).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(form_token|edition)" value="([^"]*)"', text))
    assert "form_token" in found
    return found


def node(world: World, level: str) -> Node:
    make_plan(world)
    return Node.objects.get(agency=world.agency, level=level)


def test_a_plan_is_built_from_nothing(world: World, team: Client) -> None:
    assert "Belum ada rencana" in page(team, "planning")
    send(team, "plan_new", title="Renstra 2025–2029", first_year="2025", last_year="2029")
    plan = Plan.objects.get()
    send(team, "node_new", plan.public_id, level="goal", text="Layanan digital", ordinal="1")
    goal = Node.objects.get()
    above = team.get(reverse("node_new", args=[plan.public_id]), {"induk": goal.public_id}).content.decode()
    assert f'<option value="{goal.public_id}" selected>' in above
    owner = world.units["aptika"].public_id
    send(
        team, "node_new", plan.public_id, level="objective", text="SPBE naik", ordinal="1", parent=goal.public_id,
        owner=owner, origin="Renstra hlm. 34",
    )  # fmt: skip
    row = Node.objects.get(level="objective")
    assert (row.parent, row.owner, row.origin) == (goal, world.units["aptika"], "Renstra hlm. 34")
    answer = send(team, "indicator_new", row.public_id, 2026, **CARD)
    card = Card.objects.get()
    assert answer["Location"] == reverse("card", args=[card.public_id])
    shown = page(team, "planning_year", 2026)
    for text in ("Layanan digital", "SPBE naik", "Indeks SPBE", "Asal: Renstra hlm. 34", "Konsep", "Aptika"):
        assert text in shown


def test_a_card_with_raw_data_comes_back_into_its_form(world: World, team: Client) -> None:
    send(team, "indicator_new", node(world, Level.PROGRAMME).public_id, 2026, **RATIO)
    card = Card.objects.get()
    assert [(row.name, row.label, row.measured_in) for row in card.data.all()] == [
        ("selesai", "Aduan selesai", ""), ("masuk", "Aduan masuk", "aduan"),
    ]  # fmt: skip
    form = page(team, "card_change", card.public_id)
    assert 'value="masuk"' in form
    assert "selesai / masuk * 100" in page(team, "card", card.public_id)


def test_what_cannot_be_meant_stands_at_its_field_and_nothing_typed_is_lost(world: World, team: Client) -> None:
    key = node(world, Level.PROGRAMME).public_id
    answer = send(team, "indicator_new", key, 2026, **(RATIO | {"weight": "1.234", "rows-0-name": "dua kata"}))
    assert (answer.status_code, Card.objects.count()) == (422, 0)
    text = unescape(answer.content.decode())
    assert "“1.234” dapat dibaca 1234 atau 1,234. Tulis salah satunya." in text
    answer = send(team, "indicator_new", key, 2026, **(RATIO | {"rows-0-name": "dua kata"}))
    text = unescape(answer.content.decode())
    assert "“dua kata” tidak dapat menjadi nama data mentah." in text
    assert 'value="dua kata"' in text
    assert "Aduan masuk" in text
    assert (answer.status_code, Card.objects.count()) == (422, 0)


def test_targets_suppliers_and_activation(world: World, team: Client) -> None:
    card = make_card(world, "Indeks", active=False, units=(), measured_in="indeks")
    key = card.public_id
    answer = send(team, "card_targets", key, **{"target_2026-Q1": "2,85", "target_2026": "1.234"})
    assert answer.status_code == 422
    assert 'value="2,85"' in answer.content.decode()
    assert not card.targets.exists()
    send(team, "card_targets", key, **{"target_2026-Q1": "2,85", "target_2026": "3"})
    assert {row.period: str(row.value) for row in card.targets.all()} == {"2026-Q1": "2.85", "2026": "3"}
    form = page(team, "cards_activate", 2026)
    assert "belum mempunyai unit penyedia data" in form
    boxes = re.findall(r'name="cards" value="([^"]+)"', form)
    refused = send(team, "cards_activate", 2026, cards=boxes)
    assert (refused.status_code, Card.objects.filter(activated_at__isnull=True).count()) == (422, 1)
    send(team, "card_suppliers", key, units=[world.units["ikp"].public_id])
    stale = send(team, "cards_activate", 2026, cards=boxes)
    assert stale.status_code == 409
    boxes = re.findall(r'name="cards" value="([^"]+)"', page(team, "cards_activate", 2026))
    assert send(team, "cards_activate", 2026, cards=boxes).status_code == 302
    assert Card.objects.get().activated_by == world.people["team"]
    assert "Kartu ini sudah aktif dan tidak dapat diubah." in page(team, "card_change", key)


def test_a_stale_form_shows_what_differs_and_takes_a_second_sending(world: World, team: Client) -> None:
    send(team, "indicator_new", node(world, Level.OBJECTIVE).public_id, 2026, **CARD)
    key = Card.objects.get().public_id
    opened = hidden(team, "card_change", key)
    send(team, "card_change", key, **(CARD | {"name": "Dari rekan", "source": "Aplikasi"}))
    answer = send(team, "card_change", key, opened=opened, **(CARD | {"name": "Punya saya", "source": "Aplikasi"}))
    text = unescape(answer.content.decode())
    assert (answer.status_code, Card.objects.get().name) == (409, "Dari rekan")
    newest = text[text.index("Isi yang tersimpan sekarang") :].split("</dl>")[0]
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", newest) == [("Nama indikator", "Dari rekan")]
    assert "Punya saya" in text
    again = dict(re.findall(r'<input type="hidden" name="(form_token|edition)" value="([^"]*)"', text))
    send(team, "card_change", key, opened=again, **(CARD | {"name": "Punya saya", "source": "Aplikasi"}))
    assert Card.objects.get().name == "Punya saya"


def test_a_card_shows_its_formula_in_numbers(world: World, team: Client) -> None:
    card = make_card(world, "Aduan", targets={"2026": "80"}, data=("selesai", "masuk"), formula="selesai / masuk * 100")
    shown = page(team, "card", card.public_id)
    assert "Angka indikator: 40 ÷ 60 × 100 = 66,67." in shown
    assert "72 ÷ 80 × 100 = 90,00." in shown
    assert "Contoh hitungan" not in page(team, "card", make_card(world, "Tanpa target").public_id)


def test_budgets_are_summed_up(world: World, team: Client) -> None:
    activity, programme = node(world, Level.ACTIVITY), node(world, Level.PROGRAMME)
    opened = hidden(team, "node_budget", programme.public_id, 2026)
    send(team, "node_budget", activity.public_id, 2026, month_1="1.500.000", month_4="Rp 2.000.000,50", spent_1="0")
    rows = BudgetMonth.objects.order_by("month").values_list("month", "ceiling", "spent")
    assert [(month, str(ceiling), spent) for month, ceiling, spent in rows] == [
        (1, "1500000", 0), (4, "2000000.5", None),
    ]  # fmt: skip
    shown = page(team, "node_budget", programme.public_id, 2026)
    assert "Rp 3.500.000,50" in shown
    assert "Simpan anggaran" not in shown
    refused = send(team, "node_budget", programme.public_id, 2026, opened=opened, month_1="5")
    assert (refused.status_code, BudgetMonth.objects.count()) == (422, 2)
    assert "agar tidak terhitung dua kali" in unescape(refused.content.decode())


def test_an_agreement_is_drafted_read_and_put_in_force(world: World, team: Client) -> None:
    make_card(world, "Indeks SPBE", targets={"2026": "3,1".replace(",", ".")})
    send(team, "agreement_draft", 2026, superior_name="Bupati Contoh", superior_title="Bupati")
    row = Agreement.objects.get()
    text = page(team, "agreement", row.public_id)
    for part in ("Head MELATI", "Bupati Contoh", "Indeks SPBE MELATI", "3,1", "Konsep"):
        assert part in text
    assert "Berlakukan perjanjian" not in text
    assert team.post(reverse("agreement_enforce", args=[row.public_id])).status_code == 403
    head = Client()
    head.force_login(world.people["head"])
    opened = hidden(head, "agreement", row.public_id)
    wrong = head.post(reverse("agreement_enforce", args=[row.public_id]), opened | {"in_force_from": "2025-01-31"})
    assert wrong.status_code == 422
    head.post(reverse("agreement_enforce", args=[row.public_id]), opened | {"in_force_from": "2026-01-31"})
    found = Agreement.objects.select_related("document").get()
    assert (found.state, found.document is not None) == ("in_force", True)
    for name, key in (("agreement", row.public_id), ("document", found.document.public_id if found.document else "")):
        assert "Perjanjian Kinerja" in page(team, name, key)
    assert "Perjanjian Kinerja Tahun 2026" in page(team, "documents")
    assert "Berlaku" in page(team, "agreement_list", 2026)


def test_members_read_and_only_planners_see_buttons(world: World, client: Client) -> None:
    card = make_card(world, "Indeks", targets={"2026": "3"}, active=False)
    for who in ("head", "ikp.staff"):
        client.force_login(world.people[who])
        text = page(client, "planning_year", 2026) + page(client, "card", card.public_id)
        assert "Indeks MELATI" in text
        for words in ("Tambah butir", "Tambah indikator", "Aktifkan kartu", "Ubah target", "Ubah kartu"):
            assert words not in text
        assert client.get(reverse("card_change", args=[card.public_id])).status_code == 403
    assert "Perencanaan" in client.get("/").content.decode()


def test_foreign_things_do_not_exist(world: World, team: Client) -> None:
    other = make_agency("Kenanga")
    card = make_card(other, "Asing")
    make_plan(world)
    assert "Asing" not in page(team, "planning_year", 2026)
    for name, key in (
        ("card", card.public_id), ("card_change", card.public_id), ("card_targets", card.public_id),
        ("card_suppliers", card.public_id), ("node", card.indicator.node.public_id),
        ("node_new", card.indicator.node.plan.public_id),
    ):  # fmt: skip
        assert team.get(reverse(name, args=[key])).status_code == 404


def test_a_form_sent_twice_takes_effect_once(world: World, team: Client) -> None:
    make_plan(world)
    plan = Plan.objects.get()
    opened = hidden(team, "node_new", plan.public_id)
    before = Node.objects.count()
    for _ in range(2):
        answer = send(team, "node_new", plan.public_id, opened=opened, level="goal", text="Dua kali", ordinal="1")
        assert answer.status_code == 302
    assert Node.objects.count() == before + 1


@pytest.mark.parametrize("name", ["planning_year", "cards_activate"])
def test_as_many_queries_for_many_cards_as_for_few(world: World, team: Client, name: str) -> None:
    counts = []
    for number in range(1, 4):
        make_card(world, f"n{number}", units=("ikp", "aptika"), targets={"2026": "1"}, active=False)
        page(team, name, 2026)
        with CaptureQueriesContext(connection) as seen:
            text = page(team, name, 2026)
        assert f"n{number} MELATI" in text
        counts.append(len(seen))
    assert len(set(counts)) == 1, counts


def workbook_file(cards: list[dict[str, str]]) -> SimpleUploadedFile:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Butir")
        made = book.add_worksheet("Kartu")
        for at, heading in enumerate(cards[0]):
            made.write(0, at, heading)
            for number, row in enumerate(cards, start=1):
                made.write(number, at, row[heading])
    return SimpleUploadedFile("rencana.xlsx", stream.getvalue())


def test_a_workbook_is_shown_then_applied(world: World, team: Client) -> None:
    make_plan(world)
    plan = Plan.objects.get()
    row = {"Butir": "Program MELATI", "Nama indikator": "Indeks SPBE", "Satuan": "indeks", "Target setahun": "2.851"}
    answer = send(team, "workbook_new", plan.public_id, 2026, file=workbook_file([row]))
    text = unescape(team.get(answer["Location"]).content.decode())
    assert "<strong>D2</strong>" in text
    assert "“2.851” dapat dibaca 2851 atau 2,851. Tulis salah satunya." in text
    assert "Terapkan semuanya" not in text
    answer = send(team, "workbook_new", plan.public_id, 2026, file=workbook_file([row | {"Target setahun": "2,85"}]))
    key = Workbook.objects.latest("pk").public_id
    text = page(team, "workbook", key)
    assert "Kartu baru" in text
    assert not Card.objects.exists()
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', text)[0]
    refused = send(team, "workbook", key, seen="0" * 64)
    assert (refused.status_code, Card.objects.count()) == (409, 0)
    opened = hidden(team, "workbook", key)
    for _ in range(2):
        assert send(team, "workbook", key, opened=opened, seen=seen).status_code == 302
    assert Card.objects.get().name == "Indeks SPBE"
    assert "Buku kerja sudah diterapkan" in page(team, "workbook", key)


def test_the_template_is_taken_back(world: World, team: Client) -> None:
    make_card(world, "Indeks", targets={"2026": "3"})
    plan = Plan.objects.get()
    got = team.get(reverse("workbook_template", args=[plan.public_id, 2026]))
    assert got["Content-Disposition"] == 'attachment; filename="perencanaan-2026.xlsx"'
    answer = send(
        team, "workbook_new", plan.public_id, 2026, file=SimpleUploadedFile("perencanaan-2026.xlsx", got.content)
    )
    text = unescape(team.get(answer["Location"]).content.decode())
    assert "Buku kerja ini tidak mengubah apa pun." in text
    assert "Tidak berubah" in text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("rencana.xlsx", b"bukan zip", ""), ("rencana.pdf", b"%PDF-1.4\n%%EOF\n", "rusak atau bukan XLSX")],
)
def test_what_is_no_workbook_is_said(world: World, team: Client, name: str, content: bytes, sentence: str) -> None:
    make_plan(world)
    plan = Plan.objects.get()
    answer = send(team, "workbook_new", plan.public_id, 2026, file=SimpleUploadedFile(name, content))
    if answer.status_code == 302:
        answer = team.get(answer["Location"])
    assert sentence in unescape(answer.content.decode())
    assert "Terapkan semuanya" not in answer.content.decode()


@pytest.mark.parametrize("year", ["0", "1", "1999", "9999", "99999999999999999999"])
def test_an_odd_year_is_answered_with_a_page(world: World, team: Client, year: str) -> None:
    card = make_card(world, "Indeks", active=False)
    node_key, plan_key = card.indicator.node.public_id, card.indicator.node.plan.public_id
    for path in (
        f"/perencanaan/{year}/", f"/perencanaan/{year}/aktifkan/", f"/perencanaan/{year}/perjanjian/",
        f"/perencanaan/{year}/perjanjian/susun/", f"/butir/{node_key}/anggaran/{year}/",
        f"/butir/{node_key}/indikator/{year}/", f"/rencana/{plan_key}/impor/{year}/",
        f"/rencana/{plan_key}/impor/{year}/contoh/", f"/rencana/{plan_key}/butir/?induk=%00",
    ):  # fmt: skip
        assert team.get(path).status_code in {200, 404}, path
        form = CARD | {"superior_name": "B", "superior_title": "B", "month_1": "1", "cards": ["\x00", "z:9" * 99]}
        assert team.post(path, form).status_code in {200, 302, 404, 405, 409, 422}, path
    assert Card.objects.count() == 1


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\u202e", "9" * 5000, "1e999", "NaN", "-" * 70])
def test_odd_texts_are_answered_with_a_page(world: World, team: Client, odd: str) -> None:
    card = make_card(world, "Indeks", active=False, targets={"2026": "3"})
    typed = dict.fromkeys([*CARD, "target_2026", "target_2026-Q1", "month_1", "spent_2", "text", "edition"], odd)
    body = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in typed.items())
    for name, args in (
        ("card_change", (card.public_id,)), ("card_targets", (card.public_id,)),
        ("node", (card.indicator.node.public_id,)), ("plan_new", ()),
        ("node_budget", (card.indicator.node.public_id, 2026)),
    ):  # fmt: skip
        answer = team.post(reverse(name, args=args), body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {400, 409, 422}, name
    assert [(row.period, str(row.value)) for row in card.targets.all()] == [("2026", "3")]


def test_a_plan_is_changed_and_a_year_carried_from_the_page(world: World, team: Client) -> None:
    card = make_card(world, "a", targets={"2026": "3"})
    plan = card.indicator.node.plan
    assert "Perjanjian Kinerja belum berlaku" in page(team, "planning_year", 2026)
    answer = send(team, "plan_change", plan.public_id, title="Renstra diubah", first_year="2025", last_year="2030")
    assert answer.status_code == 302
    boxes = re.findall(r'name="cards" value="([^"]+)" checked', page(team, "cards_carry", 2027))
    assert boxes == [f"{card.public_id}:1"]
    assert send(team, "cards_carry", 2027, cards=boxes).status_code == 302
    again = page(team, "cards_carry", 2027)
    assert "Tidak ada kartu untuk disalin" in again
    assert Card.objects.filter(year=2027, indicator=card.indicator).count() == 1
