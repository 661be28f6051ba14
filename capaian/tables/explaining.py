"""Rows with a published figure: the measured cells, the difference and its explanation."""

from collections import Counter
from typing import Final

from capaian.formulas.number_text import format_number
from capaian.formulas.published import EQUAL, NO_FIGURE, PRINTED, UNEXPLAINED, Previous, Published, difference, find
from capaian.tables.columns import Columns
from capaian.tables.measuring import Measurer
from capaian.tables.reading import Measured, Unread
from capaian.tables.settings import Settings
from capaian.tables.tally import Tally
from capaian.workbooks.problems import CellProblem

GROUPS: Final = {
    EQUAL: "Sama",
    PRINTED: "Sama dalam desimal tercetak",
    UNEXPLAINED: "Tidak dapat dijelaskan",
    NO_FIGURE: "Tanpa angka terbit",
}
EXPLAINED: Final = "Berbeda, ada penjelasan"


class Explainer:
    """Measures and explains row by row; a row may repeat the figure of the one above."""

    def __init__(self, columns: Columns, settings: Settings) -> None:
        self.measurer = Measurer(columns, settings)
        self.settings, self.columns = settings, columns
        self.previous: Previous | None = None
        self.found: Counter[str] = Counter()

    @property
    def tally(self) -> Tally:
        """The tally of the measured rows."""
        return self.measurer.tally

    @property
    def problems(self) -> list[CellProblem]:
        """The cells that could not be read."""
        return self.measurer.problems

    def measure(self, rows: list[list[str]], first: int) -> list[list[str]]:
        """The rows with results, difference and explanation behind them."""
        out: list[list[str]] = []
        for number, row in enumerate(rows, first):
            measured = self.measurer.measure([row], number)
            out += [cells + self._explained(row, number) for cells in measured]
        return out

    def _explained(self, row: list[str], number: int) -> list[str]:
        try:
            published = self._published(row)
        except Unread as unread:
            place = self.columns.places[unread.key]
            self.problems.append(CellProblem(number, place + 1, self.columns.heading(place), unread.text))
            return ["", ""]
        read = self.measurer.reader.read(row, number)
        if not isinstance(read, Measured):
            return ["", ""]
        finding = find(read.result, published, self.previous)
        self.found[GROUPS.get(finding.code, EXPLAINED)] += 1
        self.previous = Previous(read.result.shown, None if published is None else published.value)
        gap = difference(read.result, published)
        text = "" if gap is None else self.measurer.number(gap, max(2, published.places if published else 0))
        return [text, finding.text]

    def _published(self, row: list[str]) -> Published | None:
        """The printed figure with the decimals it was printed with."""
        value = self.measurer.reader.number(row, "published")
        if value is None:
            return None
        exponent = value.as_tuple().exponent
        return Published(value, -exponent if isinstance(exponent, int) and exponent < 0 else 0)


def findings(work: Explainer) -> list[str]:
    """How many published figures agree, differ for a known reason, or stay unexplained."""
    width = max(map(len, (*GROUPS.values(), EXPLAINED)))
    order = (GROUPS[EQUAL], GROUPS[PRINTED], EXPLAINED, GROUPS[UNEXPLAINED], GROUPS[NO_FIGURE])
    counts = [(name, format_number(work.found[name])) for name in order if work.found[name]]
    return ["", "Angka terbit", *(f"  {name:<{width}}  {count:>8}" for name, count in counts)]
