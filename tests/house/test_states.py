"""Every state stands in its table of moves, and the page of diagrams is made from those tables."""

import importlib.util
from types import ModuleType

import pytest

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
from tests.server import ROOT


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("states", ROOT / "tools" / "states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("moves", "choices"),
    [
        (RUN_MOVES, Run.Status),
        (ITEM_MOVES, WorkItem.Status),
        (VERSION_MOVES, Version.State),
        (DOCUMENT_MOVES, Document.State),
        (FOLLOW_UP_MOVES, FollowUp.State),
        (FORM_MOVES, UnitForm.State),
        (AGREEMENT_MOVES, Agreement.State),
    ],
)
def test_table_knows_every_state(moves: dict[str, tuple[str, ...]], choices: type) -> None:
    values = set(choices.values)  # type: ignore[attr-defined]
    assert set(moves) == values
    assert {target for targets in moves.values() for target in targets} <= values


def test_page_is_made_from_the_tables() -> None:
    tool = load_tool()
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page()


def test_page_would_differ_with_another_move(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = load_tool()
    monkeypatch.setitem(RUN_MOVES, Run.Status.DONE, (Run.Status.OPEN,))
    assert tool.PAGE.read_text(encoding="utf-8") != tool.page()
