"""`capaian measure`: what comes out for what goes in, for every kind of input and output."""

import csv
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.tables import HEADING, objects_of, rows_of, run, sheet_of, write

GOLDEN = Path(__file__).parents[2] / "docs" / "golden-cases.csv"


def measured(tmp_path: Path, *lines: str, options: tuple[str, ...] = ()) -> list[dict[str, str]]:
    source, output = write(tmp_path / "in.csv", *lines), tmp_path / "out.csv"
    assert run("measure", source, "--output", output, *options) == 0
    return rows_of(output)


def test_the_input_comes_back_with_five_columns_behind_it(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", f"{HEADING};Catatan", "Indeks SPBE;indeks;;3,00;2,85;apa; adanya", encoding="utf-8")
    rows = measured(tmp_path, f"{HEADING};Catatan", '"Indeks; SPBE";indeks;;3,00;2,85;" apa adanya "')
    assert list(rows[0]) == [
        *HEADING.split(";"),
        "Catatan",
        "achievement_raw",
        "achievement",
        "score",
        "category",
        "reason",
    ]
    assert rows[0] == {
        "indikator": "Indeks; SPBE", "satuan": "indeks", "polaritas": "", "target": "3,00", "realisasi": "2,85",
        "Catatan": " apa adanya ", "achievement_raw": "95,000000000000", "achievement": "95,00", "score": "95,00",
        "category": "Sangat Tinggi", "reason": "",
    }  # fmt: skip


def test_every_golden_case_comes_out_of_the_command(tmp_path: Path) -> None:
    """The published cases, measured by the published command."""
    output = tmp_path / "out.csv"
    assert run("measure", GOLDEN, "--decimal", "point", "--output", output) == 0
    rows = [row for row in rows_of(output, ",") if row["polarity"]]
    assert len(rows) == 52
    for row in rows:
        assert [row[name] for name in ("achievement", "score", "category", "reason")] == [
            row[f"expected_{name}"] for name in ("achievement", "score", "category", "reason")
        ], row["case"]
        if row["expected_raw"]:
            assert re.fullmatch(r"-?\d+\.\d{12}", row["achievement_raw"])
            assert round(Decimal(row["achievement_raw"]), 2) == Decimal(row["expected_raw"])


def test_headings_in_any_case_order_and_language(tmp_path: Path) -> None:
    rows = measured(tmp_path, "REALISASI;Target;Polarisasi;Nama Indikator", "8;10;Semakin rendah semakin baik;x")
    assert rows[0]["achievement"] == "120,00"
    rows = measured(tmp_path, "Actual,TARGET", "8,10")
    assert rows_of(tmp_path / "out.csv", ",")[0]["achievement"] == "80,00"


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("bom", [True, False])
def test_delimiter_and_byte_order_mark_stay(tmp_path: Path, delimiter: str, *, bom: bool) -> None:
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["target", "realisasi"], ["1,5", "3"]])
    assert run("measure", source, "--output", output) == 0
    assert output.read_bytes().startswith(b"\xef\xbb\xbf") is bom
    assert rows_of(output, delimiter)[0]["achievement"] == "200,00"


def test_decimal_point_reads_and_writes_points(tmp_path: Path) -> None:
    source, output = write(tmp_path / "in.csv", "target,actual", '"1,234.5",1111.05'), tmp_path / "out.csv"
    assert run("measure", source, "--decimal", "point", "--output", output) == 0
    assert rows_of(output, ",")[0]["achievement_raw"] == "90.000000000000"


@pytest.mark.parametrize(
    ("options", "achievements"),
    [
        ((), ["75,00", "80,00", "100,00"]),
        (("--minimize", "ratio"), ["80,00", "80,00", "100,00"]),
        (("--minimize", "linear"), ["75,00", "80,00", "100,00"]),
    ],
)
def test_minimize_never_governs_minimize_ratio(
    tmp_path: Path, options: tuple[str, ...], achievements: list[str]
) -> None:
    lines = ("polarity;target;actual", "minimize;8;10", "minimize_ratio;8;10", "range_min;7;7")
    rows = measured(
        tmp_path,
        "polarity;target;actual;target_low;target_high",
        *(f"{line};7;8" for line in lines[1:]),
        options=options,
    )
    assert [row["achievement"] for row in rows] == achievements


@pytest.mark.parametrize(
    ("cap", "scores"),
    [
        ("120", ["120,00", "110,00", "0,00"]), ("none", ["160,00", "110,00", "0,00"]),
        ("100", ["100,00", "100,00", "0,00"]),
        ("110,5", ["110,50", "110,00", "0,00"]), ("110.5", ["110,50", "110,00", "0,00"]),
        ("tanpa", ["160,00", "110,00", "0,00"]),
        ("110,0050", ["110,01", "110,00", "0,00"]),
    ],
)  # fmt: skip
def test_caps_bound_the_score_only(tmp_path: Path, cap: str, scores: list[str]) -> None:
    rows = measured(tmp_path, "target;actual", "100;160", "100;110", "100;-5", options=("--cap", cap))
    assert [row["score"] for row in rows] == scores
    assert [row["achievement"] for row in rows] == ["160,00", "110,00", "0,00"]
    assert [row["achievement_raw"] for row in rows] == ["160,000000000000", "110,000000000000", "-5,000000000000"]


def test_scales_have_names(tmp_path: Path) -> None:
    rows = measured(tmp_path, "target;actual", "100;99,99", options=("--scale", "kemenkeu"))
    assert rows[0]["category"] == "Kuning"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x;%;;10;", "belum ada realisasi"), ("x;%;;10;n/a", "belum ada realisasi"),
        ("x;%;;10;  ", "belum ada realisasi"),
        ("x;%;;;10", "target belum ditetapkan"), ("x;%;;N/A;10", "target belum ditetapkan"),
        ("x;%;;;", "target belum ditetapkan"),
        ("x;%;;0;0", "target nol"), ("x;%;;0;3", "target nol, ada realisasi tanpa target"),
        ("x;%;stabil;0;3", "target nol"),
        ("x;%;predikat;BB;", "belum ada realisasi"), ("x;%;predikat;;B", "target belum ditetapkan"),
        ("x;%;tonggak;;", "belum ada realisasi"), ("x;%;rentang_maks;80–90;", "belum ada realisasi"),
        ("x;%;rentang_maks;;5", "target belum ditetapkan"),
        ("x;%;min_rasio;5;-1", "T ÷ R tidak berlaku untuk realisasi negatif"),
    ],
)  # fmt: skip
def test_what_has_no_number_says_why_and_is_no_error(tmp_path: Path, line: str, reason: str) -> None:
    row = measured(tmp_path, HEADING, line)[0]
    assert [row[name] for name in ("achievement_raw", "achievement", "score", "category")] == [""] * 4
    assert row["reason"] == reason


@pytest.mark.parametrize(
    ("line", "achievement"),
    [
        ("x;%;;100%;90,5 %", "90,50"), ("x;Persen;;100%;90,5%", "90,50"), ("x;;;100%;90,5%", "90,50"),
        ("x;Rp;;Rp 1.000.000,-;Rp 905.000", "90,50"), ("x;orang;;1.234;1.234", "100,00"),
        ("x;orang;;(5);(4)", "120,00"),
        ("x;x;rentang_maks;80-90;92", "102,22"), ("x;x;rentang_maks;80 s.d. 90;70", "87,50"),
        ("x;x;rentang min;7 – 8;6,5", "107,14"),
        ("x;%;rentang_maks;80%–90%;92%", "102,22"), ("x;x;rentang_maks;80 sampai 90;85", "100,00"),
        ("x;x;range_max;80 s/d 90;85", "100,00"),
        ("x;x;rentang_maks;-5 - -1;-3", "100,00"),
        ("x;x;predikat;bb;B", "80,00"), ("x;x;predikat;WTP;WDP", "75,00"),
        ("x;x;tonggak;;Ya", "100,00"), ("x;x;tonggak;selesai;belum selesai", "0,00"), ("x;x;tonggak;5;4", "80,00"),
        ("x;x;tonggak;1;1", "100,00"), ("x;x;tonggak;1;0", "0,00"), ("x;x;tonggak;;1", "100,00"),
        ("x;x;tonggak;;0", "0,00"),
        ("x;%;tonggak;;60%", "60,00"), ("x;x;tonggak;Dokumen terbit;sudah", "100,00"),
        ("x;%;tonggak;100%;60%", "60,00"),
        ("x;x;tonggak;5;selesai", "100,00"),
    ],
)  # fmt: skip
def test_ways_of_writing(tmp_path: Path, line: str, achievement: str) -> None:
    assert measured(tmp_path, HEADING, line)[0]["achievement"] == achievement


def test_blank_rows_vanish_and_short_rows_are_filled(tmp_path: Path) -> None:
    rows = measured(tmp_path, "", HEADING, "x;%;;10;9", "", ";;;;", "y;%;;10", "z;%;;10;8;;;", " ; ;;;")
    assert [(row["indikator"], row["achievement"]) for row in rows] == [
        ("x", "90,00"),
        ("y", ""),
        ("z", "80,00"),
        (" ", ""),
    ]


TITLED = (
    "PENGUKURAN KINERJA TAHUN 2025;;",
    "",
    "Dinas Kominfo",
    "No;Indikator Kinerja;Target;Realisasi",
    "(1);(2);(3);(4)",
    "1;SPBE;10;9",
)


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_titles_and_column_numbers_are_left_out_and_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    output = tmp_path / f"out{ending}"
    assert run("measure", write(tmp_path / "in.csv", *TITLED), "--output", output) == 0
    rows = rows_of(output) if ending == ".csv" else objects_of(output)
    assert [(row["Indikator Kinerja"], row["achievement"]) for row in rows] == [("SPBE", "90,00")]
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Judul kolom ditemukan pada baris 4; baris di atasnya tidak ikut.",
        "Baris 5 berisi nomor kolom dan tidak ikut.",
    ]  # fmt: skip
    assert run("measure", write(tmp_path / "in.csv", *TITLED, "2;x;y;9"), "--output", output) == 2
    assert "C7 (Target): “y”" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["1;2;3;5", "1;x;3;4", "2;3;4;5", ";;1;2"])
def test_other_rows_below_the_heading_count(tmp_path: Path, line: str) -> None:
    rows = measured(tmp_path, "No;Indikator;Target;Realisasi", line, "9;y;10;9")
    assert len(rows) == 2
    assert len(measured(tmp_path, "target;actual;bobot", "1;2;3")) == 1


def test_cells_that_begin_like_formulas_become_text(tmp_path: Path) -> None:
    texts = ["=1+1", "+x", "-x", "@SUM(A1)", "\tx", "\uff1d1", "-5", "+5", "-", "−5", "normal", "'=1"]
    rows = measured(tmp_path, "indikator;target;actual", *(f'"{text}";1;1' for text in texts))
    assert [row["indikator"] for row in rows] == [
        "'=1+1", "'+x", "'-x", "'@SUM(A1)", "'\tx", "'\uff1d1", "-5", "+5", "-", "−5", "normal", "'=1",
    ]  # fmt: skip


def test_json_has_text_numbers_and_nulls(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "target;actual;;target_low;x;x", "10;8;a;;b;=c", "10;;;;;")
    assert run("measure", source, "--output", tmp_path / "out.json") == 0
    assert objects_of(tmp_path / "out.json") == [
        {"target": "10", "actual": "8", "kolom_3": "a", "target_low": "", "x": "b", "x_6": "=c",
         "achievement_raw": "80,000000000000", "achievement": "80,00", "score": "80,00", "category": "Tinggi",
         "reason": None},
        {"target": "10", "actual": "", "kolom_3": "", "target_low": "", "x": "", "x_6": "", "achievement_raw": None,
         "achievement": None, "score": None, "category": None, "reason": "belum ada realisasi"},
    ]  # fmt: skip
    assert run("measure", write(tmp_path / "in.csv", "target;actual"), "--output", tmp_path / "out.json") == 0
    assert objects_of(tmp_path / "out.json") == []


def test_xlsx_has_real_numbers_and_no_formula(tmp_path: Path) -> None:
    lines = (
        "indikator;target;realisasi",
        "=1+1;1.234,5;1.111,05",
        "x;1234567890123456;1",
        "y;10;",
        "z;90%;81%",
        "w;-3;1",
    )
    source = write(tmp_path / "in.csv", *lines)
    assert run("measure", source, "--output", tmp_path / "out.xlsx") == 0
    cells = sheet_of(tmp_path / "out.xlsx")
    assert cells[1] == ["=1+1", 1234.5, 1111.05, 90.0, 90.0, 90.0, "Tinggi", ""]
    assert cells[2][1] == "1234567890123456"
    assert cells[3] == ["y", 10.0, "", "", "", "", "", "belum ada realisasi"]
    assert cells[4][1:3] == ["90%", "81%"]
    assert cells[5][1] == -3.0


def test_a_table_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    long = "Persentase layanan yang selesai tepat waktu menurut standar"
    assert run("measure", write(tmp_path / "in.csv", "indikator;target;actual", f"{long};10;9", "\x1b[31mx;10;")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "indikator",
        "target",
        "actual",
        "achievement_raw",
        "achievement",
        "score",
        "category",
        "reason",
    ]
    assert set(lines[1]) == {"-", " "}
    assert lines[2].startswith(f"{long[:39]}…      10       9  90,000000000000        90,00  90,00  Tinggi")
    assert lines[3].startswith(" [31mx ")
    assert lines[4] == ""
    assert lines[5].split() == ["Baris", "2"]
    monkeypatch.setenv("COLUMNS", "100")
    assert run("measure", tmp_path / "in.csv") == 0
    said = capsys.readouterr().out
    assert long[:20] not in said
    assert "belum ada realisasi" in said


def test_the_summary_counts_rows_reasons_categories_and_the_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ("target;actual;weight", "10;10;3", "10;9;2", "10;6;1", "10;;5", "0;1;5", "10;25;0", "10;;", "10;9,0;")
    write(tmp_path / "in.csv", *lines)
    assert run("measure", tmp_path / "in.csv", "--output", tmp_path / "out.csv") == 0
    lines_out = capsys.readouterr().out.splitlines()
    assert len({line.index(line.split("  ")[-1]) for line in lines_out[:3]}) == 1
    assert [" ".join(line.split()) for line in lines_out] == [
        "Baris 8",
        "Terukur 5",
        "Tidak terukur 3",
        "belum ada realisasi 2",
        "target nol, ada realisasi tanpa target 1",
        "Rata-rata skor 90,00 (berbobot; 5 dari 8 dilaporkan)",
        "Sangat Tinggi 2",
        "Tinggi 2",
        "Rendah 1",
        "Rumus minimize (2T − R) ÷ T; batas skor 120; skala permendagri (Skala lima tingkat).",
    ]
    write(tmp_path / "in.csv", "target;actual", "10;")
    assert (
        run("measure", tmp_path / "in.csv", "--cap", "none", "--minimize", "ratio", "--output", tmp_path / "out.csv")
        == 0
    )
    lines_out = capsys.readouterr().out.splitlines()
    assert not any("Rata-rata" in line for line in lines_out)
    assert lines_out[-1].startswith("Rumus minimize T ÷ R; batas skor tanpa batas;")


@pytest.mark.parametrize(
    ("rows", "mean"),
    [
        (["100;100", "100;150"], "110,00"), (["3;1", "3;1", "3;1"], "33,33"), (["3;1", "3;2"], "50,00"),
        (["100;90,01", "100;100"], "95,01"), (["300;100", "300;100", "300;100,045"], "33,34"),
        (["100;-5", "100;100"], "50,00"),
    ],
)  # fmt: skip
def test_the_mean_is_of_unrounded_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[str], mean: str
) -> None:
    assert run("measure", write(tmp_path / "in.csv", "target;actual", *rows)) == 0
    assert re.search(r"Rata-rata skor\s+(\S+)", capsys.readouterr().out)[1] == mean  # type: ignore[index]


def test_it_starts_without_django(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", "target;actual", "1;1")
    code = (
        "import sys; from capaian.cli.main import main; "
        "code = main(sys.argv[1:]); assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "measure", str(tmp_path / "in.csv")], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [["formulas"], ["measure", "in.csv"]])
def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path, words: list[str]) -> None:
    write(tmp_path / "in.csv", "target;actual", *["1;1"] * 5000)
    command = subprocess.Popen(
        [sys.executable, "-m", "capaian.cli", *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])},
    )  # fmt: skip
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.readline()
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait(60) == 0
