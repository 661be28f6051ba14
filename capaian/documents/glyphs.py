"""Which characters the fonts of the papers can show, read from the fonts' own tables (OpenType `cmap`)."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unicodedata import category

from django.conf import settings

FAMILY = "Arimo"
FACES = ("400Regular/Arimo_400Regular.ttf", "700Bold/Arimo_700Bold.ttf")


class FontMissing(RuntimeError):
    """A font of the papers is not installed: no paper can be made before it is."""


def font_files() -> list[Path]:
    """Return the font files. Raises `FontMissing` naming the one that is not there."""
    folder = settings.NODE_MODULES / "@expo-google-fonts" / "arimo"
    paths = [folder / face for face in FACES]
    for path in paths:
        if not path.is_file():
            raise FontMissing(f"the font {path} is missing; run `make setup`")
    return paths


@cache
def printable() -> frozenset[int]:
    """Return the code points that every face can show; private ones have no meaning elsewhere, so PDF/A bars them."""
    first, *others = (frozenset(code_points(path.read_bytes())) for path in font_files())
    return frozenset(code for code in first.intersection(*others) if not category(chr(code)).startswith("C"))


def code_points(font: bytes) -> Iterator[int]:
    """Yield the code points of a TrueType font's character map (formats 4 and 12)."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * index + 4)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 12:
            yield from _format_12(font, start + offset)
        elif form == 4:
            yield from _format_4(font, start + offset)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise FontMissing("a font of the papers has no character map")


def _format_12(font: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * index)
        yield from range(first if glyph else first + 1, last + 1)


def _format_4(font: bytes, at: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    for index in range(double // 2):
        (last,) = struct.unpack_from(">H", font, at + 14 + 2 * index)
        (first,) = struct.unpack_from(">H", font, at + 16 + double + 2 * index)
        (delta,) = struct.unpack_from(">H", font, at + 16 + 2 * double + 2 * index)
        where = at + 16 + 3 * double + 2 * index
        (offset,) = struct.unpack_from(">H", font, where)
        for code in range(first, last + 1):
            glyph = code if not offset else struct.unpack_from(">H", font, where + offset + 2 * (code - first))[0]
            if code != 0xFFFF and (glyph + delta if not offset else glyph) % 0x10000:
                yield code
