"""The archive of a run: everything by step, readable, and whole by its own list of fingerprints."""

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capaian.documents import actions as paper_actions
from capaian.documents import store
from capaian.documents.models import StoredFile
from capaian.proceedings import actions as proceedings
from capaian.proceedings.entries import ChecklistEntry, DocumentEntry
from capaian.proceedings.models import FollowUp
from capaian.reporting import run_archive
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run, WorkItem
from tests.proceedings.conftest import client_of
from tests.proceedings.test_checklist import NAMED
from tests.sop.driver import Engine, make_engine, open_items
from tests.web.offices import PDF, issue_drafts

HOSTILE = "../../etc/Rencana <kerja>\\n=1+1.pdf"
pytestmark = pytest.mark.django_db


def keep(name: str, more: bytes = b"") -> store.Kept:
    return store.keep(io.BytesIO(PDF + more), name)


def attach(office: Engine, item: WorkItem, name: str, who: str) -> None:
    person = office.reach(who)
    by = step_rules.actor_for(person, item)
    actions.attach_file(item=item, file=keep(name, name.encode()), by=by, reach=person)


def check_documents(office: Engine, item: WorkItem) -> None:
    documents = [DocumentEntry(name, "present", kept=keep("renstra.pdf", b"% r\n")) for name in NAMED[1:2]]
    documents += [DocumentEntry(name, "absent", reason="Belum ada") for name in (NAMED[0], *NAMED[2:])]
    by, reach = office.actor("team", item), office.reach("team")
    entry = ChecklistEntry(documents)
    proceedings.close_checklist(item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=reach)


@pytest.fixture
def office() -> Engine:
    return make_engine()


@pytest.fixture
def done(office: Engine) -> Run:
    """A collection that was returned once, with attachments, a checklist's file, a signed paper, a follow-up's file."""
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A04")
    check_documents(office, open_items(run)[0])
    office.advance(run, until="A07")
    for name, who in ((HOSTILE, "ikp"), ("bukti.pdf", "ikp"), ("BUKTI.PDF", "ikp")):
        attach(office, open_items(run).get(unit=office.world.units["ikp"]), name, who)
    office.advance(run, until="A10")
    office.complete(open_items(run)[0], decision="no", note="Perbaiki", target="A08")
    office.advance(run, until="A12")
    issue_drafts(run)
    sign(office, run)
    origin = run.items.get(step__key="A11")
    FollowUp.objects.create(
        agency=run.agency, origin=origin, text="Perbaiki", owner=office.world.positions["team"], state="done",
        evidence=paper_actions.add_file(kept=keep("sudah.pdf", b"% s\n"), agency=run.agency, by=office.actor("team")),
        finished_at=timezone.now(), finished_by=office.world.people["team"],
    )  # fmt: skip
    office.advance(run)
    issue_drafts(run)
    run.refresh_from_db()
    return run


def sign(office: Engine, run: Run) -> None:
    document = Paper.objects.get(item__run=run, item__step__key="A10").document
    kept = keep("tanda tangan.pdf", b"% t\n")
    paper_actions.upload_signed(document=document, kept=kept, by=office.actor("secretary"))


def download(office: Engine, run: Run, who: str = "team") -> Any:
    return client_of(office, who).get(reverse("run_archive", kwargs={"key": run.public_id}))


def unpacked(office: Engine, run: Run, into: Path) -> Path:
    """Unpack a run's archive; return its one folder."""
    answer = download(office, run)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert f'filename="arsip-A-{run.period}.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as package:
        assert package.testzip() is None
        for name in package.namelist():
            assert not name.startswith("/")
            assert ".." not in name.split("/")
        package.extractall(into)
    (folder,) = into.iterdir()
    return folder


def verify(folder: Path) -> "subprocess.CompletedProcess[str]":
    tool = shutil.which("sha256sum")
    assert tool is not None, "sha256sum (coreutils) is needed to prove the list"
    command = [tool, "--check", "--strict", run_archive.SUMS]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def listed(folder: Path) -> list[dict[str, str]]:
    text = (folder / run_archive.LIST).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_archive_is_whole_by_its_own_list(office: Engine, done: Run, tmp_path: Path) -> None:
    folder = unpacked(office, done, tmp_path)
    verified = verify(folder)
    assert (verified.returncode, verified.stderr) == (0, "")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    told = {line.split("  ", 1)[1] for line in (folder / run_archive.SUMS).read_text().splitlines()}
    assert told == there - {run_archive.SUMS}
    rows = listed(folder)
    assert {row["Berkas"] for row in rows} == told - {run_archive.LIST, run_archive.README}
    assert {row["Keterangan"] for row in rows} == {""}
    kinds = [row["Jenis"] for row in rows]
    papers = Paper.objects.filter(item__run=done).count()
    assert (kinds.count("Naskah"), kinds.count("Bertanda tangan"), kinds.count("Lampiran")) == (papers, 1, 3)
    assert (kinds.count("Dokumen checklist"), kinds.count("Bukti tindak lanjut")) == (1, 1)


def test_folders_tell_step_unit_and_visit(office: Engine, done: Run, tmp_path: Path) -> None:
    folder = unpacked(office, done, tmp_path)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    unit = run_archive.safe_name(office.world.units["ikp"].name)
    beside = {name.rsplit("/", 1)[1] for name in names if name.startswith(f"langkah-07-pengisian-formulir/{unit}/")}
    assert {"bukti.pdf", "BUKTI-2.pdf"} <= beside
    assert not any("<" in name or "\n" in name or "etc" in name.split("/")[:-1] for name in names)
    assert any(name.startswith("langkah-08-rekapitulasi/putaran-2/") for name in names)
    assert "langkah-04-checklist-dokumen/renstra.pdf" in names


@pytest.mark.parametrize("how", ["changed", "lost"])
def test_damage_is_found_and_told(office: Engine, done: Run, tmp_path: Path, how: str) -> None:
    file = StoredFile.objects.get(original_name="renstra.pdf")
    if how == "changed":
        store.path_of(file.key).write_bytes(PDF + b"% lain\n")
    else:
        store.discard(file.key)
    folder = unpacked(office, done, tmp_path)
    verified = verify(folder)
    assert verified.returncode == 1
    (row,) = [row for row in listed(folder) if row["Keterangan"]]
    assert row["SHA-256"] == file.sha256
    assert row["Berkas"] in verified.stdout + verified.stderr


def test_cells_are_never_formulas(office: Engine, done: Run, tmp_path: Path) -> None:
    FollowUp.objects.filter(origin__run=done).update(text="=HYPERLINK(1)")
    rows = listed(unpacked(office, done, tmp_path))
    assert "'=HYPERLINK(1)" in {row["Judul"] for row in rows}


def test_only_finished_runs_of_the_own_agency(office: Engine, done: Run) -> None:
    (other,) = office.open("2026-Q2", "A")
    refused = download(office, other)
    assert refused.status_code == 409
    assert "Proses ini belum selesai" in refused.content.decode()
    assert download(make_engine("Kenanga"), done).status_code == 404
    link = reverse("run_archive", kwargs={"key": done.public_id})
    assert link in client_of(office, "team").get(f"/proses/{done.public_id}/").content.decode()
    assert "arsip.zip" not in client_of(office, "team").get(f"/proses/{other.public_id}/").content.decode()


def test_questions_do_not_grow_with_files(office: Engine, done: Run) -> None:
    counts = []
    for more in (0, 5):
        item = done.items.filter(step__key="A07").order_by("pk")[0]
        for place in range(more):
            kept = keep(f"lagi-{place}.pdf")
            file = paper_actions.add_file(kept=kept, agency=done.agency, by=office.actor("team"))
            item.attachments.create(file=file)
        with CaptureQueriesContext(connection) as asked:
            run_archive.write_archive(Run.objects.get(pk=done.pk), io.BytesIO())
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Notulen Rapat", "Notulen-Rapat"),
        ("000.7/0001/UJI", "000.7-0001-UJI"),
        ("../..", "berkas"),
        ("Réncana\nkerja\\", "Rencana-kerja"),
        ("中文", "berkas"),
        ("x" * 200, "x" * 80),
    ],
)
def test_names_are_safe(text: str, safe: str) -> None:
    assert run_archive.safe_name(text) == safe
