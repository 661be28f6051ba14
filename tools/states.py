"""Writes docs/states.md: the diagram of every thing that has states, from the tables that the rules use."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "states.md"
HEAD = """# States

Made by `python tools/states.py` from the tables of allowed moves in the rules; a test keeps this page equal to them.
"""


def diagram(title: str, moves: Mapping[str, tuple[str, ...]], first: str, words: Mapping[str, str]) -> str:
    """Return a section with one state diagram; `words` are the Indonesian labels."""
    lines = [f"    {state}: {words[state]}" for state in moves]
    lines.append(f"    [*] --> {first}")
    lines += [f"    {state} --> {target}" for state, targets in moves.items() for target in targets]
    lines += [f"    {state} --> [*]" for state, targets in moves.items() if not targets]
    return "\n".join([f"## {title}", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


def page() -> str:
    """Return the whole page."""
    from capaian.collection.models import UnitForm
    from capaian.collection.rules import FORM_MOVES
    from capaian.documents.models import Document
    from capaian.documents.rules import DOCUMENT_MOVES
    from capaian.planning.agreement_rules import AGREEMENT_MOVES
    from capaian.planning.models import Agreement
    from capaian.proceedings.models import FollowUp
    from capaian.proceedings.rules import FOLLOW_UP_MOVES
    from capaian.sop.models import Run, Version, WorkItem
    from capaian.sop.run_rules import ITEM_MOVES, RUN_MOVES, VERSION_MOVES

    parts = (
        ("Run", RUN_MOVES, Run.Status),
        ("Work item", ITEM_MOVES, WorkItem.Status),
        ("SOP version", VERSION_MOVES, Version.State),
        ("Document", DOCUMENT_MOVES, Document.State),
        ("Follow-up", FOLLOW_UP_MOVES, FollowUp.State),
        ("Unit form", FORM_MOVES, UnitForm.State),
        ("Agreement", AGREEMENT_MOVES, Agreement.State),
    )
    drawn = []
    for title, moves, choices in parts:
        plain = {str(state): tuple(str(target) for target in targets) for state, targets in moves.items()}
        words = {str(value): str(label) for value, label in choices.choices}
        drawn.append(diagram(title, plain, str(choices.values[0]), words))
    return "\n".join([HEAD, *drawn])


def main() -> None:
    """Write the page."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.site.settings")
    import django

    django.setup()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
