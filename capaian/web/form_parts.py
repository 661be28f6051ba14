"""What forms share: date fields that browsers understand, and reasons shown at the field at fault."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from capaian.journal.reason import Reason, Refused
from capaian.web.form_tokens import new_token

NOT_READ = 422


class PlainForm(forms.Form):
    """A form in our words: what is missing or not in a list is said in one short sentence."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "Wajib diisi."
            if isinstance(field, forms.ChoiceField):
                several = isinstance(field, forms.MultipleChoiceField)
                field.error_messages["required"] = "Pilih paling sedikit satu." if several else "Pilih salah satu."
                field.error_messages["invalid_choice"] = "Pilih dari daftar."


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, however little; nothing when the page is only shown."""
    return request.POST if request.method == "POST" else None


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a date field with the browser's own calendar; 31-12-2026 typed by hand is read too."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        error_messages={"invalid": "Tanggal tidak terbaca. Tulis misalnya 31-12-2026."},
    )


def text_field(label: str, length: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """Return a one-line text field."""
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text)


def show_reasons(form: forms.Form, reasons: Sequence[Reason]) -> None:
    """Put each reason at its field, or above the form when it has none there."""
    for reason in reasons:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))


def attempt(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do something that may be refused; put the reasons at the form's fields. Tell whether it was done."""
    try:
        act()
    except Refused as refused:
        show_reasons(form, refused.reasons)
        return False
    return True


def form_page(
    request: HttpRequest, form: forms.Form, context: Mapping[str, Any], template: str = "pages/agency/form.html"
) -> HttpResponse:
    """Render a page around a form; 422 when what was sent could not be accepted."""
    shown = {"form": form, "form_token": new_token(request), **context}  # type: ignore[arg-type]
    return render(request, template, shown, status=NOT_READ if form.is_bound and form.errors else 200)
