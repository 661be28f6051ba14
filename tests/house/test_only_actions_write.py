"""Only `actions.py` and `*_actions.py` write rows."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps

from tests.house.source import Fault, calls, python_files

# these write whatever they are called on
WRITES = {
    name
    for verb in ("create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "save", "delete")
    for name in (verb, f"a{verb}")
} | {"save_base", "_raw_delete", "execute", "executemany", "callproc"}
# these are also words of dict and set: they write when called as the ORM wants them
RELATED = {"add", "remove", "set", "clear", "aadd", "aremove", "aset", "aclear"}
UPDATES = {"update", "aupdate"}


@cache
def related_names() -> frozenset[str]:
    """Return the attribute names under which related rows are reached from a row."""
    names = set()
    for model in apps.get_models():
        names |= {field.get_accessor_name() or "" for field in model._meta.related_objects}
        names |= {field.name for field in model._meta.many_to_many}
    return frozenset(names - {""})


def questions(tree: ast.Module) -> set[str]:
    """Return the module's constants that hold one SELECT statement and nothing else."""
    return {
        target.id
        for row in tree.body
        if isinstance(row, ast.Assign) and isinstance(row.value, ast.Constant) and isinstance(row.value.value, str)
        for target in row.targets
        if isinstance(target, ast.Name)
        and row.value.value.split()[:1] == ["SELECT"]
        and ";" not in row.value.value
        and " INTO " not in row.value.value
    }


def writes(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and method of every call that writes rows."""
    tree = ast.parse(source)
    asked = questions(tree)
    for call in calls(tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        name, receiver = call.func.attr, call.func.value
        if name == "execute" and call.args and isinstance(call.args[0], ast.Name) and call.args[0].id in asked:
            continue
        is_update = name in UPDATES and not call.args and bool(call.keywords)
        is_related = name in RELATED and isinstance(receiver, ast.Attribute) and receiver.attr in related_names()
        if name in WRITES or is_update or is_related:
            yield call.lineno, name


def may_write(path: str) -> bool:
    """Tell whether a file is one of those that write rows."""
    return path.endswith(("/actions.py", "_actions.py"))


def test_only_actions_write() -> None:
    faults = [
        Fault(path, line, f".{name}() writes outside actions.py")
        for path, source in python_files("capaian/")
        if not may_write(path)
        for line, name in writes(source)
    ]
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.parametrize(
    "planted",
    [
        "item.save()",
        "item.save(update_fields=['note'])",
        "Run.objects.create(agency=agency)",
        "Run.objects.filter(pk=1).update(status='open')",
        "Run.objects.filter(pk=1).update(**changes)",
        "Run.objects.bulk_create(rows)",
        "Kind.objects.get_or_create(code='ND')",
        "run.delete()",
        "rows = [row.save() for row in rows]",
        "await run.asave()",
        "position.roles.add(role)",
        "position.roles.clear()",
        "connection.cursor().execute('DELETE FROM sop_run')",
    ],
)
def test_a_planted_write_is_caught(planted: str) -> None:
    source = f"async def planted():\n    {planted}\n"
    assert [line for line, _name in writes(source)] == [2]


@pytest.mark.parametrize(
    "statement", ["SELECT 1; DELETE FROM run", "SELECT 1 INTO run", "DELETE FROM run", "WITH a AS"]
)
def test_only_a_plain_question_may_be_executed(statement: str) -> None:
    source = "ROWS = {!r}\n\ndef read(cursor):\n    cursor.execute(ROWS)\n"
    assert list(writes(source.format("SELECT 1"))) == []
    assert list(writes(source.format(statement))) == [(4, "execute")]


@pytest.mark.parametrize(
    "harmless",
    [
        "seen.add(name)",
        "facts.update(more)",
        "digest.update(b'x')",
        "self.seen.add(name)",
        "names.clear()",
        "actions.create_unit(agency=agency, by=by)",
        "context |= {'a': 1}",
    ],
)
def test_what_only_looks_like_a_write_is_not(harmless: str) -> None:
    assert not list(writes(harmless))


def test_actions_do_write() -> None:
    written = {path for path, source in python_files("capaian/") if may_write(path) and any(writes(source))}
    assert {"capaian/journal/actions.py", "capaian/agencies/actions.py", "capaian/documents/actions.py"} <= written
