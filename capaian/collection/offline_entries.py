"""The rows of a file that came back as entries: typed numbers as numbers, texts read as on the web, or refused."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from capaian.collection import rules
from capaian.collection.entries import ActualEntry
from capaian.collection.merging import Content, laid
from capaian.collection.offline_columns import (
    DONE,
    FACTS,
    HEADINGS,
    INPUTS,
    NOT_DONE,
    TEXTS,
    Input,
    Place,
    mark_of,
    plain,
)
from capaian.collection.offline_files import csv_text
from capaian.collection.offline_reading import Returned, unquoted
from capaian.collection.offline_seal import plain_breaks
from capaian.collection.reading import read_letter
from capaian.planning.typed_figures import Unread, read_figure
from capaian.workbooks.plain_cells import inert
from capaian.workbooks.table_rows import CellRefusal, SheetRow
from capaian.workbooks.writing import held

YES_WORDS: Final = frozenset({"ya", "y", "v", "✓", "x", "true", "1", "sementara"})
NO_WORDS: Final = frozenset({"", "tidak", "t", "-", "false", "0"})
DONE_WORDS: Final = {DONE.casefold(): 1, "ya": 1, "1": 1, NOT_DONE.casefold(): 0, "belum": 0, "tidak": 0, "0": 0}
NEW_FILE: Final = "Unduh formulirnya lagi dan salin isian Anda ke sana."
WHOSE: Final = "Hapus baris ini, atau tulis isiannya pada baris indikatornya."
FIRST_ROW: Final = "Tulis pada baris pertama indikator ini."


@dataclass(frozen=True)
class Told:
    """Where in the file a field stands, and whether its value is a formula's."""

    where: CellRefusal
    is_formula: bool

    @property
    def address(self) -> str:
        """The cell: `J5`."""
        return self.where.where


@dataclass
class Read:
    """What the rows of a file say: per line the entry that is given, and where each of its changed fields stands."""

    base: Mapping[Place, ActualEntry] = field(default_factory=dict)
    given: dict[Place, ActualEntry] = field(default_factory=dict)
    told: dict[tuple[Place, str], Told] = field(default_factory=dict)
    refusals: list[CellRefusal] = field(default_factory=list)
    missing: int = 0


def read_rows(returned: Returned, inputs: Sequence[Input]) -> Read:
    """Judge every row of a file against the rows of the forms as they are now."""
    read = Read(returned.seal.base(inputs), refusals=list(returned.refusals))
    by_code = {each.code: each for each in inputs}
    times = Counter(row.text("key") for row in returned.rows)
    for row in returned.rows:
        code = row.text("key")
        each = by_code.get(code)
        if refusal := _reason_whole(row, each, returned, times[code]):
            read.refusals += refusal
        elif each is not None and not _is_head(row):
            _Row(row, each, returned, read).take()
    read.missing = sum(not times[code] for code in returned.seal.rows if code in by_code)
    return read


def _is_head(row: SheetRow) -> bool:
    return all(plain(row.text(key)).casefold() == HEADINGS[key].casefold() for key in ("key", "name", "period"))


def _reason_whole(row: SheetRow, each: Input | None, returned: Returned, times: int) -> list[CellRefusal]:
    """Return why a row as a whole does not count; nothing when it does, or when nobody would miss it."""
    code = row.text("key")
    if _is_head(row):
        return []
    if not code:
        text, next_step = "Baris ini tanpa kode, sehingga tidak diketahui milik indikator mana.", WHOSE
        return [row.refusal(key, text, next_step) for key in INPUTS if row.text(key)]
    if times > 1:
        text = f"Kode {code} ada pada {times} baris; tidak diketahui baris mana yang benar."
        return [row.refusal("key", text, "Sisakan satu baris, lalu unggah lagi.")]
    text = _reason_unknown(row, each, returned)
    return [row.refusal("key", text, NEW_FILE)] if text else []


def _reason_unknown(row: SheetRow, each: Input | None, returned: Returned) -> str:
    sealed = returned.seal.rows.get(row.text("key"))
    if sealed is None:
        return f"Kode “{row.text('key')}” bukan bagian dari berkas ini."
    if row.text("again") != row.text("key") or sealed[0] != mark_of([row.text(key) for key in FACTS]):
        return "Kolom terkunci pada baris ini tidak lagi sama dengan saat diunduh; mungkin selnya tergeser."
    return "" if each else "Indikator ini tidak ada lagi pada formulir."


class _Row:
    """One row that is known: its cells read against what stood there at download."""

    def __init__(self, row: SheetRow, each: Input, returned: Returned, read: Read) -> None:
        self.row, self.each, self.returned, self.read = row, each, returned, read
        self.base = read.base[each.place]
        self.is_sound = not (returned.spoilt or returned.formulas)

    def take(self) -> None:
        """Lay what the row says over what the line says so far."""
        taken: dict[str, Content] = {}
        self._cell("value", self.each.field, self._figure, taken)
        if self.each.is_first:
            self._cell("is_provisional", "is_provisional", self._flag, taken)
            for key in TEXTS:
                self._cell(key, key, self._text, taken)
        else:
            for key in INPUTS[1:]:
                if self.row.text(key):
                    self._refuse(key, "Kolom ini tidak dibaca pada baris data mentah berikutnya.", FIRST_ROW)
        said = self.read.given.get(self.each.place, self.base)
        self.read.given[self.each.place] = laid(said, taken) if taken else said

    def _refuse(self, key: str, text: str, next_step: str = "") -> None:
        self.read.refusals.append(self.row.refusal(key, text, next_step))

    def _cell(self, key: str, name: str, reader: Any, taken: dict[str, Content]) -> None:
        if key not in self.row.places:
            return
        was, text = content_of(self.base, name), self.row.text(key)
        if not text and self.is_sound and (was is None or was is False or was == ""):
            return  # by far the most cells; a zero is no empty cell
        place = (self.row.number, self.row.places[key])
        if (spoilt := self.returned.spoilt.get(place)) is not None:
            self._refuse(key, spoilt)
            return
        kind = self.returned.formulas.get(place)
        if kind is None and text == self._as_written(was):
            return
        if kind is not None and key == "value" and kind != ("n" if not self.each.words else "str"):
            wanted = "pilihan" if self.each.words else "angka"
            self._refuse(key, f"Rumus pada sel ini tidak menghasilkan {wanted}.", "Tulis nilainya, bukan rumusnya.")
            return
        try:
            taken[name] = self._unchanged(was, reader(text))
        except Unread as unread:
            self._refuse(key, unread.text)
            return
        if taken[name] != was:
            self.read.told[self.each.place, name] = Told(self.row.refusal(key, ""), kind is not None)

    def _as_written(self, was: Content) -> str:
        """Return how a cell says what stood there at download."""
        if isinstance(was, Decimal) and self.each.is_yes_no:
            return DONE if was else NOT_DONE
        if isinstance(was, bool):
            return "ya" if was else ""
        text = csv_text(held(was) if isinstance(was, Decimal) else was)
        return unquoted(inert(text)) if self.returned.is_csv else text

    def _unchanged(self, was: Content, new: Content) -> Content:
        """Excel keeps 15 digits: what comes back rounded by that alone is what stood there."""
        rounded = held(was) if isinstance(was, Decimal) and isinstance(new, Decimal) else None
        return was if rounded is not None and Decimal(str(rounded)) == new else new

    def _figure(self, text: str) -> Content:
        if self.each.field == "letter":
            return read_letter(text)
        if self.each.is_yes_no and text:
            found = DONE_WORDS.get(plain(text).casefold())
            if found is None:
                raise Unread(f"“{text}” tidak ada dalam daftar. Pilih {DONE} atau {NOT_DONE}.")
            return Decimal(found)
        return read_figure(text, self.each.measured_in)

    def _flag(self, text: str) -> Content:
        word = plain(text).casefold()
        if word not in YES_WORDS | NO_WORDS:
            raise Unread(f"“{text}” tidak dikenal. Tulis ya atau tidak.")
        if word in YES_WORDS and not (self.each.line.card.released_next_year or self.base.is_provisional):
            raise Unread("Angka sementara hanya untuk indikator yang nilai resminya rilis tahun berikut.")
        return word in YES_WORDS

    def _text(self, text: str) -> Content:
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").strip())
        if len(text) > rules.TEXT_LENGTH:
            raise Unread(f"Terlalu panjang. Ringkas menjadi paling banyak {rules.TEXT_LENGTH} huruf.")
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise Unread("Teks ini memuat tanda yang tidak terlihat. Ketik ulang, jangan disalin dari aplikasi lain.")
        return text


def content_of(entry: ActualEntry, name: str) -> Content:
    """Return a field of an entry by the name that `merging` uses."""
    if name.startswith("data:"):
        return entry.data.get(int(name.removeprefix("data:")))
    content: Content = getattr(entry, name)
    return plain_breaks(content) if isinstance(content, str) else content
