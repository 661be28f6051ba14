"""Accounts: data, one-time codes, passwords, closing, sample people."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from capaian.agencies import actions
from capaian.agencies.entries import AgencyEntry, PersonEntry, RegionEntry
from capaian.agencies.models import Appointment, Person, ResetCode
from capaian.agencies.people_actions import CODE_ALPHABET, code_signs
from capaian.agencies.people_rules import reasons_not_to_remove_sample
from capaian.agencies.queries import sample_accounts, today
from capaian.agencies.sign_in import NameOrNipBackend, find_person
from capaian.journal.models import Entry
from capaian.journal.queries import breaks
from capaian.sample.people import SAMPLE_PASSWORD, load_people
from tests.agencies.refusals import codes
from tests.factories import PASSWORD, World

NEW = "sungai batang hari"
NIP = "198501012010011001"


def add(world: World, **data: str) -> tuple[Person, str]:
    entry = PersonEntry(**({"username": "siti.aminah", "name": "Siti Aminah, S.Kom."} | data))
    return actions.create_person(agency=world.agency, entry=entry, by=world.admin)


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        ({"name": ""}, ["person_name_empty"]),
        ({"username": "Siti"}, ["username_shape"]),
        ({"username": "ab"}, ["username_shape"]),
        ({"username": "siti aminah"}, ["username_shape"]),
        ({"username": "1siti"}, ["username_shape"]),
        ({"username": "head.alfa"}, ["username_taken"]),
        ({"username": "head.beta"}, ["username_taken"]),
        ({"nip": "19850101201001100"}, ["nip_shape"]),
        ({"nip": "19850101201001100X"}, ["nip_shape"]),
        ({"email": "siti"}, ["email_shape"]),
    ],
)
def test_a_persons_data_are_refused(alfa: World, beta: World, data: dict[str, str], refused: list[str]) -> None:
    assert codes(lambda: add(alfa, **data)) == refused


def test_a_nip_is_registered_once_and_freed_for_the_new_agency(alfa: World, beta: World) -> None:
    person, _ = add(alfa, nip=NIP)
    assert codes(lambda: add(beta, username="siti.baru", nip=NIP)) == ["nip_taken"]
    actions.deactivate_person(person=person, by=alfa.admin, release_nip=True)
    moved, _ = add(beta, username="siti.baru", nip=NIP)
    assert find_person(NIP) == moved
    entry = Entry.objects.filter(verb="deactivated_person").latest("pk")
    assert entry.payload["released_nip"] == NIP


def test_changing_a_person_keeps_the_own_names(alfa: World) -> None:
    person, _ = add(alfa, nip=NIP)
    entry = PersonEntry("siti.aminah", "Siti Aminah, M.Kom.", NIP, "Penata (III/c)")
    changed = actions.change_person(person=person, entry=entry, by=alfa.admin)
    assert (changed.name, changed.rank, changed.nip) == ("Siti Aminah, M.Kom.", "Penata (III/c)", NIP)
    latest = Entry.objects.filter(verb="changed_person").latest("pk")
    assert latest.payload["fields"] == ["name", "rank"]


def test_a_code_sets_a_password_once(alfa: World) -> None:
    person, code = add(alfa, nip=NIP)
    assert not person.has_usable_password()
    assert len(code_signs(code)) == 10
    assert set(code_signs(code)) <= set(CODE_ALPHABET)
    assert not ResetCode.objects.filter(code_hash__contains=code_signs(code)).exists()
    typed = f"  {code.lower().replace('-', ' ')} "  # as people type it
    actions.set_password_with_code(login=NIP, code=typed, new_password=NEW)
    assert NameOrNipBackend().authenticate(None, username="SITI.aminah", password=NEW) == person
    assert codes(lambda: actions.set_password_with_code(login=NIP, code=code, new_password=NEW)) == ["wrong_code"]
    assert list(breaks(alfa.agency.public_id)) == []


def test_a_code_lives_24_hours(alfa: World) -> None:
    start = datetime(2026, 6, 1, 3, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        _, code = add(alfa)
    with time_machine.travel(start + timedelta(hours=24), tick=False):
        assert codes(lambda: actions.set_password_with_code(login="siti.aminah", code=code, new_password=NEW)) == [
            "wrong_code"
        ]
    with time_machine.travel(start + timedelta(hours=24, seconds=-1), tick=False):
        actions.set_password_with_code(login="siti.aminah", code=code, new_password=NEW)


def test_a_code_bears_five_tries(alfa: World) -> None:
    _, code = add(alfa)
    wrong = "22222-22222"
    for _ in range(4):
        assert codes(lambda: actions.set_password_with_code(login="siti.aminah", code=wrong, new_password=NEW)) == [
            "wrong_code"
        ]
    # a weak password with the right code costs no try
    for _ in range(3):
        assert codes(lambda: actions.set_password_with_code(login="siti.aminah", code=code, new_password="pendek")) == [
            "password_too_short"
        ]
    assert ResetCode.objects.get().failed_tries == 4
    actions.set_password_with_code(login="siti.aminah", code=code, new_password=NEW)


def test_after_five_wrong_tries_the_right_code_is_dead(alfa: World) -> None:
    person, code = add(alfa)
    for _ in range(5):
        assert codes(
            lambda: actions.set_password_with_code(login="siti.aminah", code="22222-22222", new_password=NEW)
        ) == ["wrong_code"]
    assert codes(lambda: actions.set_password_with_code(login="siti.aminah", code=code, new_password=NEW)) == [
        "wrong_code"
    ]
    fresh = actions.issue_reset_code(person=person, by=alfa.admin)
    actions.set_password_with_code(login="siti.aminah", code=fresh, new_password=NEW)


def test_a_new_code_ends_the_old_one(alfa: World) -> None:
    person, old = add(alfa)
    new = actions.issue_reset_code(person=person, by=alfa.admin)
    assert codes(lambda: actions.set_password_with_code(login="siti.aminah", code=old, new_password=NEW)) == [
        "wrong_code"
    ]
    actions.set_password_with_code(login="siti.aminah", code=new, new_password=NEW)


def test_unknown_people_and_wrong_codes_are_refused_alike(alfa: World) -> None:
    add(alfa)
    known = codes(lambda: actions.set_password_with_code(login="siti.aminah", code="X", new_password=NEW))
    unknown = codes(lambda: actions.set_password_with_code(login="tidak.ada", code="X", new_password=NEW))
    assert known == unknown == ["wrong_code"]


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("sembilan9", ["password_too_short"]),
        ("73519042618", ["password_entirely_numeric"]),
        ("password123", ["password_too_common"]),
        ("siti.aminah1", ["password_too_similar"]),
    ],
)
def test_weak_passwords(alfa: World, password: str, refused: list[str]) -> None:
    _, code = add(alfa)
    assert (
        codes(lambda: actions.set_password_with_code(login="siti.aminah", code=code, new_password=password)) == refused
    )


def test_changing_the_password_needs_the_old_one(alfa: World) -> None:
    person = alfa.people["ikp"]

    def change(old: str, new: str, who: str = "ikp") -> None:
        actions.change_password(person=person, old_password=old, new_password=new, by=alfa.actor(who))

    assert codes(lambda: change("salah", NEW)) == ["wrong_password"]
    assert codes(lambda: change(PASSWORD, NEW, who="head")) == ["wrong_password"]
    assert codes(lambda: change(PASSWORD, "pendek")) == ["password_too_short"]
    change(PASSWORD, NEW)
    assert Person.objects.get(pk=person.pk).check_password(NEW)


def test_a_closed_account_is_closed_at_once(alfa: World) -> None:
    person, on = alfa.people["ikp"], today(alfa.agency)
    alfa.appoint("ikp", alfa.positions["team"], valid_from=on + timedelta(days=9))
    code = actions.issue_reset_code(person=person, by=alfa.admin)
    assert NameOrNipBackend().authenticate(None, username="ikp.alfa", password=PASSWORD) == person
    actions.deactivate_person(person=person, by=alfa.admin)
    assert NameOrNipBackend().authenticate(None, username="ikp.alfa", password=PASSWORD) is None
    assert NameOrNipBackend().get_user(person.pk) is None
    assert list(person.appointments.values_list("valid_to", flat=True)) == [on]
    assert codes(lambda: actions.set_password_with_code(login="ikp.alfa", code=code, new_password=NEW)) == [
        "wrong_code"
    ]
    assert codes(lambda: actions.deactivate_person(person=person, by=alfa.admin)) == ["person_inactive"]
    assert codes(lambda: actions.issue_reset_code(person=person, by=alfa.admin)) == ["person_inactive"]


def test_a_first_agency_starts_without_anybody(db: None) -> None:
    agency, person, code = actions.start_agency(
        region=RegionEntry("Sungai Uji"),
        entry=AgencyEntry("Dinas Uji", "DINUJI"),
        admin=PersonEntry("admin.uji", "Admin Uji"),
        by=actions.founding_actor(),
    )
    actions.set_password_with_code(login="admin.uji", code=code, new_password=NEW)
    assert person.appointments.get().position.title == "Admin DINUJI"
    assert sorted(agency.positions.values_list("title", flat=True)) == ["Admin DINUJI", "Kepala Dinas Uji", "Tim SAKIP"]
    assert list(breaks(agency.public_id)) == []
    rescue = actions.issue_reset_code(person=person, by=actions.founding_actor())
    actions.set_password_with_code(login="admin.uji", code=rescue, new_password="kuala tungkal raya")


def test_starting_an_agency_is_refused(alfa: World) -> None:
    def start(region: RegionEntry, entry: AgencyEntry, admin: str = "admin.baru") -> None:
        actions.start_agency(region=region, entry=entry, admin=PersonEntry(admin, "Admin"), by=alfa.admin)

    new = RegionEntry("Baru")
    assert codes(lambda: start(RegionEntry(""), AgencyEntry("Dinas", "D"))) == ["region_empty"]
    assert codes(lambda: start(RegionEntry("UJI"), AgencyEntry("Dinas", "D"))) == ["region_taken"]
    assert codes(lambda: start(new, AgencyEntry("", "D"))) == ["agency_name_empty"]
    assert codes(lambda: start(new, AgencyEntry("Dinas", "D", time_zone="UTC"))) == ["time_zone_unknown"]
    assert codes(lambda: start(new, AgencyEntry("Dinas", "D", main_urusan="16"))) == ["urusan_shape"]
    assert codes(lambda: start(new, AgencyEntry("Dinas", "D"), "admin.alfa")) == ["username_taken"]
    patterns = {"{urut}/{tahun}": "pattern_incomplete", "{urut": "pattern_braces", "{kode}{x}": "pattern_unknown"}
    patterns |= {"{kode.urut}/{urut}/{tahun}": "pattern_unknown", "{kode!r}{urut}{tahun}": "pattern_unknown"}
    for pattern, code in patterns.items():
        assert codes(lambda typed=pattern: start(new, AgencyEntry("Dinas", "D", number_pattern=typed))) == [code]  # type: ignore[misc]
    start(new, AgencyEntry("Dinas", "D"))


def test_sample_people_go_in_one_action_but_only_when_somebody_real_can_log_in(db: None) -> None:
    agency = load_people(actions.founding_actor())
    assert len(sample_accounts()) == 17
    assert NameOrNipBackend().authenticate(None, username="kepala", password=SAMPLE_PASSWORD)
    own, person, code = actions.start_agency(
        region=agency.region,
        entry=AgencyEntry("Dinas Uji", "DINUJI"),
        admin=PersonEntry("admin.uji", "Admin Uji"),
        by=actions.founding_actor(),
    )
    by = actions.founding_actor()
    assert codes(lambda: actions.remove_sample_people(by=by)) == ["only_sample_admins"]
    actions.set_password_with_code(login="admin.uji", code=code, new_password=NEW)
    assert actions.remove_sample_people(by=by) == 17
    assert sample_accounts() == []
    assert NameOrNipBackend().authenticate(None, username="kepala", password=SAMPLE_PASSWORD) is None
    assert not Appointment.objects.filter(agency=agency, valid_to__isnull=True).exists()
    assert [reason.code for reason in reasons_not_to_remove_sample()] == ["no_sample"]
    assert Entry.objects.filter(verb="removed_sample", chain__key=agency.public_id).count() == 1
    assert person.is_active
    assert list(breaks(agency.public_id)) == []
    assert own.people.count() == 1
