"""Runs every static check of the project and says which ones failed."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTHON = sys.executable


def checks() -> dict[str, Sequence[str | Path]]:
    """Return each check's name with its command."""
    templates = sorted((ROOT / "capaian").rglob("templates/**/*.html"))
    return {
        "style (ruff)": [BIN / "ruff", "check", "."],
        "format (ruff)": [BIN / "ruff", "format", "--check", "."],
        "types (mypy)": [BIN / "mypy"],
        "layers (import-linter)": [BIN / "lint-imports", "--no-cache"],
        "templates (djade)": [BIN / "djade", "--check", "--target-version", "5.2", *templates],
        "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
        "glossary": [PYTHON, ROOT / "tools" / "glossary.py", "--check"],
        "house rules": [PYTHON, "-m", "pytest", "tests/house", "-m", "not server"],
    }


def passes(name: str, command: Sequence[str | Path], home: str) -> bool:
    """Run one check; show its output only when it fails."""
    begun = time.monotonic()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "capaian.site.settings", "CAPAIAN_HOME": home}
    done = subprocess.run(
        [str(word) for word in command], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<24} {verdict:<7} {time.monotonic() - begun:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="", flush=True)
    return done.returncode == 0


def main() -> int:
    """Run all checks, also after a failure; return 0 when all pass."""
    with tempfile.TemporaryDirectory(prefix="capaian-check-") as home:
        failed = [name for name, command in checks().items() if not passes(name, command, home)]
    if failed:
        print(f"\n{len(failed)} of {len(checks())} checks failed: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
