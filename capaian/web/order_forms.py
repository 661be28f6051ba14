"""The nota dinas: filled in beforehand, edited, issued with one tap, for one or several SOPs and periods."""

from typing import Any, ClassVar

from django import forms

from capaian.proceedings import papers
from capaian.proceedings.entries import OrderEntry
from capaian.proceedings.models import Order, Urgency
from capaian.proceedings.queries import joint_orders
from capaian.sop import step_rules
from capaian.sop.models import StepParty, WorkItem
from capaian.web.disposition_forms import ticks, urgency_field
from capaian.web.form_parts import text_field
from capaian.web.paperwork_forms import Choices, PaperworkForm

BODY_ROWS = 9
TOGETHER_HINT = "Langkah yang dicentang ikut selesai; masing-masing proses menerima nota dinas bernomor sendiri."


def name_of(item: WorkItem) -> str:
    """Return SOP and period of an order."""
    return f"{item.run.definition.name}, {item.run.period_value.label}"


class OrderForm(PaperworkForm):
    """The Kepala's order. An untouched form may be sent as it is."""

    must: ClassVar[tuple[str, ...]] = ("recipient", "subject", "body")

    def saved(self, item: WorkItem) -> Order | None:
        """Return the saved order."""
        return Order.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Add the lines of the memo and a tick for every other order that waits."""
        self.others = joint_orders(self.item, self.reach)
        self.fields["recipient"] = text_field("Yth.", 300)
        self.fields["subject"] = text_field("Hal", 300)
        self.fields["body"] = forms.CharField(
            label="Isi", max_length=step_rules.NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": BODY_ROWS})
        )
        self.fields["urgency"] = urgency_field()
        self.fields["copies"] = text_field("Tembusan", 300, required=False)
        if self.others:
            self.fields["together"] = ticks("Sekaligus memerintahkan", self._choices(), TOGETHER_HINT)
        for other in self.others:
            self.fields[f"number_with_{other.pk}"] = forms.CharField(
                label=f"Nomor Nota Dinas {name_of(other)}",
                required=False,
                max_length=120,
                help_text="Hanya dipakai bila dicentang di atas. Kosongkan agar bernomor otomatis.",
            )

    def _choices(self) -> Choices:
        return [(other.public_id, name_of(other)) for other in self.others]

    def first_values(self) -> dict[str, Any]:
        """Return the usual order for this SOP and period."""
        return {
            "recipient": self._receivers(),
            "subject": papers.order_subject([self.item]),
            "body": papers.order_body([self.item]),
            "urgency": Urgency.ORDINARY.value,
        }

    def _receivers(self) -> str:
        keys = [party.role.key for party in self.item.step.parties.all() if party.part == StepParty.Part.RECEIVES]
        roles = {role for key in keys for role in step_rules.ROLES[key]}
        return ", ".join(seat.title for seat in self.seats if roles & seat.roles)

    def values_of(self, row: Order) -> dict[str, Any]:
        """Return the saved order."""
        return {name: getattr(row, name) for name in ("recipient", "subject", "body", "urgency", "copies")}

    @property
    def joined(self) -> list[WorkItem]:
        """The other order items that are to be issued with this one."""
        chosen = self.cleaned_data.get("together", [])
        return [other for other in self.others if other.public_id in chosen]

    @property
    def joined_numbers(self) -> dict[int, str]:
        """The typed numbers of those, by row number."""
        return {other.pk: self.cleaned_data.get(f"number_with_{other.pk}", "") for other in self.joined}

    def entry(self) -> OrderEntry:
        """Return the order; usual words that nobody changed speak of the SOPs that are really ordered."""
        data = self.cleaned_data
        items = [self.item, *self.joined]
        return OrderEntry(
            recipient=data.get("recipient", ""),
            subject=self._usual(data.get("subject", ""), papers.order_subject, items),
            body=self._usual(data.get("body", ""), papers.order_body, items),
            copies=data.get("copies", ""),
            urgency=data.get("urgency") or Urgency.ORDINARY.value,
        )

    def _usual(self, typed: str, make: Any, items: list[WorkItem]) -> str:
        return str(make(items)) if typed.split() == str(make([self.item])).split() else typed
