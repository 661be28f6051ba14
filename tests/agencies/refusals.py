"""Asks an action and returns the codes with which it refused."""

from collections.abc import Callable

import pytest

from capaian.journal.models import Entry
from capaian.journal.reason import Refused


def codes(act: Callable[[], object]) -> list[str]:
    """Return the codes of the refusal; the action must refuse, say a whole sentence, and write nothing."""
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        act()
    assert Entry.objects.count() == before
    for reason in refused.value.reasons:
        assert reason.text.endswith("."), reason
        assert not reason.next_step or reason.next_step.endswith("."), reason
    return [reason.code for reason in refused.value.reasons]
