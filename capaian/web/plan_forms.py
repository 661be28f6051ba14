"""The program kerja kegiatan: stages from the SOP's own steps and times, edited; or those of the last plan."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from capaian.agencies.queries import calendar_of
from capaian.proceedings import plan_papers
from capaian.proceedings.entries import StageEntry, WorkPlanEntry
from capaian.proceedings.models import PlanItem, WorkPlan
from capaian.proceedings.queries import last_plan
from capaian.sop import step_rules
from capaian.sop.models import WorkItem
from capaian.sop.published import steps_by_key
from capaian.web.form_parts import day_field
from capaian.web.paperwork_forms import PaperworkForm, Row

BACKGROUND_ROWS = 5


class StageRow(Row):
    """One stage."""

    stage = forms.CharField(
        label="Tahap kegiatan", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )
    starts_on = day_field("Mulai", required=False)
    ends_on = day_field("Selesai", required=False)
    owner = forms.ChoiceField(label="Penanggung jawab", required=False)
    result = forms.CharField(label="Output", required=False, max_length=300, strip=True)


class PlanForm(PaperworkForm):
    """The plan of a step. An untouched form may be sent as it is."""

    must: ClassVar[tuple[str, ...]] = ("background",)
    row_form = StageRow
    rows_heading = "Tahap kegiatan"
    row_word = "Tahap"
    rows_hint = (
        "Terisi dari langkah SOP berikutnya dan waktu bakunya. Ubah seperlunya; kosongkan tahap yang tidak perlu."
    )

    def saved(self, item: WorkItem) -> WorkPlan | None:
        """Return the saved plan."""
        return WorkPlan.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Add background and aims."""
        self.last = last_plan(self.item, self.reach)
        self.fields["background"] = forms.CharField(
            label="Latar dan tujuan",
            max_length=step_rules.NOTE_LIMIT,
            widget=forms.Textarea(attrs={"rows": BACKGROUND_ROWS}),
        )

    @property
    def offer(self) -> str:
        """The words of the button that takes the stages of the last plan over; "" when there is none."""
        return f"Ganti tahap dengan rencana {self.last.item.run.period_value.label}" if self.last else ""

    def first_values(self) -> dict[str, Any]:
        """Return the usual background."""
        return {"background": plan_papers.first_background(self.item)}

    def values_of(self, row: WorkPlan) -> dict[str, Any]:
        """Return the saved background."""
        return {"background": row.background}

    def first_rows(self) -> list[dict[str, Any]]:
        """Return a stage for each later step of the SOP."""
        steps = list(steps_by_key(self.item.run.version).values())
        calendar = calendar_of(self.reach.agency)
        return self._rows(plan_papers.first_stages(self.item, steps, self.seats, calendar, timezone.now()))

    def rows_of(self, row: WorkPlan) -> list[dict[str, Any]]:
        """Return the saved stages."""
        return self._rows(row.stages.order_by("ordinal"))

    def _rows(self, stages: Iterable[StageEntry | PlanItem]) -> list[dict[str, Any]]:
        return [
            {
                "stage": stage.stage,
                "starts_on": stage.starts_on,
                "ends_on": stage.ends_on,
                "owner": self.key_of.get(stage.owner_id or 0, ""),
                "result": stage.result,
            }
            for stage in stages
        ]

    def entry(self) -> WorkPlanEntry:
        """Return the plan; with the last one's stages when their button was pressed."""
        return WorkPlanEntry(background=self.cleaned_data.get("background", ""), stages=self._stages())

    def _stages(self) -> tuple[StageEntry, ...]:
        if self.takes_offer and self.last is not None:
            calendar = calendar_of(self.reach.agency)
            return tuple(plan_papers.taken_over(self.last, self.seats, calendar, timezone.now()))
        return tuple(
            StageEntry(
                stage=values.get("stage", ""),
                starts_on=values.get("starts_on"),
                ends_on=values.get("ends_on"),
                owner_id=self.by_key.get(values.get("owner", "")),
                result=values.get("result", ""),
            )
            for values in self.filled_rows()
        )
