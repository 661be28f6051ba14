"""The tree of a card formula: a closed set of nodes, nothing else can be expressed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Operator(StrEnum):
    """The four operations."""

    ADD = "+"
    SUBTRACT = "−"
    MULTIPLY = "×"
    DIVIDE = "÷"


class Comparison(StrEnum):
    """What the condition of an `if` may ask."""

    EQUAL = "="
    DIFFERENT = "≠"
    LESS = "<"
    AT_MOST = "≤"
    MORE = ">"
    AT_LEAST = "≥"


class Function(StrEnum):
    """Functions over one or more values."""

    MIN = "min"
    MAX = "max"
    SUM = "sum"
    AVG = "avg"


@dataclass(frozen=True, slots=True)
class Literal:
    """A number written in the formula."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A raw data item of the card."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before a value."""

    value: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two values and an operator."""

    operator: Operator
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function over its values."""

    function: Function
    values: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`if(left comparison right; then; otherwise)`."""

    comparison: Comparison
    left: "Node"
    right: "Node"
    then: "Node"
    otherwise: "Node"


Node = Literal | Name | Negative | Operation | Call | Choice


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Negative():
            return (node.value,)
        case Operation():
            return (node.left, node.right)
        case Call():
            return node.values
        case Choice():
            return (node.left, node.right, node.then, node.otherwise)
        case _:
            return ()


def nodes(node: Node) -> Iterator[Node]:
    """The node and everything below it, in reading order."""
    yield node
    for child in children(node):
        yield from nodes(child)
