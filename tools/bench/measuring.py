"""Measuring: a worksheet of 100 indicators, its page, and a kabupaten's year computed again.

Needs a database of its own, so it runs in a process of its own: `python -m bench.measuring FILE`.
"""

import time
from collections.abc import Iterator
from typing import Any

from bench.alone import rows_of, write
from bench.row import Row, row, seconds_of

INDICATORS = 100
AGENCIES, PERIODS = 40, 16
TIMES = 10
POLARITIES = ("maximize", "minimize", "minimize_ratio", "stabilize")
METHODS = ("sum", "average", "last")
PERIOD = "2026-Q2"


def rows() -> list[Row]:
    """Measure on SQLite in a process and a home folder of its own."""
    return rows_of("bench.measuring")


def measured_rows() -> Iterator[Row]:
    """Let an agency collect and measure two quarters; time what measures."""
    from capaian.measurement.computing import measured
    from capaian.measurement.recap import lines
    from tests.measurement.conftest import bring, collected, measuring, worksheet
    from tests.proceedings.conftest import client_of
    from tests.sop.driver import make_engine

    office = make_engine()
    make_cards(office)
    collected(office, {"Indikator": "72.5"}, "2026-Q1")
    collected(office, {"Indikator": "81.25"}, PERIOD)
    size = f"{INDICATORS} indicators"
    item = measuring(office, "B05", PERIOD)
    seconds = [seconds_of(lambda: measure_and_undo(office, item)) for _ in range(TIMES)]
    yield row("worksheet measured and written", "SQLite", size, seconds, None, "with step and paper, undone each time")
    seconds = [seconds_of(lambda: previewed(office, item)) for _ in range(TIMES)]
    yield row("indicators measured", "SQLite", size, seconds, 100.0, "figures read, snapshots made, computed")
    sheet = worksheet(office, bring(office, item.run, "B06").run)
    team, path = client_of(office, "team"), f"/kertas-kerja/{sheet.public_id}/"
    seconds = [seconds_of(lambda: opened(team, path)) for _ in range(TIMES)]
    yield row("page of a worksheet", "SQLite", size, seconds, None, "everything on it computed again")
    yield from year_rows(office, team, size)
    snapshots = [line.row.inputs for line in lines(sheet.measurements.all())]

    def again() -> None:
        for _ in range(AGENCIES * PERIODS):
            for inputs in snapshots:
                measured(inputs)

    size = f"{AGENCIES} × {INDICATORS} × {PERIODS}"
    yield row("a kabupaten's year computed again", "", size, [seconds_of(again)], 2000.0, "from snapshots, to digests")


def year_rows(office: Any, team: Any, size: str) -> Iterator[Row]:
    """Time the page of an agency's year: what its queries take, the whole page, its charts."""
    from django.db import connection

    from capaian.measurement.drawing import svg
    from capaian.reporting.performance import node_bars, year_view

    path, spent = "/kinerja/2026/", list[float]()

    def timed(execute: Any, *given: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*given)
        finally:
            spent[-1] += time.perf_counter() - begun

    def asked() -> None:
        spent.append(0.0)
        with connection.execute_wrapper(timed):
            opened(team, path)

    opened(team, path)
    seconds = [seconds_of(lambda: opened(team, path)) for _ in range(TIMES)]
    for _ in range(TIMES):
        asked()
    yield row("queries of an agency's year", "SQLite", size, spent, 30.0, "all of the page")
    yield row("page of an agency's year", "SQLite", size, seconds, 100.0, "tables, traffic lights and charts")
    option = node_bars(year_view(office.reach("team"), 2026))
    seconds = [seconds_of(lambda: svg(option)) for _ in range(TIMES)]
    yield row("chart drawn", "", f"{len(option.rows)} bars", seconds, None, "as SVG, for page and paper")


def opened(client: Any, path: str) -> None:
    """Open a page."""
    if client.get(path, headers={"host": "localhost"}).status_code != 200:
        raise RuntimeError(f"{path} did not open")


def make_cards(office: Any) -> None:
    """Make the cards that are measured, of every plain polarity and consolidation."""
    from tests.planning.cards import LEVELS, make_card

    for place in range(INDICATORS):
        make_card(
            office.world,
            f"Indikator {place}",
            level=LEVELS[place % len(LEVELS)],
            units=("secretariat", "ikp")[: 1 + place % 2],
            targets={"2026-Q1": "80", "2026-Q2": "85", "2026": "90"},
            polarity=POLARITIES[place % len(POLARITIES)],
            consolidation=METHODS[place % len(METHODS)],
        )


def previewed(office: Any, item: Any) -> None:
    """Measure without writing."""
    from capaian.measurement.measuring import preview

    found = preview(office.reach("team"), item.run)
    if len(found.lines) != INDICATORS:
        raise RuntimeError(f"{len(found.lines)} indicators, not {INDICATORS}")


def measure_and_undo(office: Any, item: Any) -> None:
    """Measure and write, then roll back, so that the same step is measured again."""
    from django.db import transaction

    from tests.measurement.conftest import measure

    with transaction.atomic():
        measure(office, item)
        transaction.set_rollback(True)


if __name__ == "__main__":
    write(measured_rows)
