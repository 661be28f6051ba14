"""Runs the whole test suite: on SQLite as a file, then on PostgreSQL.

Further words go to pytest, as in `make test ARGS="tests/sop -k return"`.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from postgres import MISSING, ROOT, cluster

NO_SKIP = os.environ.get("CAPAIAN_NO_SKIP") == "1"
# rooms whose tests touch no database run once
WITHOUT_DATABASE = ("house", "formulas", "periods")


def suite(database: str, url: str, words: Sequence[str]) -> int:
    """Run pytest on one database; return its exit code."""
    print(f"\n=== Tests on {database} ===", flush=True)
    begun = time.monotonic()
    environment = os.environ | {"DATABASE_URL": url}
    code = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environment, check=False).returncode
    print(f"=== {database}: {time.monotonic() - begun:.0f} s ===", flush=True)
    return code


def on_postgres(words: Sequence[str]) -> int:
    """Run the suite on a throw-away PostgreSQL server; without one, say what to install."""
    once = [f"--ignore=tests/{room}" for room in WITHOUT_DATABASE]
    try:
        with cluster() as url:
            return suite("PostgreSQL", url, [*once, *words])
    except RuntimeError as problem:
        if str(problem) != MISSING or NO_SKIP:
            print(f"\nThe tests on PostgreSQL could not run. {problem}", file=sys.stderr)
            return 1
        print(f"\nThe tests on PostgreSQL were left out. {problem}", flush=True)
        return 0


def main() -> int:
    """Run both suites, also when the first one fails; return 0 when all passed."""
    words = sys.argv[1:]
    codes = [suite("SQLite", "", words), on_postgres(words)]
    # 5: no test selected, as when ARGS name a room without database
    return int(any(code not in {0, 5} for code in codes) or codes[0] == 5 == codes[1])


if __name__ == "__main__":
    sys.exit(main())
