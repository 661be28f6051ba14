"""`capaian explain`: real published figures reproduced, explained, or listed as misprints."""

import csv
from pathlib import Path

import pytest

from tests.cli.tables import rows_of, run, write

DATA = Path(__file__).parents[1] / "formulas" / "data"
HEADING = "indicator;unit;polarity;target;actual;published"
# the three printed figures that no formula and no usual slip gives, by line of achievements.csv
MISPRINTS = DATA / "misprints.csv"


def published_rows() -> list[dict[str, str]]:
    with (DATA / "achievements.csv").open(newline="") as file:
        return [{**row, "line": str(line)} for line, row in enumerate(csv.DictReader(file), 2)]


def explained(tmp_path: Path, *lines: str, options: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    source, output = write(tmp_path / "in.csv", HEADING, *lines), tmp_path / "out.csv"
    assert run("explain", source, "--output", output, *options) == 0
    return [(row["difference"], row["explanation"]) for row in rows_of(output)]


def as_printed(row: dict[str, str]) -> str:
    """The published figure with the decimals it was printed with, decimal point."""
    raw = row["raw_published"].rstrip("%").replace(",", ".")
    return raw if row["published_achievement_pct"] else ""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Every row of the collection whose target is a number or missing: source row and output row by line."""
    folder = tmp_path_factory.mktemp("published")
    rows = [row for row in published_rows() if not row["target"].startswith("Level")]
    with (folder / "in.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "unit", "polarity", "target", "actual", "published"])
        for row in rows:
            polarity = {"min": "minimize", "": "predicate" if row["target"] == "WTP" else ""}[row["polarity_if_known"]]
            writer.writerow([row["line"], row["unit"], polarity, row["target"], row["actual"], as_printed(row)])
    assert run("explain", folder / "in.csv", "--decimal", "point", "--output", folder / "out.csv") == 0
    out = {row["line"]: row for row in rows_of(folder / "out.csv", ",")}
    return {row["line"]: (row, out[row["line"]]) for row in rows}


def test_every_figure_marked_with_a_formula_is_reproduced(
    findings: dict[str, tuple[dict[str, str], dict[str, str]]],
) -> None:
    marked = [pair for pair in findings.values() if pair[0]["matches"].split("|")[0] in ("R/T", "(2T-R)/T")]
    assert len(marked) == 172
    for source, row in marked:
        places = len(as_printed(source).partition(".")[2])
        assert row["explanation"] in ("sama", f"sama dalam {places} desimal tercetak"), source


EXPECTED = {
    "R/T(trunc)": "rumus sama, dipotong, tidak dibulatkan",
    "R/T(integer-round)": "rumus sama, dibulatkan ke bilangan bulat",
    "R/T(integer-trunc)": "rumus sama, dipotong ke bilangan bulat",
    "R(published=actual)": "mengulang realisasi",
    "target0": "target nol: capaian tidak terdefinisi, sumber mencetak",
    "no_published": "tidak ada angka terbit",
    "none": "tidak dapat dijelaskan",
}


def test_every_other_figure_is_explained_or_listed_as_a_misprint(
    findings: dict[str, tuple[dict[str, str], dict[str, str]]],
) -> None:
    with MISPRINTS.open(newline="") as file:
        misprints = {row["line"]: row for row in csv.DictReader(file)}
    unexplained = set()
    for line, (source, row) in findings.items():
        mark = source["matches"].split("|")[0]
        if mark in EXPECTED:
            assert row["explanation"].startswith(EXPECTED[mark]), source
        elif mark == "n/a":
            words = ("tidak ada angka terbit", "target kosong, sumber mencetak 100")
            assert row["explanation"] in words, source
        if row["explanation"] == "tidak dapat dijelaskan":
            unexplained.add(line)
            assert misprints[line]["published"] == source["raw_published"]
    assert unexplained == set(misprints)
    # what is left out has neither a number for a target nor a published figure
    left_out = [row for row in published_rows() if row["line"] not in findings]
    assert [row["published_achievement_pct"] for row in left_out] == [""] * 4


@pytest.mark.parametrize(
    ("line", "difference", "explanation"),
    [
        ("x;%;;80;72;90", "0,00", "sama"),
        ("x;%;;80;72;90,00", "0,00", "sama"),
        ("x;%;;3;1;33,333", "0,003", "sama dalam 3 desimal tercetak"),
        ("x;%;;3;1;33", "-0,33", "sama dalam 0 desimal tercetak"),
        ("x;%;;3;1;33,3", "-0,03", "sama dalam 1 desimal tercetak"),
        ("x;%;;3;2;66,66", "-0,01", "rumus sama, dipotong, tidak dibulatkan"),
        ("x;%;;32;1;3,12", "-0,01", "rumus sama, dipotong, tidak dibulatkan"),
        ("x;%;;3;2;67,00", "0,33", "rumus sama, dibulatkan ke bilangan bulat"),
        ("x;%;;3;2;66,00", "-0,67", "rumus sama, dipotong ke bilangan bulat"),
        ("x;%;minimize;10;30;-100", "-100,00", "sama dalam 0 desimal tercetak"),
        ("x;%;minimize;10;30;0", "0,00", "sama"),
        ("x;%;;75;120;120", "-40,00", "mencetak skor yang dibatasi, bukan capaian"),
        ("x;%;;75;120;100", "-60,00", "rumus sama, dibatasi 100"),
        ("x;%;;75;120;150", "-10,00", "rumus sama, dibatasi 150"),
        ("x;%;minimize;10;8;80", "-40,00", "memakai R ÷ T"),
        ("x;%;minimize;10;8;125", "5,00", "memakai T ÷ R"),
        ("x;%;minimize;88,82;135,15;65,72", "17,88", "memakai T ÷ R"),
        ("x;%;minimize_ratio;88,82;135,15;47,84", "-17,88", "memakai (2T − R) ÷ T"),
        ("x;%;maximize;10;12;80", "-40,00", "memakai (2T − R) ÷ T"),
        ("x;%;minimize;10;8;20", "-100,00", "memakai (T − R) ÷ T"),
        ("x;%;maximize;10;12;20", "-100,00", "memakai (R − T) ÷ T"),
        ("x;%;minimize;30;20;150,00", "16,67", "memakai T ÷ R"),
        ("x;%;minimize;7;9;77,7", "6,27", "memakai T ÷ R, dipotong, tidak dibulatkan"),
        ("x;%;minimize;7;9;78,00", "6,57", "memakai T ÷ R, dibulatkan ke bilangan bulat"),
        ("x;%;minimize;10;15;100", "50,00", "memakai R ÷ T, dibatasi 100"),
        ("x;%;maximize;93;50;50", "-3,76", "mengulang realisasi"),
        ("x;%;maximize;80;30;80", "42,50", "mengulang target"),
        ("x;%;maximize;80;93;13", "-103,25", "selisih R − T, bukan persentase"),
        ("x;%;maximize;80;72;0,9", "-89,10", "tidak dikali 100"),
        ("x;%;maximize;80;72;9", "-81,00", "tanda desimal bergeser ke kiri"),
        ("x;%;maximize;80;72;900", "810,00", "tanda desimal bergeser ke kanan"),
        ("x;%;maximize;80;72;9000", "8910,00", "tanda desimal bergeser dua angka ke kanan"),
        ("x;%;maximize;6116339202;5226670463;84,55", "-0,90", "dua angka tertukar"),
        ("x;%;maximize;6116339202;5226670463;85,73", "0,28", "tidak dapat dijelaskan"),
        ("x;%;range_max;80–90;92;113", "10,78", "tidak dapat dijelaskan"),
        ("x;%;maximize;80;72;", "", "tidak ada angka terbit"),
        ("x;%;maximize;80;72;n/a", "", "tidak ada angka terbit"),
        ("x;%;maximize;0;50;100", "", "target nol: capaian tidak terdefinisi, sumber mencetak 100"),
        ("x;%;maximize;0;0;0", "", "target nol: capaian tidak terdefinisi, sumber mencetak 0"),
        ("x;%;maximize;80;;0", "", "realisasi kosong, sumber menganggapnya nol"),
        ("x;%;maximize;80;;50", "", "realisasi kosong, sumber mencetak 50"),
        ("x;%;maximize;;50;100", "", "target kosong, sumber mencetak 100"),
        ("x;%;minimize_ratio;5;-1;100", "", "T ÷ R tidak berlaku untuk realisasi negatif, sumber mencetak 100"),
        ("x;%;predikat;BB;B;80", "0,00", "sama"),
        ("x;%;tonggak;;ya;0", "-100,00", "tidak dapat dijelaskan"),
        ("x;%;maximize;80;72;90%", "0,00", "sama"),
        ("x;dokumen;maximize;80;72;90%", "0,00", "sama"),
    ],
)
def test_explanations(tmp_path: Path, line: str, difference: str, explanation: str) -> None:
    assert explained(tmp_path, line) == [(difference, explanation)]


def test_a_row_may_repeat_the_one_above(tmp_path: Path) -> None:
    lines = ("x;%;;80;72;90", "y;%;;80;48;90", "z;%;;80;64;60", "w;%;;80;20;123")
    assert [words for _, words in explained(tmp_path, *lines)] == [
        "sama", "mengulang angka baris sebelumnya", "mengulang angka baris sebelumnya", "tidak dapat dijelaskan",
    ]  # fmt: skip


def test_a_capped_choice_is_not_called_a_slip(tmp_path: Path) -> None:
    assert explained(tmp_path, "x;%;;75;120;160", options=("--cap", "none")) == [("0,00", "sama")]


def test_the_summary_counts_explanations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(
        tmp_path / "in.csv", HEADING, "a;;;80;72;90", "b;;;3;1;33", "c;;;75;120;100", "d;;;7;3;99", "e;;;7;3;", ""
    )
    assert run("explain", source, "--output", tmp_path / "out.csv") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[lines.index("Angka terbit") + 1 :] == [
        "Sama 1", "Sama dalam desimal tercetak 1", "Berbeda, ada penjelasan 1", "Tidak dapat dijelaskan 1",
        "Tanpa angka terbit 1",
    ]  # fmt: skip


def test_what_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", HEADING, "a;;;80;72;x", "b;;;y;72;90")
    assert run("explain", source) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "F2 (published): “x” bukan angka." in heard.err
    assert "D3 (target): “y” bukan angka." in heard.err
    assert run("explain", write(tmp_path / "in.csv", "target;actual", "1;1")) == 2
    assert "Kolom published atau terbit" in capsys.readouterr().err
