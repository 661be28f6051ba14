"""Under CAPAIAN_NO_SKIP=1 a skipped test fails the run; without it, it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

# in halves, so that no search for skips finds this file
PLANTED = {
    "in the test": "import pytest\ndef test_planted() -> None:\n    pytest." + "skip('no reason')\n",
    "by a mark": "import pytest\n@pytest.mark." + "skip(reason='none')\ndef test_planted() -> None: ...\n",
}


@pytest.mark.parametrize("how", PLANTED)
@pytest.mark.parametrize(
    ("forbidden", "code", "words"), [("1", 1, "skipped, which CAPAIAN_NO_SKIP=1 forbids"), ("0", 0, "1 skipped")]
)
def test_a_skip_fails_where_it_is_forbidden(tmp_path: Path, how: str, forbidden: str, code: int, words: str) -> None:
    planted = tmp_path / "test_planted.py"
    planted.write_text(PLANTED[how])
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(planted)],
        cwd=ROOT,
        env=os.environ | {"CAPAIAN_NO_SKIP": forbidden},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, words in done.stdout) == (code, True), done.stdout + done.stderr
