"""The seal of a file that a unit takes along: which forms, and what stood on them; signed, so that it counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core import signing

from capaian.collection.entries import ActualEntry
from capaian.collection.merging import DATUM, entry_of
from capaian.collection.offline_columns import Input, Place, mark_of
from capaian.collection.sheets import Sheet
from capaian.planning.number_fields import canonical
from capaian.workbooks.problems import UnreadableTable

SALT: Final = "capaian.offline"
SCHEMA: Final = 1
#: Excel keeps no more than 32,767 signs in a cell.
CHUNK: Final = 30_000
MOST_CHUNKS: Final = 400
MARK: Final = "Capaian (jangan diubah)"
AGAIN: Final = "Unduh formulirnya lagi, salin isian Anda ke sana, lalu unggah."


@dataclass(frozen=True)
class Seal:
    """What a file says of itself. `rows`: by a row's code the mark of its facts and what stood there at download."""

    agency: str
    run: str
    forms: Mapping[str, int]
    rows: Mapping[str, Sequence[Any]]

    def base(self, inputs: Iterable[Input]) -> dict[Place, ActualEntry]:
        """Return what stood on the lines at download; lines that the file does not know are left out."""
        found: dict[Place, dict[str, Any]] = {}
        for each in inputs:
            row = self.rows.get(each.code)
            if row is None:
                continue
            fields = found.get(each.place)
            if fields is None:
                fields = found[each.place] = {"data": _blank(each)}
            for name, content in _taken(each, row).items():
                if name.startswith(DATUM):
                    fields["data"][int(name.removeprefix(DATUM))] = content
                else:
                    fields[name] = content
        return {place: ActualEntry(place[1], place[2], **fields) for place, fields in found.items()}


def _blank(each: Input) -> dict[int, Decimal | None]:
    """Raw data before a file says any; those that nobody is asked for stay as they are."""
    return dict(entry_of(each.line).data) if each.datum is None else {}


def _taken(each: Input, row: Sequence[Any]) -> dict[str, Any]:
    value = row[1]
    number = each.field != "letter"
    taken: dict[str, Any] = {each.field: (None if value is None else Decimal(value)) if number else (value or "")}
    if each.is_first:
        taken |= {"is_provisional": bool(row[2]), "cause": row[3], "obstacle": row[4], "follow_up": row[5]}
    return taken


def seal_of(sheets: Sequence[Sheet], inputs: Iterable[Input]) -> list[str]:
    """Return the seal of a file with these rows, in pieces that fit a cell."""
    run = sheets[0].run
    entries: dict[Place, ActualEntry] = {}
    rows: dict[str, list[object]] = {}
    for each in inputs:
        entry = entries.setdefault(each.place, entry_of(each.line))
        rows[each.code] = [mark_of(each.facts), _value(entry, each.field)]
        if each.is_first:
            texts = [plain_breaks(text) for text in (entry.cause, entry.obstacle, entry.follow_up)]
            rows[each.code] += [int(entry.is_provisional), *texts]
    body = {
        "schema": SCHEMA,
        "agency": run.agency.public_id,
        "run": run.public_id,
        "forms": {sheet.form.public_id: sheet.edition for sheet in sheets if sheet.form},
        "rows": rows,
    }
    signed = signing.dumps(body, salt=SALT, compress=True)
    # the letter before each piece keeps spreadsheets from taking it for a formula
    return [f"s{signed[at : at + CHUNK]}" for at in range(0, len(signed), CHUNK)]


def _value(entry: ActualEntry, field: str) -> str | None:
    content = entry.data.get(int(field.removeprefix(DATUM))) if field.startswith(DATUM) else getattr(entry, field)
    return canonical(content) if isinstance(content, Decimal) else (content or None)


def plain_breaks(text: str) -> str:
    """Return a text with the line ends of spreadsheets."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def read_seal(pieces: Sequence[str], name: str) -> Seal:
    """Return what the seal of an uploaded file says; raise `UnreadableTable` when there is none, or not ours."""
    if not pieces:
        raise UnreadableTable(f"{name} bukan formulir yang diunduh dari Capaian, atau tandanya terhapus. {AGAIN}")
    signed = "".join(piece.strip().removeprefix("s") for piece in pieces)
    try:
        body: dict[str, Any] = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        text = f"Tanda {name} tidak cocok: berkasnya diubah, terpotong, atau berasal dari pemasangan lain. {AGAIN}"
        raise UnreadableTable(text) from None
    if body.get("schema") != SCHEMA:
        raise UnreadableTable(f"{name} dibuat dengan susunan yang sudah tidak dipakai. {AGAIN}")
    return Seal(body["agency"], body["run"], body["forms"], body["rows"])
