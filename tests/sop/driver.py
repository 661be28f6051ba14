"""Drives a run as its people would: finds who completes each open item and lets them."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from capaian.agencies.models import Person
from capaian.agencies.queries import Reach, reach
from capaian.documents.actions import adopt_kinds
from capaian.documents.models import Document
from capaian.journal.actor import Actor
from capaian.periods.period import Period
from capaian.sop import actions, step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Definition, Run, Work, WorkItem
from tests.factories import SINCE, World, make_agency

ON = SINCE.replace(year=2026, month=6, day=1)


@dataclass
class Engine:
    """A world with the shipped SOPs adopted."""

    world: World
    definitions: dict[str, Definition] = field(default_factory=dict)
    known: dict[str, Reach] = field(default_factory=dict)

    def reach(self, who: str) -> Reach:
        """Return what one of the people may act for, asked once; `forget` after appointing somebody."""
        if who not in self.known:
            self.known[who] = self.world.reach(who, ON)
        return self.known[who]

    def forget(self) -> None:
        """Ask again what people may act for."""
        self.known.clear()

    def actor(self, who: str, item: WorkItem | None = None, token: str = "") -> Actor:
        """Return one of the people acting, on an item from the position in which it is completed."""
        person = self.reach(who)
        return person.actor(token=token) if item is None else step_rules.actor_for(person, item, token)

    def schedule(self, period: str, *codes: str) -> list[Run]:
        """Schedule some definitions for one period."""
        found = Period.parse(period)
        own = tuple(self.definitions[code] for code in codes)
        actions.schedule_year(
            agency=self.world.agency,
            periods=[found],
            definitions={found.kind.value: own},
            by=self.world.actor("head"),
            reach=self.reach("head"),
        )
        return [Run.objects.get(definition=row, period=period, status=Run.Status.SCHEDULED) for row in own]

    def open(self, period: str, *codes: str) -> list[Run]:
        """Schedule and open some definitions for one period."""
        return self.open_scheduled(*self.schedule(period, *codes))

    def open_scheduled(self, *runs: Run) -> list[Run]:
        """Open scheduled runs as the Kepala."""
        head = self.reach("head")
        return [actions.open_run(run=run, by=head.actor(), reach=head) for run in runs]

    def completers(self, item: WorkItem) -> list[Person]:
        """Return the people who may complete an item, by row number."""
        people = {self.world.people[who] for who in self.world.people if step_rules.may_complete(item, self.reach(who))}
        return sorted(people, key=lambda person: person.pk)

    def complete(self, item: WorkItem, *, token: str = "", person: Person | None = None, **answer: object) -> WorkItem:
        """Complete an item as the first of those who may."""
        item = WorkItem.objects.select_related("run__agency", "step", "unit").get(pk=item.pk)
        who = reach(person or self.completers(item)[0], ON)
        if item.step.work == Work.HAND_OVER and item.performed_at is None:
            secretary = self.reach("secretary")
            by = step_rules.performer_for(secretary, item)
            item = actions.hand_over(item=item, note="Mohon arahan", by=by, reach=secretary)
        answer.setdefault("note", "Sesuai arahan" if item.step.work == Work.HAND_OVER else "")
        if item.step.work == Work.DECIDE:
            answer.setdefault("decision", WorkItem.Decision.YES)
        given = Answer(**answer)  # type: ignore[arg-type]
        return actions.complete_step(item=item, answer=given, by=step_rules.actor_for(who, item, token), reach=who)

    def advance(self, run: Run, until: str = "") -> None:
        """Complete every open item of a run, in order, until a step is reached or nothing is open."""
        while True:
            item = open_items(run).first()
            if item is None or item.step.key == until:
                return
            self.complete(item)

    def finish(self, *runs: Run) -> None:
        """Take runs to their archives, one after the other; their papers count as made."""
        for run in runs:
            self.advance(run, until=run.version.steps.order_by("-ordinal")[0].key)
            issue_papers()
            self.advance(run)
            run.refresh_from_db()

    def waive(self, item: WorkItem, reason: str = "Tidak ada data") -> WorkItem:
        """Waive a unit as Tim SAKIP."""
        return actions.waive_unit(item=item, reason=reason, by=self.world.actor("team"), reach=self.reach("team"))


def open_items(run: Run) -> QuerySet[WorkItem]:
    """Return the open items of a run in order."""
    return (
        WorkItem.objects.filter(run=run, status=WorkItem.Status.OPEN)
        .select_related("step", "unit", "run")
        .order_by("step__ordinal", "pk")
    )


def issue_papers() -> None:
    """Stand in for the rendering that happens outside: an archive wants papers that are made."""
    Document.objects.filter(state=Document.State.DRAFT).update(state=Document.State.SUPERSEDED)


def keys(run: Run) -> list[str]:
    """Return the step keys that are open, with the unit's number where there is one."""
    return [item.step.key for item in open_items(run)]


def make_engine(name: str = "Melati", **how: object) -> Engine:
    """Make an agency with people, kinds of papers and the shipped SOPs."""
    world = make_agency(name, **how)  # type: ignore[arg-type]
    adopt_kinds(agency=world.agency)
    actions.adopt_shipped(agency=world.agency, by=world.admin)
    return Engine(world, {row.code: row for row in Definition.objects.filter(agency=world.agency)})
