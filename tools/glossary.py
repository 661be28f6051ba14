"""Writes docs/glossary.md from the tables and capaian/site/glossary.py; `--check` only compares."""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "glossary.md"
HEAD = """# Glossary

One word for one thing: the code's names of tables, fields and choices, and the Indonesian term that pages, papers and
guides use for each. Made by `tools/glossary.py` from the tables and the terms in `capaian/site/*_terms.py`.

| Code | Indonesian | Table | Field of | Choice of |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page as the tables and terms are now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.site.settings")
    django.setup()
    from capaian.site.glossary import TERMS, words

    rows = []
    for word, use in sorted(words().items()):
        cells = [
            f"`{word}`",
            TERMS.get(word, "**missing**"),
            "yes" if use.table else "",
            ", ".join(sorted(use.fields)),
            ", ".join(sorted(use.choices)),
        ]
        rows.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(rows)


def main() -> int:
    """Write the page, or tell whether it is up to date."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text)
        return 0
    if PAGE.exists() and PAGE.read_text() == text:
        return 0
    print("docs/glossary.md is not up to date: run .venv/bin/python tools/glossary.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
