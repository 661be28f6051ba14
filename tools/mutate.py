"""Changes the formulas in thousands of small ways and counts how many changes the tests notice.

mutmut makes the changes, in a copy of the rooms and tests it needs, with an environment of its own under var/. The
figures go to docs/mutation-survivors.md with every survivor and its reason from tools/survivors.toml; a survivor
without a reason, a reason without a survivor, or a share below the bar fails.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "var" / "mutation"
PAGE = ROOT / "docs" / "mutation-survivors.md"
REASONS = ROOT / "tools" / "survivors.toml"
BAR = 90
STAMP = "stamp"
TOOLS = ("mutmut==3.8.1", "pytest", "pytest-timeout", "hypothesis", "xlsxwriter", "python-calamine", "tqdm")
COPIED = ("capaian", "tests/__init__.py", "tests/formulas", "docs")
COMMANDS = ("tables.py", "test_explain.py", "test_standard.py")
# these hold texts and worked cases, made once when they are imported; their tests compare them word by word
DATA = ("*_cases.py", "*_formulas.py", "shipped_scales.py", "lke_frameworks.py", "absence.py", "catalogue.py")
SETTINGS = """[project]
name = "mutation"
version = "0"
[tool.pytest.ini_options]
pythonpath = ["."]
addopts = "--import-mode=importlib -q -p no:cacheprovider"
[tool.mutmut]
source_paths = ["capaian/formulas"]
also_copy = ["capaian", "tests", "docs"]
do_not_mutate = [{data}]
"""

PROFILE = """from hypothesis import settings

settings.register_profile("mutation", max_examples=25, deadline=None, derandomize=True, database=None)
settings.load_profile("mutation")
"""


@dataclass(frozen=True)
class Survivor:
    """A change that no test noticed: the function, the line before and after."""

    function: str
    before: str
    after: str


def prepare() -> Path:
    """Make the environment once and the copy anew; return the environment's folder of programs."""
    programs = PLACE / "venv" / "bin"
    if not (programs / "mutmut").exists():
        venv.create(PLACE / "venv", with_pip=True)
        subprocess.run([programs / "pip", "install", "--quiet", *TOOLS], check=True)
    copy = PLACE / "copy"
    if (copy / STAMP).exists() and (copy / STAMP).read_text() == stamp():
        return programs  # a run that was stopped goes on where it was
    shutil.rmtree(copy, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "static", "fonts", "images"))
        else:
            shutil.copy2(source, target)
    (copy / "tests" / "cli").mkdir()
    for name in COMMANDS:
        shutil.copy2(ROOT / "tests" / "cli" / name, copy / "tests" / "cli" / name)
    # a tenth of the generated cases notices what all of them notice
    oracle = copy / "tests" / "formulas" / "test_oracle.py"
    oracle.write_text(oracle.read_text().replace("CASES = 100_000", "CASES = 5_000"))
    for folder in ("formulas", "cli"):
        (copy / "tests" / folder / "conftest.py").write_text(PROFILE)
    data = ", ".join(f'"capaian/formulas/{name}"' for name in DATA)
    (copy / "pyproject.toml").write_text(SETTINGS.format(data=data))
    (copy / STAMP).write_text(stamp())
    return programs


def stamp() -> str:
    """Return a fingerprint of what is changed and of the tests that are to notice."""
    files = sorted(file for name in ("capaian/formulas", "tests/formulas") for file in (ROOT / name).rglob("*.py"))
    files += [ROOT / "tests" / "cli" / name for name in COMMANDS]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def mutate(programs: Path, words: Sequence[str]) -> None:
    """Run mutmut; `words` name functions when only some are wanted."""
    children = str(len(os.sched_getaffinity(0)))
    # written to a file: the progress of thousands of changes is of no interest
    with (PLACE / "run.log").open("w") as log:
        command = [str(programs / "mutmut"), "run", "--max-children", children, *words]
        done = subprocess.run(command, cwd=PLACE / "copy", stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SystemExit(f"mutmut ended with {done.returncode}; see {PLACE / 'run.log'}")


def results(programs: Path) -> dict[str, str]:
    """Return the outcome of every change by its name."""
    told = subprocess.run(
        [programs / "mutmut", "results", "--all", "true"],
        cwd=PLACE / "copy",
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = (line.strip().rpartition(": ") for line in told.stdout.splitlines() if ": " in line)
    return {name: outcome for name, _, outcome in pairs if outcome != "not checked"}


def survivor(programs: Path, name: str) -> Survivor:
    """Return what was changed."""
    shown = subprocess.run(
        [programs / "mutmut", "show", name], cwd=PLACE / "copy", capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lines = [line for line in shown if not line.startswith(("---", "+++"))]
    before = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    after = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    plain = name.removeprefix("capaian.formulas.").partition("__mutmut")[0]
    return Survivor(plain.replace("x\u01c1", "").replace("\u01c1", ".").replace(".x_", "."), before, after)


def reasons() -> dict[Survivor, str]:
    """Return the reasons that people wrote, by what was changed."""
    listed = tomllib.loads(REASONS.read_text())["survivor"] if REASONS.exists() else []
    return {Survivor(each["function"], each["before"], each["after"]): each["reason"] for each in listed}


def page(counts: Counter[str], survivors: Sequence[Survivor], known: dict[Survivor, str]) -> str:
    """Return docs/mutation-survivors.md."""
    total, lived = sum(counts.values()), len(survivors)
    outcomes = ", ".join(f"{outcome} {count}" for outcome, count in counts.most_common())
    head = [
        "# Changes of the formulas that no test notices",
        "",
        "Written by `make proof` (`tools/mutate.py`); no figure here is typed by hand. mutmut changes one operator,",
        "number, text or argument of `capaian/formulas` at a time and runs the tests that touch it.",
        "",
        f"{total} changes, {total - lived} noticed ({share(total, lived)} %; bar {BAR} %), {lived} survived.",
        f"In mutmut's words: {outcomes}.",
        f"Not changed, because they are texts and cases: {', '.join(f'`{name}`' for name in DATA)}.",
        "",
        "| function | was | became | why it survives |",
        "|---|---|---|---|",
    ]
    rows = [
        f"| `{each.function}` | `{cell(each.before)}` | `{cell(each.after)}` | {known.get(each, '**no reason yet**')} |"
        for each in sorted(survivors, key=lambda each: (each.function, each.before, each.after))
    ]
    return "\n".join([*head, *rows]) + "\n"


def share(total: int, lived: int) -> str:
    """Return the share of noticed changes in percent, one decimal, cut."""
    tenths = (total - lived) * 1000 // max(total, 1)
    return f"{tenths // 10}.{tenths % 10}"


def cell(text: str) -> str:
    """Return code as a table's cell can hold it."""
    return text.replace("|", "\\|").replace("`", "'")


def main(words: Sequence[str]) -> int:
    """Run the whole proof, or only the functions named in the words (then nothing is written)."""
    programs = prepare()
    mutate(programs, words)
    outcomes = results(programs)
    survivors = [survivor(programs, name) for name, outcome in outcomes.items() if outcome in {"survived", "no tests"}]
    known, counts = reasons(), Counter(outcomes.values())
    text = page(counts, survivors, known)
    if words:
        print(text)
        print(json.dumps([each.__dict__ for each in survivors if each not in known], indent=1, ensure_ascii=False))
        return 0
    PAGE.write_text(text)
    lines = text.splitlines()
    print(lines[5], lines[6])
    unknown = [each for each in survivors if each not in known]
    idle = [each for each in known if each not in survivors]
    for each in (*unknown, *idle):
        print(f"{'No reason' if each in unknown else 'No survivor'}: {each}", file=sys.stderr)
    total = sum(counts.values())
    return int(bool(unknown or idle) or (total - len(survivors)) * 100 < BAR * total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
