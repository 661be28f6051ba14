"""A part of the measurements in a process, a home folder and an SQLite database of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bench.row import Row


def rows_of(module: str) -> list[Row]:
    """Run `python -m MODULE FILE` and return the rows that it wrote."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-") as home:
        file = Path(home) / "rows.json"
        environment = os.environ | {"DATABASE_URL": "", "CAPAIAN_HOME": home}
        subprocess.run([sys.executable, "-m", module, str(file)], env=environment, check=True)
        return [Row(**one) for one in json.loads(file.read_text())]


def write(measured_rows: Callable[[], Iterator[Row]]) -> None:
    """Set the product up on an empty database and write the rows to the file that was named."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "capaian.site.settings"
    import django

    django.setup()
    from capaian.cli.serve import prepare

    prepare()
    Path(sys.argv[1]).write_text(json.dumps([asdict(one) for one in measured_rows()]))
