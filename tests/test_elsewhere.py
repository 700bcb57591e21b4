"""The table of other machines: what a row is, and how it reports pytest's results."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import elsewhere

ROOT = Path(__file__).resolve().parents[1]


def asked(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "tools/elsewhere.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )


def on(row: str, code: str, folder: Path) -> subprocess.CompletedProcess:
    """What the tool prints for a row whose only test is this code."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_it.py").write_text(code, encoding="utf-8")
    settings = ["-c", str(folder / "pytest.ini")]
    return asked("--rows", row, "--", str(folder / "test_it.py"), "-n0", *settings)


def test_two_rows_can_be_combined():
    both, other = elsewhere.chosen("slow+sse,one")
    assert both.env == elsewhere.chosen("slow")[0].env | elsewhere.chosen("sse")[0].env
    assert other.env["OMP_NUM_THREADS"] == "1"


def test_names_are_unique_and_an_unknown_one_is_named():
    assert len({row.name for row in elsewhere.ROWS}) == len(elsewhere.ROWS)
    wrong = asked("--rows", "abacus")
    assert wrong.returncode == 2
    assert "'abacus'" in wrong.stderr


def test_failures_are_listed_in_their_columns():
    failed = [
        "notebooks/05_mri_slices.ipynb::Cell 7",
        "tests/test_claims.py::test_a_few_seeds_agree_with_all_of_them[10.3]",
        "tests/test_claims.py::test_numbers_are_unique",
        "tests/test_space.py::test_it",
    ]
    expected = ["05 Cell 7", "10.3, tests/test_claims.py::test_numbers_are_unique", failed[-1]]
    assert elsewhere.columns(failed) == expected
    assert elsewhere.columns([]) == ["green"] * 3


@pytest.mark.parametrize("body", ["assert False", "1 +"])
def test_a_row_fails_if_its_tests_do(body, tmp_path):
    told = on("slow", f"def test_one():\n    {body}\n", tmp_path)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "test_it.py" in told.stdout.splitlines()[2], "the table names it"


def test_a_row_changes_what_its_tests_see(tmp_path):
    code = (
        "import os, torch\n"
        "def test_one():\n"
        "    assert os.environ['TQDM_DELAY'] == '0'\n"
        "    torch.manual_seed(0)\n"
        "    weight = torch.nn.Linear(3, 2, dtype=torch.float64).weight\n"
        f"    exact = torch.tensor({weights()}, dtype=torch.float64)\n"
        "    assert 0 < ((weight - exact) / exact).abs().max() < 1e-6\n"
    )
    told = on("slow+nudge-7", code, tmp_path)
    assert told.returncode == 0, told.stdout


def weights() -> list:
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return torch.nn.Linear(3, 2, dtype=torch.float64).weight.tolist()


def test_lowest_versions_are_those_of_the_ranges():
    lowest = [Requirement(line) for line in elsewhere.requirements("lowest", ["torch"])]
    newest = [Requirement(line) for line in elsewhere.requirements("newest", [])]
    assert [need.name for need in lowest] == [need.name for need in newest]
    for low, need in zip(lowest, newest, strict=True):
        (pin,) = low.specifier
        assert pin.operator == "=="
        assert need.specifier.contains(pin.version), low


def test_every_row_is_run_weekly():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    listed = ",".join(workflow["jobs"]["elsewhere"]["strategy"]["matrix"]["rows"])
    names = {name for row in listed.split(",") for name in row.split("+")}
    assert names == {row.name for row in elsewhere.ROWS} - {"here"}, "'here' is the test job"
