"""A form's file on a phone and on a desk: uploaded, its changes looked at, a clash decided, applied."""

import pytest
from playwright.sync_api import expect

from capaian.collection.models import Actual
from tests.browser import DESKTOP, PHONE
from tests.collection.conftest import collect, save, sheet, told
from tests.collection.offline_edit import taken_along
from tests.factories import PASSWORD
from tests.web.axe import findings, too_wide
from tests.web.test_collection_phone import office_with_cards
from tests.web.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_filled_file_is_looked_at_and_applied(walk: Walk) -> None:
    office = office_with_cards()
    run = collect(office)
    book = taken_along(office, run, "ikp")
    rows = book.body()
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], 70, obstacle="Dari web"))
    for place, value in enumerate((72.5, 8, "1.234", 4)):
        book.put(rows[place], "value", value)
    book.put(rows[0], "cause", "Layanan baru dibuka pada bulan Februari, sesudah gedungnya selesai diperbaiki")
    page = walk.new_page("ikp.melati", phone=True)
    walk.log_in(page, "ikp.melati", PASSWORD)
    page.goto("/papan/2026/")
    form = sheet(office, run, "ikp").form
    assert form is not None
    page.goto(f"/formulir/{form.public_id}/")
    page.get_by_role("link", name="Isi lewat berkas").click()
    assert not too_wide(page)
    walk.shot(page, "form-file")
    file = {"name": "isian.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": book.saved()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Unggah dan lihat perubahannya").click()
    expect(page.locator("main")).to_contain_text("1 isian juga diubah orang lain")
    assert not too_wide(page)
    assert findings(page) == []
    walk.shot(page, "phone-form-file-changes")
    page.set_viewport_size(DESKTOP)
    assert not too_wide(page)
    walk.shot(page, "form-file-changes")
    page.set_viewport_size(PHONE)
    page.get_by_label("Pakai isian berkas").check()
    page.get_by_role("button", name="Terapkan perubahan").click()
    expect(page.locator(".messages, main")).to_contain_text(["isian dari berkas tersimpan"])
    assert str(Actual.objects.get(obstacle="Dari web").value) == "72.5"
