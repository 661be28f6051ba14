"""What the shipped files declare about steps, read without the engine, and who of the test's agency that is."""

from collections.abc import Iterable
from typing import Any

from capaian.sop.shipped import shipped

FILES = {"A": "pengumpulan", "B": "pengukuran", "A-R": "pengumpulan-ringkas", "B-R": "pengukuran-ringkas"}
SUBMITTERS = {"secretariat": "planner", "ikp": "ikp", "aptika": "aptika"}
UNIT_HEADS = {"secretariat": "secretary", "ikp": "ikp", "aptika": "aptika"}
STAFF = {"secretariat": "staff", "ikp": "ikp.staff", "aptika": "aptika.staff"}
ONCE = {"head": {"head"}, "secretary": {"secretary"}, "team": {"team", "team2"}}
PEOPLE = (
    *("head", "secretary", "team", "team2", "planner", "ikp", "aptika"),
    *("staff", "ikp.staff", "aptika.staff", "admin", "nobody"),
)


def steps(code: str) -> dict[str, dict[str, Any]]:
    """Return the steps of a shipped SOP by key, in order."""
    return {step["key"]: step for step in shipped(FILES[code])["steps"]}


def _people(parties: Iterable[str], unit: str | None) -> set[str]:
    found: set[str] = set()
    for party in parties:
        if party == "staff":
            found |= {STAFF[unit]} if unit else set(STAFF.values())
        elif party in ("unit", "submitter"):
            units = [unit] if unit else list(SUBMITTERS)
            found |= {SUBMITTERS[key] for key in units}
            found |= {UNIT_HEADS[key] for key in units if party == "unit"}
        else:
            found |= ONCE[party]
    return found


def completing(step: dict[str, Any], unit: str | None = None) -> set[str]:
    """Return who completes a step (of a unit)."""
    parties = step["parties"]
    return _people(parties.get("completes") or parties["performs"], unit)


def performing(step: dict[str, Any], unit: str | None = None) -> set[str]:
    """Return who performs a step (of a unit)."""
    return _people(step["parties"]["performs"], unit)


def working(step: dict[str, Any], unit: str | None = None) -> set[str]:
    """Return who performs, assists or completes a step (of a unit)."""
    parties = step["parties"]
    return _people([key for part in ("performs", "assists", "completes") for key in parties.get(part, [])], unit)


def targets(step: dict[str, Any]) -> dict[str, bool]:
    """Return the steps to which a step may send back, and whether for chosen units."""
    return {row["to"]: row.get("per_unit", False) for row in step.get("returns") or []}
