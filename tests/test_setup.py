"""README, package, pins, conda, Binder and CI agree with each other."""

import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import matplotlib
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
URL = "https://github.com/lossviz/lossviz"
CONDA_NAMES = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def block(mark: str) -> str:
    """The fenced block of the README that follows ``<!-- mark -->``."""
    return re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", read("README.md"), re.DOTALL)[1]


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
NOTEBOOKS = [Requirement(line) for line in PROJECT["optional-dependencies"]["notebooks"]]
EXTRAS = [
    Requirement(line)
    for extra in PROJECT["optional-dependencies"].values()
    for line in extra
    if not line.startswith(PROJECT["name"])  # an extra that includes other extras
]
PINS = {
    canonicalize_name(pin.name): pin
    for pin in map(Requirement, re.findall(r"^[^#\s].*$", read("constraints.txt"), re.MULTILINE))
}
CONDA = {
    pin.name: pin
    for pin in map(Requirement, yaml.safe_load(read("environment.yml"))["dependencies"][1:])
}


@pytest.mark.parametrize("need", RUNTIME + EXTRAS, ids=lambda need: need.name)
def test_pins_lie_in_the_ranges(need):
    (pin,) = PINS[canonicalize_name(need.name)].specifier
    assert pin.operator == "=="
    assert need.specifier.contains(pin.version)


def test_pins_are_exact():
    for pin in PINS.values():
        assert [spec.operator for spec in pin.specifier] == ["=="], pin
        assert "+" not in str(pin), "a local version exists on one machine only"


@pytest.mark.parametrize("need", RUNTIME + NOTEBOOKS, ids=lambda need: need.name)
def test_conda_installs_the_same(need):
    assert CONDA[CONDA_NAMES.get(need.name, need.name)].specifier == need.specifier


def test_conda_installs_nothing_extra():
    wanted = {CONDA_NAMES.get(need.name, need.name) for need in RUNTIME + NOTEBOOKS}
    assert set(CONDA) - wanted == {"pip", "nbconvert"}
    environment = yaml.safe_load(read("environment.yml"))
    assert environment["dependencies"][0] == "python=3.11"
    assert set(environment["channels"]) == {"conda-forge", "nodefaults"}


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker doesn't run on Windows")
def test_binder_accepts_the_files(tmp_path):
    for entry in ROOT.iterdir():  # names decide which files Binder picks
        shutil.copy(entry, tmp_path) if entry.is_file() else (tmp_path / entry.name).mkdir()
    run = subprocess.run(
        [Path(sys.executable).parent / "jupyter-repo2docker", "--no-build", "--debug", "."],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    said = run.stdout + run.stderr  # its exit code is 0 whatever it thinks
    assert "Building conda environment for python=3.11" in said, said
    assert '--file "environment.yml"' in said, said
    assert "RUN ./postBuild" in said, said


def test_post_build_can_be_executed():
    # git refuses to read the checkout of another user unless it is told to
    git = ["git", "-c", f"safe.directory={ROOT.as_posix()}"]
    mode = subprocess.run(
        [*git, "ls-files", "--stage", "postBuild", ".ci/run"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    assert re.findall(r"^\d+", mode, re.MULTILINE) == ["100755"] * 2
    if sys.platform != "win32":
        assert (ROOT / "postBuild").stat().st_mode & stat.S_IXUSR


def test_the_repository_has_one_address():
    assert PROJECT["urls"]["Homepage"] == URL
    assert yaml.safe_load(read("CITATION.cff"))["repository-code"] == URL
    assert f"git clone {URL} " in block("install")
    badge = "https://mybinder.org/v2/gh/" + URL.removeprefix("https://github.com/")
    start = "notebooks/00_start_here.ipynb"
    assert f"({badge}/main?urlpath=lab/tree/{start})" in read("README.md")
    assert f"jupyter lab {start}" in block("install")


def test_versions_agree():
    version = re.search(r'^__version__ = "(.+)"$', read("lossviz_helpers/__init__.py"), re.M)[1]
    assert yaml.safe_load(read("CITATION.cff"))["version"] == version
    assert PROJECT["dynamic"] == ["version"], "the package says its version, and nobody else"
    assert re.search(rf"^## \[?{re.escape(version)}\b", read("CHANGELOG.md"), re.M)


def commands(job: dict) -> list[str]:
    """What the steps of a job run."""
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_workflow_runs_the_commands_of_the_readme():
    workflow = yaml.safe_load(read(".github/workflows/test.yml"))
    job = workflow["jobs"]["test"]
    assert job["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": ["3.11", "3.12", "3.13"],
    }
    install, test = commands(job)
    assert install in block("install")
    assert test == block("test").strip()
    for name, command in {
        "types": "mypy",
        "browser": block("browser").strip(),
        "wheel": "pytest -m wheel --numprocesses=0",
    }.items():
        first, *_, last = commands(workflow["jobs"][name])
        assert (first, last) == (install, command)
    assert {"push", "pull_request", "schedule"} == set(workflow[True])  # YAML reads "on" as true


def test_the_newest_packages_are_tested_weekly_with_all_suites():
    job = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]["unpinned"]
    assert job["if"] == "github.event_name == 'schedule'"
    install, types, tests = commands(job)
    assert install.split()[:2] == ["pip", "install"]
    assert "-c" not in install.split()
    assert types == "mypy"
    assert '"browser or wheel"' in tests


def test_ci_runs_the_commands_of_the_readme():
    script = read(".ci/run")
    assert 'eval "$(block install)"' in script
    assert script.rstrip().endswith(
        'eval "$(block test)"\neval "$(block browser)"\neval "$(block wheel)"'
    )
    for word in ("pip", "venv", "pytest"):
        code = re.sub(r"^#.*$", "", script, flags=re.MULTILINE)
        assert word not in code, f"{word}: take the command from the README"


def test_the_example_of_the_readme_runs():
    matplotlib.use("agg")
    (example,) = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    matplotlib.pyplot.close("all")
