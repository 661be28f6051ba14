"""Makes papers: one function from a layout and a context to PDF/A-2a + PDF/UA-1.

The same context gives the same bytes: the document's date comes from the context and nothing else changes.
Data goes in as JSON and is never parsed as markup; layouts may read nothing outside their own folder,
but the photos that a context names.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import typst

from capaian.documents.glyphs import FAMILY, FontMissing, font_files
from capaian.documents.snapshot import check
from capaian.documents.store import path_of

log = logging.getLogger(__name__)
LAYOUTS = Path(__file__).with_name("layouts")
PARTS = "parts"
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]


class RenderFailed(RuntimeError):
    """A paper could not be made: the layout is unknown or broken, or a font or glyph is not there."""


@cache
def fonts() -> typst.Fonts:
    """Return the papers' fonts and no others: not the system's, not those inside Typst."""
    loaded = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path.parent) for path in font_files()],
    )
    if loaded.families() != [FAMILY]:
        raise FontMissing(f"the papers' fonts hold {loaded.families()}, not {FAMILY}; run `make setup`")
    return loaded


def layouts() -> set[str]:
    """Return the names of the layouts there are."""
    return {path.stem for path in LAYOUTS.glob("*.typ")} - {PARTS}


def render(layout: str, context: Mapping[str, Any]) -> bytes:
    """Return the PDF of a context (see `snapshot`) in a layout.

    Raises `WrongShape` for a context that is none, `RenderFailed` otherwise. Takes tens of milliseconds, with photos
    up to seconds: never call it inside a transaction.
    """
    check(context)
    if layout not in layouts():
        raise RenderFailed(f"no layout {layout!r}; there are {sorted(layouts())}")
    keys = [key for block in context["blocks"] if block["kind"] == "pictures" for key in block["keys"]]
    if not keys:
        return _compiled(LAYOUTS, layout, context)
    try:
        with _with_pictures(keys) as root:
            return _compiled(root, layout, context)
    except RenderFailed:
        # a damaged photo must not keep a paper from being made: it is named instead
        log.warning("a paper is made without its photos", exc_info=True)
        return _compiled(LAYOUTS, layout, {**context, "blocks": [_named(block) for block in context["blocks"]]})


def _compiled(root: Path, layout: str, context: Mapping[str, Any]) -> bytes:
    try:
        made, warnings = typst.compile_with_warnings(
            str(root / f"{layout}.typ"),
            root=str(root),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"context": json.dumps(context, ensure_ascii=False)},
            pdf_standards=STANDARDS,
        )
    except typst.TypstError as error:
        raise RenderFailed(f"layout {layout!r}: {error.message}") from error
    if warnings:  # a font that is not there is only a warning to Typst, and another one silently stands in
        raise RenderFailed(f"layout {layout!r}: " + "; ".join(str(warning) for warning in warnings))
    return made


@contextmanager
def _with_pictures(keys: Iterable[str]) -> Iterator[Path]:
    """Give a folder with the layouts and, under `pictures`, these photos of the store; layouts may read only there."""
    with TemporaryDirectory() as name:
        root = Path(name)
        for source in LAYOUTS.glob("*.typ"):
            copyfile(source, root / source.name)  # the main file must really stand there
        (root / "pictures").mkdir()
        for key in set(keys):
            (root / "pictures" / f"{key}.jpg").symlink_to(path_of(key).absolute())
        yield root


def _named(block: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a block of pictures as a list of what they show; any other block as it is."""
    if block["kind"] != "pictures":
        return block
    return {"kind": "list", "heading": block.get("heading", ""), "items": block["items"]}
