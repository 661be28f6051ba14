"""Rounds of clicks at one moment on one engine, and what must hold afterwards; each round returns what is wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from capaian.agencies import actions as agency_actions
from capaian.agencies.models import Appointment, Person
from capaian.agencies.queries import reach, today
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.sop import actions
from capaian.sop.answer import Answer
from capaian.sop.models import Paper, Run, WorkItem
from tests.factories import SINCE
from tests.server import Server
from tests.sop.driver import Engine, keys, make_engine, open_items
from tests.web.step_answers import untouched
from tests.web.visitors import Answer as Reply
from tests.web.visitors import Click, Visitor, at_once, visitor

MOST_UNITS = 5  # that the factory makes


@dataclass
class Arena:
    """An engine and a server on the same rows; people are logged in once."""

    engine: Engine
    server: Server
    visitors: dict[int, Visitor] = field(default_factory=dict)
    shown: dict[tuple[int, bool], dict[str, object]] = field(default_factory=dict)

    def visitor(self, person: Person) -> Visitor:
        """Return a person's browser."""
        if person.pk not in self.visitors:
            self.visitors[person.pk] = visitor(person, self.server)
        return self.visitors[person.pk]

    def who(self, name: str) -> Visitor:
        """Return the browser of one of the people by short name."""
        return self.visitor(self.engine.world.people[name])

    def click(self, by: Visitor, item: WorkItem, **form: object) -> Click:
        """Return the click that completes an item, from a form of its own."""
        path = reverse("step_complete", kwargs={"key": item.public_id})
        place = (item.step_id, item.unit_id is None)
        if place not in self.shown:
            self.shown[place] = untouched(item, reach(by.person, today(by.person.agency)))
        return Click(by, path, {**self.shown[place], "form_token": by.token(), **form})

    def submitter(self, item: WorkItem) -> Visitor:
        """Return who submits a unit's form."""
        return self.visitor(self.engine.completers(item)[0])


def count(run: Run, key: str, *statuses: str) -> int:
    """Return how many items a step has."""
    items = WorkItem.objects.filter(run=run, step__key=key)
    return items.filter(status__in=statuses).count() if statuses else items.count()


def tally(answers: Sequence[Reply]) -> Counter[int]:
    """Count the answers by status."""
    return Counter(answer.status for answer in answers)


def effects_of(item: WorkItem) -> tuple[int, int]:
    """Return how often the journal tells that an item was completed, and how many papers it left."""
    verbs = ("completed_step", "decided_yes", "decided_no")
    told = Entry.objects.filter(target_public_id=item.public_id, verb__in=verbs).count()
    return told, Paper.objects.filter(item=item).count()


def broken_chain(engine: Engine) -> list[str]:
    """Return the places where the agency's chain is not whole."""
    return [str(found) for found in breaks(engine.world.agency.public_id)]


def one_wins(arena: Arena, run: Run, clicks: Sequence[Click], item: WorkItem) -> tuple[list[Reply], list[str]]:
    """Click at once on one item; exactly one takes effect and every other answer is 409."""
    answers = at_once(clicks)
    found = tally(answers)
    faults = []
    if found != {302: 1, 409: len(clicks) - 1}:
        faults.append(f"answers {dict(found)}")
    told, papers = effects_of(item)
    item.refresh_from_db()
    outputs = 0 if item.decision == WorkItem.Decision.NO else item.step.outputs.count()
    if (told, papers) != (1, outputs):
        faults.append(f"told {told} times, {papers} papers")
    return answers, faults


def join_round(arena: Arena, run: Run, clicks_each: int) -> list[str]:
    """Let all units submit at one moment, each with several clicks; the join opens exactly once."""
    waiting = list(open_items(run))
    clicks = [arena.click(arena.submitter(item), item) for item in waiting for _ in range(clicks_each)]
    answers = at_once(clicks)
    faults = []
    if tally(answers) != {302: len(waiting), 409: len(waiting) * (clicks_each - 1)}:
        faults.append(f"answers {dict(tally(answers))}")
    if (count(run, "A08"), count(run, "A08", "open"), keys(run)) != (1, 1, ["A08"]):
        faults.append(f"A08 has {count(run, 'A08')} items, open are {keys(run)}")
    return faults


def decision_round(arena: Arena, run: Run, secretaries: Sequence[Visitor]) -> list[str]:
    """Let two secretaries decide the same item at one moment, one Ya, one Tidak; then stand at A10 again."""
    [item] = open_items(run)
    no = {"decision": "no", "note": "Perbaiki draf", "target": "A09"}
    forms = ({"decision": "yes", "note": "Setuju"}, no)
    clicks = [arena.click(by, item, **form) for by, form in zip(secretaries, forms, strict=True)]
    answers, faults = one_wins(arena, run, clicks, item)
    won = [place for place, answer in enumerate(answers) if answer.status == 302]
    lost = [answer for answer in answers if answer.status == 409]
    if len(won) == 1 and len(lost) == 1:
        name = secretaries[won[0]].person.name
        if name not in lost[0].body or "pukul" not in lost[0].body:
            faults.append("the loser is not told who was first and when")
    after = keys(run)
    if after != (["A11"] if item.decision == WorkItem.Decision.YES else ["A09"]):
        faults.append(f"after {item.decision} stands at {after}")
    _back_to_decision(arena.engine, run)
    return faults


def _back_to_decision(engine: Engine, run: Run) -> None:
    """Stand at A10 again: the draft is written anew, or the Kepala sends the report back."""
    if keys(run) == ["A11"]:
        head = engine.reach("head")
        step = WorkItem.objects.filter(run=run, step__key="A11").select_related("step")[0].step
        answer = Answer(note="Periksa lagi", target="A10")
        actions.return_work(run=run, step=step, answer=answer, by=head.actor(), reach=head)
    engine.advance(run, until="A10")


def early_return_round(arena: Arena, run: Run) -> list[str]:
    """Return one unit's submitted form while the last others submit; the join waits for it in every order."""
    first, *others = open_items(run)
    assert first.unit is not None
    engine = arena.engine
    engine.complete(first)
    path = reverse("run_return", kwargs={"key": run.public_id, "step_key": "A08"})
    team = arena.who("team")
    back = {"target": "A07", "units": [first.unit.public_id], "note": "Kurang", "form_token": team.token()}
    answers = at_once([Click(team, path, back), *(arena.click(arena.submitter(item), item) for item in others)])
    faults = []
    if {answer.status for answer in answers} != {302}:
        faults.append(f"answers {dict(tally(answers))}")
    waiting = [(item.step.key, item.unit_id) for item in open_items(run)]
    if waiting != [("A07", first.unit_id)]:
        faults.append(f"open are {waiting}, not the returned unit alone")
    engine.advance(run, until="A08")
    if keys(run) != ["A08"] or count(run, "A08", "open") != 1:
        faults.append(f"after the unit's second form open are {keys(run)}")
    return faults


def wake_round(arena: Arena, first: Run, second: Run) -> list[str]:
    """Complete B04 and approve A10 at one moment; B05, which waits for both, opens exactly once."""
    [approval], [methodology] = open_items(first), open_items(second)
    clicks = [
        arena.click(arena.who("secretary"), approval, decision="yes"),
        arena.click(arena.who("team"), methodology),
    ]
    answers = at_once(clicks)
    faults = [] if {answer.status for answer in answers} == {302} else [f"answers {dict(tally(answers))}"]
    if (keys(second), count(second, "B05")) != (["B05"], 1):
        faults.append(f"SOP B stands at {keys(second)}, B05 has {count(second, 'B05')} items")
    return faults


def make_arena(server: Server, units: int = 6) -> Arena:
    """Make an engine with so many units and a Plh. Sekretaris beside the definitive one."""
    engine = make_engine(units=units)
    world = engine.world
    if units > MOST_UNITS:
        unit = agency_actions.create_unit(
            agency=world.agency, name="Balai", kind="other", valid_from=SINCE, by=world.admin, with_positions=True
        )
        world.units["balai"] = unit
        for place, position in enumerate(unit.positions.order_by("pk")):
            world.appoint(f"balai{place}", position)
    days = {"valid_from": date(2026, 1, 2), "valid_to": date(2099, 12, 31)}
    world.appoint("plh", world.positions["secretary"], kind=Appointment.Kind.DAILY, **days)
    return Arena(engine, server)


def months(first: int = 2024) -> Iterator[str]:
    """Yield month after month."""
    for year in range(first, 2100):
        yield from (f"{year}-{month:02}" for month in range(1, 13))
