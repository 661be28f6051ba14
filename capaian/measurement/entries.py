"""What people fill in for the methodology, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

#: The five questions of SMART: letter, field of `MethodologyCard`, Indonesian word.
SMART = (
    ("s", "is_specific", "Spesifik"),
    ("m", "is_measurable", "Terukur"),
    ("a", "is_achievable", "Dapat dicapai"),
    ("r", "is_relevant", "Relevan"),
    ("t", "is_time_bound", "Berbatas waktu"),
)
ALL_TICKS = frozenset(letter for letter, _, _ in SMART)


@dataclass(frozen=True)
class SmartEntry:
    """The SMART ticks of one card (row number), with a note."""

    card_id: int
    ticks: frozenset[str] = ALL_TICKS
    note: str = ""


@dataclass(frozen=True)
class MethodologyEntry:
    """A year's methodology as filled in. `seen` is the digest of the one that stood when the form was opened."""

    rows: Sequence[SmartEntry] = ()
    note: str = ""
    seen: str = ""
