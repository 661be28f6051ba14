"""Worked cases of consolidation, means, efficiency, survey and self-assessment. Typed from the sources."""

from typing import Final

from capaian.formulas.formula import Case


def _case(code: str, given: str, expected: str, note: str = "") -> Case:
    """`name=value; name=value` on both sides."""
    return Case(code, _pairs(given), _pairs(expected), note)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in text.split("; "):
        name, _, value = part.partition("=")
        pairs.append((name, value))
    return tuple(pairs)


PERIODS: Final = (
    _case("C1", "method=sum; polarity=maximize; targets=25 25 25 25; actuals=20 30; up_to=2",
          "target=50; actual=50; result=100.00", "bukan 50,00 terhadap target tahunan"),
    _case("C2", "method=sum; polarity=maximize; targets=10 20 30 40; actuals=10 25 28 45; up_to=4",
          "target=100; actual=108; result=108.00", "bukan 107,71, rata-rata persen triwulan"),
    _case("C3", "method=sum; polarity=maximize; targets=25 25 25 25; actuals=20 - 30; up_to=3",
          "target=75; actual=50; result=66.67; state=sementara", "bukan 100,00, hanya target yang dilaporkan"),
    _case("C4", "method=average; polarity=maximize; targets=90 90 90 90; actuals=88 92; up_to=2",
          "target=90; actual=90; result=100.00"),
    _case("C5", "method=average; polarity=maximize; targets=80 85 90 95; actuals=80 80 90 100; up_to=4",
          "target=87.5; actual=87.5; result=100.00"),
    _case("C6", "method=last; polarity=maximize; targets=20 45 70 100; actuals=18 50; up_to=2",
          "target=45; actual=50; result=111.11", "bukan 104,62, hasil penjumlahan"),
    _case("C7", "method=last; polarity=maximize; targets=20 45 70 100; actuals=18 50 -; up_to=3",
          "target=70; actual=; result=; reason=jatuh tempo tetapi belum ada realisasi",
          "nilai lama tidak dibawa: bukan 71,43 dan bukan 111,11"),
    _case("C8", "method=last; polarity=maximize; targets=- - - 80; actuals=- - - 76; up_to=4",
          "target=80; actual=76; result=95.00", "tahunan"),
    _case("C9", "method=last; polarity=maximize; targets=- - - 80; actuals=-; up_to=2",
          "target=; actual=; result=; reason=belum jatuh tempo", "bukan 0"),
    _case("C10", "method=sum; polarity=minimize; targets=5 5 5 5; actuals=4 - 5; up_to=3",
          "target=15; actual=; result=; reason=data belum lengkap", "bukan 140,00"),
)  # fmt: skip
LOCATIONS: Final = (
    _case("C11", "method=raw_data; units=8/10 10/40", "result=36.00", "bukan 52,50, rata-rata persen"),
    _case("C12", "method=average; units=80 25", "result=52.50"),
    _case("C13", "method=sum; units=80 25", "result=105.00"),
)
MEANS: Final = (
    _case("M1", "values=100 90 60; weights=3 2 1; cap=none", "result=90.00"),
    _case("M2", "values=100 90 60; weights=1 1 1; cap=none", "result=83.33", "bobot sama"),
    _case("M3", "values=100 150; weights=1 1; cap=none", "result=125.00", "tanpa batas skor"),
    _case("M4", "values=100 150; weights=1 1; cap=120", "result=110.00", "batas skor 120"),
    _case("M5", "values=100 - 80; weights=1 1 1; cap=120", "result=90.00; coverage=2 dari 3 dilaporkan",
          "bukan 60,00"),
)  # fmt: skip
SIMPLE: Final = (
    _case("E1", "achievement=107.98; absorption=85.47", "result=22.51"),
    _case("E2", "absorption=85.47", "result=14.53", "anggaran tidak terserap; sumber mencetak 14,55"),
    _case("E3", "achievement=107.98; ratio_of=85.47", "result=0.79", "serapan ÷ capaian"),
    _case("E4", "ceiling=6116339202; spent=5226670463", "result=85.45", "serapan; sumber mencetak 85,73 dan 85,47"),
)
PMK: Final = (
    _case("P1", "budget=1000; spent=900; achievement=100", "result=10.00; value=75.00"),
    _case("P2", "budget=1000; spent=850; achievement=95", "result=10.53; value=76.32"),
    _case("P3", "budget=1000; spent=1000; achievement=90", "result=-11.11; value=22.22"),
    _case("P4", "budget=1000; spent=700; achievement=100", "result=30.00; value=100.00", "E dibatasi 20"),
    _case("P5", "budget=1000; spent=1000; achievement=75", "result=-33.33; value=0.00", "E dibatasi −20"),
)
SURVEY: Final = (
    _case("S1", "respondents=29; totals=105 101 100 116 102 105 106 105 115",
          "means=3.6207 3.4828 3.4483 4.0000 3.5172 3.6207 3.6552 3.6207 3.9655; result=91.48; "
          "category=A (Sangat baik)", "dengan bobot 0,11 tercetak 90,56; dengan 0,111 91,38"),
)  # fmt: skip
SAMPLES: Final = tuple(
    _case(f"K{number}", f"population={population}", f"result={size}", note)
    for number, (population, size, note) in enumerate(
        (
            (10, 10, ""), (15, 14, ""), (20, 19, ""), (25, 24, ""), (30, 28, ""), (40, 36, ""), (50, 44, ""),
            (100, 80, ""), (200, 132, ""), (300, 169, ""), (400, 196, ""), (500, 217, ""), (550, 226, ""),
            (1000, 278, ""), (1200, 291, ""), (1500, 306, ""), (2000, 322, ""), (2400, 331, ""), (3000, 341, ""),
            (5000, 357, ""), (10000, 370, ""), (20000, 377, ""), (50000, 381, ""), (75000, 382, ""),
            (100000, 383, "tabel terbit mencetak 384"), (1000000, 384, ""),
        ),
        1,
    )
)  # fmt: skip
ASSESSMENT: Final = (
    _case("L1", "framework=lke-88-2021; grades=2a BB, 2b B, 2c CC", "component=2; result=20.10", "dari 30"),
    _case("L2", "framework=lke-88-2021; grades=semua BB", "result=80.00; category=BB (Sangat Baik)",
          "80,00 adalah BB, bukan A"),
)  # fmt: skip
SHARES: Final = (
    _case("G1", "met=8; criteria=8", "result=BB"),
    _case("G2", "met=7; criteria=9", "result=B", "77,78 %"),
    _case("G3", "met=3; criteria=4", "result=CC", "tepat 75 % belum B"),
    _case("G4", "met=1; criteria=4", "result=D", "tepat 25 % belum C"),
    _case("G5", "met=0; criteria=4", "result=E"),
)
