"""A power cut at any moment: what was acknowledged is there once, the rest is whole or not begun."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from capaian.agencies.queries import reach, today
from capaian.documents.actions import issue_pending
from capaian.documents.models import Document
from capaian.journal.models import Entry
from capaian.sop import actions
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Work, WorkItem
from tests.server import ROOT, Server, serve, url_of_test_database, wait_until
from tests.sop.driver import Engine, keys, make_engine, open_items
from tests.web.races import months
from tests.web.step_answers import untouched
from tests.web.visitors import in_threads, visitor
from tests.web.whole import COMPLETED, damage, halves

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(900)]
CLIENTS = 8
KILLS = 20 if os.environ.get("CAPAIAN_PROOF") == "1" else 4


@dataclass
class Client:
    """Somebody who takes one run from step to step over HTTP, and keeps a ledger outside the system."""

    engine: Engine
    run: Run
    acknowledged: list[int] = field(default_factory=list)
    unknown: dict[int, tuple[str, dict[str, object]]] = field(default_factory=dict)

    def work(self, server: Server) -> None:
        """Complete step after step until the server is gone or the run is archived."""
        while item := open_items(self.run).first():
            who, path, form = self.form(item)
            person = visitor(self.engine.world.people[who], server)
            form["form_token"] = person.token()
            answer = person.post(path, form)
            if answer.status == 0:
                self.unknown[item.pk] = (path, form)
                return
            assert answer.status == 302, f"{item.step.key}: {answer.status}"
            if path == reverse("step_complete", kwargs={"key": item.public_id}):
                self.acknowledged.append(item.pk)

    def form(self, item: WorkItem) -> tuple[str, str, dict[str, object]]:
        """Return who sends what where to get an item done."""
        if item.step.work == Work.HAND_OVER and item.performed_at is None:
            return "secretary", reverse("step_hand_over", kwargs={"key": item.public_id}), {"note": "Mohon arahan"}
        person = self.engine.completers(item)[0]
        who = next(name for name, known in self.engine.world.people.items() if known.pk == person.pk)
        decision = {"decision": "yes"} if item.step.work == Work.DECIDE else {}
        path = reverse("step_complete", kwargs={"key": item.public_id})
        return who, path, {**untouched(item, self.engine.reach(who)), **decision}


def kill_in_the_middle(server: Server, clients: Sequence[Client], wanted: int, moment: float) -> None:
    """Kill the server when so many steps are acknowledged, and a moment more has gone by."""
    wait_until(lambda: sum(len(client.acknowledged) for client in clients) >= wanted, 120)
    time.sleep(moment)
    server.kill()


def test_killed_server_loses_nothing_it_acknowledged(transactional_db: None, told: Callable[[str], None]) -> None:
    engine = make_engine(units=2)
    kinds = ["A", "A-R"] * (CLIENTS // 2)
    periods = islice(months(), CLIENTS)
    clients = [Client(engine, engine.open(*place)[0]) for place in zip(periods, kinds, strict=True)]
    chance = random.Random(20261122)
    for _ in range(KILLS):
        with serve(url_of_test_database()) as server:
            wanted = sum(len(client.acknowledged) for client in clients) + chance.randint(4, 16)
            cut = partial(kill_in_the_middle, server, clients, wanted, chance.uniform(0, 0.05))
            in_threads([cut, *(partial(client.work, server) for client in clients)])
        assert damage(engine) == []
        for client in clients:
            for number in client.acknowledged:
                assert WorkItem.objects.get(pk=number).status == WorkItem.Status.DONE, "acknowledged and lost"
    cut_off = sum(len(client.unknown) for client in clients)
    done = sum(len(client.acknowledged) for client in clients)
    assert done > CLIENTS
    assert cut_off > 0, "no kill met a request"
    with serve(url_of_test_database()) as server:
        in_threads([partial(client.work, server) for client in clients])
    assert damage(engine) == []
    assert set(Run.objects.values_list("status", flat=True)) == {Run.Status.DONE}
    issue_pending(limit=1000)
    assert not Document.objects.filter(state=Document.State.DRAFT).exists()
    told(f"{KILLS} kills, {done} steps acknowledged, {cut_off} cut off, 0 lost, 0 doubled, 0 half")


@dataclass
class Gun:
    """The process that sends forms from children which die at a given event."""

    process: subprocess.Popen[str]
    kills: int = 0

    def shoot(self, engine: Engine, item: WorkItem, kill_at: int, form: dict[str, Any], *, halves: bool) -> Any:
        """Complete an item in a child that dies before event `kill_at`; return how it ended."""
        who = visitor(engine.completers(item)[0])
        path = reverse("step_complete", kwargs={"key": item.public_id})
        sent = {**untouched(item, reach(who.person, today(who.person.agency))), "form_token": who.token(), **form}
        order = {"path": path, "form": sent, "session": who.session, "kill_at": kill_at, "halves": halves}
        connections.close_all()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(order), file=self.process.stdin, flush=True)
        ended = json.loads(self.process.stdout.readline())
        self.kills += ended["ended"] < 0
        assert ended["ended"] in {0, -9}, ended
        return ended | {"form": sent}


@pytest.fixture
def gun(transactional_db: None) -> Iterator[Gun]:
    environment = os.environ | {"DATABASE_URL": url_of_test_database()}
    command = [sys.executable, "-m", "tests.web.failpoints"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Gun(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)


Ready = Iterator[WorkItem]


def orders(engine: Engine) -> Ready:
    """Yield the open A01 of run after run."""
    for period in months():
        [run] = engine.open(period, "A")
        yield from while_open(open_items(run).get())


def while_open(item: WorkItem) -> Ready:
    """Yield an item again and again until it is done; its paper, cut off perhaps, is made in the background."""
    while WorkItem.objects.filter(pk=item.pk, status=WorkItem.Status.OPEN).exists():
        yield item
    issue_pending(limit=1000)


def last_forms(engine: Engine) -> Ready:
    """Yield the last unit's open form; when it is in, Tim SAKIP returns it."""
    [run] = engine.open("2024-01", "A-R")
    engine.advance(run, until="A07")
    engine.complete(open_items(run)[0])
    while True:
        item = open_items(run).get()
        yield from while_open(item)
        team, step = engine.reach("team"), open_items(run).get().step
        answer = Answer(note="Kurang", target="A07", unit_ids=(item.unit_id or 0,))
        actions.return_work(run=run, step=step, answer=answer, by=team.actor(), reach=team)


def approvals(engine: Engine) -> Ready:
    """Yield the open A10; when it is approved, the Kepala sends the report back."""
    [run] = engine.open("2024-Q1", "A")
    engine.advance(run, until="A10")
    while True:
        yield from while_open(open_items(run).get())
        head, step = engine.reach("head"), open_items(run).get().step
        answer = Answer(note="Periksa lagi", target="A10")
        actions.return_work(run=run, step=step, answer=answer, by=head.actor(), reach=head)


def archives(engine: Engine) -> Ready:
    """Yield the open A12 of run after run, every paper made."""
    for period in months(2025):
        [run] = engine.open(period, "A-R")
        engine.advance(run, until="A12")
        issue_pending(limit=1000)
        yield from while_open(open_items(run).get())


STEPS = {"A01": (orders, {}), "A07": (last_forms, {}), "A10": (approvals, {"decision": "yes"}), "A12": (archives, {})}


@pytest.mark.parametrize("key", STEPS)
@dataclass
class Shots:
    """How a step fared that was killed before event after event, up to the shot that it survived."""

    item: WorkItem
    form: dict[str, Any]
    killed: int
    whole: int


def shoot_until_it_survives(gun: Gun, engine: Engine, key: str) -> Shots:
    """Kill a step's completion before its first event, its second, … until it gets through; it is never half done."""
    ready, form = STEPS[key]
    whole = 0
    for killed, item in enumerate(ready(engine)):
        assert item.step.key == key
        ended = gun.shoot(engine, item, killed + 1, form, halves=False)
        assert halves(item) == [], f"killed before event {killed + 1}"
        item.refresh_from_db()
        whole += item.status == WorkItem.Status.DONE
        if ended["ended"] == 0:
            assert (ended["status"], ended["events"]) == (302, killed)
            return Shots(item, ended["form"], killed, whole)
    raise AssertionError("the step never got through")


@pytest.mark.parametrize("key", STEPS)
def test_a_step_killed_at_any_write_is_whole_or_not_begun(gun: Gun, key: str, told: Callable[[str], None]) -> None:
    engine = make_engine(units=2)
    shots = shoot_until_it_survives(gun, engine, key)
    assert 5 < gun.kills == shots.killed
    assert 1 < shots.whole < shots.killed, "kills before and after the commit"
    again = gun.shoot(engine, shots.item, 0, shots.form, halves=False)
    assert again["status"] == 302, "the same form again is the same result"
    assert Entry.objects.filter(target_public_id=shots.item.public_id, verb__in=COMPLETED).count() == 1
    issue_pending(limit=1000)
    assert damage(engine) == []
    assert not Document.objects.filter(state=Document.State.DRAFT).exists()
    before = shots.killed + 1 - shots.whole
    told(f"{key}: killed before each of {shots.killed} events, {before} not begun, {shots.whole} whole, 0 half")


def test_control_without_transactions_half_a_step_is_found(gun: Gun) -> None:
    engine = make_engine(units=2)
    item = next(last_forms(engine))
    gun.shoot(engine, item, 4, {}, halves=True)
    assert halves(item) != []
    assert keys(item.run) != ["A08"]
