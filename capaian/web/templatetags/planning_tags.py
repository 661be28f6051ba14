"""Tags of the planning pages: amounts and figures as people read them."""

from decimal import Decimal

from django import template

from capaian.formulas.number_text import format_number
from capaian.periods.period import MONTHS
from capaian.planning.typed_figures import rupiah_text

register = template.Library()


@register.filter
def rupiah(amount: Decimal | int | None) -> str:
    """Rp 1.234.567 or Rp 1.234.567,50; a dash for what is not known."""
    return "–" if amount is None else rupiah_text(Decimal(amount))


@register.filter
def figure(value: Decimal | None) -> str:
    """1.234,5 with all its decimals; a dash for what is not known."""
    return "–" if value is None else format_number(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """92,20%; a dash for what is not known."""
    return "–" if value is None else f"{format_number(value, 2)}%"


@register.filter
def month_name(number: int) -> str:
    """Januari for 1."""
    return MONTHS[number - 1]
