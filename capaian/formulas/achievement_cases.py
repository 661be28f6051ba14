"""Worked cases of achievement: the golden rows of the published standard. Typed from the sources, never computed."""

from typing import Final

from capaian.formulas.formula import Case
from capaian.formulas.polarity import Polarity

LABELS: Final = {"ST": "Sangat Tinggi", "T": "Tinggi", "S": "Sedang", "R": "Rendah", "SR": "Sangat Rendah", "": ""}
ABSENT: Final = ("", "", "", "")

# code, polarity, target, actual, then raw, shown, score and level, then a note;
# target "80..90" is a range, "100 ±5%" a target with tolerance
Row = tuple[str, Polarity, str, str, tuple[str, str, str, str], str]

MAX, MIN, RATIO = Polarity.MAXIMIZE, Polarity.MINIMIZE, Polarity.MINIMIZE_RATIO
STAB, PRED, MILE = Polarity.STABILIZE, Polarity.PREDICATE, Polarity.MILESTONE
RMAX, RMIN = Polarity.RANGE_MAX, Polarity.RANGE_MIN

ROWS: Final[tuple[Row, ...]] = (
    ("1", MAX, "80", "80", ("100.00", "100.00", "100.00", "ST"), ""),
    ("2", MAX, "80", "72", ("90.00", "90.00", "90.00", "T"), ""),
    ("3", MAX, "3", "2.85", ("95.00", "95.00", "95.00", "ST"), "indeks (seperti SPBE)"),
    ("4", MAX, "75", "90", ("120.00", "120.00", "120.00", "ST"), ""),
    ("5", MAX, "75", "120", ("160.00", "160.00", "120.00", "ST"), "capaian tetap, skor dibatasi"),
    ("6", MAX, "100", "0", ("0.00", "0.00", "0.00", "SR"), "nol adalah nilai yang dilaporkan"),
    ("7", MAX, "100", "", ABSENT, "belum ada realisasi"),
    ("8", MAX, "0", "5", ABSENT, "target nol, ada realisasi tanpa target"),
    ("9", MAX, "0", "0", ABSENT, "target nol"),
    ("10", MAX, "-2", "-1", ("150.00", "150.00", "120.00", "ST"), "target negatif: pertumbuhan, lebih baik"),
    ("11", MAX, "-2", "-3", ("50.00", "50.00", "50.00", "SR"), "target negatif: pertumbuhan, lebih buruk"),
    ("12", MAX, "2", "-1", ("-50.00", "0.00", "0.00", "SR"), "realisasi negatif"),
    ("13", MAX, "400", "363.98", ("91.00", "91.00", "91.00", "ST"), "90,995 dibulatkan setengah ke atas"),
    ("14", MAX, "1000", "909.9", ("90.99", "90.99", "90.99", "T"), "tepat di bawah 91"),
    ("15", MAX, "1000", "755", ("75.50", "75.50", "75.50", "S"), "75,5 jatuh di lubang skala tercetak: tingkat bawah"),
    ("16", MAX, "3", "1", ("33.33", "33.33", "33.33", "SR"), "desimal berulang"),
    ("17", MIN, "10", "10", ("100.00", "100.00", "100.00", "ST"), ""),
    ("18", MIN, "10", "8", ("120.00", "120.00", "120.00", "ST"), ""),
    ("19", MIN, "10", "12", ("80.00", "80.00", "80.00", "T"), ""),
    ("20", MIN, "10", "20", ("0.00", "0.00", "0.00", "SR"), ""),
    ("21", MIN, "10", "30", ("-100.00", "0.00", "0.00", "SR"), "capaian negatif ditampilkan nol"),
    ("22", MIN, "10", "0", ("200.00", "200.00", "120.00", "ST"), "hasil terbaik"),
    ("23", MIN, "0", "0", ("100.00", "100.00", "100.00", "ST"), "target nol terpenuhi, misalnya nol insiden"),
    ("24", MIN, "0", "2", ("0.00", "0.00", "0.00", "SR"), "target nol tidak terpenuhi"),
    ("25", MIN, "88.82", "135.15", ("47.84", "47.84", "47.84", "SR"), "pasangan terbit: 65,72 dengan T ÷ R"),
    ("26", RATIO, "88.82", "135.15", ("65.72", "65.72", "65.72", "R"), "data sama, rumus lain"),
    ("27", RATIO, "10", "8", ("125.00", "125.00", "120.00", "ST"), "120 dengan (2T − R) ÷ T"),
    ("28", RATIO, "10", "12", ("83.33", "83.33", "83.33", "T"), "80 dengan (2T − R) ÷ T"),
    ("29", RATIO, "10", "20", ("50.00", "50.00", "50.00", "SR"), "tidak pernah mencapai 0"),
    ("30", STAB, "100", "100", ("100.00", "100.00", "100.00", "ST"), ""),
    ("31", STAB, "100", "95", ("95.00", "95.00", "95.00", "ST"), ""),
    ("32", STAB, "100", "108", ("92.00", "92.00", "92.00", "ST"), ""),
    ("33", STAB, "50", "60", ("80.00", "80.00", "80.00", "T"), ""),
    ("34", STAB, "50", "110", ("-20.00", "0.00", "0.00", "SR"), "lebih dari dua kali target"),
    ("35", STAB, "100 ±5%", "96", ("100.00", "100.00", "100.00", "ST"), "dalam toleransi"),
    ("36", STAB, "100 ±5%", "94", ("94.00", "94.00", "94.00", "ST"), "di luar toleransi"),
    ("37", RMAX, "80..90", "85", ("100.00", "100.00", "100.00", "ST"), "di dalam rentang"),
    ("38", RMAX, "80..90", "70", ("87.50", "87.50", "87.50", "T"), "terhadap batas 80"),
    ("39", RMAX, "80..90", "92", ("102.22", "102.22", "102.22", "ST"), "terhadap batas 90; sumber mencetak 113"),
    ("40", RMIN, "7..8", "6.5", ("107.14", "107.14", "107.14", "ST"), "terhadap batas 7"),
    ("41", RMIN, "7..8", "9", ("87.50", "87.50", "87.50", "T"), "terhadap batas 8"),
    ("42", PRED, "BB", "B", ("80.00", "80.00", "80.00", "T"), "BB = 5, B = 4"),
    ("43", PRED, "WTP", "WTP", ("100.00", "100.00", "100.00", "ST"), "WTP = 4"),
    ("44", MAX, "1234.5", "1111.05", ("90.00", "90.00", "90.00", "T"), "tertulis 1.234,5 dan 1.111,05"),
    ("45", RATIO, "10", "0", ("120.00", "120.00", "120.00", "ST"), "hasil terbaik: diambil batas skor"),
    ("46", STAB, "0", "0", ("100.00", "100.00", "100.00", "ST"), "target nol terpenuhi"),
    ("47", STAB, "0", "1", ABSENT, "target nol"),
    ("48", MIN, "-2", "-3", ("150.00", "150.00", "120.00", "ST"), "target negatif: makin rendah makin baik"),
    ("49", MAX, "", "5", ABSENT, "target belum ditetapkan"),
    ("50", MILE, "", "ya", ("100.00", "100.00", "100.00", "ST"), "selesai"),
    ("51", MILE, "", "belum", ("0.00", "0.00", "0.00", "SR"), "belum selesai"),
    ("52", MILE, "5", "4", ("80.00", "80.00", "80.00", "T"), "empat dari lima tahap"),
)  # fmt: skip


def cases_of(*polarities: Polarity) -> tuple[Case, ...]:
    """The worked cases of these polarities."""
    return tuple(_case(row) for row in ROWS if row[1] in polarities)


def _case(row: Row) -> Case:
    code, polarity, target, actual, (raw, shown, score, level), note = row
    target, _, tolerance = target.partition(" ±")
    low, _, high = target.partition("..") if ".." in target else ("", "", "")
    given = {
        "polarity": polarity.value,
        "target": "" if low else target,
        "target_low": low,
        "target_high": high,
        "tolerance": tolerance.rstrip("%"),
        "actual": actual,
    }
    expected = {
        "raw": raw,
        "achievement": shown,
        "score": score,
        "category": LABELS[level],
        "reason": "" if raw else note,
    }
    return Case(code, tuple(given.items()), tuple(expected.items()), "" if not raw else note)
