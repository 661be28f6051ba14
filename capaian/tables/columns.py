"""Which column is which: headings in English or Indonesian, in any order, others pass through."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from capaian.workbooks.problems import UnreadableTable, address

ALIASES: Final = {
    "indicator": ("indikator", "indikator_kinerja", "nama_indikator"),
    "unit": ("satuan",),
    "polarity": ("polaritas", "polarisasi"),
    "target": (),
    "actual": ("realisasi",),
    "weight": ("bobot",),
    "target_low": ("target_bawah", "batas_bawah"),
    "target_high": ("target_atas", "batas_atas"),
    "tolerance": ("toleransi",),
    "published": ("terbit", "tercetak", "capaian_terbit", "capaian_tercetak"),
}
KEY_OF: Final = {name: key for key, names in ALIASES.items() for name in (key, *names)}
SOME: Final = 2
NEEDED: Final = ("target", "actual")
RESULTS: Final = ("achievement_raw", "achievement", "score", "category", "reason")
EXPLAINED: Final = ("difference", "explanation")


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings as written and the places (from 0) of the columns that are known."""

    headings: tuple[str, ...]
    places: dict[str, int]

    def place(self, key: str) -> int | None:
        """Where a known column stands; None when the table does not have it."""
        return self.places.get(key)

    def heading(self, place: int) -> str:
        """The heading of a place; empty beyond the last one."""
        return self.headings[place] if place < len(self.headings) else ""


def read_headings(cells: Sequence[str], row: int, needed: Collection[str], added: Collection[str]) -> Columns:
    """Find the known columns; refuse missing or doubled ones and headings that the output adds itself."""
    headings = tuple(cell.strip() for cell in cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        key = KEY_OF.get(plain_heading(heading))
        if plain_heading(heading) in added:
            where = address(row, place + 1)
            raise UnreadableTable(
                f"{where}: kolom “{heading}” ditambahkan oleh perintah ini. Hapus atau ganti nama kolom itu."
            )
        if key in places:
            first, second = (address(row, each + 1) for each in (places[key], place))
            raise UnreadableTable(f"{first} dan {second} sama-sama berarti kolom {key}. Hapus salah satunya.")
        if key is not None:
            places[key] = place
    missing = [key for key in needed if key not in places]
    if missing:
        names = ", ".join(" atau ".join((key, *ALIASES[key])) for key in missing)
        found = ", ".join(filter(None, headings)) or "tidak ada"
        raise UnreadableTable(
            f"Kolom {names} tidak ditemukan pada baris judul (baris {row}).", f"Judul yang terbaca: {found}."
        )
    return Columns(headings, places)


def plain_heading(heading: str) -> str:
    """A heading without case, and with one underscore for blanks and hyphens."""
    return "_".join(heading.casefold().replace("-", " ").replace("_", " ").split())


def names_columns(cells: Sequence[str], needed: Collection[str]) -> bool:
    """Whether a row holds a heading for every needed column."""
    return set(needed) <= {KEY_OF.get(plain_heading(cell)) for cell in cells}


def is_column_numbers(cells: Sequence[str], columns: Columns) -> bool:
    """Whether a row only counts its columns, 1, 2, 3 or (1), (2), (3), so that even the indicator is a number."""
    place = columns.place("indicator")
    if place is None or place >= len(cells) or not cells[place].strip():
        return False
    numbers = [cell.strip().removeprefix("(").removesuffix(")") for cell in cells if cell.strip()]
    return len(numbers) > SOME and numbers == [str(number) for number in range(1, len(numbers) + 1)]
