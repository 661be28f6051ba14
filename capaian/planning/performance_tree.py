"""The performance tree (pohon kinerja) as a page draws it: twigs that open and close, searched, supporting marked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from capaian.planning.entries import TargetEntry
from capaian.planning.models import Card
from capaian.planning.nomenclature import Nomenclature
from capaian.planning.queries import Place
from capaian.planning.typed_figures import target_text

OPEN_DEPTH = 2


@dataclass(frozen=True)
class Leaf:
    """A card at its node. Supporting: nothing above is measured in its unit, so it is never summed into it."""

    card: Card
    target: str
    is_supporting: bool


@dataclass(frozen=True)
class Twig:
    """A node as it is drawn: its leaves, whether it holds twigs, whether it is open, how many end after it."""

    place: Place
    leaves: tuple[Leaf, ...]
    is_local: bool
    has_children: bool = False
    is_open: bool = False
    is_found: bool = False
    ends: int = 0

    @property
    def closing(self) -> range:
        """One for each parent that ends after this twig, for a template to count by."""
        return range(self.ends)


def twigs(
    places: Sequence[Place], national: Nomenclature, *, search: str = "", all_open: bool = False
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


def _has(place: Place, words: Sequence[str]) -> bool:
    said = [place.node.code, place.node.text, place.node.owner.name if place.node.owner else ""]
    text = " ".join((*said, *(card.name for card in place.cards))).casefold()
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
    places: Sequence[Place], at: int, parents: Sequence[int | None], national: Nomenclature, *, is_found: bool
) -> Twig:
    place = places[at]
    units = _units_above(places, parents, at)
    leaves = tuple(
        Leaf(card, _year_target(card), bool(units) and card.measured_in.casefold() not in units) for card in place.cards
    )
    return Twig(place, leaves, national.is_local(place.node), is_found=is_found)


def _units_above(places: Sequence[Place], parents: Sequence[int | None], at: int) -> set[str]:
    """Return the units of measure at the nearest node above that has cards."""
    above = parents[at]
    while above is not None:
        if places[above].cards:
            return {card.measured_in.casefold() for card in places[above].cards}
        above = parents[above]
    return set()


def _year_target(card: Card) -> str:
    code = f"{card.year:04d}"
    return next((target_text(TargetEntry.of(row)) for row in card.targets.all() if row.period == code), "")


def _opened(drawn: list[Twig], *, all_open: bool) -> list[Twig]:
    depths = [twig.place.depth for twig in drawn]
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
