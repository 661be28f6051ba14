"""A meeting: prepared by Tim SAKIP, held by the Sekretaris; follow-ups in and out; its time counts from the plan."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from capaian.agencies.models import Appointment
from capaian.agencies.queries import calendar_of
from capaian.documents import store
from capaian.journal.reason import Refused
from capaian.proceedings import actions, papers, queries
from capaian.proceedings.entries import MeetingEntry, TaskEntry
from capaian.proceedings.models import FollowUp, Meeting
from capaian.reporting.inbox import inbox
from capaian.sop import step_rules
from capaian.sop.actions import attach_file
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.documents.papers import a_jpeg, a_png
from tests.factories import make_agency
from tests.proceedings.conftest import at, client_of
from tests.sop.driver import Engine

PLANNED = datetime(2026, 4, 7, 2, 0, tzinfo=UTC)  # Tuesday 09.00 WIB


def notes(office: Engine, **changes: object) -> MeetingEntry:
    """Return a meeting of Sekretaris and Tim SAKIP with one decision for the team and one for nobody."""
    held = {row.person: row.pk for row in Appointment.objects.filter(agency=office.world.agency)}
    people, seats = office.world.people, office.world.positions
    entry = MeetingEntry(
        planned_at=PLANNED,
        place="Ruang rapat",
        agenda="Arahan\nLain-lain",
        invited_ids=(held[people["secretary"]], held[people["team"]]),
        attended_ids=(held[people["secretary"]],),
        note_taker_id=people["team"].pk,
        guests="Bapak Camat",
        discussion="Pembahasan panjang.",
        decisions=(
            TaskEntry("Siapkan formulir", seats["team"].pk, date(2026, 4, 14)),
            TaskEntry("Rapat berikutnya bulan depan"),
        ),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def hold(office: Engine, item: WorkItem, entry: MeetingEntry) -> WorkItem:
    by = office.actor("secretary", item)
    return actions.hold_meeting(
        item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=office.reach("secretary")
    )


def save(office: Engine, item: WorkItem, entry: MeetingEntry, who: str, edition: int = 0) -> int:
    by = office.actor(who, item)
    return actions.save_draft(item=item, entry=entry, edition=edition, by=by, reach=office.reach(who))


def test_notulen_names_who_was_there_and_what_was_decided(office: Engine) -> None:
    done = hold(office, at(office, "A02"), notes(office))
    assert done.status == "done"
    (row,) = FollowUp.objects.all()
    assert (row.text, row.due) == ("Siapkan formulir", date(2026, 4, 14))
    context = Paper.objects.get(item=done).document.context
    facts = dict(context["facts"])
    assert (facts["Hari, tanggal"], facts["Waktu"]) == ("Selasa, 7 April 2026", "09.00 WIB")
    tables = {block["heading"]: block["rows"] for block in context["blocks"] if block["kind"] == "table"}
    assert [entry[3] for entry in tables["Daftar hadir"]] == ["Hadir", "Tidak hadir", "Hadir"]
    assert [entry[1] for entry in tables["Keputusan dan tindak lanjut"]] == [
        "Siapkan formulir",
        "Rapat berikutnya bulan depan",
    ]
    (taker,) = context["cosignatures"]
    assert (taker["caption"], taker["name"]) == ("Notulis", office.world.people["team"].name)
    assert context["signature"]["caption"] == "Pimpinan rapat"


def photograph(office: Engine, item: WorkItem, name: str, content: bytes) -> str:
    """Hang a photo on the meeting; return its key."""
    kept = store.keep(io.BytesIO(content), name)
    by = office.actor("team", item)
    return attach_file(item=item, file=kept, by=by, reach=office.reach("team")).file.key


def test_photos_are_printed_others_are_listed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    item = at(office, "A02")
    keys = [photograph(office, item, f"foto{place}.jpg", a_jpeg(40, 30 + place)) for place in range(6)]
    photograph(office, item, "layar.png", a_png())
    store.discard(keys[1])
    monkeypatch.setattr(papers, "MOST_PIXELS", 40 * 34)
    done = hold(office, item, notes(office))
    blocks = Paper.objects.get(item=done).document.context["blocks"]
    (shown,) = [block for block in blocks if block["kind"] == "pictures"]
    assert shown["keys"] == [keys[0], keys[2], keys[3], keys[4]], "no lost one, none too large"
    assert shown["items"] == ["foto0.jpg", "foto2.jpg", "foto3.jpg", "foto4.jpg"]
    (listed,) = [block for block in blocks if block["heading"] == "Lampiran (foto dan berkas rapat)"]
    assert len(listed["rows"]) == 7


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"planned_at": None}, "planned_at"),
        ({"place": " "}, "place"),
        ({"agenda": ""}, "agenda"),
        ({"attended_ids": ()}, "attended"),
        ({"note_taker_id": None}, "note_taker"),
        ({"discussion": ""}, "discussion"),
        ({"decisions": (TaskEntry("Siapkan", None, date(2026, 4, 14)),)}, "tasks"),
    ],
)
def test_what_is_missing_is_named(office: Engine, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        hold(office, at(office, "A02"), notes(office, **changes))
    assert [reason.field for reason in refused.value.reasons] == [field]
    assert (Meeting.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_meeting_to_come_is_planned_but_not_completed(office: Engine) -> None:
    item = at(office, "A02")
    entry = notes(office, planned_at=timezone.now() + timedelta(days=1))
    assert save(office, item, entry, "team") == 1
    with pytest.raises(Refused, match="belum berlangsung"):
        hold(office, item, entry)


def test_team_prepares_and_others_do_not(office: Engine) -> None:
    item = at(office, "A02")
    assert save(office, item, notes(office, discussion=""), "team") == 1
    for who in ("ikp", "staff", "head"):
        with pytest.raises(Refused, match="pelaksana langkah"):
            save(office, item, notes(office), who, edition=1)
    page = client_of(office, "team").get(f"/langkah/{item.public_id}/").content.decode()
    assert "Simpan konsep" in page
    assert "Selesaikan langkah" not in page
    assert "Simpan konsep" not in client_of(office, "ikp").get(f"/langkah/{item.public_id}/").content.decode()


def test_guard_of_drafts_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_rules, "may_work", lambda *_: True)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_team_prepares_and_others_do_not(office)


def test_people_of_another_agency_are_refused(office: Engine) -> None:
    foreign = Appointment.objects.filter(agency=make_agency("Kenanga").agency)[0]
    item = at(office, "A02")
    for changes in ({"attended_ids": (foreign.pk,)}, {"note_taker_id": foreign.person_id}):
        with pytest.raises(Refused) as refused:
            hold(office, item, notes(office, **changes))
        assert [reason.code for reason in refused.value.reasons] == ["person_unknown"]


def test_open_follow_ups_stand_on_the_next_agenda(office: Engine) -> None:
    hold(office, at(office, "A02"), notes(office))
    following = at(office, "A02", "2026-Q2")
    page = client_of(office, "secretary").get(f"/langkah/{following.public_id}/").content.decode()
    assert "Tindak lanjut: Siapkan formulir (Tim SAKIP, batas 14 April 2026)" in page


def test_time_counts_from_the_planned_hour(office: Engine) -> None:
    item = at(office, "A02")
    later = timezone.now() + timedelta(days=10)
    save(office, item, notes(office, planned_at=later), "secretary")
    secretary = office.reach("secretary")
    calendar = calendar_of(office.world.agency)
    due = queries.meeting_dues(secretary, [item], calendar)[item.pk]
    assert item.due_at is not None
    assert due > later > item.due_at
    (row,) = inbox(secretary, timezone.now())
    assert row.item.due_at == due
    save(office, item, notes(office), "secretary", edition=1)
    assert queries.meeting_dues(secretary, [item], calendar)[item.pk] == item.due_at
