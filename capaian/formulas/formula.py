"""What a formula is: a dated, cited object with its words and its worked cases."""

from dataclasses import dataclass, field
from typing import Final

FIRST_YEAR: Final = 2015


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case: what is given and what must come out, as text, exactly as the standard prints it."""

    code: str
    given: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as published. `valid_from` and `valid_to` are measurement years; words are Indonesian.

    `choice` says which part is this standard's own choice because the sources are silent or disagree.
    """

    code: str
    version: int
    valid_from: int
    title: str
    expression: str
    words: str
    basis: tuple[str, ...]
    choice: str = ""
    valid_to: int | None = None
    cases: tuple[Case, ...] = field(default=(), repr=False, compare=False)

    @property
    def key(self) -> str:
        """Code and version, as results carry them: `minimize/1`."""
        return f"{self.code}/{self.version}"

    def in_force(self, year: int) -> bool:
        """Whether measurements of that year use this version."""
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)
