"""Writes definitions and versions: adopt a shipped SOP, publish a version, move a run to a newer one."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from capaian.agencies.models import Agency
from capaian.journal.actions import record
from capaian.journal.actor import Actor
from capaian.journal.reason import Reason, Refused, refuse_if
from capaian.journal.verbs import Verb
from capaian.sop.models import (
    Definition,
    ReturnTarget,
    Role,
    Step,
    StepInput,
    StepOutput,
    StepParty,
    StepReading,
    StepWait,
    Version,
)
from capaian.sop.shipped import FULL, SHORT, Spec, shipped, shipped_hash, shipped_text
from capaian.sop.spec_rules import reasons_not_to_publish


def adopt_shipped(*, agency: Agency, by: Actor) -> list[Definition]:
    """Give an agency its own copies of every shipped SOP it does not have yet; return the new ones."""
    with transaction.atomic():
        have = set(Definition.objects.filter(agency=agency).values_list("template_key", flat=True))
        return [adopt_definition(agency=agency, template_key=key, by=by) for key in (*FULL, *SHORT) if key not in have]


def adopt_definition(*, agency: Agency, template_key: str, by: Actor) -> Definition:
    """Copy one shipped SOP for an agency and publish it as version 1."""
    spec = shipped(template_key)
    with transaction.atomic():
        definition = Definition.objects.create(
            agency=agency,
            code=spec["code"],
            stands_for=spec["stands_for"],
            name=spec["name"],
            template_key=template_key,
            template_hash=shipped_hash(template_key),
            reason=spec.get("reason") or "",
        )
        version = write_version(definition, spec, number=1)
        record(
            by=by.with_token(""),
            verb=Verb.ADOPTED_DEFINITION,
            target=definition,
            payload={"code": definition.code, "version": version.public_id, "template": definition.template_hash},
        )
    return definition


def publish_version(*, definition: Definition, spec: Spec, by: Actor) -> Version:
    """Publish a new version of a definition; the one before is retired, open runs keep theirs."""
    refuse_if(reasons_not_to_publish(spec))
    with transaction.atomic():
        definition = Definition.objects.select_for_update(no_key=True).get(pk=definition.pk)
        numbers = definition.versions.order_by("-number").values_list("number", flat=True)
        definition.versions.filter(state=Version.State.PUBLISHED).update(state=Version.State.RETIRED)
        version = write_version(definition, spec, number=(numbers.first() or 0) + 1)
        record(by=by, verb=Verb.PUBLISHED_VERSION, target=version, payload={"number": version.number})
    return version


def write_version(definition: Definition, spec: Spec, number: int) -> Version:
    """Write the rows of one published version. The spec has passed `reasons_not_to_publish`."""
    refuse_if(reasons_not_to_publish(spec))
    version = Version.objects.create(
        definition=definition,
        number=number,
        state=Version.State.PUBLISHED,
        text={**shipped_text(), "title_printed": spec.get("title_printed", spec["name"])},
        published_at=timezone.now(),
    )
    roles = {
        role["key"]: Role(version=version, key=role["key"], label=role["label"], ordinal=role.get("ordinal"))
        for role in spec["roles"]
    }
    Role.objects.bulk_create(roles.values())
    ordinals = _ordinals([item["key"] for item in spec["steps"]])
    steps = {item["key"]: _step(version, ordinal, item) for ordinal, item in zip(ordinals, spec["steps"], strict=True)}
    Step.objects.bulk_create(steps.values())
    for item in spec["steps"]:
        if item.get("next"):
            steps[item["key"]].next_yes = steps[item["next"]]
    Step.objects.bulk_update(steps.values(), ["next_yes"])
    _write_details(spec, steps, roles)
    return version


def _ordinals(keys: Sequence[str]) -> list[int]:
    """Return the steps' numbers: those of their keys, as printed in the SOP, where they rise; else counted from 1.

    A short variant thus keeps the numbers of the SOP; a version with a step put in ("A08a") is numbered anew.
    """
    printed = [int("".join(letter for letter in key if letter.isdigit()) or 0) for key in keys]
    rising = all(low < high for low, high in pairwise([0, *printed]))
    return printed if rising else list(range(1, len(keys) + 1))


def _step(version: Version, ordinal: int, item: Mapping[str, Any]) -> Step:
    time, proposed = item.get("time") or {}, item.get("proposed_time") or {}
    return Step(
        version=version,
        key=item["key"],
        ordinal=ordinal,
        kind=item.get("kind", Step.Kind.TASK),
        work=item.get("work", "free"),
        fan_out=item.get("fan_out", Step.FanOut.NONE),
        text=item["text"],
        amount=time.get("amount"),
        time_unit=time.get("unit"),
        time_printed=time.get("printed", ""),
        proposed_amount=proposed.get("amount"),
        proposed_time_unit=proposed.get("unit"),
        note=item.get("note") or "",
    )


def _write_details(spec: Spec, steps: Mapping[str, Step], roles: Mapping[str, Role]) -> None:
    parties, inputs, outputs, readings, returns, waits = [], [], [], [], [], []
    for item in spec["steps"]:
        step = steps[item["key"]]
        for part, keys in item["parties"].items():
            parties += [StepParty(step=step, role=roles[key], part=part) for key in keys]
        inputs += [_input(step, place, row) for place, row in enumerate(item.get("inputs") or [], start=1)]
        outputs += [_output(step, place, row) for place, row in enumerate(item.get("outputs") or [], start=1)]
        readings += [
            StepReading(step=step, ordinal=place, subject=row["subject"], text=row["text"], basis=row["basis"])
            for place, row in enumerate(item.get("readings") or [], start=1)
        ]
        returns += [
            ReturnTarget(
                step=step,
                target=steps[row["to"]],
                is_default=row.get("default", False),
                per_unit=row.get("per_unit", False),
            )
            for row in item.get("returns") or []
        ]
        waits += [
            StepWait(step=step, definition_code=row["definition"], step_key=row["step"])
            for row in item.get("waits") or []
        ]
    StepParty.objects.bulk_create(parties)
    StepInput.objects.bulk_create(inputs)
    StepOutput.objects.bulk_create(outputs)
    StepReading.objects.bulk_create(readings)
    ReturnTarget.objects.bulk_create(returns)
    StepWait.objects.bulk_create(waits)


def _input(step: Step, place: int, row: Mapping[str, Any]) -> StepInput:
    return StepInput(
        step=step,
        ordinal=place,
        name=row["name"],
        reading=row.get("reading", ""),
        is_printed=row.get("printed", True),
        source=row["source"],
        from_step_key=row.get("from_step", ""),
        from_definition_code=row.get("from_definition", ""),
    )


def _output(step: Step, place: int, row: Mapping[str, Any]) -> StepOutput:
    return StepOutput(
        step=step,
        ordinal=place,
        name=row["name"],
        reading=row.get("reading", ""),
        is_printed=row.get("printed", True),
        document_kind=row.get("document_kind", ""),
    )


def missing_step(key: str) -> Refused:
    """Return the refusal of a move whose open step the newer version does not have."""
    return Refused(
        [
            Reason(
                "open_step_gone",
                f"Proses sedang berada pada langkah {key}, yang tidak ada lagi pada versi baru.",
                "Selesaikan langkah itu dahulu; proses tetap berjalan pada versi lamanya.",
            )
        ]
    )
