"""Lock files carry hashes and name no host; every direct dependency has its reason."""

import json
import re
import tomllib

import pytest

from tests.house.source import ROOT

MOST_DEPENDENCIES = 25
HOST = re.compile(r"https?:|//[a-z0-9.-]+\.[a-z]{2,}/|--(extra-)?index-url|--find-links|@ file:")
LOCKS = [*sorted(path.name for path in (ROOT / "requirements").glob("*.txt"))]


def requirements(text: str) -> dict[str, list[str]]:
    """Return each pinned requirement ("name==version") of a lock file with its hashes."""
    pins: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if match := re.match(r"([a-z0-9][a-z0-9._-]*==[^\s;\\]+)", line):
            name = match[1]
            pins[name] = []
        elif match := re.search(r"--hash=(sha256:[0-9a-f]{64})", line):
            pins[name].append(match[1])
        else:
            assert line.lstrip().startswith("#"), line
    return pins


def reasons(lines: list[str]) -> dict[str, str]:
    """Return each dependency of a TOML list with the comment above it, empty when there is none."""
    found: dict[str, str] = {}
    comment = ""
    for line in map(str.strip, lines):
        if match := re.match(r'"([A-Za-z0-9_.-]+)', line):
            found[match[1]] = comment
        comment = line.lstrip("# ") if line.startswith("#") else ""
    return found


def direct_dependencies() -> list[str]:
    """Return the lines of pyproject.toml between `dependencies = [` and its end."""
    text = (ROOT / "pyproject.toml").read_text()
    return text.partition("\ndependencies = [\n")[2].partition("\n]\n")[0].splitlines()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_has_a_hash_for_everything(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert not HOST.search(text)
    pins = requirements(text)
    assert pins
    assert all(pins.values()), [pin for pin, hashes in pins.items() if not hashes]


def test_the_front_end_lock_names_no_host_and_has_a_hash_for_everything() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert not HOST.search(text)
    packages = json.loads(text)["packages"]
    assert [name for name, row in packages.items() if name and not row["integrity"].startswith("sha512-")] == []


def test_every_direct_dependency_is_locked_and_the_tests_run_what_is_served() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, dev = (requirements((ROOT / "requirements" / f"{level}.txt").read_text()) for level in ("run", "dev"))
    wanted = {re.match(r"[A-Za-z0-9_.-]+", line)[0].lower() for line in project["dependencies"]}  # type: ignore[index]
    assert wanted <= {pin.partition("==")[0] for pin in run}
    assert run.keys() <= dev.keys()


def test_every_direct_dependency_has_its_reason() -> None:
    found = reasons(direct_dependencies())
    assert 0 < len(found) < MOST_DEPENDENCIES
    assert [name for name, reason in found.items() if not reason] == []


@pytest.mark.parametrize(
    "planted", ["--index-url https:" + "//example.org/simple", '"resolved": "https:' + '//example.org/a/-/a.tgz"']
)
def test_a_planted_host_is_caught(planted: str) -> None:
    assert HOST.search(planted)


def test_a_dependency_without_reason_is_caught() -> None:
    assert reasons(["# why", '"a==1",', '"b==2",']) == {"a": "why", "b": ""}


def test_a_pin_without_hash_is_caught() -> None:
    assert requirements("a==1 \\\n    --hash=sha256:" + "0" * 64 + "\nb==2\n") == {
        "a==1": ["sha256:" + "0" * 64],
        "b==2": [],
    }
