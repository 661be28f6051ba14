"""A later correction of the figures: what must be measured again says so, and is not approved before."""

import pytest

from capaian.journal.models import Entry as JournalEntry
from capaian.journal.reason import Refused
from capaian.measurement import queries, rules
from capaian.measurement.models import Worksheet
from capaian.sop import actions as engine
from capaian.sop.models import Run, WorkItem
from tests.collection.conftest import advance
from tests.measurement.conftest import bring, collected, decide, fill, measure, measuring, row, worksheet
from tests.planning.cards import make_card
from tests.sop.driver import Engine, issue_papers, open_items


@pytest.fixture
def archived(office: Engine) -> Run:
    """A collection that is archived; what its figures say is 72 of 80."""
    make_card(office.world, "Layanan", targets={"2026-Q1": "80", "2026-Q2": "80"}, consolidation="sum", entry="period")
    run = collected(office, {"Layanan": "72"})
    finish(office, run)
    return run


def finish(office: Engine, run: Run) -> None:
    advance(office, run, "A12")
    issue_papers()
    office.advance(run)


def corrected(office: Engine, run: Run, value: str, until: str = "A11") -> Run:
    """Correct an archived collection; its decision is made by this room's action."""
    reach = office.reach("head")
    again = engine.correct_run(run=run, reason="Salah ketik", by=reach.actor(), reach=reach)
    advance(office, again, "A07")
    fill(office, again, {"Layanan": value})
    advance(office, again, "A10")
    if until != "A10":
        decide(office, item_at(again))
    return again


def item_at(run: Run) -> WorkItem:
    return WorkItem.objects.select_related("run__agency", "step", "unit").get(pk=open_items(run)[0].pk)


def test_a_correction_must_be_measured_again(office: Engine, archived: Run) -> None:
    item = measuring(office, "B08")
    first = worksheet(office, item.run)
    corrected(office, archived, "76")
    first.refresh_from_db()
    assert first.is_stale
    assert JournalEntry.objects.filter(verb="marked_stale").count() == 1
    with pytest.raises(Refused) as refused:
        decide(office, item)
    assert [reason.code for reason in refused.value.reasons] == ["outdated"]
    decide(office, item, decision=WorkItem.Decision.NO, note="Ukur ulang", target="B05")
    measure(office, bring(office, item.run, "B05"))
    assert str(row(office, item.run, "Layanan").shown) == "95"
    decide(office, bring(office, item.run, "B08"))
    assert (open_items(item.run)[0].step.key, Worksheet.objects.filter(is_stale=True).count()) == ("B09", 1)


def test_guard_of_the_approval_is_missed(office: Engine, archived: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reasons_not_to_approve", lambda *_: [])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_a_correction_must_be_measured_again(office, archived)


def test_a_correction_marks_the_quarters_that_add_it_up(office: Engine, archived: Run) -> None:
    collected(office, {"Layanan": "80"}, "2026-Q2")
    first = worksheet(office, measuring(office, "B06").run)
    later = worksheet(office, measuring(office, "B06", "2026-Q2").run)
    corrected(office, archived, "76")
    assert {row.period for row in Worksheet.objects.filter(is_stale=True)} == {first.period, later.period}


def test_an_equal_figure_of_an_earlier_quarter_marks_nothing_later(office: Engine, archived: Run) -> None:
    collected(office, {"Layanan": "80"}, "2026-Q2")
    later = worksheet(office, measuring(office, "B06", "2026-Q2").run)
    corrected(office, archived, "72")
    later.refresh_from_db()
    assert not later.is_stale


def test_nothing_is_marked_before_the_correction_is_approved(office: Engine, archived: Run) -> None:
    item = measuring(office, "B08")
    corrected(office, archived, "76", until="A10")
    assert not queries.outdated(office.reach("team"), worksheet(office, item.run))


def test_nothing_is_measured_while_a_correction_is_under_way(office: Engine, archived: Run) -> None:
    item = measuring(office)
    corrected(office, archived, "76", until="A10")
    with pytest.raises(Refused) as refused:
        measure(office, item)
    assert [reason.code for reason in refused.value.reasons] == ["not_approved"]
