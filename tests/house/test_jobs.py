"""The ticker: each job at its time, a failure stops nothing, and the real jobs may run again and again."""

from datetime import UTC, datetime, timedelta

import pytest

from capaian.cli.main import main
from capaian.jobs.ticker import JOBS, Job, Ticker
from capaian.journal.models import Entry

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def counting(done: list[datetime]) -> Job:
    """Return a job that notes when it ran."""

    def count(at: datetime) -> int:
        done.append(at)
        return 1

    return Job("counting", timedelta(minutes=1), count)


def failing(at: datetime) -> int:
    """Fail like a job that meets a broken row."""
    raise ZeroDivisionError(at)


def test_a_job_runs_at_its_time_and_not_before() -> None:
    done: list[datetime] = []
    ticker = Ticker((counting(done),))
    assert ticker.tick(NOON) == {"counting": 1}
    assert ticker.tick(NOON + timedelta(seconds=59)) == {}
    assert ticker.tick(NOON + timedelta(seconds=60)) == {"counting": 1}
    assert done == [NOON, NOON + timedelta(seconds=60)]


def test_a_failing_job_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    done: list[datetime] = []
    ticker = Ticker((Job("failing", timedelta(minutes=1), failing), counting(done)))
    assert ticker.tick(NOON) == {"failing": None, "counting": 1}
    assert "job failing failed" in caplog.text
    assert ticker.tick(NOON + timedelta(minutes=1)) == {"failing": None, "counting": 1}


@pytest.mark.django_db
def test_the_real_jobs_on_an_empty_installation_do_nothing() -> None:
    expected = {job.name: 0 for job in JOBS}
    assert Ticker().tick(NOON) == expected
    assert Ticker().tick(NOON) == expected
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_jobs_once_tells_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "once"]) == 0
    assert capsys.readouterr().out == (
        "open_due_runs: 0\nissue_pending: 0\nremind: 0\ncarry_reminders: 0\nsweep_files: 0\n"
    )
