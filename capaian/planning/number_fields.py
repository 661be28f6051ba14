"""Columns for numbers: exact on both databases, Decimal in Python."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    AnyField = models.Field[Any, Any]
    AnyInteger = models.BigIntegerField[Any, Any]
else:  # Django's fields take no parameters when the program runs
    AnyField, AnyInteger = models.Field, models.BigIntegerField

MOST_DIGITS = 24
LARGEST_SEN = 2**63 - 1


def canonical(value: Decimal) -> str:
    """Return the one text of a number: no exponent, no trailing zeros, no minus before zero.

    Raises ValidationError for what is no number, or needs more than 24 digits.
    """
    if not value.is_finite():
        raise ValidationError(f"not a finite number: {value}")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if sum(character.isdigit() for character in text) > MOST_DIGITS:
        raise ValidationError(f"more than {MOST_DIGITS} digits: {text}")
    return "0" if text in ("-0", "") else text


def places_of(value: Decimal) -> int:
    """Return how many decimals a number needs."""
    return len(canonical(value).partition(".")[2])


class Figure(AnyField):
    """A number of up to 24 digits: text on SQLite, `numeric` on PostgreSQL. Compared and summed in Python only."""

    description = "exact number"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "numeric" if connection.vendor == "postgresql" else "text"

    def get_prep_value(self, value: Any) -> Any:
        """Return what is written: canonical text or None. TypeError for a float, which has lost digits already."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        if not isinstance(value, Decimal | int | str):
            raise TypeError(f"a figure is a Decimal, not {type(value).__name__}")
        return canonical(Decimal(value))

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002  (Django's own)
        """Return the value as the driver takes it."""
        text = value if prepared else self.get_prep_value(value)
        return Decimal(text) if text is not None and connection.vendor == "postgresql" else text

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> Decimal | None:
        """Return what was read, the same on both databases."""
        return None if value is None else Decimal(canonical(Decimal(value)))

    def to_python(self, value: Any) -> Decimal | None:
        """Return a value as Decimal."""
        return None if value is None else Decimal(canonical(Decimal(str(value))))

    def value_to_string(self, obj: models.Model) -> str:
        """Return the value as fixtures write it."""
        value = self.value_from_object(obj)
        return "" if value is None else canonical(value)


class Rupiah(AnyInteger):
    """An amount of money: whole sen in the column, Decimal rupiah in Python. Summed in SQL."""

    description = "amount of money"
    # what the type checker lets be written, and knows of what is read
    _pyi_private_set_type: "Decimal | int | Combinable | None"  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def get_prep_value(self, value: Any) -> int | None:
        """Return whole sen. TypeError for a float; ValidationError for parts of a sen or too large an amount."""
        if value is None:
            return None
        if not isinstance(value, Decimal | int):
            raise TypeError(f"an amount is a Decimal, not {type(value).__name__}")
        sen = Decimal(value) * 100
        if sen != sen.to_integral_value() or abs(sen) > LARGEST_SEN:
            raise ValidationError(f"not an amount in whole sen: {value}")
        return int(sen)

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> Decimal | None:
        """Return rupiah; a sum of PostgreSQL comes as a Decimal of sen."""
        return None if value is None else Decimal(int(value)) / 100

    def to_python(self, value: Any) -> Any:
        """Return an amount as it is; forms read texts with `parse_number`."""
        return value
