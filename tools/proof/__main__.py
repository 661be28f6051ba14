"""Runs the long proofs and writes what they counted to docs/proofs.md; no figure there is typed by hand.

What a test prints stands in the report beside it. Further words go to pytest.
"""

import os
import platform
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from postgres import ROOT, cluster

PAGE = ROOT / "docs" / "proofs.md"
PROOFS = (
    "tests/sop/test_machine.py",
    "tests/sop/test_moves.py",
    "tests/sop/test_kill.py",
    "tests/collection/test_kill.py",
    "tests/collection/test_offline_faults.py",
    "tests/web/test_access.py",
    "tests/web/test_races.py",
    "tests/web/test_crash.py",
    "tests/web/test_axe.py",
    "tests/formulas/test_oracle.py",
    "tests/cli/test_numeric.py",
    "tests/cli/test_explain.py",
    "tests/reporting/test_same_digits.py",
    "tests/measurement/test_frozen.py",
)


@dataclass(frozen=True)
class Outcome:
    """One test on one database."""

    database: str
    test: str
    passed: bool
    seconds: str
    figures: tuple[str, ...]


def run(database: str, url: str, words: list[str]) -> list[Outcome]:
    """Run the proofs on one database and return what each said."""
    print(f"\n=== Proofs on {database} ===", flush=True)
    files = [name for name in PROOFS if (ROOT / name).exists()]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", "-o", "junit_logging=system-out"]
        command += ["--timeout=3600", *files, *words]
        environment = os.environ | {"DATABASE_URL": url, "CAPAIAN_PROOF": "1", "CAPAIAN_NO_SKIP": "1"}
        if url:  # looks, and what touches no database, are proved once
            environment["CAPAIAN_SECOND_DATABASE"] = "1"
        subprocess.run(command, cwd=ROOT, env=environment, check=False)
        return [outcome(database, case) for case in ET.parse(report).iter("testcase")]  # noqa: S314  (pytest wrote it just now)


def outcome(database: str, case: ET.Element) -> Outcome:
    """Read one test of pytest's report."""
    lines = (case.findtext("system-out") or "").splitlines()
    lines += [each.get("value", "") for each in case.iter("property")]
    return Outcome(
        database=database,
        test=f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name', '')}",
        passed=case.find("failure") is None and case.find("error") is None,
        seconds=case.get("time", ""),
        figures=tuple(line.strip().replace("|", "/") for line in lines if line.strip() and not is_noise(line)),
    )


def is_noise(line: str) -> bool:
    """Tell whether a line of a test's output is pytest's or Django's, not the test's."""
    return line.startswith(("---", "Cache table"))


def page(outcomes: list[Outcome]) -> str:
    """Return the report."""
    when = datetime.now(UTC)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    lines = [
        "# Proofs",
        "",
        f"Written by `make proof` on {when:%Y-%m-%d %H:%M} UTC; {machine}.",
        "",
        "| Proof | Database | Result | Seconds | Counted |",
        "|---|---|---|---|---|",
    ]
    for row in outcomes:
        result = "passed" if row.passed else "**FAILED**"
        lines.append(f"| {row.test} | {row.database} | {result} | {row.seconds} | {'; '.join(row.figures)} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Run on SQLite and on PostgreSQL, both at once; write the page; return 0 when all passed."""
    words = sys.argv[1:]
    with cluster() as url, ThreadPoolExecutor() as executor:
        runs = [executor.submit(run, name, where, words) for name, where in (("SQLite", ""), ("PostgreSQL", url))]
        outcomes = [outcome for each in runs for outcome in each.result()]
    PAGE.write_text(page(outcomes), encoding="utf-8")
    print(f"\nWritten: {PAGE.relative_to(ROOT)}")
    return int(not outcomes or not all(row.passed for row in outcomes))


if __name__ == "__main__":
    sys.exit(main())
