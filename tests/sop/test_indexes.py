"""Every query that a page or a completion asks among a million items finds its rows by an index."""

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from capaian.agencies.models import Appointment
from capaian.documents.models import Document
from capaian.journal.models import Entry
from capaian.sop import queries
from capaian.sop.models import Attachment, Paper, Run, RunUnit, WorkItem
from tests.sop.driver import Engine

LARGE = ("sop_workitem", "sop_paper", "sop_run", "documents_document", "journal_entry", "sop_attachment")


def scans(asked: QuerySet[Any]) -> list[str]:
    """Return the steps of a query's plan that read a whole large table, even where the planner would rather not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # tables of a test are too small for an index
    lines = asked.explain().splitlines()
    whole = [line.strip() for line in lines if "Seq Scan on" in line or " SCAN " in f" {line}"]
    return [line for line in whole if any(table in line for table in LARGE)]


def hot(office: Engine) -> dict[str, QuerySet[Any]]:
    """Return the queries by what asks them."""
    run, item, reach = Run(pk=1), WorkItem(pk=1), office.reach("head")
    here = WorkItem.objects.filter(run=run)
    return {
        "inbox": queries.open_items(reach),
        "items of a run": queries.run_items(run),
        "join": here.filter(step__key="A07", status=WorkItem.Status.OPEN),
        "visits of a step": here.filter(step__key="A07").order_by("visit"),
        "units of a run": RunUnit.objects.filter(run=run),
        "locked runs": Run.objects.filter(agency_id=1, period="2026-01").order_by("pk"),
        "cards of a year": WorkItem.objects.filter(run_id__in=[1, 2, 3]),
        "board": queries.runs(reach).filter(period__startswith="2026"),
        "papers of a run": Paper.objects.filter(item__run=run),
        "paper of a step": Document.objects.filter(paper__item__run=run, paper__item__step__key="A08"),
        "number taken": Document.objects.filter(agency_id=1, number="1"),
        "files of an item": Attachment.objects.filter(item=item),
        "what followed": WorkItem.objects.filter(cause=item),
        "item of a page": queries.items(reach).filter(public_id="x"),
        "history": Entry.objects.filter(chain__key="x").filter(Q(target_public_id__in={"y"}) | Q(target_public_id="z")),
        "form sent twice": Entry.objects.filter(chain=1, person="x", token="y", verb="z"),
        "what a person holds": Appointment.objects.filter(person=1),
    }


def test_hot_queries_read_no_large_table_whole(office: Engine) -> None:
    found = {name: scans(asked) for name, asked in hot(office).items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_query_without_an_index_is_caught(office: Engine) -> None:
    assert scans(WorkItem.objects.filter(note="x"))
