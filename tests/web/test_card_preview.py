"""While a card is written, a worked example follows it; everything that `formulas` offers can be chosen."""

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from capaian.formulas.consolidation import PeriodMethod
from capaian.formulas.locations import LocationMethod
from capaian.formulas.polarity import Polarity
from capaian.formulas.rule import CAPS
from capaian.formulas.shipped_scales import SCALES
from capaian.journal.models import Entry
from capaian.measurement.card_preview import worked
from capaian.planning import actions
from capaian.planning.card_rules import reasons_about_card
from capaian.planning.entries import CardEntry, DatumEntry, IndicatorEntry
from capaian.planning.models import Card, Level, Node
from capaian.web.planning_forms import CardForm
from tests.factories import PASSWORD, World, make_agency
from tests.planning.cards import make_plan
from tests.proceedings.conftest import client_of
from tests.server import Server
from tests.sop.driver import make_engine
from tests.web.looks import text
from tests.web.walk import Walk

PLAIN = CardEntry("Indikator", "persen")
RATIO = replace(
    PLAIN, formula="selesai / masuk * 100", data=(DatumEntry("selesai", "Selesai"), DatumEntry("masuk", "Masuk"))
)
WITHOUT_FORMULA = (Polarity.PREDICATE, Polarity.MILESTONE)
LISTS = {
    "polarity": [each.value for each in Polarity],
    "consolidation": [each.value for each in PeriodMethod],
    "location": [each.value for each in LocationMethod],
    "scale": [each.code for each in SCALES],
}


@pytest.mark.parametrize("field", LISTS)
def test_a_card_offers_everything_that_formulas_know(field: str) -> None:
    offered = [value for value, _ in CardForm(initial={}).fields[field].choices]  # type: ignore[attr-defined]
    assert sorted(offered) == sorted(LISTS[field])


def test_everything_offered_can_be_chosen_together_and_has_an_example() -> None:
    seen = set()
    for polarity, consolidation, location in product(*list(LISTS.values())[:3]):
        raw = location == LocationMethod.RAW_DATA
        entry = RATIO if raw and polarity not in WITHOUT_FORMULA else PLAIN
        where = "sum" if raw and polarity in WITHOUT_FORMULA else location
        entry = replace(entry, polarity=polarity, consolidation=consolidation, location=where)
        assert reasons_about_card(entry, 2026) == []
        found = worked(entry, 2026)
        assert found.outcome is not None
        assert found.outcome.result.shown is not None, entry
        seen.add((polarity, found.outcome.result.formula.key, found.how))
    assert {polarity for polarity, *_ in seen} == set(LISTS["polarity"])
    for scale, cap, weight in product(LISTS["scale"], CAPS, (Decimal(0), Decimal(1), Decimal("2.5"))):
        entry = replace(PLAIN, scale=scale, cap=cap, weight=weight)
        assert reasons_about_card(entry, 2026) == []
        found = worked(entry, 2026)
        assert found.outcome is not None
        assert found.outcome.result.category
        assert found.weighed


def test_what_is_not_offered_is_refused_in_the_example() -> None:
    found = worked(replace(PLAIN, polarity="lain"), 2026)
    assert (found.outcome, len(found.refused)) == (None, 1)
    assert worked(replace(RATIO, formula="selesai / (masuk - masuk)"), 2026).refused
    assert worked(replace(PLAIN, name="", measured_in=""), 2026).refused == ()


def test_the_words_are_exact() -> None:
    found = worked(replace(RATIO, location="raw_data", weight=Decimal(3)), 2026)
    assert found.steps == [
        "Triwulan I: jumlah data mentah kedua unit: selesai 90, masuk 130.",
        "Triwulan I: 90 ÷ 130 × 100 = 69,23.",
        "Triwulan II: jumlah data mentah kedua unit: selesai 100, masuk 140.",
        "Triwulan II: 100 ÷ 140 × 100 = 71,43.",
        "Target setiap triwulan: 79.",
    ]
    assert found.weighed.startswith(
        "Bobot 3: bersama indikator lain berbobot 1 dengan skor 100, rata-ratanya (3 × 90,42"
    )


SENT = {
    "name": "", "ordinal": "1", "measured_in": "", "kind": "output", "polarity": "minimize", "frequency": "quarter",
    "entry_kind": "period", "consolidation": "sum", "location": "sum", "scale": "permendagri", "cap": "150",
    "weight": "1", "definition": "Yang sudah ditulis", "preview": "part",
}  # fmt: skip


@pytest.fixture
def team(db: None) -> tuple[Client, World]:
    engine = make_engine()
    return client_of(engine, "team"), engine.world


def test_a_form_shows_its_example_and_writes_nothing(team: tuple[Client, World]) -> None:
    client, world = team
    node = Node.objects.get(plan=make_plan(world), level=Level.OBJECTIVE)
    path, before = f"/butir/{node.public_id}/indikator/2026/", Entry.objects.count()
    assert 'id="card-example"' in text(client.get(path))
    part = client.post(path, SENT)
    assert part.status_code == 200
    assert "<form" not in text(part)
    assert "Unit A 42, Unit B 30; dijumlahkan: 72." in text(part)
    page = client.post(path, SENT | {"preview": "page"})
    assert page.status_code == 200
    assert "Yang sudah ditulis" in text(page)
    assert "Wajib diisi" not in text(page)
    assert "Unit A 42, Unit B 30; dijumlahkan: 72." in text(page)
    unread = text(client.post(path, SENT | {"cap": "1.234"}))
    assert "Batas skor" in unread
    assert "big-number" not in unread
    assert (Card.objects.count(), Entry.objects.count()) == (0, before)
    saved: Any = client.post(path, {name: value for name, value in SENT.items() if name != "preview"})
    assert (saved.status_code, Card.objects.count()) == (422, 0)


def test_another_agencys_card_has_no_example(team: tuple[Client, World]) -> None:
    client, _ = team
    other = make_agency("Mawar")
    node = Node.objects.get(plan=make_plan(other), level=Level.OBJECTIVE)
    by, place = other.actor("team"), IndicatorEntry()
    card = actions.add_indicator(node=node, indicator=place, card=PLAIN, year=2026, by=by)
    assert client.post(f"/kartu/{card.public_id}/ubah/", SENT).status_code == 404


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_the_example_follows_what_is_typed(browser: Browser, live: Server) -> None:
    world = make_engine().world
    node = Node.objects.get(plan=make_plan(world), level=Level.OBJECTIVE)
    walk = Walk(browser, live.base_url, PASSWORD)
    shown = walk.new_page("team.melati", phone=True)
    walk.log_in(shown, "team.melati", PASSWORD)
    shown.goto(f"/butir/{node.public_id}/indikator/2026/")
    panel = shown.locator("#card-example")
    expect(panel).to_contain_text("91,30%")
    shown.select_option("select[name=polarity]", "minimize_ratio")
    expect(panel).to_contain_text("T ÷ R")
    shown.fill("input[name=formula]", "selesai / masuk * 100")
    expect(panel).to_contain_text("Rumus menyebut selesai, masuk")
    for place, name in enumerate(("selesai", "masuk")):
        shown.fill(f"input[name=rows-{place}-name]", name)
        shown.fill(f"input[name=rows-{place}-label]", name)
    expect(panel).to_contain_text("Unit A: 40 ÷ 60 × 100 = 66,67")
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (Card.objects.count(), walk.faults) == (0, [])
    walk.close()
