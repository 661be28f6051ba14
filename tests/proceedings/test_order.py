"""The nota dinas: issued as it stands, edited, for one SOP or for both in one transaction."""

import html
import re
from typing import Any

import pytest

from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from capaian.proceedings import actions, rules
from capaian.proceedings.entries import OrderEntry
from capaian.proceedings.models import Order
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, WorkItem
from tests.proceedings.conftest import client_of
from tests.sop.driver import Engine, keys, open_items

ENTRY = OrderEntry("Sekretaris", "Pelaksanaan", "Laksanakan.\nSegera.")


def orders(office: Engine, period: str = "2026-Q1") -> list[WorkItem]:
    """Open both SOPs of a period; return their order items."""
    return [open_items(run)[0] for run in office.open(period, "A", "B")]


def issue(
    office: Engine, item: WorkItem, *, together: WorkItem | None = None, entry: OrderEntry = ENTRY, token: str = ""
) -> WorkItem:
    return actions.issue_order(
        item=item,
        entry=entry,
        edition=0,
        answer=Answer(),
        together=together,
        by=office.actor("head", item, token),
        reach=office.reach("head"),
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
    issue(office, measure, together=collect, token="satu")
    assert (keys(collect.run), keys(measure.run)) == (["A02"], ["B02"])
    first, second = (Paper.objects.get(item=item).document for item in (collect, measure))
    assert first.number != second.number
    assert first.context["blocks"] == second.context["blocks"]
    assert Order.objects.get(item=collect).together_with == Order.objects.get(item=measure)
    assert JournalEntry.objects.filter(verb="completed_step").count() == 2
    with pytest.raises(Replayed):
        issue(office, measure, together=collect, token="satu")


def test_both_or_neither(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    collect, measure = orders(office)
    before = JournalEntry.objects.count()
    monkeypatch.setattr(rules, "reasons_not_to_join", lambda *_: [1 / 0])
    with pytest.raises(ZeroDivisionError):
        issue(office, measure, together=collect)
    assert (keys(collect.run), keys(measure.run)) == (["A01"], ["B01"])
    assert (Order.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_only_orders_of_one_period_are_joined(office: Engine) -> None:
    collect, measure = orders(office)
    later, _ = orders(office, "2026-Q2")
    for other in (later, measure):
        with pytest.raises(Refused) as refused:
            issue(office, measure, together=other)
        assert [reason.code for reason in refused.value.reasons] == ["not_joint"]
    issue(office, collect)
    (meeting,) = open_items(collect.run)
    with pytest.raises(Refused, match="tidak dapat disatukan"):
        issue(office, measure, together=meeting)


def test_guard_of_joining_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reasons_not_to_join", lambda *_: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_only_orders_of_one_period_are_joined(office)


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


def test_usual_words_speak_of_both_when_both_are_ordered(office: Engine) -> None:
    collect, measure = orders(office)
    head = client_of(office, "head")
    form = untouched(head.get(f"/langkah/{measure.public_id}/").content.decode())
    assert head.post(f"/langkah/{measure.public_id}/selesai/", {**form, "together": "on"}).status_code == 302
    assert keys(collect.run) == ["A02"]
    assert Order.objects.get(item=collect).subject == (
        "Pelaksanaan pengukuran kinerja dan pengumpulan data kinerja Triwulan I 2026"
    )
    body = Order.objects.get(item=measure).body
    assert "melakukan pengukuran kinerja dan melakukan pengumpulan data kinerja" in body
