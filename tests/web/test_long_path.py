"""The backbone: in a real browser, both SOPs from the Kepala's order to the archive, role by role."""

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from capaian.agencies.queries import today
from capaian.cli.main import main
from capaian.periods.period import Period
from capaian.sample.load import load, planned_quarters
from capaian.sample.people import APTIKA, IKP, SAMPLE_PASSWORD, SECRETARIAT, STATISTICS, UPTD
from capaian.sample.planning import facts
from capaian.sample.runs import archive_period
from capaian.sop.shipped import shipped
from tests.server import Server
from tests.web import own_agency
from tests.web import walk as walks
from tests.web.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

CAST = {"head": "kepala", "secretary": "sekretaris", "team": "tim"}
SUBMITTERS = ["perencanaan", "ikp", "aptika", "statistik", "uptd"]
UNITS = [SECRETARIAT, IKP, APTIKA, STATISTICS, UPTD]


def typed_by(unit: str) -> dict[str, list[str]]:
    """What a unit of the sample types on its form: the second of the file's figures, with a decimal comma."""
    typed = {}
    for row in facts()["indicators"]:
        if unit in row["suppliers"] and "figures" in row:
            figure = row["figures"][1].get(unit, {})
            values = list(figure.values()) if isinstance(figure, dict) else [figure]
            typed[row["name"]] = [value.replace(".", ",") for value in values]
    return typed


def together(row: dict[str, Any], places: list[int]) -> tuple[Fraction, Fraction]:
    """Target and actual of the quarters together, computed here anew."""
    figures = []
    for place in places:
        told = list(row["figures"][place].values())
        if isinstance(told[0], dict):
            top, bottom = (sum((Fraction(each[name]) for each in told), Fraction(0)) for name in row["data"])
            figures.append(top / bottom * 100)
        else:
            figures.append(sum((Fraction(each) for each in told), Fraction(0)))
    target = Fraction(row["quarter"])
    method = row.get("consolidation", "last")
    if method == "last":
        return target, figures[-1]
    share = 1 if method == "sum" else len(places)
    return target * len(places) / share, sum(figures, Fraction(0)) / share


def measured_by_command(folder: Path, quarters: list[Period]) -> dict[str, str]:
    """Return what `capaian measure` says of the same figures, as the pages write it."""
    places = [0, 1] if quarters[0].year == quarters[1].year else [1]
    rows = ["indicator;polarity;target;actual"]
    for row in facts()["indicators"]:
        if "quarter" in row and not (quarters[1].number == 4 and "year" in row):
            target, actual = (
                str(Decimal(each.numerator) / Decimal(each.denominator)).replace(".", ",")
                for each in together(row, places)
            )
            rows.append(f"{row['name']};{row.get('polarity', 'maximize')};{target};{actual}")
    given, made = folder / "given.csv", folder / "made.json"
    given.write_text("\n".join(rows), encoding="utf-8")
    assert main(["measure", str(given), "--output", str(made)]) == 0
    found = json.loads(made.read_text(encoding="utf-8"))
    return {row["indicator"]: f"{row['achievement']}%" for row in found}


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


def test_both_sops_from_order_to_archive(walk: Walk, picture: Path, tmp_path: Path) -> None:
    agency = load()
    before, quarter, _ = planned_quarters(today(agency))
    archive_period(agency, before)
    period = quarter.label
    walk.figures = {who: typed_by(unit) for who, unit in zip(SUBMITTERS, UNITS, strict=True)}
    walks.run_measurement_start(walk, period, CAST)
    walks.run_collection(walk, period, CAST, SUBMITTERS, picture)
    walks.run_measurement(walk, period, CAST)
    walks.check_archive(walk, "kepala", walks.A, period, outputs("pengumpulan"))
    walks.check_archive(walk, "kepala", walks.B, period, outputs("pengukuran"))
    page = walks.run_page(walk, "kepala", walks.B, period)
    page.get_by_role("link", name="Kertas kerja", exact=True).click()
    walks.arrived(page, "Kertas kerja pengukuran kinerja")
    shown = {
        row.locator("td").nth(0).locator("p").first.inner_text(): row.locator("td").nth(3).inner_text()
        for row in page.locator(".table-lines tbody tr").all()
    }
    measured = measured_by_command(tmp_path, [before, quarter])
    assert len(measured) >= 9
    assert {name: shown[name] for name in measured} == measured
    walk.shot(page, "worksheet", whole=False)
    page.locator(".table-lines tbody tr").filter(has_text="%").locator("a").first.click()
    expect(page.locator("main")).to_contain_text("Dari mana angka ini?")
    walk.shot(walks.arrived(page, ""), "origin", whole=False)
    page.goto(f"/kinerja/{quarter.year}/")
    walk.shot(walks.arrived(page, f"Kinerja tahun {quarter.year}"), "performance", whole=False)


OWN_CAST = {"head": "coba.kepala", "secretary": "coba.sekretaris", "team": "coba.tim"}


@pytest.mark.once
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
