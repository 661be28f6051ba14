"""The context of a paper: what is frozen when its number is reserved, and is all that its layout is given.

Shape (schema 1): letterhead {government, agency, address, contact}, title, number, date (YYYY-MM-DD), place,
facts [[label, value]], blocks, signature {title, name, rank, nip} or null, cosignatures [same, with caption],
footnote, paper "a4" or "f4", orientation "portrait" (also when left out) or "landscape". Blocks, each with a heading:
text (paragraphs), table (head, rows, widths), list (items), ticks (items, ticked),
pictures (items: what each shows, keys: its bytes in the store, a JPEG), drawings (items: what each says, svgs).
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from capaian.documents.glyphs import printable
from capaian.documents.models import Document
from capaian.journal.actor import Actor

SCHEMA = 1
PAPERS = ("a4", "f4")
ORIENTATIONS = ("portrait", "landscape")
FOOTNOTE = "Dicetak dari Capaian; belum ditandatangani secara elektronik tersertifikasi."
BREAKS = {"\r\n": "\n", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
LISTS = {
    "text": ("paragraphs",),
    "table": ("head",),
    "list": ("items",),
    "ticks": ("items",),
    "pictures": ("items", "keys"),
    "drawings": ("items", "svgs"),
}


class WrongShape(ValueError):
    """A context is not what layouts rely on: a fault of the code that made it."""


def clean(text: str) -> str:
    """Return text as papers print it: NFC, no control or direction marks; a character no font has as `[U+1F64F]`."""
    if text.isascii() and text.isprintable():  # nearly every text: every font has these
        return text
    for mark, line_break in BREAKS.items():
        text = text.replace(mark, line_break)
    return "".join(_clean_character(character) for character in unicodedata.normalize("NFC", text))


def _clean_character(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\n":
        return character
    if category == "Zs" or character == "\t":
        return "\u00a0" if character in "\u00a0\u202f" else " "
    if category in ("Cc", "Cf") or 0xFE00 <= ord(character) <= 0xFE0F:  # variation selectors show nothing themselves
        return ""
    return character if ord(character) in printable() else f"[U+{ord(character):04X}]"


def cleaned(value: Any) -> Any:
    """Return a JSON value with all its texts cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(key): cleaned(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(part) for part in value]
    return value


def freeze(draft: Document, context: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Return the complete snapshot of a numbered draft: what `context` leaves out is taken from agency and kind.

    `made_by` keeps who reserved it with the title of that moment. Raises `WrongShape`.
    """
    agency, kind = draft.agency, draft.kind
    letterhead = {
        "government": agency.letterhead_government,
        "agency": agency.name,
        "address": agency.letterhead_address,
        "contact": agency.letterhead_contact,
    }
    usual: dict[str, Any] = {
        "letterhead": letterhead,
        "title": draft.title,
        "place": agency.place,
        "facts": [],
        "blocks": [],
        "signature": None,
        "footnote": FOOTNOTE,
        "paper": "a4",
    }
    fixed = {
        "schema": SCHEMA,
        "layout": kind.layout,
        "kind": {"code": kind.code, "name": kind.name, "classification": kind.classification},
        "number": draft.number,
        "date": draft.dated.isoformat(),
        "made_by": {"name": by.name, "title": by.title, "position_key": by.position_key},
    }
    frozen: dict[str, Any] = cleaned({**usual, **context, **fixed})
    frozen["letterhead"]["government"] = frozen["letterhead"]["government"] or f"Pemerintah {agency.region}"
    check(frozen)
    return frozen


def maker(document: Document) -> Actor:
    """Return who reserved a paper, as they stood then. Issuing needs nobody's request."""
    person, made_by = document.reserved_by, document.context["made_by"]
    return Actor(
        person_id=person.pk,
        person_key=person.public_id,
        name=made_by["name"],
        agency_id=document.agency_id,
        agency_key=document.agency.public_id,
        position_key=made_by["position_key"],
        title=made_by["title"],
    )


def check(context: Mapping[str, Any]) -> None:
    """Raise `WrongShape`, naming the place, when a context has not the shape that layouts rely on."""
    date.fromisoformat(_text(context, "date"))
    for key in ("title", "number", "place"):
        _text(context, key)
    for key in ("government", "agency", "address", "contact"):
        _text(context["letterhead"], key, "letterhead.")
    if not context["letterhead"]["agency"] or not context["title"] or not context["number"]:
        raise WrongShape("a paper needs an agency, a title and a number")
    _check_sheet(context)
    for fact in context["facts"]:
        if len(fact) != 2:
            raise WrongShape(f"facts: {fact!r} is not a label and a value")
        _texts(fact, "facts")
    for block in context["blocks"]:
        _check_block(block)
    for signer in (context.get("signature"), *context.get("cosignatures", ())):
        for key in ("title", "name") if signer else ():
            _text(signer, key, "signature.")


def _check_sheet(context: Mapping[str, Any]) -> None:
    if context.get("paper", "a4") not in PAPERS:
        raise WrongShape(f"paper: {context['paper']!r} is none of {PAPERS}")
    if context.get("orientation", "portrait") not in ORIENTATIONS:
        raise WrongShape(f"orientation: {context['orientation']!r} is none of {ORIENTATIONS}")


def _check_block(block: Mapping[str, Any]) -> None:
    kind = block.get("kind")
    if kind not in LISTS:
        raise WrongShape(f"blocks: kind {kind!r} is none of {tuple(LISTS)}")
    for key in LISTS[kind]:
        _texts(block[key], f"{kind}.{key}")
    if kind == "pictures" and len(block["items"]) != len(block["keys"]):
        raise WrongShape("pictures: each has one name and one key")
    if kind == "drawings" and len(block["items"]) != len(block["svgs"]):
        raise WrongShape("drawings: each has one text and one SVG")
    for row in block["rows"] if kind == "table" else ():
        _texts(row, "table.rows")
        if len(row) != len(block["head"]):
            raise WrongShape(f"table.rows: {row!r} has not {len(block['head'])} cells")


def _text(mapping: Mapping[str, Any], key: str, prefix: str = "") -> str:
    value = mapping.get(key)
    if not isinstance(value, str):
        raise WrongShape(f"{prefix}{key}: {value!r} is not a text")
    return value


def _texts(values: Any, where: str) -> None:
    for value in values:
        if not isinstance(value, str):
            raise WrongShape(f"{where}: {value!r} is not a text")
