"""What is done to people and their accounts."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from capaian.agencies.administration import administered, note
from capaian.agencies.entries import PersonEntry
from capaian.agencies.models import Agency, Appointment, Person, ResetCode
from capaian.agencies.people_rules import (
    WRONG_CODE,
    WRONG_PASSWORD,
    reasons_about_person,
    reasons_not_to_deactivate,
    reasons_not_to_issue_code,
    reasons_not_to_remove_sample,
    reasons_not_to_take_password,
)
from capaian.agencies.queries import today
from capaian.agencies.sign_in import find_person
from capaian.journal.actor import Actor
from capaian.journal.reason import Conflict, Reason, Refused, refuse_if
from capaian.journal.verbs import Verb

# no 0/O, 1/I/L: people read codes aloud and copy them from paper
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
CODE_LIFE = timedelta(hours=24)
CODE_TRIES = 5


def new_code() -> str:
    """Return a one-time code of ten signs in two groups: K7M4Q-X2P9H."""
    signs = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def code_signs(typed: str) -> str:
    """Return the signs of a typed code: without gaps and hyphens, in capitals."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def put_code(person: Person, hashed: str, by: Actor) -> None:
    """Store a code's hash, end earlier codes and journal it; inside the caller's transaction."""
    at = timezone.now()
    person.reset_codes.filter(used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    person.reset_codes.create(
        code_hash=hashed, issued_at=at, issued_by_id=by.person_id or None, expires_at=at + CODE_LIFE
    )
    note(person.agency, by, Verb.ISSUED_RESET_CODE, person, {"until": (at + CODE_LIFE).isoformat()})


@contextmanager
def _unique_account() -> Iterator[None]:
    """Turn a user name or NIP that somebody took in the same second into a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as taken:
        text = "Nama pengguna atau NIP itu baru saja dipakai akun lain."
        raise Conflict([Reason("account_taken", text, "Periksa lalu kirim kembali.", "username")]) from taken


def create_person(
    *, agency: Agency, entry: PersonEntry, by: Actor, password_hash: str = "", is_sample: bool = False
) -> tuple[Person, str]:
    """Add a person with an account; return the row and the one-time code for the first log-in.

    With `password_hash` (sample people) the account is usable at once and there is no code ("").
    Raises Refused, Conflict.
    """
    code = "" if password_hash else new_code()
    # a hash takes a fifth of a second: never while the database is locked
    hashed = make_password(code_signs(code)) if code else ""
    with transaction.atomic():
        agency = administered(agency, by)
        refuse_if(reasons_about_person(entry))
        person = add_person(agency, entry, password_hash=password_hash, is_sample=is_sample)
        if code:
            put_code(person, hashed, by)
        note(agency, by, Verb.CREATED_PERSON, person, {"username": entry.username, "name": entry.name})
    return person, code


def add_person(agency: Agency, entry: PersonEntry, *, password_hash: str, is_sample: bool) -> Person:
    """Write a person's row; rules and journal are the caller's."""
    person = Person(agency=agency, is_sample=is_sample, nip=entry.nip or None)
    person.username, person.name, person.rank, person.email = entry.username, entry.name, entry.rank, entry.email
    if password_hash:
        person.password = password_hash
    else:
        person.set_unusable_password()
    with _unique_account():
        person.save(force_insert=True)
    return person


def change_person(*, person: Person, entry: PersonEntry, by: Actor) -> Person:
    """Change a person's data. Raises Refused, Conflict."""
    with transaction.atomic():
        agency = administered(person.agency, by)
        refuse_if(reasons_about_person(entry, other_than=person))
        person = Person.objects.get(pk=person.pk)
        before = PersonEntry.of(person)
        person.username, person.name, person.nip = entry.username, entry.name, entry.nip or None
        person.rank, person.email = entry.rank, entry.email
        with _unique_account():
            person.save(update_fields=["username", "name", "nip", "rank", "email"])
        changed = [name for name in PersonEntry.__dataclass_fields__ if getattr(before, name) != getattr(entry, name)]
        note(agency, by, Verb.CHANGED_PERSON, person, {"fields": changed})
    return person


def deactivate_person(*, person: Person, by: Actor, release_nip: bool = False) -> Person:
    """Close an account at once: appointments end, sessions end, nobody can log in; nothing is deleted.

    `release_nip` frees the NIP for the agency to which the person moves; the journal keeps it.
    """
    with transaction.atomic():
        agency = administered(person.agency, by)
        person = Person.objects.get(pk=person.pk)
        refuse_if(reasons_not_to_deactivate(person, today(agency)))
        nip = person.nip or ""
        close_account(person)
        if release_nip:
            person.nip = None
            person.save(update_fields=["nip"])
        note(agency, by, Verb.DEACTIVATED_PERSON, person, {"released_nip": nip if release_nip else ""})
    return person


def close_account(person: Person) -> None:
    """Make an account unusable and end its appointments today; those still to come fall away."""
    on = today(person.agency)
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    Appointment.objects.filter(person=person, valid_from__gt=on).delete()
    running = Appointment.objects.filter(person=person)
    running.filter(valid_to__isnull=True).update(valid_to=on)
    running.filter(valid_to__gt=on).update(valid_to=on)
    person.reset_codes.filter(used_at__isnull=True).update(expires_at=timezone.now())
    end_sessions(person)


def end_sessions(person: Person, keep: str = "") -> None:
    """End a person's sessions, all but the one whose key is `keep`."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=keep):
        session.end()


def issue_reset_code(*, person: Person, by: Actor) -> str:
    """Issue a one-time code (24 hours, five tries) and return it: the only time that it can be read."""
    code = new_code()
    hashed = make_password(code_signs(code))
    with transaction.atomic():
        administered(person.agency, by)
        person = Person.objects.get(pk=person.pk)
        refuse_if(reasons_not_to_issue_code(person))
        put_code(person, hashed, by)
    return code


def set_password_with_code(*, login: str, code: str, new_password: str) -> Person:
    """Set a password with a one-time code; all sessions of the person end. Needs no actor: it is the person.

    Unknown person, wrong and spent code are refused with the same words after the same time.
    """
    person = find_person(login)
    found = _live_code(person) if person is not None and person.is_active else None
    matches = check_password(code_signs(code), found.code_hash if found else make_password(None))
    if person is None or found is None or not matches:
        raise Refused([WRONG_CODE])
    if reasons := reasons_not_to_take_password(person, new_password):
        # the code was right: a weak password costs no try
        ResetCode.objects.filter(pk=found.pk).update(failed_tries=F("failed_tries") - 1)
        raise Refused(reasons)
    hashed = make_password(new_password)
    with transaction.atomic():
        used = ResetCode.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=timezone.now())
        if used != 1:
            raise Refused([WRONG_CODE])
        person.password = hashed
        person.save(update_fields=["password"])
        end_sessions(person)
        note(person.agency, _self(person), Verb.SET_PASSWORD, person)
    return person


def _live_code(person: Person) -> ResetCode | None:
    """Return the code that still holds and spend one of its tries, before anything is compared."""
    found = person.reset_codes.filter(used_at__isnull=True, expires_at__gt=timezone.now()).order_by("-pk").first()
    if found is None:
        return None
    tried = ResetCode.objects.filter(pk=found.pk, failed_tries__lt=CODE_TRIES)
    return found if tried.update(failed_tries=F("failed_tries") + 1) == 1 else None


def _self(person: Person) -> Actor:
    """Return a person acting on the own account, which needs no position."""
    return Actor(
        person_id=person.pk,
        person_key=person.public_id,
        name=person.name,
        agency_id=person.agency_id,
        agency_key=person.agency.public_id,
    )


def change_password(*, person: Person, old_password: str, new_password: str, by: Actor, keep_session: str = "") -> None:
    """Change the own password; sessions other than `keep_session` end. Raises Refused."""
    if by.person_id != person.pk or not check_password(old_password, person.password):
        raise Refused([WRONG_PASSWORD])
    refuse_if(reasons_not_to_take_password(person, new_password))
    hashed = make_password(new_password)
    with transaction.atomic():
        person.password = hashed
        person.save(update_fields=["password"])
        end_sessions(person, keep=keep_session)
        note(person.agency, by, Verb.CHANGED_PASSWORD, person)


def remove_sample_people(*, by: Actor) -> int:
    """Close every sample account of the installation at once and return how many; one transaction an agency."""
    refuse_if(reasons_not_to_remove_sample())
    removed = 0
    for agency in Agency.objects.filter(people__is_sample=True, people__is_active=True).distinct():
        with transaction.atomic():
            people = list(Person.objects.filter(agency=agency, is_sample=True, is_active=True).select_related("agency"))
            for person in people:
                close_account(person)
            note(agency, by, Verb.REMOVED_SAMPLE, agency, {"people": [person.public_id for person in people]})
        removed += len(people)
    return removed
