"""Reading a card formula: text to tree, or a sentence that says what is wrong and where.

    formula    = term { ("+" | "−") term }
    term       = factor { ("×" | "÷") factor }
    factor     = "−" factor | number | name | "(" formula ")" | function "(" formula { ";" formula } ")"
               | "if" "(" formula comparison formula ";" formula ";" formula ")"

`*`, `/`, `:`, `-` are accepted for the signs. Arguments are separated by `;`, or by a comma that cannot be a
decimal comma. There is no power, no attribute, no text, no assignment: nothing else can be written.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from capaian.formulas.separators import Unclear, Unreadable, read_digits
from capaian.formulas.tree import Call, Choice, Comparison, Function, Literal, Name, Negative, Node, Operation, Operator

MOST_CHARACTERS: Final = 500
MOST_DEPTH: Final = 20
MOST_OPERATIONS: Final = 200
MOST_DIGITS: Final = 40
MOST_NAME: Final = 40

TOKEN: Final = re.compile(
    r"""
    \s*(?:
        (?P<number> [0-9]+ (?: [.,][0-9]+ )* )
      | (?P<name>   [A-Za-z_][A-Za-z0-9_]* )
      | (?P<sign>   <> | <= | >= | != | [-+*/:×÷−()=≠<≤>≥;,] )
    )""",
    re.ASCII | re.VERBOSE,
)
OPERATORS: Final = {
    "+": Operator.ADD,
    "-": Operator.SUBTRACT,
    "−": Operator.SUBTRACT,
    "*": Operator.MULTIPLY,
    "×": Operator.MULTIPLY,
    "/": Operator.DIVIDE,
    ":": Operator.DIVIDE,
    "÷": Operator.DIVIDE,
}
COMPARISONS: Final = {
    "=": Comparison.EQUAL,
    "≠": Comparison.DIFFERENT,
    "<>": Comparison.DIFFERENT,
    "!=": Comparison.DIFFERENT,
    "<": Comparison.LESS,
    "≤": Comparison.AT_MOST,
    "<=": Comparison.AT_MOST,
    ">": Comparison.MORE,
    "≥": Comparison.AT_LEAST,
    ">=": Comparison.AT_LEAST,
}
ADDITIVE: Final = (Operator.ADD, Operator.SUBTRACT)
RESERVED: Final = frozenset({"if", *Function})


class FormulaRefused(Exception):
    """The text is no card formula. `code` is stable, `text` an Indonesian sentence, `position` counts from 1."""

    def __init__(self, code: str, text: str, position: int = 0) -> None:
        self.code, self.text, self.position = code, text, position
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the text: `number`, `name`, `sign` or `end`."""

    kind: str
    text: str
    position: int


def parse_formula(text: str) -> Node:
    """The tree of a card formula; raise `FormulaRefused`."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaRefused("too_long", f"Rumus lebih dari {MOST_CHARACTERS} karakter. Pecah menjadi data antara.")
    reader = _Reader(_tokens(text), semicolons=";" in text)
    tree = reader.formula(1)
    reader.expect_end()
    return tree


def is_name(text: str) -> bool:
    """Whether a raw data item may carry this name."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text, re.ASCII) is not None
    return plain and len(text) <= MOST_NAME and text.lower() not in RESERVED


def _tokens(text: str) -> list[Token]:
    tokens, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = TOKEN.match(text, place)
        if match is None:
            rest = text[place:].lstrip()
            raise FormulaRefused(
                "unknown_sign", f"Tanda “{rest[0]}” tidak dikenal dalam rumus.", len(text) - len(rest) + 1
            )
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind) + 1))
        place = match.end()
    return [*tokens, Token("end", "", len(text) + 1)]


class _Reader:
    """Recursive descent over the tokens; depth and operations are counted while reading."""

    def __init__(self, tokens: list[Token], *, semicolons: bool) -> None:
        self.tokens, self.semicolons = tokens, semicolons
        self.place = self.operations = self.calls = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.now
        self.place += 1
        return token

    def expect(self, sign: str) -> None:
        if self.now.kind != "sign" or self.now.text != sign:
            raise self._unexpected(f"Di sini seharusnya “{sign}”")
        self.take()

    def expect_end(self) -> None:
        if self.now.kind != "end":
            raise self._unexpected("Rumus seharusnya selesai di sini")

    def formula(self, depth: int) -> Node:
        left = self.term(depth)
        while (operator := self._operator()) in ADDITIVE:
            self._take_operation()
            left = Operation(operator, left, self.term(depth))
        return left

    def term(self, depth: int) -> Node:
        left = self.factor(depth)
        while (operator := self._operator()) is not None and operator not in ADDITIVE:
            self._take_operation()
            left = Operation(operator, left, self.factor(depth))
        return left

    def factor(self, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise FormulaRefused("too_deep", f"Rumus bersarang lebih dari {MOST_DEPTH} tingkat.", self.now.position)
        if self._operator() is Operator.SUBTRACT:
            self._take_operation()
            return Negative(self.factor(depth + 1))
        token = self.take()
        if token.kind == "number":
            return Literal(self._number(token))
        if token.kind == "name":
            return self._named(token, depth)
        if token.text == "(":
            inner = self.formula(depth + 1)
            self.expect(")")
            return inner
        self.place -= 1
        raise self._unexpected("Di sini seharusnya angka, nama data, atau kurung buka")

    def _named(self, token: Token, depth: int) -> Node:
        name = token.text
        if self.now.text != "(":
            if not is_name(name):
                raise FormulaRefused("bad_name", f"“{name[:MOST_NAME]}” tidak dapat menjadi nama data.", token.position)
            return Name(name)
        if name.lower() not in RESERVED:
            raise FormulaRefused(
                "unknown_function",
                f"Fungsi “{name[:MOST_NAME]}” tidak ada; yang ada min, max, sum, avg, if.",
                token.position,
            )
        self._take_operation()
        self.calls += 1
        node = self._choice(depth) if name.lower() == "if" else self._call(Function(name.lower()), depth)
        self.expect(")")
        self.calls -= 1
        return node

    def _call(self, function: Function, depth: int) -> Node:
        values = [self.formula(depth + 1)]
        while self._separator():
            values.append(self.formula(depth + 1))
        return Call(function, tuple(values))

    def _choice(self, depth: int) -> Node:
        left = self.formula(depth + 1)
        comparison = COMPARISONS.get(self.now.text) if self.now.kind == "sign" else None
        if comparison is None:
            raise self._unexpected("Di sini seharusnya tanda banding (=, ≠, <, ≤, >, ≥)")
        self.take()
        parts = [self.formula(depth + 1)]
        for _ in range(2):
            if not self._separator():
                raise self._unexpected("if memerlukan tiga bagian: syarat; jika ya; jika tidak. Di sini seharusnya “;”")
            parts.append(self.formula(depth + 1))
        right, then, otherwise = parts
        return Choice(comparison, left, right, then, otherwise)

    def _separator(self) -> bool:
        found = self.now.kind == "sign" and self.now.text in (";" if self.semicolons else ";,")
        if found:
            self._take_operation()
        return found

    def _operator(self) -> Operator | None:
        return OPERATORS.get(self.now.text) if self.now.kind == "sign" else None

    def _take_operation(self) -> None:
        """Step over an operator, separator or opening parenthesis of a function, and count it."""
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            raise FormulaRefused("too_many", f"Rumus lebih dari {MOST_OPERATIONS} operasi.", self.now.position)
        self.take()

    def _number(self, token: Token) -> Decimal:
        if "," in token.text and self.calls and not self.semicolons:
            raise FormulaRefused(
                "unclear_comma",
                f"Koma dalam “{token.text}” tidak jelas. Pisahkan bagian fungsi dengan “;”.",
                token.position,
            )
        try:
            return read_digits(token.text, None, most_digits=MOST_DIGITS)
        except Unclear as unclear:
            whole, parted = unclear.readings
            fraction = str(parted).replace(".", ",")
            text = f"“{token.text}” dapat dibaca {whole} atau {fraction}. Tulis {whole}, atau {fraction}0 bila pecahan."
            raise FormulaRefused("unclear_number", text, token.position) from unclear
        except Unreadable as unreadable:
            text = unreadable.text or f"“{token.text}” bukan angka."
            raise FormulaRefused(unreadable.code, text, token.position) from unreadable

    def _unexpected(self, expected: str) -> FormulaRefused:
        token = self.now
        found = f", bukan “{token.text[:MOST_NAME]}”" if token.text else ", tetapi rumus sudah habis"
        return FormulaRefused("syntax", f"{expected}{found}.", token.position)
