"""The national nomenclature of programmes, activities and sub-activities: shipped lists, matched by code."""

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from capaian.agencies.models import Agency, Region
from capaian.planning.models import Level, Node

FOLDER = Path(__file__).with_name("reference")
LEVELS = {"program": Level.PROGRAMME, "kegiatan": Level.ACTIVITY, "subkegiatan": Level.SUBACTIVITY}
SEGMENTS = {Level.PROGRAMME: 3, Level.ACTIVITY: 5, Level.SUBACTIVITY: 6}
ANY_URUSAN = ("X", "XX")
MOST_FOUND = 100


@dataclass(frozen=True)
class Edition:
    """A shipped list: its file, its basis and the days on which it counts."""

    file: str
    basis: str
    valid_from: date
    valid_to: date | None = None


EDITIONS = (Edition("nomenclature-2023.csv.gz", "Kepmendagri 900.1.15.5-1317/2023", date(2023, 1, 1)),)


@dataclass(frozen=True, slots=True)
class Named:
    """A row of a list; indicator and unit of measure stand at sub-activities only."""

    code: str
    level: Level
    name: str
    performance: str
    indicator: str
    measured_in: str
    sought: str

    @property
    def segments(self) -> list[str]:
        """The parts of the code between the points."""
        return self.code.split(".")


class Nomenclature:
    """A list as one agency reads it: of its kind of region, with its own urusan in place of `X.XX`."""

    def __init__(self, edition: Edition, agency: Agency) -> None:
        self.edition = edition
        province = agency.region.kind == Region.Kind.PROVINCE
        self.rows = _rows(edition.file, "provinsi" if province else "kabupaten/kota")
        self.urusan = agency.main_urusan.split(".") if agency.main_urusan else list(ANY_URUSAN)

    def get(self, code: str) -> Named | None:
        """Return what a code is called; the support programme's rows answer for every urusan."""
        own = self.rows.get(code)
        if own is not None or not code:
            return own
        found = self.rows.get(".".join((*ANY_URUSAN, *code.split(".")[2:])))
        return found and _with_code(found, code)

    def is_local(self, node: Node) -> bool:
        """Tell whether a node of a level that the nomenclature names is not in it."""
        return node.level in SEGMENTS and self.get(node.code) is None

    def find(self, search: str, *, below: str = "", limit: int = MOST_FOUND) -> list[Named]:
        """Return rows whose code or name has every word, those of the agency's own urusan first; at most `limit`."""
        words = search.casefold().split()
        found = []
        for row in map(self._own, self.rows.values()):
            if below and not row.code.startswith(f"{below}."):
                continue
            if all(word in row.sought or word in row.code.casefold() for word in words):
                found.append(row)
        found.sort(key=lambda row: (row.segments[: len(self.urusan)] != self.urusan, row.code))
        return found[:limit]

    def line(self, row: Named) -> list[Named]:
        """Return a row with those above it, the programme first."""
        codes = [".".join(row.segments[:count]) for count in SEGMENTS.values() if count <= len(row.segments)]
        return [named for code in codes if (named := self.get(code)) is not None]

    def _own(self, row: Named) -> Named:
        if row.code.startswith("X.XX"):
            return _with_code(row, ".".join((*self.urusan[:2], *row.segments[2:])))
        return row


def _with_code(row: Named, code: str) -> Named:
    return Named(code, row.level, row.name, row.performance, row.indicator, row.measured_in, row.sought)


@cache
def _rows(file: str, scope: str) -> dict[str, Named]:
    text = gzip.decompress((FOLDER / file).read_bytes()).decode()
    return {
        row["code"]: Named(
            row["code"], LEVELS[row["level"]], row["name"], row["kinerja"], row["indikator"], row["satuan"],
            row["name"].casefold(),
        )
        for row in csv.DictReader(io.StringIO(text))
        if row["scope"] == scope and row["level"] in LEVELS
    }  # fmt: skip


def nomenclature(agency: Agency, on: date) -> Nomenclature:
    """Return the list that counts for an agency on a day; before the first list, the first."""
    known = [each for each in EDITIONS if each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)]
    return Nomenclature(known[-1] if known else EDITIONS[0], agency)


def code_above(code: str) -> str:
    """Return the code of the node above: of the activity, of the programme; "" for a programme."""
    parts = code.split(".")
    above = [count for count in SEGMENTS.values() if count < len(parts)]
    return ".".join(parts[: above[-1]]) if above else ""
