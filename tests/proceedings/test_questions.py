"""Pages of the paperwork ask the database the same number of questions, however much stands on them."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from capaian.proceedings import actions
from capaian.proceedings.entries import DocumentEntry, StageEntry, WorkPlanEntry
from capaian.sop.models import WorkItem
from tests.proceedings.conftest import at, client_of
from tests.proceedings.test_checklist import close, documents, kept
from tests.sop.driver import Engine, open_items


def questions(client: Client, item: WorkItem) -> int:
    """Return how many queries the page of a step takes the second time."""
    path = f"/langkah/{item.public_id}/"
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_checklists_of_few_and_many_documents(office: Engine) -> None:
    team = client_of(office, "team")
    counts = []
    for period, many in (("2026-Q1", 1), ("2026-Q3", 9)):
        own = [
            DocumentEntry(f"Dokumen {place}", "present", kept=kept(f"{period}-{place}.pdf")) for place in range(many)
        ]
        close(office, at(office, "A04", period), documents(*own))
        following = at(office, "A04", period.replace("Q1", "Q2").replace("Q3", "Q4"))
        counts.append(questions(team, following))
        office.advance(following.run, until="A05")
    assert counts[0] == counts[1]


def test_plans_of_few_and_many_stages(office: Engine) -> None:
    item = at(office, "A03")
    owner = office.world.positions["team"].pk
    by, reach = office.actor("team", item), office.reach("team")
    counts = []
    for edition, many in enumerate((2, 12)):
        entry = WorkPlanEntry("Latar", [StageEntry(f"Tahap {place}", owner_id=owner) for place in range(many)])
        actions.save_draft(item=item, entry=entry, edition=edition, by=by, reach=reach)
        counts.append(questions(client_of(office, "team"), item))
    assert counts[0] == counts[1]


def test_orders_beside_few_and_many_others(office: Engine) -> None:
    head = client_of(office, "head")
    (run,) = office.open("2026-Q1", "A")
    office.open("2026-01", "A")
    first = open_items(run)[0]
    few = questions(head, first)
    for month in range(2, 8):
        office.open(f"2026-0{month}", "A")
    assert questions(head, first) == few
