"""The package alone: five lines and a picture, without Jupyter, widgets or scikit-learn."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIVE_LINES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
DRAWN = f"""
import matplotlib
matplotlib.use("agg")
{FIVE_LINES}
matplotlib.pyplot.savefig("picture.png")
"""
# a practitioner has none of these; what the extra brings, and what that brings in turn
ABSENT = ["IPython", "anywidget", "ipykernel", "ipywidgets", "jupyter_client", "jupyter_core"]
ABSENT += ["jupyterlab", "nbformat", "notebook", "sklearn", "tornado", "traitlets", "zmq"]
WITHOUT = f"""
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {ABSENT} else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Without
"""
(PINNED_TORCH,) = re.findall("^torch==.*$", (ROOT / "constraints.txt").read_text("utf-8"), re.M)
# an environment from 2022, as hosted notebooks still have it
HOSTED = (ROOT / "tools" / "hosted.txt").read_text("utf-8")
OLD = dict(re.findall("^(.+)==(.+)$", HOSTED, re.M))
OF_JUPYTER = re.compile("^ipy|jupyter|notebook|nbformat|widget|scikit-learn|traitlets|tornado")


def answer(command: list, folder: Path, **variables: str) -> str:
    """What a command prints when it succeeds in a folder."""
    run = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def without_extras(code: str, folder: Path) -> str:
    """What code prints where the modules of the extra can't be imported."""
    return answer([sys.executable, "-c", WITHOUT + code], folder, PYTHONPATH=str(ROOT))


def test_the_five_lines_need_no_extra(tmp_path):
    without_extras(DRAWN, tmp_path)
    assert (tmp_path / "picture.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    "code",
    [
        "from lossviz_helpers.widgets import VolumeViewer",
        "from lossviz_helpers.course.explorers import line_explorer",
        "from lossviz_helpers import digits; digits()",
    ],
)
def test_what_needs_the_extra_says_so(code, tmp_path):
    code = f"try:\n    {code}\nexcept ModuleNotFoundError as error:\n    print(error)"
    said = without_extras(code, tmp_path)
    assert 'isn\'t installed: pip install "lossviz-helpers[notebooks]"' in said


def test_a_bar_in_a_notebook_needs_no_widgets(tmp_path):
    code = """
from lossviz_helpers._evaluation import progress
progress._in_notebook = lambda: True
with progress.progress_bar(total=3, unit="models") as bar:
    for _ in range(3):
        bar.update(1)
print(bar.n)
"""
    command = [sys.executable, "-W", "error", "-c", WITHOUT + code]
    assert answer(command, tmp_path, PYTHONPATH=str(ROOT), TQDM_DELAY="0").strip() == "3"


def test_the_extra_lists_every_package_that_is_hidden_here():
    """No dependency of the package is a part of Jupyter, and each of the extra's is left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    modules = {"scikit-learn": "sklearn"}
    for line in project["optional-dependencies"]["notebooks"]:
        assert modules.get(name := Requirement(line).name, name) in ABSENT
    for line in project["dependencies"]:
        assert modules.get(name := Requirement(line).name, name) not in ABSENT


# A wheel, in environments of its own: pytest -m wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    answer([*pip, "--wheel-dir", folder, ROOT], folder)
    (built,) = folder.glob("*.whl")
    return built


def environment(folder: Path) -> Path:
    """The interpreter of an empty environment."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def installed(python: Path, folder: Path) -> dict[str, str]:
    """Names and versions of an environment's packages."""
    listed = json.loads(answer([python, "-m", "pip", "list", "--format=json"], folder))
    return {canonicalize_name(entry["name"]): entry["version"] for entry in listed}


@pytest.mark.wheel
def test_a_wheel_contains_the_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {name for name in names if name.startswith("lossviz_helpers/")}
    rest = names - package
    assert all(".dist-info/" in name for name in rest), rest
    tracked = answer(["git", "-c", "safe.directory=*", "ls-files", "lossviz_helpers"], ROOT)
    sources = "lossviz_helpers/widgets/js/"  # what the scripts of widgets/static are built from
    assert package == {name for name in tracked.split() if not name.startswith(sources)}
    assert "lossviz_helpers/py.typed" in package
    assert "lossviz_helpers/widgets/static/volume.js" in package
    assert not [name for name in package if "/test" in name]


@pytest.mark.wheel
def test_a_wheel_draws_the_five_lines_in_an_empty_environment(wheel, tmp_path):
    python = environment(tmp_path / "environment")
    tested = ["-c", ROOT / "constraints.txt"]
    answer([python, "-m", "pip", "install", "--quiet", *tested, wheel], tmp_path)
    answer([python, "-I", "-W", "error", "-c", DRAWN], tmp_path)
    assert (tmp_path / "picture.png").stat().st_size > 10_000
    said = answer([python, "-I", "-m", "lossviz_helpers.doctor"], tmp_path, PYTHONUTF8="1")
    assert "Everything is ready." in said
    assert 'pip install "lossviz-helpers[notebooks]"' in said
    assert not [name for name in installed(python, tmp_path) if OF_JUPYTER.search(name)]


def beside_the_package() -> list[str]:
    """What a chapter's first cell installs beside the package, where the package is missing."""
    chapter = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    first = next(cell.source for cell in chapter.cells if cell.cell_type == "code")
    package, *more = re.search('wanted = "(.*)"', first)[1].split()
    assert package == "git+https://github.com/lossviz/lossviz"
    return more


@pytest.mark.wheel
@pytest.mark.parametrize("more", [[], beside_the_package()], ids=["package", "first cell"])
def test_a_wheel_changes_nothing_in_an_environment_of_2022(wheel, tmp_path, more):
    python = environment(tmp_path / "environment")
    pins = [f"{name}=={version}" for name, version in OLD.items()]
    answer([python, "-m", "pip", "install", "--quiet", *pins], tmp_path)
    before = installed(python, tmp_path)
    assert OLD.items() <= before.items()
    (tmp_path / "tested.txt").write_text(PINNED_TORCH, encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--report", "plan.json"]
    answer([*pip, "-c", "tested.txt", wheel, *more], tmp_path)
    report = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    coming = {canonicalize_name(item["metadata"]["name"]) for item in report["install"]}
    assert "torch" in coming
    assert more or not [name for name in coming if OF_JUPYTER.search(name)]
    # PyTorch asks for a newer setuptools than new environments have
    assert coming & set(before) <= {"setuptools"}
