"""Measures what needs a database, in a process of its own: `python -m bench.on_database NAME COPIES FILE`.

DATABASE_URL says where; FILE receives the rows as JSON.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path


def main(name: str, copies: int, file: Path) -> None:
    """Let an agency work a year, measure it, multiply it, and measure pages among so many."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "capaian.site.settings"
    import django

    django.setup()
    from bench import crowd, engine, pages, papers
    from capaian.cli.serve import prepare

    prepare()
    driver, rows = engine.work_a_year(name)
    if name == "SQLite":
        rows += papers.rows(name)
    crowd.multiply(copies)
    rows += pages.rows(driver.engine, name)
    rows += engine.work_among_others(driver, name)
    file.write_text(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
