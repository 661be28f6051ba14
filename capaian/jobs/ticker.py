"""What happens by itself, once a minute: runs open, papers get issued, reminders go out, stray files go away.

Every job may be run by several machines at once and again after a crash: each does only what is still to be done.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

log = logging.getLogger(__name__)
TICK = timedelta(minutes=1)


@dataclass(frozen=True)
class Job:
    """A thing to do again and again; `run` receives the moment and returns how many things it did."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


def open_due_runs(at: datetime) -> int:
    """Open the runs whose day has come."""
    from capaian.sop import run_actions

    return run_actions.open_due_runs(at=at)


def issue_pending(_at: datetime) -> int:
    """Issue the papers that were reserved but not rendered yet, as after a crash."""
    from capaian.documents import actions

    return actions.issue_pending()


def sweep_files(_at: datetime) -> int:
    """Remove files on disk that no row names."""
    from capaian.documents import store

    return store.sweep_orphans()


def remind(at: datetime) -> int:
    """Remind the people whose forms are due; every reminder goes out once."""
    from capaian.collection import actions

    return actions.remind_by_itself(at=at)


def carry_reminders(at: datetime) -> int:
    """Carry reminders by e-mail and gateway, where they are set up."""
    from capaian.collection import actions

    return actions.carry_reminders(at=at)


JOBS = (
    Job("open_due_runs", TICK, open_due_runs),
    Job("issue_pending", TICK, issue_pending),
    Job("remind", timedelta(minutes=10), remind),
    Job("carry_reminders", TICK, carry_reminders),
    Job("sweep_files", timedelta(days=1), sweep_files),
)


class Ticker:
    """Runs each job when its time has come; a job that fails is logged and tried again at its next time."""

    def __init__(self, jobs: tuple[Job, ...] = JOBS) -> None:
        self.jobs = jobs
        self.last: dict[str, datetime] = {}

    def tick(self, at: datetime) -> dict[str, int | None]:
        """Run what is due at `at`; return how much each job did, None for one that failed."""
        done: dict[str, int | None] = {}
        for job in self.jobs:
            last = self.last.get(job.name)
            if last is not None and at - last < job.every:
                continue
            self.last[job.name] = at
            try:
                done[job.name] = job.run(at)
            except Exception:
                log.exception("job %s failed; it is tried again at its next time", job.name)
                done[job.name] = None
        return done


def run_until_orphaned(parent: int) -> None:
    """Tick until the server that started this process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server, which ends this process
    ticker = Ticker()
    while os.getppid() == parent:
        ticker.tick(timezone.now())
        connections.close_all()
        next_tick = time.monotonic() + TICK.total_seconds()
        while time.monotonic() < next_tick and os.getppid() == parent:
            time.sleep(1)
