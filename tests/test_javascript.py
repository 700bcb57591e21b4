"""The widgets' scripts: what has no pixels is right, types fit, and the bundles are up to date.

Node runs the tests in `lossviz_helpers/widgets/js/tests`. Types and bundles need TypeScript and
esbuild, which npm installs in the versions of the lock file. Where Node or npm is missing, or has
no network, the tests that need it are skipped.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import torch
import yaml

from lossviz_helpers import diagonal, gradient, xor

ROOT = Path(__file__).parents[1]
WIDGETS = ROOT / "lossviz_helpers" / "widgets"
SOURCES = WIDGETS / "js"
STATIC = WIDGETS / "static"
MODULES = [
    path
    for pattern in ("*.js", "*/*.js", "*.css")
    for path in SOURCES.glob(pattern)
    if not {"tests", "node_modules"} & set(path.relative_to(SOURCES).parts)
]
IMPORT = re.compile(r'^(?:import|@import|} from).*"(\..+)";$', re.MULTILINE)
REBUILD = "run `npm ci` and `npm run build` in lossviz_helpers/widgets/js"


def run(program: str, *arguments: str, folder: Path = SOURCES) -> subprocess.CompletedProcess:
    """Run a program of Node in a folder; skips the test if it isn't installed."""
    if (path := shutil.which(program)) is None:
        pytest.skip(f"no {program}: install Node.js, which brings it")
    return subprocess.run(
        [path, *arguments], cwd=folder, capture_output=True, encoding="utf-8", errors="replace"
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the sources, with esbuild and TypeScript; its bundles would go next to it."""
    folder = tmp_path_factory.mktemp("widgets") / "js"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules"))
    options = ("--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
    install = run("npm", "ci", *options, folder=folder)
    if install.returncode and "CI" not in os.environ:
        pytest.skip(f"npm can't install esbuild and TypeScript: {install.stderr[-500:]}")
    assert install.returncode == 0, install.stderr
    return folder


# the class of a widget's outermost element, if it isn't lv-NAME
OUTERMOST = {"volume": "lv-viewer", "panel": "lv-plot"}


@pytest.mark.parametrize(
    "css",
    [p for p in sorted(SOURCES.glob("*.css")) if p.with_suffix(".js").exists()],
    ids=lambda css: css.stem,
)
def test_a_widget_styles_only_itself(css):
    """Several share a page: a class of one name in two of them would get the styles of both."""
    root = OUTERMOST.get(css.stem, f"lv-{css.stem}")
    rules = re.sub(r"/\*.*?\*/|@import[^;]*;", "", css.read_text("utf-8"), flags=re.DOTALL)
    selectors = re.split(r",(?![^()]*\))", ",".join(re.findall(r"([^{}]+)\{", rules)))
    others = [s.strip() for s in selectors if "lv-" in s and f".{root}" not in s]
    assert not others, f"begin with .{root}, or :where(.{root})"


def test_the_javascript_unit_tests_pass():
    done = run("node", "--test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(?:#|ℹ) pass (\d+)", done.stdout)[1]) > 50


def test_the_engine_is_compared_with_what_pytorch_computes_now():
    sys.path.insert(0, str(ROOT / "tools"))
    import engine_numbers

    written = json.loads(engine_numbers.FILE.read_text(encoding="utf-8"))
    for name, data in (("diagonal", diagonal()), ("xor", xor())):
        assert written["data"][name] == engine_numbers.encoded(data)
    for name, (_, L) in engine_numbers.landscapes().items():
        points = torch.tensor(written[name]["points"], dtype=torch.float64)
        assert torch.allclose(L.initial_points(range(3)), points[:3], rtol=0, atol=0)
        for what, found in (("loss", L(points)), ("gradient", gradient(L, points))):
            expected = torch.tensor(written[name][what], dtype=torch.float64)
            assert torch.allclose(found, expected, rtol=1e-11, atol=1e-14), (name, what)


def test_types_check(copy):
    done = run("npm", "run", "types", folder=copy)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_build_gives_the_committed_bundles_byte_for_byte(copy):
    done = run("npm", "run", "build", folder=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    built = {path.name: path.read_bytes() for path in (copy.parent / "static").iterdir()}
    committed = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert built.keys() == committed.keys()
    for name, content in built.items():
        assert content == committed[name], f"{name} is out of date: {REBUILD}"


# Without Node and npm


def test_no_build_was_forgotten():
    sums = {}
    for line in (STATIC / "checksums.txt").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        sums[name] = digest
    for name, digest in sums.items():
        found = hashlib.sha256((SOURCES / name).read_bytes()).hexdigest()
        assert found == digest, f"{name} has changed since the bundles were built: {REBUILD}"
    listed = {(SOURCES / name).resolve() for name in sums}
    assert listed >= set(MODULES), "in no bundle: delete it, or import it"
    assert listed >= {path for path in STATIC.iterdir() if path.suffix != ".txt"}


def test_modules_are_short():
    assert len(MODULES) > 20
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def test_imports_go_one_way():
    imports = {
        path: [
            (path.parent / name).resolve()
            for name in IMPORT.findall(path.read_text(encoding="utf-8"))
        ]
        for path in MODULES
    }
    assert sum(map(len, imports.values())) > 60
    TopologicalSorter(imports).prepare()  # CycleError if two modules import each other


def test_a_bundle_is_one_module_with_one_widget():
    widgets = (
        "line",
        "panel",
        "rate",
        "saddle",
        "standalone",
        "stored",
        "surface",
        "tilt",
        "volume",
    )
    for name in (f"{widget}.js" for widget in widgets):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert re.findall(r"^export \{\n  (\w+) as default\n\};$", text, re.MULTILINE)
        assert not re.search(r"^import\b|\bimport\(", text, re.MULTILINE)


def test_the_workflow_runs_every_script():
    scripts = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))["scripts"]
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["javascript"]
    assert (ROOT / job["defaults"]["run"]["working-directory"]) == SOURCES
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[0] == "npm ci"
    assert {command.split()[-1] for command in commands[1:-1]} == set(scripts)
