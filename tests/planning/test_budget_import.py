"""A table of money: every cell judged, summed exactly, all or nothing; empty cells leave what is stored."""

import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.documents import store
from capaian.journal.reason import Conflict, Refused
from capaian.planning import actions
from capaian.planning.budget_actions import apply_budget, budget_proposal_of
from capaian.planning.budget_sheet import budget_bytes
from capaian.planning.budgets import by_month
from capaian.planning.entries import MonthEntry
from capaian.planning.models import BudgetMonth, Level, Node, Workbook
from capaian.planning.queries import budget_totals
from capaian.planning.workbook_actions import keep_workbook
from tests.factories import World, make_agency
from tests.planning.cards import make_plan

pytestmark = pytest.mark.django_db
HEAD = "Kode;Uraian;Pagu Januari;Pagu Februari;Realisasi Januari;Realisasi Desember"


@pytest.fixture
def world() -> World:
    cache.clear()
    world = make_agency("Melati")
    plan = make_plan(world)
    activity = Node.objects.get(plan=plan, level=Level.ACTIVITY)
    Node.objects.filter(plan=plan, level=Level.PROGRAMME).update(code="2.16.02")
    Node.objects.filter(pk=activity.pk).update(code="2.16.02.2.01")
    for at in range(1, 4):
        Node.objects.create(
            agency=world.agency, plan=plan, parent=activity, level=Level.SUBACTIVITY, text=f"Sub {at}",
            code=f"2.16.02.2.01.000{at}", valid_from=activity.valid_from,
        )  # fmt: skip
    return world


def kept(world: World, *rows: str, head: str = HEAD) -> Workbook:
    return keep(world, "\n".join((head, *rows)).encode(), "anggaran.csv")


def keep(world: World, content: bytes, name: str) -> Workbook:
    file = store.keep(io.BytesIO(content), name)
    return keep_workbook(plan=make_plan(world), year=2026, kept=file, by=world.actor("team"), kind=Workbook.Kind.BUDGET)


def apply(world: World, workbook: Workbook) -> None:
    apply_budget(workbook=workbook, seen=budget_proposal_of(workbook).digest, by=world.actor("team"))


def refused(workbook: Workbook) -> list[tuple[str, str]]:
    return [(each.where, each.text.split(".")[0]) for each in budget_proposal_of(workbook).named]


def test_amounts_are_summed_exactly_upward(world: World) -> None:
    apply(
        world,
        kept(
            world, "2.16.02.2.01.0001;;0,1;1.500.000;0,2;", "2.16.02.2.01.0002;;0,2;;0;90.071.992.547.409,93",
            "2.16.02.2.01.0003;;;;;",
        ),
    )  # fmt: skip
    found = budget_totals(world.reach("team"), 2026)
    top = found[Node.objects.get(level=Level.GOAL).pk]
    assert (top.year.ceiling, top.year.spent) == (Decimal("1500000.3"), Decimal("90071992547410.13"))
    assert [(part.ceiling, part.spent) for part in by_month(world.agency.pk, 2026)][:2] == [
        (Decimal("0.3"), Decimal("0.2")), (Decimal(1500000), None),
    ]  # fmt: skip
    assert not BudgetMonth.objects.filter(node__code="2.16.02.2.01.0003").exists()
    assert {row.origin for row in BudgetMonth.objects.all()} == {"Impor anggaran.csv"}


def test_an_empty_cell_leaves_what_is_stored(world: World) -> None:
    apply(world, kept(world, "2.16.02.2.01.0001;;100;200;;"))
    workbook = kept(world, "2.16.02.2.01.0001;;;;70;")
    [line] = budget_proposal_of(workbook).lines
    assert (line.before.ceiling, line.after.ceiling, line.after.spent) == (Decimal(300), Decimal(300), Decimal(70))
    apply(world, workbook)
    with pytest.raises(Refused) as nothing:
        apply(world, kept(world, "2.16.02.2.01.0001;;100;200;70;"))
    assert [reason.code for reason in nothing.value.reasons] == ["nothing_new"]
    with pytest.raises(Conflict):
        apply_budget(workbook=workbook, seen="", by=world.actor("team"))


def test_every_refused_cell_is_named_and_nothing_written(world: World) -> None:
    workbook = kept(
        world, "2.16.02.2.01.0001;;-5;1,234;banyak;", "9.99;;1;;;", ";;1;;;", "2.16.02.2.01.0002;;1;;;",
        "2.16.02.2.01.0002;;1;;;", "2.16.02;;5;;;",
    )  # fmt: skip
    assert [where for where, _ in refused(workbook)] == ["C2", "D2", "E2", "A3", "A4", "A6", "A7"]
    with pytest.raises(Refused):
        apply(world, workbook)
    assert not BudgetMonth.objects.exists()
    bad = kept(world, "2.16.02.2.01.0001;1", head="Kode;Pagu Maret;Pagu maret;Lain")
    assert [text for _, text in refused(bad)][:2] == [
        "Judul kolom “Pagu maret” ada dua kali",
        "Judul kolom “Lain” tidak dikenal",
    ]


def test_money_at_two_levels_is_refused_both_ways(world: World) -> None:
    apply(world, kept(world, "2.16.02;;5;;;"))
    assert refused(kept(world, "2.16.02.2.01.0001;;5;;;")) == [
        ("A2", "Anggaran 2026 sudah dicatat pada program 2"),
    ]


def test_what_changed_since_the_preview_is_not_overwritten(world: World) -> None:
    workbook = kept(world, "2.16.02.2.01.0001;;5;;;")
    seen = budget_proposal_of(workbook).digest
    node = Node.objects.get(code="2.16.02.2.01.0001")
    actions.set_budget(
        node=node, year=2026, months=[MonthEntry(3, Decimal(9), None)], edition=1, by=world.actor("team")
    )
    with pytest.raises(Conflict):
        apply_budget(workbook=workbook, seen=seen, by=world.actor("team"))


def test_the_template_comes_back_as_it_went(world: World) -> None:
    apply(world, kept(world, "2.16.02.2.01.0001;;1.234.567,89;0;7;"))
    content = budget_bytes(world.reach("team"), make_plan(world), 2026)
    proposal = budget_proposal_of(keep(world, content, "anggaran-2026.xlsx"))
    assert [line.node.code for line in proposal.lines] == [f"2.16.02.2.01.000{at}" for at in (1, 2, 3)]
    assert (proposal.refusals, proposal.written) == ([], [])


def test_the_page_previews_and_saves(world: World, client: Client) -> None:
    client.force_login(world.people["team"])
    plan = make_plan(world)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Lembar 1")
        sheet.write_row(0, 0, ["Kode", "Pagu Januari"])
        sheet.write_row(1, 0, ["2.16.02.2.01.0001", 1500000.5])
    upload = SimpleUploadedFile("a.xlsx", out.getvalue())
    path = reverse("budget_new", args=[plan.public_id, 2026])

    def token(address: str) -> str:
        return client.get(address).content.decode().partition('name="form_token" value="')[2].partition('"')[0]

    preview = client.post(path, {"file": upload, "form_token": token(path)}).url  # type: ignore[attr-defined]
    text = client.get(preview).content.decode()
    assert "Rp 1.500.000,50" in text
    assert not BudgetMonth.objects.exists()
    seen = text.partition('name="seen" value="')[2].partition('"')[0]
    assert client.post(preview, {"seen": seen, "form_token": token(preview)}).status_code == 302
    year = reverse("budget_year", args=[2026])
    with CaptureQueriesContext(connection) as few:
        assert "Rp 1.500.000,50" in client.get(year).content.decode()
    apply(world, kept(world, "2.16.02.2.01.0002;;4;;2;", "2.16.02.2.01.0003;;4;;2;"))
    with CaptureQueriesContext(connection) as more:
        client.get(year)
    assert len(more) == len(few)
