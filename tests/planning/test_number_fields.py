"""Figures and amounts come back as they were written, on both databases; the plain column loses digits on SQLite."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from capaian.planning.number_fields import Figure, Rupiah, canonical

NUMBERS = [
    "0", "-0", "0.00", "12345678901234.56", "999999999999999999", "0.000000000001", "-1.50", "1E+3",
    "123456789012345678901234", "1234567890.12345678901234", "100", "33.333333333333",
]  # fmt: skip


class Ledger(models.Model):
    """A table of the test: both fields beside the bare one that a house rule bans."""

    figure = Figure(null=True)
    amount = Rupiah(null=True)
    plain = models.DecimalField(max_digits=30, decimal_places=2, null=True)
    objects: models.Manager["Ledger"]

    class Meta:
        app_label = "tests"  # of no room: the rooms' tables are counted elsewhere
        managed = False


@pytest.fixture
def ledger(transactional_db: None) -> Iterator[type[Ledger]]:
    with connection.schema_editor() as editor:
        editor.create_model(Ledger)
    yield Ledger
    with connection.schema_editor() as editor:
        editor.delete_model(Ledger)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_figure_comes_back_as_written(text: str, ledger: type[Ledger]) -> None:
    row = ledger.objects.create(figure=Decimal(text))
    found = ledger.objects.get(pk=row.pk).figure
    assert found == Decimal(text)
    assert format(found, "f") == canonical(Decimal(text))
    assert ledger.objects.get(figure=Decimal(text)).pk == row.pk


def test_missing_is_not_zero(ledger: type[Ledger]) -> None:
    row = ledger.objects.create(figure=None, amount=None)
    found = ledger.objects.get(pk=row.pk)
    assert (found.figure, found.amount) == (None, None)


def test_amounts_are_summed_in_sql_to_the_sen(ledger: type[Ledger]) -> None:
    amounts = [Decimal("90000000000000.01"), Decimal("-0.03"), Decimal("123456789.99"), Decimal(0)]
    ledger.objects.bulk_create([ledger(amount=amount) for amount in amounts])
    assert ledger.objects.aggregate(total=Sum("amount"))["total"] == sum(amounts)
    assert sorted(ledger.objects.values_list("amount", flat=True)) == sorted(amounts)


@pytest.mark.parametrize("value", [0.1, float("nan")])
def test_a_float_is_refused(value: object) -> None:
    for field in (Figure(), Rupiah()):
        with pytest.raises(TypeError):
            field.get_prep_value(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal(1234567890123456789012345)])
def test_what_no_column_holds_is_refused(value: Decimal) -> None:
    with pytest.raises(ValidationError):
        Figure().get_prep_value(value)


@pytest.mark.parametrize("value", [Decimal("0.005"), Decimal(10) ** 18])
def test_parts_of_a_sen_are_refused(value: Decimal) -> None:
    with pytest.raises(ValidationError):
        Rupiah().get_prep_value(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_one_number_has_one_text(value: Decimal) -> None:
    assert Decimal(canonical(value)) == value
    assert canonical(Decimal(canonical(value))) == canonical(value)
    assert canonical(value * 1) == canonical(value.normalize())


def test_a_plain_column_loses_digits_on_sqlite(ledger: type[Ledger]) -> None:
    """The control: Django's own column, which a house rule bans."""
    number = Decimal("12345678901234.56")
    row = ledger.objects.create(figure=number, plain=number)
    found = ledger.objects.get(pk=row.pk)
    assert found.figure == number
    assert (found.plain == number) is (connection.vendor != "sqlite")
