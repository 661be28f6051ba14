import io
import re
import time
from pathlib import Path

import pikepdf
import pytest
from pytest_django import Settings

from capaian.documents import render as renderer
from capaian.documents.content import PDF, look
from capaian.documents.glyphs import FontMissing, printable
from capaian.documents.render import RenderFailed, fonts, layouts, render
from capaian.documents.snapshot import clean
from tests.documents.papers import HOSTILE, LAYOUTS, a_context

HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
ACTIVE = {"/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA", "/EmbeddedFile", "/URI", "/GoToR", "/SubmitForm"}


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [font for page in pdf.pages for font in page.resources.get("/Font", {}).values()]


def runs_of(pdf: pikepdf.Pdf) -> list[str]:
    """Read back what is drawn, piece by piece, through the fonts' own ToUnicode maps."""
    found = []
    for page in pdf.pages:
        page_fonts = page.resources.get("/Font", pikepdf.Dictionary())
        letters: dict[int, str] = {}
        for instruction in pikepdf.parse_content_stream(page):
            operands, operator = list(instruction.operands), instruction.operator
            if str(operator) == "Tf":
                letters = unicode_map(page_fonts[str(operands[0])])
            elif str(operator) in ("Tj", "TJ"):
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                run = (letters.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))
                found.append("".join(run).replace("\u200b", ""))
    return found


def text_of(pdf: pikepdf.Pdf) -> str:
    """Read the whole text back, without blanks."""
    return "".join("".join(runs_of(pdf)).split())


def unicode_map(font: pikepdf.Object) -> dict[int, str]:
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        for code, letter in zip(*[iter(HEX.findall(block))] * 2, strict=True):
            letters[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    return letters


def every_key(pdf: pikepdf.Pdf) -> set[str]:
    keys: set[str] = set()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            keys |= set(item.keys())
            keys |= {str(value) for value in (item.get("/S"), item.get("/Subtype")) if isinstance(value, pikepdf.Name)}
    return keys


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_an_archive_paper(layout: str) -> None:
    pdf = opened(render(layout, a_context()))
    xmp = bytes(pdf.Root.Metadata.read_bytes()).decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "id-ID"
    assert str(pdf.docinfo["/Title"]) == "Rekapitulasi Data Kinerja Triwulan III"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122")
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert len(pdf.Root.OutputIntents) == 1
    assert not pdf.is_encrypted
    assert not every_key(pdf) & ACTIVE


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_font_is_embedded_and_ours(layout: str) -> None:
    pdf = opened(render(layout, a_context()))
    found = fonts_of(pdf)
    assert {re.sub(r"^/[A-Z]{6}\+", "", str(font.BaseFont)) for font in found} == {"Arimo-Regular", "Arimo-Bold"}
    for font in found:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert len(descriptor.FontFile2.read_bytes()) > 1000


def test_the_checks_see_a_file_that_is_no_archive_paper() -> None:
    """Negative control: the same checks on a plain file with a script."""
    plain = pikepdf.new()
    plain.add_blank_page()
    plain.Root.OpenAction = plain.make_indirect(pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)"))
    assert every_key(plain) & ACTIVE == {"/OpenAction", "/JS", "/JavaScript"}
    assert "/Metadata" not in plain.Root
    assert fonts_of(plain) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_context_gives_the_same_bytes(layout: str) -> None:
    first = render(layout, a_context())
    time.sleep(1.1)  # a clock in the file would show
    assert render(layout, a_context()) == first
    assert render(layout, a_context(number="B/1/2026")) != first
    assert look(io.BytesIO(first)).media_type == PDF


@pytest.mark.parametrize("layout", LAYOUTS)
def test_data_is_never_markup(layout: str) -> None:
    context = a_context(
        title=HOSTILE,
        number=HOSTILE,
        place=HOSTILE,
        letterhead=dict.fromkeys(("government", "agency", "address", "contact"), HOSTILE),
        facts=[["Hal", HOSTILE], ["Perihal", HOSTILE], [HOSTILE, HOSTILE]],
        blocks=[
            {"kind": "text", "heading": HOSTILE, "paragraphs": [HOSTILE]},
            {"kind": "table", "heading": HOSTILE, "head": [HOSTILE], "rows": [[HOSTILE]]},
            {"kind": "list", "heading": HOSTILE, "items": [HOSTILE]},
            {"kind": "ticks", "heading": HOSTILE, "items": [HOSTILE], "ticked": [HOSTILE]},
        ],
        signature=dict.fromkeys(("title", "name", "rank", "nip"), HOSTILE),
        footnote=HOSTILE,
    )
    made = render(layout, context)
    text = text_of(opened(made))
    assert text.count(squeezed(HOSTILE)) >= 12
    assert "root:" not in text
    assert b"root:x" not in made


def test_the_same_text_inside_a_layout_would_be_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control, and the closed root: in a layout the text is run, and reading outside is refused."""
    monkeypatch.setattr(renderer, "LAYOUTS", tmp_path)
    for text, told in (
        ('#read("/etc/passwd")', "file not found|not found"),
        ('#read("../../../../../../etc/passwd")', "outside|escape|root|not found"),
        ('#import "@preview/cetz:0.3.0"', "package|download|network|not found"),
        ("#panic()", "panicked"),
    ):
        (tmp_path / "sheet.typ").write_text(text)
        with pytest.raises(RenderFailed, match=told):
            render("sheet", a_context())


def test_layouts_use_no_packages_and_read_nothing() -> None:
    other = re.compile(r'@preview|@local|read\(|image\((?!"pictures/" \+ key|bytes\(svg\))|import "(?!parts\.typ)')
    for path in renderer.LAYOUTS.glob("*.typ"):
        assert not other.search(path.read_text()), path


def test_an_unlisted_font_fails_instead_of_falling_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
        #set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))
        #set text(font: "FONT", lang: "id")
        A
    """
    monkeypatch.setattr(renderer, "LAYOUTS", tmp_path)
    (tmp_path / "sheet.typ").write_text(source.replace("FONT", "Arimo"))
    assert render("sheet", a_context())
    (tmp_path / "sheet.typ").write_text(source.replace("FONT", "Times New Roman"))
    with pytest.raises(RenderFailed, match="unknown font family"):
        render("sheet", a_context())


def test_a_glyph_that_no_font_has_fails_instead_of_a_blank() -> None:
    context = a_context(facts=[["Hal", "terima kasih 🙏"]])
    with pytest.raises(RenderFailed, match="could not be displayed"):
        render("sheet", context)
    assert render("sheet", a_context(facts=[["Hal", clean("terima kasih 🙏")]]))


def test_every_character_called_printable_prints() -> None:
    every = clean(" ".join(chr(code) for code in sorted(printable())))
    assert "[U+" not in every
    assert len(printable()) > 2000
    assert render("sheet", a_context(blocks=[{"kind": "text", "heading": every, "paragraphs": [every]}]))


def test_missing_fonts_fail_before_anything_is_made(settings: Settings, tmp_path: Path) -> None:
    fonts.cache_clear()
    settings.NODE_MODULES = tmp_path
    with pytest.raises(FontMissing, match="make setup"):
        render("sheet", a_context())
    fonts.cache_clear()


def test_other_fonts_in_the_place_of_ours_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.cache_clear()
    monkeypatch.setattr(renderer, "FAMILY", "Calibri")
    with pytest.raises(FontMissing, match="not Calibri"):
        fonts()
    fonts.cache_clear()


def test_unknown_layouts_and_wrong_contexts_fail() -> None:
    assert layouts() == set(LAYOUTS)
    for name in ("../secret", "parts", "none"):
        with pytest.raises(RenderFailed, match="no layout"):
            render(name, a_context())
    with pytest.raises(ValueError, match="not a text"):
        render("sheet", a_context(number=7))


def test_table_heads_repeat_and_pages_are_counted() -> None:
    pdf = opened(render("sheet", a_context()))
    text, pages = text_of(pdf), len(pdf.pages)
    assert (pages, text.count("NoIndikatorCapaianSHA-256")) == (3, 3)
    assert [f"Halaman{page}dari{pages}" in text for page in range(1, pages + 2)] == [True] * pages + [False]
    assert text.count("000.8.6.3/REK.0001/DISKOMINFO/XI/2026") == pages + 1


def test_what_stands_on_a_memo() -> None:
    text = text_of(opened(render("memo", a_context(title="Nota Dinas"))))
    for line in (
        "NOTADINAS",
        "Tanggal:22November2026",
        "Nomor:000.8.6.3/REK.0001/DISKOMINFO/XI/2026",
        "Sifat:Biasa",
        "Lampiran:-",
        "Hal:Pengumpulandata",
        "Drs.H.Contoh,M.Si.",
        "NIP197001011995031001",
    ):
        assert line in text
    assert "NOTADINASYth.:" in text
    assert "KualaTungkal,22" not in text
    assert "KualaTungkal,22November2026" in text_of(opened(render("sheet", a_context())))


def test_an_empty_disposition_is_a_form_to_fill_by_hand() -> None:
    empty = text_of(opened(render("disposition", a_context(facts=[], blocks=[], signature=None))))
    assert "Suratdari:" in empty
    assert "Untukdiketahui" in empty
    assert "√" not in empty
    filled = text_of(opened(render("disposition", a_context(facts=[["Sifat", "Segera"]]))))
    assert "√" in filled
    assert "Untukdiketahui" not in filled


@pytest.mark.parametrize(("paper", "size"), [("a4", (595.28, 841.89)), ("f4", (609.45, 935.43))])
def test_paper_sizes(paper: str, size: tuple[float, float]) -> None:
    usual, wide = a_context(paper=paper), a_context(paper=paper, orientation="landscape")
    for layout, context, expected in (
        ("sheet", usual, size),
        ("sheet", wide, size[::-1]),
        ("archive", usual, size[::-1]),
    ):
        pdf = opened(render(layout, context))
        box = pdf.pages[0].mediabox
        assert [round(float(side)) for side in box[2:]] == [round(side) for side in expected]


def test_long_words_and_fingerprints_wrap() -> None:
    rows = [["1", "x" * 500, "pertanggungjawaban" * 3, "ab" * 32]]
    block = {"kind": "table", "heading": "", "head": ["No", "a", "b", "SHA-256"], "rows": rows, "widths": [1, 1, 1, 1]}
    blocks = [block, {"kind": "text", "heading": "", "paragraphs": ["W" * 900]}]
    pdf = opened(render("sheet", a_context(facts=[], blocks=blocks)))
    text, runs = text_of(pdf), runs_of(pdf)
    for whole in ("x" * 500, "pertanggungjawaban" * 3, "ab" * 32, "W" * 900):
        assert whole in text
    # a column is 109 points wide, a line 468: what one line can hold
    assert max(len(run) for run in runs if set(run) == {"x"}) <= 109 / 4.75
    assert max(len(run) for run in runs if set(run) == {"W"}) <= 468 / 10.38


def test_a_signature_never_stands_alone_on_a_page() -> None:
    for count in range(1, 20):
        paragraphs = ["Kalimat yang cukup panjang untuk mengisi halaman ini dengan tenang. " * 4] * count + ["Penutup."]
        pdf = opened(render("memo", a_context(blocks=[{"kind": "text", "heading": "", "paragraphs": paragraphs}])))
        if len(pdf.pages) > 1:
            del pdf.pages[:-1]
            text = text_of(pdf)
            assert "Penutup." in text or "Drs.H.Contoh" not in text
