"""Builds an agency through its pages, as its first admin would: units, people, positions, schedule."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.web.walk import Walk

NAME = "Dinas Percobaan"
NEW_PASSWORD = "sungai batu kelapa"
CODE = re.compile(r"[A-Z0-9]{5}-[A-Z0-9]{5}")
PEOPLE = {
    "coba.kepala": "Hasan Basri, S.E.",
    "coba.sekretaris": "Ratna Dewi, M.Si.",
    "coba.tim": "Joko Prabowo, S.Kom.",
    "coba.program": "Wulan Sari, S.Sos.",
    "coba.bidang": "Ahmad Yani, S.T.",
}
SEATS = {
    f"Kepala {NAME}": "coba.kepala",
    "Sekretaris": "coba.sekretaris",
    "Tim SAKIP": "coba.tim",
    "Kasubbag Perencanaan": "coba.program",
    "Kepala Bidang Percobaan": "coba.bidang",
}


def start(page: Page, admin: str) -> str:
    """Start a new agency as the sample's admin; return the first admin's one-time code."""
    page.goto("/perangkat-daerah/baru/")
    for name, value in {
        "region_name": "Percobaan",
        "name": NAME,
        "short_name": "DISCOBA",
        "place": "Kota Percobaan",
        "letterhead_government": "PEMERINTAH KABUPATEN PERCOBAAN",
        "admin_name": "Admin Percobaan",
        "admin_username": admin,
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=time_zone]", "Asia/Makassar")
    page.locator("main form button[type=submit]").click()
    return code_on(page)


def code_on(page: Page) -> str:
    """Read the one-time code that a page shows once."""
    return page.locator(".one-time-code").inner_text()


def first_log_in(walk: Walk, who: str, code: str) -> Page:
    """Use a one-time code, set a password, log in."""
    page = walk.new_page(who)
    page.goto("/akun/kode/")
    page.fill("[name=login]", who)
    page.fill("[name=code]", code)
    page.fill("[name=password1]", NEW_PASSWORD)
    page.fill("[name=password2]", NEW_PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/masuk/"))
    walk.log_in(page, who, NEW_PASSWORD)
    return page


def furnish(page: Page) -> dict[str, str]:
    """Add units, people and office-holders; return the one-time code of each person."""
    for name, kind in (("Sekretariat", "secretariat"), ("Bidang Percobaan", "division")):
        page.goto("/unit/baru/")
        page.fill("[name=name]", name)
        page.select_option("[name=kind]", kind)
        page.locator("main form button[type=submit]").click()
        expect(page.locator("h1")).to_contain_text("Unit")
    codes = {}
    for username, name in PEOPLE.items():
        page.goto("/pegawai/baru/")
        page.fill("[name=name]", name)
        page.fill("[name=username]", username)
        page.locator("main form button[type=submit]").click()
        codes[username] = code_on(page)
    for title, username in SEATS.items():
        page.goto("/jabatan/")
        row = page.locator("tbody tr").filter(has=page.get_by_role("link", name=title, exact=True))
        row.locator("a", has_text="Tetapkan").click()
        page.select_option("[name=person]", label=PEOPLE[username])
        page.locator("main form button[type=submit]").click()
        expect(page.locator("main")).to_contain_text(PEOPLE[username])
    return codes


def schedule(page: Page, year: int, first: str) -> None:
    """Schedule the quarters of a year from `first` on."""
    page.goto(f"/papan/{year}/jadwal/")
    page.select_option("[name=first]", first)
    page.get_by_label("Setiap bulan").uncheck()
    page.get_by_role("button", name="Jadwalkan").click()
    expect(page.locator("h1")).to_have_text(f"Papan periode {year}")


def ended_quarter(on: date) -> tuple[int, str]:
    """Return year and code of the latest ended quarter."""
    quarter = (on.month - 1) // 3
    return (on.year, f"{on.year}-Q{quarter}") if quarter else (on.year - 1, f"{on.year - 1}-Q4")
