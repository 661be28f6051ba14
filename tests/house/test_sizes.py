"""Files stay under 400 lines, functions under 40."""

import ast
from collections.abc import Iterator

from tests.house.source import Fault, python_files

FILE_LIMIT = 400
FUNCTION_LIMIT = 40
FOLDERS = ("capaian/", "tools/", "tests/")


def oversized(path: str, source: str) -> Iterator[Fault]:
    """Yield what is too long in one file."""
    lines = len(source.splitlines())
    if lines >= FILE_LIMIT:
        yield Fault(path, 1, f"{lines} lines in a file")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length >= FUNCTION_LIMIT:
                yield Fault(path, node.lineno, f"{length} lines in {node.name}()")


def test_files_and_functions_stay_small() -> None:
    faults = [fault for path, source in python_files(*FOLDERS) for fault in oversized(path, source)]
    assert not faults, "\n".join(map(str, faults))


def test_a_long_function_is_caught() -> None:
    body = "    pass\n" * (FUNCTION_LIMIT - 1)
    assert [fault.what for fault in oversized("x.py", f"def planted():\n{body}")] == ["40 lines in planted()"]
    assert not list(oversized("x.py", f"def planted():\n{body[9:]}"))


def test_a_long_file_is_caught() -> None:
    assert [fault.what for fault in oversized("x.py", "a = 1\n" * 400)] == ["400 lines in a file"]
    assert not list(oversized("x.py", "a = 1\n" * 399))
