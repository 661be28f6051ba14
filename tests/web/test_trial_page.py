"""Coba hitung: the standard's own cases by typing them, every reading refused by a sentence at its field."""

import pytest
from django.test import Client

from tests.proceedings.conftest import client_of
from tests.sop.driver import make_engine
from tests.web.looks import text

BASE = {"polarity": "maximize", "consolidation": "sum", "cap": "120", "scale": "permendagri"}
QUARTERS = {f"target_{place}": "25" for place in (1, 2, 3, 4)}


@pytest.fixture
def team(db: None) -> Client:
    return client_of(make_engine(), "team")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (QUARTERS | {"actual_1": "20", "actual_2": "30", "target_3": "", "target_4": ""}, "100,00%"),
        ({"consolidation": "last", "target_1": "400", "actual_1": "363,98"}, "91,00%"),
        ({"polarity": "minimize", "target_1": "10", "actual_1": "30"}, "Ditampilkan 0,00"),
        ({"polarity": "minimize", "target_1": "88,82", "actual_1": "135,15"}, "47,84%"),
        ({"polarity": "minimize_ratio", "target_1": "88,82", "actual_1": "135,15"}, "65,72%"),
        ({"polarity": "range_max", "target_1": "80–90", "actual_1": "92"}, "102,22%"),
        ({"polarity": "predicate", "target_1": "BB", "actual_1": "b"}, "80,00%"),
        ({"polarity": "stabilize", "tolerance": "5", "target_1": "100", "actual_1": "96"}, "dalam toleransi"),
        ({"target_1": "100", "actual_1": ""}, "Belum ada realisasi."),
        ({"target_1": "5", "target_2": "5", "target_3": "5", "actual_1": "4", "actual_3": "5"}, "Sementara"),
        ({"polarity": "minimize", "target_1": "5", "target_2": "5", "actual_1": "4"}, "Data belum lengkap."),
        ({"cap": "none", "target_1": "75", "actual_1": "120"}, "160,00%"),
    ],
)
def test_the_result_is_worked_out(team: Client, given: dict[str, str], said: str) -> None:
    answer = team.get("/kinerja/coba-hitung/", BASE | given)
    assert answer.status_code == 200
    assert said in text(answer)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("actual_1", "1.234"),
        ("target_1", "delapan"),
        ("tolerance", "banyak"),
        ("tolerance", "-5"),
        ("target_1", "9" * 30),
    ],
)
def test_what_cannot_be_read_is_asked_back_and_kept(team: Client, field: str, typed: str) -> None:
    answer = team.get("/kinerja/coba-hitung/", BASE | {field: typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in text(answer)


def test_nothing_typed_computes_nothing(team: Client) -> None:
    assert "Isi sedikitnya satu target" in text(team.get("/kinerja/coba-hitung/"))
    assert team.get("/kinerja/coba-hitung/", BASE).status_code == 200
    assert team.get("/kinerja/coba-hitung/", {"polarity": "lain"}).status_code == 422
