"""People with a session cookie and a form in hand, who send it to a real server over HTTP, many at one moment."""

import secrets
import string
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from capaian.agencies.models import Person
from tests.server import Server
from tests.web.offices import form_token

PATIENCE = 60  # seconds
CSRF = "".join(secrets.choice(string.ascii_letters) for _ in range(32))


@dataclass(frozen=True)
class Answer:
    """What came back: `status` is 0 when the server died before it answered."""

    status: int
    location: str = ""
    body: str = ""


@dataclass(frozen=True)
class Visitor:
    """A person at a browser: logged in, with the CSRF cookie of the pages."""

    person: Person
    base_url: str
    session: str

    def token(self) -> str:
        """Return the token of a freshly opened form."""
        return form_token(self.person)

    def connect(self) -> HTTPConnection:
        """Open the connection before the race begins."""
        place = urlsplit(self.base_url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        connection.connect()
        return connection

    def post(self, path: str, form: Mapping[str, object], connection: HTTPConnection | None = None) -> Answer:
        """Send a form; status 0 when no answer came."""
        body = urlencode({"csrfmiddlewaretoken": CSRF, "form_token": self.token()} | dict(form), doseq=True)
        return self._ask("POST", path, body, connection)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, "", None)

    def _ask(self, method: str, path: str, body: str, connection: HTTPConnection | None) -> Answer:
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={CSRF}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            used = connection or self.connect()
        except OSError:
            return Answer(0)
        try:
            used.request(method, path, body or None, headers)
            answer = used.getresponse()
            return Answer(answer.status, answer.getheader("Location") or "", answer.read().decode())
        except (OSError, HTTPException):
            return Answer(0)
        finally:
            if connection is None:
                used.close()


def visitor(person: Person, server: Server | None = None) -> Visitor:
    """Log a person in: make the session that the log-in page would make."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return Visitor(person, server.base_url if server else "", session.session_key or "")


@dataclass(frozen=True)
class Click:
    """One form that somebody sends."""

    by: Visitor
    path: str
    form: Mapping[str, object]


def at_once(clicks: Sequence[Click]) -> list[Answer]:
    """Send all forms at the same moment, each over its own open connection; return the answers in their order."""
    barrier = threading.Barrier(len(clicks))
    answers: list[Answer] = [Answer(0)] * len(clicks)

    def send(place: int, click: Click) -> None:
        connection = click.by.connect()
        barrier.wait(PATIENCE)
        answers[place] = click.by.post(click.path, click.form, connection)
        connection.close()

    in_threads([lambda place=place, click=click: send(place, click) for place, click in enumerate(clicks)])  # type: ignore[misc]
    return answers


def in_threads(works: Sequence[Callable[[], None]]) -> None:
    """Do all works at the same time, each with its own database connection; raise what one of them raised."""
    raised: list[BaseException] = []

    def do(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below, in the test's own thread
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
