"""The backbone: in a real browser, both SOPs from the Kepala's order to the archive, role by role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from capaian.periods.period import Period
from capaian.sample.load import load, sample_periods
from capaian.sample.people import SAMPLE_PASSWORD
from capaian.sop.shipped import shipped
from tests.server import Server
from tests.web import own_agency
from tests.web import walk as walks
from tests.web.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

CAST = {"head": "kepala", "secretary": "sekretaris", "team": "tim"}
SUBMITTERS = ["perencanaan", "ikp", "aptika", "statistik", "uptd"]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small PDF to attach."""
    path = tmp_path / "notulen.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return path


@pytest.fixture
def walk(browser: Browser, live: Server) -> Iterator[Walk]:
    found = Walk(browser, live.base_url, SAMPLE_PASSWORD)
    yield found
    found.close()


def outputs(key: str) -> set[str]:
    """The names of the papers that a SOP leaves, per unit ones apart."""
    steps = shipped(key)["steps"]
    return {output["name"] for step in steps if step.get("fan_out") != "unit" for output in step["outputs"]}


def test_both_sops_from_order_to_archive(walk: Walk, picture: Path) -> None:
    agency = load()
    quarter: Period = sample_periods(agency.created_at.date())[0]
    period = quarter.label
    walks.run_measurement_start(walk, period, CAST)
    walks.run_collection(walk, period, CAST, SUBMITTERS, picture)
    walks.run_measurement(walk, period, CAST)
    walks.check_archive(walk, "kepala", walks.A, period, outputs("pengumpulan"))
    walks.check_archive(walk, "kepala", walks.B, period, outputs("pengukuran"))


OWN_CAST = {"head": "coba.kepala", "secretary": "coba.sekretaris", "team": "coba.tim"}


def test_the_same_in_an_agency_of_ones_own(walk: Walk, picture: Path) -> None:
    load()
    code = own_agency.start(walk.page("admin"), "coba.admin")
    admin = own_agency.first_log_in(walk, "coba.admin", code)
    for who, own_code in own_agency.furnish(admin).items():
        own_agency.first_log_in(walk, who, own_code)
    year, quarter = own_agency.ended_quarter(timezone.localdate())
    own_agency.schedule(admin, year, quarter)
    period = Period.parse(quarter).label
    walks.run_measurement_start(walk, period, OWN_CAST)
    walks.run_collection(walk, period, OWN_CAST, ["coba.program", "coba.bidang"], picture)
    walks.run_measurement(walk, period, OWN_CAST)
    walks.check_archive(walk, "coba.kepala", walks.A, period, outputs("pengumpulan"))
    walks.check_archive(walk, "coba.kepala", walks.B, period, outputs("pengukuran"))
    expect(walk.page("coba.kepala").locator("main")).not_to_contain_text("Bidang Aplikasi Informatika")
