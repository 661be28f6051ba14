"""No definition is published that could not run: each fault planted in a shipped one is named."""

import re
from collections.abc import Callable
from copy import deepcopy
from inspect import getsource
from typing import Any

import pytest

from capaian.sop import spec_rules
from capaian.sop.shipped import FULL, SHORT, shipped
from tests.sop.mutants import without

Spec = dict[str, Any]


@pytest.mark.parametrize("key", [*FULL, *SHORT])
def test_shipped_definitions_can_be_published(key: str) -> None:
    assert spec_rules.reasons_not_to_publish(shipped(key)) == []


def step(spec: Spec, key: str) -> Spec:
    found: Spec = next(row for row in spec["steps"] if row["key"] == key)
    return found


FAULTS: list[tuple[str, str, Callable[[Spec], object]]] = [
    ("no_steps", "", lambda spec: spec.update(steps=[])),
    ("step_key_twice", "", lambda spec: spec["steps"].append(dict(step(spec, "A05")))),
    ("next_unknown", "_flow", lambda spec: step(spec, "A05").update(next="A99")),
    ("next_backward", "_flow", lambda spec: step(spec, "A05").update(next="A03")),
    ("next_backward", "_flow", lambda spec: step(spec, "A05").update(next="A05")),
    ("unreachable", "_flow", lambda spec: step(spec, "A05").update(next="A07")),
    ("one_end", "_flow", lambda spec: step(spec, "A05").update(next=None)),
    ("role_unknown", "_parties", lambda spec: spec["roles"].append({"key": "mayor", "label": "Bupati"})),
    ("no_performer", "_parties", lambda spec: step(spec, "A05").update(parties={"assists": ["team"]})),
    ("party_unknown", "_parties", lambda spec: spec["roles"].pop()),
    ("work_unknown", "_parties", lambda spec: step(spec, "A05").update(work="dance")),
    ("decide_is_decision", "_decisions", lambda spec: step(spec, "A05").update(kind="decision")),
    ("decide_is_decision", "_decisions", lambda spec: step(spec, "A10").update(kind="task")),
    ("decision_open", "_decisions", lambda spec: step(spec, "A10").update(returns=[])),
    ("decision_per_unit", "_decisions", lambda spec: step(spec, "A10").update(fan_out="unit")),
    ("return_forward", "_returns", lambda spec: step(spec, "A10").update(returns=[{"to": "A11", "default": True}])),
    ("return_forward", "_returns", lambda spec: step(spec, "A10").update(returns=[{"to": "A10", "default": True}])),
    ("return_forward", "_returns", lambda spec: step(spec, "A10").update(returns=[{"to": "A99", "default": True}])),
    ("return_per_unit", "_returns", lambda spec: step(spec, "A10")["returns"][0].update(per_unit=True)),
    ("one_default", "_returns", lambda spec: step(spec, "A10")["returns"][0].update(default=False)),
    ("one_default", "_returns", lambda spec: step(spec, "A10")["returns"][1].update(default=True)),
    ("no_producer", "_inputs", lambda spec: step(spec, "A02")["inputs"][0].update(from_step="A03")),
    ("no_producer", "_inputs", lambda spec: step(spec, "A01").update(outputs=[])),
    ("time_odd", "_times", lambda spec: step(spec, "A05").update(time={"amount": 0, "unit": "minute"})),
    ("time_odd", "_times", lambda spec: step(spec, "A05").update(time={"amount": 10000, "unit": "minute"})),
    ("time_odd", "_times", lambda spec: step(spec, "A05").update(time={"amount": 2, "unit": "week"})),
    ("time_odd", "_times", lambda spec: step(spec, "A11").update(proposed_time={"unit": "minute"})),
]


def planted(fault: Callable[[Spec], object]) -> list[str]:
    """Return the codes of the refusal of the collection with a fault."""
    spec: Spec = deepcopy(dict(shipped("pengumpulan")))
    fault(spec)
    reasons = spec_rules.reasons_not_to_publish(spec)
    assert all(reason.text.endswith(".") and reason.next_step.endswith(".") for reason in reasons)
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(("code", "rule", "fault"), FAULTS)
def test_each_planted_fault_is_named(code: str, rule: str, fault: Callable[[Spec], object]) -> None:
    assert code in planted(fault)


@pytest.mark.parametrize(("code", "rule", "fault"), [row for row in FAULTS if row[1]])
def test_each_rule_is_missed(
    monkeypatch: pytest.MonkeyPatch, code: str, rule: str, fault: Callable[[Spec], object]
) -> None:
    monkeypatch.setattr(spec_rules, rule, lambda *_: iter(()))
    assert code not in planted(fault)


def test_the_first_questions_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, spec_rules, "reasons_not_to_publish", "len(set(keys)) != len(keys)", "False")
    assert "step_key_twice" not in planted(FAULTS[1][2])
    monkeypatch.undo()
    without(monkeypatch, spec_rules, "reasons_not_to_publish", "if not steps:", "if False:")
    with pytest.raises(IndexError):
        planted(FAULTS[0][2])


def test_every_reason_of_the_rules_has_a_planted_fault() -> None:
    given = set(re.findall(r'Reason\(\s*"(\w+)"', getsource(spec_rules)))
    assert given == {code for code, _, _ in FAULTS}
