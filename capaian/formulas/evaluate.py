"""Computing a card formula over named raw data: exact quotients inside, one Decimal at the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Final

from capaian.formulas.grammar import parse_formula
from capaian.formulas.number_text import format_number
from capaian.formulas.rounding import Exact, Quotient, divided, quotient
from capaian.formulas.tree import (
    Call,
    Choice,
    Comparison,
    Function,
    Literal,
    Name,
    Negative,
    Node,
    Operation,
    Operator,
    nodes,
)

MOST_RESULT_DIGITS: Final = 40
LARGEST_RESULT: Final = 10**MOST_RESULT_DIGITS
Values = Mapping[str, Quotient]
Compute = Callable[[Values], Quotient]


class NotComputable(Exception):
    """No number comes out. `code`: missing, unknown, zero_division, too_large; `text` is an Indonesian sentence."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class CardFormula:
    """A card's formula: its text, its tree, the names it needs, and the computation made from the tree."""

    text: str
    tree: Node
    names: tuple[str, ...]
    compute: Compute

    def value(self, data: Mapping[str, Exact | None]) -> Decimal:
        """The number, exact when 50 digits suffice; raise `NotComputable`. Missing data is never 0."""
        return divided(*self._computed(data))

    def exact(self, data: Mapping[str, Exact | None]) -> Fraction:
        """The number as an exact fraction; raise `NotComputable`."""
        return Fraction(*self._computed(data))

    def in_numbers(self, data: Mapping[str, Exact | None]) -> str:
        """The formula with its data in place: `(45 + 5) ÷ 60 × 100 = 83,33`; raise `NotComputable`."""
        return f"{_written(self.tree, data)} = {format_number(self.exact(data), 2).replace('-', '−')}"

    def _computed(self, data: Mapping[str, Exact | None]) -> Quotient:
        numerator, denominator = self.compute({name: _given(data, name) for name in self.names})
        if abs(numerator) >= LARGEST_RESULT * denominator:
            raise NotComputable("too_large", f"Hasil rumus lebih dari {MOST_RESULT_DIGITS} digit. Periksa datanya.")
        return numerator, denominator


def card_formula(text: str) -> CardFormula:
    """Read a card formula; raise `grammar.FormulaRefused`."""
    tree = parse_formula(text)
    names = dict.fromkeys(node.name for node in nodes(tree) if isinstance(node, Name))
    return CardFormula(text, tree, tuple(names), _compiled(tree))


def _given(data: Mapping[str, Exact | None], name: str) -> Quotient:
    if name not in data:
        raise NotComputable("unknown", f"Data “{name}” tidak ada pada kartu indikator.")
    value = data[name]
    if value is None:
        raise NotComputable("missing", f"Data “{name}” belum diisi.")
    return quotient(value)


def _compiled(node: Node) -> Compute:
    """The tree as nested closures: no name outside the card can be reached, nothing is evaluated as code."""
    match node:
        case Literal():
            constant = quotient(node.value)
            return lambda _: constant
        case Name():
            name = node.name
            return lambda values: values[name]
        case Negative():
            inner = _compiled(node.value)
            return lambda values: _negative(inner(values))
        case Operation():
            operate, left, right = OPERATIONS[node.operator], _compiled(node.left), _compiled(node.right)
            return lambda values: operate(left(values), right(values))
        case Call():
            gather, parts = FUNCTIONS[node.function], [_compiled(value) for value in node.values]
            return lambda values: gather([part(values) for part in parts])
        case Choice():
            return _compiled_choice(node)


def _compiled_choice(node: Choice) -> Compute:
    holds = COMPARE[node.comparison]
    left, right, then, otherwise = map(_compiled, (node.left, node.right, node.then, node.otherwise))

    def choose(values: Values) -> Quotient:
        (a, b), (c, d) = left(values), right(values)
        return then(values) if holds(a * d - c * b) else otherwise(values)

    return choose


def _negative(value: Quotient) -> Quotient:
    return -value[0], value[1]


def _add(left: Quotient, right: Quotient) -> Quotient:
    (a, b), (c, d) = left, right
    return (a + c, b) if b == d else (a * d + c * b, b * d)


def _subtract(left: Quotient, right: Quotient) -> Quotient:
    return _add(left, _negative(right))


def _multiply(left: Quotient, right: Quotient) -> Quotient:
    return left[0] * right[0], left[1] * right[1]


def _divide(left: Quotient, right: Quotient) -> Quotient:
    (a, b), (c, d) = left, right
    if c == 0:
        raise NotComputable("zero_division", "Pembagi bernilai nol.")
    return (a * d, b * c) if c > 0 else (-a * d, -b * c)


def _sum(values: list[Quotient]) -> Quotient:
    return reduce(_add, values)


def _average(values: list[Quotient]) -> Quotient:
    above, below = _sum(values)
    return above, below * len(values)


def _largest(values: list[Quotient]) -> Quotient:
    return reduce(lambda one, other: one if one[0] * other[1] >= other[0] * one[1] else other, values)


def _smallest(values: list[Quotient]) -> Quotient:
    return reduce(lambda one, other: one if one[0] * other[1] <= other[0] * one[1] else other, values)


OPERATIONS: Final[dict[Operator, Callable[[Quotient, Quotient], Quotient]]] = {
    Operator.ADD: _add,
    Operator.SUBTRACT: _subtract,
    Operator.MULTIPLY: _multiply,
    Operator.DIVIDE: _divide,
}
FUNCTIONS: Final[dict[Function, Callable[[list[Quotient]], Quotient]]] = {
    Function.SUM: _sum,
    Function.AVG: _average,
    Function.MAX: _largest,
    Function.MIN: _smallest,
}
COMPARE: Final[dict[Comparison, Callable[[int], bool]]] = {
    Comparison.EQUAL: lambda difference: difference == 0,
    Comparison.DIFFERENT: lambda difference: difference != 0,
    Comparison.LESS: lambda difference: difference < 0,
    Comparison.AT_MOST: lambda difference: difference <= 0,
    Comparison.MORE: lambda difference: difference > 0,
    Comparison.AT_LEAST: lambda difference: difference >= 0,
}
STRENGTH: Final = {Operator.ADD: 1, Operator.SUBTRACT: 1, Operator.MULTIPLY: 2, Operator.DIVIDE: 2}


def _written(node: Node, data: Mapping[str, Exact | None]) -> str:
    match node:
        case Literal():
            return format_number(node.value)
        case Name():
            text = format_number(Fraction(*_given(data, node.name)))
            return f"({text.replace('-', '−')})" if text.startswith("-") else text
        case Negative():
            return f"−{_operand(node.value, data, 3)}"
        case Operation():
            strength = STRENGTH[node.operator]
            left, right = _operand(node.left, data, strength), _operand(node.right, data, strength + 1)
            return f"{left} {node.operator} {right}"
        case Call():
            return f"{node.function}({'; '.join(_written(value, data) for value in node.values)})"
        case Choice():
            condition = f"{_written(node.left, data)} {node.comparison} {_written(node.right, data)}"
            return f"if({condition}; {_written(node.then, data)}; {_written(node.otherwise, data)})"


def _operand(node: Node, data: Mapping[str, Exact | None], strength: int) -> str:
    """Written with parentheses where the tree needs them."""
    weak = isinstance(node, Operation) and STRENGTH[node.operator] < strength
    text = _written(node, data)
    return f"({text})" if weak or (isinstance(node, Negative) and strength > 1) else text
