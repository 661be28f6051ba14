"""How long a stranger waits: `make setup` and `make run` in fresh clones, the first time and the second."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.row import Row, row
from postgres import ROOT
from tests.server import answers, free_port, wait_until

WITHIN = 300  # seconds
OURS = ("CAPAIAN_", "VIRTUAL_ENV", "DATABASE_URL", "PYTHONPATH", "MAKE", "MFLAGS")
SETUP_BAR = 60_000.0  # "under a minute on a fast line"


def environment() -> dict[str, str]:
    """Return the environment of somebody who has just opened a terminal."""
    return {key: value for key, value in os.environ.items() if not key.startswith(OURS)}


def clone(folder: Path) -> Path:
    """Clone the project, as committed, into a folder."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def make(folder: Path, *words: str) -> float:
    """Return the seconds that one make takes."""
    begun = time.perf_counter()
    subprocess.run(["make", *words], cwd=folder, env=environment(), check=True, capture_output=True)
    return time.perf_counter() - begun


def run_until_answered(folder: Path) -> float:
    """Return the seconds from `make run` to the log-in page; the server is stopped afterwards."""
    port = free_port()
    begun = time.perf_counter()
    with (folder / "server.log").open("wb") as log:
        words = ["make", "run", f"PORT={port}"]
        server = subprocess.Popen(
            words, cwd=folder, env=environment(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        answered = wait_until(lambda: server.poll() is not None or answers(f"http://localhost:{port}/masuk/"), WITHIN)
        seconds = time.perf_counter() - begun
        if not answered or server.poll() is not None:
            raise RuntimeError((folder / "server.log").read_text(errors="replace"))
        return seconds
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        wait_until(lambda: not answers(f"http://localhost:{port}/masuk/"), 20)


def rows() -> Iterator[Row]:
    """Measure both commands, each in a clone of its own."""
    cold = "nothing installed in the clone; packages come from this machine's download caches where they hold them"
    warm = "the second time: everything is there"
    with tempfile.TemporaryDirectory(prefix="capaian-bench-", ignore_cleanup_errors=True) as name:
        folder = clone(Path(name) / "setup")
        yield row("`make setup`, cold", "", "1 time", [make(folder, "setup")], SETUP_BAR, cold)
        yield row("`make setup`, warm", "", "1 time", [make(folder, "setup")], None, warm)
        folder = clone(Path(name) / "run")
        text = "`make run` until the log-in page answers"
        yield row(f"{text}, cold", "", "1 time", [run_until_answered(folder)], None, f"{cold}; loads the sample")
        yield row(f"{text}, warm", "", "1 time", [run_until_answered(folder)], None, warm)
