"""The order of the cascade: nodes at their places in the tree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from capaian.planning.models import Node
from capaian.planning.rules import DEPTH


@dataclass(frozen=True)
class Branch:
    """A node at its place in the tree; `depth` counts its ancestors."""

    node: Node
    depth: int


def branches(nodes: Iterable[Node]) -> list[Branch]:
    """Return nodes in the order of their tree: a parent, then its children by level, code and number."""
    nodes = list(nodes)
    known = {node.pk for node in nodes}
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        below[node.parent_id if node.parent_id in known else None].append(node)
    for siblings in below.values():
        siblings.sort(key=lambda node: (DEPTH[node.level], node.ordinal, node.code, node.pk))
    found: list[Branch] = []
    waiting = [Branch(node, 0) for node in reversed(below[None])]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        waiting += [Branch(node, branch.depth + 1) for node in reversed(below[branch.node.pk])]
    return found
