"""The shipped SOPs say what the seed says, word for word; whatever is added to it is marked."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from capaian.sop.shipped import FULL, SHORT, shipped, shipped_text

Spec = dict[str, Any]
SEED: Spec = yaml.safe_load((Path(__file__).parent / "data" / "seed.yaml").read_text(encoding="utf-8"))
TABLES = dict(zip(FULL, SEED["sops"], strict=True))
UNITS = {"menit": "minute", "hari": "day"}


def printed(rows: list[Spec] | None) -> list[str]:
    """Return the names of documents that stand in the SOP."""
    return [row["name"] for row in rows or [] if row.get("printed", True)]


def step_differences(step: Spec, seed: Spec) -> Iterator[str]:
    """Yield every cell of a row that is not the seed's."""
    waktu = seed["waktu"] or {}
    time = {"amount": waktu.get("value"), "unit": UNITS.get(waktu.get("unit", "")), "printed": waktu.get("raw")}
    reading = seed.get("waktu_reading")
    proposed = {"amount": reading["value"], "unit": UNITS[reading["unit"]]} if reading else None
    branches = {row["label"]: row for row in (seed.get("decision") or {}).get("branches", [])}
    cells = {
        "key": (step["key"], seed["id"]),
        "text": (step["text"], seed["uraian"]),
        "inputs": (printed(step.get("inputs")), seed["kelengkapan"]),
        "outputs": (printed(step.get("outputs")), seed["output"] or []),
        "time": (step["time"], time if seed["waktu"] else None),
        "proposed": (step.get("proposed_time"), proposed),
        "note": (step.get("note") or None, seed["keterangan"]),
        "kind": (step.get("kind") == "decision", seed["kind"] == "decision"),
        "next": (step["next"], branches["Ya"]["to"] if branches else seed["next"]),
    }
    if branches:
        no = branches["Tidak"]
        wanted = {no["to_reading"], *no["alternatives"]}
        cells["returns"] = ({row["to"] for row in step["returns"]}, wanted)
        cells["default"] = ([row["to"] for row in step["returns"] if row.get("default")], [no["to_reading"]])
    yield from (
        f"{seed['id']} {name}: {ours!r} ≠ {theirs!r}" for name, (ours, theirs) in cells.items() if ours != theirs
    )


def differences(spec: Spec, seed: Spec) -> list[str]:
    """Return everything in which a shipped table is not the seed's."""
    found = [] if spec["title_printed"] == seed["title_as_printed"] else ["title"]
    if [step["key"] for step in spec["steps"]] != [step["id"] for step in seed["steps"]]:
        return [*found, "steps"]
    rows = zip(spec["steps"], seed["steps"], strict=True)
    return [*found, *(fault for step, row in rows for fault in step_differences(step, row))]


@pytest.mark.parametrize("key", FULL)
def test_the_tables_are_the_seeds_word_for_word(key: str) -> None:
    assert differences(dict(shipped(key)), TABLES[key]) == []


def letters(spec: Spec, step: str, *path: str | int) -> None:
    """Change the last word of a text in place."""
    row: Any = next(row for row in spec["steps"] if row["key"] == step)
    for key in path[:-1]:
        row = row[key]
    row[path[-1]] = f"{row[path[-1]]} "


CHANGES: list[tuple[str, Callable[[Spec], object]]] = [
    ("pengumpulan", lambda spec: letters(spec, "A03", "text")),
    ("pengumpulan", lambda spec: letters(spec, "A06", "inputs", 0, "name")),
    ("pengumpulan", lambda spec: letters(spec, "A09", "outputs", 0, "name")),
    ("pengukuran", lambda spec: letters(spec, "B09", "time", "printed")),
    (
        "pengumpulan",
        lambda spec: spec["steps"][10].update(time={"amount": 30, "unit": "minute", "printed": "30 Menit"}),
    ),
    ("pengumpulan", lambda spec: spec["steps"][0].update(proposed_time={"amount": 5, "unit": "minute"})),
    ("pengukuran", lambda spec: spec["steps"][7].update(proposed_time=None)),
    ("pengumpulan", lambda spec: spec["steps"][0].update(note="-")),
    ("pengumpulan", lambda spec: spec["steps"][11]["outputs"][0].update(printed=True)),
    ("pengumpulan", lambda spec: spec["steps"][3]["inputs"].pop()),
    ("pengukuran", lambda spec: spec["steps"][7]["returns"].pop()),
    ("pengukuran", lambda spec: spec["steps"].pop()),
    ("pengukuran", lambda spec: spec.update(title_printed="SOP")),
]


@pytest.mark.parametrize(("key", "change"), CHANGES)
def test_a_changed_word_is_noticed(key: str, change: Callable[[Spec], object]) -> None:
    spec: Spec = deepcopy(dict(shipped(key)))
    change(spec)
    assert differences(spec, TABLES[key])


@pytest.mark.parametrize(("key", "minutes", "days", "blank"), [(FULL[0], 550, 2, [11, 12]), (FULL[1], 485, 1, [8, 10])])
def test_standard_times_add_up(key: str, minutes: int, days: int, blank: list[int]) -> None:
    times = {place: step["time"] for place, step in enumerate(shipped(key)["steps"], start=1)}
    assert sum(time["amount"] for time in times.values() if time and time["unit"] == "minute") == minutes
    assert sum(time["amount"] for time in times.values() if time and time["unit"] == "day") == days
    assert [place for place, time in times.items() if time is None] == blank
    total = TABLES[key]["standard_time_total"]
    assert (total["menit"], total["hari"], total["steps_without_time"]) == (minutes, days, blank)


def test_proposed_times_are_those_of_the_seed_only() -> None:
    proposed = {
        step["key"]: step["proposed_time"]["amount"]
        for key in (*FULL, *SHORT)
        for step in shipped(key)["steps"]
        if step.get("proposed_time")
    }
    assert proposed == {"A11": 30, "B08": 90}


def test_the_columns_are_those_of_the_table() -> None:
    for key in (*FULL, *SHORT):
        columns = sorted((role["ordinal"], role["label"]) for role in shipped(key)["roles"] if role.get("ordinal"))
        assert [label for _, label in columns] == ["Kepala", "Sekretaris", "Bidang", "Tim SAKIP", "Staf"]


SHARED = ("text", "work", "kind", "fan_out", "parties", "time", "proposed_time", "note")


@pytest.mark.parametrize(("short", "full"), [*zip(SHORT, FULL, strict=True)])
def test_short_variants_use_the_words_of_the_full_ones(short: str, full: str) -> None:
    whole = {step["key"]: step for step in shipped(full)["steps"]}
    for step in shipped(short)["steps"]:
        same = whole[step["key"]]
        assert {name: step.get(name) for name in SHARED} == {name: same.get(name) for name in SHARED}
        assert printed(step["inputs"]) == printed(same["inputs"])
        left_out = [name for name in printed(same["outputs"]) if name not in printed(step["outputs"])]
        assert left_out == (["Lembar Disposisi"] if step["key"] == "B08" else []), "its step B09 is left out"
        assert printed(step["outputs"]) == [name for name in printed(same["outputs"]) if name not in left_out]
        assert not left_out or is_marked(step["readings"], "output", "Lembar Disposisi tidak dibuat")
    kept = {"A": ["A06", "A07", "A08", "A10", "A12"], "B": ["B05", "B06", "B08", "B10"]}
    assert [step["key"] for step in shipped(short)["steps"]] == kept[shipped(short)["stands_for"]]
    assert shipped(short)["reason"]
    assert shipped(short)["title_printed"] == shipped(full)["title_printed"]


# --- chapters I to IX -------------------------------------------------------------------------------------------


def seed_chapters() -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """Yield number and heading of each chapter, with its sentences and whether the seed corrects them."""
    document = SEED["document"]
    for chapter in document["chapters"]:
        content = document[chapter["key"]]
        lead = document.get(f"{chapter['key']}_pengantar")
        sentences = [(lead, False)] if lead else []
        if chapter["key"] == "prosedur":
            for part in content:
                sentences.append((f"{part['letter']}. {part['heading']}", False))
                sentences += [(row["text"], "reading" in row) for row in part["items"]]
        else:
            rows = content if isinstance(content, list) else [content]
            pairs = [row if isinstance(row, dict) else {"text": row} for row in rows]
            sentences += [(row["text"], "reading" in row or "note" in row) for row in pairs]
        yield f"{chapter['number']} {chapter['heading']}", sentences


def text_differences(text: Spec) -> list[str]:
    """Return everything in which the shipped chapters are not the seed's, misprints without a note included."""
    document = SEED["document"]
    found = [name for name, key in (("title", "title_as_printed"), ("agency", "agency")) if text[name] != document[key]]
    if text["columns"] != document["table_columns_as_printed"]:
        found.append("columns")
    ours = [(f"{chapter['number']} {chapter['heading']}", chapter["blocks"]) for chapter in text["chapters"]]
    theirs = list(seed_chapters())
    if [heading for heading, _ in ours] != [heading for heading, _ in theirs]:
        return [*found, "headings"]
    for (heading, blocks), (_, sentences) in zip(ours, theirs, strict=True):
        if [block["text"] for block in blocks] != [sentence for sentence, _ in sentences]:
            found.append(heading)
        found += [
            f"{heading}: no note beside {sentence!r}"
            for block, (sentence, corrected) in zip(blocks, sentences, strict=False)
            if corrected and not block.get("note")
        ]
    return found


def test_the_chapters_are_the_seeds_word_for_word() -> None:
    assert text_differences(shipped_text()) == []
    counts = [len(sentences) for _, sentences in seed_chapters()]
    assert counts == [3, 4, 4, 8, 7, 2, 1, 5, 25], "no chapter of the seed is left out"


@pytest.mark.parametrize("chapter", range(9))
def test_a_changed_or_missing_sentence_is_noticed(chapter: int) -> None:
    text = deepcopy(shipped_text())
    text["chapters"][chapter]["blocks"][-1]["text"] += "."
    assert text_differences(text)
    text = deepcopy(shipped_text())
    text["chapters"][chapter]["blocks"].pop()
    assert text_differences(text)


def test_a_misprint_without_note_is_noticed() -> None:
    text = deepcopy(shipped_text())
    del text["chapters"][3]["blocks"][0]["note"]
    (fault,) = text_differences(text)
    assert fault.startswith("IV DASAR HUKUM: no note beside 'Undang-Undang Nomor 25 tahun 2004")


def test_items_are_numbered_by_their_order() -> None:
    for chapter in shipped_text()["chapters"]:
        place = 0
        for block in chapter["blocks"]:
            place = place + 1 if block["kind"] == "item" else 0
            assert block["kind"] != "item" or block["number"] == str(place)


# --- readings ---------------------------------------------------------------------------------------------------

#: every unclear place that has to do with a step: which, in which cell it is marked, a word of its reading
PLACES = [
    ("who performs", key, "pelaksana", "") for file in FULL for key in [step["key"] for step in shipped(file)["steps"]]
]
PLACES += [
    ("one sentence in two items", "A02", "uraian", "satu kalimat"),
    ("collection of what", "A03", "uraian", "pengumpulan data kinerja"),
    ("one document or two", "A04", "kelengkapan", "SAKIP MENPAN RB"),
    ("draft, form, blank", "A05", "kelengkapan", "satu formulir"),
    ("a misprint", "A06", "kelengkapan", "formulir"),
    ("the Sekretariat has no column", "A06", "pelaksana", "Sekretariat"),
    ("who submits", "A07", "pelaksana", "penyampai data"),
    ("when the recapitulation begins", "A07", "alur", "semua unit"),
    ("a form returned without a decision", "A07", "alur", "mengembalikan formulir satu unit"),
    ("draft and final report", "A09", "output", "final"),
    ("draft and final report", "A10", "output", "draf"),
    ("where No leads", "A10", "keputusan", "langkah 8"),
    ("how many rounds", "A10", "keputusan", "putaran"),
    ("what Yes leads to", "A10", "keputusan", "Laporan Kinerja"),
    ("blank time", "A11", "waktu", "Usulan 30 menit"),
    ("no gate of approval", "A11", "alur", "Bukan gerbang"),
    ("table and narrative differ", "A11", "uraian", "Bab IX"),
    ("blank time", "A12", "waktu", "tidak ada usulan"),
    ("a column that slipped", "A12", "kelengkapan", "luaran"),
    ("table and narrative differ", "A12", "uraian", "Menyimpan"),
    ("who orders in the head's absence", "A01", "pelaksana", "Plh."),
    ("who orders in the head's absence", "B01", "pelaksana", "Plh."),
    ("two documents of one name", "B03", "output", "tersendiri"),
    ("a misprint", "B04", "uraian", "indikator"),
    ("a reference without title", "B04", "kelengkapan", "53 Tahun 2014"),
    ("where the targets stand", "B04", "kelengkapan", "Perjanjian Kinerja"),
    ("two papers of one name", "B04", "output", "templat"),
    ("two papers of one name", "B05", "output", "terisi"),
    ("a shorter name", "B05", "kelengkapan", "langkah 4"),
    ("a document nobody makes", "B05", "kelengkapan", "langkah 10"),
    ("where the targets stand", "B05", "kelengkapan", "Perjanjian Kinerja"),
    ("draft and final report", "B07", "output", "setelah Sekretaris setuju"),
    ("draft and final report", "B08", "output", "draf dari langkah 7"),
    ("blank time", "B08", "waktu", "Usulan 90 menit"),
    ("where No leads", "B08", "keputusan", "langkah 6"),
    ("how many rounds", "B08", "keputusan", "putaran"),
    ("what Yes leads to", "B08", "keputusan", "Evaluasi"),
    ("an empty sheet", "B08", "output", "lembar kosong"),
    ("no gate of approval", "B09", "alur", "Bukan gerbang"),
    ("blank time", "B10", "waktu", "tidak ada usulan"),
    ("a column that slipped", "B10", "kelengkapan", "luaran"),
    ("table and narrative differ", "B10", "uraian", "Menyimpan"),
]
READINGS = {step["key"]: step["readings"] for file in FULL for step in shipped(file)["steps"]}


def is_marked(readings: list[Spec], subject: str, word: str) -> bool:
    """Tell whether a cell has a reading with this word, and says on what basis."""
    return any(row["subject"] == subject and word in row["text"] and row["basis"] for row in readings)


@pytest.mark.parametrize(("what", "step", "subject", "word"), PLACES)
def test_every_unclear_place_of_a_step_is_marked(what: str, step: str, subject: str, word: str) -> None:
    assert is_marked(READINGS[step], subject, word), what


def test_a_place_without_mark_is_noticed() -> None:
    for _, step, subject, word in PLACES:
        others = [row for row in READINGS[step] if not (row["subject"] == subject and word in row["text"])]
        assert not is_marked(others, subject, word)


def test_blank_times_are_marked_wherever_they_stand() -> None:
    for key in (*FULL, *SHORT):
        for step in shipped(key)["steps"]:
            subjects = {row["subject"] for row in step["readings"]}
            assert ("waktu" in subjects) == (step["time"] is None), step["key"]


def test_documents_nobody_makes_are_marked_as_such() -> None:
    sources = {
        (step["key"], needed["name"]): needed["source"]
        for key in FULL
        for step in shipped(key)["steps"]
        for needed in step["inputs"]
        if needed["source"] != "step"
    }
    assert sources == {
        ("A01", "Blangko Nota Dinas"): "template",
        ("A04", "RENSTRA"): "external",
        ("A04", "Hasil Survey"): "external",
        ("A04", "Laporan Hasil Evaluasi"): "external",
        ("A04", "SAKIP MENPAN RB"): "external",
        ("A05", "Draft Formulir pengumpulan data capaian kinerja"): "template",
        ("B01", "Blangko Nota Dinas"): "template",
        ("B04", "Juknis Pengukuran Kinerja MenPAN"): "external",
        ("B04", "RENSTRA"): "external",
    }
