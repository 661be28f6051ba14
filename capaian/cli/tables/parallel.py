"""CSV to CSV on all processors: the file is cut at ends of rows, parts are measured apart and joined in order.

A part must begin and end at the end of a row. Cuts are made where the number of quotes so far is even; the CSV reader
of each part then confirms it (an open quote at the end is an error). Anything that does not fit is left to the
reading in one piece, which also words the refusals.
"""

import csv
import gc
import io
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from capaian.cli.tables.quick import QuickLines, is_plain
from capaian.cli.tables.sinks import csv_text
from capaian.tables.columns import Columns
from capaian.tables.measuring import Measurer
from capaian.tables.settings import Settings
from capaian.tables.tally import Tally
from capaian.workbooks.plain_cells import inert
from capaian.workbooks.problems import CellProblem

PART: Final = 1 << 20
MOST_PART: Final = 1 << 24
WORTH_IT: Final = 8 << 20


class NotSplittable(Exception):
    """The file must be read in one piece."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a part became: output text, how many rows it had, and what was noticed."""

    text: bytes
    rows: int
    tally: Tally
    problems: list[CellProblem]


@dataclass(frozen=True, slots=True)
class Job:
    """What every process needs to know."""

    columns: Columns
    settings: Settings
    delimiter: str


class Worker:
    """Measures parts; what it has learnt about texts serves every part."""

    def __init__(self, job: Job) -> None:
        self.delimiter = job.delimiter
        self.measurer = Measurer(job.columns, job.settings)
        self.quick = QuickLines(self.measurer, job.delimiter)

    def measure(self, data: bytes) -> Part:
        """Measure one part; raise `NotSplittable` when it does not consist of whole rows."""
        self.measurer.start_over()
        try:
            text = data.decode("utf-8").replace("\r\n", "\n")
            out, rows = self.quick.measure(text) if is_plain(text, self.delimiter) else self._rows(text)
        except (UnicodeDecodeError, csv.Error) as error:
            raise NotSplittable from error
        return Part(out.encode(), rows, self.measurer.tally, self.measurer.problems)

    def _rows(self, text: str) -> tuple[str, int]:
        """Text with quotes, or with cells that need an apostrophe."""
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True))
        measured = self.measurer.measure(rows, 1)
        return csv_text(([inert(cell) for cell in row] for row in measured), self.delimiter), len(rows)


class _Process:
    """The worker of this process."""

    worker: Worker


def _begin(job: Job) -> None:
    # rows are made and dropped by the hundred thousand and never form cycles
    gc.disable()
    _Process.worker = Worker(job)


def _measure(data: bytes) -> Part:
    return _Process.worker.measure(data)


def processors() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measured_parts(path: Path, skip: int, job: Job) -> Iterator[tuple[Part, int]]:
    """The parts of the file below the first `skip` lines, in order, each with the bytes read so far."""
    workers = processors()
    if workers == 1 or path.stat().st_size < WORTH_IT:
        worker = Worker(job)
        with path.open("rb") as file:
            yield from ((worker.measure(data), done) for data, done in parts(file, skip))
    else:
        yield from _on_processors(path, skip, job, workers)


def _on_processors(path: Path, skip: int, job: Job, workers: int) -> Iterator[tuple[Part, int]]:
    """Parts measured at once, a few ahead of what is taken, so that memory stays flat."""
    waiting: deque[tuple[Future[Part], int]] = deque()
    with path.open("rb") as file, ProcessPoolExecutor(workers, initializer=_begin, initargs=(job,)) as pool:
        try:
            for data, done in parts(file, skip):
                waiting.append((pool.submit(_measure, data), done))
                while len(waiting) > 2 * workers:
                    future, at = waiting.popleft()
                    yield future.result(), at
            for future, at in waiting:
                yield future.result(), at
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def parts(file: IO[bytes], skip: int, size: int = PART) -> Iterator[tuple[bytes, int]]:
    """Pieces of whole rows below the first `skip` lines; raise `NotSplittable` when no end of a row is found."""
    for _ in range(skip):
        if file.readline().count(b'"') % 2:
            raise NotSplittable
    rest = b""
    while block := file.read(size):
        data = rest + block
        cut = _cut(data)
        if cut:
            yield data[:cut], file.tell()
        rest = data[cut:]
        if len(rest) > MOST_PART:
            raise NotSplittable
    if rest:
        yield rest, file.tell()


def _cut(data: bytes) -> int:
    """The place after the last newline with an even number of quotes before it; 0 when there is none."""
    place = data.rfind(b"\n")
    quotes = data.count(b'"', 0, max(place, 0))
    while place >= 0 and quotes % 2:
        above, place = place, data.rfind(b"\n", 0, place)
        quotes -= data.count(b'"', max(place, 0), above)
    return place + 1
