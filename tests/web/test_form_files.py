"""The pages around a form's file: downloaded, uploaded, shown, decided on, applied, a copy with its refused cells."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.collection.models import Actual, FormImport, UnitForm
from capaian.documents import store
from capaian.sop.models import Run
from tests.collection.conftest import card, collect, filling, office, save, sheet, told  # noqa: F401
from tests.collection.offline_edit import Book, opened
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.offices import form_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(office: Engine, card: object) -> Run:  # noqa: F811
    make_card(office.world, "Lain", units=("ikp",))
    return collect(office)


def form_of(office: Engine, run: Run, unit: str = "ikp") -> UnitForm:  # noqa: F811
    return UnitForm.objects.get(round__run=run, unit=office.world.units[unit])


def download(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content


def upload(office: Engine, who: str, path: str, content: bytes, name: str = "isian.xlsx") -> Any:  # noqa: F811
    file = SimpleUploadedFile(name, content)
    token = form_token(office.world.people[who])
    return client_of(office, who).post(path, {"file": file, "form_token": token}, follow=True)


def test_a_unit_takes_its_form_along_and_back(office: Engine, run: Run) -> None:  # noqa: F811
    form, client = form_of(office, run), client_of(office, "ikp")
    step = client.get(reverse("step", args=[filling(run, office, "ikp").public_id])).content.decode()
    assert reverse("form_upload", args=[form.public_id]) in step
    assert (
        reverse("form_upload", args=[form.public_id])
        in client.get(reverse("unit_form", args=[form.public_id])).content.decode()
    )
    page = client.get(reverse("form_upload", args=[form.public_id])).content.decode()
    assert reverse("form_file", args=[form.public_id]) in page
    book = opened(download(client, reverse("form_file", args=[form.public_id])))
    first, second = book.body()
    book.put(first, "value", 12.5)
    book.put(second, "value", "1.234")
    line = sheet(office, run, "ikp").lines[0]
    save(office, run, "ikp", told(line, Decimal(3)))
    answer = upload(office, "ikp", reverse("form_upload", args=[form.public_id]), book.saved())
    shown = answer.content.decode()
    assert "1 isian juga diubah orang lain" in shown
    assert "dapat dibaca 1234 atau 1,234" in shown
    [row] = FormImport.objects.all()
    clash = answer.context["proposal"].clashes[0].key
    path = reverse("form_import", args=[row.public_id])
    marked = opened(download(client, reverse("form_import_marked", args=[row.public_id])))
    assert (marked.rows[second][marked.column("value")], marked.rows[first][marked.column("value")]) == ("1.234", 12.5)
    assert marked.seal == book.seal
    sent = {
        "seen": answer.context["proposal"].digest,
        clash: "mine",
        "form_token": form_token(office.world.people["ikp"]),
    }
    done = client.post(path, sent, follow=True)
    assert "1 isian dari berkas tersimpan." in done.content.decode()
    assert done.redirect_chain[-1][0] == reverse("step", args=[filling(run, office, "ikp").public_id])
    assert Actual.objects.get(is_current=True).value == Decimal("12.5")
    assert "Isian berkas sudah diterapkan" in client.get(path).content.decode()
    assert client.post(path, sent).status_code in {302, 409}
    assert client.post(path, sent | {"form_token": form_token(office.world.people["ikp"])}).status_code == 409
    assert Actual.objects.get(is_current=True).value == Decimal("12.5")


def test_tim_sakip_brings_the_forms_of_all_units_as_csv(office: Engine, run: Run) -> None:  # noqa: F811
    client = client_of(office, "team")
    assert (
        reverse("run_forms_upload", args=[run.public_id])
        in client.get(reverse("run_forms", args=[run.public_id])).content.decode()
    )
    content = download(client, f"{reverse('run_forms_file', args=[run.public_id])}?bentuk=csv").decode("utf-8-sig")
    lines = content.split("\r\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("Kode;"))
    for number in (at + 1, at + 2):
        cells = lines[number].split(";")
        cells[9] = "7,5"
        lines[number] = ";".join(cells)
    answer = upload(
        office, "team", reverse("run_forms_upload", args=[run.public_id]), "\r\n".join(lines).encode(), "semua.csv"
    )
    [row] = FormImport.objects.all()
    sent = {"seen": answer.context["proposal"].digest, "form_token": form_token(office.world.people["team"])}
    done = client.post(reverse("form_import", args=[row.public_id]), sent, follow=True)
    assert "2 isian dari berkas tersimpan." in done.content.decode()
    assert [(str(each.value), each.entered_by) for each in Actual.objects.all()] == [
        ("7.5", office.world.people["team"])
    ] * 2


def test_who_may_not_upload_is_told(office: Engine, run: Run) -> None:  # noqa: F811
    form = form_of(office, run)
    content = download(client_of(office, "ikp"), reverse("form_file", args=[form.public_id]))
    for who, path in (
        ("aptika", reverse("form_upload", args=[form.public_id])),
        ("ikp", reverse("run_forms_upload", args=[run.public_id])),
    ):
        answer = upload(office, who, path, content)
        assert answer.status_code == 422
        assert "Minta mereka mengunggahnya." in answer.content.decode()
    assert not FormImport.objects.exists()


def test_what_is_no_form_of_ours_is_told(office: Engine, run: Run) -> None:  # noqa: F811
    path = reverse("form_upload", args=[form_of(office, run).public_id])
    for content, name, text in (
        (b"a;b\n1;2\n", "lain.csv", "tidak memuat baris judul"),
        (Book([["Kode", "Indikator"]], []).saved(), "lain.xlsx", "bukan formulir yang diunduh dari Capaian"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "lama.xls", "tidak diterima"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "tabel.xls", "tidak diterima"),
    ):
        answer = upload(office, "ikp", path, content, name)
        assert text in answer.content.decode(), name


@pytest.mark.parametrize("whole", [False, True])
def test_as_many_queries_for_many_rows_as_for_few(office: Engine, run: Run, whole: bool) -> None:  # noqa: F811, FBT001
    counts = []
    for more in (0, 6):
        for place in range(more):
            make_card(office.world, f"Tambahan {place}", units=("ikp", "secretariat"), data=("a", "b"), formula="a / b")
        again = run if not more else collect(office, period="2026-Q2")
        who, unit = ("team", "") if whole else ("ikp", "ikp")
        client, form = client_of(office, who), form_of(office, again)
        file = reverse("run_forms_file" if whole else "form_file", args=[again.public_id if whole else form.public_id])
        book = opened(download(client, file))
        for down in book.body():
            book.put(down, "value", 3)
        page = reverse("run_forms_upload" if whole else "form_upload", args=[(again if whole else form).public_id])
        shown = upload(office, who, page, book.saved())
        assert len(shown.context["proposal"].written) == len(book.body()), unit
        with CaptureQueriesContext(connection) as seen:
            assert client.get(shown.redirect_chain[-1][0]).status_code == 200
        counts.append(len(seen))
    assert counts[1] <= counts[0], counts


def test_a_kept_file_is_not_touched(office: Engine, run: Run) -> None:  # noqa: F811
    form = form_of(office, run)
    content = download(client_of(office, "ikp"), reverse("form_file", args=[form.public_id]))
    upload(office, "ikp", reverse("form_upload", args=[form.public_id]), content)
    assert store.read(FormImport.objects.get().file.key) == content
