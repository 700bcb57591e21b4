"""docs/extending.md, followed literally in a copy of the project, with evidence and without."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import mutants

PAGE = (mutants.ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
WHERE = re.compile(
    r"^(?:At the end of|In) `(?P<file>[^`]+)`(?:, before the (?:line|cell) `(?P<before>[^`]+)`)?:$"
)
FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@dataclass
class Recipe:
    """A section of the page: which code goes where, and the commands that prove it."""

    steps: list[tuple[str, str, str, str]]  # file, before what, language, code
    commands: list[str]


def recipe(section: str) -> Recipe:
    found, place, end = Recipe([], []), ("", ""), 0
    for fence in FENCE.finditer(section):
        _, language, code = fence.groups()
        for line in section[end : fence.start()].splitlines():
            if where := WHERE.match(line):
                place = (where["file"], where["before"] or "")
        end = fence.end()
        if language == "console":
            found.commands += code.splitlines()
        else:
            assert place[0], f"the page doesn't say where this goes: {code}"
            found.steps.append((*place, language, code))
    return found


_, *sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
RECIPES = {section.splitlines()[0]: recipe(section) for section in sections}
# evidence, as a pattern of the code that is left out, and what a test says then
WITHOUT = {
    "a loss?": (r"    examples=\(\n.*?\n    \),\n", "log-cosh has 0 examples; give it two or more"),
    "a dataset?": (r"@dataset\(.*?\n\)\n", "disc: put @dataset(examples=…"),
    "a way to choose directions?": (r"    @constructor\(.*?\n    \)\n", "put @constructor("),
    "a measure of sharpness?": (r"@measure\(.*?\)\n", "curvature_norm: put @measure("),
    "an exercise?": (r"@best_constant\.evidence\n.*", "an exercise knows a right answer"),
    "a claim?": (r"python -m claims .*?$", "run python -m claims 01.20"),
    "a sentence that makes a claim?": (r"\[\[sentence\]\]\n.*", "without evidence"),
    "a term?": (r"python tools/notebooks.py .*?$", "run python tools/notebooks.py --pages"),
}


def put(folder: Path, file: str, before: str, language: str, code: str) -> None:
    """Put code where the page says."""
    path = folder / file
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        at = next(i for i, c in enumerate(notebook.cells) if c.source.startswith(before))
        new = nbformat.v4.new_code_cell if language == "python" else nbformat.v4.new_markdown_cell
        notebook.cells.insert(at, new(code.rstrip("\n")))
        nbformat.write(notebook, path)
        return
    text = path.read_text(encoding="utf-8")
    if before:
        assert text.count(f"\n{before}\n") == 1, f"{file} has no single line {before!r}"
        head, tail = text.split(f"\n{before}\n")
        space = "\n\n" if not code.startswith(" ") else ""
        text = f"{head}\n{code}{space}{before}\n{tail}"
    else:
        text = text + ("\n" if code.startswith(" ") else "\n\n") + code
    path.write_text(text, encoding="utf-8")


def follow(commands: list[str], folder: Path) -> str:
    """Run the commands; what the tests report if they fail, nothing if they pass."""
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "pytest":
            if not mutants.passes(shlex.join(arguments), folder):
                return (folder / "report.txt").read_text(encoding="utf-8")
        else:
            assert program == "python"
            environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
            subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, check=True)
    return ""


def test_the_page_has_a_recipe_for_each():
    assert set(RECIPES) == set(WITHOUT)
    for name, found in RECIPES.items():
        assert found.steps, name
        assert any(command.startswith("pytest ") for command in found.commands), name


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="tests run in forked processes")


@pytest.mark.parametrize("name", RECIPES)
def test_what_the_page_says_works(name, tmp_path):
    folder, found = mutants.copy(mutants.ROOT, tmp_path), RECIPES[name]
    for step in found.steps:
        put(folder, *step)
    assert not follow(found.commands, folder)
    files = {step[0] for step in found.steps}
    for style in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *style, "--no-cache", *files]
        run = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("name", RECIPES)
def test_without_its_evidence_nothing_passes(name, tmp_path):
    folder, found = mutants.copy(mutants.ROOT, tmp_path), RECIPES[name]
    pattern, message = WITHOUT[name]
    cut = 0
    for file, before, language, code in found.steps:
        shorter, times = re.subn(pattern, "", code, flags=re.DOTALL)
        put(folder, file, before, language, shorter.rstrip("\n") + "\n")
        cut += times
    commands = [command for command in found.commands if not re.match(pattern, command)]
    assert cut + len(found.commands) - len(commands) == 1, "nothing was left out"
    assert message in follow(commands, folder)
