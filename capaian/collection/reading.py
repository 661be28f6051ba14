"""Reads letters that people type, and writes figures as people read them."""

from decimal import Decimal

from capaian.formulas.number_text import format_number
from capaian.formulas.polarity import Polarity
from capaian.formulas.predicates import ordinals_of
from capaian.planning.models import Card, Target
from capaian.planning.typed_figures import Unread

SHOWN_PLACES = 4  # what is stored keeps all of them


def read_letter(text: str) -> str:
    """Return the letter that was typed, in capitals; "" for an empty text. Raises `Unread`."""
    letter = text.strip().upper()
    if letter and ordinals_of(letter) is None:
        raise Unread(f"Predikat “{text.strip()}” tidak dikenal. Tulis misalnya AA, A, BB, B, CC, C, D, WTP.")
    return letter


def shown_number(value: Decimal | None) -> str:
    """Return a figure as people read it: `1.234,56`, a quotient with 4 decimals; "" where there is none."""
    if value is None:
        return ""
    exact = format_number(value)
    return exact if len(exact.partition(",")[2]) <= SHOWN_PLACES else format_number(value, SHOWN_PLACES)


def shown_actual(card: Card, value: Decimal | None, letter: str) -> str:
    """Return what is reported as people read it: a number, a letter, "Selesai" or "Belum"; "" for nothing."""
    if letter:
        return letter
    if value is not None and is_yes_no(card):
        return "Selesai" if value else "Belum selesai"
    return shown_number(value)


def shown_target(target: Target | None) -> str:
    """Return a target as people read it."""
    if target is None:
        return ""
    if target.low is not None and target.high is not None:
        return f"{format_number(target.low)}–{format_number(target.high)}"
    return target.letter or shown_number(target.value)


def is_yes_no(card: Card) -> bool:
    """Tell whether a card is done or not, without stages in between. Reads `card.targets.all()`."""
    milestone = card.polarity == Polarity.MILESTONE
    return milestone and all(target.value is None or target.value <= 1 for target in card.targets.all())
