"""The performance tree (pohon kinerja) as a page draws it: twigs that open and close, searched, supporting marked.

Read with few columns and drawn from ready texts, so that a tree of hundreds of nodes opens at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.planning.entries import TargetEntry
from capaian.planning.models import Card, Level, Node, Plan, Target
from capaian.planning.nomenclature import Nomenclature
from capaian.planning.queries import budget_totals
from capaian.planning.tree import branches
from capaian.planning.typed_figures import rupiah_text, target_text

OPEN_DEPTH = 2


@dataclass(frozen=True)
class Leaf:
    """A card at its node. Supporting: nothing above is measured in its unit, so it is never summed into it."""

    key: str
    name: str
    measured_in: str
    target: str = ""
    is_iku: bool = False
    is_draft: bool = False
    is_supporting: bool = False

    @property
    def note(self) -> str:
        """What is said behind the name."""
        marks = (("IKU", self.is_iku), ("konsep", self.is_draft), ("menopang", self.is_supporting))
        first = f"target {self.target} {self.measured_in}" if self.target else f"{self.measured_in}, belum ada target"
        return " · ".join([first, *(word for word, holds in marks if holds)])


@dataclass(frozen=True)
class Spot:
    """A node at its place, with what stands there in the year."""

    node: Node
    depth: int
    owner: str = ""
    ceiling: Decimal | None = None
    leaves: tuple[Leaf, ...] = ()


@dataclass(frozen=True)
class Twig:
    """A node as it is drawn: its leaves, whether it holds twigs, whether it is open, how many end after it."""

    spot: Spot
    leaves: tuple[Leaf, ...]
    is_local: bool
    has_children: bool = False
    is_open: bool = False
    is_found: bool = False
    ends: int = 0

    @property
    def level(self) -> str:
        """What the node's level is called."""
        return LEVEL_NAMES[self.spot.node.level]

    @property
    def css(self) -> str:
        """The classes of the twig."""
        return f"kin kin-{self.spot.node.level}{' kin-found' if self.is_found else ''}"

    @property
    def facts(self) -> str:
        """Owner and ceiling in one line."""
        money = "" if self.spot.ceiling is None else f"Pagu {rupiah_text(self.spot.ceiling)}"
        return " · ".join(each for each in (self.spot.owner, money) if each)

    @property
    def closing(self) -> range:
        """One for each parent that ends after this twig, for a template to count by."""
        return range(self.ends)


LEVEL_NAMES = dict(Level.choices)


def spots(reach: Reach, plan: Plan, year: int) -> list[Spot]:
    """Return a plan's nodes of a year in the order of the tree with cards, targets and money; six queries."""
    rows = Node.objects.filter(agency_id=reach.agency.pk, plan=plan, valid_from__year__lte=year)
    money = budget_totals(reach, year)
    owners = dict(Unit.objects.filter(agency_id=reach.agency.pk).values_list("pk", "name"))
    leaves = _leaves(reach, plan, year)
    return [
        Spot(
            branch.node,
            branch.depth,
            owners.get(branch.node.owner_id or 0, ""),
            money[branch.node.pk].year.ceiling if branch.node.pk in money else None,
            tuple(leaves.get(branch.node.pk, ())),
        )
        for branch in branches(rows.exclude(valid_to__year__lt=year))
    ]


def _leaves(reach: Reach, plan: Plan, year: int) -> dict[int, list[Leaf]]:
    said = Target.objects.filter(card__agency_id=reach.agency.pk, card__year=year, period=f"{year:04d}")
    targets = {
        card: target_text(TargetEntry("", value, low, high, letter))
        for card, value, low, high, letter in said.values_list("card_id", "value", "low", "high", "letter")
    }
    rows = (
        Card.objects.filter(agency_id=reach.agency.pk, indicator__node__plan=plan, year=year)
        .filter(Q(is_current=True) | Q(activated_at__isnull=True))
        .order_by("indicator__ordinal", "version", "pk")
        .values_list(
            "indicator__node_id", "pk", "public_id", "name", "measured_in", "indicator__is_iku", "activated_at"
        )
    )
    found: dict[int, list[Leaf]] = defaultdict(list)
    for node, pk, key, name, measured_in, is_iku, activated_at in rows:
        found[node].append(Leaf(key, name, measured_in, targets.get(pk, ""), is_iku, activated_at is None))
    return found


def twigs(
    places: Sequence[Spot], national: Nomenclature, *, search: str = "", all_open: bool = False
) -> tuple[Twig, ...]:
    """Return the tree in drawing order; with words to search for only what has them and what stands above it."""
    words = search.casefold().split()
    above: list[int] = []
    parents: list[int | None] = []
    for at, place in enumerate(places):
        del above[place.depth :]
        parents.append(above[-1] if above else None)
        above.append(at)
    found = {at for at, place in enumerate(places) if words and _has(place, words)}
    kept = set(range(len(places))) if not words else _with_parents(found, parents)
    drawn = [_twig(places, at, parents, national, is_found=at in found) for at in range(len(places)) if at in kept]
    return tuple(_opened(drawn, all_open=all_open or bool(words)))


def _has(place: Spot, words: Sequence[str]) -> bool:
    said = (place.node.code, place.node.text, place.owner, *(leaf.name for leaf in place.leaves))
    text = " ".join(said).casefold()
    return all(word in text for word in words)


def _with_parents(found: set[int], parents: Sequence[int | None]) -> set[int]:
    kept = set(found)
    for at in found:
        above = parents[at]
        while above is not None and above not in kept:
            kept.add(above)
            above = parents[above]
    return kept


def _twig(
    places: Sequence[Spot], at: int, parents: Sequence[int | None], national: Nomenclature, *, is_found: bool
) -> Twig:
    place = places[at]
    units = _units_above(places, parents, at)
    leaves = tuple(
        replace(leaf, is_supporting=True) if units and leaf.measured_in.casefold() not in units else leaf
        for leaf in place.leaves
    )
    return Twig(place, leaves, national.is_local(place.node), is_found=is_found)


def _units_above(places: Sequence[Spot], parents: Sequence[int | None], at: int) -> set[str]:
    """Return the units of measure at the nearest node above that has cards."""
    above = parents[at]
    while above is not None:
        if places[above].leaves:
            return {leaf.measured_in.casefold() for leaf in places[above].leaves}
        above = parents[above]
    return set()


def _opened(drawn: list[Twig], *, all_open: bool) -> list[Twig]:
    depths = [twig.spot.depth for twig in drawn]
    follows = [*depths[1:], 0][: len(depths)]
    return [
        replace(
            twig,
            has_children=after > depth,
            is_open=after > depth and (all_open or depth < OPEN_DEPTH),
            ends=max(depth - after, 0),
        )
        for twig, depth, after in zip(drawn, depths, follows, strict=True)
    ]
