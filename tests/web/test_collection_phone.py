"""A unit's form at 390 pixels: kept while it is typed, refused with sentences, submitted; nothing sticks out."""

import pytest
from playwright.sync_api import expect

from capaian.collection.models import Actual, UnitForm
from tests.collection.conftest import advance, collect, filling, save, sheet, submit, told
from tests.factories import PASSWORD
from tests.planning.cards import make_card
from tests.sop.driver import Engine, make_engine
from tests.web.axe import findings, too_wide
from tests.web.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def office_with_cards() -> Engine:
    office = make_engine()
    world, units = office.world, ("ikp", "secretariat")
    make_card(world, "Persentase layanan publik yang diselenggarakan secara daring dan terintegrasi", units=units,
              targets={"2026-Q1": "80", "2026": "90"}, evidence="Laporan layanan")  # fmt: skip
    make_card(world, "Aduan selesai", units=units, location="raw_data", data=("selesai", "masuk"),
              formula="selesai / masuk * 100")  # fmt: skip
    make_card(world, "Berita", units=units, frequency="month", consolidation="sum", measured_in="berita")
    make_card(world, "Nilai SAKIP", units=("ikp",), polarity="predicate", targets={"2026": "BB"},
              measured_in="predikat", released_next_year=True)  # fmt: skip
    return office


def test_form_is_filled_in_on_a_phone(walk: Walk) -> None:
    office = office_with_cards()
    run = collect(office)
    item = filling(run, office, "ikp")
    page = walk.new_page("ikp.melati", phone=True)
    walk.log_in(page, "ikp.melati", PASSWORD)
    page.goto(f"/langkah/{item.public_id}/")
    assert not too_wide(page)
    page.get_by_role("button", name="Tandai formulir diterima").click()
    expect(page.locator(".receipt-line")).to_contain_text("Diterima Ikp MELATI")
    figures = page.locator(".form-line input[inputmode=decimal]")
    figures.nth(0).fill("1.234,5")
    figures.nth(1).fill("1.234")
    expect(page.locator("[data-save-status]")).to_contain_text("kecuali 1 isian yang belum terbaca", timeout=15_000)
    expect(page.locator("[data-saved]").first).to_have_text("1.234,5")
    assert Actual.objects.get().value is not None
    figures.nth(1).fill("8")
    figures.nth(2).fill("10")
    expect(page.locator("[data-save-status]")).to_contain_text("Tersimpan", timeout=15_000)
    walk.shot(page, "phone-form")
    page.get_by_role("button", name="Selesaikan langkah").click()
    expect(page.locator(".reasons")).to_contain_text("belum dilampirkan")
    expect(figures.nth(0)).to_have_value("1.234,5")
    assert not too_wide(page)
    walk.shot(page, "phone-form-refused")
    assert findings(page) == []
    for place in range(3, 6):
        figures.nth(place).fill("4")
    page.locator("input[name^=letter]").fill("bb")
    page.locator("input[type=url]").first.fill("https://contoh.go.id/laporan")
    page.get_by_role("button", name="Selesaikan langkah").click()
    expect(page.locator(".notice-success").first).to_contain_text("tercatat selesai")
    row = UnitForm.objects.get(unit=office.world.units["ikp"])
    assert (row.state, row.received_at is not None) == ("submitted", True)


@pytest.mark.looks
def test_pages_of_the_team_fit_and_read_well(walk: Walk) -> None:
    office = office_with_cards()
    (run,) = office.open("2026-Q1", "A")
    advance(office, run, "A05")
    pages = [("prepare", f"/langkah/{run.items.get(step__key='A05').public_id}/")]
    wide, narrow = walk.new_page("team.melati"), walk.new_page("team2.melati", phone=True)
    for page, who in ((wide, "team.melati"), (narrow, "team2.melati")):
        walk.log_in(page, who, PASSWORD)

    def look() -> None:
        for name, path in pages:
            for page, size in ((wide, "wide"), (narrow, "phone")):
                page.goto(path)
                walk.shot(page, f"{size}-{name}")
                assert not too_wide(page), name
                assert findings(page) == []

    look()
    advance(office, run, "A06")
    pages[:] = [("distribute", f"/langkah/{run.items.get(step__key='A06').public_id}/")]
    look()
    advance(office, run, "A07")
    for unit in ("secretariat", "aptika"):
        office.waive(filling(run, office, unit))
    row = UnitForm.objects.get(unit=office.world.units["ikp"])
    lines = sheet(office, run, "ikp").lines
    save(office, run, "ikp", *(told(line, 5, obstacle="Contoh hambatan yang ditulis unit") for line in lines[:1]),
         *(told(line, obstacle="Belum rilis") for line in lines[1:]))  # fmt: skip
    submit(office, run, "ikp")
    last = run.items.get(step__key="A08", status="open")
    pages[:] = [
        ("recapitulate", f"/langkah/{last.public_id}/"),
        ("unit-form", f"/formulir/{row.public_id}/"),
        ("run-forms", f"/proses/{run.public_id}/formulir/"),
        ("recapitulation", f"/proses/{run.public_id}/rekapitulasi/"),
    ]
    look()
