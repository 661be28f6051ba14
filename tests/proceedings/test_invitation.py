"""The invitation: printed from the saved draft, refused while the draft says too little."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from capaian.agencies.models import Appointment
from capaian.journal.models import Entry as JournalEntry
from capaian.proceedings.entries import MeetingEntry
from capaian.proceedings.invitation_papers import invitation, reasons_not_to_invite
from capaian.proceedings.models import Meeting
from capaian.sop.models import Paper, WorkItem
from tests.factories import make_agency
from tests.proceedings.conftest import at, client_of
from tests.proceedings.test_meeting import notes, save
from tests.sop.driver import Engine
from tests.web.papers_read import text_of_pdf


def planned(office: Engine, **changes: object) -> MeetingEntry:
    return replace(notes(office), attended_ids=(), discussion="", decisions=(), **changes)  # type: ignore[arg-type]


def page_of(item: WorkItem) -> str:
    return reverse("step_invitation", kwargs={"key": item.public_id})


def test_invitation_says_when_where_about_what_and_to_whom(office: Engine) -> None:
    item = at(office, "A02")
    save(office, item, planned(office), "team")
    papers, entries = Paper.objects.count(), JournalEntry.objects.count()
    found = invitation(Meeting.objects.get(), office.reach("team"))
    facts = dict(found["facts"])
    assert facts["Yth."] == "Sekretaris, Tim SAKIP"
    assert (facts["Hari, tanggal"], facts["Waktu"]) == ("Selasa, 7 April 2026", "09.00 WIB sampai selesai")
    assert facts["Tempat"] == "Ruang rapat"
    assert found["blocks"][1]["items"] == ["Arahan", "Lain-lain"]
    assert found["signature"]["title"] == "Sekretaris"
    assert found["signature"]["name"] == office.world.people["secretary"].name
    answer = client_of(office, "team").get(page_of(item))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("inline")
    assert b"Selasa, 7 April 2026" in text_of_pdf(answer.content)
    assert (Paper.objects.count(), JournalEntry.objects.count()) == (papers, entries), "it leaves no row"


def test_many_invited_stand_in_a_list(office: Engine) -> None:
    everybody = tuple(Appointment.objects.filter(agency=office.world.agency).values_list("pk", flat=True)[:6])
    item = at(office, "A02")
    save(office, item, planned(office, invited_ids=everybody), "team")
    found = invitation(Meeting.objects.get(), office.reach("team"))
    assert dict(found["facts"])["Yth."] == "Daftar undangan di bawah"
    assert len(found["blocks"][2]["rows"]) == 6


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"planned_at": None}, "waktu"),
        ({"place": ""}, "tempat"),
        ({"agenda": " "}, "acara"),
        ({"invited_ids": ()}, "yang diundang"),
    ],
)
def test_too_little_said(office: Engine, changes: dict[str, Any], lacking: str) -> None:
    item = at(office, "A02")
    save(office, item, planned(office, **changes), "team")
    (reason,) = reasons_not_to_invite(Meeting.objects.get())
    assert lacking in reason.text
    answer = client_of(office, "team").get(page_of(item))
    assert answer.status_code == 422
    assert "Simpan konsep" in answer.content.decode()


def test_no_draft_no_meeting_no_invitation(office: Engine) -> None:
    item = at(office, "A02")
    assert client_of(office, "team").get(page_of(item)).status_code == 422
    assert "Cetak undangan" not in client_of(office, "team").get(f"/langkah/{item.public_id}/").content.decode()
    save(office, item, planned(office, planned_at=timezone.now() + timedelta(days=1)), "team")
    assert "Cetak undangan" in client_of(office, "team").get(f"/langkah/{item.public_id}/").content.decode()
    other = at(office, "A03", "2026-Q2")
    assert client_of(office, "team").get(page_of(other)).status_code == 404
    stranger = make_agency("Kenanga")
    foreign = Engine(stranger)
    assert client_of(foreign, "team").get(page_of(item)).status_code == 404
