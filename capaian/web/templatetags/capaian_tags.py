"""Small tags that every page may use: icons, local time, period names, form widgets, tones."""

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import forms, template
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from capaian.periods.period import MONTHS, Period

register = template.Library()

ICON_NAME = re.compile(r"[a-z0-9-]+")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
TONES = {constants.SUCCESS: "success", constants.WARNING: "warning", constants.ERROR: "danger"}
TONE_ICONS = {
    "success": "check-circle",
    "info": "info-circle",
    "warning": "exclamation-triangle",
    "danger": "exclamation-octagon",
    "neutral": "dash-circle",
}
STATUS_ICONS = {
    "success": "check-lg",
    "info": "hourglass-split",
    "warning": "record-circle",
    "danger": "exclamation-triangle-fill",
}


@lru_cache(maxsize=256)
def icon_paths(name: str) -> str:
    """Return the inner drawing of a bootstrap icon; LookupError when there is none of that name."""
    file = settings.NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
    if not ICON_NAME.fullmatch(name) or not file.is_file():
        message = f"no icon {name!r}"
        raise LookupError(message)
    drawing = file.read_text(encoding="utf-8")
    return str(drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].strip())


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw an icon in the colour of the text around it, hidden from screen readers."""
    return format_html(
        '<svg class="{}" viewBox="0 0 16 16" width="16" height="16" fill="currentColor"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        f"glyph {extra}".strip(),
        mark_safe(icon_paths(name)),  # noqa: S308  (a file of a pinned package)
    )


def in_zone(at: datetime, zone: str) -> datetime:
    """Return `at` in `zone`, else in the active zone when it is Indonesian, else in WIB."""
    active = timezone.get_current_timezone_name()
    name = zone if zone in ZONES else active if active in ZONES else "Asia/Jakarta"
    return at.astimezone(ZoneInfo(name))


@register.filter
def local_time(at: datetime | None, zone: str = "") -> str:
    """22 November 2026 pukul 14.05 WIB."""
    if at is None:
        return ""
    local = in_zone(at, zone)
    label = ZONES[str(local.tzinfo)]
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {label}"


@register.filter
def local_time_short(at: datetime | None, zone: str = "") -> str:
    """22 Nov 2026 14.05 WIB."""
    if at is None:
        return ""
    local = in_zone(at, zone)
    return f"{local.day} {MONTHS[local.month - 1][:3]} {local.year} {local:%H.%M} {ZONES[str(local.tzinfo)]}"


@register.filter
def local_iso(at: datetime | None, zone: str = "") -> str:
    """The machine-readable form for <time datetime>."""
    return "" if at is None else in_zone(at, zone).isoformat(timespec="minutes")


@register.filter
def long_date(day: date | None) -> str:
    """Minggu, 22 November 2026."""
    return "" if day is None else f"{WEEKDAYS[day.weekday()]}, {plain_date(day)}"


@register.filter
def plain_date(day: date | None) -> str:
    """22 November 2026."""
    return "" if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@register.filter
def period_label(period: Period | str) -> str:
    """Maret 2026, from a period or its code."""
    return (period if isinstance(period, Period) else Period.parse(period)).label


@register.filter
def sentence_case(text: str) -> str:
    """First letter upper, the rest untouched."""
    return text[:1].upper() + text[1:]


@register.filter
def message_tone(message: Message) -> str:
    """The tone of a Django message."""
    return TONES.get(message.level, "info")


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that goes with a tone, so that colour never speaks alone."""
    return TONE_ICONS.get(tone, "info-circle")


@register.filter
def status_icon(tone: str) -> str:
    """The icon of a line below a step."""
    return STATUS_ICONS.get(tone, "dot")


@register.filter
def file_size(size: int) -> str:
    """812 B, 14 kB, 2,3 MB."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{(size + 500) // 1000} kB"
    tenths = (size + 50_000) // 100_000
    return f"{tenths // 10},{tenths % 10} MB"


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a field is laid out: hidden, checkbox, choices, file or plain."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "plain"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Render a field's widget with the class of its kind; the field itself names its help and its errors."""
    widget = field.field.widget
    name = "form-control"
    if isinstance(widget, forms.Select):
        name = "form-select"
    elif isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        name = "form-check-input"
    classes = [widget.attrs.get("class", ""), name, "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})
