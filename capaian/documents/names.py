"""Names that people give to files: shown and downloaded, never used as a path."""

import re
import unicodedata

from capaian.documents.content import CSV, ENDINGS, TEXT

MAX_LENGTH = 200
NAMELESS = "berkas"


def clean_name(name: str) -> str:
    """Return the last part of a path as one NFC line of at most 200 characters, without control and direction marks."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if character.isspace() else character for character in last)
    visible = "".join(character for character in visible if not unicodedata.category(character).startswith("C"))
    return shortened(" ".join(visible.split()).strip(". ")) or NAMELESS


def shortened(name: str) -> str:
    """Return a name cut in its middle part to the longest allowed, its ending kept."""
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_LENGTH].strip()
    return f"{stem[: MAX_LENGTH - len(ending) - 1].strip()}.{ending}"


def name_for(name: str, media_type: str) -> str:
    """Return a clean name whose ending fits the content: a PDF called `a.exe` becomes `a.exe.pdf`."""
    clean = clean_name(name)
    endings = ENDINGS.get(media_type, ())
    if not endings or clean.lower().endswith(endings):
        return clean
    return shortened(f"{clean}{endings[0]}")


def type_by_name(name: str, media_type: str) -> str:
    """Return `text/csv` for text whose name says so: the two have the same content."""
    return CSV if media_type == TEXT and name.lower().endswith(".csv") else media_type
