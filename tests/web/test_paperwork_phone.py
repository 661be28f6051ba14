"""The Kepala at 390 pixels: an order issued with one tap, a disposition written with one thumb."""

import pytest
from playwright.sync_api import expect

from capaian.proceedings.models import FollowUp, Order
from tests.factories import PASSWORD
from tests.proceedings.conftest import at
from tests.sop.driver import make_engine
from tests.web.axe import too_wide
from tests.web.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_order_and_disposition_on_a_phone(walk: Walk) -> None:
    office = make_engine()
    report = at(office, "A11")
    (run,) = office.open("2026-Q1", "B")
    page = walk.new_page("head.melati", phone=True)
    walk.log_in(page, "head.melati", PASSWORD)
    order = run.items.get()
    page.goto(f"/langkah/{order.public_id}/")
    assert not too_wide(page)
    walk.shot(page, "phone-order")
    page.get_by_role("button", name="Selesaikan langkah").click()
    expect(page.locator(".notice-success").first).to_contain_text("Langkah 1 tercatat selesai")
    assert Order.objects.get().recipient == "Sekretaris"
    page.goto(f"/langkah/{report.public_id}/")
    assert not too_wide(page)
    boxes = [box for box in (one.bounding_box() for one in page.locator(".paperwork .choice").all()) if box]
    assert min(box["height"] for box in boxes) >= 44
    page.fill("textarea[name=text]", "Lanjutkan ke pengukuran.")
    page.get_by_label("Tim SAKIP –").first.check()
    page.fill("textarea[name=rows-0-text]", "Perbaiki indikator merah")
    page.get_by_role("button", name="Simpan dan tambah baris").click()
    expect(page.locator(".row-box")).to_have_count(3)
    walk.shot(page, "phone-disposition")
    page.get_by_role("button", name="Selesaikan langkah").click()
    expect(page.locator(".reasons")).to_contain_text("belum mempunyai penanggung jawab")
    expect(page.locator("textarea[name=text]")).to_have_value("Lanjutkan ke pengukuran.")
    page.select_option("select[name=rows-0-owner]", index=2)
    page.get_by_role("button", name="Selesaikan langkah").click()
    expect(page.locator(".notice-success").first).to_contain_text("Langkah 11 tercatat selesai")
    assert FollowUp.objects.get().text == "Perbaiki indikator merah"
