"""Every address × method × role × whose thing: the answer is what the access table says, and tells of nobody else."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from capaian.agencies import actions as agency_actions
from capaian.agencies.models import RoleKey
from capaian.collection import queries as collection
from capaian.site.urls import urlpatterns as own_patterns
from capaian.web import (
    agency_pages,
    board_pages,
    collection_pages,
    document_pages,
    people_pages,
    run_pages,
    sop_pages,
    step_pages,
)
from capaian.web.access import ACCESS, Relation
from tests.web.matrix import Cell, Matrix, cells
from tests.web.offices import Office, form_token
from tests.web.posts import FORMS, MAY_ACT, address, addresses, filled, names_a_thing, thing_of
from tests.web.rows import all_rows, changes, every_field_name

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WHOLE = os.environ.get("CAPAIAN_PROOF") == "1"


@pytest.fixture
def _django_db_helper(offices: object, inside_the_module: None) -> None:
    """Stand in for pytest-django's own: each test runs inside the module's transaction."""


@pytest.fixture
def matrix(offices: dict[str, Office]) -> Matrix:
    return Matrix(offices)


def unlisted() -> list[str]:
    """Return the addresses without a line in the table, and the lines without an address."""
    names = [name for name, _ in addresses()]
    return sorted(set(names) ^ set(ACCESS))


def test_every_address_is_in_the_table_and_the_reverse() -> None:
    assert unlisted() == []
    names = [name for name, _ in addresses()]
    assert len(names) == len(set(names)), "a name stands twice"
    unsaid = [name for name, route in addresses() if names_a_thing(route) and ACCESS[name].relation == Relation.NONE]
    assert unsaid == [], "the address names a thing, the table does not say whose"
    assert {name for name in FORMS if "POST" not in ACCESS[name].methods} == set()


def test_the_whole_matrix_answers_as_the_table_says(matrix: Matrix, told: Callable[[str], None]) -> None:
    begun = time.monotonic()
    faults = matrix.faults(cells(whole=WHOLE))
    told(f"{len(ACCESS)} addresses, {matrix.requests} requests, {time.monotonic() - begun:.0f} s")
    assert faults == [], "\n".join(faults)


class Planted:
    """A URLconf with an address that nobody put into the table."""

    urlpatterns = [*own_patterns, path("tersembunyi/", lambda request: HttpResponse("terbuka"), name="planted")]


def test_control_an_address_outside_the_table_is_found() -> None:
    with override_settings(ROOT_URLCONF=Planted):
        assert unlisted() == ["planted"]
        with pytest.raises(ImproperlyConfigured, match="planted"):
            Client().get("/tersembunyi/")


Query = Callable[..., object]
#: for each query that scopes a page: where the page finds it, and the page
SCOPED = [
    (run_pages, "runs", "run"),
    (step_pages, "items", "step"),
    (document_pages, "own_documents", "document"),
    (document_pages, "own_documents", "document_file"),
    (document_pages, "own_documents", "documents"),
    (document_pages, "own_files", "file"),
    (sop_pages, "own_definitions", "definition"),
    (agency_pages, "units", "unit"),
    (agency_pages, "units", "units"),
    (people_pages, "people", "person"),
    (people_pages, "people", "people"),
    (people_pages, "positions", "position"),
    (collection, "forms", "unit_form"),
    (collection, "evidence", "evidence"),
    (board_pages, "runs", "run_forms"),
    (collection_pages, "runs", "run_recapitulation"),
]


@pytest.mark.parametrize(("module", "query", "page"), SCOPED, ids=[f"{query}-{page}" for _, query, page in SCOPED])
def test_control_a_query_without_its_agency_is_found(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch, module: object, query: str, page: str
) -> None:
    honest: Query = getattr(module, query)
    foreign = matrix.offices["neighbour"].engine.world.agency

    def leaky(reach: object, *more: object) -> object:
        return honest(replace(reach, agency=foreign), *more)  # type: ignore[type-var]

    wanted = [cell for cell in cells([page]) if cell.method == "GET" and cell.role in {"head", "agency_admin"}]
    assert matrix.faults(wanted) == []
    monkeypatch.setattr(module, query, leaky)
    faults = matrix.faults(wanted)
    assert any("shows a word of Kenanga" in fault or "differ" in fault for fault in faults), faults


def test_control_a_form_that_takes_effect_for_the_wrong_role_is_found(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capaian.sop import run_rules

    route = dict(addresses())["run_cancel"]
    wanted = [Cell("run_cancel", route, "POST", role, "own") for role in ("team", "staff", "head")]
    assert matrix.faults(wanted) == []
    monkeypatch.setattr(run_rules, "_reasons_not_role", lambda *_: [])
    assert len(matrix.faults(wanted)) == 2


def test_nothing_is_done_to_an_archived_run(matrix: Matrix) -> None:
    own = matrix.offices["own"]
    item, run = own.item("archived"), own.run("done")
    before = sorted(run.items.values_list("pk", "status", "note", "done_at", "assignee"))
    routes = dict(addresses())
    for name in [name for name in FORMS if name.startswith(("step_", "run_")) and name != "run_correct"]:
        key = item.public_id if name.startswith("step_") else run.public_id
        for role in ("head", "secretary", "team", "submitter", "staff", "agency_admin"):
            answer = own.client(role).post(address(name, routes[name], key), filled(name, own, role))
            assert answer.status_code in {409, 422, 403, 404}, f"{name} as {role}: {answer.status_code}"
    assert sorted(run.items.values_list("pk", "status", "note", "done_at", "assignee")) == before


def test_somebody_elses_form_is_refused(matrix: Matrix) -> None:
    own = matrix.offices["own"]
    routes = dict(addresses())
    for name, role in (("step_complete", "submitter"), ("run_cancel", "head"), ("unit_new", "agency_admin")):
        form = filled(name, own, "team")  # its token belongs to another person
        place = address(name, routes[name], thing_of(own, name, routes[name]))
        answer = own.client(role).post(place, form)
        assert answer.status_code == 403
        assert "Formulir ini dibuka dengan akun lain" in answer.content.decode()


def doer(name: str) -> str:
    """Return a role that may send a page's form."""
    if name in MAY_ACT:
        return min(MAY_ACT[name])
    named = sorted(who.value for who in ACCESS[name].allowed if who.value in RoleKey.values)
    return named[0] if named else "agency_admin"


def effect(own: Office, name: str, form: dict[str, object]) -> tuple[int, list[tuple[str, str, str, str]]]:
    """Send a form and undo it; return the status and every change that it made."""
    route = dict(addresses())[name]
    before = all_rows()
    with transaction.atomic():
        answer = own.client(doer(name)).post(address(name, route, thing_of(own, name, route)), form)
        found = changes(before, all_rows())
        transaction.set_rollback(True)
    return answer.status_code, found


ACCOUNT = {"account_login", "account_code", "account_change_password"}
#: reads a table, says what it found on the page, and writes nothing
WRITES_NOTHING = {"published_compare"}
#: nobody of the offices may: their forms are submitted, and nothing is handed over
NOBODY_ACTS = {name for name, who in MAY_ACT.items() if not who}
ACCEPTED = sorted(set(FORMS) - ACCOUNT - WRITES_NOTHING - NOBODY_ACTS)


@pytest.mark.parametrize("name", sorted(WRITES_NOTHING))
def test_what_only_reads_changes_no_row(offices: dict[str, Office], name: str) -> None:
    own = offices["own"]
    assert effect(own, name, filled(name, own, doer(name))) == (200, [])


def shown_fields(own: Office, name: str) -> set[str]:
    """Return the names of the fields on the page that shows a form."""
    routes = dict(addresses())
    page = name if ACCESS[name].permits("GET") else name.rsplit("_", maxsplit=1)[0]
    thing = thing_of(own, name, routes[name])
    answer = own.client(doer(name)).get(address(page, routes[page], thing))
    return set(re.findall(r'name="([^"]+)"', answer.content.decode()))


@pytest.mark.parametrize("name", ACCEPTED)
def test_fields_that_a_form_does_not_have_change_nothing(offices: dict[str, Office], name: str) -> None:
    own, foreign = offices["own"], offices["neighbour"].engine.world
    planted = dict.fromkeys(every_field_name(), "1")
    planted |= {"agency": str(foreign.agency.pk), "agency_id": str(foreign.agency.pk), "status": "done"}
    planted |= {"done_by": str(foreign.people["head"].pk), "person_id": str(foreign.people["head"].pk), "role": "head"}
    clean = filled(name, own, doer(name))
    fields = shown_fields(own, name) | set(clean)
    status, expected = effect(own, name, clean)
    assert status in {200, 302}
    assert expected, "the form has an effect, or this test shows nothing"
    more = {field: value for field, value in planted.items() if field not in fields}
    assert len(more) > 60
    assert effect(own, name, {**more, **filled(name, own, doer(name))}) == (status, expected)


def test_control_a_field_that_is_taken_over_is_found(
    offices: dict[str, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = offices["own"]
    honest = agency_actions.change_unit

    def careless(**given: Any) -> Any:
        given["unit"].agency_id = offices["neighbour"].engine.world.agency.pk
        given["unit"].save()
        return honest(**given)

    clean = filled("unit", own, "agency_admin")
    _, expected = effect(own, "unit", clean)
    monkeypatch.setattr(agency_actions, "change_unit", careless)
    assert effect(own, "unit", filled("unit", own, "agency_admin"))[1] != expected


#: page, field, what is sent in it: something of the neighbour's, or a row number, or a thing that does not fit
FOREIGN_FIELDS = [
    ("unit", "parent", lambda foreign: foreign.keys["unit"]),
    ("unit_new", "parent", lambda foreign: foreign.keys["unit"]),
    ("position", "unit", lambda foreign: foreign.keys["unit"]),
    ("position_new", "unit", lambda foreign: foreign.keys["unit"]),
    ("position_new", "unit", lambda foreign: str(foreign.engine.world.units["ikp"].pk)),
    ("position_new", "roles", lambda _: ["region_inspector"]),
    ("position_appoint", "person", lambda foreign: foreign.person("guest").public_id),
    ("position_appoint", "person", lambda foreign: str(foreign.person("guest").pk)),
    ("step_reassign", "assignee", lambda foreign: foreign.person("submitter").public_id),
    ("run_return", "units", lambda foreign: [foreign.keys["unit"]]),
    ("run_return", "target", lambda _: "A01"),
    ("agency_new", "region", lambda foreign: foreign.engine.world.agency.public_id),
    ("schedule", "first", lambda _: "2019-01"),
]


@pytest.mark.parametrize(
    ("name", "field", "value"), FOREIGN_FIELDS, ids=[f"{row[0]}-{row[1]}" for row in FOREIGN_FIELDS]
)
def test_somebody_elses_thing_in_a_form_is_refused(
    offices: dict[str, Office], name: str, field: str, value: Callable[[Office], object]
) -> None:
    own = offices["own"]
    assert effect(own, name, filled(name, own, doer(name)))[0] in {200, 302}
    status, changed = effect(own, name, filled(name, own, doer(name)) | {field: value(offices["neighbour"])})
    assert (status, changed) == (422, [])


@pytest.mark.parametrize(
    ("target", "units", "code"),
    [
        ("A07", "foreign", 422),
        ("A07", "none", 422),
        ("A07", "own", 302),
        ("A09", "none", 422),
        ("A01", "none", 422),
        ("B05", "none", 422),
    ],
)
def test_a_return_goes_only_where_the_sop_says_and_to_own_units(
    offices: dict[str, Office], target: str, units: str, code: int
) -> None:
    own = offices["own"]
    chosen = {"foreign": offices["neighbour"].keys["unit"], "own": own.keys["unit"], "none": ""}[units]
    form = {"decision": "no", "note": "Lengkapi", "target": target, "form_token": form_token(own.person("secretary"))}
    before = all_rows()
    with transaction.atomic():
        path = reverse("step_complete", kwargs={"key": own.keys["decision"]})
        answer = own.client("secretary").post(path, form | ({"units": [chosen]} if chosen else {}))
        changed = changes(before, all_rows())
        transaction.set_rollback(True)
    assert answer.status_code == code
    assert bool(changed) == (code == 302)
