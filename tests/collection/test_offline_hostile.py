"""Files made to do harm, at the door of the forms: refused at once with a sentence, or read as what they are."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core import signing

from capaian.collection.import_actions import proposal_of
from capaian.collection.offline_files import form_book, form_csv
from capaian.collection.offline_marking import marked_book
from capaian.collection.offline_reading import read_returned
from capaian.collection.offline_seal import SALT
from capaian.documents import store
from capaian.planning.models import Card
from capaian.sop.models import Run
from capaian.workbooks.problems import UnreadableTable
from tests.cli.test_workbooks import HARMFUL
from tests.collection.conftest import collect, save, sheet, told
from tests.collection.offline_edit import bring, opened, reach_of, sheets, taken_along
from tests.sop.driver import Engine, make_engine

pytestmark = pytest.mark.django_db
PAYLOADS = ("=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\uff1d1+1", "\t=1", "'=1")


@pytest.fixture
def run(office: Engine, card: Card) -> Run:
    return collect(office)


def changed_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return a workbook with one of its parts rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()) if name == part else data)
    return out.getvalue()


@pytest.mark.parametrize("kind", HARMFUL)
def test_harmful_workbooks_are_refused_at_once(tmp_path: Path, kind: str) -> None:
    data, words = HARMFUL[kind]
    words = "tidak memuat lembar" if kind == "no part" else words  # its sheet is asked for by name
    path = tmp_path / "isian.xlsx"
    path.write_bytes(data)
    start = time.process_time()
    with pytest.raises(UnreadableTable, match=words):
        read_returned(path, "isian.xlsx")
    assert time.process_time() - start < 2


def test_a_false_dimension_is_not_believed(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    book.put(book.body()[0], "value", 7)
    content = changed_part(
        book.saved(), "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml),
    )  # fmt: skip
    start = time.process_time()
    proposal = proposal_of(bring(office, run, "ikp", content), reach_of(office, "ikp"))
    assert ([each.given for each in proposal.changes], proposal.refusals) == (["7"], [])
    assert time.process_time() - start < 2


def test_too_many_rows_are_refused_before_they_are_read(tmp_path: Path, office: Engine, run: Run) -> None:
    cells = "".join(f'<c r="{letter}9" t="inlineStr"><is><t>x</t></is></c>' for letter in "AB")
    more = f"<row>{cells.replace('9', '')}</row>" * 300_000
    content = changed_part(
        form_book(sheets(office, run, "ikp")),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("</sheetData>", re.sub(r' r="[A-Z]+"', "", more) + "</sheetData>"),
    )
    path = tmp_path / "isian.xlsx"
    path.write_bytes(content)
    start = time.process_time()
    with pytest.raises(UnreadableTable, match=r"lebih dari 5000 baris|dimampatkan tidak wajar"):
        read_returned(path, "isian.xlsx")
    assert time.process_time() - start < 2


def resealed(seal: list[str], **changes: object) -> list[str]:
    """Return a seal of ours that says something else."""
    body = signing.loads("".join(piece[1:] for piece in seal), salt=SALT) | changes
    return [f"s{signing.dumps(body, salt=SALT, compress=True)}"]


def test_a_seal_is_believed_only_for_its_own_form(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    own = list(book.seal)
    other = make_engine("Kenanga")
    foreign = signing.dumps({"schema": 1}, salt=SALT, key="kunci pemasangan lain")
    for seal, text in (
        ([], "bukan formulir yang diunduh dari Capaian"),
        ([own[0][:-1] + ("a" if own[0][-1] != "a" else "b")], "tidak cocok"),
        ([f"s{foreign}"], "tidak cocok"),
        (resealed(own, schema=0), "susunan yang sudah tidak dipakai"),
        (resealed(own, agency=other.world.agency.public_id), "milik perangkat daerah lain"),
        (resealed(own, run="lain"), "periode atau putaran lain"),
        (taken_along(office, run, "secretariat").seal, "formulir unit lain"),
    ):
        book.seal = seal
        with pytest.raises(UnreadableTable, match=text):
            proposal_of(bring(office, run, "ikp", book.saved()), reach_of(office, "ikp"))


def test_an_older_download_is_merged_not_refused(office: Engine, run: Run) -> None:
    book = taken_along(office, run, "ikp")
    line = sheet(office, run, "ikp").lines[0]
    for value in (1, 2):
        save(office, run, "ikp", told(line, Decimal(value)))
    book.put(book.body()[0], "obstacle", "Dari berkas lama")
    proposal = proposal_of(bring(office, run, "ikp", book.saved()), reach_of(office, "ikp"))
    assert [(each.label, each.effect) for each in proposal.changes] == [("Hambatan", "write")]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_typed_becomes_a_formula(office: Engine, run: Run, payload: str, tmp_path: Path) -> None:
    line = sheet(office, run, "ikp").lines[0]
    save(office, run, "ikp", told(line, Decimal(-5), cause=payload))
    forms = sheets(office, run, "ikp")
    content = form_book(forms)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert all(b"<f>" not in package.read(name) for name in package.namelist() if "sheet" in name)
    text = form_csv(forms).decode("utf-8-sig")
    cells = text.split("\r\n")[-2].split(";")
    assert not cells[11].lstrip('"').startswith(("=", "+", "-", "@", "\uff1d", "\t"))
    assert cells[9] == "-5"
    upload = bring(office, run, "ikp", content)
    person = reach_of(office, "ikp")
    path = store.path_of(upload.file.key)
    marked = marked_book(path, "isian.xlsx", read_returned(path, "isian.xlsx"), proposal_of(upload, person))
    with zipfile.ZipFile(io.BytesIO(marked)) as package:
        assert all(b"<f>" not in package.read(name) for name in package.namelist() if "sheet" in name)
    again = opened(marked)
    assert proposal_of(bring(office, run, "ikp", again.saved()), person).changes == []


def test_a_file_name_is_only_a_name(office: Engine, run: Run) -> None:
    content = taken_along(office, run, "ikp").saved()
    for name in ("../../etc/passwd", "CON.xlsx", "a\nb.xlsx", "x" * 300 + ".xlsx"):
        upload = bring(office, run, "ikp", content, name)
        assert "/" not in upload.file.original_name
        assert "\n" not in upload.file.original_name
        assert proposal_of(upload, reach_of(office, "ikp")).changes == []
