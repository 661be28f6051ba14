"""The performance tree of 500 nodes as a page, and a year's plan of 1,000 rows taken in from a workbook.

Needs a database of its own, so it runs in a process of its own: `python -m bench.planning FILE`.
"""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from bench.alone import rows_of, write
from bench.forms import cpu_of
from bench.row import Row, row, seconds_of

NODES, ROWS, TIMES, IMPORTS = 500, 1000, 20, 3
TREE_BAR, IMPORT_BAR = 150.0, 3000.0
YEAR = 2026


def rows() -> list[Row]:
    """Measure on SQLite in a process and a home folder of its own."""
    return rows_of("bench.planning")


def measured_rows() -> Iterator[Row]:
    """Plant a tree and time its page; then take plans in, each on an agency of its own."""
    from tests.factories import make_agency

    yield from of_the_tree(make_agency("Pohon"))
    seconds = [seconds_of(taking_in(make_agency(f"Impor{number}"))) for number in range(IMPORTS)]
    note = "the kept workbook read, judged and written, in one transaction"
    yield row("import of a year's plan", "SQLite", f"{ROWS:,} rows", seconds, IMPORT_BAR, note)


def of_the_tree(world: Any) -> Iterator[Row]:
    """Time the page of a tree in which every node has a card, all open."""
    from django.test import Client

    plant(world)
    client = Client()
    client.force_login(world.people["team"])

    def show() -> Any:
        answer = client.get(f"/perencanaan/{YEAR}/pohon/?buka=semua", headers={"host": "localhost"})
        if answer.content.count(b'class="kin-text"') != NODES:
            raise RuntimeError(f"{answer.status_code}: not the whole tree")
        return answer

    seconds = [cpu_of(show, warm=1) for _ in range(TIMES)]
    size, note = f"{NODES} nodes", "each with a card and money, all open"
    yield row("page of the performance tree, CPU", "SQLite", size, seconds, TREE_BAR, note)


def plant(world: Any) -> None:
    """Leave a tree of five levels with a card and a month of money at its leaves."""
    from capaian.planning.models import BudgetMonth, Level, Node
    from tests.planning.cards import make_card, make_plan

    plan = make_plan(world)
    above = list(plan.nodes.order_by("pk"))
    while len(above) < NODES:
        parent = above[-1] if len(above) % 10 == 0 else above[3]
        level = Level.SUBACTIVITY if parent.level == Level.ACTIVITY else Level.ACTIVITY
        parent = parent if parent.level != Level.SUBACTIVITY else above[2]
        node = Node.objects.create(
            agency=world.agency, plan=plan, parent=parent, level=level, text=f"Butir {len(above)}",
            ordinal=len(above), valid_from=date(2025, 1, 1),
        )  # fmt: skip
        above.append(node)
        BudgetMonth.objects.create(node=node, year=YEAR, month=1, ceiling=Decimal(1000))
    card = make_card(world, "Indikator", targets={str(YEAR): "5"})
    spread(card, above)


def spread(card: Any, nodes: list[Any]) -> None:
    """Give every node a card like the first one."""
    from capaian.planning.models import Card, CardUnit, Indicator, Target

    unit = card.suppliers.get().unit
    agency = card.agency
    indicators = Indicator.objects.bulk_create([Indicator(agency=agency, node=node) for node in nodes])
    cards = Card.objects.bulk_create(
        [
            Card(agency=agency, indicator=each, year=YEAR, name="Indikator", measured_in="dokumen", weight=Decimal(1))
            for each in indicators
        ]
    )
    CardUnit.objects.bulk_create([CardUnit(card=each, unit=unit) for each in cards])
    Target.objects.bulk_create([Target(card=each, period=str(YEAR), value=Decimal(5)) for each in cards])


def taking_in(world: Any) -> Any:
    """Return what takes a workbook of a year's plan in: its preview and its writing."""
    from capaian.documents import store
    from capaian.planning.workbook_actions import apply_workbook, keep_workbook, proposal_of
    from tests.planning.cards import make_plan

    plan, by = make_plan(world), world.actor("team")
    kept = store.keep(io.BytesIO(workbook(world)), "rencana.xlsx")
    stored = keep_workbook(plan=plan, year=YEAR, kept=kept, by=by)
    seen = proposal_of(stored).digest

    def take() -> None:
        done = apply_workbook(workbook=stored, seen=seen, by=by)
        if len(done.written) + len(done.new_nodes) != ROWS:
            raise RuntimeError(f"{len(done.written)} cards written")

    return take


def workbook(world: Any) -> bytes:
    """Return a workbook of 100 nodes and 900 cards with targets of the year and its quarters."""
    import xlsxwriter

    name = world.agency.short_name
    quarters = [f"Target TW {number}" for number in ("I", "II", "III", "IV")]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        nodes, cards = book.add_worksheet("Butir"), book.add_worksheet("Kartu")
        nodes.write_row(0, 0, ["Jenjang", "Kode", "Uraian", "Induk"])
        for at in range(1, 101):
            nodes.write_row(at, 0, ["Sub kegiatan", f"2.16.02.2.01.{at:04}", f"Sub {at}", f"Kegiatan {name}"])
        head = ["Butir", "Nama indikator", "Satuan", "Unit penyedia data", "Konsolidasi periode", "Target setahun"]
        cards.write_row(0, 0, [*head, *quarters])
        for at in range(1, ROWS - 99):
            code = f"2.16.02.2.01.{at % 100 + 1:04}"
            said = [code, f"Jumlah dokumen {at}", "dokumen", f"Ikp {name.title()}", "Dijumlahkan", 10, 1, 2, 3, 4]
            cards.write_row(at, 0, said)
    return stream.getvalue()


if __name__ == "__main__":
    write(measured_rows)
