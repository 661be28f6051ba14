"""Consolidation, means, efficiency, survey and self-assessment as dated, cited objects."""

from typing import Final

from capaian.formulas import other_cases as cases
from capaian.formulas.formula import FIRST_YEAR, Formula

THREE_NUMBERS: Final = Formula(
    code="three_numbers",
    version=1,
    valid_from=FIRST_YEAR,
    title="Tiga angka per pengukuran",
    expression="capaian mentah; capaian tampil = maks(mentah, 0); skor = min(maks(mentah, 0), batas)",
    words="Capaian mentah disimpan apa adanya dan boleh negatif. Capaian tampil dibulatkan sekali, di akhir, setengah "
    "ke atas menjadi dua desimal, lalu diberi kategori, sehingga angka dan sebutannya tidak pernah berbeda. Skor "
    "tidak dibulatkan sebelum dirata-ratakan dan hanya dipakai dalam rata-rata.",
    basis=("Indeks paling tinggi 120 dalam pengelolaan kinerja Kementerian Keuangan", "PermenPAN-RB 8/2021"),
    choice="Batas skor baku 120; pilihan lain: tanpa batas, 100, 110, 150, 200.",
)
INDEX: Final = Formula(
    code="index_interpolation",
    version=1,
    valid_from=FIRST_YEAR,
    title="Indeks capaian dengan interpolasi",
    expression="C > 100: C = 200 − C; In = Iw + (Ia − Iw) ÷ (Ca − Cw) × (C − Cw)",
    words="Untuk stabilkan menurut Kementerian Keuangan: capaian di atas 100 dilipat, lalu indeks dicari di antara dua "
    "titik terdekat pada tabel. Indeks paling tinggi 120.",
    basis=("KMK 467/2014", "KMK 300/2022"),
    choice="Tabel titiknya tidak ditemukan, sehingga tidak disertakan; instansi yang memakainya mengisi sendiri.",
)
PERIOD: Final = Formula(
    code="period_consolidation",
    version=1,
    valid_from=FIRST_YEAR,
    title="Konsolidasi periode",
    expression="jumlah: R* = ΣR, T* = ΣT; rata-rata: R* = rerata R, T* = rerata T; nilai terakhir: R* dan T* periode "
    "terakhir",
    words="Yang dihitung ialah semua periode yang sudah lewat dan bertarget, dilaporkan atau belum. Rata-rata "
    "realisasi memakai periode yang melapor. Nilai terakhir memakai periode terakhir yang bertarget dan tidak membawa "
    "nilai lama. Bila ada periode jatuh tempo yang belum melapor, maksimalkan hanya tampil sebagai sementara; rumus "
    "lain tidak menghasilkan angka, karena laporan yang hilang membuat hasil tampak lebih baik.",
    basis=("Jenis konsolidasi periode, pedoman pengelolaan kinerja Kementerian Keuangan",),
    choice="Target triwulan nol pada maksimalkan berarti belum jatuh tempo. Pada nilai terakhir, periode lama yang "
    "hilang menjadikan angka sementara.",
    cases=cases.PERIODS,
)
LOCATION: Final = Formula(
    code="location_consolidation",
    version=1,
    valid_from=FIRST_YEAR,
    title="Konsolidasi lokasi",
    expression="data mentah: ΣN ÷ ΣD × 100; jumlah: ΣR; rata-rata: ΣR ÷ n",
    words="Untuk persentase, pembilang dan penyebut semua unit dijumlahkan dahulu, baru dibagi.",
    basis=("Jenis konsolidasi lokasi, pedoman pengelolaan kinerja Kementerian Keuangan",),
    cases=cases.LOCATIONS,
)
WEIGHTED_MEAN: Final = Formula(
    code="weighted_mean",
    version=1,
    valid_from=FIRST_YEAR,
    title="Rata-rata berbobot",
    expression="Σ(w × skor) ÷ Σw",
    words="Skor yang belum dibulatkan dirata-ratakan atas indikator yang mempunyai nilai; jumlah yang melapor selalu "
    "disebut. Bobot baku sama besar.",
    basis=("Pembobotan indikator, pedoman pengelolaan kinerja Kementerian Keuangan",),
    choice="Indikator tanpa nilai keluar dari rata-rata bersama bobotnya, tidak dihitung nol.",
    cases=cases.MEANS,
)
SIMPLE_EFFICIENCY: Final = Formula(
    code="efficiency",
    version=1,
    valid_from=FIRST_YEAR,
    title="Efisiensi sederhana",
    expression="capaian % − serapan anggaran %",
    words="Selisih capaian dan serapan dalam poin persen. Pendampingnya: anggaran tidak terserap = 100 − serapan; "
    "rasio = serapan ÷ capaian, di bawah 1 berarti efisien; serapan = realisasi anggaran ÷ pagu × 100.",
    basis=("Praktik LKjIP",),
    cases=cases.SIMPLE,
)
PMK_EFFICIENCY: Final = Formula(
    code="efficiency_pmk",
    version=1,
    valid_from=2018,
    title="Efisiensi dan nilai efisiensi menurut PMK",
    expression="E = (Σ(AAK × CK) − ΣRAK) ÷ Σ(AAK × CK) × 100; NE = 50 + E ÷ 20 × 50",
    words="AAK anggaran keluaran, RAK realisasi anggaran, CK capaian keluaran. E dibatasi −20 sampai 20 sehingga NE 0 "
    "sampai 100. Mengikat kementerian/lembaga; bagi perangkat daerah hanya pilihan.",
    basis=("PMK 214/2017", "PMK 22/2021"),
    choice="AAK atau CK nol: tidak ada nilai.",
    cases=cases.PMK,
)
SURVEY: Final = Formula(
    code="skm",
    version=1,
    valid_from=2017,
    title="Indeks kepuasan masyarakat (SKM)",
    expression="NRR = Σnilai ÷ n; indeks = Σ(NRR × 1/N); IKM = indeks × 25",
    words="Setiap unsur berbobot tepat 1/N (sembilan unsur: 1/9). Jawaban kosong tidak dihitung dan n disebut per "
    "unsur. IKM dibulatkan dua desimal, lalu A ≥ 88,31; B ≥ 76,61; C ≥ 65,00; selain itu D.",
    basis=("PermenPAN-RB 14/2017",),
    choice="Bobot 1/9 tepat, bukan 0,11 yang hanya mencapai 99. Mutu dari angka konversi, bukan dari indeks.",
    cases=cases.SURVEY,
)
SAMPLE: Final = Formula(
    code="skm_sample",
    version=1,
    valid_from=2017,
    title="Ukuran sampel survei (Krejcie-Morgan)",
    expression="S = λ²NPQ ÷ (d²(N − 1) + λ²PQ), λ² = 3,841; P = Q = 0,5; d = 0,05",
    words="Dibulatkan setengah ke atas menjadi bilangan bulat.",
    basis=("PermenPAN-RB 14/2017, tabel sampel Krejcie dan Morgan",),
    cases=cases.SAMPLES,
)
ASSESSMENT: Final = Formula(
    code="lke",
    version=1,
    valid_from=2021,
    title="Lembar kerja evaluasi SAKIP (LKE)",
    expression="nilai = bobot × gradasi ÷ 100; total = Σnilai",
    words="Gradasi AA 100, A 90, BB 80, B 70, CC 60, C 50, D 30, E 0. Bobot sub komponen 20%, 30%, 50% dari bobot "
    "komponen 30, 30, 15, 25. Predikat: > 90 AA, > 80 A, > 70 BB, > 60 B, > 50 CC, > 30 C, selain itu D.",
    basis=("PermenPAN-RB 88/2021", "PermenPAN-RB 12/2015 untuk tahun sebelum 2021, dengan bobotnya sendiri"),
    choice="Batas predikat tidak termasuk: 80,00 adalah BB. Total hanya berlaku bila semua sub komponen sudah "
    "bergradasi.",
    cases=cases.ASSESSMENT,
)
SHARE: Final = Formula(
    code="lke_share",
    version=1,
    valid_from=2021,
    title="Gradasi dari jumlah kriteria terpenuhi",
    expression="semua: BB; > 75%: B; > 50%: CC; > 25%: C; > 0%: D; tidak ada: E",
    words="A dan AA memerlukan penilaian manusia: keberlanjutan, upaya lebih, dan inovasi.",
    basis=("Gradasi PermenPAN-RB 88/2021",),
    cases=cases.SHARES,
)

OTHER_FORMULAS: Final = (
    THREE_NUMBERS,
    INDEX,
    PERIOD,
    LOCATION,
    WEIGHTED_MEAN,
    SIMPLE_EFFICIENCY,
    PMK_EFFICIENCY,
    SURVEY,
    SAMPLE,
    ASSESSMENT,
    SHARE,
)
