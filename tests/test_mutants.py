"""The list of mutants fits the code, and the command that tries them can tell good tests from bad.

`python tools/mutants.py` tries them all, which takes long; it runs every week.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import mutants

ROOT = mutants.ROOT
LISTED = mutants.listed()


@pytest.mark.parametrize("mutant", LISTED, ids=lambda m: f"{Path(m.file).name}: {m.find[:40]}")
def test_a_mutant_still_fits_the_code(mutant):
    before = (ROOT / mutant.file).read_text(encoding="utf-8")
    after = mutant.text(ROOT)  # an error unless there is one place for it
    if mutant.file.endswith(".py"):
        assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before)), "no other code"
    else:
        assert after != before
    paths = re.findall(r"\S+\.py", mutant.tests)
    assert paths
    assert all((ROOT / path).exists() for path in paths), mutant.tests


def test_no_mutant_is_listed_twice():
    assert len({(m.file, m.text(ROOT)) for m in LISTED}) == len(LISTED)


def test_the_list_covers_what_a_wrong_sign_or_axis_can_break():
    files = {Path(mutant.file).name for mutant in LISTED}
    assert len(LISTED) >= 80
    assert files >= {
        *(
            "slice.py",
            "chunks.py",
            "fingerprints.py",
            "regression.py",
            "objective.py",
            "examples.py",
        ),
        *("eigenvalues.py", "grid.py", "maps.py", "volumes.py", "ch03.py", "space.py"),
        *("rays.js", "contours.js", "colours.js", "state.js"),
    }


def test_all_are_tried_every_week():
    workflow = yaml.safe_load((ROOT / ".github/workflows/mutants.yml").read_text(encoding="utf-8"))
    assert "schedule" in workflow[True]  # YAML reads "on" as true
    (job,) = workflow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert any(command.startswith("python tools/mutants.py") for command in commands)


# The command, on a project of one file


@pytest.fixture
def project(tmp_path):
    """A project whose test sees that f(2) is 4, and nothing else."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "double.py").write_text("def f(x):\n    return 0 + 2 * x\n")
    (tmp_path / "test_double.py").write_text(
        "from double import f\n\ndef test_f():\n    assert f(2) == 4\n"
    )
    return tmp_path


def mutant(find: str, put: str, equivalent: str = "", tests: str = "test_double.py"):
    return mutants.Mutant("double.py", find, put, tests, equivalent)


forks = pytest.mark.skipif(sys.platform == "win32", reason="Windows can't fork")


@forks
def test_survivors_are_reported(project, capsys):
    tried = {
        "killed": mutant("2 * x", "3 * x"),
        "survived": mutant("2 * x", "x * x"),
        "equivalent": mutant("0 + ", "", "0 is added"),
        "killed, so not equivalent": mutant("0 + ", "1 + ", "1 is added"),
    }
    assert mutants.run(list(tried.values()), root=project) == list(tried)
    assert "survived   double.py: 2 * x → x * x" in capsys.readouterr().out
    assert (project / "double.py").read_text().endswith("0 + 2 * x\n"), "only a copy was changed"


@forks
def test_tests_that_fail_anyway_kill_nothing(project):
    (project / "test_double.py").write_text("def test_f():\n    assert False\n")
    with pytest.raises(ValueError, match="fails without any mutant"):
        mutants.run([mutant("2 * x", "3 * x")], root=project)


@forks
@pytest.mark.parametrize(
    ("tests", "why"),
    [("nowhere.py", "ran no tests"), ("test_double.py -k other", "ran no tests")],
)
def test_tests_that_are_not_run_kill_nothing(project, tests, why):
    with pytest.raises(ValueError, match=why):
        mutants.run([mutant("2 * x", "3 * x", tests=tests)], root=project)


@forks
def test_tests_that_are_skipped_kill_nothing(project):
    skipped = "import pytest\n\ndef test_g():\n    pytest.skip('no browser')\n"
    (project / "test_double.py").write_text(skipped)
    with pytest.raises(ValueError, match=r"ran no tests: .*1 skipped"):
        mutants.run([mutant("2 * x", "3 * x")], root=project)


def test_a_missing_text_is_an_error(project):
    for find in ("4 * x", "x"):
        with pytest.raises(ValueError, match=r"found \d times, expected once"):
            mutant(find, "y").text(project)


def test_cosmic_ray_makes_further_mutants(project):
    pytest.importorskip("cosmic_ray")
    known = [mutant("0 + ", "0 - ", "unlike 2 · x, 0 has no sign")]
    made = mutants.sampled(known, 5, seed=1, root=project)
    assert len({m.text(project) for m in made}) > 2
    assert made == mutants.sampled(known, 5, seed=1, root=project)
