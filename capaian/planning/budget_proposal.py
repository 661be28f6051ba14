"""What an uploaded table of money would change: every cell judged, empty ones leave what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capaian.journal.rules import digest_of
from capaian.planning.budgets import Amounts
from capaian.planning.entries import MonthEntry
from capaian.planning.models import Node, Plan
from capaian.planning.number_fields import places_of
from capaian.planning.rules import BUDGETED, MOST_RUPIAH
from capaian.planning.typed_figures import Unread, read_figure
from capaian.workbooks.table_rows import CellRefusal, SheetRow

MONTHS_OF_YEAR = range(1, 13)
CEILING, SPENT = "ceiling_", "spent_"


@dataclass(frozen=True)
class BudgetLine:
    """A row about a node: the months as they would stand, and the year before and after."""

    row: SheetRow
    node: Node
    months: tuple[MonthEntry, ...]
    before: Amounts
    after: Amounts
    is_same: bool


@dataclass
class BudgetProposal:
    """All rows, and every cell that is refused. Nothing is written while one is."""

    lines: list[BudgetLine] = field(default_factory=list)
    refusals: list[CellRefusal] = field(default_factory=list)

    @property
    def named(self) -> list[CellRefusal]:
        """The refused cells, row by row."""
        return sorted(self.refusals, key=lambda each: (each.row, each.column))

    @property
    def written(self) -> list[BudgetLine]:
        """The rows that change anything."""
        return [line for line in self.lines if not line.is_same]

    @property
    def total(self) -> Amounts:
        """The year of all rows as it would stand, exactly."""
        return sum((line.after for line in self.lines), Amounts())

    @property
    def digest(self) -> str:
        """The one mark of what would be done and to which editions; another one means that it was not seen."""
        said = [
            [line.node.public_id, line.node.edition, [[str(each.ceiling), str(each.spent)] for each in line.months]]
            for line in self.lines
        ]
        return digest_of({"lines": said})


class BudgetProposer:
    """Judges the rows of one table."""

    def __init__(self, plan: Plan, year: int) -> None:
        self.year = year
        self.proposal = BudgetProposal()
        rows = plan.nodes.filter(valid_from__year__lte=year).exclude(valid_to__year__lt=year)
        self.nodes = {node.pk: node for node in rows.prefetch_related("budget_months").order_by("pk")}
        self.by_code = {node.code: node for node in self.nodes.values() if node.code}
        self.by_text: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.level in BUDGETED and not node.code:
                self.by_text.setdefault(node.text.casefold(), []).append(node)
        self.bearing = {node.pk for node in self.nodes.values() if self._stored(node)}
        self.above: dict[int, int] = {}
        for pk in self.bearing:
            self._count_above(pk)

    def propose(self, rows: Sequence[SheetRow], refusals: Iterable[CellRefusal]) -> BudgetProposal:
        """Return what the rows would change."""
        self.proposal.refusals += refusals
        seen: dict[int, int] = {}
        for row in rows:
            node = self._node(row)
            if node is None:
                continue
            if node.pk in seen:
                text = f"Kode ini sudah ada pada baris {seen[node.pk]}."
                self._refuse(row, "code", text, "Hapus salah satu barisnya.")
                continue
            seen[node.pk] = row.number
            self._line(row, node)
        return self.proposal

    def _refuse(self, row: SheetRow, key: str, text: str, next_step: str = "") -> None:
        self.proposal.refusals.append(row.refusal(key, text, next_step))

    def _stored(self, node: Node) -> dict[int, MonthEntry]:
        rows = [row for row in node.budget_months.all() if row.year == self.year]
        return {row.month: MonthEntry(row.month, row.ceiling, row.spent) for row in rows}

    def _ancestors(self, pk: int) -> list[int]:
        found: list[int] = []
        parent = self.nodes[pk].parent_id
        while parent is not None and parent in self.nodes:
            found.append(parent)
            parent = self.nodes[parent].parent_id
        return found

    def _count_above(self, pk: int) -> None:
        for above in self._ancestors(pk):
            self.above[above] = pk

    def _node(self, row: SheetRow) -> Node | None:
        code = row.text("code")
        if not code:
            self._refuse(row, "code", "Kode belum diisi.", "Tulis kode butirnya.")
            return None
        known = self.by_text.get(code.casefold(), [])
        node = self.by_code.get(code) or (known[0] if len(known) == 1 else None)
        if node is None:
            text = f"Kode “{code[:80]}” tidak ada pada rencana tahun {self.year}."
            self._refuse(row, "code", text, "Tambahkan butirnya dahulu, atau perbaiki kodenya.")
            return None
        if node.level not in BUDGETED:
            text = f"{node.get_level_display()} tidak memuat anggaran."
            self._refuse(row, "code", text, "Tulis kode program, kegiatan, atau sub kegiatan.")
            return None
        return node

    def _line(self, row: SheetRow, node: Node) -> None:
        before = len(self.proposal.refusals)
        stored = self._stored(node)
        months = tuple(self._month(row, month, stored.get(month)) for month in MONTHS_OF_YEAR)
        given = tuple(each for each in months if each.ceiling is not None or each.spent is not None)
        if given:
            self._refuse_twice(row, node)
        if len(self.proposal.refusals) > before:
            return
        if given:
            self.bearing.add(node.pk)
            self._count_above(node.pk)
        known = tuple(stored[month] for month in sorted(stored))
        line = BudgetLine(row, node, given, _year(known), _year(given), given == known)
        self.proposal.lines.append(line)

    def _refuse_twice(self, row: SheetRow, node: Node) -> None:
        """Money at two levels of one branch would count twice."""
        others = [pk for pk in self._ancestors(node.pk) if pk in self.bearing]
        others += [self.above[node.pk]] if node.pk in self.above else []
        if others:
            other = self.nodes[others[0]]
            text = f"Anggaran {self.year} sudah dicatat pada {other.get_level_display().lower()} {other}."
            self._refuse(row, "code", text, "Catat pada satu jenjang saja agar tidak terhitung dua kali.")

    def _month(self, row: SheetRow, month: int, stored: MonthEntry | None) -> MonthEntry:
        ceiling, spent = (self._amount(row, f"{key}{month}") for key in (CEILING, SPENT))
        known = stored or MonthEntry(month)
        return MonthEntry(month, known.ceiling if ceiling is None else ceiling, known.spent if spent is None else spent)

    def _amount(self, row: SheetRow, key: str) -> Decimal | None:
        try:
            amount = read_figure(row.text(key), rupiah=True)
        except Unread as unread:
            self._refuse(row, key, unread.text)
            return None
        if amount is not None and (amount < 0 or amount > MOST_RUPIAH or places_of(amount) > 2):
            text = "Nilai rupiah negatif, terlalu besar, atau lebih dari dua desimal."
            self._refuse(row, key, text, "Perbaiki nilainya.")
        return amount


def _year(months: Iterable[MonthEntry]) -> Amounts:
    return sum((Amounts(each.ceiling, each.spent) for each in months), Amounts())


def propose_budget(plan: Plan, year: int, rows: Sequence[SheetRow], refusals: Iterable[CellRefusal]) -> BudgetProposal:
    """Return what the rows of a table would change in the money of a year."""
    return BudgetProposer(plan, year).propose(rows, refusals)
