"""Rows that the papers' tests start from: two agencies, each with a person, and a file store of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from capaian.agencies.models import Agency, Person, Region
from capaian.documents.actions import adopt_kinds
from capaian.journal.actor import Actor


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    settings.FILES = folder
    return folder


def make_agency(region: Region, name: str, short_name: str) -> Agency:
    return Agency.objects.create(
        region=region,
        name=name,
        short_name=short_name,
        letterhead_government=f"Pemerintah Kabupaten {region.name}",
        letterhead_address="Jalan Contoh Nomor 1",
        letterhead_contact="Telepon (0742) 00000",
        place="Kuala Tungkal",
    )


def make_actor(agency: Agency, username: str) -> Actor:
    person = Person.objects.create(agency=agency, username=username, name=f"{username.title()}, S.Kom.", is_sample=True)
    return Actor(
        person_id=person.pk,
        person_key=person.public_id,
        name=person.name,
        agency_id=agency.pk,
        agency_key=agency.public_id,
        position_key="jabatan2345678",
        title="Plt. Kepala Dinas",
    )


@pytest.fixture
def agency(db: None) -> Agency:
    region = Region.objects.create(name="Contoh Barat")
    agency = make_agency(region, "Dinas Komunikasi dan Informatika", "DISKOMINFO")
    adopt_kinds(agency=agency)
    return agency


@pytest.fixture
def other_agency(agency: Agency) -> Agency:
    other = make_agency(agency.region, "Dinas Kesehatan", "DINKES")
    adopt_kinds(agency=other)
    return other


@pytest.fixture
def actor(agency: Agency) -> Actor:
    return make_actor(agency, "tim")


@pytest.fixture
def other_actor(other_agency: Agency) -> Actor:
    return make_actor(other_agency, "dokter")
