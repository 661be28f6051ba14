"""The Kepala's disposition: draft, refusal, paper, and the follow-ups that its instructions become."""

from dataclasses import replace
from datetime import date

import pytest

from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Conflict, Refused
from capaian.journal.rules import Replayed
from capaian.proceedings import actions, paperwork_actions, queries, rules
from capaian.proceedings.entries import DispositionEntry, TaskEntry
from capaian.proceedings.models import Disposition, FollowUp
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.factories import make_agency
from tests.proceedings.conftest import at, client_of
from tests.sop.driver import Engine
from tests.sop.mutants import without

DUE = date(2026, 12, 3)


def sheet(office: Engine, **changes: object) -> DispositionEntry:
    """Return a disposition to the Sekretaris with one instruction for Tim SAKIP."""
    seats = office.world.positions
    entry = DispositionEntry(
        text="Lanjutkan ke pengukuran.",
        urgency="urgent",
        addressee_ids=(seats["secretary"].pk,),
        asks=("proceed",),
        tasks=(TaskEntry("Perbaiki indikator merah", seats["team"].pk, DUE),),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def write(office: Engine, item: WorkItem, entry: DispositionEntry, *, who: str = "head", token: str = "") -> WorkItem:
    return actions.write_disposition(
        item=item,
        entry=entry,
        edition=0,
        answer=Answer(),
        by=office.actor(who, item, token),
        reach=office.reach(who),
    )


def test_instruction_becomes_a_follow_up_and_the_paper_is_filled(office: Engine) -> None:
    done = write(office, at(office, "A11"), sheet(office))
    assert (done.status, done.note) == ("done", "Lanjutkan ke pengukuran.")
    (row,) = queries.my_follow_ups(office.reach("team"))
    assert (row.text, row.owner, row.due, row.origin) == (
        "Perbaiki indikator merah",
        office.world.positions["team"],
        DUE,
        done,
    )
    assert list(queries.my_follow_ups(office.reach("secretary"))) == []
    context = Paper.objects.get(item=done).document.context
    assert ["Sifat", "Segera"] in context["facts"]
    ticks = {block["heading"]: block["ticked"] for block in context["blocks"] if block["kind"] == "ticks"}
    assert ticks == {"Diteruskan kepada Sdr.": ["Sekretaris"], "Dengan hormat harap": ["Proses lebih lanjut"]}
    (table,) = [block for block in context["blocks"] if block["kind"] == "table"]
    (printed,) = table["rows"]
    assert printed[0] == "1."
    assert printed[1] == "Perbaiki indikator merah"
    assert printed[3] == "3 Desember 2026"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"addressee_ids": ()}, ["no_addressee"]),
        ({"text": " "}, ["note_empty"]),
        ({"text": "", "addressee_ids": ()}, ["note_empty", "no_addressee"]),
        ({"tasks": (TaskEntry("Perbaiki"),)}, ["task_no_owner"]),
        ({"tasks": (TaskEntry("", None, DUE),)}, ["task_empty", "task_no_owner"]),
        ({"urgency": "now"}, ["not_in_list"]),
        ({"asks": ("dance",)}, ["not_in_list"]),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(
    office: Engine, changes: dict[str, object], codes: list[str]
) -> None:
    item = at(office, "A11")
    before = JournalEntry.objects.count()
    with pytest.raises(Refused) as refused:
        write(office, item, sheet(office, **changes))
    assert [reason.code for reason in refused.value.reasons] == codes
    assert (Disposition.objects.count(), FollowUp.objects.count()) == (0, 0)
    assert JournalEntry.objects.count() == before


def test_foreign_position_is_refused(office: Engine) -> None:
    foreign = make_agency("Kenanga").positions["secretary"].pk
    with pytest.raises(Refused) as refused:
        write(office, at(office, "A11"), sheet(office, addressee_ids=(foreign,)))
    assert [reason.code for reason in refused.value.reasons] == ["position_unknown"]


def test_guard_against_foreign_positions_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reasons_foreign_positions", lambda *_: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_foreign_position_is_refused(office)


def test_only_the_head_writes_it(office: Engine) -> None:
    item = at(office, "A11")
    for who in ("secretary", "team", "staff"):
        with pytest.raises(Refused, match="diselesaikan oleh Kepala"):
            write(office, item, sheet(office), who=who)
        with pytest.raises(Refused):
            save(office, item, sheet(office), who=who)


def save(office: Engine, item: WorkItem, entry: DispositionEntry, *, edition: int = 0, who: str = "head") -> int:
    by = office.actor(who, item)
    return actions.save_draft(item=item, entry=entry, edition=edition, by=by, reach=office.reach(who))


def test_draft_completes_nothing_and_a_stale_form_overwrites_nothing(office: Engine) -> None:
    item = at(office, "A11")
    before = JournalEntry.objects.count()
    assert save(office, item, sheet(office, text="Konsep", tasks=())) == 1
    item.refresh_from_db()
    assert item.status == "open"
    assert (FollowUp.objects.count(), JournalEntry.objects.count()) == (0, before)
    with pytest.raises(Conflict) as refused:
        write(office, item, sheet(office, text="Lama"))
    assert [reason.code for reason in refused.value.reasons] == ["draft_changed"]
    assert Disposition.objects.get().text == "Konsep"
    assert save(office, item, sheet(office), edition=1) == 2
    assert Disposition.objects.get().tasks.count() == 1


def test_guard_against_stale_forms_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, paperwork_actions, "lay", "row.edition != edition", "False")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_draft_completes_nothing_and_a_stale_form_overwrites_nothing(office)


def test_second_click_is_told_apart_from_somebody_elses(office: Engine) -> None:
    item = at(office, "A11")
    write(office, item, sheet(office), token="satu")
    with pytest.raises(Replayed):
        write(office, item, sheet(office), token="satu")
    with pytest.raises(Conflict, match="sudah diselesaikan"):
        write(office, item, sheet(office), token="dua")
    assert FollowUp.objects.count() == 1


def finish(office: Engine, row: FollowUp, who: str, note: str = "Sudah diperbaiki", token: str = "") -> FollowUp:
    person = office.reach(who)
    by = person.actor(token=token)
    return actions.finish_follow_up(follow_up=row, note=note, evidence=None, by=by, reach=person)


def test_follow_up_is_finished_by_its_owner_once(office: Engine) -> None:
    write(office, at(office, "A11"), sheet(office))
    row = FollowUp.objects.get()
    with pytest.raises(Refused, match="dikerjakan oleh"):
        finish(office, row, "ikp")
    with pytest.raises(Refused, match="belum ditulis"):
        finish(office, row, "team", note=" ")
    done = finish(office, row, "team", token="satu")
    assert (done.state, done.finished_by) == ("done", office.world.people["team"])
    assert JournalEntry.objects.get(verb="finished_follow_up").target_public_id == row.public_id
    with pytest.raises(Replayed):
        finish(office, row, "team", token="satu")
    with pytest.raises(Conflict):
        finish(office, row, "head", token="dua")
    assert list(queries.my_follow_ups(office.reach("team"))) == []


def typed(office: Engine, **changes: object) -> dict[str, object]:
    seats = office.world.positions
    form: dict[str, object] = {
        "text": "Lanjutkan",
        "urgency": "ordinary",
        "addressees": [seats["secretary"].public_id],
        "edition": "0",
        "rows-TOTAL_FORMS": "2",
        "rows-INITIAL_FORMS": "0",
        "rows-0-text": "Perbaiki indikator merah",
        "rows-0-owner": seats["team"].public_id,
        "rows-0-due": "2026-12-03",
        "rows-1-text": "",
    }
    return form | changes


def test_page_keeps_a_draft_and_a_refused_form(office: Engine) -> None:
    item = at(office, "A11")
    page, post = f"/langkah/{item.public_id}/", f"/langkah/{item.public_id}/selesai/"
    head = client_of(office, "head")
    assert head.post(post, typed(office, draft="rows")).headers["Location"] == f"{page}#baris"
    shown = head.get(page).content.decode()
    assert 'value="2026-12-03"' in shown
    assert shown.count('class="row-box"') == 3
    refused = head.post(post, typed(office, text="", edition="1"))
    assert refused.status_code == 422
    assert "Perbaiki indikator merah" in refused.content.decode()
    assert "Wajib diisi." in refused.content.decode()
    wrong = head.post(post, typed(office, edition="1", **{"rows-0-due": "besok"}))
    assert wrong.status_code == 422
    assert 'value="besok"' in wrong.content.decode()
    stale = head.post(post, typed(office))
    assert stale.status_code == 409
    assert 'name="edition" value="1"' in stale.content.decode()
    item.refresh_from_db()
    assert item.status == "open"
    assert head.post(post, typed(office, edition="1")).status_code == 302
    assert FollowUp.objects.get().text == "Perbaiki indikator merah"


def test_inbox_lists_follow_ups_and_their_page_finishes_them(office: Engine) -> None:
    write(office, at(office, "A11"), sheet(office))
    row = FollowUp.objects.get()
    team = client_of(office, "team")
    assert "Perbaiki indikator merah" in team.get("/").content.decode()
    assert "Perbaiki indikator merah" not in client_of(office, "secretary").get("/").content.decode()
    page = f"/tindak-lanjut/{row.public_id}/"
    assert "Tandai selesai" in team.get(page).content.decode()
    assert "Tandai selesai" not in client_of(office, "ikp").get(page).content.decode()
    assert team.post(f"{page}selesai/", {"note": ""}).status_code == 422
    assert team.post(f"{page}selesai/", {"note": "Sudah"}).status_code == 302
    assert FollowUp.objects.get().state == "done"
    assert team.get(f"{page}bukti/").status_code == 404
