"""When forms may be filled in, leave to do it late, filling in for a unit, opening an approved form again, receipts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from capaian.agencies.queries import today
from capaian.collection import actions, follow_queries, import_rules, submissions
from capaian.collection.entries import FormEntry, WindowEntry
from capaian.collection.models import Actual, FillingWindow, Submission, UnitForm
from capaian.documents.models import Document
from capaian.journal.models import Entry
from capaian.journal.reason import Conflict, Forbidden, Refused
from capaian.journal.rules import Replayed
from capaian.planning.models import Card
from capaian.sop import step_rules
from capaian.sop.actions import stand_in
from capaian.sop.models import Paper, Run, WorkItem
from capaian.sop.queries import my_items
from tests.collection.conftest import BLANK, advance, collect, filling, report, save, sheet, submit, told
from tests.collection.test_forms import send_back
from tests.sop.driver import Engine, open_items

Q1 = "2026-Q1"


def window(office: Engine, opens: int | None = None, closes: int | None = None, who: str = "team") -> None:
    """Set the window of the first quarter, in days from today."""
    now = today(office.world.agency)
    days = [None if each is None else now + timedelta(days=each) for each in (opens, closes)]
    known = FillingWindow.objects.filter(period=Q1).first()
    seen = WindowEntry(known.opens_on, known.closes_on) if known else WindowEntry()
    actions.set_windows(
        agency=office.world.agency, windows={Q1: WindowEntry(*days)}, seen={Q1: seen}, by=office.actor(who)
    )


def fill(office: Engine, run: Run, unit: str = "ikp", value: int = 5) -> None:
    save(office, run, unit, told(sheet(office, run, unit).lines[0], Decimal(value)))


def form_of(office: Engine, run: Run, unit: str = "ikp") -> UnitForm:
    return UnitForm.objects.get(round__run=run, unit=office.world.units[unit])


def allow(office: Engine, run: Run, days: int = 1, reason: str = "Server padam", who: str = "team") -> None:
    reach = office.reach(who)
    until = today(office.world.agency) + timedelta(days=days)
    actions.allow_late(form=form_of(office, run), until=until, reason=reason, by=reach.actor(), reach=reach)


def test_before_and_after_its_window_a_form_takes_nothing(office: Engine, card: Card) -> None:
    run = collect(office)
    window(office, opens=1, closes=5)
    with pytest.raises(Refused, match="Pengisian Triwulan I 2026 dibuka mulai"):
        fill(office, run)
    window(office, opens=-5, closes=0)
    fill(office, run)
    window(office, opens=-5, closes=-1)
    for act in (lambda: fill(office, run, value=6), lambda: submit(office, run, "ikp")):
        with pytest.raises(Refused, match=r"ditutup pada .* Minta izin pengisian terlambat kepada Tim SAKIP"):
            act()
    assert Actual.objects.get().value == 5
    barred = import_rules.barred(office.reach("ikp"), run, [sheet(office, run, "ikp")])
    assert "ditutup pada" in barred[office.world.units["ikp"].pk], "nor from a file"
    window(office)
    submit(office, run, "ikp")


def test_leave_opens_it_for_one_unit_until_its_day(office: Engine, card: Card) -> None:
    run = collect(office)
    window(office, closes=-3)
    with pytest.raises(Refused, match="diberikan oleh Tim SAKIP"):
        allow(office, run, who="ikp")
    with pytest.raises(Refused, match="Alasan belum diisi"):
        allow(office, run, reason=" ")
    with pytest.raises(Refused, match="Batas izin sudah lewat"):
        allow(office, run, days=-1)
    allow(office, run, days=0)
    fill(office, run)
    with pytest.raises(Refused, match="ditutup pada"):
        fill(office, run, "secretariat")
    done = submit(office, run, "ikp")
    row = Submission.objects.get()
    assert row.late_reason == "Server padam"
    assert ["Izin terlambat", "Server padam"] in Paper.objects.get(item=done).document.context["facts"]
    assert row.receipt is not None
    assert ["Izin terlambat", "Server padam"] in row.receipt.context["facts"]
    assert Entry.objects.get(verb="allowed_late").payload["why"] == "Server padam"


def test_what_was_sent_back_is_not_bound(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", Decimal(5))
    window(office, closes=-1)
    send_back(office, run, "ikp")
    fill(office, run, value=6)
    submit(office, run, "ikp")


def test_windows_are_set_by_planners_on_what_they_saw(office: Engine) -> None:
    with pytest.raises(Forbidden):
        window(office, closes=1, who="ikp")
    window(office, closes=1, who="admin")
    stale = {Q1: WindowEntry()}
    with pytest.raises(Conflict, match="Jadwal pengisian"):
        actions.set_windows(agency=office.world.agency, windows=stale, seen=stale, by=office.actor("team"))
    with pytest.raises(Refused, match="ditutup sebelum dibuka"):
        window(office, opens=2, closes=1)
    assert FillingWindow.objects.get().closes_on == today(office.world.agency) + timedelta(days=1)


def test_reminders_count_towards_the_last_day(office: Engine, card: Card) -> None:
    run = collect(office)
    window(office, closes=9)
    last = today(office.world.agency) + timedelta(days=9)
    items = follow_queries.open_forms(run)
    assert set(follow_queries.due_days(office.world.agency, items).values()) == {last}
    allow(office, run, days=20)
    days = follow_queries.due_days(office.world.agency, items)
    assert sorted(set(days.values())) == [last, last + timedelta(days=11)]


def stand(office: Engine, run: Run, who: str = "team", reason: str = "Dinas luar") -> WorkItem:
    reach = office.reach(who)
    return stand_in(item=filling(run, office, "ikp"), reason=reason, by=reach.actor(), reach=reach)


def test_tim_sakip_fills_in_for_a_unit_and_it_says_so(office: Engine, card: Card) -> None:
    run = collect(office)
    team = office.reach("team")
    said = FormEntry([told(sheet(office, run, "ikp").lines[0], Decimal(5))])
    with pytest.raises(Refused, match="pelaksana langkah"):
        actions.save_form(item=filling(run, office, "ikp"), entry=said, edition=0, by=team.actor(), reach=team)
    with pytest.raises(Refused, match="Formulir unit diisikan oleh Tim SAKIP"):
        stand(office, run, who="aptika")
    with pytest.raises(Refused, match="Alasan belum diisi"):
        stand(office, run, reason="")
    item = stand(office, run)
    assert [mine.unit for mine in my_items(team)] == [office.world.units["ikp"]]
    assert my_items(office.reach("team2")) == []
    by = step_rules.actor_for(team, item)
    assert by.title == "Tim SAKIP"
    edition = actions.save_form(item=item, entry=said, edition=0, by=by, reach=team)
    done = actions.submit_form(item=item, edition=edition, answer=BLANK, by=by, reach=team)
    row = Submission.objects.get()
    assert row.for_unit
    facts = Paper.objects.get(item=done).document.context["facts"]
    assert ["Pengisian", "diisikan oleh Tim SAKIP: Dinas luar"] in facts
    item = filling(run, office, "secretariat")
    with pytest.raises(Refused, match="bukan oleh jabatan Anda"):
        actions.submit_form(item=item, edition=0, answer=BLANK, by=team.actor(), reach=team)


def test_the_unit_goes_on_beside_its_stand_in(office: Engine, card: Card) -> None:
    run = collect(office)
    stand(office, run)
    report(office, run, "ikp", Decimal(7))
    assert not Submission.objects.get().for_unit


def approved(office: Engine) -> Run:
    run = collect(office)
    office.waive(filling(run, office, "aptika"))
    report(office, run, "secretariat", Decimal(10))
    report(office, run, "ikp", Decimal(20))
    advance(office, run, "A11")
    return run


def reopen(office: Engine, run: Run, reason: str = "Salah ketik", who: str = "team", token: str = "") -> list[WorkItem]:
    reach = office.reach(who)
    form = form_of(office, run)
    return actions.reopen_form(form=form, reason=reason, by=reach.actor(token=token), reach=reach)


def test_an_approved_form_is_opened_again_and_tells_what_changed(office: Engine, card: Card) -> None:
    run = approved(office)
    with pytest.raises(Refused, match="Formulir dibuka kembali oleh Tim SAKIP"):
        reopen(office, run, who="ikp")
    with pytest.raises(Refused, match="Alasan belum diisi"):
        reopen(office, run, reason=" ")
    (item,) = reopen(office, run, token="x")
    assert (item.visit, item.return_note, item.unit) == (2, "Salah ketik", office.world.units["ikp"])
    with pytest.raises(Replayed):
        reopen(office, run, token="x")
    assert [each.step.key for each in open_items(run)] == ["A07"]
    assert WorkItem.objects.get(run=run, step__key="A11").status == "superseded"
    fill(office, run, value=22)
    submit(office, run, "ikp")
    newest, first = submissions.history_of(form_of(office, run))
    assert newest.changes is not None
    assert [(each.name, each.before, each.after) for each in newest.changes] == [(card.name, "20", "22")]
    assert (newest.why, first.changes) == ("Salah ketik", None)
    assert [each.step.key for each in open_items(run)] == ["A08"]
    with pytest.raises(Refused, match="belum disetujui"):
        reopen(office, run)
    advance(office, run, "A11")
    assert reopen(office, run)[0].visit == 3
    assert Entry.objects.filter(verb="reopened_form")[0].payload["reason"] == "Salah ketik"


def test_what_is_not_approved_is_returned_instead(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", Decimal(20))
    with pytest.raises(Refused, match=r"belum disetujui.*Kembalikan formulir itu"):
        reopen(office, run)


def test_each_submission_has_a_receipt_that_can_be_verified(office: Engine, card: Card) -> None:
    run = collect(office)
    report(office, run, "ikp", Decimal(20))
    team, row = office.reach("team"), Submission.objects.get()
    assert row.receipt is not None
    assert ["SHA-256 isi", row.digest] in row.receipt.context["facts"]
    assert Document.objects.filter(submission_of=row).get().number
    assert submissions.verdicts(team, "zzz") == submissions.verdicts(team, row.digest[:7]) == []
    assert submissions.verdicts(team, "0" * 64) == []
    for typed in (row.digest, f" {row.digest[:8].upper()} "):
        (verdict,) = submissions.verdicts(team, typed)
        assert (verdict.row, verdict.is_whole, verdict.is_newest, verdict.is_current) == (row, True, True, True)
    send_back(office, run, "ikp")
    fill(office, run, value=21)
    (verdict,) = submissions.verdicts(team, row.digest)
    assert (verdict.is_whole, verdict.is_newest, verdict.is_current) == (True, True, False)
    submit(office, run, "ikp")
    (verdict,) = submissions.verdicts(team, row.digest)
    assert (verdict.is_newest, verdict.is_current) == (False, False)
    Submission.objects.filter(pk=row.pk).update(content={**row.content, "unit": "Lain"})
    (verdict,) = submissions.verdicts(team, row.digest)
    assert not verdict.is_whole


def test_a_form_that_is_never_closed_is_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capaian.collection.form_actions.reasons_closed", lambda _: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_before_and_after_its_window_a_form_takes_nothing(office, card)


def test_a_digest_of_nothing_is_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "digest_of", lambda _: Submission.objects.order_by("pk")[0].digest)
    with pytest.raises(AssertionError):
        test_each_submission_has_a_receipt_that_can_be_verified(office, card)
