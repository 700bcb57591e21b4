"""Run the notebooks and the fast claim tests as other machines would, and print a table.

    python tools/elsewhere.py                               # every row
    python tools/elsewhere.py --rows slow,avx2              # these
    python tools/elsewhere.py --rows slow+sse               # one machine that is both
    python tools/elsewhere.py --rows slow -- notebooks -n0  # what follows -- is passed to pytest
    python tools/elsewhere.py --list                        # run nothing, only list the rows

Exits with 1 if anything fails. What pytest said about a failing row is printed below its line.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
NUDGE = str(ROOT / "tools" / "nudge")
NOTEBOOKS, CLAIMS = "notebooks", "tests/test_claims.py"


@dataclass(frozen=True)
class Row:
    """Another machine: how its environment differs from this one's.

    Attributes:
        name: what `--rows` calls it.
        says: what is different there.
        env: environment variables; the folders in PYTHONPATH come before the checkout.
        packages: which versions from the ranges in pyproject.toml: "lowest" or "newest"; "hosted"
            for those in hosted.txt; "" for those that are installed here.
        tests: what pytest should run.
    """

    name: str
    says: str
    env: dict[str, str] = field(default_factory=dict)
    packages: str = ""
    tests: tuple[str, ...] = (NOTEBOOKS, CLAIMS)

    def __add__(self, other: "Row") -> "Row":
        return replace(
            self,
            name=f"{self.name}+{other.name}",
            says=f"{self.says}; {other.says}",
            env=self.env | other.env,
            packages=self.packages or other.packages,
            tests=max(self.tests, other.tests, key=len),
        )


def units(aten: str, mkl: str, onednn: str) -> dict[str, str]:
    """Environment in which PyTorch uses no vector units beyond these."""
    return {
        "ATEN_CPU_CAPABILITY": aten,
        "MKL_ENABLE_INSTRUCTIONS": mkl,
        "ONEDNN_MAX_CPU_ISA": onednn,
    }


def threads(n: int) -> dict[str, str]:
    """Environment in which large models are computed on n threads; small ones always use one."""
    return dict.fromkeys(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"], str(n))


def nudge(size: str) -> dict[str, str]:
    """Environment in which models start from slightly different parameters."""
    return {"PYTHONPATH": NUDGE, "LOSSVIZ_NUDGE": size}


ALL = (NOTEBOOKS, "tests", "lossviz_helpers")
ROWS = [
    Row("here", "this machine"),
    Row("slow", "progress bars appear at once", {"TQDM_DELAY": "0"}),
    Row("sse", "a CPU without AVX", units("default", "SSE4_2", "SSE41")),
    Row("avx2", "a CPU without AVX-512", units("avx2", "AVX2", "AVX2")),
    Row("one", "one thread", threads(1)),
    Row("two", "two threads", threads(2)),
    Row("nudge-9", "initial parameters times 1 ± 1e-9", nudge("1e-9")),
    Row("nudge-7", "initial parameters times 1 ± 1e-7", nudge("1e-7")),
    Row("lowest", "the lowest versions that we allow; all tests", packages="lowest", tests=ALL),
    Row("newest", "the newest versions that we allow; all tests", packages="newest", tests=ALL),
    Row("hosted", "Jupyter of 2022, as on Colab; notebooks", packages="hosted", tests=(NOTEBOOKS,)),
]


def requirements(kind: str, keep: list[str]) -> list[str]:
    """What pip has to install for a kind of versions (`Row.packages`)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    if kind == "hosted":
        listed = (ROOT / "tools" / "hosted.txt").read_text(encoding="utf-8").splitlines()
        lines += filter(None, (line.partition("#")[0].strip() for line in listed))
    else:
        for extra in ("notebooks", "test", "site", "dask"):
            lines += project["optional-dependencies"][extra]
    needs = [need for need in map(Requirement, lines) if need.name != project["name"]]
    found = []
    for need in needs:
        marker = f"; {need.marker}" if need.marker else ""
        if need.name in keep:  # a local build, such as 2.13.0+cpu, counts as its release
            found.append(f"{need.name}=={version(need.name).partition('+')[0]}{marker}")
        elif kind == "lowest":
            (low,) = (s.version for s in need.specifier if s.operator in (">=", "=="))
            found.append(f"{need.name}=={low}{marker}")
        else:
            found.append(str(need))
    return found


def python_with(kind: str, keep: list[str], folder: str) -> str:
    """The interpreter of a new environment with a kind of versions."""
    venv.create(folder, with_pip=True)
    python = str(Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python")
    outside = {key: value for key, value in os.environ.items() if key != "PIP_CONSTRAINT"}
    for what in (requirements(kind, keep), ["--no-deps", "-e", str(ROOT)]):
        subprocess.run([python, "-m", "pip", "install", "--quiet", *what], env=outside, check=True)
    return python


def run(row: Row, keep: list[str], arguments: list[str]) -> tuple[list[str], str, float]:
    """What failed on a row's machine, everything pytest said, and how many seconds it took."""
    path = os.pathsep.join(filter(None, [row.env.get("PYTHONPATH"), str(ROOT)]))
    with tempfile.TemporaryDirectory() as folder:
        python = python_with(row.packages, keep, folder) if row.packages else sys.executable
        begin = time.perf_counter()
        tests = [] if any((ROOT / a).exists() for a in arguments) else row.tests
        done = subprocess.run(
            [python, "-m", "pytest", "-q", "-rfE", "--color=no", "--tb=short", *tests, *arguments],
            cwd=ROOT,
            env=os.environ | row.env | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if done.returncode not in (0, 1) or (done.returncode and not failed):
        failed.append(f"pytest ended with exit code {done.returncode}")
    return failed, done.stdout, time.perf_counter() - begin


def columns(failed: list[str]) -> list[str]:
    """Failing notebook cells, claims and others: a cell of the table for each."""
    groups = {NOTEBOOKS: [], CLAIMS: [], "": []}
    for name in failed:
        place = next(place for place in groups if name.startswith(place))
        groups[place].append(short(name))
    return [", ".join(names) or "green" for names in groups.values()]


def short(name: str) -> str:
    """A test's name, without what the table's heading already says: 05 Cell 7, 10.3."""
    if cell := re.match(r"notebooks/(\d+)_.*::(.*)", name):
        return f"{cell[1]} {cell[2]}"
    claim = re.match(rf"{CLAIMS}::.*\[(.*)\]", name)
    return claim[1] if claim else name


def chosen(names: str) -> list[Row]:
    """The rows that the command line names."""
    rows, found = {row.name: row for row in ROWS}, []
    for name in names.split(","):
        first, *others = (rows[part] for part in name.split("+"))
        found.append(sum(others, start=first))
    return found


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", help="names of rows, separated by commas; a+b is both at once")
    parser.add_argument("--list", action="store_true", help="print the rows and run nothing")
    parser.add_argument("--keep", default="", help="packages to keep as they are, such as torch")
    parser.add_argument("pytest", nargs="*", help="after --: for pytest, such as -- notebooks -n0")
    arguments = parser.parse_args()
    if arguments.list:
        for row in ROWS:
            print(f"{row.name:8} {row.says}")
        return 0
    try:
        rows = chosen(arguments.rows) if arguments.rows else ROWS
    except KeyError as unknown:
        parser.error(f"no row is called {unknown}; --list names them")

    passed = True
    print("| machine | notebooks | fast claims | other tests | seconds |", flush=True)
    print("|---|---|---|---|--:|", flush=True)
    for row in rows:
        failed, said, seconds = run(row, arguments.keep.split(","), arguments.pytest)
        cells = [f"{row.name}: {row.says}", *columns(failed), f"{seconds:.0f}"]
        print("|", " | ".join(cells), "|", flush=True)
        if failed:
            print(said, flush=True)
            passed = False
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
