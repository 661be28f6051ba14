import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from capaian.agencies.models import Agency
from capaian.documents.glyphs import FontMissing, font_files, printable
from capaian.documents.models import Kind
from capaian.documents.snapshot import check, clean, maker
from capaian.journal.actor import Actor
from tests.documents.papers import HOSTILE, SIGNATURE, a_context, a_draft


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("biasa – “kutip” ≥ 1 √", "biasa – “kutip” ≥ 1 √"),
        ("re\u0301sume\u0301", "résumé"),
        ("a\x00b\x07c\x7f", "abc"),
        ("a\u202eb\u2066c\u200bd\ufeffe\u00adf", "abcdef"),
        ("a\tb\u3000c\u2009d", "a b c d"),
        ("a\u00a0b\u202fc", "a\u00a0b\u00a0c"),
        ("a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"),
        ("terima kasih 🙏🏽", "terima kasih [U+1F64F][U+1F3FD]"),
        ("中文 ع \uff11", "[U+4E2D][U+6587] [U+0639] [U+FF11]"),
        ("❤\ufe0f", "[U+2764]"),
        ("\ud800", "[U+D800]"),
        (HOSTILE, HOSTILE),
    ],
)
def test_texts_become_printable(typed: str, printed: str) -> None:
    assert clean(typed) == printed
    assert clean(printed) == printed


def test_the_fonts_own_table_says_what_is_printable() -> None:
    assert {ord(letter) for letter in "Aaz09é√□–“”≥−Ω"} <= printable()
    assert not {ord(letter) for letter in "中🙏ع☑"} & printable()


def test_a_missing_font_is_named(settings: Settings, tmp_path: Path) -> None:
    assert len(font_files()) == 2
    settings.NODE_MODULES = tmp_path
    with pytest.raises(FontMissing, match=r"Arimo_400Regular\.ttf is missing; run `make setup`"):
        font_files()


@pytest.mark.django_db
def test_what_the_caller_leaves_out_comes_from_agency_and_kind(agency: Agency, actor: Actor) -> None:
    draft = a_draft(agency, actor, context={"facts": [["Hal", "x 🙏\x00"]]}, title="Nota\n Dinas")
    draft.refresh_from_db()
    assert draft.context == {
        "schema": 1,
        "layout": "memo",
        "kind": {"code": "ND", "name": "Nota Dinas", "classification": "000.7.2.8"},
        "letterhead": {
            "government": "Pemerintah Kabupaten Contoh Barat",
            "agency": "Dinas Komunikasi dan Informatika",
            "address": "Jalan Contoh Nomor 1",
            "contact": "Telepon (0742) 00000",
        },
        "title": "Nota Dinas",
        "number": "000.7.2.8/ND.0001/DISKOMINFO/XI/2026",
        "date": "2026-11-22",
        "place": "Kuala Tungkal",
        "facts": [["Hal", "x [U+1F64F]"]],
        "blocks": [],
        "signature": None,
        "footnote": "Dicetak dari Capaian; belum ditandatangani secara elektronik tersertifikasi.",
        "paper": "a4",
        "made_by": {"name": actor.name, "title": "Plt. Kepala Dinas", "position_key": actor.position_key},
    }


@pytest.mark.django_db
def test_a_letterhead_always_names_the_government(agency: Agency, actor: Actor) -> None:
    agency.letterhead_government = ""
    assert a_draft(agency, actor).context["letterhead"]["government"] == "Pemerintah Kabupaten Contoh Barat"
    agency.letterhead_government = "Pemerintah Kota Lain"
    assert a_draft(agency, actor).context["letterhead"]["government"] == "Pemerintah Kota Lain"


@pytest.mark.django_db
def test_the_snapshot_is_frozen(agency: Agency, actor: Actor) -> None:
    draft = a_draft(agency, actor, context={"signature": SIGNATURE, "title": "Judul\ndua baris", "number": "palsu"})
    assert draft.context["number"] == draft.number
    assert draft.context["title"] == "Judul\ndua baris"
    agency.name = "Nama Baru"
    agency.save()
    Kind.objects.filter(code="ND").update(layout="sheet")
    draft.refresh_from_db()
    assert draft.context["letterhead"]["agency"] == "Dinas Komunikasi dan Informatika"
    assert draft.context["layout"] == "memo"
    by = maker(draft)
    assert (by.person_key, by.title, by.agency_key) == (actor.person_key, "Plt. Kepala Dinas", actor.agency_key)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "date": ({"date": "22-11-2026"}, "isoformat"),
    "no number": ({"number": ""}, "needs"),
    "a number as a number": ({"facts": [["Capaian", 95]]}, "not a text"),
    "a float in a table": ({"blocks": [{"kind": "table", "head": ["a"], "rows": [[1.5]]}]}, "not a text"),
    "a short row": ({"blocks": [{"kind": "table", "head": ["a", "b"], "rows": [["1"]]}]}, "has not 2 cells"),
    "a fact alone": ({"facts": [["Hal"]]}, "not a label and a value"),
    "a strange block": ({"blocks": [{"kind": "html"}]}, "is none of"),
    "a strange paper": ({"paper": "letter"}, "is none of"),
    "a strange orientation": ({"orientation": "diagonal"}, "is none of"),
    "no place": ({"place": None}, "not a text"),
    "no signer": ({"signature": {"title": "Kepala"}}, "not a text"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_shapes_are_told(name: str) -> None:
    changes, told = WRONG[name]
    with pytest.raises(ValueError, match=told):
        check(a_context(**changes))


def test_the_right_shape_survives_json() -> None:
    check(json.loads(json.dumps(a_context())))
