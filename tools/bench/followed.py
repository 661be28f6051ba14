"""Tim SAKIP's two tables over a round of 1,000 figures: who has not filled in, and all figures looked over.

Needs a database of its own, so it runs in a process of its own: `python -m bench.followed FILE`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.alone import rows_of, write
from bench.forms import cpu_of
from bench.row import Row, row, seconds_of

UNITS, EACH = 4, 250
TIMES = 7
PERIOD = "2026-Q1"
BAR = 1000.0
HOST = {"host": "localhost"}


def rows() -> list[Row]:
    """Measure on SQLite in a process and a home folder of its own."""
    return rows_of("bench.followed")


def measured_rows() -> Iterator[Row]:
    """Lay a round of 1,000 figures with evidence, all submitted; time both tables and the return of all forms."""
    from capaian.collection.models import Actual, Evidence
    from tests.collection.conftest import collect
    from tests.planning.cards import make_card
    from tests.proceedings.conftest import client_of
    from tests.sop.driver import make_engine

    office = make_engine(units=UNITS)
    units = list(office.world.units)
    for place in range(EACH * UNITS):
        make_card(office.world, f"Indikator {place}", units=(units[place % UNITS],), targets={PERIOD: "80"})
    run = collect(office, period=PERIOD)
    for unit in units:
        fill(office, run, unit)
    proofs = [
        Evidence(actual=each, link="https://contoh.go.id/bukti", added_at=each.entered_at, added_by=each.entered_by)
        for each in Actual.objects.select_related("entered_by")
    ]
    Evidence.objects.bulk_create(proofs)
    client, size = client_of(office, "team"), f"{EACH * UNITS} figures of {UNITS} units"
    for what, page in (("who has not filled in", "formulir"), ("all figures of a round", "pemeriksaan")):
        path = f"/proses/{run.public_id}/{page}/"
        seconds = [cpu_of(lambda one=path: client.get(one, headers=HOST), warm=1) for _ in range(TIMES)]  # type: ignore[misc]
        yield row(f"{what}, page, CPU", "SQLite", size, seconds, BAR, "through all middleware")
    returned = [seconds_of(lambda: send_back(office, run))]
    yield row("all forms of a round returned", "SQLite", f"{UNITS} forms", returned, BAR)


def fill(office: Any, run: Any, unit: str) -> None:
    """Let a unit report a figure on every line and submit."""
    from tests.collection.conftest import report

    report(office, run, unit, Decimal(72))


def send_back(office: Any, run: Any) -> None:
    """Return every form with one note."""
    from capaian.collection.actions import return_forms

    team = office.reach("team")
    units = list(office.world.units.values())
    return_forms(run=run, units=units, note="Periksa", by=team.actor(role="team"), reach=team)


if __name__ == "__main__":
    write(measured_rows)
