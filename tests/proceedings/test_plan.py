"""A program kerja: prefilled from the SOP's later steps, edited, taken over from the last one, printed."""

from dataclasses import replace
from datetime import date

import pytest

from capaian.agencies.queries import calendar_of
from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Conflict, Refused
from capaian.proceedings import actions, plan_papers, rules
from capaian.proceedings.entries import StageEntry, WorkPlanEntry
from capaian.proceedings.models import WorkPlan
from capaian.proceedings.queries import seats
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from capaian.sop.published import steps_by_key
from tests.factories import make_agency
from tests.periods.calendars import national
from tests.proceedings.conftest import at, client_of
from tests.sop.driver import Engine
from tests.web.step_answers import untouched

FIRST, LAST = date(2026, 4, 6), date(2026, 4, 8)  # Monday, Wednesday


def stage(office: Engine, **changes: object) -> StageEntry:
    entry = StageEntry("Kumpulkan data", FIRST, LAST, office.world.positions["team"].pk, "Formulir terisi")
    return replace(entry, **changes)  # type: ignore[arg-type]


def plan(office: Engine, *stages: StageEntry, background: str = "Latar.\nTujuan.") -> WorkPlanEntry:
    return WorkPlanEntry(background, stages or (stage(office),))


def adopt(office: Engine, item: WorkItem, entry: WorkPlanEntry, *, edition: int = 0, who: str = "team") -> WorkItem:
    by = office.actor(who, item)
    return actions.adopt_plan(item=item, entry=entry, edition=edition, answer=Answer(), by=by, reach=office.reach(who))


def save(office: Engine, item: WorkItem, entry: WorkPlanEntry, *, edition: int = 0, who: str = "team") -> int:
    by = office.actor(who, item)
    return actions.save_draft(item=item, entry=entry, edition=edition, by=by, reach=office.reach(who))


@pytest.mark.parametrize("step", ["A03", "B03"])
def test_paper_says_why_what_when_who_and_with_what_result(office: Engine, step: str) -> None:
    done = adopt(office, at(office, step), plan(office))
    assert done.status == "done"
    document = Paper.objects.get(item=done).document
    assert (document.title, document.kind.code) == ("Program Kerja Kegiatan", "PKK")
    text, table, closing = document.context["blocks"]
    assert text == {"kind": "text", "heading": "Latar dan tujuan", "paragraphs": ["Latar.", "Tujuan."]}
    assert table["head"] == ["No.", "Tahap kegiatan", "Jadwal", "Penanggung jawab", "Output"]
    assert closing["paragraphs"] == [plan_papers.CLOSING], "a signature never stands alone on a page"
    (row,) = table["rows"]
    assert row[:3] == ["1.", "Kumpulkan data", "6 April 2026 s.d. 8 April 2026"]
    names = ", ".join(office.world.people[who].name for who in ("team", "team2"))
    assert row[3] == f"Tim SAKIP ({names})"
    assert row[4] == "Formulir terisi"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stage": " "}, "stage_empty"),
        ({"starts_on": None}, "stage_empty"),
        ({"ends_on": None}, "stage_empty"),
        ({"owner_id": None}, "stage_empty"),
        ({"result": ""}, "stage_empty"),
        ({"ends_on": date(2026, 4, 3)}, "stage_backwards"),
        ({"stage": "x" * 401}, "text_long"),
    ],
)
def test_a_stage_is_whole(office: Engine, changes: dict[str, object], code: str) -> None:
    item = at(office, "A03")
    before = JournalEntry.objects.count()
    with pytest.raises(Refused) as refused:
        adopt(office, item, plan(office, stage(office, **changes)))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert (WorkPlan.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_a_plan_has_a_background_and_a_stage(office: Engine) -> None:
    with pytest.raises(Refused) as refused:
        adopt(office, at(office, "A03"), WorkPlanEntry(" "))
    assert [reason.code for reason in refused.value.reasons] == ["plan_empty", "no_stage"]


def test_drafts_may_be_unfinished_but_not_wrong(office: Engine) -> None:
    item = at(office, "A03")
    assert save(office, item, plan(office, stage(office, owner_id=None, result=""), background="")) == 1
    foreign = make_agency("Kenanga").positions["team"].pk
    for changes, code in (
        ({"ends_on": date(2026, 4, 3)}, "stage_backwards"),
        ({"owner_id": foreign}, "position_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            save(office, item, plan(office, stage(office, **changes)), edition=1)
        assert [reason.code for reason in refused.value.reasons] == [code]
    with pytest.raises(Conflict, match="sudah disimpan"):
        save(office, item, plan(office))
    with pytest.raises(Refused, match="pelaksana langkah"):
        save(office, item, plan(office), edition=1, who="ikp")


def test_guard_of_drafts_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reasons_not_to_keep", lambda *_: [])
    with pytest.raises(Exception, match=r"DID NOT RAISE|plan_item_ends_after_start"):
        test_drafts_may_be_unfinished_but_not_wrong(office)


def test_first_stages_follow_the_sop_and_its_times(office: Engine) -> None:
    item = at(office, "A03")
    steps = list(steps_by_key(item.run.version).values())
    calendar = national()
    now = calendar.utc(calendar.stretches(FIRST)[0].opens)
    found = plan_papers.first_stages(item, steps, seats(office.reach("team")), calendar, now)
    later = [step for step in steps if step.ordinal > 3]
    assert [entry.stage for entry in found] == [step.text for step in later]
    # one day; 120 + 5 minutes of the next; one day; 120 + 30 + 90 + 30 minutes; the archive has no time
    assert [(entry.starts_on, entry.ends_on) for entry in found[:4]] == [
        (FIRST, date(2026, 4, 7)),
        (date(2026, 4, 7), date(2026, 4, 7)),
        (date(2026, 4, 7), date(2026, 4, 7)),
        (date(2026, 4, 7), date(2026, 4, 8)),
    ]
    assert all(entry.starts_on and entry.ends_on and entry.starts_on <= entry.ends_on for entry in found)
    seat = office.world.positions
    owners = {entry.stage[:14]: entry.owner_id for entry in found}
    assert owners["Sekretariat da"] == seat["team"].pk
    assert found[6].owner_id == seat["secretary"].pk
    assert found[7].owner_id == seat["head"].pk
    assert found[0].result == "Checklist Dokumen"


def test_untouched_page_is_accepted(office: Engine) -> None:
    item = at(office, "A03")
    form = untouched(item, office.reach("team"))
    assert client_of(office, "team").post(f"/langkah/{item.public_id}/selesai/", form).status_code == 302
    row = WorkPlan.objects.get()
    assert row.stages.count() == 9
    assert row.background.startswith(
        "Program kerja ini disusun untuk melaksanakan SOP Pengumpulan Data Kinerja periode"
    )


def test_last_plan_is_offered_with_its_own_distances(office: Engine) -> None:
    stages = (stage(office), stage(office, stage="Periksa", starts_on=LAST, ends_on=date(2026, 4, 14)))
    adopt(office, at(office, "A03"), plan(office, *stages))
    item = at(office, "A03", "2026-Q2")
    team = client_of(office, "team")
    page, post = f"/langkah/{item.public_id}/", f"/langkah/{item.public_id}/selesai/"
    assert "Ganti tahap dengan rencana Triwulan I 2026" in team.get(page).content.decode()
    other = at(office, "B03", "2026-Q2")
    assert "Ganti tahap" not in team.get(f"/langkah/{other.public_id}/").content.decode()
    form = untouched(item, office.reach("team")) | {"draft": "offer", "background": "Ditulis sendiri"}
    assert team.post(post, form).headers["Location"] == page
    row = WorkPlan.objects.get(item=item)
    assert row.background == "Ditulis sendiri"
    assert [entry.stage for entry in row.stages.order_by("ordinal")] == ["Kumpulkan data", "Periksa"]
    calendar = calendar_of(office.world.agency)
    first, second = row.stages.order_by("ordinal")
    assert first.starts_on is not None
    day, days = first.starts_on, []
    for _ in range(6):
        day = calendar.next_workday(day)
        days.append(day)
    assert (first.ends_on, second.starts_on, second.ends_on) == (days[1], days[1], days[5])


def test_page_keeps_what_was_refused(office: Engine) -> None:
    item = at(office, "A03")
    form = untouched(item, office.reach("team")) | {"rows-0-ends_on": "2020-01-01", "rows-1-stage": "Tahap baru"}
    answer = client_of(office, "team").post(f"/langkah/{item.public_id}/selesai/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tahap 1 selesai sebelum dimulai." in page
    assert "Tahap baru" in page
