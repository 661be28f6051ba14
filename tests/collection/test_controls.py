"""Controls: with a guard taken away, the test that watches it fails."""

import pytest

from capaian.collection import recapitulation_actions, rules
from capaian.planning.models import Card
from tests.collection import test_forms, test_recapitulation, test_rules
from tests.sop.driver import Engine

MISSED = "DID NOT RAISE"


def test_receipt_by_anybody_is_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "may_receive", lambda *_: True)
    with pytest.raises(pytest.fail.Exception, match=MISSED):
        test_forms.test_forms_are_distributed_and_acknowledged_once(office, card)


def test_overwritten_months_are_noticed(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "told_on", lambda *_: "")
    with pytest.raises(AssertionError):
        test_forms.test_months_reported_already_are_read_only(office)


def test_unseen_content_is_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recapitulation_actions, "digest_of", lambda _: "0" * 64)
    monkeypatch.setattr(test_recapitulation, "digest_of", lambda _: "0" * 64)
    with pytest.raises(pytest.fail.Exception, match=MISSED):
        test_recapitulation.test_content_is_frozen_and_approved(office, card)


def test_foreign_lines_are_noticed(office: Engine, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capaian.collection.form_actions.rules.reasons_not_to_lay", lambda *_: [])
    with pytest.raises((KeyError, pytest.fail.Exception)):
        test_rules.test_foreign_lines_and_long_texts_are_refused(office, card)
