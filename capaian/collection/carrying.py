"""Carries reminders out of the product: e-mail, and a gateway to WhatsApp, Telegram or SMS where one is set up.

A failure is logged and told to the caller, never raised: a reminder is no reason for work to stop.
"""

import importlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail

from capaian.agencies.models import Person
from capaian.collection.models import Reminder
from capaian.periods.reminding import days_text
from capaian.sop.papers import long_date

log = logging.getLogger(__name__)
NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
#: Sends subject and text; True when they went out.
Way = Callable[[str, str], bool]


@dataclass(frozen=True)
class Line:
    """A reminder with the working days that are left today; None without a deadline."""

    reminder: Reminder
    left: int | None

    @property
    def text(self) -> str:
        """The form, its deadline and its address, in one sentence."""
        item, due = self.reminder.item, self.reminder.due_on
        unit = item.unit.name if item.unit else ""
        until = f", batas {long_date(due)} ({days_text(self.left or 0)})" if due else ""
        by = f" Diingatkan oleh {self.reminder.sent_by.name}." if self.reminder.sent_by else ""
        place = f"\n  {settings.CAPAIAN_ADDRESS}/langkah/{item.public_id}/" if settings.CAPAIAN_ADDRESS else ""
        return f"- {unit}, {item.run.definition.name}, {item.run.period_value.label}{until}.{by}{place}"


def is_set_up() -> bool:
    """Tell whether anything can leave this installation."""
    return has_mail() or has_gateway()


def has_mail() -> bool:
    """Tell whether e-mail is set up."""
    return bool(settings.EMAIL_BACKEND != NOWHERE)


def has_gateway() -> bool:
    """Tell whether a gateway is set up."""
    return bool(settings.CAPAIAN_GATEWAY)


def ways_to(person: Person, number: str) -> list[Way]:
    """Return how a person can be reached: own e-mail address, own number on the gateway."""
    ways: list[Way] = []
    if has_mail() and person.email:
        ways.append(lambda subject, text: _mail(person.email, subject, text))
    if has_gateway() and number:
        ways.append(lambda subject, text: _through_gateway(number, subject, text))
    return ways


def subject_of(lines: Sequence[Line]) -> str:
    """Return the subject of a digest."""
    if len(lines) > 1:
        return f"Pengingat: {len(lines)} formulir belum disampaikan"
    item = lines[0].reminder.item
    return f"Pengingat: formulir {item.unit.name if item.unit else ''} {item.run.period_value.label} belum disampaikan"


def text_of(person: Person, lines: Sequence[Line]) -> str:
    """Return the text of a digest."""
    listed = "\n".join(line.text for line in lines)
    return (
        f"Yth. {person.name},\n\nFormulir berikut belum disampaikan:\n\n{listed}\n\n"
        "Isi dan sampaikan melalui Capaian. Bila datanya memang belum ada, tulis sebabnya pada Hambatan.\n\n"
        "Pesan ini dikirim oleh Capaian. Untuk berhenti menerimanya: Akun saya, Pengingat.\n"
    )


def send(person: Person, lines: Sequence[Line], ways: Sequence[Way]) -> bool:
    """Send one digest by every way; True when at least one took it."""
    subject, text = subject_of(lines), text_of(person, lines)
    taken = [way(subject, text) for way in ways]  # every way, also after the first that took it
    return any(taken)


def _mail(address: str, subject: str, text: str) -> bool:
    try:
        return send_mail(subject, text, None, [address]) > 0
    except Exception:
        log.exception("a reminder could not be mailed; it is tried again")
        return False


def _through_gateway(number: str, subject: str, text: str) -> bool:
    """Hand a message to the gateway: an address of the `apprise` library with {nomor} in the receiver's place."""
    try:
        apprise = importlib.import_module("apprise")
        gateway = apprise.Apprise()
        gateway.add(settings.CAPAIAN_GATEWAY.replace("{nomor}", number))
        return bool(gateway.notify(title=subject, body=text))
    except Exception:
        log.exception("a reminder could not be handed to the gateway; it is tried again")
        return False
