"""The draft of a report: prefilled from what was done, edited, kept through a return, printed in five parts."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capaian.collection.models import Recapitulation
from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Conflict, Refused
from capaian.measurement import actions as measurement
from capaian.proceedings import actions, queries, rules
from capaian.proceedings.entries import ReportEntry
from capaian.proceedings.models import Report
from capaian.proceedings.report_papers import Figures, approved_parts, first_report
from capaian.reporting.report_figures import collected, figures_of
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.proceedings.conftest import at, client_of
from tests.sop.driver import Engine, make_engine, open_items
from tests.web.step_answers import untouched

ENTRY = ReportEntry("Umum.\nDasar.", "Rapat.", "Lengkap.", "Selesai.")
TABLE = {"kind": "table", "heading": "Angka", "head": ["Indikator"], "rows": [["Nilai"]], "widths": [1]}
CONTENT: dict[str, Any] = {
    "schema": 1,
    "period": "2026-Q1",
    "due": 3,
    "reported": 2,
    "rows": [
        {"ordinal": 1, "name": "Indeks", "measured_in": "Poin", "value": "3.125", "letter": "", "provisional": True,
         "gaps": []},
        {"ordinal": 2, "name": "Nilai", "measured_in": "Predikat", "value": None, "letter": "BB", "provisional": False,
         "gaps": []},
        {"ordinal": 3, "name": "Laporan", "measured_in": "Dokumen", "value": None, "letter": "", "provisional": False,
         "gaps": ["IKP belum melapor."]},
    ],
    "gaps": ["Laporan: IKP belum melapor."],
}  # fmt: skip


def submit(office: Engine, item: WorkItem, entry: ReportEntry = ENTRY, *, edition: int = 0, **more: Any) -> WorkItem:
    by, reach = office.actor("team", item), office.reach("team")
    return actions.submit_report(item=item, entry=entry, edition=edition, answer=Answer(), by=by, reach=reach, **more)


@pytest.mark.parametrize("step", ["A09", "B07"])
def test_paper_has_five_parts_and_the_figures_in_the_third(office: Engine, step: str) -> None:
    done = submit(office, reached(office, step), extra_blocks=[TABLE])
    document = Paper.objects.get(item=done).document
    assert document.kind.code == "DLP"
    assert [block["heading"] for block in document.context["blocks"]] == [
        "A. Pendahuluan",
        "B. Kegiatan yang dilaksanakan",
        "C. Hasil yang dicapai",
        "Angka",
        "D. Kesimpulan dan saran",
        "E. Penutup",
    ]
    assert document.context["blocks"][0]["paragraphs"] == ["Umum.", "Dasar."]
    assert document.context["facts"][0][0] == "Tentang"
    standing = queries.standing_report(done.run)
    assert standing is not None
    assert standing.item == done


def reached(office: Engine, step: str) -> WorkItem:
    """Bring a run to a reporting step; B waits for the approval in A."""
    if step == "B07":
        (collecting,) = office.open("2026-Q1", "A")
        office.advance(collecting, until="A12")
    return at(office, step)


@pytest.mark.parametrize("section", list(rules.REPORT_SECTIONS))
def test_no_section_is_empty_or_endless(office: Engine, section: str) -> None:
    item = at(office, "A09")
    before = JournalEntry.objects.count()
    for text, code in ((" ", "report_empty"), ("x" * 8001, "text_long")):
        with pytest.raises(Refused) as refused:
            submit(office, item, replace(ENTRY, **{section: text}))
        assert [(reason.code, reason.field) for reason in refused.value.reasons] == [(code, section)]
    assert (Report.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_a_stale_form_overwrites_nothing(office: Engine) -> None:
    item = at(office, "A09")
    by, reach = office.actor("team", item), office.reach("team")
    assert actions.save_draft(item=item, entry=replace(ENTRY, results=""), edition=0, by=by, reach=reach) == 1
    with pytest.raises(Conflict, match="sudah disimpan"):
        submit(office, item)
    assert submit(office, item, edition=1).status == "done"


def test_first_text_tells_what_was_done(office: Engine) -> None:
    item = at(office, "A09")
    aptika = WorkItem.objects.filter(run=item.run, step__key="A07").order_by("done_at").last()
    found = first_report(item, Figures())
    order = Paper.objects.get(item__run=item.run, item__step__key="A01").document
    assert f"Dasar: SOP Pengumpulan Data Kinerja; Nota Dinas nomor {order.number}," in found.general
    lines = found.activities.splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("Langkah 1, Nota Dinas: Head MELATI (Kepala Dinas Melati), ")
    assert aptika is not None
    assert aptika.unit is not None
    assert f"3 unit menyampaikan, terakhir {aptika.unit.name} pada" in lines[6]
    assert found.results == "Formulir: 3 unit menyampaikan, 0 unit dikecualikan."
    assert "terlaksana sampai langkah 9; 10 dari 10 pekerjaan berbatas waktu selesai tepat waktu" in found.conclusion
    gaps = first_report(item, Figures(said=["Dua angka."], gaps=["IKP belum melapor."]))
    assert gaps.results.splitlines()[0] == "Dua angka."
    assert "Belum lengkap: IKP belum melapor." in gaps.results
    assert "Saran: unit terkait melengkapi" in gaps.conclusion


@pytest.mark.django_db
def test_questions_do_not_grow_with_units() -> None:
    counts = []
    for name, units in (("Mawar", 2), ("Dahlia", 4)):
        item = at(make_engine(name, units=units), "A09")
        with CaptureQueriesContext(connection) as asked:
            first_report(item, Figures())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_figures_come_from_the_newest_recapitulation(office: Engine) -> None:
    item = at(office, "A09")
    assert figures_of(office.reach("team"), item.run) == Figures()
    assert collected({}, "k") == Figures()
    recap = WorkItem.objects.get(run=item.run, step__key="A08")
    team = office.world.people["team"]
    Recapitulation.objects.create(
        agency=office.world.agency, item=recap, content=CONTENT, digest="0" * 64, computed_at=timezone.now(),
        computed_by=team,
    )  # fmt: skip
    found = figures_of(office.reach("team"), item.run)
    assert found.said == ["Rekapitulasi: 2 dari 3 indikator dilaporkan."]
    block, _ = found.blocks
    key = Recapitulation.objects.get().public_id
    assert block["rows"] == [
        ["1.", "Indeks", "Poin", "3,125", "sementara", f"{key}-1"],
        ["2.", "Nilai", "Predikat", "BB", "–", f"{key}-2"],
        ["3.", "Laporan", "Dokumen", "–", "IKP belum melapor", f"{key}-3"],
    ]
    page = client_of(office, "team").get(f"/langkah/{item.public_id}/").content.decode()
    assert "Tabel yang dicetak di bawah bagian C" in page
    form = untouched(item, office.reach("team"))
    assert "Belum lengkap: Laporan: IKP belum melapor." in form["results"]
    assert client_of(office, "team").post(f"/langkah/{item.public_id}/selesai/", form).status_code == 302
    assert block in Paper.objects.get(item=item).document.context["blocks"]
    json.dumps(found.blocks)


def test_what_is_approved_is_the_draft_itself(office: Engine) -> None:
    item = at(office, "A09")
    assert approved_parts(item.run, "") is None
    wide = {**TABLE, "head": ["Kolom"] * 7, "rows": [["1"] * 7]}
    submit(office, item, extra_blocks=[wide])
    draft = Paper.objects.get(item=item).document
    assert draft.context["orientation"] == "landscape"
    (decision,) = open_items(item.run)
    by, reach = office.actor("secretary", decision), office.reach("secretary")
    answer = Answer(decision=WorkItem.Decision.YES, note="Segera sampaikan.")
    measurement.decide(item=decision, answer=answer, by=by, reach=reach)
    report = Paper.objects.get(item=decision).document
    assert (report.title, report.context["orientation"]) == ("Laporan hasil Pengumpulan data kinerja", "landscape")
    *same, decided, closing = report.context["blocks"]
    assert [*same, closing] == draft.context["blocks"]
    assert decided["paragraphs"][0] == f"Draf laporan nomor {draft.number} disetujui menjadi laporan ini."
    assert decided["paragraphs"][1] == "Segera sampaikan."


def test_a_returned_report_begins_with_its_own_words(office: Engine) -> None:
    item = at(office, "A09")
    submit(office, item, replace(ENTRY, general="Ditulis sendiri."))
    (decision,) = open_items(item.run)
    office.complete(decision, decision="no", note="Perbaiki redaksi", target="A09")
    (again,) = open_items(item.run)
    assert (again.step.key, again.visit) == ("A09", 2)
    team, path = client_of(office, "team"), f"/langkah/{again.public_id}/"
    page = team.get(path).content.decode()
    assert "Ditulis sendiri." in page
    assert "Tulis ulang dari keadaan terakhir" in page
    form = untouched(again, office.reach("team")) | {"draft": "offer"}
    assert team.post(f"{path}selesai/", form).status_code == 302
    assert Report.objects.get(item=again).general.startswith("Umum: laporan ini memuat")
    assert Report.objects.get(item=item).general == "Ditulis sendiri."
