"""Charts: well-formed, escaped, within their place, without styles that the policy refuses, and fit for paper."""

from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.documents.render import render
from capaian.documents.snapshot import WrongShape, check
from capaian.measurement.charts import achievement_bars, chart_block
from capaian.measurement.drawing import COLOURS, TRACK, WIDTH, Bar, BarRow, Bars, Point, Trend, svg
from capaian.measurement.measuring import measurement_of
from capaian.measurement.recap import Line, recap
from capaian.planning.models import Card
from tests.documents.papers import HOSTILE, a_context
from tests.measurement.snapshots import snapshot

SVG = "{http://www.w3.org/2000/svg}"
EVIL = f'<script>alert(1)</script> "&" {HOSTILE}'
NUMBERS = st.decimals(-(10**12), 10**12, places=3)


def drawn(option: Bars | Trend) -> ET.Element:
    root = ET.fromstring(svg(option))
    assert not [each for each in root.iter() if each.get("style") or each.tag in (f"{SVG}script", f"{SVG}style")]
    return root


def lengths(root: ET.Element) -> list[int]:
    """Return the lengths of the coloured bars."""
    bars = [each for each in root.iter(f"{SVG}rect") if each.get("fill") in COLOURS.values()]
    return [int(each.get("width", "")) for each in bars]


def test_bars_are_as_long_as_their_figures() -> None:
    values = (Decimal(0), Decimal(60), Decimal(120), Decimal(-5))
    assert lengths(drawn(Bars("x", [BarRow("a", [Bar(each, "") for each in values])]))) == [0, TRACK // 2, TRACK, 0]
    assert lengths(drawn(Bars("x", [BarRow("a", [Bar(Decimal(240), ""), Bar(Decimal(120), "")])]))) == [
        TRACK,
        TRACK // 2,
    ]


def test_a_missing_figure_draws_no_bar_and_says_so() -> None:
    root = drawn(Bars("x", [BarRow("a", [Bar(None, "belum ada nilai")])]))
    assert lengths(root) == []
    assert "belum ada nilai" in "".join(root.itertext())


def test_texts_are_escaped() -> None:
    root = drawn(Bars(EVIL, [BarRow("pendek <b>", [Bar(Decimal(1), EVIL, "info", EVIL)])]))
    assert root.findtext(f"{SVG}title") == EVIL
    assert "pendek <b>" in "".join(root.itertext())
    assert EVIL in "".join(drawn(Trend(EVIL, [Point(EVIL, Decimal(1), EVIL, None)])).itertext())


@given(st.lists(st.tuples(st.none() | NUMBERS, st.none() | NUMBERS), max_size=14))
def test_a_trend_stays_within_its_place(values: list[tuple[Decimal | None, Decimal | None]]) -> None:
    points = [Point(str(place), actual, str(actual), target) for place, (actual, target) in enumerate(values)]
    root = drawn(Trend("x", points))
    height = int(root.get("viewBox", "").split()[3])
    spots = [(int(each.get("cx", "")), int(each.get("cy", ""))) for each in root.iter(f"{SVG}circle")]
    assert all(0 <= x <= WIDTH and 0 <= y <= height for x, y in spots)
    assert len(spots) == sum(actual is not None for actual, _ in values) + 1  # and the legend's


def test_higher_figures_stand_higher_and_short_ones_are_written_below() -> None:
    points = [Point("1", Decimal(1), "satu", Decimal(2)), Point("2", Fraction(7, 3), "dua", Decimal(2))]
    root = drawn(Trend("x", points))
    first, second = [int(each.get("cy", "")) for each in root.iter(f"{SVG}circle")][:2]
    assert first > second
    at = {each.text: int(each.get("y", "")) for each in root.iter(f"{SVG}text")}
    assert at["satu"] > first
    assert at["dua"] < second


def some_lines() -> list[Line]:
    rows = []
    for place, (target, actual) in enumerate((("80", "72"), ("80", None), ("10", "20"))):
        node = {"key": f"n{place}", "level": "objective", "code": "", "text": f"Sasaran {place} {EVIL}"}
        rows.append(Line(measurement_of(Card(), snapshot([target], [actual], node=node), place)))
    return rows


def test_page_and_paper_share_one_drawing() -> None:
    levels = recap(some_lines())
    (block,) = chart_block(levels)
    assert block["svgs"] == [svg(achievement_bars("Sasaran", levels[0].nodes))]
    assert chart_block([]) == []
    texts = "".join(drawn(achievement_bars("Sasaran", levels[0].nodes)).itertext())
    assert "90,00 Tinggi" in texts
    assert "belum ada nilai" in texts
    content = render("sheet", a_context(blocks=[block]))
    assert content.startswith(b"%PDF")
    assert len(content) > len(render("sheet", a_context(blocks=[])))


def test_a_drawing_without_its_text_is_no_block() -> None:
    (block,) = chart_block(recap(some_lines()))
    with pytest.raises(WrongShape, match="drawings"):
        check(a_context(blocks=[{**block, "items": []}]))
