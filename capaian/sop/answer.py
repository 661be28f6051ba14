"""What somebody answers to a step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from capaian.sop.models import WorkItem


@dataclass(frozen=True)
class Answer:
    """A person's answer to a work item, as the page sends it.

    `target` and `unit_ids` belong to a return (a "Tidak"); `numbers` are typed paper numbers by output row;
    `facts` are label and value pairs that the work's own page adds to its paper.
    """

    note: str = ""
    decision: WorkItem.Decision | None = None
    target: str = ""
    unit_ids: tuple[int, ...] = ()
    numbers: Mapping[int, str] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()
