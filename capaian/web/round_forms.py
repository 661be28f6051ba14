"""The steps of Tim SAKIP around the units' forms: preparing, distributing, recapitulating."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from capaian.agencies.models import Unit
from capaian.agencies.queries import Reach
from capaian.collection import actions, queries, recapitulation, rules
from capaian.journal.actor import Actor
from capaian.journal.rules import digest_of
from capaian.planning.models import Card
from capaian.sop.models import WorkItem
from capaian.web.fill_forms import NO_CARDS
from capaian.web.step_forms import AnswerForm, run_units
from capaian.web.work_page import WorkPage


@dataclass(frozen=True)
class Asked:
    """What one unit will be asked for."""

    unit: Unit
    cards: Sequence[tuple[Card, str]]  # with its own periods in words


class PrepareForm(AnswerForm):
    """Shows each unit's blank form before it is made."""

    def __init__(self, *args: Any, item: WorkItem, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, item=item, reach=reach, **kwargs)
        cards = queries.wanted_cards(reach, item.run)
        self.units = [Asked(unit, self._of(unit, cards)) for unit in run_units(item)]

    def _of(self, unit: Unit, cards: Sequence[Card]) -> list[tuple[Card, str]]:
        own = [card for card in cards if any(row.unit_id == unit.pk for row in card.suppliers.all())]
        return [(card, ", ".join(each.label for each in rules.asked(card, self.item.run.period_value))) for card in own]


class DistributeForm(AnswerForm):
    """Shows to whom the forms go."""

    def __init__(self, *args: Any, item: WorkItem, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, item=item, reach=reach, **kwargs)
        self.standings = queries.standings(reach, item.run)


class RecapitulateForm(AnswerForm):
    """Shows what all units reported; completing freezes exactly this."""

    def __init__(self, data: QueryDict | None = None, *args: Any, item: WorkItem, reach: Reach, **kwargs: Any) -> None:
        super().__init__(data.copy() if data is not None else None, *args, item=item, reach=reach, **kwargs)
        self.fields["digest"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self._lay()

    def _lay(self) -> None:
        self.content = recapitulation.content_of(self.reach, self.item.run)
        self.digest = digest_of(self.content)
        before = queries.previous_recapitulation(self.reach, self.item)
        self.differences = recapitulation.differences(before, self.content)
        self.initial = {**self.initial, "digest": self.digest}

    def take_newest(self) -> None:
        """After a refusal: the table on the page is the one that is sent next."""
        self._lay()
        if isinstance(self.data, QueryDict):
            self.data["digest"] = self.digest


def complete_prepare(item: WorkItem, form: PrepareForm, by: Actor, reach: Reach) -> WorkItem:
    """Prepare the forms of all units."""
    return actions.prepare_forms(item=item, answer=form.answer(), by=by, reach=reach)


def complete_distribute(item: WorkItem, form: DistributeForm, by: Actor, reach: Reach) -> WorkItem:
    """Distribute the forms."""
    return actions.distribute_forms(item=item, answer=form.answer(), by=by, reach=reach)


def complete_recapitulate(item: WorkItem, form: RecapitulateForm, by: Actor, reach: Reach) -> WorkItem:
    """Freeze what was shown."""
    digest = form.cleaned_data.get("digest") or ""
    return actions.recapitulate(item=item, answer=form.answer(), by=by, reach=reach, digest=digest)


PREPARE = WorkPage(PrepareForm, complete_prepare, "parts/collection/prepare.html")
DISTRIBUTE = WorkPage(DistributeForm, complete_distribute, "parts/collection/distribute.html")
RECAPITULATE = WorkPage(RecapitulateForm, complete_recapitulate, "parts/collection/recapitulate.html")


def prepare_page(item: WorkItem) -> WorkPage:
    """Return the page of a preparing step."""
    return PREPARE if queries.asks(item) else NO_CARDS


def distribute_page(item: WorkItem) -> WorkPage:
    """Return the page of a distributing step."""
    return DISTRIBUTE if queries.asks(item) else NO_CARDS


def collected_page(item: WorkItem) -> WorkPage:
    """Return the page of a step that recapitulates what was collected."""
    return RECAPITULATE if queries.asks(item) else NO_CARDS
