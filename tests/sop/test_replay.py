"""The same form twice takes effect once; somebody else's click is told who was first and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
import time_machine

from capaian.journal.models import Entry
from capaian.journal.reason import Conflict
from capaian.journal.rules import Replayed
from capaian.periods.period import Period
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Step, WorkItem
from capaian.sop.shipped import shipped
from tests.sop.driver import Engine, open_items
from tests.sop.fingerprint import changed, fingerprint
from tests.sop.moves import SCAN

MORNING = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
Act = Callable[[str, str], object]


@dataclass
class Doing:
    """One action made ready: `act(who, token)` does it; who does it first, who comes second."""

    act: Act
    verb: str
    first: str = "team"
    second: str = "team2"


def at(office: Engine, step: str) -> WorkItem:
    """Bring a collection to a step; return its first open item."""
    (run,) = office.open("2026-Q1", "A")
    office.advance(run, until=step)
    return open_items(run)[0]


def completing(step: str, answer: Answer, verb: str, first: str, second: str) -> Callable[[Engine], Doing]:
    def ready(office: Engine) -> Doing:
        item = at(office, step)
        if step == "A11":
            handing(office, item)("secretary", "")

        def act(who: str, token: str) -> object:
            person = office.reach(who)
            by = step_rules.actor_for(person, item, token)
            return actions.complete_step(item=item, answer=answer, by=by, reach=person)

        return Doing(act, verb, first, second)

    return ready


def handing(office: Engine, item: WorkItem) -> Act:
    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.hand_over(item=item, note="", by=person.actor(token=token), reach=person)

    return act


def handing_over(office: Engine) -> Doing:
    office.world.appoint("deputy", office.world.positions["secretary"], kind="daily", valid_to=date(2026, 7, 1))
    return Doing(handing(office, at(office, "A11")), "handed_over", "secretary", "deputy")


def waiving(office: Engine) -> Doing:
    item = at(office, "A07")

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.waive_unit(item=item, reason="Bubar", by=person.actor(token=token), reach=person)

    return Doing(act, "waived_unit")


def returning(office: Engine) -> Doing:
    run = at(office, "A08").run
    step = Step.objects.get(version=run.version, key="A08")
    answer = Answer(note="Kurang", target="A07", unit_ids=(office.world.units["ikp"].pk,))

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.return_work(run=run, step=step, answer=answer, by=person.actor(token=token), reach=person)

    return Doing(act, "returned_work")


def reassigning(office: Engine) -> Doing:
    item = at(office, "A03")

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        one = office.world.people["team2"]
        return actions.reassign_item(item=item, assignee=one, by=person.actor(token=token), reach=person)

    return Doing(act, "reassigned_item", "head")


def attaching(office: Engine) -> Doing:
    item = at(office, "A03")
    numbers = count()

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        file = replace(SCAN, key=f"kunci-{next(numbers)}")  # every sending is kept anew
        return actions.attach_file(item=item, file=file, by=person.actor(token=token), reach=person)

    return Doing(act, "attached_file")


def scheduling(office: Engine) -> Doing:
    own = {"month": (office.definitions["A-R"], office.definitions["B-R"])}

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.schedule_year(
            agency=office.world.agency,
            periods=[Period.parse("2026-05")],
            definitions=own,
            by=person.actor(token=token),
            reach=person,
        )

    return Doing(act, "scheduled_periods")


def opening(office: Engine) -> Doing:
    (run,) = office.schedule("2026-05", "A-R")

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.open_run(run=run, by=person.actor(token=token), reach=person)

    return Doing(act, "opened_run")


def cancelling(office: Engine) -> Doing:
    run = at(office, "A03").run

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.cancel_run(run=run, reason="Salah", by=person.actor(token=token), reach=person)

    return Doing(act, "cancelled_run", "head", "secretary")


def correcting(office: Engine) -> Doing:
    (run,) = office.open("2026-05", "A-R")
    office.finish(run)

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.correct_run(run=run, reason="Keliru", by=person.actor(token=token), reach=person)

    return Doing(act, "corrected_run", "head", "secretary")


def moving(office: Engine) -> Doing:
    run = at(office, "A03").run
    version = actions.publish_version(
        definition=run.definition, spec=shipped("pengumpulan"), by=office.reach("admin").actor()
    )

    def act(who: str, token: str) -> object:
        person = office.reach(who)
        return actions.move_run(run=run, version=version, by=person.actor(token=token), reach=person)

    return Doing(act, "moved_run", "head", "secretary")


def publishing(office: Engine) -> Doing:
    def act(who: str, token: str) -> object:
        by = office.reach(who).actor(token=token)
        return actions.publish_version(definition=office.definitions["A"], spec=shipped("pengumpulan"), by=by)

    return Doing(act, "published_version", "admin")


NO = Answer(note="Perbaiki", decision=WorkItem.Decision.NO, target="A08")
YES = Answer(decision=WorkItem.Decision.YES)
CLOSING = {
    "complete": completing("A03", Answer(), "completed_step", "team", "team2"),
    "fill": completing("A07", Answer(), "completed_step", "planner", "ikp"),
    "yes": completing("A10", YES, "decided_yes", "secretary", "head"),
    "no": completing("A10", NO, "decided_no", "secretary", "head"),
    "disposition": completing("A11", Answer(note="Lanjutkan"), "completed_step", "head", "secretary"),
    "hand over": handing_over,
    "waive": waiving,
}
OTHERS = {
    "return": returning,
    "reassign": reassigning,
    "attach": attaching,
    "schedule": scheduling,
    "cancel": cancelling,
    "correct": correcting,
    "move": moving,
    "publish": publishing,
}


@pytest.mark.parametrize("ready", [*CLOSING.values(), *OTHERS.values()], ids=[*CLOSING, *OTHERS])
def test_the_same_form_twice_takes_effect_once(office: Engine, ready: Callable[[Engine], Doing]) -> None:
    doing = ready(office)
    so_far = Entry.objects.filter(verb=doing.verb).count()
    doing.act(doing.first, "formulir-1")
    after = fingerprint()
    for _ in range(2):
        with pytest.raises(Replayed):
            doing.act(doing.first, "formulir-1")
    assert not changed(after, fingerprint())
    assert Entry.objects.filter(verb=doing.verb).count() == so_far + 1


def test_opening_twice_takes_effect_once(office: Engine) -> None:
    doing = opening(office)
    doing.act("team", "formulir-1")
    after = fingerprint()
    doing.act("team", "formulir-1")
    assert not changed(after, fingerprint())
    assert Entry.objects.filter(verb="opened_run").count() == 1


@pytest.mark.parametrize("token", ["", "formulir-1", "formulir-2"])
@pytest.mark.parametrize("ready", CLOSING.values(), ids=list(CLOSING))
def test_somebody_else_is_told_who_was_first_and_when(
    office: Engine, ready: Callable[[Engine], Doing], token: str
) -> None:
    doing = ready(office)
    with time_machine.travel(MORNING, tick=False):
        doing.act(doing.first, "formulir-1")
    after = fingerprint()
    with pytest.raises(Conflict) as conflict:
        doing.act(doing.second, token)
    (reason,) = conflict.value.reasons
    assert office.world.people[doing.first].name in reason.text
    assert "1 Juni 2026 pukul 09.30 WIB" in reason.text
    assert conflict.value.status == 409
    assert not changed(after, fingerprint())


def test_another_form_of_the_same_person_is_a_conflict(office: Engine) -> None:
    doing = CLOSING["complete"](office)
    doing.act("team", "formulir-1")
    for token in ("formulir-2", ""):
        with pytest.raises(Conflict):
            doing.act("team", token)


def test_a_page_whose_other_form_was_used_is_no_replay(office: Engine) -> None:
    """Several forms of a page carry one token: a file added with it does not mean that the step was completed."""
    item = at(office, "A03")
    team = office.reach("team")
    actions.attach_file(item=item, file=SCAN, by=team.actor(token="halaman-1"), reach=team)
    office.complete(item, person=office.world.people["team2"])
    by = step_rules.actor_for(team, item, "halaman-1")
    with pytest.raises(Conflict) as conflict:
        actions.complete_step(item=item, answer=Answer(), by=by, reach=team)
    assert office.world.people["team2"].name in str(conflict.value)


def test_a_page_whose_other_form_was_used_still_takes_effect(office: Engine) -> None:
    item = at(office, "A11")
    secretary = office.reach("secretary")
    by = secretary.actor(token="halaman-1")
    actions.reassign_item(item=item, assignee=office.world.people["head"], by=by, reach=secretary)
    actions.hand_over(item=item, note="", by=by, reach=secretary)
    actions.cancel_run(run=item.run, reason="Salah", by=by, reach=secretary)
    assert Run.objects.get(pk=item.run_id).status == "cancelled"


def test_the_journals_question_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the same person's double click is told that somebody was first: himself."""
    monkeypatch.setattr("capaian.sop.step_actions.done_with_token", lambda *_: False)
    with pytest.raises(Conflict):
        test_the_same_form_twice_takes_effect_once(office, CLOSING["complete"])


def test_the_persons_part_in_that_question_is_missed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it another person's form passes as one's own."""

    def anybodys(chain: str, _: str, token: str, *verbs: str) -> bool:
        return bool(token) and Entry.objects.filter(chain__key=chain, token=token).exists()

    monkeypatch.setattr("capaian.sop.step_actions.done_with_token", anybodys)
    with pytest.raises(Replayed):
        test_somebody_else_is_told_who_was_first_and_when(office, CLOSING["complete"], "formulir-1")
