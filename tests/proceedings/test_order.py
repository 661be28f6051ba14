"""The nota dinas: issued as it stands, edited, for one SOP or for both in one transaction."""

import html
import re
from typing import Any

import pytest

from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Conflict, Refused
from capaian.journal.rules import Replayed
from capaian.proceedings import actions, papers, queries, rules
from capaian.proceedings.entries import OrderEntry
from capaian.proceedings.models import Order
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine, keys, make_engine, open_items

ENTRY = OrderEntry("Sekretaris", "Pelaksanaan", "Laksanakan.\nSegera.")


def orders(office: Engine, period: str = "2026-Q1") -> list[WorkItem]:
    """Open both SOPs of a period; return their order items."""
    return [open_items(run)[0] for run in office.open(period, "A", "B")]


def issue(
    office: Engine, item: WorkItem, *together: WorkItem, entry: OrderEntry = ENTRY, token: str = "", **more: Any
) -> WorkItem:
    return actions.issue_order(
        item=item,
        entry=entry,
        edition=0,
        answer=Answer(),
        together=together,
        by=office.actor("head", item, token),
        reach=office.reach("head"),
        **more,
    )


def context(item: WorkItem) -> dict[str, Any]:
    found: dict[str, Any] = Paper.objects.get(item=item).document.context
    return found


def test_one_order_for_one_sop(office: Engine) -> None:
    collect, measure = orders(office)
    done = issue(office, collect)
    assert done.status == "done"
    facts = dict(context(done)["facts"])
    assert (facts["Yth."], facts["Hal"], facts["Sifat"]) == ("Sekretaris", "Pelaksanaan", "Biasa")
    assert context(done)["blocks"][0]["paragraphs"] == ["Laksanakan.", "Segera."]
    assert keys(collect.run) == ["A02"]
    assert keys(measure.run) == ["B01"]


def test_one_text_for_both_sops_two_numbered_papers(office: Engine) -> None:
    collect, measure = orders(office)
    issue(office, measure, collect, token="satu")
    assert (keys(collect.run), keys(measure.run)) == (["A02"], ["B02"])
    first, second = (Paper.objects.get(item=item).document for item in (collect, measure))
    assert first.number != second.number
    assert first.context["blocks"] == second.context["blocks"]
    assert Order.objects.get(item=collect).together_with == Order.objects.get(item=measure)
    assert JournalEntry.objects.filter(verb="completed_step").count() == 2
    with pytest.raises(Replayed):
        issue(office, measure, collect, token="satu")


def test_both_or_neither(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    collect, measure = orders(office)
    before = JournalEntry.objects.count()
    monkeypatch.setattr(rules, "reasons_not_to_join", lambda *_: [1 / 0])
    with pytest.raises(ZeroDivisionError):
        issue(office, measure, collect)
    assert (keys(collect.run), keys(measure.run)) == (["A01"], ["B01"])
    assert (Order.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_one_text_for_several_periods(office: Engine) -> None:
    collect, measure = orders(office)
    later, last = orders(office, "2026-Q2")
    done = issue(office, collect, later, last, numbers={last.pk: "700/9/KADIS"}, token="satu")
    assert [keys(item.run) for item in (collect, later, last, measure)] == [["A02"], ["A02"], ["B02"], ["B01"]]
    numbers = [Paper.objects.get(item=item).document.number for item in (collect, later, last)]
    assert len(set(numbers)) == 3
    assert numbers[2] == "700/9/KADIS"
    assert queries.joined_items(done) == [later, last]
    with pytest.raises(Replayed):
        issue(office, collect, later, last, token="satu")


def test_all_or_none(office: Engine) -> None:
    collect, measure = orders(office)
    later, _ = orders(office, "2026-Q2")
    issue(office, later)
    with pytest.raises(Conflict, match="sudah diselesaikan"):
        issue(office, collect, measure, later)
    assert (keys(collect.run), keys(measure.run)) == (["A01"], ["B01"])
    assert Order.objects.count() == 1


def test_only_open_orders_of_the_agency_are_joined(office: Engine) -> None:
    collect, measure = orders(office)
    issue(office, collect)
    (meeting,) = open_items(collect.run)
    (foreign, _) = orders(make_engine("Kenanga"))
    for other in (measure, meeting, foreign):
        with pytest.raises(Refused) as refused:
            issue(office, measure, other)
        assert [reason.code for reason in refused.value.reasons] == ["not_joint"]
    assert keys(measure.run) == ["B01"]
    assert keys(foreign.run) == ["A01"]


def test_those_that_are_offered(office: Engine) -> None:
    collect, measure = orders(office)
    later, last = orders(office, "2026-Q2")
    orders(make_engine("Kenanga"))
    assert queries.joint_orders(later, office.reach("head")) == [collect, measure, last]
    assert queries.joint_orders(later, office.reach("secretary")) == []
    issue(office, measure)
    assert queries.joint_orders(later, office.reach("head")) == [collect, last]


def test_guard_of_joining_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reasons_not_to_join", lambda *_: [])
    with pytest.raises(AssertionError, match="already_closed"):
        test_only_open_orders_of_the_agency_are_joined(office)


@pytest.mark.parametrize("field", ["recipient", "subject", "body"])
def test_an_order_says_to_whom_about_what_and_what(office: Engine, field: str) -> None:
    collect, _ = orders(office)
    entry = OrderEntry(**{**ENTRY.__dict__, field: " "})
    with pytest.raises(Refused) as refused:
        issue(office, collect, entry=entry)
    assert [reason.field for reason in refused.value.reasons] == [field]
    assert Order.objects.count() == 0


def untouched(page: str) -> dict[str, str]:
    """Return what a browser sends when nothing was changed on a page."""
    fields: dict[str, str] = dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page))
    fields["body"] = re.findall(r'<textarea name="body"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)[0]
    return {name: html.unescape(value) for name, value in fields.items()} | {"urgency": "ordinary", "edition": "0"}


def test_untouched_page_is_issued_with_one_tap(office: Engine) -> None:
    collect, measure = orders(office)
    head = client_of(office, "head")
    form = untouched(head.get(f"/langkah/{collect.public_id}/").content.decode())
    assert form["recipient"] == "Sekretaris"
    assert form["subject"] == "Pelaksanaan pengumpulan data kinerja Triwulan I 2026"
    assert head.post(f"/langkah/{collect.public_id}/selesai/", form).status_code == 302
    assert keys(collect.run) == ["A02"]
    assert keys(measure.run) == ["B01"]


def test_usual_words_speak_of_all_that_is_ordered(office: Engine) -> None:
    collect, measure = orders(office)
    later, _ = orders(office, "2026-Q2")
    head = client_of(office, "head")
    form: dict[str, Any] = untouched(head.get(f"/langkah/{measure.public_id}/").content.decode())
    form["together"] = [collect.public_id, later.public_id]
    assert head.post(f"/langkah/{measure.public_id}/selesai/", form).status_code == 302
    assert (keys(collect.run), keys(later.run)) == (["A02"], ["A02"])
    assert Order.objects.get(item=collect).subject == (
        "Pelaksanaan pengukuran kinerja dan pengumpulan data kinerja Triwulan I 2026 dan Triwulan II 2026"
    )
    body = Order.objects.get(item=measure).body
    assert (
        "diminta melakukan pengukuran kinerja dan melakukan pengumpulan data kinerja untuk periode Triwulan I 2026; "
        "serta melakukan pengumpulan data kinerja untuk periode Triwulan II 2026."
    ) in body


def test_subject_of_many_periods_stays_short(office: Engine) -> None:
    items = [orders(office, f"2026-0{month}")[0] for month in range(1, 6)]
    assert papers.order_subject(items) == (
        "Pelaksanaan pengumpulan data kinerja untuk 5 periode, Januari 2026 s.d. Mei 2026"
    )
    assert papers.order_subject(items[:3]).endswith("Januari 2026, Februari 2026 dan Maret 2026")
