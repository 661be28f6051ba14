"""What somebody answers to a step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capaian.sop.models import WorkItem


@dataclass(frozen=True)
class Answer:
    """A person's answer to a work item, as the page sends it.

    `target` and `unit_ids` belong to a return (a "Tidak"); `numbers` are typed paper numbers by output row;
    `papers` are parts of a paper's context by output row (facts, blocks, cosignatures …), given by the room that
    owns the work: they take the place of what the generic sheet would say.
    """

    note: str = ""
    decision: WorkItem.Decision | None = None
    target: str = ""
    unit_ids: tuple[int, ...] = ()
    numbers: Mapping[int, str] = field(default_factory=dict)
    papers: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
