"""The achievement formulas as dated, cited objects."""

from typing import Final

from capaian.formulas.achievement_cases import cases_of
from capaian.formulas.formula import FIRST_YEAR, Formula
from capaian.formulas.polarity import Polarity

COMPARISON: Final = "PermenPAN-RB 53/2014: pengukuran kinerja membandingkan realisasi dengan target"

MAXIMIZE: Final = Formula(
    code="maximize",
    version=1,
    valid_from=FIRST_YEAR,
    title="Semakin tinggi semakin baik",
    expression="R ÷ T × 100",
    words="Realisasi dibagi target, dikali 100. Untuk target negatif (pertumbuhan, defisit), bila kartu indikator "
    "mengizinkannya: 100 + (R − T) ÷ |T| × 100.",
    basis=(COMPARISON, "LKjIP dan aplikasi e-SAKIP yang diperiksa sepakat"),
    choice="Target nol: tidak ada capaian, bukan 0 dan bukan 100. Bentuk untuk target negatif.",
    cases=cases_of(Polarity.MAXIMIZE),
)
MINIMIZE: Final = Formula(
    code="minimize",
    version=1,
    valid_from=FIRST_YEAR,
    title="Semakin rendah semakin baik, linear",
    expression="(2T − R) ÷ T × 100",
    words="Sama dengan (1 + (1 − R ÷ T)) × 100. Realisasi nol menghasilkan 200, dua kali target menghasilkan 0, di "
    "atas itu negatif. Untuk target negatif yang diizinkan: 100 − (R − T) ÷ |T| × 100.",
    basis=(COMPARISON, "PermenPAN-RB 8/2021, contoh perhitungan", "LKjIP yang terbit"),
    choice="Rumus baku untuk minimalkan. Target nol: realisasi nol (atau kurang) 100, lebih dari nol 0.",
    cases=cases_of(Polarity.MINIMIZE),
)
MINIMIZE_RATIO: Final = Formula(
    code="minimize_ratio",
    version=1,
    valid_from=FIRST_YEAR,
    title="Semakin rendah semakin baik, rasio",
    expression="T ÷ R × 100",
    words="Target dibagi realisasi, dikali 100. Tidak pernah di bawah nol dan tidak terbatas ke atas.",
    basis=(COMPARISON, "Layar monev beberapa aplikasi e-SAKIP"),
    choice="Realisasi nol dengan target di atas nol adalah hasil terbaik dan mengambil batas skor; tanpa batas skor "
    "tidak ada capaian. Realisasi negatif: tidak ada capaian. Target nol dan negatif seperti rumus linear.",
    cases=cases_of(Polarity.MINIMIZE_RATIO),
)
STABILIZE: Final = Formula(
    code="stabilize",
    version=1,
    valid_from=FIRST_YEAR,
    title="Semakin dekat target semakin baik",
    expression="R ≤ T: R ÷ T × 100; R > T: 200 − R ÷ T × 100",
    words="Untuk T > 0 sama dengan 100 − |R − T| ÷ |T| × 100: simpangan ke atas dan ke bawah dinilai sama dan "
    "hasilnya tidak pernah di atas 100. Dengan toleransi p%, simpangan sampai p% dinilai 100.",
    basis=(COMPARISON, "Aplikasi kinerja Kabupaten Sumedang"),
    choice="Toleransi tidak aktif kecuali diisi. Target nol: realisasi nol 100, selain itu tidak ada capaian.",
    cases=cases_of(Polarity.STABILIZE),
)
RANGE: Final = Formula(
    code="range",
    version=1,
    valid_from=FIRST_YEAR,
    title="Target rentang",
    expression="L ≤ R ≤ U: 100; R > U: rumus polaritas dengan T = U; R < L: rumus polaritas dengan T = L",
    words="Di dalam rentang 100. Di luar rentang dihitung terhadap batas yang dilewati, dengan rumus maksimalkan "
    "(range_max) atau minimalkan linear (range_min).",
    basis=("PermenPAN-RB 8/2021, contoh perhitungan (salah hitung 92 ÷ 90 = 113 dibetulkan menjadi 102,22)",),
    cases=cases_of(Polarity.RANGE_MAX, Polarity.RANGE_MIN),
)
PREDICATE: Final = Formula(
    code="predicate",
    version=1,
    valid_from=FIRST_YEAR,
    title="Target predikat (huruf)",
    expression="urutan(R) ÷ urutan(T) × 100",
    words="Kedua huruf diubah menjadi angka urut, lalu dihitung seperti maksimalkan. Huruf ditampilkan di samping "
    "persen. SAKIP: E 0, D 1, C 2, CC 3, B 4, BB 5, A 6, AA 7. Opini BPK: WDP 3, WTP 4.",
    basis=("Urutan gradasi PermenPAN-RB 88/2021", "Angka opini dari aplikasi e-SAKIP Kabupaten Pringsewu"),
    choice="Angka urut predikat SAKIP. Opini selain WTP dan WDP tidak dikenal.",
    cases=cases_of(Polarity.PREDICATE),
)
MILESTONE: Final = Formula(
    code="milestone",
    version=1,
    valid_from=FIRST_YEAR,
    title="Tonggak (selesai atau belum)",
    expression="selesai: 100; belum: 0; bertahap: R ÷ T × 100",
    words="100 bila selesai, 0 bila belum. Bila tahapnya dihitung: bobot tahap selesai dibagi bobot seluruh tahap.",
    basis=("Praktik pengukuran keluaran berupa satu hasil",),
    choice="Seluruh rumus ini pilihan standar ini.",
    cases=cases_of(Polarity.MILESTONE),
)

ACHIEVEMENT_FORMULAS: Final = (MAXIMIZE, MINIMIZE, MINIMIZE_RATIO, STABILIZE, RANGE, PREDICATE, MILESTONE)
FORMULA_OF: Final = {
    Polarity.MAXIMIZE: MAXIMIZE,
    Polarity.MINIMIZE: MINIMIZE,
    Polarity.MINIMIZE_RATIO: MINIMIZE_RATIO,
    Polarity.STABILIZE: STABILIZE,
    Polarity.RANGE_MAX: RANGE,
    Polarity.RANGE_MIN: RANGE,
    Polarity.PREDICATE: PREDICATE,
    Polarity.MILESTONE: MILESTONE,
}
