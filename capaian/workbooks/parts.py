"""The small parts of a workbook: which sheet comes first, the shared texts, the number formats."""

import re
from dataclasses import dataclass, field
from typing import Final

from capaian.workbooks.package import WORKBOOK, Package, part_beside, plain, tag
from capaian.workbooks.problems import UnreadableTable

RELATIONS: Final = "xl/_rels/workbook.xml.rels"
BUILT_IN_PERCENT: Final = frozenset({9, 10})
BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# halves of a pair (D800 to DFFF) are no signs
ESCAPED: Final = re.compile("_x((?![dD][89a-fA-F])[0-9A-Fa-f]{4})_")
# text in quotes, escaped signs, colours and conditions say nothing about the kind of number
LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@dataclass(slots=True)
class _Workbook:
    """The visible sheets in order, and the calendar."""

    sheets: dict[str, str] = field(default_factory=dict)  # id of the part by the sheet's name
    hidden: dict[str, str] = field(default_factory=dict)  # likewise
    from_1904: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        values = plain(attributes)
        if tag(name) == "sheet":
            sheets = self.sheets if values.get("state", "visible") == "visible" else self.hidden
            sheets[values.get("name", "")] = values.get("id", "")
        elif tag(name) == "workbookPr":
            self.from_1904 = values.get("date1904", "0") in ("1", "true")

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is of interest."""


@dataclass(slots=True)
class _Relations:
    targets: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if tag(name) == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is of interest."""


@dataclass(slots=True)
class _SharedTexts:
    """Texts in order; phonetic hints are left out."""

    texts: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    inside: bool = False
    hint: bool = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        match tag(name):
            case "si":
                self.pieces = []
            case "rPh":
                self.hint = True
            case "t":
                self.inside = not self.hint

    def end(self, name: str) -> None:
        match tag(name):
            case "si":
                self.texts.append(unescaped("".join(self.pieces)))
            case "rPh":
                self.hint = False
            case "t":
                self.inside = False

    def text(self, text: str) -> None:
        if self.inside:
            self.pieces.append(text)


@dataclass(slots=True)
class _Styles:
    """The number format of every cell style."""

    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)
    inside: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match tag(name):
            case "numFmt":
                self.codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            case "cellXfs":
                self.inside = True
            case "xf" if self.inside:
                self.formats.append(_whole(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if tag(name) == "cellXfs":
            self.inside = False

    def text(self, text: str) -> None:
        """No text is of interest."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is needed to read the first sheet: its part, the texts, and the kind of every style."""

    sheet: str
    texts: list[str]
    kinds: list[str]
    from_1904: bool


def unescaped(text: str) -> str:
    """Text with the signs that XML cannot hold, which Excel writes as `_x000D_`."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def read_parts(package: Package, sheet_name: str = "", *, hidden: bool = False) -> Parts:
    """Read the small parts for a sheet, the first one without a name; refuse a workbook without that sheet.

    A hidden sheet counts only where it is asked for.
    """
    workbook, relations, texts, styles = _Workbook(), _Relations(), _SharedTexts(), _Styles()
    pairs = ((WORKBOOK, workbook), (RELATIONS, relations), ("xl/sharedStrings.xml", texts), ("xl/styles.xml", styles))
    for part, handler in pairs:
        if package.has(part):
            for _ in package.feed(part, handler):
                pass
    sheets = {**workbook.sheets, **workbook.hidden} if hidden else workbook.sheets
    if not sheets:
        raise UnreadableTable(f"{package.name} tidak memuat lembar yang terlihat.")
    if sheet_name and sheet_name not in sheets:
        raise UnreadableTable(f"{package.name} tidak memuat lembar “{sheet_name}”. Pakai lembar dari contoh.")
    wanted = sheets[sheet_name] if sheet_name else next(iter(sheets.values()))
    sheet = part_beside(WORKBOOK, relations.targets.get(wanted, ""))
    if not package.has(sheet):
        raise package.broken()
    kinds = [number_kind(number, styles.codes.get(number, "")) for number in styles.formats]
    return Parts(sheet, texts.texts, kinds, workbook.from_1904)


def number_kind(number: int, code: str) -> str:
    """`percent`, `date` or `number`: what a number format shows."""
    if number in BUILT_IN_PERCENT:
        return "percent"
    if number in BUILT_IN_DATES:
        return "date"
    signs = LITERALS.sub("", code).lower()
    if "%" in signs:
        return "percent"
    return "date" if "general" not in signs and re.search("[dmyhs]", signs) else "number"


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
