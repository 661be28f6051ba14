"""What a workbook would change: its rows judged by the same rules as the pages, against what is stored now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from capaian.agencies.models import Unit
from capaian.agencies.reach import today
from capaian.journal.rules import digest_of
from capaian.planning import card_rules, revision_rules
from capaian.planning.entries import CardEntry, IndicatorEntry, NodeEntry, TargetEntry
from capaian.planning.models import Card, Indicator, Level, Node, Plan
from capaian.planning.rules import DEPTH, MOST_ORDINAL, reasons_about_code_shape
from capaian.planning.workbook_cells import Cells
from capaian.planning.workbook_values import RowReader
from capaian.workbooks.table_rows import CellRefusal, SheetRow


@dataclass(frozen=True, eq=False)
class NodeLine:
    """A row about a node: what it says, the node that is there already, or the parent of the new one."""

    row: SheetRow
    entry: NodeEntry
    existing: Node | None = None
    parent: "Node | NodeLine | None" = None

    @property
    def level(self) -> str:
        """The node's level."""
        return self.entry.level

    @property
    def is_new(self) -> bool:
        """Whether a node would be added."""
        return self.existing is None


Found = Node | NodeLine


@dataclass(frozen=True, eq=False)
class CardLine:
    """A row about a card: what it says, the card of the year and the indicator that are there already."""

    row: SheetRow
    node: Found
    entry: CardEntry
    indicator: IndicatorEntry
    unit_ids: tuple[int, ...]
    targets: tuple[TargetEntry, ...]
    existing: Card | None = None
    identity: Indicator | None = None
    is_same: bool = False

    @property
    def effect(self) -> str:
        """What would happen: `same`, `changed` or `new`."""
        return "same" if self.is_same else "changed" if self.existing else "new"


@dataclass
class Proposal:
    """All rows, and every cell that is refused. Nothing is written while one is."""

    nodes: list[NodeLine] = field(default_factory=list)
    cards: list[CardLine] = field(default_factory=list)
    refusals: list[CellRefusal] = field(default_factory=list)

    @property
    def named(self) -> list[CellRefusal]:
        """The refused cells as they stand in the workbook: sheet by sheet, row by row."""
        return sorted(self.refusals, key=lambda each: (each.sheet, each.row, each.column))

    @property
    def new_nodes(self) -> list[NodeLine]:
        """The nodes that would be added."""
        return [line for line in self.nodes if line.is_new]

    @property
    def written(self) -> list[CardLine]:
        """The cards that would be added or changed."""
        return [line for line in self.cards if not line.is_same]

    @property
    def digest(self) -> str:
        """The one mark of what would be done and to which editions; another one means that it was not seen."""
        nodes = [[line.row.number, line.is_new, _words(asdict(line.entry))] for line in self.nodes]
        cards = [
            [
                line.row.number,
                line.effect,
                [line.existing.public_id, line.existing.edition] if line.existing else [],
                line.identity.public_id if line.identity else "",
                _words(vars(line.entry)),
                _words(asdict(line.indicator)),
                list(line.unit_ids),
                [_words(asdict(target)) for target in line.targets],
            ]
            for line in self.cards
        ]
        return digest_of({"nodes": nodes, "cards": cards})


def _words(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


class Proposer:
    """Judges the rows of one workbook."""

    def __init__(self, plan: Plan, year: int) -> None:
        self.plan, self.year, self.today = plan, year, today(plan.agency)
        self.proposal = Proposal()
        self.by_code: dict[str, Found] = {}
        self.by_text: dict[str, list[Found]] = defaultdict(list)
        for node in plan.nodes.filter(valid_to__isnull=True).order_by("pk"):
            self._know(node, node.code, node.text)
        units = Unit.objects.filter(agency_id=plan.agency_id, valid_to__isnull=True)
        self.units = {unit.name.casefold(): unit for unit in units}
        self.known: dict[tuple[int, str], Card] = {}
        cards = Card.objects.filter(indicator__node__plan=plan, year__lte=year).order_by("year", "version")
        for card in cards.select_related("indicator").prefetch_related("data", "suppliers", "targets"):
            self.known[card.indicator.node_id, card.name.casefold()] = card  # the newest version of the newest year

    def propose(self, cells: Cells) -> Proposal:
        """Return what the rows would change."""
        self.proposal.refusals += cells.refusals
        for row in cells.nodes:
            self._node(row)
        seen: dict[tuple[Found, str], SheetRow] = {}
        for row in cells.cards:
            line = self._card(row)
            if line is None:
                continue
            key = (line.node, line.entry.name.casefold())
            if key in seen:
                text = f"Indikator ini sudah ada pada baris {seen[key].number}."
                self._refuse(row, "name", text, "Hapus salah satu barisnya.")
            seen[key] = row
            self.proposal.cards.append(line)
        return self.proposal

    def _refuse(self, row: SheetRow, key: str, text: str, next_step: str = "") -> None:
        self.proposal.refusals.append(row.refusal(key, text, next_step))

    def _know(self, found: Found, code: str, text: str) -> None:
        if code:
            self.by_code[code] = found
        self.by_text[text.casefold()].append(found)

    def _found(self, row: SheetRow, key: str) -> Found | None:
        """Return the node that a cell names by code or text; refuse the cell when there is none, or more than one."""
        text = row.text(key)
        found = [self.by_code[text]] if text in self.by_code else self.by_text.get(text.casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            next_step = "Tulis kodenya."
            self._refuse(row, key, f"Uraian “{text}” dipakai oleh {len(found)} butir.", next_step)
        elif text:
            next_step = "Tulis kode atau uraiannya seperti pada lembar Butir, pada baris di atasnya."
            self._refuse(row, key, f"Butir “{text}” tidak ditemukan.", next_step)
        else:
            self._refuse(row, key, "Sel ini kosong.", "Tulis kode atau uraian butirnya.")
        return None

    def _node(self, row: SheetRow) -> None:
        before = len(self.proposal.refusals)
        reader = RowReader(row, self.proposal.refusals)
        level = reader.word("level", dict(Level.choices), "")
        code, text = row.text("code"), row.text("text")
        if not level and not row.text("level"):
            self._refuse(row, "level", "Jenjang belum diisi.", "Pilih dari daftar.")
        if not text or len(text) > 500:
            self._refuse(row, "text", "Uraian belum diisi atau lebih dari 500 huruf.", "Perbaiki uraiannya.")
        existing = self._existing_node(row, level, code, text)
        owner = self._unit(row, "owner", row.text("owner")) if row.text("owner") else None
        ordinal = reader.whole("ordinal", 1)
        if not 1 <= ordinal <= MOST_ORDINAL:
            self._refuse(row, "ordinal", f"Nomor urut harus antara 1 dan {MOST_ORDINAL}.", "Perbaiki nomornya.")
        if len(row.text("origin")) > 300:
            self._refuse(row, "origin", "Asal lebih dari 300 huruf.", "Ringkas tulisannya.")
        parent = self._parent(row, level) if existing is None else None
        if len(self.proposal.refusals) > before:
            return
        entry = NodeEntry(
            level, text, code=code, ordinal=ordinal, owner_id=owner.pk if owner else None, origin=row.text("origin")
        )
        line = NodeLine(row, entry, existing, parent)
        self.proposal.nodes.append(line)
        if existing is None:
            self._know(line, code, text)

    def _existing_node(self, row: SheetRow, level: str, code: str, text: str) -> Node | None:
        """Return the stored node that a row means; a row that contradicts it, or repeats another row, is refused."""
        if code and code in self.by_code:
            found: list[Found] = [self.by_code[code]]
        else:
            found = [each for each in self.by_text.get(text.casefold(), []) if each.level == level and not code]
        if not found:
            for reason in reasons_about_code_shape(code):
                self._refuse(row, reason.field, reason.text, reason.next_step)
            return None
        [first, *_] = found
        if isinstance(first, NodeLine):
            key = "code" if code else "text"
            self._refuse(row, key, f"Butir ini sudah ada pada baris {first.row.number}.", "Hapus salah satu barisnya.")
            return None
        if first.level != level or first.text.casefold() != text.casefold():
            words = f"{first.get_level_display()} “{first.text}”"
            text = f"Kode {code} sudah dipakai oleh {words}."
            self._refuse(row, "code", text, "Samakan barisnya, atau ubah butir itu pada halamannya.")
        return first

    def _parent(self, row: SheetRow, level: str) -> Found | None:
        if not row.text("parent"):
            return None
        found = self._found(row, "parent")
        if found is not None and level and DEPTH[found.level] >= DEPTH[level]:
            text = f"Induk dari {Level(level).label} harus berada pada jenjang di atasnya."
            self._refuse(row, "parent", text, "Pilih butir lain.")
        return found

    def _unit(self, row: SheetRow, key: str, name: str, *, supplying: bool = False) -> Unit | None:
        unit = self.units.get(name.casefold())
        if unit is not None and supplying and not unit.supplies_data:
            self._refuse(row, key, f"Unit “{unit.name}” tidak menyampaikan data.", "Tulis unit lain.")
            return None
        if unit is None:
            self._refuse(row, key, f"Unit “{name}” tidak ada pada daftar unit.", "Tulis nama unit seperti pada daftar.")
        return unit

    def _card(self, row: SheetRow) -> CardLine | None:
        before = len(self.proposal.refusals)
        node = self._found(row, "node")
        reader = RowReader(row, self.proposal.refusals)
        entry, indicator = reader.card(), reader.indicator()
        units = [self._unit(row, "units", name, supplying=True) for name in reader.parts("units")]
        targets = reader.targets(entry)
        if len(self.proposal.refusals) > before or node is None:
            return None
        level = node if isinstance(node, Node) else Node(plan=self.plan, level=node.level)
        reasons = card_rules.reasons_about_indicator(level, self.year, indicator.ordinal)
        reasons += card_rules.reasons_about_card(entry, self.year)
        shell = Card(
            agency_id=self.plan.agency_id, year=self.year, frequency=entry.frequency, polarity=entry.polarity,
            negative_target=entry.negative_target,
        )  # fmt: skip
        unit_ids = tuple(dict.fromkeys(unit.pk for unit in units if unit is not None))
        reasons += card_rules.reasons_about_targets(shell, targets)
        for reason in reasons:
            key = {"level": "node", "year": "node"}.get(reason.field, reason.field)
            key = "data" if key.startswith("data_") else key
            self._refuse(row, key, reason.text, reason.next_step)
        return self._against_stored(CardLine(row, node, entry, indicator, unit_ids, tuple(targets)))

    def _against_stored(self, line: CardLine) -> CardLine:
        """Return the line with what is stored of it; a row that would change an activated card is refused."""
        node = line.node.existing if isinstance(line.node, NodeLine) else line.node
        card = self.known.get((node.pk, line.entry.name.casefold())) if node is not None else None
        if card is None:
            return line
        if card.year != self.year:
            return replace(line, identity=card.indicator)
        flags = {name: getattr(card.indicator, name) for name in IndicatorEntry.__dataclass_fields__}
        same = (
            CardEntry.of(card) == line.entry
            and IndicatorEntry(**flags) == line.indicator
            and {row.unit_id for row in card.suppliers.all()} == set(line.unit_ids)
            and _plain(TargetEntry.of(row) for row in card.targets.all()) == _plain(line.targets)
        )
        if card.activated_at is not None and not same:
            text = f"Kartu “{card.name}” tahun {self.year} sudah aktif dan tidak dapat diubah."
            self._refuse(line.row, "name", text, "Buka versi baru kartu itu, atau hapus barisnya.")
        elif not same and card.version > 1:
            reasons = revision_rules.reasons_not_to_remeasure(card, line.entry, self.today)
            for reason in reasons + revision_rules.reasons_not_to_rewrite(card, line.targets, self.today):
                self._refuse(line.row, reason.field, reason.text, reason.next_step)
        return replace(line, existing=card, identity=card.indicator, is_same=same)


def _plain(targets: Iterable[TargetEntry]) -> set[TargetEntry]:
    return {replace(target, is_example=False) for target in targets}


def propose(plan: Plan, year: int, cells: Cells) -> Proposal:
    """Return what the rows of a workbook would change in a plan and the cards of a year."""
    return Proposer(plan, year).propose(cells)
