"""Runs the measurements and writes the table: `make bench`, or `make bench ARGS="sqlite formulas"` for some parts.

Parts: sqlite, postgresql, setup, formulas, forms, form_files, followed, planning, measuring; and tables, which takes
long and runs only when named. A whole run writes docs/bench.md, the long tables write docs/bench-tables.md.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import followed, form_files, forms, formulas, long_tables, machine, measuring, planning, set_up
from bench.row import Row
from bench.table import INTRO, INTRO_TABLES, markdown
from postgres import MISSING, ROOT, cluster

DOCS = ROOT / "docs"
#: Each agency has 32 runs a year, so these make 5,000 and 100,000 runs.
COPIES = {"SQLite": 156, "PostgreSQL": 3124}
#: Written to disk like a real server's, unlike that of the tests; loading must not wait for checkpoints.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_wal_size": "16GB"}


def on_database(name: str, url: str) -> list[Row]:
    """Measure on one database, in a process and a home folder of its own."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-") as home:
        file = Path(home) / "rows.json"
        environment = os.environ | {"DATABASE_URL": url, "CAPAIAN_HOME": home}
        words = [sys.executable, "-m", "bench.on_database", name, str(COPIES[name]), str(file)]
        subprocess.run(words, env=environment, check=True)
        return [Row(**row) for row in json.loads(file.read_text())]


def on_postgres() -> list[Row]:
    """Measure on a throw-away PostgreSQL server; without one, say what to install."""
    try:
        with cluster(DURABLE) as url:
            return on_database("PostgreSQL", url)
    except RuntimeError as problem:
        if str(problem) != MISSING:
            raise
        print(f"PostgreSQL was left out. {problem}", file=sys.stderr)
        return []


USUAL: dict[str, Callable[[], Iterable[Row]]] = {
    "sqlite": lambda: on_database("SQLite", ""),
    "postgresql": on_postgres,
    "setup": set_up.rows,
    "formulas": formulas.rows,
    "forms": forms.rows,
    "form_files": form_files.rows,
    "followed": followed.rows,
    "planning": planning.rows,
    "measuring": measuring.rows,
}
PARTS = USUAL | {"tables": long_tables.rows}
#: Where a run of just these parts is written, and what stands above it.
PAGES = {tuple(USUAL): ("bench.md", INTRO), ("tables",): ("bench-tables.md", INTRO_TABLES)}


def main(words: list[str]) -> int:
    """Measure the named parts, or the usual ones; return 1 when a part is unknown. A missed bar stands in the table."""
    if unknown := set(words) - set(PARTS):
        print(f"Unknown: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}", file=sys.stderr)
        return 1
    begun, before = time.monotonic(), machine.load()
    rows: list[Row] = []
    names = tuple(words or USUAL)
    for name in names:
        print(f"Measuring {name} … ({time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
        rows += PARTS[name]()
    load = f"Load average {before} before and {machine.load()} after; measured in {time.monotonic() - begun:.0f} s."
    file, intro = PAGES.get(names, ("", INTRO))
    page = markdown(intro, rows, machine.machine(), load)
    print(page)
    if file:
        (DOCS / file).write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
