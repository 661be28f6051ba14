"""Two agencies from the start."""

import pytest

from tests.factories import World, make_agency


@pytest.fixture
def alfa(db: None) -> World:
    """The agency under test."""
    return make_agency("Alfa")


@pytest.fixture
def beta(alfa: World) -> World:
    """Another agency of another region, in another time zone."""
    return make_agency("Beta", region="Lain", time_zone="Asia/Jayapura")
