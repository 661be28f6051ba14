"""Carries out the sample agency's work with its own people: one quarter to its archive, the next to the units' forms.

Every step is done by the action that its page would call. Runs outside any transaction, because papers are made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from capaian.agencies.models import Agency, Appointment, Person
from capaian.agencies.queries import Reach, calendar_of, reach, today
from capaian.collection import actions as collection
from capaian.collection.entries import ActualEntry, FormEntry
from capaian.collection.form_queries import sheet
from capaian.collection.queries import forms
from capaian.documents.actions import issue_pending
from capaian.journal.actor import Actor
from capaian.measurement import actions as measurement
from capaian.measurement.entries import MethodologyEntry, SmartEntry
from capaian.measurement.queries import cards_in_force, methodology
from capaian.periods.period import Period
from capaian.planning.models import Card
from capaian.proceedings import actions as proceedings
from capaian.proceedings import papers
from capaian.proceedings.checklist_papers import first_documents
from capaian.proceedings.entries import (
    ChecklistEntry,
    DispositionEntry,
    DocumentEntry,
    MeetingEntry,
    OrderEntry,
    TaskEntry,
    WorkPlanEntry,
)
from capaian.proceedings.models import ChecklistItem
from capaian.proceedings.plan_papers import first_background, first_stages
from capaian.proceedings.queries import open_follow_ups, seats
from capaian.proceedings.report_papers import first_report
from capaian.reporting.report_figures import figures_of
from capaian.sample.planning import facts
from capaian.sop import actions as sop
from capaian.sop import step_rules
from capaian.sop.answer import Answer
from capaian.sop.models import Run, Work, WorkItem
from capaian.sop.published import step_of, steps_by_key

#: Where the latest ended quarter stands: the collection at the units' forms, of which these are in.
FILLING = Work.FILL
IN_ALREADY = 2
PAPERS_AT_ONCE = 500
RECIPIENTS = "Sekretaris, para Kepala Bidang, Kepala UPTD, dan Tim SAKIP"
YES = WorkItem.Decision.YES


@dataclass
class Office:
    """The people of the sample agency, and what they do with each work."""

    agency: Agency
    figures_place: int = 0  # which figures of the file the units report
    known: dict[int, Reach] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """Today, at the agency."""
        return today(self.agency)

    @cached_property
    def people(self) -> list[Person]:
        """Everybody, by row number."""
        return list(Person.objects.filter(agency=self.agency, is_active=True).order_by("pk"))

    def reach_of(self, person: Person) -> Reach:
        """What somebody may act for, asked once."""
        if person.pk not in self.known:
            self.known[person.pk] = reach(person, self.on)
        return self.known[person.pk]

    def advance(self, run: Run, until: Work | None = None, *, leave_open: int = 0) -> None:
        """Complete every open item of a run in order, until a work is reached; `leave_open` items of it stay open."""
        while True:
            rows = WorkItem.objects.filter(run=run, status=WorkItem.Status.OPEN).order_by("step__ordinal", "pk")
            found = list(rows.select_related("run__agency", "run__definition", "run__version", "step", "unit"))
            if not found or (found[0].step.work == until and len(found) <= leave_open):
                return
            if found[0].step.work == Work.ARCHIVE:
                issue_pending(PAPERS_AT_ONCE)
            self.complete(found[0])

    def complete(self, item: WorkItem) -> None:
        """Let the first of those who may complete an item do so."""
        item.step = step_of(item)
        who = next(of for of in map(self.reach_of, self.people) if step_rules.may_complete(item, of))
        by = step_rules.actor_for(who, item)
        do: Callable[..., object] = WORKS.get(Work(item.step.work), _generic)
        do(self, item, by, who)


def _generic(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    sop.complete_step(item=item, answer=Answer(note="Sudah dikerjakan sesuai SOP."), by=by, reach=of)


def _order(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    entry = OrderEntry(recipient=RECIPIENTS, subject=papers.order_subject([item]), body=papers.order_body([item]))
    proceedings.issue_order(item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=of)


def _meet(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    there = [held.pk for seat in seats(of) for held in seat.held]
    taker = Appointment.objects.filter(pk__in=there).exclude(person_id=by.person_id).order_by("pk").last()
    entry = MeetingEntry(
        planned_at=timezone.now() - timedelta(hours=1),
        place="Ruang Rapat Dinas (contoh)",
        agenda=papers.meeting_agenda(item, open_follow_ups(of)),
        invited_ids=there,
        attended_ids=there,
        note_taker_id=taker.person_id if taker else None,
        discussion="Sekretaris menjelaskan jadwal, pembagian tugas, dan kelengkapan data (contoh).",
        decisions=[TaskEntry("Unit menyampaikan formulir beserta buktinya tepat waktu (contoh).")],
    )
    proceedings.hold_meeting(item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=of)


def _plan(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    steps = list(steps_by_key(item.run.version).values())
    stages = first_stages(item, steps, seats(of), calendar_of(of.agency), timezone.now())
    entry = WorkPlanEntry(first_background(item), stages)
    proceedings.adopt_plan(item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=of)


def _check(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    rows = [_checked(row) for row in first_documents(item, None)]
    entry = ChecklistEntry(rows)
    proceedings.close_checklist(item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=of)


def _checked(row: DocumentEntry) -> DocumentEntry:
    if row.state == ChecklistItem.State.PRESENT:
        return row
    return DocumentEntry(
        row.name, ChecklistItem.State.PRESENT.value, year_or_version=row.year_or_version or "contoh", source="Contoh"
    )


def _prepare(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    collection.prepare_forms(item=item, answer=Answer(), by=by, reach=of)


def _distribute(office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    collection.distribute_forms(item=item, answer=Answer(), by=by, reach=of)
    for form in forms(of, item.run):
        unit_id = form.unit_id
        receiver = next(each for each in map(office.reach_of, office.people) if unit_id in each.units_with("submitter"))
        actor = receiver.actor(role="submitter", unit_id=unit_id)
        collection.acknowledge_form(form=form, by=actor, reach=receiver)


def _fill(office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    if item.unit is None:
        return
    asked = sheet(of, item.run, item.unit)
    entries = [
        _reported(line.card, line.period.code, item.unit.name, office.figures_place) for line in asked.open_lines
    ]
    edition = collection.save_form(item=item, entry=FormEntry(entries), edition=asked.edition, by=by, reach=of)
    collection.submit_form(item=item, edition=edition, answer=Answer(), by=by, reach=of)


def _reported(card: Card, period: str, unit: str, place: int) -> ActualEntry:
    """Return what a unit of the sample reports; where the file has no figure it says why."""
    row = next(row for row in facts()["indicators"] if row["name"] == card.name)
    figure = row["figures"][place].get(unit)
    cause = f"Angka contoh. Sumber angka: {facts()['sources'][row.get('figures_source', row['source'])]}."
    if figure is None:
        return ActualEntry(card.pk, period, obstacle="Menunggu rilis oleh instansi penilai (contoh).")
    if isinstance(figure, Mapping):
        data = {datum.pk: Decimal(figure[datum.name]) for datum in card.data.all()}
        return ActualEntry(card.pk, period, data=data, cause=cause)
    return ActualEntry(card.pk, period, value=Decimal(figure), cause=cause)


def _recapitulate(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    do = measurement.recapitulate if item.run.stands_for == "B" else collection.recapitulate
    do(item=item, answer=Answer(), by=by, reach=of)


def _report(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    figures = figures_of(of, item.run)
    entry = first_report(item, figures)
    proceedings.submit_report(
        item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=of, extra_blocks=figures.blocks
    )


def _decide(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    measurement.decide(item=item, answer=Answer(note="Lengkap (contoh).", decision=YES), by=by, reach=of)


def _hand_over(office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    secretary = next(each for each in map(office.reach_of, office.people) if each.has("secretary"))
    giver = step_rules.performer_for(secretary, item)
    item = sop.hand_over(item=item, note="Mohon arahan (contoh).", by=giver, reach=secretary)
    item.step = step_of(item)
    team = [seat.position.pk for seat in seats(of) if "team" in seat.roles][:1]
    entry = DispositionEntry(
        "Gunakan sebagai bahan Laporan Kinerja (contoh).",
        addressee_ids=team,
        asks=["proceed"],
        tasks=[TaskEntry("Siapkan bahan rapat evaluasi capaian (contoh).", owner_id=pk) for pk in team],
    )
    proceedings.write_disposition(item=item, entry=entry, edition=0, answer=Answer(), by=by, reach=of)


def _set_methodology(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    year = item.run.period_value.year
    current = methodology(of, year)
    rows = [SmartEntry(card.pk) for card in cards_in_force(of, year)]
    entry = MethodologyEntry(rows, seen=current.digest if current else "")
    measurement.set_methodology(item=item, entry=entry, answer=Answer(), by=by, reach=of)


def _measure(_office: Office, item: WorkItem, by: Actor, of: Reach) -> None:
    measurement.measure(item=item, answer=Answer(), by=by, reach=of)


WORKS: Mapping[Work, Callable[[Office, WorkItem, Actor, Reach], None]] = {
    Work.ORDER: _order,
    Work.MEETING: _meet,
    Work.PLAN: _plan,
    Work.CHECKLIST: _check,
    Work.PREPARE_FORM: _prepare,
    Work.DISTRIBUTE: _distribute,
    Work.FILL: _fill,
    Work.RECAPITULATE: _recapitulate,
    Work.REPORT: _report,
    Work.DECIDE: _decide,
    Work.HAND_OVER: _hand_over,
    Work.SET_METHODOLOGY: _set_methodology,
    Work.MEASURE: _measure,
}


def archive_period(agency: Agency, period: Period) -> None:
    """Take both SOPs of a period from the order to the archive."""
    first, second = _runs(agency, period)
    office = Office(agency)
    for run in (first, second, first, second):  # each waits for the other once
        office.advance(run)
    issue_pending(PAPERS_AT_ONCE)


def begin_period(agency: Agency, period: Period) -> None:
    """Take both SOPs of a period to the units' forms, some of which are in."""
    collecting, measuring = _runs(agency, period)
    office = Office(agency, figures_place=1)
    office.advance(measuring, until=Work.SET_METHODOLOGY)
    units = collecting.run_units.count()
    office.advance(collecting, until=FILLING, leave_open=units)
    office.advance(collecting, until=FILLING, leave_open=units - IN_ALREADY)
    issue_pending(PAPERS_AT_ONCE)


def _runs(agency: Agency, period: Period) -> tuple[Run, Run]:
    found = {run.stands_for: run for run in Run.objects.filter(agency=agency, period=period.code)}
    return found["A"], found["B"]
