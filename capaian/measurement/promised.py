"""Which agreement the targets of a measurement were taken from, in words. Reads snapshots only."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from capaian.agencies.rules import written
from capaian.measurement.recap import Line

OWN = "target kartu indikator, tidak ada dalam Perjanjian Kinerja yang berlaku"

OWN_TARGET = f"T{OWN[1:]}"


def agreements_of(inputs: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the agreements behind a snapshot's targets by key; snapshots from before this was kept have none."""
    found: Mapping[str, Mapping[str, Any]] = inputs.get("agreements", {})
    return found


def short_name(facts: Mapping[str, Any]) -> str:
    """Return an agreement as a remark names it: `PK versi 2`."""
    official = "" if facts["of_the_head"] else f" {facts['official']}"
    return f"PK{official} versi {facts['version']}"


def long_name(facts: Mapping[str, Any]) -> str:
    """Return an agreement as people cite it: title, official, version, number, since when it counts."""
    number = f", nomor {facts['number']}" if facts["number"] else ""
    since = written(date.fromisoformat(facts["in_force_from"]))
    return f"{facts['title']}, {facts['official']}, versi {facts['version']}{number}, berlaku sejak {since}"


def target_remark(inputs: Mapping[str, Any]) -> str:
    """Return whose promise the targets are: `target PK versi 1`; empty when they are the card's own."""
    names = [short_name(facts) for facts in _in_time(agreements_of(inputs).values())]
    return f"target {' dan '.join(names)}" if names else ""


def _in_time(found: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(found, key=lambda facts: (facts["in_force_from"], facts["version"]))


def source_of_target(inputs: Mapping[str, Any], key: str) -> str:
    """Return where one target of a snapshot was taken from."""
    return long_name(agreements_of(inputs)[key]) if key else OWN


def promised_by(lines: Iterable[Line]) -> list[tuple[str, str, int]]:
    """Return every agreement behind the due lines' targets: key, name, how many indicators; those without one last."""
    names: dict[str, Mapping[str, Any]] = {}
    counts: dict[str, int] = {}
    for line in lines:
        if line.is_due:
            found = agreements_of(line.row.inputs)
            names |= found
            for key in found or [""]:
                counts[key] = counts.get(key, 0) + 1
    ordered = sorted(names, key=lambda key: (not names[key]["of_the_head"], names[key]["in_force_from"], key))
    rows = [(key, long_name(names[key]), counts[key]) for key in ordered]
    return [*rows, ("", OWN_TARGET, counts[""])] if "" in counts else rows
