"""The project's own files, as the checks of the house read them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE = ("formulas", "periods")


@dataclass(frozen=True)
class Fault:
    """Where a rule of the house is broken."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@cache
def tracked() -> tuple[str, ...]:
    """Return the paths of all files that are or will be committed."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(sorted(path for path in set(listed) if path and (ROOT / path).is_file()))


def python_files(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every Python file under the folders, generated migrations left out."""
    for path in tracked():
        if path.endswith(".py") and path.startswith(folders) and "/migrations/" not in path:
            yield path, (ROOT / path).read_text()


def text_files() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that is text."""
    for path in tracked():
        try:
            yield path, (ROOT / path).read_text()
        except UnicodeDecodeError:
            continue


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call in a tree."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def room_of(path: str) -> str:
    """Return the room that a file of the package stands in."""
    return path.split("/")[1]
