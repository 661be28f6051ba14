"""A unit's form of 25 rows: its page, its autosave, its workbook; and the paper of every step of a quarter.

Needs a database of its own, so it runs in a process of its own: `python -m bench.forms FILE`.
"""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from bench.alone import rows_of, write
from bench.row import Row, row, seconds_of

ROWS = 25
TIMES = 30
PERIOD = "2026-Q1"
PAGE_BAR, SAVE_BAR, WORKBOOK_BAR, PAPER_BAR = 30.0, 15.0, 1000.0, 500.0


def rows() -> list[Row]:
    """Measure on SQLite in a process and a home folder of its own."""
    return rows_of("bench.forms")


def measured_rows() -> Iterator[Row]:
    """Let a unit fill in its form, then let the agency finish the quarter; time pages and papers."""
    from tests.collection.conftest import collect, filling, save, sheet, told
    from tests.planning.cards import make_card
    from tests.sop.driver import make_engine

    office = make_engine()
    for place in range(ROWS):
        make_card(office.world, f"Indikator {place}", units=("ikp",), targets={PERIOD: "80", "2026": "90"})
    run = collect(office, period=PERIOD)
    save(office, run, "ikp", *(told(line, Decimal(5)) for line in sheet(office, run, "ikp").lines))
    yield from of_the_form(office, filling(run, office, "ikp"))
    yield from of_papers(office, run)


def of_the_form(office: Any, item: Any) -> Iterator[Row]:
    """Time the page of a filled form, one changed figure kept, and the form's workbook."""
    from capaian.collection.workbook import form_workbook
    from capaian.web.form_lines import base_text, texts_of
    from tests.collection.conftest import sheet
    from tests.proceedings.conftest import client_of

    client, size = client_of(office, "ikp"), f"{ROWS} rows"
    page = f"/langkah/{item.public_id}/"
    seconds = [cpu_of(lambda: client.get(page, headers={"host": "localhost"}), warm=2) for _ in range(TIMES)]
    yield row("page of a unit's form, CPU", "SQLite", size, seconds, PAGE_BAR, "filled in, through all middleware")
    lines = sheet(office, item.run, "ikp").lines
    numbers = iter(range(10_000, 20_000))

    def keep(*, whole: bool) -> float:
        stands = sheet(office, item.run, "ikp")
        first = texts_of(stands.lines[0])
        fields = {f"value-{line.key}": "5" for line in lines if whole} | {f"value-{lines[0].key}": str(next(numbers))}
        fields |= {f"sent-{line.key}": "1" for line in (lines if whole else lines[:1])} | {
            "edition": str(stands.edition)
        }
        fields[f"base-{lines[0].key}"] = base_text(first)
        return cpu_of(lambda: client.post(f"{page}konsep/", fields, headers={"host": "localhost"}))

    kept = [keep(whole=False) for _ in range(TIMES)]
    yield row("a cell kept while it is typed, CPU", "SQLite", size, kept[2:], SAVE_BAR, "as the page sends it")
    kept = [keep(whole=True) for _ in range(TIMES)]
    yield row("a whole form kept, CPU", "SQLite", size, kept[2:], None, "all rows sent, one changed")
    shown = sheet(office, item.run, "ikp")
    made = [seconds_of(lambda: form_workbook(shown)) for _ in range(TIMES)]
    yield row("a form as a workbook", "", size, made, WORKBOOK_BAR)


def cpu_of(answer: Callable[[], Any], warm: int = 0) -> float:
    """Return the CPU seconds of this process for one request; raise RuntimeError when it is refused."""
    for _ in range(warm):
        answer()
    begun = time.process_time()
    response = answer()
    spent = time.process_time() - begun
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code}: {response.content[:200]!r}")
    return spent


def of_papers(office: Any, run: Any) -> Iterator[Row]:
    """Finish the quarter and time the paper of each step."""
    from capaian.documents.render import render
    from capaian.sop.models import Paper
    from tests.collection.conftest import advance
    from tests.measurement.conftest import bring, fill, measuring
    from tests.sop.driver import issue_papers

    fill(office, run, {"Indikator": "72.5"})
    advance(office, run, "A11")
    bring(office, measuring(office, "B05", PERIOD).run, "B10")
    issue_papers()
    papers = Paper.objects.select_related("document", "item__step").order_by(
        "item__run_id", "item__step__ordinal", "pk"
    )
    of_step = {paper.item.step.key: paper.document for paper in reversed(papers)}
    for key, document in sorted(of_step.items()):
        seconds = [seconds_of(lambda one=document: render(one.context["layout"], one.context))]  # type: ignore[misc]
        yield row(f"paper of step {key}, {ROWS} indicators, first rendering", "", "1 time", seconds, PAPER_BAR)


if __name__ == "__main__":
    write(measured_rows)
