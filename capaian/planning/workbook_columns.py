"""The columns of the workbook that brings nodes, cards and targets: headings, help, what a cell may say."""

from dataclasses import dataclass

from capaian.periods.period import Period, PeriodKind
from capaian.planning.card_rules import choices_of
from capaian.planning.models import Level

NODES, CARDS, GUIDE = "Butir", "Kartu", "Petunjuk"
YES, NO = "ya", "tidak"
TARGET = "target_"


@dataclass(frozen=True)
class Column:
    """A column: its key in entries and reasons, its heading, what to write, whether it must be filled, its words."""

    key: str
    heading: str
    hint: str
    required: bool = False
    words: tuple[str, ...] = ()


def _chosen(key: str, heading: str, hint: str) -> Column:
    return Column(key, heading, hint, words=tuple(label for _, label in choices_of(key)))


def _flag(key: str, heading: str, hint: str) -> Column:
    return Column(key, heading, hint, words=(YES, NO))


NODE_COLUMNS = (
    Column("level", "Jenjang", "Pilih dari daftar.", required=True, words=tuple(Level.labels)),
    Column("code", "Kode", "Kode nomenklatur, misalnya 2.16.02; kosong untuk tujuan dan sasaran."),
    Column("text", "Uraian", "Bunyi tujuan, sasaran, program, kegiatan, atau sub kegiatan.", required=True),
    Column("parent", "Induk", "Kode atau uraian butir di atasnya."),
    Column("ordinal", "Nomor urut", "Urutan di antara saudaranya; kosong berarti 1."),
    Column("owner", "Unit penanggung jawab", "Nama unit seperti pada daftar unit."),
    Column("origin", "Asal", "Dokumen sumber, misalnya Renstra halaman 34."),
)
CARD_COLUMNS = (
    Column("node", "Butir", "Kode atau uraian butir yang diukur.", required=True),
    Column("name", "Nama indikator", "Satu arti saja.", required=True),
    Column("measured_in", "Satuan", "Misalnya persen, indeks, dokumen.", required=True),
    _flag("is_iku", "IKU", "ya bila indikator kinerja utama."),
    _flag("is_ikk", "IKK", "ya bila indikator kinerja kegiatan."),
    _flag("is_lppd", "IKK LPPD", "ya bila indikator kinerja kunci LPPD."),
    Column("ordinal", "Nomor urut", "Urutan pada butirnya; kosong berarti 1."),
    _chosen("kind", "Jenis", "Kosong berarti Keluaran."),
    _chosen("polarity", "Polaritas", "Arah yang baik; kosong berarti maksimalkan."),
    _chosen("frequency", "Periode pelaporan", "Kosong berarti Triwulanan."),
    _chosen("entry", "Yang diisi unit", "Kosong berarti hasil periode itu saja."),
    _chosen("consolidation", "Konsolidasi periode", "Kosong berarti nilai terakhir."),
    _chosen("location", "Konsolidasi unit", "Kosong berarti dijumlahkan."),
    _chosen("scale", "Skala capaian", "Kosong berarti skala lima tingkat Permendagri."),
    Column("weight", "Bobot", "Kosong berarti 1."),
    Column("cap", "Batas skor", "Dalam persen; kosong berarti 120; tulis tanpa bila tidak dibatasi."),
    Column("tolerance", "Toleransi", "Dalam persen; hanya untuk polaritas stabilkan."),
    _flag("negative_target", "Target boleh negatif", "ya atau tidak."),
    _flag("released_next_year", "Rilis tahun berikutnya", "ya bila nilai resminya baru terbit tahun berikutnya."),
    Column("definition", "Definisi operasional", "Apa yang diukur."),
    Column("calculation", "Cara perhitungan", "Dengan kata-kata."),
    Column(
        "formula", "Rumus", "Dari data mentah, misalnya selesai / masuk * 100; kosong bila unit mengisi angka jadi."
    ),
    Column("data", "Data mentah", "nama = keterangan [satuan]; pisahkan dengan titik koma."),
    _chosen("aspect", "Aspek target", "Boleh kosong."),
    _chosen("validity", "Tingkat validitas", "Boleh kosong."),
    _chosen("control", "Tingkat kendali", "Boleh kosong."),
    Column("measured_month", "Bulan terukur", "Nomor bulan, misalnya 6; kosong bila setiap periode."),
    Column("responsible", "Penanggung jawab", "Jabatan, misalnya Kepala Bidang Aplikasi Informatika."),
    Column("collector", "Petugas pengumpul data", "Jabatan atau nama petugas."),
    Column("source", "Sumber data", "Asal angkanya."),
    Column("evidence", "Bukti yang diminta", "Berkas yang dilampirkan unit."),
    Column("baseline", "Data awal", "Angka sebelum tahun ini."),
    Column("baseline_year", "Tahun data awal", "Misalnya 2024."),
    Column("units", "Unit penyedia data", "Nama unit; pisahkan dengan titik koma."),
    Column("origin", "Asal", "Dokumen sumber, misalnya Keputusan IKU."),
)


def target_columns(year: int) -> tuple[Column, ...]:
    """Return the columns of targets: the year, its quarters, its months."""
    whole = Period(year, PeriodKind.YEAR)
    periods = (whole, *whole.parts(PeriodKind.QUARTER), *whole.parts(PeriodKind.MONTH))
    names = {PeriodKind.YEAR: "Target setahun", PeriodKind.QUARTER: "Target TW {}", PeriodKind.MONTH: "Target {}"}
    roman = ("I", "II", "III", "IV")
    found = []
    for period in periods:
        word = roman[period.number - 1] if period.kind is PeriodKind.QUARTER else period.label.rsplit(" ", 1)[0]
        hint = "Angka, rentang 80–90, atau huruf predikat."
        if period.kind is PeriodKind.QUARTER:
            hint += " Semester I memakai TW II, semester II memakai TW IV."
        found.append(Column(f"{TARGET}{period.code}", names[period.kind].format(word), hint))
    return tuple(found)


def columns_of(sheet: str, year: int) -> tuple[Column, ...]:
    """Return all columns of one of the two sheets."""
    return NODE_COLUMNS if sheet == NODES else (*CARD_COLUMNS, *target_columns(year))
