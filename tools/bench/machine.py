"""Says on what machine and with which versions something was measured."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from postgres import binaries


def processor() -> str:
    """Return the processor's name as the system gives it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def memory() -> str:
    """Return the machine's memory in GiB."""
    gib: float = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{gib:.0f} GiB"


def postgres_version() -> str:
    """Return the version of the PostgreSQL server that is measured, or that there is none."""
    folder = binaries()
    if folder is None:
        return "no PostgreSQL"
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return "PostgreSQL " + told.stdout.split()[2]


def load() -> str:
    """Return how many processes wanted the processor in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def machine() -> str:
    """Return one line: processor, cores, memory, versions, date."""
    parts = [
        processor(),
        f"{os.cpu_count()} cores",
        memory(),
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"Django {version('django')}",
        f"SQLite {sqlite3.sqlite_version}",
        postgres_version(),
        f"{datetime.now(UTC):%Y-%m-%d}",
    ]
    return ", ".join(parts)
