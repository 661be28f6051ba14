"""Text for cells that a spreadsheet must not take for a formula."""

from typing import Final

from capaian.formulas.number_text import Refusal, parse_number

FORMULA_SIGNS: Final = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def inert(cell: str) -> str:
    """The cell as a spreadsheet cannot take it for a formula: an apostrophe before text that begins like one."""
    if not cell.startswith(FORMULA_SIGNS):
        return cell
    parsed = parse_number(cell)
    harmless = not isinstance(parsed, Refusal) or parsed.code == "dash"
    return cell if harmless else f"'{cell}"
