"""A checklist: what the SOP names, the agency's own, files kept whatever is refused, the next period's start."""

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from capaian.documents import store
from capaian.documents.models import StoredFile
from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Refused
from capaian.proceedings import actions, queries, rules
from capaian.proceedings.checklist_papers import first_documents
from capaian.proceedings.entries import ChecklistEntry, DocumentEntry
from capaian.proceedings.models import Checklist, ChecklistItem
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.factories import make_agency
from tests.proceedings.conftest import at, client_of
from tests.sop.driver import Engine
from tests.web.offices import PDF
from tests.web.step_answers import untouched

NAMED = [
    "Program Kerja Kegiatan",
    "Renstra",
    "Hasil Survei (SKM/Kuesioner Kepuasan)",
    "Laporan Hasil Evaluasi (LHE) SAKIP Kementerian PANRB",
]


def kept(name: str = "renstra.pdf") -> store.Kept:
    return store.keep(io.BytesIO(PDF), name)


def documents(*more: DocumentEntry, **changes: object) -> ChecklistEntry:
    """Return all named documents present; `changes` are those of the second one, Renstra."""
    named = [DocumentEntry(name, "present", source="Arsip") for name in NAMED]
    named[1] = replace(named[1], **changes)  # type: ignore[arg-type]
    return ChecklistEntry((*named, *more))


def close(office: Engine, item: WorkItem, entry: ChecklistEntry, *, edition: int = 0, who: str = "team") -> WorkItem:
    by = office.actor(who, item)
    return actions.close_checklist(
        item=item, entry=entry, edition=edition, answer=Answer(), by=by, reach=office.reach(who)
    )


def test_paper_lists_documents_with_their_files(office: Engine) -> None:
    own = DocumentEntry("Perjanjian Kinerja", "absent", reason="Belum ditandatangani", kept=kept())
    done = close(office, at(office, "A04"), documents(own, year_or_version="2025–2029", kept=kept()))
    context = Paper.objects.get(item=done).document.context
    assert ["Jumlah", "5 dokumen: 4 ada, 1 tidak ada"] in context["facts"]
    listed, files, _closing = context["blocks"]
    assert listed["head"] == ["No.", "Dokumen", "Ada/tidak", "Tahun/versi", "Sumber", "Keterangan"]
    assert listed["rows"][1] == ["2.", "Renstra", "Ada", "2025–2029", "Arsip", "berkas terlampir"]
    remark = "Belum ditandatangani; dokumen perangkat daerah"
    assert listed["rows"][4] == ["5.", "Perjanjian Kinerja", "Tidak ada", "–", "–", remark]
    (stored,) = StoredFile.objects.filter(original_name="renstra.pdf")  # an absent document has no file
    assert files["rows"] == [["1.", "Renstra", "renstra.pdf", stored.sha256]]
    entry = JournalEntry.objects.get(verb="attached_file")
    assert (entry.target_public_id, entry.payload["document"]) == (done.public_id, "Renstra")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "unchecked"}, "unchecked"),
        ({"state": "lost"}, "not_in_list"),
        ({"state": "absent"}, "no_reason"),
        ({"name": "Rencana"}, "named_missing"),
        ({"source": "x" * 201}, "text_long"),
    ],
)
def test_every_named_document_is_judged(office: Engine, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        close(office, at(office, "A04"), documents(**changes))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert Checklist.objects.count() == 0


def test_own_documents_have_a_name_and_stand_once(office: Engine) -> None:
    twice = DocumentEntry("renstra ", "present")
    with pytest.raises(Refused) as refused:
        close(office, at(office, "A04"), documents(twice, DocumentEntry(" ", "present")))
    assert [reason.code for reason in refused.value.reasons] == ["document_twice", "document_unnamed"]


def foreign_file() -> int:
    other = make_agency("Kenanga")
    return StoredFile.objects.create(
        agency=other.agency,
        key="a" * 40,
        sha256="0" * 64,
        size=1,
        media_type="application/pdf",
        original_name="asing.pdf",
        uploaded_at=timezone.now(),
        uploaded_by=other.people["team"],
    ).pk


def test_a_file_from_elsewhere_is_refused(office: Engine) -> None:
    item = at(office, "A04")
    with pytest.raises(Refused) as refused:
        close(office, item, documents(file_id=foreign_file()))
    assert [reason.code for reason in refused.value.reasons] == ["file_unknown"]


def test_guard_against_foreign_files_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_reasons_foreign_files", lambda *_: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_a_file_from_elsewhere_is_refused(office)


def test_first_checklist_names_what_the_sop_names(office: Engine) -> None:
    item = at(office, "A04")
    plan, *others = first_documents(item, None)
    assert [plan.name, *(document.name for document in others)] == NAMED
    number = Paper.objects.get(item__run=item.run, item__step__key="A03").document.number
    assert (plan.state, plan.source) == ("present", number)
    assert {document.state for document in others} == {"unchecked"}


def test_next_period_takes_over_all_but_the_word(office: Engine) -> None:
    own = DocumentEntry("Perjanjian Kinerja", "absent", reason="Belum ditandatangani")
    close(office, at(office, "A04"), documents(own, year_or_version="2025–2029", kept=kept()))
    item = at(office, "A04", "2026-Q2")
    last = queries.last_checklist(item, office.reach("team"))
    taken = {document.name: document for document in first_documents(item, last)}
    assert list(taken) == [*NAMED, "Perjanjian Kinerja"]
    stored = ChecklistItem.objects.get(file__isnull=False).file_id
    assert taken["Renstra"] == DocumentEntry("Renstra", "unchecked", "2025–2029", "Arsip", "", stored)
    assert taken["Perjanjian Kinerja"].reason == "Belum ditandatangani"
    page = client_of(office, "team").get(f"/langkah/{item.public_id}/").content.decode()
    assert "Triwulan I 2026: Tidak ada." in page
    assert page.count("Tersimpan: <a") == 1
    # taken over once more, by the page itself
    form = untouched(item, office.reach("team"))
    assert client_of(office, "team").post(f"/langkah/{item.public_id}/selesai/", form).status_code == 302
    assert ChecklistItem.objects.filter(file_id=stored, name="Renstra").count() == 2
    assert ChecklistItem.objects.get(checklist__item=item, name="Perjanjian Kinerja").is_own


def picked(name: str = "renstra.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_files_outlive_a_refusal(office: Engine) -> None:
    item = at(office, "A04")
    team, path = client_of(office, "team"), f"/langkah/{item.public_id}/selesai/"
    form = untouched(item, office.reach("team"))
    refused = team.post(path, form | {"rows-1-file": picked(), "rows-2-state": "absent"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "alasannya belum ditulis" in page
    assert "Tersimpan: <a" in page
    stored = ChecklistItem.objects.get(file__isnull=False).file
    assert stored is not None
    assert f'name="rows-1-file_key" value="{stored.public_id}"' in page
    assert 'name="edition" value="1"' in page
    again = form | {"edition": "1", "rows-1-file_key": stored.public_id}
    assert team.post(path, again).status_code == 302
    row = ChecklistItem.objects.get(file__isnull=False)
    assert (row.name, row.file) == ("Renstra", stored)
    assert JournalEntry.objects.filter(verb="attached_file").count() == 1
    assert team.get(f"/checklist/{stored.public_id}/berkas/").content == PDF


def test_draft_keeps_files_and_bad_ones_are_refused(office: Engine) -> None:
    item = at(office, "A04")
    team, path = client_of(office, "team"), f"/langkah/{item.public_id}/selesai/"
    form = untouched(item, office.reach("team")) | {"draft": "1"}
    program = SimpleUploadedFile("program.pdf", b"MZ\x90\x00" + b"\x00" * 64, "application/pdf")
    assert team.post(path, form | {"rows-1-file": program}).status_code == 422
    assert Checklist.objects.count() == 0
    assert team.post(path, form | {"rows-1-file": picked()}).status_code == 302
    assert ChecklistItem.objects.get(file__isnull=False).name == "Renstra"
    item.refresh_from_db()
    assert item.status == "open"


def test_a_foreign_key_on_the_form_counts_for_nothing(office: Engine) -> None:
    item = at(office, "A04")
    key = StoredFile.objects.get(pk=foreign_file()).public_id
    form = untouched(item, office.reach("team")) | {"rows-1-file_key": key}
    assert client_of(office, "team").post(f"/langkah/{item.public_id}/selesai/", form).status_code == 302
    assert not ChecklistItem.objects.filter(file__isnull=False).exists()
    assert client_of(office, "team").get(f"/checklist/{key}/berkas/").status_code == 404
