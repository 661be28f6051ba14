"""The achievement standard as text, Markdown and golden cases, made from the formulas themselves."""

import csv
import io
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from capaian.formulas.achievement_formulas import ACHIEVEMENT_FORMULAS
from capaian.formulas.catalogue import FORMULAS
from capaian.formulas.formula import Case, Formula
from capaian.formulas.number_text import Number, format_number, parse_number
from capaian.formulas.satisfaction import QUALITY
from capaian.formulas.scales import Scale
from capaian.formulas.self_assessment import PREDICATES
from capaian.formulas.shipped_scales import SCALES

WIDTH: Final = 100
TITLE: Final = "Standar penghitungan capaian kinerja"
INTRODUCTION: Final = (
    """Standar ini menetapkan satu cara menghitung capaian kinerja instansi pemerintah (SAKIP), lengkap dengan dasar,
    pilihan, dan contoh hitungan, sehingga angka yang sama selalu menghasilkan capaian yang sama. Siapa pun boleh
    memakainya; `golden-cases.csv` memuat semua contoh untuk menguji aplikasi lain.""",
    """English summary: one published way to compute performance achievement of Indonesian government agencies. Every
    formula is dated and cited, says which part is a choice of this standard, and carries worked cases. The cases are
    in `golden-cases.csv` (decimal point).""",
)
RULES: Final = (
    """Bilangan dihitung tepat (desimal atau pecahan), tidak pernah dengan bilangan pecahan biner.""",
    """Pembulatan sekali saja, di akhir, setengah ke atas (menjauhi nol), dua desimal.""",
    """Kategori ditentukan dari angka yang sudah dibulatkan, sehingga angka tercetak dan sebutannya tidak berbeda.""",
    """Nol adalah nilai. Realisasi kosong, target kosong, belum jatuh tempo, dan menunggu rilis bukan nol dan tidak
    masuk rata-rata; alasannya selalu disebut.""",
    """Rumus indikator ditetapkan sekali untuk satu tahun dan disebut di samping hasilnya.""",
)
LIMITS: Final = (
    """Naskah lengkap sebagian peraturan tidak tersedia ketika standar ini disusun; isinya diambil dari aplikasi publik
    dan laporan yang menerapkannya. Periksa naskah aslinya sebelum mengutip peraturan itu.""",
    """Bagian “Pilihan standar” adalah pilihan standar ini karena sumber diam atau berbeda; instansi boleh menetapkan
    lain dan mencatatnya pada kartu indikator.""",
)
VALUES: Final = {
    "sum": "jumlah", "average": "rata-rata", "last": "nilai terakhir", "raw_data": "data mentah", "none": "tanpa",
    "maximize": "maksimalkan", "minimize": "minimalkan",
}  # fmt: skip
NAMES: Final = {
    "polarity": "polaritas", "target": "target", "target_low": "batas bawah", "target_high": "batas atas",
    "tolerance": "toleransi", "actual": "realisasi", "raw": "mentah", "achievement": "capaian", "score": "skor",
    "category": "kategori", "reason": "alasan", "method": "metode", "targets": "target per periode",
    "actuals": "realisasi per periode", "up_to": "sampai periode", "result": "hasil", "state": "status",
    "units": "unit", "values": "nilai", "weights": "bobot", "cap": "batas skor", "coverage": "cakupan",
    "absorption": "serapan", "ratio_of": "serapan", "ceiling": "pagu", "spent": "realisasi anggaran",
    "budget": "AAK", "value": "NE", "respondents": "responden", "totals": "jumlah nilai per unsur", "means": "NRR",
    "population": "populasi", "framework": "lembar", "grades": "gradasi", "component": "komponen", "met": "terpenuhi",
    "criteria": "kriteria",
}  # fmt: skip
GOLDEN_HEADINGS: Final = (
    "case", "formula", "version", "polarity", "target", "target_low", "target_high", "tolerance", "actual", "given",
    "expected_raw", "expected_achievement", "expected_score", "expected_category", "expected_reason", "expected",
    "note",
)  # fmt: skip
GIVEN: Final = ("polarity", "target", "target_low", "target_high", "tolerance", "actual")
EXPECTED: Final = ("raw", "achievement", "score", "category", "reason")


def standard_markdown() -> str:
    """The whole standard as Markdown."""
    lines = [f"# {TITLE}", ""]
    for paragraph in INTRODUCTION:
        lines += [_one_line(paragraph), ""]
    rules = [f"{number}. {_one_line(rule)}" for number, rule in enumerate(RULES, 1)]
    lines += ["## Aturan umum", "", *rules, ""]
    for formula in FORMULAS:
        lines += [*_formula(formula), ""]
    lines += ["## Skala", ""]
    for scale in (*SCALES, QUALITY, PREDICATES):
        lines += [*_scale(scale), ""]
    lines += ["## Batas", "", *(f"- {_one_line(limit)}" for limit in LIMITS)]
    return "\n".join(lines) + "\n"


def standard_text() -> str:
    """The same as plain text for the terminal."""
    return "\n".join(_plain_lines(standard_markdown().splitlines())) + "\n"


def golden_cases() -> str:
    """Every worked case as CSV with decimal points: achievement cases by column, others as name=value pairs."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(GOLDEN_HEADINGS)
    for formula in FORMULAS:
        for case in formula.cases:
            writer.writerow(_golden(formula, case))
    return buffer.getvalue()


def _one_line(text: str) -> str:
    """A paragraph without the line breaks of the source."""
    return " ".join(text.split())


def _golden(formula: Formula, case: Case) -> list[str]:
    head = [case.code, formula.code, str(formula.version)]
    given, expected = dict(case.given), dict(case.expected)
    if formula in ACHIEVEMENT_FORMULAS:
        cells = [*(given[name] for name in GIVEN), "", *(expected[name] for name in EXPECTED), ""]
    else:
        cells = [""] * len(GIVEN) + [_joined(case.given)] + [""] * len(EXPECTED) + [_joined(case.expected)]
    return [*head, *cells, case.note]


def _joined(pairs: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{name}={value}" for name, value in pairs)


def _formula(formula: Formula) -> Iterator[str]:
    until = f" sampai {formula.valid_to}" if formula.valid_to else ""
    yield f"## {formula.title}"
    yield ""
    yield f"Kode `{formula.code}`, versi {formula.version}, berlaku untuk pengukuran mulai {formula.valid_from}{until}."
    yield ""
    yield f"> {_escaped(formula.expression)}"
    yield ""
    yield _escaped(formula.words)
    yield ""
    yield f"Dasar: {'; '.join(formula.basis)}."
    if formula.choice:
        yield ""
        yield f"Pilihan standar: {formula.choice}"
    if formula.cases:
        yield ""
        yield from _cases(formula)


def _escaped(text: str) -> str:
    """Asterisks are no emphasis here."""
    return text.replace("*", "\\*")


def _cases(formula: Formula) -> Iterator[str]:
    """A table of the cases: achievement by column, the others by their inputs and results."""
    if formula in ACHIEVEMENT_FORMULAS:
        used = [name for name in GIVEN if any(dict(case.given)[name] for case in formula.cases)]
        shown = [name for name in (*used, *EXPECTED) if name != "polarity" or formula.code == "range"]
        yield from _table(
            ["no", *(NAMES[name] for name in shown), "catatan"],
            [
                [case.code, *(_cell(dict((*case.given, *case.expected))[name]) for name in shown), case.note]
                for case in formula.cases
            ],
        )
        return
    rows = [[case.code, _written(case.given), _written(case.expected), case.note] for case in formula.cases]
    yield from _table(["no", "diketahui", "hasil", "catatan"], rows)


def _written(pairs: Sequence[tuple[str, str]]) -> str:
    """`target = 50; realisasi = 50`, with Indonesian names and numbers."""
    return "; ".join(f"{NAMES[name]} = {' '.join(map(_cell, value.split())) or 'tidak ada'}" for name, value in pairs)


def _cell(text: str) -> str:
    """A number in Indonesian writing, with its decimals; other text as it is."""
    parsed = parse_number(text, decimal=".")
    if not isinstance(parsed, Number) or parsed.percent:
        return text
    return format_number(parsed.value, len(text.partition(".")[2])).replace("-", "−")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _scale(scale: Scale) -> Iterator[str]:
    yield f"### {scale.title}"
    yield ""
    yield f"Kode `{scale.code}`, versi {scale.version}, mulai {scale.valid_from}. Dasar: {'; '.join(scale.basis)}."
    if scale.note:
        yield ""
        yield scale.note
    yield ""
    yield from _table(
        ["tingkat", "batas bawah"], [[level.label, level.bound or "selain itu"] for level in scale.levels]
    )


def _plain_lines(lines: Sequence[str]) -> Iterator[str]:
    """Markdown without its marks: headings underlined, tables in columns."""
    table: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("| "):
            cells = [cell.strip().replace("\0", "|") for cell in line.replace("\\|", "\0")[2:-2].split(" | ")]
            table.append(cells)
            continue
        if table:
            yield from _columns(table)
            table = []
        level = len(line) - len(line.lstrip("#"))
        text = line.lstrip("#> ").replace("`", "").replace("\\*", "*")
        if level:
            text = text.upper() if level == 1 else text
            yield text
            yield ("=" if level == 1 else "-") * len(text)
        else:
            indent = "    " if line.startswith("> ") else ""
            yield textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _columns(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    for cells in table:
        rule = all(cell == "---" for cell in cells)
        padded = ("-" * width if rule else cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join(padded).rstrip()
