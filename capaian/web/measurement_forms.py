"""The steps that measure, recapitulate and decide: a generic answer below what it is about."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from capaian.collection.models import Recapitulation
from capaian.collection.queries import recapitulations
from capaian.journal.reason import Reason
from capaian.measurement.measuring import Preview, digest_of_all, preview
from capaian.measurement.models import Worksheet
from capaian.measurement.queries import worksheet_of
from capaian.measurement.recap import LevelRecap, Line, Tally, lines, recap, tally
from capaian.measurement.rules import reasons_not_to_approve
from capaian.web.step_forms import AnswerForm


class MeasureForm(AnswerForm):
    """The step that measures: all results before they are written. Computed only where the page shows them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.digest)

    def digest(self) -> str:
        """Return the digest of what the page shows; empty where it shows no results."""
        rows = [line.row for line in self.preview.lines]
        return digest_of_all(rows) if rows else ""

    def take_newest(self) -> None:
        """After a change of the figures: what is sent next is about what the page shows now."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["seen"] = self.digest()

    @cached_property
    def preview(self) -> Preview:
        """What measuring would give now."""
        return preview(self.reach, self.item.run)

    @property
    def tally(self) -> Tally:
        """How many would reach which category."""
        return tally(line.row for line in self.preview.lines)

    @property
    def year(self) -> int:
        """The year whose methodology counts."""
        return self.item.run.period_value.year


class WorksheetForm(AnswerForm):
    """A step that works on the run's worksheet: the recapitulation by level."""

    @cached_property
    def worksheet(self) -> Worksheet | None:
        """The worksheet in force."""
        return worksheet_of(self.reach, self.item.run)

    @cached_property
    def lines(self) -> list[Line]:
        """Its measurements."""
        return lines(self.worksheet.measurements.all()) if self.worksheet else []

    @property
    def levels(self) -> Sequence[LevelRecap]:
        """Its recapitulation."""
        return recap(self.lines)

    @property
    def tally(self) -> Tally:
        """Its counts."""
        return tally(line.row for line in self.lines)


class DecideForm(WorksheetForm):
    """A decision, below exactly what it is about: the frozen recapitulation of SOP A or the worksheet of SOP B."""

    @cached_property
    def not_to_approve(self) -> list[Reason]:
        """Why "Ya" would be refused."""
        return reasons_not_to_approve(self.reach, self.item.run)

    @cached_property
    def recapitulation(self) -> Recapitulation | None:
        """What was collected, as it was put together last."""
        return recapitulations(self.reach).filter(item__run=self.item.run).first()
