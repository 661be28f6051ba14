"""`capaian serve`: refuses what would be unsafe, says what to do, and stops cleanly."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from capaian.agencies import actions
from capaian.cli import serve as command
from tests.factories import World, make_agency
from tests.house.source import ROOT
from tests.server import Server, answers, wait_until


@pytest.fixture
def sample(db: None) -> World:
    """An agency of which one person is a sample account."""
    world = make_agency("Contoh")
    person = world.people["head"]
    type(person).objects.filter(pk=person.pk).update(is_sample=True)
    return world


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "kantor.example.go.id"])
def test_sample_accounts_are_never_opened_to_the_network(sample: World, host: str) -> None:
    sentence = command.reasons_not_to_open(host)
    assert "Ditolak" in sentence
    assert "sample remove" in sentence


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.0.0.2"])
def test_sample_accounts_serve_this_machine(sample: World, host: str) -> None:
    assert not command.reasons_not_to_open(host)


def test_once_sample_accounts_are_gone_the_network_is_open(sample: World) -> None:
    actions.remove_sample_people(by=actions.founding_actor())
    assert not command.reasons_not_to_open("0.0.0.0")


@pytest.mark.django_db
def test_an_empty_installation_is_not_opened_to_the_network() -> None:
    assert "agency start" in command.reasons_not_to_open("0.0.0.0")
    assert not command.reasons_not_to_open("localhost")


def test_a_taken_port_gets_a_sentence(taken_port: int) -> None:
    sentence = command.reasons_not_to_bind("localhost", taken_port)
    assert f"make run PORT={taken_port + 1}" in sentence


def test_an_unknown_host_and_an_impossible_port_get_a_sentence() -> None:
    assert "bukan milik komputer ini" in command.reasons_not_to_bind("203.0.113.7", 8000)
    assert "Port 70000 tidak ada" in command.reasons_not_to_bind("localhost", 70000)


def test_a_free_port_is_taken_without_words() -> None:
    assert not command.reasons_not_to_bind("localhost", 0)


def test_own_names() -> None:
    assert command.own_names("kantor.example.go.id") == ["kantor.example.go.id"]
    assert command.own_names("fd00::7") == ["[fd00::7]"]
    assert socket.gethostname() in command.own_names("0.0.0.0")


@pytest.mark.server
def test_the_whole_command_refuses_a_taken_port(taken_port: int) -> None:
    words = [sys.executable, "-m", "capaian.cli", "serve", "--port", str(taken_port)]
    done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "sudah dipakai program lain" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.server
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told(live: Server, how: signal.Signals) -> None:
    live.process.send_signal(how)
    assert live.process.wait(20) == 0
    assert "Capaian berhenti." in live.log.read_text()
    assert wait_until(lambda: not answers(live.base_url), 5)
