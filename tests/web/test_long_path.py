"""The backbone: in a real browser, both SOPs from the Kepala's order to the archive, role by role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from capaian.periods.period import Period
from capaian.sample.load import load, sample_periods
from capaian.sample.people import SAMPLE_PASSWORD
from capaian.sop.shipped import shipped
from tests.server import Server
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
