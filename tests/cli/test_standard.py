"""`capaian formulas`: the standard that is printed is the standard that is published."""

from pathlib import Path

import pytest

from capaian.formulas.catalogue import FORMULAS
from capaian.formulas.polarity import Polarity
from capaian.formulas.shipped_scales import SCALES
from capaian.tables.columns import ALIASES, EXPLAINED, RESULTS
from tests.cli.tables import run

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("kind", "name"), [("markdown", "achievement-standard.md"), ("csv", "golden-cases.csv")])
def test_the_published_file_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], kind: str, name: str
) -> None:
    """After a change: `capaian formulas --format markdown > docs/achievement-standard.md`, likewise the cases."""
    assert run("formulas", "--format", kind) == 0
    assert capsys.readouterr().out == (DOCS / name).read_text(encoding="utf-8")


def test_text_says_the_same_without_marks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("formulas") == 0
    text = capsys.readouterr().out
    assert not any(mark in text for mark in ("`", "**", "\n#", "\n| ", "\\", "\0"))
    flat = " ".join(text.split())
    for formula in FORMULAS:
        for part in (formula.title, formula.expression, formula.words, *formula.basis, formula.choice):
            assert " ".join(part.split()) in flat
        assert all(f" {case.code} " in flat for case in formula.cases)
    assert all(level.label in text for scale in SCALES for level in scale.levels)
    assert max(len(line) for line in text.splitlines() if "  " not in line.strip()) <= 100


def test_the_guide_names_every_choice() -> None:
    guide = (DOCS / "command-line.md").read_text(encoding="utf-8")
    for word in (*(scale.code for scale in SCALES), *Polarity, *ALIASES, *RESULTS, *EXPLAINED):
        assert f"`{word}`" in guide, word
