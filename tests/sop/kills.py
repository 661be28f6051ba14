"""Kills an action at each of its writes, and sends it again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from django.db import IntegrityError, connection, transaction

from capaian.journal.reason import Refused
from capaian.journal.rules import Replayed
from tests.sop.fingerprint import ROOMS, changed, fingerprint

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Killed(BaseException):
    """Nothing in the product catches this, as nothing catches a power cut."""


@contextmanager
def killed_at(limit: int) -> Iterator[None]:
    """Die instead of doing the write with this number."""
    numbers = count(1)

    def wrapper(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and next(numbers) == limit:
            raise Killed
        return execute(sql, *rest)

    with connection.execute_wrapper(wrapper):
        yield


def survives(act: Callable[[], object], rooms: tuple[str, ...] = ROOMS) -> int:
    """Kill an action at its first, second, … write until it passes; then send it once more. Returns the kills."""
    before = fingerprint(rooms)
    for limit in count(1):
        try:
            with killed_at(limit):
                act()
        except Killed:
            assert not changed(before, fingerprint(rooms)), f"left behind when killed at write {limit}"
        else:
            break
    after = fingerprint(rooms)
    assert changed(before, after)
    with suppress(Refused, Replayed, IntegrityError):
        act()
    assert not changed(after, fingerprint(rooms)), "happened twice"
    assert limit > 1
    return limit - 1


class Leaky(transaction.Atomic):
    """A transaction that keeps what was written before it died."""

    def __exit__(self, *_: object) -> None:
        """Commit, whatever happened."""
        super().__exit__(None, None, None)


def leaky(using: str | None = None, **how: bool) -> Leaky:
    """Stand in for `transaction.atomic`."""
    return Leaky(using, how.get("savepoint", True), how.get("durable", False))
