"""The unit's form in a browser without script: filled in, refused with sentences, kept, returned, received."""

from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capaian.collection.models import Actual, Check, Evidence, Recapitulation, UnitForm
from capaian.documents.models import Document
from capaian.documents.render import render
from capaian.planning.models import Card
from capaian.sop.models import Run, WorkItem
from tests.collection.conftest import advance, card, collect, filling, office, report, save, sheet, told
from tests.collection.test_workbook import table
from tests.planning.cards import make_card
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine, open_items
from tests.web.offices import PDF
from tests.web.papers_read import text_of_pdf
from tests.web.people_in import text_of
from tests.web.posts import CHECKS

__all__ = ["card", "office"]


def page_of(office: Engine, who: str, item: WorkItem) -> str:
    return unescape(client_of(office, who).get(f"/langkah/{item.public_id}/").content.decode())


def send(office: Engine, who: str, item: WorkItem, **fields: Any) -> Any:
    return client_of(office, who).post(f"/langkah/{item.public_id}/selesai/", fields)


def key(office: Engine, run: Run, unit: str = "ikp", place: int = 0) -> str:
    return sheet(office, run, unit).lines[place].key


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_form_shows_what_was_and_what_is_wanted(office: Engine, card: Card) -> None:
    for period, value in (("2025-Q4", "70,5"), ("2025-Q1", "65")):
        old, _ = Card.objects.get_or_create(
            agency=card.agency, indicator=card.indicator, year=2025, name="Layanan 2025", measured_in="persen", weight=1
        )
        Actual.objects.create(
            agency=card.agency, card=old, unit=office.world.units["ikp"], period=period, entered_at=timezone.now(),
            entered_by=office.world.people["ikp"], value=Decimal(value.replace(",", ".")),
        )  # fmt: skip
    run = collect(office)
    page = page_of(office, "ikp.staff", filling(run, office, "ikp"))
    for words in (card.name, "persen", "<dd>80</dd>", "70,5 (Triwulan IV 2025)", "65 (Triwulan I 2025)"):
        assert words in page
    assert "Simpan konsep" in page
    assert "Selesaikan langkah" not in page
    assert "Selesaikan langkah" in page_of(office, "ikp", filling(run, office, "ikp"))
    assert "Simpan konsep" not in page_of(office, "aptika", filling(run, office, "ikp"))


def test_draft_is_kept_and_says_how_it_was_read(office: Engine, card: Card) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    answer = send(office, "ikp.staff", item, **{f"value-{name}": "1.234,56", "draft": "1", "edition": "0"})
    assert answer.status_code == 302
    page = page_of(office, "ikp", item)
    assert 'value="1234,56"' in page
    assert f'data-saved="{name}">1.234,56<' in page
    assert Actual.objects.get().entered_by == office.world.people["ikp.staff"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234", "“1.234” dapat dibaca 1234 atau 1,234"),
        ("tiga", "“tiga” bukan angka"),
        ("-", "Tanda hubung dapat berarti"),
    ],
)
def test_unclear_numbers_are_asked_back(office: Engine, card: Card, typed: str, sentence: str) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    answer = send(office, "ikp", item, **{f"value-{name}": typed, f"cause-{name}": "Sebab", "edition": "0"})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'value="{typed}"' in text(answer)
    assert ">Sebab</textarea>" in text(answer)
    assert not Actual.objects.exists()


def test_missing_figure_needs_a_reason(office: Engine, card: Card) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    answer = send(office, "ikp", item, edition="0", note="Selesai")
    assert answer.status_code == 422
    assert f"Realisasi “{card.name}” Triwulan I 2026 belum diisi." in text(answer)
    assert "form-line-fault" in text(answer)
    assert f'id="baris-{name}"' in text(answer)
    answer = send(office, "ikp", item, edition="0", **{f"obstacle-{name}": "Belum dirilis"})
    assert answer.status_code == 302
    assert UnitForm.objects.get(unit=office.world.units["ikp"]).state == "submitted"


def test_refused_form_is_kept_with_its_files(office: Engine) -> None:
    make_card(office.world, "Satu", units=("ikp",), evidence="Laporan bulanan")
    make_card(office.world, "Dua", units=("ikp",))
    run = collect(office)
    item, (first, second) = filling(run, office, "ikp"), (key(office, run), key(office, run, place=1))
    proof = SimpleUploadedFile("bukti.pdf", PDF, "application/pdf")
    answer = send(office, "ikp", item, **{f"value-{first}": "5", f"files-{first}": proof, "edition": "0"})
    assert answer.status_code == 422
    assert Evidence.objects.get().file is not None
    assert "bukti.pdf" in text(answer)
    assert 'name="edition" value="1"' in text(answer)
    answer = send(office, "ikp", item, **{f"value-{first}": "5", f"value-{second}": "0", "edition": "1"})
    assert answer.status_code == 302
    assert set(Actual.objects.values_list("value", flat=True)) == {Decimal(5), Decimal(0)}
    done = page_of(office, "ikp", item)
    assert "Selesai" in done


def test_required_evidence_is_asked_for(office: Engine) -> None:
    make_card(office.world, "Satu", units=("ikp",), evidence="Laporan bulanan")
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    answer = send(office, "ikp", item, **{f"value-{name}": "5", "edition": "0"})
    assert "belum dilampirkan (Laporan bulanan)" in text(answer)
    link = {f"link-{name}": "https://contoh.go.id/laporan"}
    assert send(office, "ikp", item, **{f"value-{name}": "5", "edition": "1"}, **link).status_code == 302


def test_stale_page_shows_the_newer_figure(office: Engine, card: Card) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    save(office, run, "ikp", told(sheet(office, run, "ikp").lines[0], Decimal(7)))
    answer = send(office, "ikp.staff", item, **{f"value-{name}": "9", "draft": "1", "edition": "0"})
    assert answer.status_code == 409
    assert "sudah disimpan oleh Ikp MELATI" in text(answer)
    assert 'value="9"' in text(answer)
    assert f'data-saved="{name}">7<' in text(answer)
    assert Actual.objects.get().value == 7
    answer = send(office, "ikp.staff", item, **{f"value-{name}": "9", "draft": "1", "edition": "1"})
    assert answer.status_code == 302
    assert Actual.objects.get().value == 9


def test_raw_data_letters_and_milestones(office: Engine) -> None:
    make_card(office.world, "Rasio", units=("ikp",), data=("a", "b"), formula="a / b * 100")
    make_card(office.world, "Predikat", units=("ikp",), polarity="predicate", targets={"2026": "BB"})
    make_card(office.world, "Tonggak", units=("ikp",), polarity="milestone", targets={"2026": "1"})
    run = collect(office)
    item = filling(run, office, "ikp")
    ratio, letter, stone = (key(office, run, place=place) for place in range(3))
    fields = {f"data1-{ratio}": "1", f"data2-{ratio}": "0", f"letter-{letter}": "zz", f"value-{stone}": "1"}
    answer = send(office, "ikp", item, edition="0", **fields)
    assert "Predikat “zz” tidak dikenal" in text(answer)
    answer = send(office, "ikp", item, edition="1", **fields | {f"letter-{letter}": "bb"})
    assert answer.status_code == 422
    assert "tidak dapat dihitung" in text(answer)
    answer = send(office, "ikp", item, edition="2", **fields | {f"letter-{letter}": "bb", f"data2-{ratio}": "3"})
    assert answer.status_code == 302
    assert [line.shown for line in sheet(office, run, "ikp").lines] == ["33,3333", "BB", "Selesai"]


def test_receipt_takes_a_button(office: Engine, card: Card) -> None:
    run = collect(office)
    item = filling(run, office, "ikp")
    assert "Tandai formulir diterima" in page_of(office, "ikp.staff", item)
    row = UnitForm.objects.get(unit=office.world.units["ikp"])
    assert row.received_at is None
    answer = client_of(office, "ikp.staff").post(f"/formulir/{row.public_id}/terima/")
    assert answer.status_code == 302
    page = page_of(office, "ikp", item)
    assert "Tandai formulir diterima" not in page
    assert "Diterima Ikp.Staff MELATI" in page
    assert client_of(office, "aptika").post(f"/formulir/{row.public_id}/terima/").status_code == 422
    receipt = Document.objects.get(receipt_of=row)
    assert f'href="/naskah/{receipt.public_id}/">Tanda terima {receipt.number}<' in page
    assert f'href="/formulir/{row.public_id}/"' in text(client_of(office, "team").get(f"/naskah/{receipt.public_id}/"))
    words = " ".join(text_of_pdf(render(receipt.context["layout"], receipt.context)).decode(errors="replace").split())
    told_there = ("Ikp.Staff MELATI", "Ikp Melati", "Triwulan I 2026", row.public_id)
    assert [word for word in told_there if word not in words] == []


def test_preparing_distributing_and_recapitulating_on_pages(office: Engine, card: Card) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A05")
    (item,) = open_items(run)
    assert card.name in page_of(office, "team", item)
    assert send(office, "team", item).status_code == 302
    (item,) = open_items(run)
    assert 'href="/formulir/' in page_of(office, "team", item)
    assert send(office, "team", item).status_code == 302
    for unit in ("secretariat", "ikp"):
        report(office, run, unit, Decimal(10))
    office.waive(filling(run, office, "aptika"))
    (item,) = open_items(run)
    page = page_of(office, "team", item)
    assert "1 dari 1" in page
    assert ">20<" in page
    assert send(office, "team", item, digest="0" * 64).status_code == 409
    digest = page.split('name="digest" value="')[1][:64]
    assert send(office, "team", item, digest=digest).status_code == 302
    assert Recapitulation.objects.get().digest == digest


def test_pages_without_cards_are_the_generic_ones(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    for step in ("A05", "A06", "A07", "A08"):
        office.advance(run, until=step)
        item = open_items(run)[0]
        who = "planner" if step == "A07" else "team"
        assert "Belum ada kartu indikator untuk periode ini" in page_of(office, who, item)
        assert send(office, who, item, note="Lanjut").status_code == 302


def test_form_of_another_agency_is_not_there(office: Engine, card: Card) -> None:
    run = collect(office)
    from tests.sop.driver import make_engine

    other = make_engine("Kenanga")
    row = UnitForm.objects.filter(round__run=run)[0]
    for path in (
        f"/formulir/{row.public_id}/",
        f"/proses/{run.public_id}/formulir/",
        f"/proses/{run.public_id}/rekapitulasi/",
    ):
        assert client_of(office, "head").get(path).status_code == 200
        assert client_of(other, "head").get(path).status_code == 404


def test_autosave_keeps_readable_lines(office: Engine) -> None:
    for name in ("Satu", "Dua"):
        make_card(office.world, name, units=("ikp",))
    run = collect(office)
    item, (first, second) = filling(run, office, "ikp"), (key(office, run), key(office, run, place=1))
    path = f"/langkah/{item.public_id}/konsep/"
    sent = {f"sent-{first}": "1", f"sent-{second}": "1", "edition": "0"}
    answer = client_of(office, "ikp").post(path, sent | {f"value-{first}": "12,5", f"value-{second}": "1.234"})
    told_back = answer.json()
    assert told_back["edition"] == 1
    assert {name: line["saved"] for name, line in told_back["lines"].items()} == {first: "12,5", second: ""}
    assert list(told_back["unread"]) == [f"value-{second}"]
    stale = client_of(office, "ikp.staff").post(path, sent | {f"value-{first}": "13"})
    assert stale.status_code == 409
    assert "sudah disimpan" in stale.json()["reasons"][0]
    assert client_of(office, "aptika").post(path, {"edition": "1"}).status_code == 422
    assert Actual.objects.get().value == Decimal("12.5")


def test_evidence_carries_the_day_of_its_document(office: Engine, card: Card) -> None:
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    link = {f"link-{name}": "https://contoh.go.id/a", f"value-{name}": "1", "draft": "1", "edition": "0"}
    assert "Tanggal tidak terbaca" in text(send(office, "ikp", item, **link | {f"dated-{name}": "kemarin"}))
    assert send(office, "ikp", item, **link | {f"dated-{name}": "15-03-2026"}).status_code == 302
    assert Evidence.objects.get().dated == date(2026, 3, 15)


@pytest.mark.parametrize("button", [{"draft": "1"}, {}])
def test_one_unreadable_number_keeps_the_rest(office: Engine, button: dict[str, str]) -> None:
    for name in ("Satu", "Dua"):
        make_card(office.world, name, units=("ikp",))
    run = collect(office)
    item, (first, second) = filling(run, office, "ikp"), (key(office, run), key(office, run, place=1))
    proof = SimpleUploadedFile("bukti.pdf", PDF, "application/pdf")
    typed = {f"value-{first}": "12,5", f"value-{second}": "1.234", f"cause-{second}": "Sebab", "edition": "0"}
    answer = send(office, "ikp", item, **typed, **button, **{f"files-{second}": proof})
    assert answer.status_code == 422
    page = text(answer)
    assert "Isian yang terbaca sudah tersimpan" in page
    assert 'name="edition" value="1"' in page
    assert [
        words for words in ('value="1.234"', ">Sebab</textarea>", "bukti.pdf", 'value="12,5"') if words not in page
    ] == []
    assert {row.value for row in Actual.objects.all()} == {Decimal("12.5"), None}
    assert WorkItem.objects.get(pk=item.pk).status == "open"
    stale = send(
        office, "ikp.staff", item, **{f"value-{first}": "13", f"value-{second}": "x", "edition": "0"}, **button
    )
    assert stale.status_code == 409
    assert 'value="13"' in text(stale)
    assert Actual.objects.filter(value=Decimal("12.5")).exists()


def test_checks_of_an_indicator_are_changed_on_its_card(office: Engine, card: Card) -> None:
    path = f"/kartu/{card.public_id}/pemeriksaan/"
    team = client_of(office, "team")
    assert f'href="{path}"' in text(team.get(f"/kartu/{card.public_id}/"))
    assert "Di atas batas tertinggi" in text(team.get(path))
    wanted = CHECKS | {"severity_highest": "explain", "edition": "0"}
    assert "tidak terbaca" not in text(team.post(path, wanted | {"limit_highest": "1.234"}))
    assert not Check.objects.exists()
    assert team.post(path, wanted | {"limit_highest": ""}).status_code == 422
    assert team.post(path, wanted | {"limit_highest": "100,5"}).status_code == 302
    assert team.post(path, wanted | {"limit_highest": "90"}).status_code == 409
    assert Check.objects.get(kind="highest").limit == Decimal("100.5")
    run = collect(office)
    item, name = filling(run, office, "ikp"), key(office, run)
    answer = send(office, "ikp", item, **{f"value-{name}": "120", "edition": "0"})
    assert "Di atas batas tertinggi indikator ini (100,5)" in text(answer)
    assert "tulis alasannya pada Penyebab" in text(answer)
    fields = {f"value-{name}": "120", f"cause-{name}": "Ada tambahan layanan", "edition": "1"}
    assert send(office, "ikp", item, **fields).status_code == 302


def test_who_has_not_filled_in(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", Decimal(10))
    answer = client_of(office, "team").get(f"/proses/{run.public_id}/formulir/")
    words = text_of(answer)
    assert "2 unit belum menyampaikan" in words
    assert "Disampaikan" in words


def test_recapitulation_page_shows_what_was_frozen(office: Engine, card: Card) -> None:
    run = collect(office)
    for unit in ("secretariat", "ikp"):
        report(office, run, unit, Decimal(10))
    place = f"/proses/{run.public_id}/rekapitulasi/"
    assert "Belum dibekukan" in text(client_of(office, "secretary").get(place))
    office.waive(filling(run, office, "aptika"))
    advance(office, run, "A10")
    assert "Dibekukan" in text(client_of(office, "secretary").get(place))


def test_workbooks_are_downloaded(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", Decimal("12.5"))
    row = UnitForm.objects.get(unit=office.world.units["ikp"])
    client = client_of(office, "secretary")
    for page, sheet_name, place in (
        (f"/formulir/{row.public_id}/", "Realisasi", 6),
        (f"/proses/{run.public_id}/rekapitulasi/", "Rekapitulasi", 3),
    ):
        assert f'href="{page}xlsx/"' in text(client.get(page))
        answer = client.get(f"{page}xlsx/")
        assert answer.headers["Content-Disposition"].endswith('.xlsx"')
        assert table(answer.content, sheet_name)[1][place] == 12.5


def test_large_form_can_be_sent_whole(office: Engine) -> None:
    for place in range(40):
        make_card(office.world, f"Kartu {place}", units=("ikp",), frequency="month")
    run = collect(office)
    item, lines = filling(run, office, "ikp"), sheet(office, run, "ikp").lines
    assert len(lines) == 120
    boundary = "batas"
    names = [
        f"{what}-{line.key}" for line in lines for what in ("sent", "value", "cause", "obstacle", "follow_up", "link")
    ]
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n' for name in names]
    body = [part + ("1" if part.split('"')[1].startswith(("sent", "value")) else "") + "\r\n" for part in parts]
    empty = 'filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n'
    body += [f'--{boundary}\r\nContent-Disposition: form-data; name="files-{line.key}"; {empty}' for line in lines]
    body += [f'--{boundary}\r\nContent-Disposition: form-data; name="edition"\r\n\r\n0\r\n--{boundary}--\r\n']
    answer = client_of(office, "ikp").post(
        f"/langkah/{item.public_id}/selesai/", "".join(body), content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 302
    assert Actual.objects.filter(value=1).count() == 120


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_pages_ask_as_often_for_many_cards_as_for_one(office: Engine, card: Card) -> None:
    counts = []
    for period, more in (("2026-Q1", 0), ("2026-Q2", 8)):
        for place in range(more):
            make_card(office.world, f"Kartu {place}", units=("ikp", "secretariat"), data=("a", "b"), formula="a/b*100")
        Card.objects.filter(pk=card.pk).update(activated_at=timezone.now())
        card.targets.all().delete()
        run = collect(office, period=period)
        report(office, run, "secretariat", Decimal(1)) if not more else None
        item, client = filling(run, office, "ikp"), client_of(office, "ikp")
        row = UnitForm.objects.get(round__run=run, unit=office.world.units["ikp"])
        paths = (f"/langkah/{item.public_id}/", f"/formulir/{row.public_id}/", f"/proses/{run.public_id}/rekapitulasi/")
        counts.append([queries_of(client, path) for path in paths])
    assert counts[0] == counts[1]
