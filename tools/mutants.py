"""Change one thing at a time in a copy of the project: does a test fail?

    python tools/mutants.py                     # every mutant of tests/mutants.toml
    python tools/mutants.py slices scanning     # of files with one of these words in their path
    python tools/mutants.py --sample 40         # 40 that Cosmic Ray makes of the same files instead

A mutant survives if its tests pass although the code is wrong. The exit code is 1 if one does, or
if the list no longer fits the code. Mutants of the widgets' scripts need Chromium and npm. Windows
can't fork, so no mutant runs there.
"""

import argparse
import multiprocessing
import os
import queue
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTEST = "-x -q -o addopts= -p no:cacheprovider --doctest-modules"
# Processes that run tests are forked from one that has already imported the slow modules.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["torch._dynamo", "scipy.optimize", "sklearn.datasets", "matplotlib.pyplot", "nbformat"]
)
TIMEOUT = 900  # seconds; a mutant that runs longer hangs, which counts as noticed too
# The operators of Cosmic Ray that make wrong numbers. The others mostly make code that can't
# run, such as @ for +, or code that is just as good, such as `is` for ==.
OPERATORS = (
    "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Pow_Mul", "USub_UAdd", "Lt_GtE", "Lt_LtE",
    "Gt_LtE", "Gt_GtE", "LtE_Lt", "GtE_Gt", "Eq_NotEq", "NotEq_Eq", "AndWithOr", "OrWithAnd",
    "AddNot", "TrueWithFalse", "FalseWithTrue", "NumberReplacer", "ZeroIterationForLoop",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A change of one file, and the tests that should notice it.

    Attributes:
        file: below the project's root.
        find: text that occurs once in it.
        put: the text to put there instead.
        tests: arguments of pytest.
        equivalent: why no test can notice it; "" for a mutant that has to be killed.
    """

    file: str
    find: str
    put: str
    tests: str
    equivalent: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {' '.join(self.find.split())} → {' '.join(self.put.split())}"

    def text(self, root: Path) -> str:
        """The whole file with the change; ValueError if it can't be made in just one place."""
        text = (root / self.file).read_text(encoding="utf-8")
        if (count := text.count(self.find)) != 1:
            raise ValueError(f"{self}: found {count} times, expected once")
        return text.replace(self.find, self.put)


def listed(root: Path = ROOT) -> list[Mutant]:
    """The mutants of `tests/mutants.toml`; one without its own tests uses its file's."""
    content = tomllib.loads((root / "tests" / "mutants.toml").read_text(encoding="utf-8"))
    return [
        Mutant(**{"file": entry["path"], "tests": entry["tests"], **mutant})
        for entry in content["file"]
        for mutant in entry["mutant"]
    ]


def sampled(known: list[Mutant], number: int, seed: int, root: Path = ROOT) -> list[Mutant]:
    """A random sample of the mutants that Cosmic Ray makes of the Python files in the list."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    tests = {m.file: m.tests for m in reversed(known) if m.file.endswith(".py")}
    texts = {file: (root / file).read_text(encoding="utf-8") for file in tests}
    operators = [get_operator(name)() for name in operator_names() if name.endswith(OPERATORS)]
    possible = []
    for file, text in texts.items():
        nodes = list(ast_nodes(get_ast(text)))
        for operator in operators:
            places = sum(len(list(operator.mutation_positions(node))) for node in nodes)
            possible += [(file, operator, place) for place in range(places)]
    reasons = {(m.file, m.text(root)): m.equivalent for m in known}
    made = []
    for file, operator, place in random.Random(seed).sample(possible, min(number, len(possible))):
        changed = mutate_code(texts[file], operator, place)
        reason = reasons.get((file, changed), "")
        made.append(Mutant(file, *_difference(texts[file], changed), tests[file], reason))
    return made


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, with enough lines around them that they occur only once."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    last = first + 1  # a change is within one line
    while before.count("".join(old[first:last])) > 1:
        first, last = max(first - 1, 0), last + 1
    tail = len(old) - last
    return "".join(old[first:last]), "".join(new[first : len(new) - tail])


def copy(root: Path, to: Path) -> Path:
    """A copy of all files that git tracks or would add."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True, encoding="utf-8",
    ).stdout  # fmt: skip
    for name in filter(None, names.split("\0")):
        if (root / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)
    return to


def passes(tests: str, folder: Path) -> bool:
    """Whether tests pass in a copy of the project; ValueError if they can't be run there."""
    report = folder / "report.txt"
    process = PROCESSES.Process(target=_pytest, args=(tests, folder, report))
    process.start()
    process.join(TIMEOUT)
    if process.is_alive():
        os.killpg(process.pid, signal.SIGKILL)  # including browsers that the tests have started
        return False
    *_, summary = ["", *report.read_text(encoding="utf-8").strip().splitlines()]
    if process.exitcode not in (0, 1, 2) or (process.exitcode == 0 and "passed" not in summary):
        raise ValueError(f"pytest {tests} ran no tests: {summary}")
    return process.exitcode == 0


def _pytest(tests: str, folder: Path, report: Path) -> None:
    """Run tests on a copy of the project, in a process of their own."""
    os.setsid()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    # no bytecode: a file that changes twice within a second would be taken for its first version
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    with open(report, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    import pytest

    sys.exit(pytest.main([*shlex.split(PYTEST), *shlex.split(tests)]))


def write(text: str, file: str, folder: Path) -> None:
    """Put a text into a file of a copy; after a script, rebuild the bundles that browsers load."""
    (folder / file).write_text(text, encoding="utf-8")
    if not file.endswith(".js"):
        return
    scripts = folder / "lossviz_helpers" / "widgets" / "js"
    if not (scripts / "node_modules").exists():
        subprocess.run(["npm", "ci"], cwd=scripts, check=True, capture_output=True)
    subprocess.run(["npm", "run", "build"], cwd=scripts, check=True, capture_output=True)


def verdict(mutant: Mutant, folder: Path) -> str:
    """What happens to a mutant in a copy of the project: killed, survived or equivalent."""
    before = (folder / mutant.file).read_text(encoding="utf-8")
    try:
        write(mutant.text(folder), mutant.file, folder)
        survived = passes(mutant.tests, folder)
    finally:
        write(before, mutant.file, folder)
    if mutant.equivalent:
        return "equivalent" if survived else "killed, so not equivalent"
    return "survived" if survived else "killed"


def run(mutants: list[Mutant], jobs: int = 1, root: Path = ROOT) -> list[str]:
    """The verdict on every mutant, each printed as soon as it is known.

    Raises:
        ValueError: if tests fail, or are skipped, before anything is changed.
    """
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(jobs) as workers:
        folders: queue.Queue[Path] = queue.Queue()
        for i in range(jobs):
            folders.put(copy(root, Path(temporary) / str(i)))

        def with_folder(act, *args):
            folder = folders.get()
            try:
                return act(*args, folder)
            finally:
                folders.put(folder)

        suites = list(dict.fromkeys(m.tests for m in mutants))
        for tests, passed in zip(
            suites, workers.map(lambda t: with_folder(passes, t), suites), strict=True
        ):
            if not passed:
                raise ValueError(f"pytest {tests} fails without any mutant")

        def judge(mutant: Mutant) -> str:
            said = with_folder(verdict, mutant)
            print(f"{said:<10} {mutant}", flush=True)
            return said

        return list(workers.map(judge, mutants))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*", help="only files with one of these in their path")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at once")
    parser.add_argument(
        "--sample", type=int, default=0, help="try this many of Cosmic Ray's mutants instead"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the sample")
    args = parser.parse_args()
    mutants = [m for m in listed() if not args.words or any(word in m.file for word in args.words)]
    if args.sample:
        mutants = sampled(mutants, args.sample, args.seed)
    try:
        verdicts = run(mutants, args.jobs)
    except ValueError as err:
        sys.exit(str(err))
    print(", ".join(f"{verdicts.count(v)} {v}" for v in sorted(set(verdicts))))
    for mutant, said in zip(mutants, verdicts, strict=True):
        if said == "equivalent":
            print(f"equivalent: {mutant}: {mutant.equivalent}")
    wrong = [m for m, v in zip(mutants, verdicts, strict=True) if v not in ("killed", "equivalent")]
    if wrong:
        sys.exit("\n".join(["write a test that fails:", *map(str, wrong)]))


if __name__ == "__main__":
    main()
