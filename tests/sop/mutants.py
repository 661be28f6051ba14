"""Takes one guard away, for the negative controls: the same proof must then fail."""

import inspect
import re
import sys
import textwrap
from dataclasses import dataclass
from typing import Any

import pytest

from capaian.sop import actions


def without(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, guard: str, instead: str) -> None:
    """Put `instead` in the place of `guard`, which stands exactly once in the source of `owner.name`.

    `owner` is a module or a class. Any white space of the source counts as one space of `guard`.
    """
    original = getattr(owner, name)
    source = textwrap.dedent(inspect.getsource(original))
    pattern = r"\s+".join(re.escape(word) for word in guard.split())
    mutated, found = re.subn(pattern, lambda _: instead, source)
    assert found == 1, f"{name} has no such guard (any more): {guard}"
    module = owner if inspect.ismodule(owner) else sys.modules[owner.__module__]
    scope: dict[str, Any] = dict(vars(module))
    exec(mutated, scope)  # the project's own source with one guard changed
    monkeypatch.setattr(owner, name, scope[name])
    if getattr(actions, name, None) is original:
        monkeypatch.setattr(actions, name, scope[name])


@dataclass(frozen=True)
class Guard:
    """A guard that can be taken away: `text` in the source of `owner.name`, and what stands there then."""

    owner: Any
    name: str
    text: str
    instead: str = "False"

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"

    def remove(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take it away until the test ends."""
        without(monkeypatch, self.owner, self.name, self.text, self.instead)
