"""The kinds of papers that are shipped; an agency adopts its own copy of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

SHIPPED = Path(__file__).with_name("kinds.yaml")


@dataclass(frozen=True)
class ShippedKind:
    """One kind as the file gives it."""

    code: str
    name: str
    classification: str
    layout: str


@cache
def shipped_kinds() -> tuple[ShippedKind, ...]:
    """Return the shipped kinds in the file's order."""
    rows = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return tuple(ShippedKind(**{key: str(value) for key, value in row.items()}) for row in rows)
