"""Charts as SVG from one option, the same on a page and on a paper: bars, pairs of bars, a line with its target.

Drawn to be read on a phone: a name stands above its bar, a word beside every colour. Whole numbers only.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from xml.sax.saxutils import escape

from capaian.formulas.rounding import Exact, half_up, quotient

WIDTH: Final = 380
TRACK: Final = 232
LINE: Final = 15
BAR: Final = 14
LETTERS: Final = 54
MOST_LINES: Final = 3
FULL: Final = 100
INK, FAINT, TRACK_COLOUR, TARGET_COLOUR = "#172331", "#5b6876", "#e9edf2", "#5a3a86"
COLOURS: Final = {
    "success": "#2b8a4b", "info": "#0b5cad", "warning": "#d9700b", "danger": "#c62828", "neutral": "#8a97a6",
}  # fmt: skip
TOP, BOTTOM, LEFT, RIGHT = 26, 190, 12, 368
ALL_LABELS: Final = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its length in percent (None: no number), the figure as written, and a word beside the colour."""

    value: Exact | None
    text: str
    tone: str = "info"
    word: str = ""


@dataclass(frozen=True, slots=True)
class BarRow:
    """One or two bars below a name."""

    name: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Bars:
    """Achievements in percent, each with a mark at 100."""

    title: str
    rows: Sequence[BarRow]


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a trend: what was brought and what was promised, None where there is nothing."""

    label: str
    actual: Exact | None
    actual_text: str
    target: Exact | None

    @property
    def is_short(self) -> bool:
        """Whether less was brought than promised: its figure then stands below the lines."""
        if self.actual is None or self.target is None:
            return False
        return Fraction(*quotient(self.actual)) < Fraction(*quotient(self.target))


@dataclass(frozen=True, slots=True)
class Trend:
    """Actuals over time with the line of their targets."""

    title: str
    points: Sequence[Point]


Option = Bars | Trend


def svg(option: Option) -> str:
    """Return the drawing of an option; its title is what a screen reader says."""
    body, height = _bars(option) if isinstance(option, Bars) else _trend(option)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
    return (
        f'{opening} font-family="Arimo, sans-serif" font-size="13" fill="{INK}">'
        f"<title>{escape(option.title)}</title>{body}</svg>"
    )


def _text(x: int, y: int, said: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}"{more}>{escape(said)}</text>'


def _along(value: Exact, most: Fraction, length: int) -> int:
    """Return how far a value lies on a length, never outside."""
    numerator, denominator = quotient(Fraction(*quotient(value)) / most * length)
    return min(max(half_up(numerator, denominator, 0), 0), length)


def _bars(option: Bars) -> tuple[str, int]:
    values = [Fraction(*quotient(bar.value)) for row in option.rows for bar in row.bars if bar.value is not None]
    most = max([Fraction(120), *values])
    mark = _along(FULL, most, TRACK)
    parts: list[str] = []
    y = 4
    for row in option.rows:
        lines = textwrap.wrap(row.name, LETTERS, max_lines=MOST_LINES, placeholder=" …") or [""]
        for line in lines:
            y += LINE
            parts.append(_text(0, y - 3, line))
        for bar in row.bars:
            parts.append(_bar(bar, y + 2, most))
            parts.append(f'<path d="M{mark} {y}v{BAR + 4}" stroke="{INK}" stroke-dasharray="3 2"/>')
            y += BAR + 6
        y += 8
    parts.append(_text(mark, y + 6, "100%", f' text-anchor="middle" font-size="11" fill="{FAINT}"'))
    return "".join(parts), y + 12


def _bar(bar: Bar, y: int, most: Fraction) -> str:
    track = f'<rect x="0" y="{y}" width="{TRACK}" height="{BAR}" rx="3" fill="{TRACK_COLOUR}"/>'
    said = f"{bar.text} {bar.word}".strip()
    text = _text(TRACK + 8, y + 11, said, ' font-size="12" font-weight="700"')
    if bar.value is None:
        return track + text
    length = _along(bar.value, most, TRACK)
    colour = COLOURS.get(bar.tone, COLOURS["info"])
    return f'{track}<rect x="0" y="{y}" width="{length}" height="{BAR}" rx="3" fill="{colour}"/>{text}'


def _trend(option: Trend) -> tuple[str, int]:
    points = option.points
    values = [
        Fraction(*quotient(value)) for each in points for value in (each.actual, each.target) if value is not None
    ]
    least, most = (min(values), max(values)) if values else (Fraction(0), Fraction(1))
    room = (most - least) / 5 or abs(most) / 5 or Fraction(1)
    least, most = least - room, most + room
    step = Fraction(RIGHT - LEFT, max(len(points), 1))
    places = [LEFT + int(step * place + step / 2) for place in range(len(points))]

    def height(value: Exact) -> int:
        return BOTTOM - _along(Fraction(*quotient(value)) - least, most - least, BOTTOM - TOP)

    parts = [f'<path d="M{LEFT} {BOTTOM}H{RIGHT}" stroke="{TRACK_COLOUR}" stroke-width="2" fill="none"/>']
    promised = [(x, height(each.target)) for x, each in zip(places, points, strict=True) if each.target is not None]
    brought = [
        (x, height(each.actual), each) for x, each in zip(places, points, strict=True) if each.actual is not None
    ]
    parts.append(_line([(x, y) for x, y in promised], TARGET_COLOUR, ' stroke-dasharray="6 4"'))
    parts.append(_line([(x, y) for x, y, _ in brought], COLOURS["info"], ""))
    parts += [f'<path d="M{x - 5} {y}h10" stroke="{TARGET_COLOUR}" stroke-width="3"/>' for x, y in promised]
    parts += [f'<circle cx="{x}" cy="{y}" r="4" fill="{COLOURS["info"]}"/>' for x, y, _ in brought]
    shown = brought if len(brought) <= ALL_LABELS else brought[-1:]
    bold = ' text-anchor="middle" font-size="12" font-weight="700"'
    parts += [_text(x, y + (18 if each.is_short else -9), each.actual_text, bold) for x, y, each in shown]
    middle = f' text-anchor="middle" font-size="12" fill="{FAINT}"'
    parts += [_text(x, BOTTOM + 17, each.label, middle) for x, each in zip(places, points, strict=True)]
    return "".join([*parts, _legend(BOTTOM + 40)]), BOTTOM + 50


def _line(corners: Sequence[tuple[int, int]], colour: str, more: str) -> str:
    if len(corners) < 2:
        return ""
    path = "L".join(f"{x} {y}" for x, y in corners)
    return f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"{more}/>'


def _legend(y: int) -> str:
    return (
        f'<circle cx="{LEFT + 8}" cy="{y - 4}" r="4" fill="{COLOURS["info"]}"/>{_text(LEFT + 20, y, "realisasi")}'
        f'<path d="M{LEFT + 110} {y - 4}h22" stroke="{TARGET_COLOUR}" stroke-width="2" stroke-dasharray="6 4"/>'
        f"{_text(LEFT + 140, y, 'target')}"
    )
