"""The SOP table's drawing: every line is whole from cell to cell, none hides another, pages take it up again."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capaian.reporting import chart_routes as ways
from capaian.reporting.chart import Chart, ChartStep, Reading, ReturnArrow, StatusLine, draw_chart
from capaian.reporting.chart_cells import Cell, Line, Symbol
from capaian.reporting.chart_pages import ChartPage, page_breaks, split_pages

COLUMNS = ("Kepala", "Sekretaris", "Bidang", "Tim SAKIP", "Staf")
HEAD, SECRETARY, UNIT, TEAM, STAFF = range(5)


def sop(lanes: Sequence[int], decision: int, back_to: Sequence[int], *, stacked: int = 0) -> list[ChartStep]:
    """Return steps 1…n; `decision` goes back to the first of `back_to` by default."""
    steps = []
    for number, lane in enumerate(lanes, start=1):
        kind = "start" if number == 1 else "end" if number == len(lanes) else "task"
        returns: tuple[ReturnArrow, ...] = ()
        if number == decision:
            kind = "decision"
            returns = tuple(ReturnArrow(str(target), is_default=target == back_to[0]) for target in back_to)
        steps.append(
            ChartStep(str(number), str(number), f"Langkah {number}", (lane,), kind, number == stacked, returns)
        )
    return steps


SOP_A = sop(
    [HEAD, SECRETARY, TEAM, TEAM, TEAM, TEAM, UNIT, TEAM, TEAM, SECRETARY, SECRETARY, TEAM], 10, [8, 7, 9], stacked=7
)
SOP_B = sop([HEAD, SECRETARY, TEAM, TEAM, TEAM, TEAM, TEAM, SECRETARY, SECRETARY, TEAM], 8, [6, 5, 7])


def loose_ends(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, tuple[int, int]]]:
    """Return (path, point) for each end of a line that neither goes on in the next piece nor meets a symbol."""
    ends: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    symbols = []
    for row, cells in enumerate(rows):
        for lane, cell in enumerate(cells):
            symbols += [(lane * 100 + symbol.x, row * 100 + 50) for symbol in cell.symbols]
            for line in cell.lines:
                ends[line.path][lane * 100 + line.x1, row * 100 + line.y1] += 1
                ends[line.path][lane * 100 + line.x2, row * 100 + line.y2] += 1
    return [
        (path, point)
        for path, points in ends.items()
        for point, count in points.items()
        if count == 1 and not any(abs(point[0] - x) <= 1 and abs(point[1] - y) <= 10 for x, y in symbols)
    ]


def cells_of(chart: Chart) -> list[tuple[Cell, ...]]:
    """Return the cells of all rows."""
    return [row.cells for row in chart.rows]


def page_cells(page: ChartPage) -> list[tuple[Cell, ...]]:
    """Return the cells of a page from head to foot, connectors included."""
    return [*(row.cells for row in page.top), *(row.cells for row in page.rows), *(row.cells for row in page.bottom)]


def covered(paths: Sequence[ways.Path]) -> list[tuple[int, int]]:
    """Return pairs of paths that run on top of each other."""
    return [
        (first, second)
        for second, there in enumerate(paths)
        for first, here in enumerate(paths[:second])
        if any(ways.cover(one, other) for one in ways.segments(here) for other in ways.segments(there))
    ]


@pytest.mark.parametrize("steps", [SOP_A, SOP_B], ids=["A", "B"])
def test_both_sops_are_drawn_whole(steps: list[ChartStep]) -> None:
    chart = draw_chart(COLUMNS, steps)

    assert loose_ends(cells_of(chart)) == []
    assert covered(chart.paths) == []
    assert len([path for path in chart.paths if not path.is_return]) == len(steps) - 1
    assert [(path.source, path.target) for path in chart.paths if path.is_return] == [
        (9, 7) if steps is SOP_A else (7, 5)
    ]
    assert [symbol.shape for row in chart.rows for cell in row.cells for symbol in cell.symbols] == [
        step.shape for step in steps
    ]


def test_forward_arrows_leave_below_and_enter_above() -> None:
    chart = draw_chart(COLUMNS, SOP_A)

    assert chart.rows[0].cells[HEAD].lines == (Line(50, 50, 50, 100, "ahead", 0),)
    assert chart.rows[1].cells[HEAD].lines == (Line(50, 0, 50, 12, "ahead", 0), Line(50, 12, 100, 12, "ahead", 0))
    into = chart.rows[1].cells[SECRETARY]
    assert into.lines[:2] == (Line(0, 12, 50, 12, "ahead", 0), Line(50, 12, 50, 50, "ahead", 0))
    assert [(head.heading, head.x, head.y, head.dx, head.dy) for head in into.heads] == [("down", 50, 50, 0, -13)]


def test_return_arrow_climbs_in_the_gutter_and_enters_from_the_side() -> None:
    chart = draw_chart(COLUMNS, SOP_A)
    back = next(path for path in chart.paths if path.is_return)

    assert back.points == ((150, 950), (391, 950), (391, 750), (350, 750))
    assert [head.heading for head in chart.rows[7].cells[TEAM].heads] == ["down", "left"]
    labels = {label.text: (label.dx, label.anchor) for label in chart.rows[9].cells[SECRETARY].labels}
    assert labels == {"Tidak": (11, "start"), "Ya": (5, "start")}


def test_only_the_default_return_is_drawn_and_the_others_are_said() -> None:
    chart = draw_chart(COLUMNS, SOP_A)

    assert chart.rows[9].also_text == "Tidak juga dapat ke langkah 7 dan 9"
    assert chart.rows[9].flow_text == "Bila Ya ke langkah 11; bila Tidak kembali ke langkah 8."
    assert chart.rows[0].flow_text == "Berikutnya langkah 2."
    assert chart.rows[11].flow_text == "Langkah terakhir."
    assert [row.also_text for row in chart.rows if row.also_text] == ["Tidak juga dapat ke langkah 7 dan 9"]


def test_a_way_already_gone_is_past() -> None:
    states = ["done"] * 6 + ["now"] + ["future"] * 5
    chart = draw_chart(COLUMNS, [replace(step, state=state) for step, state in zip(SOP_A, states, strict=True)])

    trails = [chart.rows[row].cells[lane].heads[0].trail for row, lane in ((1, SECRETARY), (6, UNIT), (7, TEAM))]
    assert trails == ["past", "past", "ahead"]
    assert [row.is_current for row in chart.rows].index(True) == 6
    assert chart.rows[6].cells[UNIT].symbols == (Symbol("stack", "Bidang: kegiatan tiap unit, sedang berjalan", "now"),)


def test_people_who_do_a_step_together_are_joined() -> None:
    steps = [ChartStep("1", "1", "Perintah", (HEAD,), "start"), ChartStep("2", "2", "Rapat", (SECRETARY, TEAM), "end")]
    chart = draw_chart(COLUMNS, steps)

    assert loose_ends(cells_of(chart)) == []
    assert [bool(cell.symbols) for cell in chart.rows[1].cells] == [False, True, False, True, False]
    assert chart.rows[1].cells[UNIT].lines == (Line(0, 50, 100, 50, "ahead", 1),)
    assert chart.rows[1].performers == "Sekretaris dan Tim SAKIP"


def test_return_arrows_to_one_step_do_not_hide_each_other() -> None:
    lanes = [HEAD, TEAM, SECRETARY, UNIT, TEAM, STAFF]
    steps = sop(lanes, 3, [2])
    for number in (4, 5):
        steps[number - 1] = replace(steps[number - 1], kind="decision", returns=(ReturnArrow("2", is_default=True),))
    chart = draw_chart(COLUMNS, steps)

    assert [(path.source, path.target) for path in chart.paths if path.is_return] == [(2, 1), (3, 1), (4, 1)]
    assert covered(chart.paths) == []
    assert loose_ends(cells_of(chart)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"lanes": ()},
        {"lanes": (5,)},
        {"lanes": (1, 1)},
        {"kind": "loop"},
        {"state": "late"},
        {"returns": (ReturnArrow("99"),)},
    ],
)
def test_a_step_that_fits_no_column_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw_chart(COLUMNS, [replace(SOP_A[0], **wrong)])  # type: ignore[arg-type]


def test_the_checks_find_a_cut_line_and_a_hidden_one() -> None:
    chart = draw_chart(COLUMNS, SOP_A)
    cells = cells_of(chart)
    whole = cells[8][TEAM]
    cells[8] = (*cells[8][:TEAM], replace(whole, lines=whole.lines[1:]), *cells[8][TEAM + 1 :])

    assert loose_ends(cells) != []
    assert covered([*chart.paths, chart.paths[0]]) == [(0, len(chart.paths))]


@st.composite
def tables(draw: st.DrawFn) -> list[ChartStep]:
    """Any table: lanes, joint steps, decisions and tasks that go back anywhere above."""
    count = draw(st.integers(2, 14))
    steps = []
    for number in range(1, count + 1):
        lanes = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True))
        kind = "start" if number == 1 else "end" if number == count else draw(st.sampled_from(["task", "decision"]))
        targets = draw(st.lists(st.integers(1, number - 1), max_size=2, unique=True)) if 1 < number < count else []
        returns = tuple(ReturnArrow(str(target), is_default=place == 0) for place, target in enumerate(targets))
        steps.append(ChartStep(str(number), str(number), "x", tuple(lanes), kind, draw(st.booleans()), returns))
    return steps


def letters(cells: Iterable[Sequence[Cell]]) -> list[str]:
    """Return the letters of all pentagons."""
    return [symbol.text for row in cells for cell in row for symbol in cell.symbols if symbol.shape == "pentagon"]


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(1, 7))
def test_any_table_is_drawn_whole_on_screen_and_on_pages(steps: list[ChartStep], rows_per_page: int) -> None:
    chart = draw_chart(COLUMNS, steps)
    pages = split_pages(chart, rows_per_page)

    assert loose_ends(cells_of(chart)) == []
    assert covered(chart.paths) == []
    drawn = {(path.source, path.target) for path in chart.paths if path.is_return}
    for index, row in enumerate(chart.rows):
        target = row.step.drawn_return
        if target and (index, int(target.target_key) - 1) not in drawn:
            assert target.target_key in row.also_text
    assert [row.step for page in pages for row in page.rows] == steps
    assert max(len(page.rows) for page in pages) <= rows_per_page
    for page, following in pairwise(pages):
        assert sorted(letters(row.cells for row in page.bottom)) == sorted(letters(row.cells for row in following.top))
    every = letters(row.cells for page in pages for row in page.bottom)
    assert len(every) == len(set(every))
    for page in pages:
        assert loose_ends(page_cells(page)) == []


def test_pages_are_balanced() -> None:
    assert page_breaks(12, 7) == [0, 6, 12]
    assert page_breaks(10, 6) == [0, 5, 10]
    assert page_breaks(13, 6) == [0, 4, 8, 13]
    assert page_breaks(6, 6) == [0, 6]


def test_a_page_break_takes_up_forward_and_return_arrows() -> None:
    first, second, third = split_pages(draw_chart(COLUMNS, SOP_A), 4)

    assert [row.text for row in first.bottom] == ["Ke halaman 2: A"]
    assert [row.text for row in second.top] == ["Dari halaman 1: A"]
    assert [row.text for row in second.bottom] == ["Ke halaman 3: B, C"]
    assert [row.text for row in third.top] == ["Dari halaman 2: B, C"]
    assert [(page.is_last, len(page.rows)) for page in (first, second, third)] == [(False, 4), (False, 4), (True, 4)]
    forward, back = second.bottom[0].cells[TEAM].symbols
    assert (forward.text, forward.x, back.text, back.x) == ("B", 50, "C", 78)
    assert [head.heading for head in second.bottom[0].cells[TEAM].heads] == ["down"]
    assert [head.heading for head in third.top[0].cells[TEAM].heads] == ["up"]


def test_a_short_table_needs_one_page_and_no_connector() -> None:
    (page,) = split_pages(draw_chart(COLUMNS, SOP_A[:1]), 6)

    assert (page.top, page.bottom, page.is_last) == ((), (), True)


def test_what_the_table_knows_for_its_legend() -> None:
    plain = draw_chart(COLUMNS, SOP_B)
    marked = draw_chart(COLUMNS, [replace(SOP_B[0], readings=(Reading("waktu", "30 menit"),)), *SOP_B[1:]])

    assert (plain.has_stack, plain.has_readings) == (False, False)
    assert (draw_chart(COLUMNS, SOP_A).has_stack, marked.has_readings) == (True, True)
    assert replace(SOP_A[0], status_lines=(StatusLine("success", "Selesai"),)).shape == "capsule"
