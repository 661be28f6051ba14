"""What the documents point at exists."""

import re
from collections.abc import Iterator

import pytest
import yaml

from tests.house.source import ROOT, tracked

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def dead_links(page: str, text: str) -> Iterator[str]:
    """Yield the relative links of a page that lead nowhere."""
    folder = (ROOT / page).parent
    yield from (link for link in LINK.findall(text) if not (folder / link).exists())


@pytest.mark.parametrize("page", [path for path in tracked() if path.endswith(".md")])
def test_links_lead_somewhere(page: str) -> None:
    assert list(dead_links(page, (ROOT / page).read_text())) == []


def test_a_dead_link_is_caught() -> None:
    assert list(dead_links("README.md", "[a](docs/nowhere.md) [b](LICENSE) [c](https://example.org)")) == [
        "docs/nowhere.md"
    ]


def test_every_command_of_the_documents_is_a_target_of_make() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    assert {"setup", "run", "test", "check", "bench", "proof", "help"} <= targets
    for page in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:`|^)make ([a-z]+)", (ROOT / page).read_text(), re.MULTILINE))
        assert named <= targets


def test_decisions_are_at_most_a_page() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert [page.name for page in pages if len(page.read_text().split()) > 500] == []


def test_publiccode_says_what_the_project_says() -> None:
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert public["legal"]["license"] == "Apache-2.0"
    assert public["localisation"]["availableLanguages"] == ["id"]
    assert {"id", "en"} == set(public["description"])
    assert all(len(text["shortDescription"]) <= 150 for text in public["description"].values())
    assert (ROOT / "LICENSE").read_text().lstrip().startswith("Apache License")
