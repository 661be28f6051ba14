"""What collection and measurement give to their reports, and the reports that are approved; both can be printed."""

from itertools import pairwise
from typing import Any

import pytest

from capaian.documents.render import render
from capaian.proceedings import actions
from capaian.proceedings.report_papers import first_report
from capaian.reporting.report_figures import figures_of
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.collection.conftest import advance, collect
from tests.measurement.conftest import collected, decide, fill, measuring, worksheet
from tests.planning.cards import make_card
from tests.sop.driver import Engine, make_engine, open_items

VALUES = {"Layanan": "36", "Belum": None}


@pytest.fixture
def office(db: None) -> Engine:
    """An office with two indicators, one of which nobody reports."""
    made = make_engine()
    make_card(made.world, "Layanan", units=("secretariat", "ikp"), targets={"2026-Q1": "80"})
    make_card(made.world, "Belum", targets={"2026-Q1": "5"}, level="programme")
    return made


def report(office: Engine, item: WorkItem) -> dict[str, Any]:
    """Submit the usual report; return its paper's context."""
    reach = office.reach("team")
    figures = figures_of(reach, item.run)
    entry = first_report(item, figures)
    by = office.actor("team", item)
    actions.submit_report(
        item=item, entry=entry, edition=0, answer=Answer(), extra_blocks=figures.blocks, by=by, reach=reach
    )
    context: dict[str, Any] = Paper.objects.get(item=item).document.context
    return context


def approved(office: Engine, item: WorkItem) -> dict[str, Any]:
    """Let the Sekretaris approve what was reported; return the report's context."""
    (decision,) = open_items(item.run)
    decide(office, decision, note="Sampaikan kepada Kepala.")
    output = decision.step.outputs.order_by("ordinal")[0]
    context: dict[str, Any] = Paper.objects.get(item=decision, output=output).document.context
    return context


def within(blocks: list[Any], other: list[Any]) -> bool:
    """Tell whether blocks stand in another list in the same order."""
    places = [other.index(block) for block in blocks]
    return all(before < after for before, after in pairwise(places))


def tables(context: dict[str, Any]) -> dict[str, list[list[str]]]:
    return {block["heading"]: block["rows"] for block in context["blocks"] if block["kind"] == "table"}


def test_collected_figures(office: Engine) -> None:
    run = collect(office, "A07", "2026-Q1")
    fill(office, run, VALUES)
    advance(office, run, "A09")
    draft = report(office, open_items(run)[0])
    rows = {row[1].split(" ")[0]: row[2:] for row in tables(draft)["Rekapitulasi data kinerja"]}
    assert rows["Layanan"][1:3] == ["72", "–"]
    assert rows["Belum"][1] == "–"
    (results,) = [block for block in draft["blocks"] if block["heading"].startswith("C.")]
    assert results["paragraphs"][0] == "Rekapitulasi: 1 dari 2 indikator dilaporkan."
    final = approved(office, WorkItem.objects.get(run=run, step__key="A09"))
    assert within(draft["blocks"], final["blocks"])
    for context in (draft, final):
        assert render("sheet", context).startswith(b"%PDF")


def test_measured_figures(office: Engine) -> None:
    collected(office, VALUES)
    item = measuring(office, "B07")
    draft = report(office, item)
    assert draft["orientation"] == "landscape"
    assert any(row[2] == worksheet(office, item.run).digest for row in tables(draft)["Dasar pengukuran"])
    (results,) = [block for block in draft["blocks"] if block["heading"].startswith("C.")]
    assert results["paragraphs"][0].startswith("Pengukuran: 1 dari 2 indikator terukur")
    assert any(line.startswith("Belum lengkap: Belum") for line in results["paragraphs"])
    final = approved(office, item)
    assert within(draft["blocks"], final["blocks"])
    for context in (draft, final):
        assert render("sheet", context).startswith(b"%PDF")


def test_without_cards_there_are_no_figures(db: None) -> None:
    office = make_engine("Kenanga")
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A09")
    figures = figures_of(office.reach("team"), run)
    assert (list(figures.said), list(figures.gaps), list(figures.blocks)) == ([], [], [])
