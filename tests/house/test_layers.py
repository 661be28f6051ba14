"""The contract of the rooms breaks when a lower room imports an upper one, or when nobody placed a room."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

# the planted house, not the real one, is `capaian`
LINT = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
ROOMS = ["site", "web", "jobs", "cli", "sample", "reporting", "measurement", "collection", "proceedings", "planning"]
ROOMS += ["sop", "documents", "agencies", "journal", "tables", "workbooks", "formulas", "periods"]


def broken(house: Path, imports: dict[str, str], rooms: list[str]) -> bool:
    """Build a house of empty rooms with the given imports; tell whether the project's contract breaks on it."""
    for room in rooms:
        folder = house / "capaian" / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(f"{imports.get(room, '')}\n")
    (house / "capaian" / "__init__.py").touch()
    config = house / "contract.toml"
    config.write_text("[tool.importlinter]" + (ROOT / "pyproject.toml").read_text().partition("[tool.importlinter]")[2])
    words = [sys.executable, "-c", LINT, "--config", str(config), "--no-cache", "--no-logo"]
    done = subprocess.run(words, cwd=house, check=False, capture_output=True, text=True)
    verdict = re.search(r"Contracts: \d kept, (\d) broken", done.stdout)
    assert verdict is not None, done.stdout + done.stderr
    return verdict[1] != "0"


def test_rooms_that_import_downwards_keep_the_contract(tmp_path: Path) -> None:
    assert not broken(tmp_path, {"web": "import capaian.sop", "sop": "from capaian import journal"}, ROOMS)


@pytest.mark.parametrize(
    ("imports", "more"),
    [
        ({"sop": "import capaian.web"}, []),
        ({"journal": "from capaian import agencies"}, []),
        ({"web": "import capaian.cli"}, []),
        ({"cli": "import capaian.jobs"}, []),
        ({"formulas": "import capaian.periods"}, []),
        ({"formulas": "import django"}, []),
        ({}, ["attic"]),
    ],
    ids=["upwards", "upwards by one", "beside", "doors", "pure rooms", "django in a pure room", "a room nobody placed"],
)
def test_a_planted_import_breaks_the_contract(tmp_path: Path, imports: dict[str, str], more: list[str]) -> None:
    assert broken(tmp_path, imports, [*ROOMS, *more])
