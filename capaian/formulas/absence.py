"""Why there is no achievement. These are different things and are shown as different things, never as 0."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Absence:
    """A reason without a number: a stable code and a short Indonesian phrase for tables."""

    code: str
    text: str


NO_ACTUAL: Final = Absence("no_actual", "belum ada realisasi")
NO_TARGET: Final = Absence("no_target", "target belum ditetapkan")
ZERO_TARGET: Final = Absence("zero_target", "target nol")
ZERO_TARGET_ACTUAL: Final = Absence("zero_target_actual", "target nol, ada realisasi tanpa target")
NEGATIVE_TARGET: Final = Absence("negative_target", "target negatif tidak diizinkan pada kartu indikator")
RATIO_ZERO: Final = Absence("ratio_zero", "T ÷ R tidak terdefinisi pada realisasi nol tanpa batas skor")
RATIO_NEGATIVE: Final = Absence("ratio_negative", "T ÷ R tidak berlaku untuk realisasi negatif")
OUTSIDE_STAGES: Final = Absence("outside_stages", "tahap selesai di luar jumlah tahap")
NOT_DUE: Final = Absence("not_due", "belum jatuh tempo")
INCOMPLETE: Final = Absence("incomplete", "data belum lengkap")
DUE_MISSING: Final = Absence("due_missing", "jatuh tempo tetapi belum ada realisasi")
WAITING_RELEASE: Final = Absence("waiting_release", "menunggu rilis")
NO_MEMBERS: Final = Absence("no_members", "belum ada nilai yang dilaporkan")
NO_WEIGHT: Final = Absence("no_weight", "jumlah bobot nol")
NO_BUDGET: Final = Absence("no_budget", "anggaran atau capaian nol")
