"""The table as a person reads it, in the terminal and in docs."""

from collections.abc import Sequence

from bench.row import Row

HEAD = ("what", "database", "size", "median", "p95", "bar", "")
INTRO = """# Speed

Written by `make bench`; no figure here is typed by hand. A bar of the project is held against the median.
Completions, pages and papers are measured in one process, one after the other, by wall clock. PostgreSQL runs on the
same machine, reached by socket, with its default settings and fsync on; SQLite is a file in WAL mode with
synchronous=FULL. Pages go through Django's test client: middleware, access table, queries, templates, no network.
The database is one agency that worked a year, copied; papers and journal rows of the copies carry no content, which
only their own agency's pages would read. Other programs on the machine slow every figure: see the load average.
"""
INTRO_TABLES = """# Speed of long tables

Written by `make bench ARGS=tables`; no figure here is typed by hand.
"""


def duration(milliseconds: float | None) -> str:
    """Return a time with three digits: `0.42 ms`, `35.1 ms`, `12.3 s`."""
    if milliseconds is None:
        return ""
    value, unit = (milliseconds, "ms") if milliseconds < 1000 else (milliseconds / 1000, "s")
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f} {unit}"


def cells(row: Row) -> tuple[str, ...]:
    """Return the cells of one line."""
    bar = "" if row.bar is None else f"≤ {duration(row.bar).replace('.00', '').replace('.0', '')}"
    verdict = "" if row.bar is None else "kept" if row.kept else "MISSED"
    p95 = duration(row.p95) if row.size != "1 time" else ""
    return row.what, row.database, row.size, duration(row.median), p95, bar, verdict


def markdown(intro: str, rows: Sequence[Row], machine: str, load: str) -> str:
    """Return the whole page: what was measured where, the table, and the notes below it."""
    lines = ["| " + " | ".join(line) + " |" for line in (HEAD, ["---"] * len(HEAD), *map(cells, rows))]
    notes = [f"- {row.what}{f' ({row.database})' if row.database else ''}: {row.note}" for row in rows if row.note]
    parts = [intro, f"Machine: {machine}. {load}\n", "\n".join(lines), "\n## Notes\n", "\n".join(notes)]
    return "\n".join(parts) + "\n"
