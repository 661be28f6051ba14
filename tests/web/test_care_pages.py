"""Pages of windows and of a single form's care: set, refused with a reason, filled in for a unit, verified."""

from datetime import timedelta
from decimal import Decimal

from capaian.agencies.queries import today
from capaian.collection.models import FillingWindow, LatePermission, Submission, UnitForm
from capaian.planning.models import Card
from capaian.reporting.run_archive import contents
from tests.collection.conftest import advance, card, collect, filling, office, report, sheet
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine
from tests.web.people_in import text_of
from tests.web.test_collection_pages import key, send, text

__all__ = ["card", "office"]


def test_windows_of_a_year_are_set_and_hold(office: Engine, card: Card) -> None:
    run = collect(office)
    path, team = "/pengisian/2026/", client_of(office, "team")
    assert "/pengisian/2026/" in text(team.get(f"/proses/{run.public_id}/formulir/"))
    seen = text(team.get(path)).split('name="seen" value="')[1].split('"')[0]
    past = today(office.world.agency) - timedelta(days=1)
    wrong = {"seen": seen, "opens_2026-Q1": "2027-01-01", "closes_2026-Q1": "2026-01-01"}
    assert "ditutup sebelum dibuka" in text(team.post(path, wrong))
    assert team.post(path, {"seen": seen, "closes_2026-Q1": past.isoformat()}).status_code == 302
    assert team.post(path, {"seen": seen, "closes_2026-Q1": "2030-01-01"}).status_code == 422
    assert FillingWindow.objects.get().closes_on == past
    item, form = filling(run, office, "ikp"), UnitForm.objects.get(unit=office.world.units["ikp"])
    assert "Minta izin pengisian terlambat" in text_of(client_of(office, "ikp").get(f"/langkah/{item.public_id}/"))
    answer = send(office, "ikp", item, edition="0", **{f"value-{key(office, run)}": "5"})
    assert (answer.status_code, "ditutup pada" in text(answer), 'value="5"' in text(answer)) == (422, True, True)
    late = f"/formulir/{form.public_id}/izin-terlambat/"
    assert team.post(late, {"until": "2020-01-01", "reason": "Server padam"}).status_code == 422
    leave = {"until": today(office.world.agency).isoformat(), "reason": "Server padam"}
    assert team.post(late, leave).status_code == 302
    assert LatePermission.objects.get().reason == "Server padam"
    assert "Server padam" in text_of(team.get(f"/formulir/{form.public_id}/"))
    answer = send(office, "ikp", item, edition="0", **{f"value-{key(office, run)}": "5"})
    assert answer.status_code == 302


def test_tim_sakip_fills_in_and_the_form_says_so(office: Engine, card: Card) -> None:
    run = collect(office)
    item, form = filling(run, office, "ikp"), UnitForm.objects.get(unit=office.world.units["ikp"])
    team, page = client_of(office, "team"), f"/formulir/{form.public_id}/"
    assert "Isikan untuk unit" in text(team.get(page))
    assert "Isikan untuk unit" not in text(client_of(office, "ikp").get(page))
    assert team.post(f"{page}isikan/", {"reason": ""}).status_code == 422
    assert team.post(f"{page}isikan/", {"reason": "Dinas luar"}).status_code == 302
    assert send(office, "team", item, edition="0", **{f"value-{key(office, run)}": "5"}).status_code == 302
    shown = text_of(client_of(office, "ikp").get(page))
    assert "Diisikan oleh Tim SAKIP" in shown
    assert "Dinas luar" in shown


def test_receipts_are_verified_and_in_the_archive(office: Engine, card: Card) -> None:
    run = collect(office)
    form = UnitForm.objects.get(unit=office.world.units["ikp"])
    client_of(office, "ikp").post(f"/formulir/{form.public_id}/terima/")
    for unit in ("secretariat", "ikp"):
        report(office, run, unit, Decimal(10))
    row, team = Submission.objects.get(form=form), client_of(office, "team")
    assert "Asli, dan formulirnya tidak berubah" in text_of(team.get(f"/tanda-terima/?sidik={row.digest[:8]}"))
    assert "Tidak ditemukan" in text_of(team.get("/tanda-terima/?sidik=00000000"))
    assert "/tanda-terima/" in text(team.get("/naskah/"))
    titles = [kept.title for kept in contents(run) if kept.kind == "Tanda terima"]
    assert sorted(titles) == [
        "Tanda terima formulir Ikp Melati, Triwulan I 2026",
        "Tanda terima penyampaian Ikp Melati, Triwulan I 2026",
        "Tanda terima penyampaian Secretariat Melati, Triwulan I 2026",
    ]


def test_an_approved_form_is_opened_again_on_its_page(office: Engine, card: Card) -> None:
    run = collect(office)
    office.waive(filling(run, office, "aptika"))
    for unit in ("secretariat", "ikp"):
        report(office, run, unit, Decimal(10))
    advance(office, run, "A11")
    form = UnitForm.objects.get(unit=office.world.units["ikp"])
    team, page = client_of(office, "team"), f"/formulir/{form.public_id}/"
    assert "Buka kembali formulir" in text(team.get(page))
    assert team.post(f"{page}buka-kembali/", {"reason": "Salah ketik"}).status_code == 302
    report(office, run, "ikp", Decimal(12))
    shown = text_of(team.get(page))
    assert "Dibuka lagi karena: Salah ketik" in shown
    assert "Menjadi" in shown
    assert sheet(office, run, "ikp").lines[0].shown == "12"
