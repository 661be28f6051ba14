"""The nota dinas: filled in beforehand, edited, issued with one tap, for one SOP or both."""

from typing import Any, ClassVar

from django import forms

from capaian.proceedings import papers
from capaian.proceedings.entries import OrderEntry
from capaian.proceedings.models import Order, Urgency
from capaian.proceedings.queries import joint_order
from capaian.sop import step_rules
from capaian.sop.models import StepParty, WorkItem
from capaian.web.disposition_forms import urgency_field
from capaian.web.form_parts import text_field
from capaian.web.paperwork_forms import PaperworkForm

BODY_ROWS = 9


class OrderForm(PaperworkForm):
    """The Kepala's order. An untouched form may be sent as it is."""

    must: ClassVar[tuple[str, ...]] = ("recipient", "subject", "body")

    def saved(self, item: WorkItem) -> Order | None:
        """Return the saved order."""
        return Order.objects.filter(item=item).first()

    def add_fields(self) -> None:
        """Add the lines of the memo and, while the other SOP waits for its order too, the tick that joins them."""
        self.other = joint_order(self.item, self.reach)
        self.fields["recipient"] = text_field("Yth.", 300)
        self.fields["subject"] = text_field("Hal", 300)
        self.fields["body"] = forms.CharField(
            label="Isi", max_length=step_rules.NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": BODY_ROWS})
        )
        self.fields["urgency"] = urgency_field()
        self.fields["copies"] = text_field("Tembusan", 300, required=False)
        if self.other is not None:
            self.fields["together"] = forms.BooleanField(
                label=f"Sekaligus memerintahkan {self.other.run.definition.name} periode yang sama",
                required=False,
                help_text="Kedua langkah selesai bersama; masing-masing proses menerima nota dinas bernomor sendiri.",
            )
            self.fields["number_together"] = forms.CharField(
                label=f"Nomor Nota Dinas {self.other.run.definition.name}",
                required=False,
                max_length=120,
                help_text="Hanya dipakai bila kedua SOP diperintahkan sekaligus. Kosongkan agar bernomor otomatis.",
            )

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
    def joined(self) -> WorkItem | None:
        """The other SOP's order item, when it is to be issued together."""
        return self.other if self.cleaned_data.get("together") else None

    def entry(self) -> OrderEntry:
        """Return the order; usual words that nobody changed speak of the SOPs that are really ordered."""
        data = self.cleaned_data
        items = [self.item, *([self.joined] if self.joined else [])]
        return OrderEntry(
            recipient=data.get("recipient", ""),
            subject=self._usual(data.get("subject", ""), papers.order_subject, items),
            body=self._usual(data.get("body", ""), papers.order_body, items),
            copies=data.get("copies", ""),
            urgency=data.get("urgency") or Urgency.ORDINARY.value,
        )

    def _usual(self, typed: str, make: Any, items: list[WorkItem]) -> str:
        return str(make(items)) if typed.split() == str(make([self.item])).split() else typed
