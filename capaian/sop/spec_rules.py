"""The static check of a definition: what must hold before anybody can be asked to follow it."""

from collections.abc import Iterator, Sequence
from typing import Any

from capaian.journal.reason import Reason
from capaian.sop.models import PartyKey, Work
from capaian.sop.shipped import Spec

FIX = "Perbaiki definisi SOP, lalu terbitkan lagi."


def reasons_not_to_publish(spec: Spec) -> list[Reason]:
    """Return why a definition cannot be published; empty when it can run from start to end."""
    steps: Sequence[Spec] = spec.get("steps") or []
    if not steps:
        return [Reason("no_steps", "SOP belum mempunyai langkah.", FIX)]
    keys = [step["key"] for step in steps]
    if len(set(keys)) != len(keys):
        return [Reason("step_key_twice", "Ada dua langkah dengan kode yang sama.", FIX)]
    checks = (_flow, _parties, _decisions, _returns, _inputs, _times)
    return [reason for check in checks for reason in check(spec, steps)]


def _flow(_: Spec, steps: Sequence[Spec]) -> Iterator[Reason]:
    order = {step["key"]: place for place, step in enumerate(steps)}
    for step in steps:
        target = step.get("next")
        if target is not None and target not in order:
            yield Reason("next_unknown", f"Langkah {step['key']} menuju langkah {target} yang tidak ada.", FIX)
        elif target is not None and order[target] <= order[step["key"]]:
            yield Reason("next_backward", f"Langkah {step['key']} menuju langkah sebelumnya ({target}).", FIX)
    reached, key = set(), steps[0]["key"]
    following = {step["key"]: step.get("next") for step in steps}
    while key in following and key not in reached:
        reached.add(key)
        key = following[key]
    for step in steps:
        if step["key"] not in reached:
            yield Reason("unreachable", f"Langkah {step['key']} tidak pernah dicapai dari langkah pertama.", FIX)
    if sum(step.get("next") is None for step in steps) != 1:
        yield Reason("one_end", "SOP harus mempunyai tepat satu langkah akhir.", FIX)


def _parties(spec: Spec, steps: Sequence[Spec]) -> Iterator[Reason]:
    known = {role["key"] for role in spec.get("roles") or []}
    for key in sorted(known - set(PartyKey.values)):
        yield Reason("role_unknown", f"Pelaksana {key} tidak dikenal.", FIX)
    for step in steps:
        parties: dict[str, list[str]] = step.get("parties") or {}
        if not parties.get("performs"):
            yield Reason("no_performer", f"Langkah {step['key']} belum mempunyai pelaksana.", FIX)
        for key in sorted({key for keys in parties.values() for key in keys} - known):
            yield Reason("party_unknown", f"Langkah {step['key']} menyebut pelaksana {key} yang tidak ada.", FIX)
        if step.get("work", "free") not in Work.values:
            yield Reason("work_unknown", f"Jenis pekerjaan langkah {step['key']} tidak dikenal.", FIX)


def _decisions(_: Spec, steps: Sequence[Spec]) -> Iterator[Reason]:
    for step in steps:
        decides = step.get("kind") == "decision"
        if decides != (step.get("work") == Work.DECIDE):
            yield Reason("decide_is_decision", f"Langkah {step['key']}: keputusan memakai pekerjaan keputusan.", FIX)
        if decides and not step.get("returns"):
            yield Reason("decision_open", f"Keputusan {step['key']} belum mempunyai tujuan untuk Tidak.", FIX)
        if decides and step.get("fan_out") == "unit":
            yield Reason("decision_per_unit", f"Keputusan {step['key']} tidak dapat dikerjakan per unit.", FIX)


def _returns(_: Spec, steps: Sequence[Spec]) -> Iterator[Reason]:
    order = {step["key"]: place for place, step in enumerate(steps)}
    fans = {step["key"] for step in steps if step.get("fan_out") == "unit"}
    for step in steps:
        targets: list[dict[str, Any]] = step.get("returns") or []
        for target in targets:
            if order.get(target["to"], len(steps)) >= order[step["key"]]:
                yield Reason(
                    "return_forward", f"Langkah {step['key']} hanya dapat mengembalikan ke langkah lebih awal.", FIX
                )
            elif target.get("per_unit") and target["to"] not in fans:
                yield Reason("return_per_unit", f"Langkah {target['to']} bukan langkah per unit.", FIX)
        if targets and sum(bool(target.get("default")) for target in targets) != 1:
            yield Reason("one_default", f"Langkah {step['key']} memerlukan tepat satu tujuan pengembalian baku.", FIX)


def _inputs(spec: Spec, steps: Sequence[Spec]) -> Iterator[Reason]:
    produced: set[str] = set()
    for step in steps:
        for needed in step.get("inputs") or []:
            from_here = needed["source"] == "step" and needed.get("from_definition", spec["code"]) == spec["code"]
            slipped = needed.get("from_step") == step["key"]  # its own output, printed in the wrong column
            if from_here and not slipped and needed.get("from_step") not in produced:
                yield Reason(
                    "no_producer",
                    f"Langkah {step['key']} memerlukan {needed['name']}, yang tidak dihasilkan langkah sebelumnya.",
                    FIX,
                )
        if step.get("outputs"):
            produced.add(step["key"])


def _times(_: Spec, steps: Sequence[Spec]) -> Iterator[Reason]:
    for step in steps:
        for time in (step.get("time"), step.get("proposed_time")):
            if time and (time.get("unit") not in ("minute", "day") or not 0 < int(time.get("amount") or 0) <= 9999):
                yield Reason("time_odd", f"Waktu baku langkah {step['key']} tidak terbaca.", FIX)
