"""Photos on papers: printed from the store, named when damaged, never a way out of the layouts' folder."""

import io
import logging
from typing import Any

import pytest
from PIL import Image

from capaian.documents import store
from capaian.documents.content import photo_size
from capaian.documents.render import render
from capaian.documents.snapshot import WrongShape, check
from tests.documents.papers import a_context
from tests.web.papers_read import text_of_pdf


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """Return a photo of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


def sheet(*photos: tuple[str, bytes]) -> dict[str, Any]:
    """Return a context whose one block shows these photos."""
    keys = [store.keep(io.BytesIO(content), name).key for name, content in photos]
    block = {"kind": "pictures", "heading": "Dokumentasi", "items": [name for name, _ in photos], "keys": keys}
    return a_context(blocks=[block])


def test_photos_are_printed_with_their_names() -> None:
    shown = sheet(("rapat.jpg", jpeg()), ("hadir.jpg", jpeg(48, 64)), ("lagi.jpg", jpeg(32, 32)))
    made = render("sheet", shown)
    assert made.count(b"/DCTDecode") == 3
    assert b"rapat.jpg" in text_of_pdf(made)
    assert render("sheet", shown) == made


def test_a_damaged_photo_is_named_and_the_paper_is_made(caplog: pytest.LogCaptureFixture) -> None:
    shown = sheet(("rapat.jpg", jpeg()), ("rusak.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 64))
    with caplog.at_level(logging.WARNING):
        made = render("sheet", shown)
    assert b"/DCTDecode" not in made
    assert b"rusak.jpg" in text_of_pdf(made)
    assert "without its photos" in caplog.text


def test_a_lost_photo_is_named(caplog: pytest.LogCaptureFixture) -> None:
    shown = sheet(("hilang.jpg", jpeg()))
    store.discard(shown["blocks"][0]["keys"][0])
    assert b"hilang.jpg" in text_of_pdf(render("sheet", shown))
    assert "without its photos" in caplog.text


@pytest.mark.parametrize("key", ["../../../etc/passwd", "a" * 39, "A" * 40])
def test_only_keys_of_the_store_are_opened(key: str) -> None:
    shown = a_context(blocks=[{"kind": "pictures", "heading": "", "items": ["x"], "keys": [key]}])
    with pytest.raises(ValueError, match="not a key"):
        render("sheet", shown)


def test_each_photo_has_one_name() -> None:
    with pytest.raises(WrongShape, match="one name and one key"):
        check(a_context(blocks=[{"kind": "pictures", "heading": "", "items": ["x", "y"], "keys": ["a" * 40]}]))


def test_sizes_are_read_from_jpegs_alone() -> None:
    assert photo_size(io.BytesIO(jpeg(640, 480))) == (640, 480)
    assert photo_size(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\x00" * 32)) is None
    assert photo_size(io.BytesIO(b"")) is None
