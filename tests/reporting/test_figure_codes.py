"""Every code of origin on every paper of both SOPs opens what stands behind its figure, in its own agency only."""

import re

import pytest

from capaian.collection.models import Actual, Recapitulation
from capaian.measurement.models import Worksheet
from capaian.reporting import figure_codes
from capaian.reporting.figure_codes import CollectedOrigin, MeanOrigin, UnitOrigin, origin_by, place_of
from capaian.reporting.report_figures import figures_of
from capaian.sop.models import Paper
from tests.collection.conftest import collect, save, sheet, told
from tests.factories import make_agency
from tests.measurement.conftest import bring, collected, four_cards, measuring, office
from tests.measurement.test_measure import VALUES
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.looks import text

__all__ = ["office"]
pytestmark = pytest.mark.django_db
CODE = re.compile(r"[0-9a-z]{12,16}(-r?\d+)?")


def codes_of(blocks: list[dict[str, object]]) -> list[str]:
    """Return the last column of every table that has codes of origin."""
    tables = [each for each in blocks if each["kind"] == "table" and each["head"][-1] == "Kode asal"]  # type: ignore[index]
    return [row[-1] for table in tables for row in table["rows"] if row[-1] != "–"]  # type: ignore[attr-defined]


def test_every_code_on_every_paper_opens(office: Engine) -> None:
    four_cards(office.world)
    gathering = collected(office, VALUES)
    item = measuring(office, "B08")
    reach, team = office.reach("team"), client_of(office, "team")
    papers = Paper.objects.filter(item__run__in=[gathering, item.run]).select_related("document", "item__step")
    found: dict[str, list[str]] = {}
    for paper in papers:
        codes = codes_of(paper.document.context["blocks"])
        if codes:
            found.setdefault(paper.item.step.key, []).extend(codes)
    found["A09"] = codes_of(list(figures_of(reach, gathering).blocks))
    found["B07"] = codes_of(list(figures_of(reach, item.run).blocks))
    assert {"A07", "A08", "A09", "B05", "B06", "B07"} <= set(found)
    every = {code for codes in found.values() for code in codes}
    assert all(CODE.fullmatch(code) for code in every)
    for code in every:
        place = place_of(reach, code)
        assert place is not None, code
        answer = team.get("/kertas-kerja/", {"kode": code}, follow=True)
        assert answer.status_code == 200
        assert "Dari mana angka ini?" in text(answer), code
    stranger = make_agency("Mawar").reach("team")
    assert [code for code in every if place_of(stranger, code)] == []


def test_what_stands_behind_them(office: Engine) -> None:
    four_cards(office.world)
    collected(office, VALUES)
    run = measuring(office, "B06").run
    bring(office, run, "B08")
    reach, team = office.reach("team"), client_of(office, "team")
    frozen, sheet_row = Recapitulation.objects.get(), Worksheet.objects.get()
    row = next(each for each in frozen.content["rows"] if each["name"].startswith("Layanan"))
    collected_figure = origin_by(reach, f"{frozen.public_id}-{row['ordinal']}")
    assert isinstance(collected_figure, CollectedOrigin)
    assert collected_figure.approved is not None
    assert [unit.value for unit in collected_figure.periods[0].units] == ["36", "36"]
    shown = text(team.get(f"/angka/{frozen.public_id}-{row['ordinal']}/"))
    assert frozen.digest[:32] in shown
    assert "Laporan unit, Triwulan I 2026" in shown
    actual = Actual.objects.filter(card__name__startswith="Layanan").first()
    assert actual is not None
    assert isinstance(origin_by(reach, actual.public_id), CollectedOrigin)
    means = [origin_by(reach, f"{sheet_row.public_id}-r{number}") for number in range(1, 7)]
    told_of = [(each.mean.text, each.in_numbers) for each in means if isinstance(each, MeanOrigin)]
    assert ("Sasaran MELATI", "(1 × 90,00) ÷ (1) = 90,00") in told_of
    assert "(1 × 90,00) ÷ (1) = 90,00" in text(team.get(f"/angka/{sheet_row.public_id}-r3/"))
    page = text(team.get(f"/kertas-kerja/{sheet_row.public_id}/"))
    assert {f"/angka/{sheet_row.public_id}-r{number}/" in page for number in (1, 3, 5)} == {True}


def test_a_figure_that_is_not_recapitulated_opens_its_form(office: Engine) -> None:
    four_cards(office.world)
    run = collect(office, "A07", "2026-Q1")
    line = next(sheet(office, run, "ikp").open_lines)
    save(office, run, "ikp", told(line, obstacle="Belum ada data"))
    actual = Actual.objects.get()
    assert isinstance(origin_by(office.reach("team"), actual.public_id), UnitOrigin)


@pytest.mark.parametrize("code", ["", "-", "k-", "k-r", "k-1-2", "k-r1x", "../x", "k-99999999999", "é-1", "%"])
def test_odd_codes_open_nothing(office: Engine, code: str) -> None:
    assert place_of(office.reach("team"), code) is None


def test_a_code_without_its_page_is_found(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_codes, "_collected", lambda *_: None)
    with pytest.raises(AssertionError):
        test_every_code_on_every_paper_opens(office)
