"""What stands on a performance agreement: the statement of both parties, the targets, the programmes' money."""

from decimal import Decimal
from typing import Any

from capaian.agencies.models import Person
from capaian.planning.agreement_rules import Tier, tier_of
from capaian.planning.entries import TargetEntry
from capaian.planning.models import Agreement, AgreementBudget, AgreementItem, Level
from capaian.planning.rules import DEPTH
from capaian.planning.typed_figures import rupiah_text, target_text

OPENING = (
    "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan akuntabel serta berorientasi pada "
    "hasil, kami yang bertanda tangan di bawah ini:"
)
FIRST = "selanjutnya disebut pihak pertama, dan"
SECOND = "selaku atasan pihak pertama, selanjutnya disebut pihak kedua."
PROMISE = (
    "Pihak pertama berjanji akan mewujudkan target kinerja yang seharusnya sesuai lampiran perjanjian ini, dalam "
    "rangka mencapai target kinerja jangka menengah seperti yang telah ditetapkan dalam dokumen perencanaan. "
    "Keberhasilan dan kegagalan pencapaian target kinerja tersebut menjadi tanggung jawab pihak pertama."
)
SUPERVISION = (
    "Pihak kedua akan melakukan supervisi yang diperlukan serta akan melakukan evaluasi terhadap capaian kinerja "
    "dari perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan dan sanksi."
)
GOALS = {Tier.HEAD: "Sasaran strategis", Tier.DIVISION: "Sasaran program", Tier.SECTION: "Sasaran kegiatan"}
TARGET_HEAD = ["Indikator kinerja", "Satuan", "Target"]
TARGET_WIDTHS = [7, 30, 35, 13, 15]
BUDGET_HEAD = ["Anggaran", "Keterangan"]
BUDGET_WIDTHS = [7, 48, 27, 18]


def year_target(item: AgreementItem) -> str:
    """Return the year's target of an item as text, empty when it has none."""
    code = f"{item.card.year:04d}"
    return next((target_text(TargetEntry.of(row)) for row in item.card.targets.all() if row.period == code), "")


def title_of(agreement: Agreement) -> str:
    """Return the paper's title: a later version of the year is a change (Perubahan)."""
    change = "Perubahan " if agreement.version > 1 else ""
    return f"{change}Perjanjian Kinerja Tahun {agreement.year}"


def goal_word(agreement: Agreement) -> str:
    """Return what the goals of an agreement are called at its tier. Reads the position's roles."""
    return GOALS[tier_of(agreement.position)]


def money_word(budgets: list[AgreementBudget]) -> str:
    """Return what the nodes of the second annex are called."""
    levels = sorted({budget.node.level for budget in budgets}, key=DEPTH.__getitem__)
    return " / ".join(Level(level).label for level in levels) or Level.PROGRAMME.label


def agreement_parts(agreement: Agreement, promiser: Person, superior_person: Person | None = None) -> dict[str, Any]:
    """Return the parts of the paper's context; the superior's rank and NIP when he is of the agency."""
    items = list(agreement.items.select_related("card__indicator__node").prefetch_related("card__targets"))
    budgets = list(agreement.budgets.select_related("node").order_by("node__code", "node__ordinal", "pk"))
    party = f"{agreement.promiser_name}, {agreement.promiser_title}"
    superior = f"{agreement.superior_name}, {agreement.superior_title}"
    statement = [OPENING, f"{party}, {FIRST}", f"{superior}, {SECOND}", PROMISE, SUPERVISION]
    targets = [_target_row(item) for item in items]
    blocks = [
        {"kind": "text", "heading": "", "paragraphs": statement},
        _table("Lampiran 1: target kinerja", ["No.", goal_word(agreement), *TARGET_HEAD], targets, TARGET_WIDTHS),
    ]
    if budgets:  # no amount known is not an amount of 0
        word = money_word(budgets)
        head = ["No.", word, *BUDGET_HEAD]
        blocks.append(_table(f"Lampiran 2: anggaran {word.lower()}", head, _budget_rows(budgets), BUDGET_WIDTHS))
    return {
        "facts": [],
        "blocks": blocks,
        "signature": {
            "title": agreement.promiser_title,
            "name": agreement.promiser_name,
            "rank": promiser.rank,
            "nip": promiser.nip or "",
            "caption": "Pihak pertama",
        },
        "cosignatures": [
            {
                "title": agreement.superior_title,
                "name": agreement.superior_name,
                "rank": superior_person.rank if superior_person else "",
                "nip": (superior_person.nip or "") if superior_person else "",
                "caption": "Pihak kedua",
            }
        ],
    }


def _table(heading: str, head: list[str], rows: list[list[str]], widths: list[int]) -> dict[str, Any]:
    return {"kind": "table", "heading": heading, "head": head, "rows": rows, "widths": widths}


def _target_row(item: AgreementItem) -> list[str]:
    card = item.card
    return [str(item.ordinal), card.indicator.node.text, card.name, card.measured_in, year_target(item) or "–"]


def _budget_rows(budgets: list[AgreementBudget]) -> list[list[str]]:
    rows = [
        [str(place), str(budget.node), rupiah_text(budget.amount), budget.note]
        for place, budget in enumerate(budgets, start=1)
    ]
    total = sum((budget.amount for budget in budgets), Decimal(0))
    return [*rows, ["", "Jumlah", rupiah_text(total), ""]]
