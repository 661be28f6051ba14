"""The matrix of access: what the table promises, what the product answers, and every difference between the two."""

import io
import itertools
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote_plus

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from capaian.web.access import ACCESS, Access
from tests.web.offices import ROLES, Office
from tests.web.papers_read import text_of_pdf
from tests.web.posts import (
    MAY_ACT,
    MAY_ACT_BESIDE,
    MEMBERS,
    address,
    addresses,
    filled,
    missing_thing,
    names_a_thing,
    thing_of,
)

LENGTH = re.compile(rb"Content-Length: \d+")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RELATIONS = ("own", "sibling", "neighbour", "stranger", "missing")
FOREIGN = ("neighbour", "stranger", "missing")
REFUSED = frozenset({403, 409, 422})
DONE = frozenset({200, 302})
VOLATILE = re.compile(rb'(name="(?:csrfmiddlewaretoken|form_token|typed)" value=")[^"]*')


@dataclass(frozen=True)
class Cell:
    """One request of the matrix."""

    name: str
    route: str
    method: str
    role: str
    relation: str

    def __str__(self) -> str:
        return f"{self.method} {self.name} as {self.role}, {self.relation}"


def lets(access: Access, role: str) -> bool:
    """Tell whether the table lets a role use an address: the sentence of `Who`, read a second time."""
    allowed = {str(who) for who in access.allowed}
    if "anyone" in allowed:
        return True
    if role == "anonymous":
        return False
    return "person" in allowed or role in allowed or ("member" in allowed and role in MEMBERS)


def expected(cell: Cell) -> frozenset[int]:
    """Return the statuses that the table allows for a request."""
    access = ACCESS[cell.name]
    if cell.method not in access.methods and not (cell.method == "HEAD" and "GET" in access.methods):
        return frozenset({405})
    if not lets(access, cell.role):
        if cell.role != "anonymous":
            return frozenset({403})
        return frozenset({401}) if cell.method == "POST" else frozenset({302})
    if cell.relation in FOREIGN:
        return frozenset({404})
    return _own(cell)


def _own(cell: Cell) -> frozenset[int]:
    """Return the statuses of a thing that one may see: the page, or what its room's rules say to the form."""
    if cell.name.startswith(("account_log", "account_code")):
        return DONE | {422}
    if cell.method != "POST":
        rules = MAY_ACT.get(cell.name, MEMBERS) if cell.name == "schedule" else MEMBERS
        return frozenset({200}) if cell.role in rules or cell.name in OPEN_TO_ALL else frozenset({403})
    may = (MAY_ACT_BESIDE if cell.relation == "sibling" else MAY_ACT).get(cell.name)
    if cell.name in NOTHING_TO_DO:
        return REFUSED
    return DONE if may is None or cell.role in may else REFUSED


OPEN_TO_ALL = frozenset({"account", "account_change_password", "account_reminders", "usersessions_list"})
#: the offices have no sample people; nothing is handed over at a step that one completes oneself
NOTHING_TO_DO = frozenset({"sample_remove", "step_hand_over"})


def cells(names: Iterable[str] = (), *, whole: bool = False) -> Iterator[Cell]:
    """Yield the requests of the matrix (of some addresses).

    What the table refuses by method or role is refused before anything is looked up, and HEAD goes with GET: such
    cells take the relations in turn, those refused by method the roles too, unless the whole matrix is wanted.
    """
    wanted = set(names)
    turn, next_role = itertools.count(), itertools.cycle(ROLES)
    for name, route in addresses():
        if wanted and name not in wanted:
            continue
        relations = RELATIONS if names_a_thing(route) else ("own",)
        access = ACCESS[name]
        for method in METHODS:
            by_role = whole or (method != "HEAD" and access.permits(method))
            for role in ROLES if by_role else (next(next_role),):
                each = whole or (by_role and lets(access, role))
                for relation in relations if each else (relations[next(turn) % len(relations)],):
                    yield Cell(name, route, method, role, relation)


@dataclass
class Matrix:
    """Makes the requests of cells against three offices and collects every difference from the table."""

    offices: dict[str, Office]
    requests: int = 0

    def path(self, cell: Cell) -> str:
        """Return where a cell's request goes; "" when the office has no such thing (of another unit)."""
        if not names_a_thing(cell.route):
            return address(cell.name, cell.route, "")
        if cell.relation == "missing":
            thing = missing_thing(cell.name, cell.route)
        else:
            office = self.offices.get(cell.relation, self.offices["own"])
            thing = thing_of(office, cell.name, cell.route, sibling=cell.relation == "sibling")
        return address(cell.name, cell.route, thing) if thing else ""

    def faults(self, wanted: Iterable[Cell]) -> list[str]:
        """Make the requests; return what differs from the table, leaks, or tells foreign from missing."""
        found: list[str] = []
        bodies: dict[tuple[str, str, str], dict[str, tuple[int, bytes]]] = defaultdict(dict)
        for cell in wanted:
            path = self.path(cell)
            if not path:
                continue
            answer = self.ask(cell, path)
            if answer.status_code not in expected(cell):
                found.append(f"{cell}: {answer.status_code}, not {sorted(expected(cell))}")
            found += [f"{cell}: shows a word of {name}" for name in self.leaks(answer)]
            if cell.relation in FOREIGN:
                bodies[cell.name, cell.method, cell.role][cell.relation] = (
                    answer.status_code,
                    without_path(answer, path),
                )
        found += [f"{key}: foreign and missing differ" for key, seen in bodies.items() if len(set(seen.values())) > 1]
        return found

    def ask(self, cell: Cell, path: str) -> HttpResponse:
        """Make one request; what a form changed is undone."""
        self.requests += 1
        own = self.offices["own"]
        client = own.client(cell.role)
        session = client.cookies.get("sessionid")
        with transaction.atomic():
            if cell.method == "POST":
                who = cell.role if ROLES[cell.role] else ""
                answer = send(client, path, filled(cell.name, own, who))
            else:
                answer = cast("HttpResponse", client.generic(cell.method, path))
            transaction.set_rollback(True)
        client.cookies.clear()
        if session is not None:
            client.cookies["sessionid"] = session.value
        body_of(answer)  # read to its end, so that a file that is sent is closed
        return answer

    def leaks(self, answer: HttpResponse) -> list[str]:
        """Return the foreign offices of whom an answer tells a word."""
        words = seen(answer).lower()
        return [office.name for who, office in self.offices.items() if who != "own" and office.canary in words]


def without_path(answer: HttpResponse, path: str) -> bytes:
    """Return all that an answer tells, without the address that was asked for and what is new in every answer."""
    told = seen(answer).replace(path.encode(), b"PATH").replace(quote_plus(path).encode(), b"PATH")
    return LENGTH.sub(b"", VOLATILE.sub(rb"\1", told))


def seen(answer: HttpResponse) -> bytes:
    """Return all that an answer tells: headers, body, the text of a PDF."""
    told = "\n".join(f"{name}: {value}" for name, value in sorted(answer.items()) if name != "Set-Cookie").encode()
    return told + b"\n" + readable(body_of(answer))


def body_of(answer: HttpResponse) -> bytes:
    """Return the body of an answer; one that comes in pieces is read once and kept."""
    if answer.streaming:
        answer.__dict__.setdefault("read", None)
        answer.__dict__["read"] = answer.__dict__["read"] or answer.getvalue()
        return bytes(answer.__dict__["read"])
    return answer.content


def readable(body: bytes) -> bytes:
    """Return what a person can read in a body: the text of a PDF, names and contents of a ZIP."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            return b"\n".join(name.encode() + b"\n" + readable(package.read(name)) for name in package.namelist())
    return text_of_pdf(body) if body.startswith(b"%PDF-") else body


def send(client: Client, path: str, form: dict[str, Any]) -> HttpResponse:
    """Send a form as a browser does."""
    return client.post(path, form)  # type: ignore[return-value]
