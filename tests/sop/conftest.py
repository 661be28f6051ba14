"""An agency with the shipped SOPs, and a way to try something and take it back."""

import pytest

from tests.sop.driver import Engine, make_engine


@pytest.fixture
def office(db: None) -> Engine:
    """An agency with people for every role, three units and the shipped SOPs."""
    return make_engine()
