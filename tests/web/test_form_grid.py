"""A unit's form by keyboard alone, with a line that drops, and with two people in it."""

import pytest
from playwright.sync_api import Page, expect

from capaian.collection.models import Actual, UnitForm
from tests.collection.conftest import collect, filling
from tests.factories import PASSWORD
from tests.planning.cards import make_card
from tests.sop.driver import make_engine
from tests.web.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(walk: Walk, names: list[str]) -> tuple[str, list[Page]]:
    """Open a unit's form of four lines, one page for each person; return its address and the pages."""
    office = make_engine()
    targets = {"2026-Q1": "80", "2026": "90"}
    for name in ("Layanan", "Aduan", "Situs"):
        make_card(office.world, name, units=("ikp",), targets=targets)
    make_card(office.world, "Rasio", units=("ikp",), data=("selesai", "masuk"), formula="selesai / masuk * 100")
    item = filling(collect(office), office, "ikp")
    path, pages = f"/langkah/{item.public_id}/", []
    for name in names:
        page = walk.new_page(name)
        walk.log_in(page, name, PASSWORD)
        page.goto(path)
        pages.append(page)
    return path, pages


def focused(page: Page) -> str:
    """Return the name of the field that has the focus, without its line."""
    name: str = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
    return name.partition("-")[0]


PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(paste);
}"""


def tab_to(page: Page, name: str) -> None:
    """Go to a field or a button by Tab alone."""
    for _ in range(80):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {name}")


def test_the_step_is_done_by_keyboard_alone(walk: Walk) -> None:
    _, (page,) = opened(walk, ["ikp.melati"])
    keys = page.keyboard
    tab_to(page, "value")
    expect(page.locator(".figure").first).to_be_focused()
    page.evaluate(PASTE, "72,5\r\n1.234\r\n90\r\n3\t4\r\n")
    figures = page.locator(".figure")
    assert [figures.nth(place).input_value() for place in range(5)] == ["72,5", "1.234", "90", "3", "4"]
    expect(page.locator("[data-save-status]")).to_contain_text("kecuali 1 isian yang belum terbaca", timeout=10_000)
    expect(page.locator("[data-result]").first).to_have_text("90,63 %")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    expect(figures.nth(1)).to_be_focused()
    keys.type("64")
    keys.press("Enter")
    expect(figures.nth(2)).to_be_focused()
    keys.press("Enter")
    expect(figures.nth(3)).to_be_focused()
    keys.press("End")
    keys.press("ArrowRight")
    expect(figures.nth(4)).to_be_focused()
    expect(page.locator("[data-save-status]")).to_contain_text("Tersimpan", timeout=10_000)
    tab_to(page, "Selesaikan langkah")
    keys.press("Enter")
    expect(page.locator(".notice-success").first).to_contain_text("tercatat selesai")
    assert [str(row.value) for row in Actual.objects.order_by("card_id")] == ["72.5", "64", "90", "75"]
    assert UnitForm.objects.get(unit__name="Ikp Melati").state == "submitted"


def test_no_keystroke_is_lost_when_the_line_drops(walk: Walk) -> None:
    path, (page,) = opened(walk, ["ikp.melati"])
    figures, context = page.locator(".figure"), page.context
    figures.nth(0).fill("11")
    expect(page.locator("[data-save-status]")).to_contain_text("Tersimpan", timeout=10_000)
    context.set_offline(True)
    figures.nth(1).fill("22")
    page.locator("summary", has_text="Penyebab").first.click()
    page.locator("textarea[name^=cause]").first.fill("Ditulis tanpa sambungan")
    expect(page.locator("[data-save-status]")).to_contain_text("Belum tersimpan", timeout=10_000)
    figures.nth(2).fill("33")
    kept = page.evaluate("Object.values(localStorage).join()")
    assert [word for word in ('"22"', "Ditulis tanpa sambungan", '"33"') if word not in kept] == []
    # the laptop is closed; the page is opened again when the line is back
    context.set_offline(False)
    page.evaluate("window.onbeforeunload = null")
    page.goto("about:blank")
    page.goto(path)
    expect(figures.nth(2)).to_have_value("33")
    for _ in range(100):  # sent by the page that was left, or by this one
        if not page.evaluate("Object.keys(localStorage).filter((name) => name.includes('formulir')).length"):
            break
        page.wait_for_timeout(100)
    rows = {row.card.name.split()[0]: row for row in Actual.objects.select_related("card")}
    assert [str(rows[name].value) for name in ("Layanan", "Aduan", "Situs")] == ["11", "22", "33"]
    assert rows["Layanan"].cause == "Ditulis tanpa sambungan"
    walk.faults[:] = [fault for fault in walk.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_two_people_in_one_form(walk: Walk) -> None:
    _, (mine, hers) = opened(walk, ["ikp.melati", "ikp.staff.melati"])
    mine.locator(".figure").nth(0).fill("50")
    expect(mine.locator("[data-save-status]")).to_contain_text("Tersimpan", timeout=10_000)
    hers.locator(".figure").nth(1).fill("60")
    expect(hers.locator("[data-save-status]")).to_contain_text("Tersimpan", timeout=10_000)
    expect(hers.locator(".figure").nth(0)).to_have_value("50")
    mine.locator(".figure").nth(1).fill("61")
    box = mine.locator(".clash")
    expect(box).to_contain_text("sementara itu mengisi 60", timeout=10_000)
    expect(mine.locator(".figure").nth(1)).to_have_value("61")
    walk.shot(mine, "form-clash", whole=False)
    box.get_by_role("button", name="Pakai isian saya").click()
    expect(mine.locator("[data-save-status]")).to_contain_text("Tersimpan", timeout=10_000)
    hers.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(hers.locator(".figure").nth(1)).to_have_value("61", timeout=10_000)
    assert sorted(str(row.value) for row in Actual.objects.all()) == ["50", "61"]
