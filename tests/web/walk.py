"""Walks a browser through steps as people do: log in, open the inbox, do the work, look at the papers."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import DESKTOP, PHONE

# a busy machine is slow, not wrong
expect.set_options(timeout=20_000)
NOTES = "textarea[name=note], textarea[name=text], textarea[name=body]"
SHOTS = os.environ.get("CAPAIAN_SHOTS", "")


@dataclass
class Walk:
    """Browsers of several people on one server, one context each, and every fault that any of them met."""

    browser: Browser
    base_url: str
    password: str
    faults: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    #: What a person's unit reports: by the indicator's name the texts of its fields; none = an obstacle instead.
    figures: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def page(self, who: str) -> Page:
        """Return the page of a person, logged in."""
        if who not in self.pages:
            self.log_in(self.new_page(who), who, self.password)
        return self.pages[who]

    def new_page(self, who: str, *, phone: bool = False) -> Page:
        """Open a browser of a person's own, not logged in yet."""
        context = self.browser.new_context(
            base_url=self.base_url, locale="id-ID", viewport=PHONE if phone else DESKTOP, accept_downloads=True
        )
        context.set_default_timeout(30_000)
        context.on("console", lambda message: self._heard(message.type, message.text))
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.contexts.append(context)
        self.pages[who] = context.new_page()
        return self.pages[who]

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.faults.append(text)

    def log_in(self, page: Page, who: str, password: str) -> None:
        """Log in through the form."""
        page.goto("/masuk/")
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        arrived(page, "Pekerjaan saya")

    def open_step(self, who: str, step: int, sop: str, period: str) -> Page:
        """Open a step from the person's inbox."""
        page = self.page(who)
        page.goto("/")
        row = page.locator("tbody tr").filter(has_text=sop).filter(has_text=period).filter(has_text=f"{step}. ")
        row.first.locator(".table-action a").click()
        return arrived(page, f"{step}. ")

    def do(
        self,
        who: str,
        step: int,
        sop: str,
        period: str,
        *,
        note: str = "",
        decision: str = "",
        target: str = "",
        units: tuple[str, ...] = (),
        file: Path | None = None,
    ) -> Page:
        """Complete a step from the inbox: note, file, decision; check that its page says so."""
        page = self.open_step(who, step, sop, period)
        if decision:
            page.check(f"input[name=decision][value={decision}]")
        if target:
            page.check(f"input[name=target][value={target}]")
        for unit in units:
            page.get_by_label(unit).check()
        if page.locator("input[name=planned_at]").count():
            fill_meeting(page, note)
        elif page.locator("input[name=rows-0-state]").count():
            fill_checklist(page)
        elif page.locator(".unit-form").count():
            fill_form(page, self.figures[who])
        elif note and page.locator(NOTES).count():
            page.fill(NOTES, note)
        if file:
            page.set_input_files("input[name=uploads]", file)
        page.get_by_role("button", name="Selesaikan langkah").click()
        expect(page.locator(".notice-success").filter(has_text=f"Langkah {step} tercatat selesai")).to_be_visible()
        return page

    def hand_over(self, who: str, step: int, sop: str, period: str, note: str) -> None:
        """Hand a report to the Kepala."""
        page = self.open_step(who, step, sop, period)
        page.fill("textarea[name=note]", note)
        page.get_by_role("button", name="Sampaikan").click()
        expect(page.locator("main")).to_contain_text("Sudah disampaikan")

    def shot(self, page: Page, name: str, *, whole: bool = True) -> None:
        """Take a screenshot for the guides when asked to: of the whole page, or of what its screen shows."""
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=whole)

    def close(self) -> None:
        """Close every browser context; fail when anybody met a fault."""
        for context in self.contexts:
            context.close()
        assert not self.faults, "\n".join(self.faults)


def arrived(page: Page, heading: str) -> Page:
    """Wait for the whole page under a heading: what is read or counted at once does not wait by itself."""
    expect(page.locator("h1")).to_contain_text(heading)
    page.wait_for_load_state()
    return page


def fill_checklist(page: Page) -> None:
    """Say of every document that it is there, but of the last that it is not, and why."""
    named = page.locator("input[name$='-name']")
    rows = [place for place in range(named.count()) if named.nth(place).input_value()]
    for place in rows[:-1]:
        page.check(f"input[name=rows-{place}-state][value=present]")
        page.fill(f"input[name=rows-{place}-source]", "Bagian Perencanaan")
    page.check(f"input[name=rows-{rows[-1]}-state][value=absent]")
    page.fill(f"input[name=rows-{rows[-1]}-reason]", "Belum diterima dari instansi penerbit.")


def fill_form(page: Page, figures: dict[str, list[str]]) -> None:
    """Type a unit's figures; where it has none, say why."""
    for card in page.locator(".unit-card").all():
        name = card.locator("h3").inner_text().partition(". ")[2]
        typed = figures[name]
        fields = card.locator("input[type=text]")
        for place, text in enumerate(typed):
            fields.nth(place).fill(text)
        if not typed:
            card.locator("summary", has_text="hambatan").click()
            card.locator("textarea[name^=obstacle]").fill("Menunggu rilis oleh instansi penilai.")


def fill_meeting(page: Page, discussion: str) -> None:
    """Fill in a meeting held yesterday: who was there, who took notes, one decision for the last on the list."""
    yesterday = datetime.now(tz=UTC) - timedelta(days=1)
    page.fill("input[name=planned_at]", f"{yesterday:%Y-%m-%dT09:00}")
    present = page.locator("input[name=attended]")
    for place in range(min(3, present.count())):
        present.nth(place).check()
    page.select_option("select[name=note_taker]", index=1)
    page.fill("textarea[name=discussion]", discussion or "Arahan pelaksanaan disampaikan.")
    page.fill("textarea[name=rows-0-text]", "Siapkan formulir sebelum akhir pekan")
    page.select_option("select[name=rows-0-owner]", index=1)
    page.fill("input[name=rows-0-due]", f"{yesterday + timedelta(days=7):%Y-%m-%d}")


A, B = "SOP Pengumpulan Data Kinerja", "SOP Pengukuran Kinerja"


def run_collection(walk: Walk, period: str, cast: dict[str, str], submitters: list[str], file: Path) -> None:
    """Take SOP A from the order to the archive, through one Tidak and one returned form."""
    head, secretary, team = cast["head"], cast["secretary"], cast["team"]
    walk.page(head).goto("/")
    walk.shot(walk.page(head), "inbox", whole=False)
    walk.do(head, 1, A, period, note="Segera laksanakan.")
    walk.do(secretary, 2, A, period, note="Rapat dihadiri lengkap.", file=file)
    for step in (3, 4, 5, 6):
        walk.do(team, step, A, period, note=f"Hasil langkah {step}.")
    walk.shot(walk.open_step(submitters[-1], 7, A, period), "form", whole=False)
    for who in submitters[:-1]:
        walk.do(who, 7, A, period, note="Data unit terlampir.", file=file)
    walk.shot(run_page(walk, team, A, period), "run-filling", whole=False)
    walk.do(submitters[-1], 7, A, period)
    walk.do(team, 8, A, period)
    walk.do(team, 9, A, period, note="Draf laporan.")
    page = walk.open_step(secretary, 10, A, period)
    walk.shot(page, "decide", whole=False)
    page.check("input[name=decision][value=no]")
    page.get_by_role("button", name="Selesaikan langkah").click()
    expect(page.locator(".reasons")).to_contain_text("Catatan pengembalian belum diisi")
    walk.do(secretary, 10, A, period, decision="no", target="A08", note="Rekap belum memuat semua indikator.")
    page = walk.open_step(team, 8, A, period)
    expect(page.locator("main")).to_contain_text("Rekap belum memuat semua indikator.")
    walk.do(team, 8, A, period, note="Sudah dilengkapi.")
    walk.do(team, 9, A, period)
    walk.do(secretary, 10, A, period, decision="yes", note="Setuju.")
    walk.hand_over(secretary, 11, A, period, "Mohon arahan Bapak.")
    walk.shot(walk.open_step(head, 11, A, period), "disposition", whole=False)
    walk.do(head, 11, A, period, note="Lanjutkan ke pengukuran. Diteruskan kepada Sekretaris.")
    walk.do(team, 12, A, period)


def run_measurement_start(walk: Walk, period: str, cast: dict[str, str]) -> None:
    """Take SOP B to the place where it waits for SOP A."""
    walk.do(cast["head"], 1, B, period)
    walk.do(cast["secretary"], 2, B, period)
    walk.do(cast["team"], 3, B, period)
    walk.do(cast["team"], 4, B, period)
    page = run_page(walk, cast["team"], B, period)
    expect(page.locator("main")).to_contain_text("menunggu langkah 10 SOP A")


def run_measurement(walk: Walk, period: str, cast: dict[str, str]) -> None:
    """Take SOP B from step 5 to the archive, through one Tidak."""
    head, secretary, team = cast["head"], cast["secretary"], cast["team"]
    for step in (5, 6, 7):
        walk.do(team, step, B, period)
    walk.do(secretary, 8, B, period, decision="no", target="B06", note="Rekap per sasaran belum ada.")
    walk.do(team, 6, B, period)
    walk.do(team, 7, B, period)
    walk.do(secretary, 8, B, period, decision="yes")
    walk.hand_over(secretary, 9, B, period, "Hasil pengukuran terlampir.")
    walk.do(head, 9, B, period, note="Tindak lanjuti indikator merah.")
    walk.do(team, 10, B, period)


def run_page(walk: Walk, who: str, sop: str, period: str) -> Page:
    """Open a run from the board of periods."""
    page = walk.page(who)
    page.goto(f"/papan/{period.rsplit(maxsplit=1)[-1]}/")
    row = page.locator("tbody tr").filter(has=page.locator("th", has_text=period))
    row.get_by_role("link", name=sop, exact=True).click()
    return arrived(page, sop)


def check_archive(walk: Walk, who: str, sop: str, period: str, outputs: set[str]) -> None:
    """Look at a finished run: archived, every output there, every paper opens as a PDF."""
    page = run_page(walk, who, sop, period)
    expect(page.locator("main")).to_contain_text("Selesai dan diarsipkan")
    titles = set(page.locator(".file-list a[href^='/naskah/']").all_inner_texts())
    assert outputs <= titles, outputs - titles
    links = page.get_by_role("link", name="Buka PDF")
    addresses = [links.nth(place).get_attribute("href") or "" for place in range(links.count())]
    assert addresses
    for address in addresses:
        answer = page.request.get(address)
        assert answer.status == 200
        assert answer.body().startswith(b"%PDF-")
