"""One run over one table: open, work, write beside the target, put it in place, close with a summary."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from capaian.cli.tables import parallel
from capaian.cli.tables.sinks import CsvSink, JsonSink, Sink, TableSink, XlsxSink, csv_text
from capaian.tables.columns import Columns
from capaian.tables.opening import find_headings, open_source
from capaian.tables.settings import Settings
from capaian.tables.sources import Source
from capaian.tables.tally import Tally
from capaian.workbooks.csv_source import CsvSource
from capaian.workbooks.plain_cells import inert
from capaian.workbooks.problems import CellProblem, UnreadableTable, unreadable_cells

ENDINGS: Final = (".csv", ".xlsx", ".json")
LONG_INPUT: Final = 2 << 20
ENOUGH_PROBLEMS: Final = 1000
UNREADABLE: Final = 2


class Work(Protocol):
    """What is done with rows: adds cells behind them, keeps the tally and the cells that could not be read."""

    @property
    def tally(self) -> Tally:
        """The closing figures."""

    @property
    def problems(self) -> list[CellProblem]:
        """The cells that could not be read."""

    def measure(self, rows: list[list[str]], first: int) -> list[list[str]]:
        """The rows with the added cells; `first` is the number of the first row."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: input, output (None = terminal), and what to do with the rows."""

    source: Path
    output: Path | None
    settings: Settings
    needed: Sequence[str]
    added: Sequence[str]
    work: Callable[[Columns, Settings], Work]
    closing_lines: Callable[[Any], list[str]]
    in_parts: bool = False


def run(plan: Plan) -> int:
    """Do it; 0, or 2 after the sentences that say what could not be read or written."""
    try:
        print("\n".join(_run(plan)), flush=True)
    except UnreadableTable as refused:
        print("\n".join(refused.lines), file=sys.stderr)
        return UNREADABLE
    except BrokenPipeError:
        hang_up()
    except OSError as error:
        print(f"{error.filename or plan.output}: {error.strerror}. Tidak ada yang ditulis.", file=sys.stderr)
        return UNREADABLE
    return 0


def hang_up() -> None:
    """Whoever read the output (`| head`) has seen enough: let what is left go nowhere."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _run(plan: Plan) -> list[str]:
    _check_output(plan)
    with closing(open_source(plan.source, plan.settings)) as source:
        number, columns = find_headings(source, plan.source.name, plan.needed, plan.added)
        with _in_place(plan.output) as path:
            work = _parts(plan, source, columns, number, path) if _in_lines(plan, source) else None
            if work is None:
                work = _rows(plan, source, columns, path)
        remarks = source.notes.remarks
    return [*([""] if plan.output is None else []), *plan.closing_lines(work), *remarks]


def _check_output(plan: Plan) -> None:
    output = plan.output
    if output is None:
        return
    if output.suffix.lower() not in ENDINGS:
        raise UnreadableTable(f"Akhiran keluaran {output.name} harus .csv, .xlsx, atau .json.")
    if not output.parent.is_dir():
        raise UnreadableTable(f"Folder {output.parent} tidak ada. Buat dahulu foldernya.")
    if output.exists() and plan.source.exists() and output.samefile(plan.source):
        raise UnreadableTable("Keluaran sama dengan masukan. Pilih nama lain.")


@contextmanager
def _in_place(output: Path | None) -> Iterator[Path | None]:
    """A path beside the output that becomes the output when everything went well, and vanishes when not."""
    if output is None:
        yield None
        return
    beside = output.with_name(f".{output.stem}.{os.getpid()}{output.suffix}")
    try:
        yield beside
        beside.replace(output)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _sink(plan: Plan, source: Source, path: Path | None) -> Sink:
    if path is None:
        return TableSink()
    match path.suffix.lower():
        case ".json":
            return JsonSink(path)
        case ".xlsx":
            return XlsxSink(path, plan.settings.decimal)
        case _:
            delimiter = ";" if plan.settings.decimal == "," else ","
            return CsvSink(path, getattr(source, "delimiter", delimiter), bom=getattr(source, "has_bom", False))


def _rows(plan: Plan, source: Source, columns: Columns, path: Path | None) -> Work:
    """In one piece: every kind of input and output."""
    work, sink = plan.work(columns, plan.settings), _sink(plan, source, path)
    try:
        sink.begin(columns, plan.added)
        with progress(source.size) as show:
            for first, rows in source.batches():
                measured = work.measure(rows, first)
                if not work.problems:
                    sink.rows(measured)
                elif len(work.problems) >= ENOUGH_PROBLEMS:
                    break
                show(source.done)
        _refuse([*work.problems, *_known(source.notes.problems, columns)])
        sink.finish()
    finally:
        sink.close()
    return work


def _in_lines(plan: Plan, source: Source) -> bool:
    """Whether rows go from CSV to CSV and do not depend on each other."""
    to_csv = plan.output is not None and plan.output.suffix.lower() == ".csv"
    return plan.in_parts and to_csv and isinstance(source, CsvSource)


def _parts(plan: Plan, source: Source, columns: Columns, number: int, path: Path | None) -> Work | None:
    """CSV to CSV on all processors; None when the file must be read in one piece."""
    if path is None or not isinstance(source, CsvSource):
        return None
    work = plan.work(columns, plan.settings)
    job = parallel.Job(columns, plan.settings, source.delimiter)
    row = number + 1
    try:
        with path.open("wb") as out, progress(source.size) as show:
            head = csv_text([[inert(heading) for heading in (*columns.headings, *plan.added)]], source.delimiter)
            out.write(head.encode("utf-8-sig" if source.has_bom else "utf-8"))
            for part, done in parallel.measured_parts(plan.source, source.lines, job):
                out.write(part.text)
                work.tally.add(part.tally)
                work.problems.extend(each.below(row - 1) for each in part.problems)
                row += part.rows
                show(done)
                if len(work.problems) >= ENOUGH_PROBLEMS:
                    break
    except parallel.NotSplittable:
        return None
    _refuse(work.problems)
    return work


def _known(problems: Sequence[CellProblem], columns: Columns) -> list[CellProblem]:
    """Problems of the source that lie in columns which are computed with."""
    known = {place + 1 for place in columns.places.values()}
    return [problem for problem in problems if problem.column in known]


def _refuse(problems: Sequence[CellProblem]) -> None:
    if problems:
        raise unreadable_cells(problems, len(problems), more=len(problems) >= ENOUGH_PROBLEMS)


@contextmanager
def progress(size: int) -> Iterator[Callable[[int], object]]:
    """A bar on standard error for long inputs on a terminal; gives the function that moves it to a byte."""
    if size < LONG_INPUT or not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=size, unit="B", unit_scale=True, leave=False, desc="Mengukur") as bar:
        yield lambda done: bar.update(done - bar.n)
