"""The quick path, the exact path, and the cutting into parts give the same answer."""

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.cli.tables import parallel, running
from capaian.cli.tables.parallel import Job, NotSplittable, Worker, parts
from capaian.cli.tables.quick import is_plain
from capaian.cli.tables.sinks import csv_text
from capaian.formulas.shipped_scales import KEMENKEU
from capaian.tables import measuring
from capaian.tables.columns import Columns, read_headings
from capaian.tables.measuring import Measurer
from capaian.tables.settings import Settings
from capaian.workbooks.plain_cells import inert
from capaian.workbooks.problems import address
from tests.cli.tables import rows_of, run

HEADINGS = ["indicator", "unit", "polarity", "target", "actual", "weight", "tolerance"]
COLUMNS = read_headings(HEADINGS, 1, (), ())
SETTINGS = [Settings(), Settings(decimal="."), Settings(ratio=True, cap=None), Settings(scale=KEMENKEU)]
POLARITIES = [
    "",
    "maximize",
    "minimize",
    "minimize_ratio",
    "stabilize",
    "Semakin rendah semakin baik",
    "predikat",
    "tonggak",
]


def number(source: random.Random, mark: str) -> str:
    """A number as people write it, sometimes none, sometimes wrong."""
    kind = source.randrange(12)
    whole = str(source.choice([0, source.randint(0, 200), source.randint(0, 10**9)]))
    grouped = f"{int(whole):,}".replace(",", "." if mark == "," else ",")
    places = source.randint(1, 8)
    parted = f"{mark}{source.randrange(10**places):0{places}d}"
    return [
        whole, whole, whole + parted, whole + parted, grouped, grouped + parted, f"-{whole}",
        "", f"{whole}%", f" {whole}",
        source.choice(["BB", "x", "n/a", "ya", "1e3", "\u0661", "1" * 16, "0" + mark + "5", mark + "5",
        "5" + mark]), whole + mark + "5",
    ][kind]  # fmt: skip


def table(seed: int, mark: str, rows: int) -> list[list[str]]:
    source = random.Random(seed)
    return [
        ["x", "%", source.choice(POLARITIES), number(source, mark), number(source, mark), source.choice(["", "1",
        "2,5".replace(",", mark)]),
         source.choice(["", "", "", "5"])]
        for _ in range(rows)
    ]  # fmt: skip


def both_paths(settings: Settings, rows: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> tuple[Measurer, Measurer]:
    quick = Measurer(COLUMNS, settings)
    quick_rows = quick.measure([list(row) for row in rows], 2)
    with monkeypatch.context() as patched:
        patched.setattr(Measurer, "learn", lambda _self, _text: measuring.NOT_PLAIN)
        exact = Measurer(COLUMNS, settings)
        exact.plain.clear()
        exact_rows = exact.measure([list(row) for row in rows], 2)
    assert quick_rows == exact_rows
    return quick, exact


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_quick_path_is_the_exact_path(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(1, settings.decimal, 1500)
    quick, exact = both_paths(settings, rows, monkeypatch)
    assert quick.problems == exact.problems
    assert quick.tally == exact.tally
    assert quick.tally.mean == exact.tally.mean
    assert quick.tally.measured > 500
    assert len(quick.problems) > 50


def test_the_exact_path_alone_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a quick path that cuts instead of rounding differs from the exact one."""
    monkeypatch.setattr(measuring, "HALF_CENT", 0)
    with pytest.raises(AssertionError):
        both_paths(Settings(), table(1, ",", 500), monkeypatch)


def test_caches_forget_without_forgetting_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(2, ",", 1000)
    before = Measurer(COLUMNS, Settings()).measure([list(row) for row in rows], 2)
    monkeypatch.setattr(measuring, "MOST_KEPT", 3)
    assert Measurer(COLUMNS, Settings()).measure([list(row) for row in rows], 2) == before


def test_a_table_needs_target_and_actual() -> None:
    with pytest.raises(ValueError, match="target"):
        Measurer(Columns(("x",), {}), Settings()).measure([["1"]], 2)


def in_lines(
    settings: Settings, rows: list[list[str]], delimiter: str, columns: Columns
) -> tuple[str, str, Worker, Measurer]:
    """The same rows as a part of lines and as rows of the measurer: both texts, and who made them."""
    worker, measurer = Worker(Job(columns, settings, delimiter)), Measurer(columns, settings)
    part = worker.measure(csv_text(rows, delimiter).encode())
    measured = measurer.measure([list(row) for row in rows], 1)
    assert (part.rows, part.tally, part.problems) == (len(rows), measurer.tally, measurer.problems)
    return (
        part.text.decode(),
        csv_text(([inert(cell) for cell in row] for row in measured), delimiter),
        worker,
        measurer,
    )


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("settings", SETTINGS)
def test_lines_give_what_rows_give(settings: Settings, delimiter: str) -> None:
    for seed, size in ((21, 1000), (22, 1), (23, 50)):
        quick, slow, _, _ = in_lines(settings, table(seed, settings.decimal, size), delimiter, COLUMNS)
        assert quick == slow
    bare = read_headings(["target", "realisasi"], 1, (), ())
    rows = [row[3:5] for row in table(24, settings.decimal, 500)]
    quick, slow, _, _ = in_lines(settings, rows, delimiter, bare)
    assert quick == slow


def plain_table(mark: str, rows: int) -> list[list[str]]:
    """Only what the quickest path answers itself: plain numbers, blank actuals, negative achievements."""
    source = random.Random(31)
    numbers = [f"{source.randint(0, 400)}{mark}{source.randint(0, 99):02d}" for _ in range(rows)]
    plain = ["", "maximize", "minimize", "minimize_ratio", "stabilize"]
    return [
        ["x", "%", source.choice(plain), f"{source.randint(1, 300)}", source.choice([number, number, ""]), "3", ""]
        for number in numbers
    ]


@pytest.mark.parametrize("settings", SETTINGS)
def test_plain_lines_never_reach_the_measurer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for row in plain_table(settings.decimal, 3000) if row[4].strip("0,.") or row[2] != "minimize_ratio"]
    quick, slow, _, _ = in_lines(settings, rows, ";", COLUMNS)
    assert quick == slow
    worker = Worker(Job(COLUMNS, settings, ";"))
    monkeypatch.setattr(Measurer, "measure", lambda *_: pytest.fail("the quickest path gave a row away"))
    if not settings.ratio:
        assert worker.measure(csv_text(rows, ";").encode()).text.decode() == slow


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a;1\n", True), ('a;"1"\n', False), ("a;1\r\n", False), ("=a;1\n", False), ("a;=1\n", False),
        ("b;1\n=a;1\n", False),
        ("a;-1\n", True), ("-1;a\n", True), ("a;-1,5\n", True), ("a;-\n", True), ("a;-x\n", False),
        ("a;-1+cmd\n", False),
        ("+62;a\n", True), ("+x;a\n", False), ("a;@x\n", False), ("a@x;1\n", True), ("a;\tx\n", False),
        ("a=b;1-2\n", True),
        ("a;\uff1dx\n", False), ("b;1\n-x;1\n", False),
    ],
)  # fmt: skip
def test_which_parts_are_plain(text: str, *, plain: bool) -> None:
    assert is_plain(text, ";") is plain


def as_bytes(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


CELLS = st.text(alphabet='ab;,"\n\r=é 1', max_size=6)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=30), st.integers(1, 40))
def test_parts_are_whole_rows_and_lose_nothing(rows: list[list[str]], size: int) -> None:
    data = as_bytes(rows)
    pieces = [piece for piece, _ in parts(io.BytesIO(data), 0, size)]
    assert b"".join(pieces) == data
    read = [
        row
        for piece in pieces
        for row in csv.reader(io.StringIO(piece.decode(), newline=""), delimiter=";", strict=True)
    ]
    assert read == list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=";", strict=True))


@pytest.mark.parametrize("data", [b'1;1;"a\n', b"1;1;\xff\n", b'"1"x;1;a\n'])
def test_parts_that_are_not_whole_rows_are_left_to_the_reading_in_one_piece(data: bytes) -> None:
    worker = Worker(Job(read_headings(["target", "actual", "x"], 1, (), ()), Settings(), ";"))
    with pytest.raises(NotSplittable):
        worker.measure(data)


def test_a_heading_over_several_lines_is_left_to_the_reading_in_one_piece() -> None:
    with pytest.raises(NotSplittable):
        list(parts(io.BytesIO(b'a;"b\nc"\n1;2\n'), 1))


def test_an_endless_quote_is_left_to_the_reading_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "MOST_PART", 100)
    with pytest.raises(NotSplittable):
        list(parts(io.BytesIO(b'"' + b"x\n" * 100), 0, 10))


def write_large(path: Path, rows: list[list[str]], *, bom: bool = False) -> Path:
    head = ("\ufeff" if bom else "").encode() + b"\n" + ";".join(HEADINGS).encode() + b"\n"
    path.write_bytes(head + as_bytes(rows))
    return path


def outputs(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[bytes], list[int]]:
    """The output in one piece, in parts one after the other, and in parts on all processors."""
    made, codes = [], []
    monkeypatch.setattr(parallel, "processors", lambda: 2)
    for in_lines, worth, name in ((False, 0, "whole.csv"), (True, 1 << 40, "lines.csv"), (True, 0, "parts.csv")):
        monkeypatch.setattr(running, "_in_lines", lambda *_, wanted=in_lines: wanted)
        monkeypatch.setattr(parallel, "WORTH_IT", worth)
        codes.append(run("measure", source, "--output", tmp_path / name))
        made.append((tmp_path / name).read_bytes() if (tmp_path / name).exists() else b"")
    return made, codes


def good_rows(count: int) -> list[list[str]]:
    source = random.Random(3)
    rows = []
    for _ in range(count):
        name = source.choice(["x", 'kutip "dalam" teks', "baris\nbaru", "=rumus", "é"])
        polarity = source.choice(["", "minimize", "stabilize"])
        actual = source.choice(["", f"{source.randint(0, 900)},{source.randint(0, 99):02d}"])
        rows.append([name, "%", polarity, str(source.randint(1, 500)), actual, "", ""])
    return rows


@pytest.mark.parametrize("bom", [True, False])
def test_in_parts_and_in_one_piece_the_same_file_comes_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, bom: bool
) -> None:
    monkeypatch.setattr(parallel, "PART", 5000)
    rows = [*good_rows(2000), ["", "", "", "", "", "", ""], *good_rows(10)]
    (whole, lines, pieces), codes = outputs(tmp_path, write_large(tmp_path / "in.csv", rows, bom=bom), monkeypatch)
    assert codes == [0, 0, 0]
    assert whole == lines == pieces
    assert whole.startswith(b"\xef\xbb\xbf") is bom
    assert len(rows_of(tmp_path / "parts.csv")) == 2010
    said = capsys.readouterr().out
    third = len(said) // 3
    assert said[:third] == said[third : 2 * third] == said[2 * third :]


def test_in_parts_the_same_cells_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "PART", 5000)
    rows = good_rows(2000)
    for place in (5, 700, 1999):
        rows[place][3] = "x"
    made, codes = outputs(tmp_path, write_large(tmp_path / "in.csv", rows), monkeypatch)
    assert (made, codes) == ([b""] * 3, [2] * 3)
    said = capsys.readouterr().err
    third = len(said) // 3
    assert said[:third] == said[third : 2 * third] == said[2 * third :]
    assert [line.split(" ")[0] for line in said.splitlines()[1:4]] == ["D8", "D703", "D2002"]
    assert not list(tmp_path.glob(".*"))


def test_a_stray_quote_is_read_in_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote inside a cell that is not quoted is only a character, but moves every place to cut."""
    monkeypatch.setattr(parallel, "PART", 500)
    monkeypatch.setattr(parallel, "MOST_PART", 2000)
    source = tmp_path / "in.csv"
    cells = [f'pipa 5" ke-{line};cm;;{line + 1};{line}' for line in range(300)]
    source.write_text(
        "\n".join(["indicator;unit;polarity;target;actual", *cells, '"baris\nbaru";;;5;5', *cells[:50]]) + "\n"
    )
    (whole, lines, pieces), codes = outputs(tmp_path, source, monkeypatch)
    assert codes == [0, 0, 0]
    assert whole == lines == pieces
    assert len(rows_of(tmp_path / "parts.csv")) == 351


def test_addresses_are_those_of_a_spreadsheet() -> None:
    assert [address(1, column) for column in (1, 26, 27, 52, 703, 16384)] == ["A1", "Z1", "AA1", "AZ1", "AAA1", "XFD1"]


def test_a_bar_is_shown_only_for_long_input_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with running.progress(10) as show:
        show(5)
    assert terminal.getvalue() == ""
    with running.progress(running.LONG_INPUT) as show:
        show(running.LONG_INPUT)
    assert "Mengukur" in terminal.getvalue()
