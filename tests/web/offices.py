"""Whole offices for the proofs about access: one thing for every key that stands in a URL, a canary in every name."""

import io
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core import signing
from django.test import Client

from capaian.agencies import actions as agency_actions
from capaian.agencies.models import Appointment, Person, Position, RoleKey, Unit, WorkDay
from capaian.documents import actions as paper_actions
from capaian.documents import store
from capaian.documents.models import Document
from capaian.documents.render import render
from capaian.planning import actions as planning_actions
from capaian.planning.entries import PartyEntry
from capaian.planning.models import Level, Node, Workbook
from capaian.planning.workbook_actions import keep_workbook
from capaian.planning.workbook_template import workbook_bytes
from capaian.proceedings.models import Attendance, Checklist, ChecklistItem, FollowUp, Meeting
from capaian.sop import actions, step_rules
from capaian.sop.models import Attachment, Paper, Run, WorkItem
from capaian.sop.shipped import shipped
from capaian.web import form_tokens
from tests.planning.cards import make_card, make_plan
from tests.sop.driver import Engine, make_engine, open_items
from tests.web.collected import plant_forms
from tests.web.measured import plant_worksheet

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DAYS = {"Melati": date(2026, 8, 20), "Kenanga": date(2026, 8, 21), "Anggrek": date(2026, 8, 24)}
RAMADAN = {"Melati": date(2027, 2, 8), "Kenanga": date(2027, 2, 9), "Anggrek": date(2027, 2, 10)}
#: who stands for a role in the matrix; "" is somebody without log-in
ROLES = {
    "anonymous": "",
    "guest": "guest",  # logged in, without any position
    "head": "head",
    "secretary": "secretary",
    "team": "team",
    "unit_head": "pimpinan",
    "submitter": "penyampai",
    "staff": "ikp.staff",
    "agency_admin": "admin",
}


@dataclass
class Office:
    """An agency in full swing. `keys` maps a kind of thing to its key in URLs; `sibling` likewise, of another unit."""

    name: str
    engine: Engine
    keys: dict[str, str] = field(default_factory=dict)
    sibling: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def canary(self) -> bytes:
        """The word that stands in every name of this office, in small letters."""
        return self.name.lower().encode()

    def person(self, role: str) -> Person:
        """Return who stands for a role."""
        return self.engine.world.people[ROLES.get(role, role)]

    def client(self, role: str) -> Client:
        """Return the browser of a role, logged in when the office was made."""
        return self.clients[role]

    def run(self, key: str) -> Run:
        """Return one of the runs: "run", "scheduled", "done"."""
        return Run.objects.get(public_id=self.keys[key])

    def item(self, key: str = "step") -> WorkItem:
        """Return one of the work items."""
        return WorkItem.objects.select_related("run", "step").get(public_id=self.keys[key])


BACKEND = "capaian.agencies.sign_in.NameOrNipBackend"


def form_token(person: Person) -> str:
    """Return a fresh form token of a person, as the hidden field of a form carries it."""
    signer = signing.Signer(salt=form_tokens.SALT)
    return signer.sign(f"{person.public_id}.{secrets.token_urlsafe(16)}")


def issue_here(document: Document) -> Document:
    """Make and issue a paper inside the test's transaction, which `issue` itself refuses."""
    waiting = Document.objects.select_related("agency", "reserved_by", "supersedes").get(pk=document.pk)
    pdf = render(waiting.context["layout"], waiting.context)
    kept = store.keep(io.BytesIO(pdf), f"{waiting.title}.pdf", limit=paper_actions.MAX_GENERATED)
    return paper_actions._issue(waiting, kept)


def issue_drafts(run: Run) -> None:
    """Issue what a run has reserved, so that it can be archived."""
    for paper in Paper.objects.filter(item__run=run, document__state=Document.State.DRAFT).select_related("document"):
        issue_here(paper.document)


def finish(engine: Engine, run: Run, last: str) -> None:
    """Take a run to its archive."""
    engine.advance(run, until=last)
    issue_drafts(run)
    engine.advance(run)


def make_office(name: str, region: str = "Uji") -> Office:
    """Make an office: runs in every state, one item of each unit open, papers, a file, calendar rows, roles apart."""
    engine = make_engine(name, region=region)
    office = Office(name, engine)
    _people(office)
    _calendar(office)
    _runs(office)
    _papers(office)
    _follow_up(office)
    _checklist(office)
    _meeting(office)
    _forms(office)
    _planning(office)
    for role, who in ROLES.items():
        office.clients[role] = Client()
        if who:
            office.clients[role].force_login(office.person(role), backend=BACKEND)
    return office


def _people(office: Office) -> None:
    world, name = office.engine.world, office.name
    world.person("guest")
    for who, title, role in (
        ("pimpinan", f"Pimpinan {name}", RoleKey.UNIT_HEAD),
        ("penyampai", f"Penyampai {name}", RoleKey.SUBMITTER),
    ):
        position = agency_actions.create_position(
            agency=world.agency, title=title, roles=[role], unit=world.units["ikp"], by=world.admin
        )
        world.appoint(who, position, decree=f"SK {name}")
    spare = agency_actions.create_unit(
        agency=world.agency, name=f"Cadangan {name}", kind=Unit.Kind.OTHER, supplies_data=False, by=world.admin
    )
    empty = agency_actions.create_position(
        agency=world.agency, title=f"Kosong {name}", roles=[RoleKey.STAFF], by=world.admin
    )
    office.keys |= {"unit": world.units["ikp"].public_id, "unit_end": spare.public_id}
    office.sibling |= {"unit": world.units["aptika"].public_id}
    office.keys |= {"person": world.people["penyampai"].public_id, "person_deactivate": world.people["guest"].public_id}
    office.sibling |= {"person": world.people["aptika"].public_id}
    office.keys |= {"position": world.positions["ikp"].public_id, "position_close": empty.public_id}
    office.sibling |= {"position": world.positions["aptika"].public_id}
    for keys, who in ((office.keys, "penyampai"), (office.sibling, "aptika")):
        keys["appointment"] = Appointment.objects.get(person=world.people[who]).public_id


def _calendar(office: Office) -> None:
    world, name = office.engine.world, office.name
    day, first = DAYS[name], RAMADAN[name]
    agency_actions.put_work_day(
        agency=world.agency, day=day, kind=WorkDay.Kind.HOLIDAY, name=f"Hari {name}", by=world.admin
    )
    last = first + timedelta(days=29)
    agency_actions.put_ramadan_dates(
        agency=world.agency, first_day=first, last_day=last, estimated=True, by=world.admin
    )
    office.keys |= {"day": day.isoformat(), "ramadan_day": first.isoformat()}


def _runs(office: Office) -> None:
    engine = office.engine
    running, measuring = engine.open("2026-Q1", "A", "B")
    [deciding] = engine.open("2026-02", "A-R")
    [done] = engine.open("2026-01", "A-R")
    [scheduled] = engine.schedule("2026-Q2", "A")
    finish(engine, done, "A12")
    engine.advance(running, until="A07")
    engine.complete(open_items(running).get(unit=engine.world.units["secretariat"]))
    engine.advance(deciding, until="A10")
    [decision] = open_items(deciding)
    engine.complete(decision, decision="no", note=f"Catatan {office.name}", target="A07", unit_ids=_unit_ids(office))
    engine.advance(deciding, until="A10")
    units = office.engine.world.units
    office.keys |= {
        "run": running.public_id,
        "scheduled": scheduled.public_id,
        "done": done.public_id,
        "deciding": deciding.public_id,
        "step": open_items(running).get(unit=units["ikp"]).public_id,
        "decision": open_items(deciding).get().public_id,
        "order": open_items(measuring).get().public_id,
        "archived": WorkItem.objects.get(run=done, step__key="A12").public_id,
        "definition": engine.definitions["A"].public_id,
    }
    definition = engine.definitions["A"]
    actions.publish_version(definition=definition, spec=shipped(definition.template_key), by=engine.world.admin)
    office.sibling["step"] = open_items(running).get(unit=units["aptika"]).public_id


def _unit_ids(office: Office) -> tuple[int, ...]:
    return tuple(office.engine.world.units[key].pk for key in ("ikp", "aptika"))


def _papers(office: Office) -> None:
    world, engine = office.engine.world, office.engine
    issue_drafts(office.run("deciding"))
    filled = Paper.objects.filter(item__run=office.run("deciding"), item__step__key="A07").order_by("-pk")
    for keys, unit in ((office.keys, "ikp"), (office.sibling, "aptika")):
        document = filled.filter(item__unit=world.units[unit])[0].document
        keys["document"] = document.public_id
        kept = store.keep(io.BytesIO(PDF), f"Tanda tangan {office.name}.pdf")
        paper_actions.upload_signed(document=document, kept=kept, by=world.actor("secretary"))
        item = WorkItem.objects.get(public_id=keys["step"])
        keys["file"] = _attached(engine, item, f"Bukti {office.name}.pdf", unit).file.public_id
    unsigned = Document.objects.filter(agency=world.agency, state=Document.State.ISSUED).first()
    office.keys["document_upload"] = unsigned.public_id if unsigned else ""


def _follow_up(office: Office) -> None:
    """Plant the instruction of a disposition for the head of a unit, with a file."""
    world, item = office.engine.world, office.item("decision")
    paper = Document.objects.filter(agency=world.agency, state=Document.State.ISSUED).exclude(file=None)[0]
    row = FollowUp.objects.create(
        agency=world.agency,
        origin=item,
        text=f"Tindak lanjut {office.name}",
        owner=Position.objects.get(agency=world.agency, title=f"Pimpinan {office.name}"),
        evidence=paper.file,
    )
    office.keys["follow_up"] = row.public_id


def _checklist(office: Office) -> None:
    """Plant a checklist with a file on the finished checklist step of the running collection."""
    world = office.engine.world
    item = WorkItem.objects.select_related("run", "step").get(run=office.run("run"), step__key="A04")
    kept = store.keep(io.BytesIO(PDF), f"Renstra {office.name}.pdf")
    file = paper_actions.add_file(kept=kept, agency=world.agency, by=world.actor("team"))
    person = office.person("team")
    row = Checklist.objects.create(agency=world.agency, item=item, saved_at=item.opened_at, saved_by=person)
    ChecklistItem.objects.create(checklist=row, ordinal=1, name=f"Renstra {office.name}", state="present", file=file)
    office.keys["checklist_file"] = file.public_id


def _forms(office: Office) -> None:
    """Plant filled forms of two units on the run that is being decided on."""
    own, beside = plant_forms(office.engine, office.run("deciding"), "ikp", "aptika")
    office.keys |= own
    office.sibling |= beside


def _planning(office: Office) -> None:
    """Make a plan with an activated card, a draft that lacks nothing, and a draft of an agreement."""
    world = office.engine.world
    plan = make_plan(world)
    active = make_card(world, "Aktif", targets={"2026": "3", "2026-Q1": "1"})
    draft = make_card(world, "Konsep", targets={"2026": "3", "2026-Q1": "1"}, active=False)
    last = make_card(world, "Tahun lalu", year=2025)
    revision = planning_actions.revise_card(card=last, reason="Keliru satuan", by=world.actor("team"))
    office.keys |= {"card_last": last.public_id, "card_revision": revision.public_id}
    agreement = planning_actions.draft_agreement(
        agency=world.agency,
        year=2026,
        party=PartyEntry(f"Bupati {office.name}", "Bupati"),
        edition=0,
        by=world.actor("team"),
    )
    node = Node.objects.create(
        agency=world.agency,
        plan=plan,
        level=Level.PROGRAMME,
        text=f"Layanan {office.name}",
        valid_from=date(2025, 1, 1),
    )
    kept = store.keep(io.BytesIO(workbook_bytes(world.reach("team"), plan, 2026)), f"Rencana {office.name}.xlsx")
    node.text = f"Layanan lain {office.name}"  # so that the workbook brings something that is not there
    node.save(update_fields=["text"])
    workbook = keep_workbook(plan=plan, year=2026, kept=kept, by=world.actor("team"))
    office.keys["workbook"] = workbook.public_id
    money = store.keep(io.BytesIO(f"Kode;Pagu Januari\n{node.text};7\n".encode()), f"Anggaran {office.name}.csv")
    by = world.actor("team")
    table = keep_workbook(plan=plan, year=2026, kept=money, by=by, kind=Workbook.Kind.BUDGET)
    office.keys["budget_table"] = table.public_id
    office.keys |= {"plan": plan.public_id, "node": node.public_id, "card": draft.public_id}
    office.keys |= {"card_active": active.public_id, "indicator": active.indicator.public_id}
    office.keys |= {"agreement": agreement.public_id}
    office.keys |= plant_worksheet(engine=office.engine, run=office.run("done"), card=active)


def _meeting(office: Office) -> None:
    """Plant the plan of a meeting on the finished meeting step of the running collection."""
    world = office.engine.world
    item = WorkItem.objects.get(run=office.run("run"), step__key="A02")
    row = Meeting.objects.create(
        agency=world.agency,
        item=item,
        saved_at=item.opened_at,
        saved_by=office.person("team"),
        planned_at=item.opened_at,
        place=f"Ruang {office.name}",
        agenda=f"Acara {office.name}",
    )
    held = Appointment.objects.get(person=office.person("team"))
    Attendance.objects.create(
        meeting=row, position=held.position, person=held.person, title=held.position.title, invited=True
    )
    office.keys["meeting"] = item.public_id


def _attached(engine: Engine, item: WorkItem, name: str, who: str) -> Attachment:
    kept = store.keep(io.BytesIO(PDF), name)
    person = engine.reach(who)
    return actions.attach_file(item=item, file=kept, by=step_rules.actor_for(person, item), reach=person)


def make_offices() -> dict[str, Office]:
    """Make three offices: our own, one of the same region, one of another region."""
    return {
        "own": make_office("Melati"),
        "neighbour": make_office("Kenanga"),
        "stranger": make_office("Anggrek", "Jauh"),
    }
