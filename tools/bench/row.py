"""One line of the table: what was measured, how often, and how long it took."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measurement; times in milliseconds. `bar` is what the median may be, None where nothing is demanded."""

    what: str
    database: str  # "" where none is involved
    size: str
    median: float
    p95: float | None = None
    bar: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        """Tell whether the bar is kept; what has none is always kept."""
        return self.bar is None or self.median <= self.bar


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


def row(  # noqa: PLR0917  (the columns of the table in their order)
    what: str, database: str, size: str, seconds: Sequence[float], bar: float | None = None, note: str = ""
) -> Row:
    """Return the line of several measurements, given in seconds."""
    milliseconds = [one * 1000 for one in seconds]
    return Row(what, database, size, percentile(milliseconds, 0.5), percentile(milliseconds, 0.95), bar, note)


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
