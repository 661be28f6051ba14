"""Runs the whole test suite on SQLite as a file and on PostgreSQL, both at once: two processes, two cores.

Further words go to pytest, as in `make test ARGS="tests/sop -k return"`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from postgres import MISSING, ROOT, cluster

NO_SKIP = os.environ.get("CAPAIAN_NO_SKIP") == "1"
# rooms whose tests touch no database run once; of the others tests/conftest.py leaves out what does not hang on it
WITHOUT_DATABASE = ("house", "formulas", "periods")
NO_TEST_SELECTED = 5


def pytest(url: str, words: Sequence[str], output: int | None = None) -> int:
    """Run pytest on one database; return its exit code."""
    second = {"CAPAIAN_SECOND_DATABASE": "1"} if url else {}
    environment = os.environ | {"DATABASE_URL": url} | second
    command = [sys.executable, "-m", "pytest", *words]
    # nobody sits at the terminal of a run whose output is kept for later
    keyboard = None if output is None else subprocess.DEVNULL
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=False, stdin=keyboard, stdout=output, stderr=output
    ).returncode


def on_postgres(words: Sequence[str], output: int) -> int:
    """Run the suite on a throw-away PostgreSQL server; without one, say what to install."""
    once = [f"--ignore=tests/{name}" for name in WITHOUT_DATABASE]
    try:
        with cluster() as url:
            return pytest(url, [*once, *words], output)
    except RuntimeError as problem:
        if str(problem) == MISSING and not NO_SKIP:
            os.write(output, f"The tests on PostgreSQL were left out. {problem}\n".encode())
            return 0
        os.write(output, f"The tests on PostgreSQL could not run. {problem}\n".encode())
        return 1


@contextmanager
def beside(run: Callable[[Sequence[str], int], int], words: Sequence[str]) -> Iterator[tuple[Future[int], Path]]:
    """Start a run whose output goes to a file; yield its future and the file."""
    with tempfile.NamedTemporaryFile(prefix="capaian-test-output-") as file, ThreadPoolExecutor(1) as executor:
        yield executor.submit(run, words, file.fileno()), Path(file.name)


def follow(run: Future[int], file: Path) -> int:
    """Print what a run has said and goes on saying; return its exit code."""
    with file.open(encoding="utf-8", errors="replace") as said:
        while True:
            done = run.done()
            if text := said.read():
                print(text, end="", flush=True)
            elif done:
                return run.result()
            else:
                time.sleep(0.2)


def main() -> int:
    """Run both suites, also when one fails; return 0 when all passed."""
    words = sys.argv[1:]
    with beside(on_postgres, words) as (run, file):
        print("\n=== Tests on SQLite (those on PostgreSQL run meanwhile) ===", flush=True)
        codes = [pytest("", words)]
        print("\n=== Tests on PostgreSQL ===", flush=True)
        codes.append(follow(run, file))
    if set(codes) == {NO_TEST_SELECTED}:
        return NO_TEST_SELECTED
    return int(any(code not in {0, NO_TEST_SELECTED} for code in codes))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
