"""Sends forms to the product in processes that kill themselves at the n-th write: `python -m tests.web.failpoints`.

Reads one JSON object a line (path, form, session, kill_at, halves), forks, lets the child answer the form, and prints
how it ended. An event is a write, a COMMIT, or the answer itself; the child gets SIGKILL just before event `kill_at`,
0 for never. `halves` is the negative control: every write is committed by itself, as without `atomic`.
The parent never renders a paper: the renderer's threads would not survive the fork.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

WRITES = ("INSERT", "UPDATE", "DELETE")


def main() -> None:
    """Answer line after line until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.site.settings")
    import django

    django.setup()
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - loads every page once, before the forks
    for line in sys.stdin:
        print(json.dumps(shoot(json.loads(line))), flush=True)


def shoot(order: dict[str, Any]) -> dict[str, Any]:
    """Answer one form in a child; return its exit code, negative the signal that killed it, and what it said."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        answer_and_die(order, write)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return {"ended": os.waitstatus_to_exitcode(status), **(json.loads(said) if said else {})}


def answer_and_die(order: dict[str, Any], pipe: int) -> None:
    """Be the web server for one form."""
    try:
        os.write(pipe, json.dumps(answer(order)).encode())
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the parent has to learn of it, whatever it is
        traceback.print_exc()
        os._exit(1)


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Answer a form under the counter; return status and number of events."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    counter = Counter(int(order["kill_at"]))
    honest = connection.commit

    def commit() -> None:
        counter.event()
        honest()

    connection.commit = commit  # type: ignore[method-assign]
    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = order["session"]
    with connection.execute_wrapper(counter.watch(halves=bool(order["halves"]))):
        response = client.post(order["path"], order["form"])
    counter.event()
    return {"status": response.status_code, "events": counter.count}


class Counter:
    """Counts events and dies before the one it was told."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.count = 0

    def event(self) -> None:
        """Count one event; never return from the last one."""
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, *, halves: bool) -> Callable[..., Any]:
        """Return a wrapper of every statement."""

        def around(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001 - Django calls it so
            writes = sql.lstrip().upper().startswith(WRITES)
            if writes:
                self.event()
            done = execute(sql, params, many, context)
            if writes and halves:
                commit_now(context["connection"])
            return done

        return around


def commit_now(connection: Any) -> None:
    """Commit what was just written, as if nobody had begun a transaction."""
    if not connection.in_atomic_block or connection.savepoint_ids:
        return
    if connection.vendor == "sqlite":
        connection.connection.execute("COMMIT")
        connection.connection.execute("BEGIN IMMEDIATE")
    else:
        connection.connection.commit()


if __name__ == "__main__":
    main()
