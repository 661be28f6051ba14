"""A worked example: what a card's choices would give for figures that are only tried, nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capaian.formulas.rounding import Exact
from capaian.formulas.shipped_scales import shipped_scale
from capaian.measurement.computing import Measured, explained, measured, sealed, subject_of
from capaian.measurement.snapshot import SCHEMA, written
from capaian.planning.entries import TargetEntry


@dataclass(frozen=True)
class Choices:
    """What a card fixes of its measurement."""

    polarity: str
    consolidation: str
    scale: str
    cap: Decimal | None = None
    tolerance: Decimal | None = None
    negative_target: bool = False


@dataclass(frozen=True)
class Tried:
    """One period that is tried: its target, and the actual as a number or a letter."""

    target: TargetEntry | None
    value: Exact | None = None
    letter: str = ""


def tried(choices: Choices, periods: Sequence[Tried]) -> tuple[Measured, str]:
    """Return what the choices give up to the last of some quarters, and how the periods became one figure."""
    inputs = sealed(_snapshot(choices, periods))
    subject = subject_of(inputs)
    return measured(inputs), explained(subject.points, subject.method)


def _snapshot(choices: Choices, periods: Sequence[Tried]) -> dict[str, Any]:
    card = {
        "polarity": choices.polarity,
        "consolidation": choices.consolidation,
        "entry": "period",
        "scale": choices.scale,
        "scale_version": shipped_scale(choices.scale).version,
        "cap": written(choices.cap),
        "tolerance": written(choices.tolerance),
        "negative_target": choices.negative_target,
        "released_next_year": False,
    }
    rows = [
        {
            "period": f"Q{place}",
            "target": _target(each.target),
            "value": written(each.value),
            "letter": each.letter,
            "provisional": False,
        }
        for place, each in enumerate(periods, start=1)
    ]
    has_targets = any(each.target for each in periods)
    return {"schema": SCHEMA, "card": card, "has_targets": has_targets, "year_target": None, "periods": rows}


def _target(entry: TargetEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    bounds = {"value": written(entry.value), "low": written(entry.low), "high": written(entry.high)}
    return {**bounds, "letter": entry.letter}
