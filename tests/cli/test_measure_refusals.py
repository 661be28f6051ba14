"""`capaian measure`: what cannot be read is named by its cell, ends with status 2, and nothing is written."""

from pathlib import Path

import pytest

from tests.cli.tables import HEADING, run, write


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("x;%;;12.5;10", "D2 (target)", "--decimal point"),
        ("x;%;;10;12.5", "E2 (realisasi)", "tanda desimal di sini koma"),
        ("x;%;;10;1.23", "E2 (realisasi)", "Titik hanya boleh memisahkan ribuan"),
        ("x;%;;10;dua", "E2 (realisasi)", "“dua” bukan angka"),
        ("x;%;;10;-", "E2 (realisasi)", "Tulis 0, atau kosongkan"), ("x;%;;10;1e3", "E2 (realisasi)", "bukan angka"),
        ("x;%;;#DIV/0!;1", "D2 (target)", "bukan angka"),
        ("x;%;naik;10;1", "C2 (polaritas)", "Polaritas “naik” tidak dikenal"),
        ("x;dokumen;;10;85%", "E2 (realisasi)", "satuannya bukan persen"),
        ("x;x;predikat;TMP;B", "D2 (target)", "Predikat “TMP” tidak dikenal"),
        ("x;x;predikat;BB;WTP", "E2 (realisasi)", "tidak ada di antara E, D"),
        ("x;x;rentang_maks;85;90", "D2 (target)", "bukan rentang"),
        ("x;x;rentang_maks;90-80;85", "D2 (target)", "Batas bawah di atas batas atas"),
        ("x;x;tonggak;;60", "E2 (realisasi)", "Tulis ya atau belum"),
        ("x;x;tonggak;;mungkin", "E2 (realisasi)", "bukan angka"), ("x;%;;10;1;9", "F2", "di luar kolom berjudul"),
        ("x;%;;2026-03-01;1", "D2 (target)", "bukan angka"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, cell: str, words: str
) -> None:
    source, output = write(tmp_path / "in.csv", HEADING, line), tmp_path / "out.csv"
    assert run("measure", source, "--output", output) == 2
    heard = capsys.readouterr()
    assert f"{cell}: " in heard.err
    assert words in heard.err
    assert heard.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]
    assert run("measure", source) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("lines", "cell", "words"),
    [
        ("target;actual;bobot\n1;1;-1", "C2 (bobot)", "Bobot tidak boleh negatif"),
        ("target;actual;bobot\n1;1;0,1234567890123", "C2 (bobot)", "paling banyak 12 desimal"),
        ("target;actual;polarity;toleransi\n1;1;stabil;-5", "D2 (toleransi)", "Toleransi tidak boleh negatif"),
        ("target;actual;polarity;target_low;target_high\n1;1;range_max;9;8", "D2 (target_low)", "di atas batas atas"),
        ("target;actual;polarity;target_low;target_high\n1;1;range_max;x;8", "D2 (target_low)", "bukan angka"),
    ],
)
def test_other_columns_are_read_as_strictly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: str, cell: str, words: str
) -> None:
    assert run("measure", write(tmp_path / "in.csv", lines)) == 2
    heard = capsys.readouterr().err
    assert f"{cell}: " in heard
    assert words in heard


def test_all_cells_at_fault_are_named_up_to_twenty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", "target;actual", *["x;1"] * 23)
    assert run("measure", source) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "23 sel tidak dapat dibaca; tidak ada yang ditulis."
    assert [line.partition(" ")[0] for line in lines[1:21]] == [f"A{row}" for row in range(2, 22)]
    assert lines[21] == "… dan 3 sel lain."
    source = write(tmp_path / "in.csv", "target;actual", *["x;1"] * 5000)
    assert run("measure", source) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Sedikitnya 2000 sel")
    assert lines[-1] == "… dan sedikitnya 1980 sel lain."


def test_an_older_output_survives_a_refusal(tmp_path: Path) -> None:
    source, output = write(tmp_path / "in.csv", "target;actual", "x;1"), write(tmp_path / "out.csv", "lama")
    assert run("measure", source, "--output", output) == 2
    assert output.read_text() == "lama\n"
    write(source, "target;actual", "1;1")
    assert run("measure", source, "--output", output) == 0
    assert output.read_text().startswith("target;actual;achievement_raw")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["indikator;nilai", "x;1"], "Kolom target, actual atau realisasi tidak ditemukan"),
        (["target;nilai", "x;1"], "Judul yang terbaca: target, nilai."),
        (["target;realisasi;actual", "1;1;1"], "B1 dan C1 sama-sama berarti kolom actual"),
        (["target;actual;Score", "1;1;1"], "C1: kolom “Score” ditambahkan oleh perintah ini"),
        (["", ""], "kosong. Baris pertama harus memuat judul kolom."),
        (['target;actual\n"1;1'], "tanda petik tidak berpasangan"),
        (['target;actual\n"1"x;1'], "tanda petik tidak berpasangan"),
    ],
)
def test_tables_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], words: str) -> None:
    assert run("measure", write(tmp_path / "in.csv", *lines)) == 2
    assert words in capsys.readouterr().err


def test_files_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", "target;actual", "1;1")
    cases = [
        ((tmp_path / "tidak-ada.csv",), "tidak ditemukan"),
        ((tmp_path,), "adalah folder"),
        ((source, "--output", tmp_path / "out.txt"), "harus .csv, .xlsx, atau .json"),
        ((source, "--output", tmp_path / "x" / "out.csv"), "Buat dahulu foldernya"),
        ((source, "--output", source), "Keluaran sama dengan masukan"),
    ]
    for words, sentence in cases:
        assert run("measure", *words) == 2
        assert sentence in capsys.readouterr().err
    (tmp_path / "latin.csv").write_bytes("target;actual;x\n1;1;é\n".encode("latin-1"))
    assert run("measure", tmp_path / "latin.csv") == 2
    assert "bukan teks UTF-8" in capsys.readouterr().err
    (tmp_path / "lama.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    assert run("measure", tmp_path / "lama.xls") == 2
    assert "Simpan sebagai .xlsx tanpa sandi" in capsys.readouterr().err
    (tmp_path / "palsu.xlsx").write_text("<html><table><tr><td>target</td></tr></table></html>")
    assert run("measure", tmp_path / "palsu.xlsx") == 2
    assert "bukan berkas XLSX yang utuh" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [("--cap", "0"), ("--cap", "x"), ("--cap", "-5"), ("--scale", "x"), ("--decimal", "x")]
)
def test_options_that_are_none(tmp_path: Path, options: tuple[str, str]) -> None:
    source = write(tmp_path / "in.csv", "target;actual", "1;1")
    with pytest.raises(SystemExit) as stopped:
        run("measure", source, *options)
    assert stopped.value.code == 2
