"""The cells of one row as values: words of closed lists, numbers, flags, raw data, targets."""

import re
from collections.abc import Mapping
from decimal import Decimal

from capaian.formulas.polarity import polarity_named
from capaian.planning.card_rules import choices_of
from capaian.planning.entries import CardEntry, DatumEntry, IndicatorEntry, TargetEntry
from capaian.planning.typed_figures import Unread, read_figure, read_target
from capaian.planning.workbook_columns import TARGET
from capaian.workbooks.table_rows import CellRefusal, SheetRow

YES = frozenset({"ya", "y", "v", "✓", "x", "true", "1"})
NO = frozenset({"", "tidak", "t", "-", "false", "0"})
DATUM = re.compile(r"([^=]+?)\s*=\s*([^\[\]]+?)\s*(?:\[([^\[\]]*)\])?")
UNBOUNDED = "tanpa"
TEXTS = (
    "name", "measured_in", "definition", "calculation", "formula", "responsible", "collector", "source", "evidence",
    "origin",
)  # fmt: skip


class RowReader:
    """Reads one row; what cannot be read is added to the refusals and takes the usual value."""

    def __init__(self, row: SheetRow, refusals: list[CellRefusal]) -> None:
        self.row, self.refusals = row, refusals

    def _refuse(self, key: str, text: str, next_step: str = "") -> None:
        self.refusals.append(self.row.refusal(key, text, next_step))

    def word(self, key: str, choices: Mapping[str, str], usual: str) -> str:
        """Return the value whose label or value stands in a cell."""
        text = " ".join(self.row.text(key).casefold().split())
        if not text:
            return usual
        for value, label in choices.items():
            if text in (value.casefold(), label.casefold()):
                return value
        self._refuse(key, f"“{self.row.text(key)}” tidak ada dalam daftar.", f"Pilih: {', '.join(choices.values())}.")
        return usual

    def flag(self, key: str) -> bool:
        """Return whether a cell says yes."""
        text = self.row.text(key).casefold()
        if text not in YES | NO:
            self._refuse(key, f"“{self.row.text(key)}” tidak dikenal.", "Tulis ya atau tidak.")
        return text in YES

    def figure(self, key: str, usual: Decimal | None = None, unit: str = "%") -> Decimal | None:
        """Return the number in a cell."""
        try:
            value = read_figure(self.row.text(key), unit)
        except Unread as unread:
            self._refuse(key, unread.text)
            return usual
        return usual if value is None else value

    def whole(self, key: str, usual: int) -> int:
        """Return the whole number in a cell."""
        text = self.row.text(key)
        if not text:
            return usual
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return int(text)
        self._refuse(key, f"“{text}” bukan bilangan bulat.", "Tulis misalnya 1.")
        return usual

    def parts(self, key: str) -> list[str]:
        """Return the parts of a cell between semicolons."""
        return [part.strip() for part in self.row.text(key).replace("\n", ";").split(";") if part.strip()]

    def indicator(self) -> IndicatorEntry:
        """Return the indicator's place and flags."""
        flags = {name: self.flag(name) for name in ("is_iku", "is_ikk", "is_lppd")}
        return IndicatorEntry(ordinal=self.whole("ordinal", 1), **flags)

    def card(self) -> CardEntry:
        """Return what the row says of the card."""
        usual = CardEntry("", "")
        chosen = {
            name: self.word(name, dict(choices_of(name)), getattr(usual, name))
            for name in (
                "kind", "frequency", "entry", "consolidation", "location", "scale", "aspect", "validity", "control",
            )
        }  # fmt: skip
        texts = {name: self.row.text(name) for name in TEXTS}
        unit = texts["measured_in"]
        year = self.whole("baseline_year", 0)
        return CardEntry(
            **texts,
            **chosen,
            polarity=self._polarity(),
            cap=None if self.row.text("cap").casefold() == UNBOUNDED else self.figure("cap", Decimal(120)),
            tolerance=self.figure("tolerance"),
            weight=self.figure("weight", Decimal(1)) or Decimal(0),
            negative_target=self.flag("negative_target"),
            released_next_year=self.flag("released_next_year"),
            measured_month=self.whole("measured_month", 0) or None,
            baseline=self.figure("baseline", unit=unit),
            baseline_year=year or None,
            data=self._data(),
        )

    def _polarity(self) -> str:
        text = self.row.text("polarity")
        named = polarity_named(text)
        return named.value if named else self.word("polarity", dict(choices_of("polarity")), "maximize")

    def _data(self) -> tuple[DatumEntry, ...]:
        found = []
        for part in self.parts("data"):
            match = DATUM.fullmatch(part)
            if match is None:
                text = f"“{part}” tidak terbaca sebagai data mentah."
                self._refuse("data", text, "Tulis misalnya selesai = Aduan selesai [aduan].")
                continue
            name, label, unit = match.groups()
            found.append(DatumEntry(name, label, (unit or "").strip()))
        return tuple(found)

    def targets(self, card: CardEntry) -> list[TargetEntry]:
        """Return the targets of the row."""
        found = []
        for key, text in self.row.texts.items():
            if not key.startswith(TARGET) or not text:
                continue
            try:
                target = read_target(text, key.removeprefix(TARGET), card.polarity, card.measured_in)
            except Unread as unread:
                self._refuse(key, unread.text)
                continue
            if target is not None:
                found.append(target)
        return sorted(found, key=lambda target: target.period)
