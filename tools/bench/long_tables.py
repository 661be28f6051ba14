"""`capaian measure` on a million rows and more, against other exact ways, on the same rows: time and peak memory.

The others run with the Python that CAPAIAN_BENCH_PYTHON names (else with this one); what it lacks is left out. Every
output must be the same, byte by byte, or it does not count.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.indicators import write
from bench.row import Row, row
from postgres import ROOT

MILLION = 1_000_000
TEN = 10
RIVALS = Path(__file__).parent / "rivals"
OTHERS = (
    ("plain script (csv, Decimal)", "plain_script.py", ""),
    ("pandas with Decimal", "with_pandas.py", "pandas"),
    ("DuckDB, whole numbers of 128 bits", "with_duckdb.py", "duckdb"),
)
TICK = 0.05


@dataclass(frozen=True)
class Run:
    """One run: wall time, processor time, and the highest memory of all its processes together."""

    seconds: float
    processor: float
    mebibytes: float

    def note(self, rows: int) -> str:
        """Say what does not fit in the columns."""
        return (
            f"{rows / self.seconds:,.0f} rows/s, processor time {self.processor:.1f} s, "
            f"peak memory of all processes {self.mebibytes:.0f} MiB"
        )


def children(pid: int) -> Iterator[int]:
    """Return a process and everything below it."""
    yield pid
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in below:
        yield from children(int(child))


def memory(pid: int) -> float:
    """Return the proportional memory of a process and its children in MiB; pages they share count once."""
    total = 0
    for each in children(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


def run(words: Sequence[object]) -> Run:
    """Run a command to its end; CalledProcessError when it fails."""
    begun, peak = time.perf_counter(), 0.0
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT / "tools", ROOT)))}
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, env=environment)
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, memory(process.pid))
        time.sleep(TICK)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [str(word) for word in words])
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak)


def has(python: str, module: str) -> bool:
    """Tell whether that Python can import the module."""
    code = f"import {module}" if module else "pass"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def others(source: Path, ours: Path, folder: Path) -> Iterator[Row]:
    """Measure the other exact ways on the same rows."""
    python = os.environ.get("CAPAIAN_BENCH_PYTHON", sys.executable)
    for name, script, module in OTHERS:
        if not has(python, module):
            print(f"{name} was left out: {python} has no {module}.", file=sys.stderr)
            continue
        output = folder / f"{script}.csv"
        one = run([python, RIVALS / script, source, output])
        same = filecmp.cmp(ours, output, shallow=False)
        verdict = "the same output, byte by byte" if same else "ANOTHER OUTPUT"
        yield row(f"measure: {name}", "", "1 time", [one.seconds], None, f"{one.note(MILLION)}; {verdict}")
        output.unlink()
    if shutil.which("soffice") is None:
        print("LibreOffice was left out: it is not installed.", file=sys.stderr)
    else:
        yield spreadsheet(folder)


def spreadsheet(folder: Path) -> Row:
    """Measure LibreOffice: the same rows as formulas in a sheet, recalculated and written as CSV."""
    import xlsxwriter

    source = folder / "sheet.xlsx"
    book = xlsxwriter.Workbook(str(source), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number in range(MILLION):
        sheet.write_row(number, 0, [100 + number % 900, 80 + number % 700])
        sheet.write_formula(number, 2, f"=ROUND(MAX(B{number + 1}/A{number + 1}*100,0),2)")
    book.close()
    one = run(["soffice", "--headless", "--convert-to", "csv", "--outdir", folder, source])
    note = f"{one.note(MILLION)}; maximize only, shown figure only, binary fractions"
    return row("measure: LibreOffice recalculation", "", "1 time", [one.seconds], None, note)


def rows() -> Iterator[Row]:
    """Measure a million rows several times, ten million once, and the others once."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-") as name:
        folder = Path(name)
        ours = [sys.executable, "-m", "capaian.cli", "measure"]
        source, output = write(folder / "in.csv", MILLION), folder / "out.csv"
        runs = [run([*ours, source, "--output", output]) for _ in range(5)]
        seconds = [one.seconds for one in runs]
        yield row("`capaian measure`, CSV to CSV", "", f"{MILLION} rows", seconds, None, runs[-1].note(MILLION))
        yield from others(source, output, folder)
        source = write(folder / "in.csv", TEN * MILLION)
        long = run([*ours, source, "--output", output])
        note = f"{long.note(TEN * MILLION)}; {long.seconds / min(seconds):.1f} × the time of a tenth of the rows"
        yield row("`capaian measure`, CSV to CSV, ten million rows", "", "1 time", [long.seconds], None, note)
