"""Snapshots for tests, written as the product writes them."""

from collections.abc import Sequence
from typing import Any

from capaian.measurement.computing import sealed

Cell = str | None
CARD = {
    "key": "k", "version": 1, "year": 2026, "name": "Indikator", "measured_in": "persen", "calculation": "",
    "formula": "", "polarity": "maximize", "consolidation": "last", "location": "sum", "entry": "period",
    "frequency": "quarter", "scale": "permendagri", "scale_version": 1, "cap": "120", "tolerance": None, "weight": "1",
    "negative_target": False, "released_next_year": False, "source": "", "is_iku": True,
    "node": {"key": "n", "level": "objective", "code": "", "text": "Sasaran"},
}  # fmt: skip


def target(text: Cell) -> dict[str, Any] | None:
    """Return a target: "80", "80..90", "BB"; None for none."""
    if text is None:
        return None
    low, _, high = text.partition("..")
    bounds = {"value": None, "low": low, "high": high} if high else {"value": text, "low": None, "high": None}
    return {"value": None, "low": None, "high": None, "letter": text} if text.isalpha() else {**bounds, "letter": ""}


def snapshot(
    targets: Sequence[Cell], actuals: Sequence[Cell], *, year: Cell = None, later: bool = False, **card: Any
) -> dict[str, Any]:
    """Return the snapshot of a card up to its last given period; `later`: only a later period has a target."""
    points: list[dict[str, Any]] = [
        {
            "period": f"2026-Q{place}",
            "target": target(promised),
            "value": None if brought is None or brought.isalpha() else brought,
            "letter": brought if brought is not None and brought.isalpha() else "",
            "provisional": False,
            "from": "recapitulation",
            "units": [],
        }
        for place, (promised, brought) in enumerate(zip(targets, actuals, strict=True), start=1)
    ]
    content = {
        "schema": 1,
        "card": {**CARD, **card},
        "period": f"2026-Q{len(points)}" if points else "2026-Q1",
        "recapitulation": {"key": "r", "digest": "d", "computed_at": "", "computed_by": ""},
        "has_targets": later or any(targets),
        "year_target": target(year),
        "periods": points,
    }
    return sealed(content)
