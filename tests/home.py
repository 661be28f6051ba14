"""Loaded before the settings (`-p tests.home`): gives every test session a home folder of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# the user's own home folder is never touched, whatever the environment says
HOME = Path(tempfile.mkdtemp(prefix="capaian-test-"))
os.environ["CAPAIAN_HOME"] = str(HOME)
os.environ["CAPAIAN_TEST_SQLITE"] = str(HOME / "test.sqlite3")
# playwright's loop runs in the test's thread; the ORM is used beside it, never inside it
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
OWNER = os.getpid()


def remove_home() -> None:
    """Remove the session's home; forked children leave it alone."""
    if os.getpid() == OWNER:
        shutil.rmtree(HOME, ignore_errors=True)


atexit.register(remove_home)
