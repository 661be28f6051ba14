"""Names that say nothing, signals, overridden save(), paths of one machine, words of unfinished work."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

import pytest

from tests.house.source import Fault, python_files, text_files

SAY_NOTHING = {"utils", "util", "common", "core", "helpers", "helper", "services", "managers"}
SIGNALS = {"django.dispatch", "django.db.models.signals"}
MACHINE_PATH = re.compile(r"(^|[^A-Za-z0-9_.])/(home|root|work|farm|Users)/[a-z]")
# in two halves, so that this file does not hold the words itself
UNFINISHED = re.compile("|".join(["TO" + "DO", "FIX" + "ME", r"\bXX" + r"X\b", "HA" + "CK", "coming" + " soon"]))
NOT_PYTHON_WORDS = re.compile("|".join(["lorem" + " ipsum", "raise NotImplemented" + "Error"]))


def empty_names(path: str, source: str) -> Iterator[Fault]:
    """Yield modules, functions and classes whose name says nothing."""
    if SAY_NOTHING & set(PurePath(path).stem.split("_")):
        yield Fault(path, 1, "a file name that says nothing")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words = re.findall(r"[a-z]+|[A-Z][a-z]*", node.name)
            if words and words[-1].lower() in SAY_NOTHING:
                yield Fault(path, node.lineno, f"{node.name}: a name that says nothing")


def magic(path: str, source: str) -> Iterator[Fault]:
    """Yield signals, and models that do something when they are saved or deleted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and f"{node.module}" in SIGNALS:
            yield Fault(path, node.lineno, "a signal: call what should happen")
        if isinstance(node, ast.ImportFrom) and node.module == "django.db.models":
            yield from (Fault(path, node.lineno, "a signal") for name in node.names if name.name == "signals")
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"} and "models" in path:
            yield Fault(path, node.lineno, f"a model that overrides {node.name}()")


def marks(path: str, text: str) -> Iterator[Fault]:
    """Yield paths of one machine and words of unfinished work."""
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield Fault(path, number, "a path of one machine")
        if UNFINISHED.search(line) or NOT_PYTHON_WORDS.search(line):
            yield Fault(path, number, "unfinished by its own words")


def test_names_say_something() -> None:
    faults = [fault for path, source in python_files("capaian/", "tools/") for fault in empty_names(path, source)]
    assert not faults, "\n".join(map(str, faults))


def test_nothing_happens_behind_the_back() -> None:
    faults = [fault for path, source in python_files("capaian/") for fault in magic(path, source)]
    assert not faults, "\n".join(map(str, faults))


def test_no_machine_paths_and_nothing_unfinished() -> None:
    faults = [fault for path, text in text_files() if "lock" not in path for fault in marks(path, text)]
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("capaian/sop/utils.py", ""),
        ("capaian/sop/date_helpers.py", ""),
        ("capaian/sop/steps.py", "def services(): ..."),
        ("capaian/sop/steps.py", "class RunUtils: ..."),
    ],
)
def test_an_empty_name_is_caught(path: str, source: str) -> None:
    assert len(list(empty_names(path, source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from django.dispatch import receiver",
        "from django.db.models import signals",
        "from django.db.models.signals import post_save",
        "class Run:\n    def save(self): ...",
    ],
)
def test_magic_is_caught(source: str) -> None:
    assert len(list(magic("capaian/sop/models.py", source))) == 1


@pytest.mark.parametrize("line", ["x = '/" + "home/anna/file'", "# TO" + "DO later", "raise NotImplemented" + "Error"])
def test_a_mark_is_caught(line: str) -> None:
    assert len(list(marks("x.py", line))) == 1
