"""The scales that come with the product, each with its source."""

from decimal import Decimal
from typing import Final

from capaian.formulas.scales import Level, Scale

FIVE_BOUNDS: Final = ("91", "76", "66", "51", None)
FIVE_COLOURS: Final = ("green", "teal", "yellow", "orange", "red")


def _five(labels: tuple[str, ...]) -> tuple[Level, ...]:
    return tuple(
        Level(label, None if low is None else Decimal(low), colour=colour)
        for label, low, colour in zip(labels, FIVE_BOUNDS, FIVE_COLOURS, strict=True)
    )


def _exclusive(*rows: tuple[str, str | None]) -> tuple[Level, ...]:
    return tuple(Level(label, None if low is None else Decimal(low), inclusive=False) for label, low in rows)


def _inclusive(*rows: tuple[str, str | None, str]) -> tuple[Level, ...]:
    return tuple(Level(label, None if low is None else Decimal(low), colour=colour) for label, low, colour in rows)


PERMENDAGRI: Final = Scale(
    code="permendagri",
    version=1,
    valid_from=2015,
    title="Skala lima tingkat",
    levels=_five(("Sangat Tinggi", "Tinggi", "Sedang", "Rendah", "Sangat Rendah")),
    basis=("Permendagri 54/2010, dipertahankan dalam Permendagri 86/2017",),
    note="Skala tercetak 91-100, 76-90, 66-75, 51-65, ≤ 50 berlubang; di sini batas bawah berlaku pada angka dua "
    "desimal, sehingga 90,99 = Tinggi dan 75,50 = Sedang; di atas 100 = Sangat Tinggi.",
)
LKJIP: Final = Scale(
    code="lkjip",
    version=1,
    valid_from=2015,
    title="Skala lima tingkat, sebutan LKjIP",
    levels=_five(("Sangat Baik", "Baik", "Cukup", "Kurang", "Sangat Kurang")),
    basis=("Batas Permendagri 54/2010 dan 86/2017", "Sebutan dari LKjIP yang terbit"),
)
MALUKU_TENGAH: Final = Scale(
    code="maluku-tengah",
    version=1,
    valid_from=2021,
    title="Skala LKjIP Kabupaten Maluku Tengah 2021",
    levels=_exclusive(
        ("Memuaskan", "85"),
        ("Sangat Baik", "75"),
        ("Baik", "65"),
        ("Cukup Baik", "50"),
        ("Agak Kurang", "30"),
        ("Kurang", None),
    ),
    basis=("LKjIP Kabupaten Maluku Tengah 2021, halaman 94",),
)
PRINGSEWU: Final = Scale(
    code="pringsewu",
    version=1,
    valid_from=2025,
    title="Skala dasbor Kabupaten Pringsewu",
    levels=(
        Level("Melampaui", Decimal(105), inclusive=False, colour="blue"),
        Level("Tercapai", Decimal(95), colour="green"),
        Level("Mendekati Target", Decimal(80), colour="yellow"),
        Level("Perlu Perhatian", Decimal(60), colour="orange"),
        Level("Kritis", None, colour="red"),
    ),
    basis=("Aplikasi e-SAKIP Kabupaten Pringsewu",),
    note="Sumber mencetak ≥ 105,01 untuk Melampaui dan 95-105 untuk Tercapai; di sini > 105.",
)
KEMENKEU: Final = Scale(
    code="kemenkeu",
    version=1,
    valid_from=2015,
    title="Lampu lalu lintas Kementerian Keuangan (NKO)",
    levels=_inclusive(("Hijau", "100", "green"), ("Kuning", "80", "yellow"), ("Merah", None, "red")),
    basis=("Praktik pengelolaan kinerja Kementerian Keuangan",),
)
LKJIP_100: Final = Scale(
    code="lkjip-100",
    version=1,
    valid_from=2015,
    title="Varian LKjIP dengan batas 100 dan 85",
    levels=_inclusive(("Sangat Baik", "100", "green"), ("Baik", "85", "teal"), ("Di bawah Baik", None, "orange")),
    basis=("LKjIP yang terbit; berbeda antarinstansi",),
    note="Sumber tidak seragam di bawah 85 (sebagian memakai 80); tingkat di bawahnya ditetapkan sendiri oleh "
    "instansi.",
)
SOP: Final = Scale(
    code="sop",
    version=1,
    valid_from=2015,
    title="Ukuran keberhasilan SOP",
    levels=_inclusive(("Berhasil", "100", "green"), ("Belum Berhasil", None, "red")),
    basis=("SOP Pengumpulan Data dan Pengukuran Kinerja, bab VII: capaian sekurangnya sama dengan target",),
)

SCALES: Final = (PERMENDAGRI, LKJIP, MALUKU_TENGAH, PRINGSEWU, KEMENKEU, LKJIP_100, SOP)
BY_CODE: Final = {scale.code: scale for scale in SCALES}


def shipped_scale(code: str) -> Scale:
    """The shipped scale of that code; KeyError when there is none."""
    return BY_CODE[code]
