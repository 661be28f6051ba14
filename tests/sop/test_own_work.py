"""Nobody approves own work, unless the agency's setting says so; an assignee who left holds nothing up."""

from dataclasses import replace
from datetime import date

import pytest

from capaian.agencies import actions as agencies
from capaian.agencies.entries import AgencyEntry
from capaian.agencies.models import Appointment
from capaian.journal.models import Entry
from capaian.journal.reason import Refused
from capaian.sop import actions, queries, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run, WorkItem
from tests.sop.driver import Engine, keys, open_items
from tests.sop.mutants import without

ACTING = {"kind": Appointment.Kind.ACTING, "valid_from": date(2026, 1, 5), "valid_to": date(2026, 12, 31)}


@pytest.fixture
def deputy(office: Engine) -> Engine:
    """`team2` of Tim SAKIP is also Plt. Sekretaris."""
    office.world.appoint("team2", office.world.positions["secretary"], **ACTING)
    office.forget()
    return office


def at_decision(office: Engine, recapitulated_by: str) -> tuple[Run, WorkItem]:
    """Bring a collection to A10; one of Tim SAKIP has done the recapitulation."""
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A08")
    office.complete(open_items(run)[0], person=office.world.people[recapitulated_by])
    office.complete(open_items(run)[0], person=office.world.people["team"])
    return run, open_items(run)[0]


def allow(office: Engine) -> None:
    entry = replace(AgencyEntry.of(office.world.agency), self_approval_allowed=True)
    agencies.change_agency(agency=office.world.agency, entry=entry, by=office.world.admin)


@pytest.mark.parametrize("answer", [{"decision": "yes"}, {"decision": "no", "note": "Perbaiki", "target": "A08"}])
def test_plt_secretary_does_not_decide_on_his_own_recapitulation(deputy: Engine, answer: dict[str, str]) -> None:
    run, item = at_decision(deputy, "team2")
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        deputy.complete(item, person=deputy.world.people["team2"], **answer)
    (reason,) = refused.value.reasons
    assert reason.code == "self_approval"
    assert "Plh." in reason.next_step
    assert Entry.objects.count() == before
    assert keys(run) == ["A10"]


def test_guard_against_own_approval_is_missed(deputy: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, step_rules, "reasons_not_to_complete", "prepared_by(item, person.person.pk)", "False")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_plt_secretary_does_not_decide_on_his_own_recapitulation(deputy, {"decision": "yes"})


def test_plt_secretary_decides_on_what_others_prepared(deputy: Engine) -> None:
    _, item = at_decision(deputy, "team")
    done = deputy.complete(item, person=deputy.world.people["team2"])
    assert not done.self_approved
    assert done.done_title == "Plt. Sekretaris"


def test_own_approval_that_the_agency_allows_is_marked_and_printed(deputy: Engine) -> None:
    allow(deputy)
    run, item = at_decision(deputy, "team2")
    done = deputy.complete(item, person=deputy.world.people["team2"])
    assert WorkItem.objects.get(pk=done.pk).self_approved
    assert Entry.objects.get(verb="decided_yes").payload["self_approved"] is True
    deputy.finish(run)
    archive = Paper.objects.get(item__run=run, item__step__key="A12").document
    (printed,) = [block for block in archive.context["blocks"] if block["heading"].startswith("Keputusan atas")]
    assert printed["items"] == [f"Langkah 10: {deputy.world.people['team2'].name}, Plt. Sekretaris"]


def test_archive_of_foreign_approvals_prints_no_such_list(deputy: Engine) -> None:
    allow(deputy)
    run, item = at_decision(deputy, "team")
    deputy.complete(item)
    deputy.finish(run)
    archive = Paper.objects.get(item__run=run, item__step__key="A12").document
    assert not [block for block in archive.context["blocks"] if block["heading"].startswith("Keputusan atas")]


def assigned(office: Engine, who: str) -> WorkItem:
    """Return A03 given to one of Tim SAKIP."""
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A03")
    head = office.reach("head")
    person = office.world.people[who]
    return actions.reassign_item(item=open_items(run)[0], assignee=person, by=head.actor(), reach=head)


def finish(office: Engine, item: WorkItem, who: str) -> WorkItem:
    person = office.reach(who)
    by = step_rules.actor_for(person, item)
    return actions.complete_step(item=item, answer=Answer(), by=by, reach=person)


def test_assigned_item_is_only_the_assignees(office: Engine) -> None:
    item = assigned(office, "team2")
    with pytest.raises(Refused) as refused:
        finish(office, item, "team")
    assert [reason.code for reason in refused.value.reasons] == ["assigned_to_other"]
    assert queries.my_items(office.reach("team")) == []
    assert queries.my_items(office.reach("team2")) == [item]
    assert finish(office, item, "team2").status == "done"


def test_item_of_an_assignee_who_left_falls_back_to_all(office: Engine) -> None:
    item = assigned(office, "team2")
    membership = office.world.people["team2"].appointments.get()
    Appointment.objects.filter(pk=membership.pk).update(valid_to=date(2026, 5, 29))
    office.forget()
    assert queries.my_items(office.reach("team")) == [item]
    assert queries.my_items(office.reach("team2")) == []
    assert finish(office, item, "team").status == "done"


def test_item_of_an_assignee_without_account_falls_back_to_all(office: Engine) -> None:
    item = assigned(office, "team2")
    person = office.world.people["team2"]
    agencies.deactivate_person(person=person, by=office.world.admin)
    office.world.people["team2"].refresh_from_db()
    office.forget()
    assert queries.my_items(office.reach("team")) == [item]
    assert finish(office, item, "team").status == "done"


def test_fallback_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(
        monkeypatch, step_rules, "reasons_not_mine", "and may_complete(item, reach(assignee, person.on))", "and True"
    )
    with pytest.raises(Refused, match="ditugaskan"):
        test_item_of_an_assignee_who_left_falls_back_to_all(office)


def test_fallback_of_the_inbox_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "may_complete", lambda *_: True)
    with pytest.raises(AssertionError):
        test_item_of_an_assignee_who_left_falls_back_to_all(office)


def test_next_visit_is_the_assignees_again(office: Engine) -> None:
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until="A08")
    head = office.reach("head")
    person = office.world.people["team2"]
    actions.reassign_item(item=open_items(run)[0], assignee=person, by=head.actor(), reach=head)
    office.complete(open_items(run)[0], person=person)
    office.advance(run, until="A10")
    office.complete(open_items(run)[0], decision="no", note="Perbaiki", target="A08")
    (again,) = open_items(run)
    assert (again.visit, again.assignee) == (2, person)
    assert again.return_note == "Perbaiki"
