"""Whether what a superior promises is carried by the agreements below: warnings that never block."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from capaian.journal.reason import Reason
from capaian.planning.models import Agreement


@dataclass(frozen=True)
class Link:
    """An agreement with those of its subordinates, and what is not carried or carries nothing."""

    agreement: Agreement
    below: tuple[Agreement, ...]
    warnings: tuple[Reason, ...]


def newest(rows: Iterable[Agreement]) -> list[Agreement]:
    """Return one agreement for each position: the version in force, else the draft."""
    found: dict[int, Agreement] = {}
    for row in rows:
        if row.state == Agreement.State.SUPERSEDED:
            continue
        known = found.get(row.position_id)
        if known is None or (known.state == Agreement.State.DRAFT and row.state == Agreement.State.IN_FORCE):
            found[row.position_id] = row
    return list(found.values())


def cascade(rows: Sequence[Agreement], parents: Mapping[int, int | None]) -> list[Link]:
    """Return each agreement with the check of its items; `parents` of every node by row number.

    Reads items with card and indicator: prefetch them.
    """
    by_superior: dict[int, list[Agreement]] = {}
    for row in rows:
        if row.superior_position_id is not None:
            by_superior.setdefault(row.superior_position_id, []).append(row)
    by_position = {row.position_id: row for row in rows}
    links = []
    for row in rows:
        below = by_superior.get(row.position_id, [])
        above = by_position.get(row.superior_position_id or 0)
        warnings = [*(_not_carried(row, below, parents) if below else []), *_carries_nothing(row, above, parents)]
        links.append(Link(row, tuple(below), tuple(warnings)))
    return links


def _places(row: Agreement) -> set[int]:
    return {item.card.indicator.node_id for item in row.items.all()}


def _line(node: int, parents: Mapping[int, int | None]) -> set[int]:
    found: set[int] = set()
    place: int | None = node
    while place is not None and place not in found:
        found.add(place)
        place = parents.get(place)
    return found


def _not_carried(row: Agreement, below: Sequence[Agreement], parents: Mapping[int, int | None]) -> list[Reason]:
    """Name the items that no subordinate's item stands at or below."""
    carried = {above for each in below for node in _places(each) for above in _line(node, parents)}
    return [
        Reason(
            "not_carried",
            f"“{item.card.name}” belum diturunkan ke perjanjian bawahan {row.promiser_title}.",
            "Tambahkan indikator pada butir itu atau di bawahnya ke perjanjian seorang bawahan.",
        )
        for item in row.items.all()
        if item.card.indicator.node_id not in carried
    ]


def _carries_nothing(row: Agreement, above: Agreement | None, parents: Mapping[int, int | None]) -> list[Reason]:
    """Name the items that stand at or below none of the superior's."""
    if above is None:
        return []
    wanted = _places(above)
    return [
        Reason(
            "carries_nothing",
            f"“{item.card.name}” tidak menopang indikator mana pun pada perjanjian {above.promiser_title}.",
            "Periksa tempatnya pada pohon kinerja, atau tambahkan butir di atasnya ke perjanjian atasan.",
        )
        for item in row.items.all()
        if not wanted & _line(item.card.indicator.node_id, parents)
    ]
