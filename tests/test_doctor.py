"""The doctor finds nothing on a healthy machine, and says what to do on a broken one."""

import importlib
import subprocess
import sys
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
doctor = importlib.import_module("lossviz_helpers.doctor")  # the module, not the function

HEALTHY = """\
✓ Python is 3.11 or newer
✓ Every package is installed, in a compatible version
✓ PyTorch computes values and gradients
✓ At least 1 GB of memory
✓ Notebooks and package match
Everything is ready.
"""


def test_a_healthy_machine_always_prints_the_same(capsys):
    assert doctor.doctor() is None  # a value would clutter the notebook
    assert capsys.readouterr().out == HEALTHY


def test_verbose_adds_the_facts(capsys):
    doctor.doctor(verbose=True)
    text = capsys.readouterr().out
    assert [line for line in text.splitlines() if line[0] != " "] == HEALTHY.splitlines()
    assert f"torch {metadata.version('torch')}" in text
    assert "threads: " in text
    assert "GB" in text


@pytest.mark.parametrize("how", [["-m", "lossviz_helpers.doctor"], ["lossviz_helpers/doctor.py"]])
def test_it_runs_in_a_terminal(how):
    run = subprocess.run([sys.executable, *how], cwd=ROOT, capture_output=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert b"Everything is ready." in run.stdout


def test_a_terminal_gets_exit_code_1_when_something_is_wrong(monkeypatch):
    monkeypatch.setenv("MEM_LIMIT", "500000000")
    run = subprocess.run([sys.executable, doctor.__file__], capture_output=True)
    assert run.returncode == 1
    assert b"MEM_LIMIT: 0.5 GB" in run.stdout


def test_it_reports_an_old_python(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (4, 0))
    doctor.doctor()
    text = capsys.readouterr().out
    assert "✗ Python" in text
    assert "To do: install Python" in text
    assert text.endswith("1 of 5 checks failed.\n")


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("numpy>=99", "expected >=99"),
        ("no-such-package", "no-such-package is not installed"),
        ("no-such-package; extra == 'test'", ""),
    ],
)
def test_it_reports_packages(monkeypatch, requirement, said):
    monkeypatch.setattr(metadata, "requires", lambda name: [requirement])
    check = doctor._packages()
    assert check.ok == (not said)
    assert said in check.facts


NEEDS = ["numpy", "no-such-widget>=8; extra == 'notebooks'"]


def test_a_checkout_needs_what_its_notebooks_need(monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda name: NEEDS)
    check = doctor._packages()
    assert not check.ok
    assert "no-such-widget is not installed" in check.facts
    assert "[notebooks,test]" in check.remedy


def test_the_package_alone_needs_no_widgets_but_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(doctor, "WITH_NOTEBOOKS", False)
    monkeypatch.setattr(metadata, "requires", lambda name: NEEDS)
    check = doctor._packages()
    assert check.ok
    assert "no-such-widget is not installed" in check.facts
    assert 'pip install "lossviz-helpers[notebooks]"' in check.facts


def test_it_reports_a_package_that_does_not_import(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.setattr(metadata, "requires", lambda name: ["numpy"])
    check = doctor._packages()
    assert not check.ok
    assert "can't be imported" in check.facts


def test_it_reports_that_the_package_is_not_installed(monkeypatch):
    monkeypatch.setattr(doctor, "PACKAGE", "no-such-package")
    check = doctor._packages()
    assert not check.ok
    assert "no-such-package" in check.facts
    assert "pip install" in check.remedy


def test_it_reports_a_broken_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    check = doctor._torch()
    assert not check.ok
    assert "torch" in check.facts


def test_the_lowest_limit_counts(monkeypatch):
    def limits():
        return [("physical", 16 * 10**9), ("RLIMIT_DATA", 10**9 - 1)]

    monkeypatch.setattr(doctor, "_memory_limits", limits)
    check = doctor._memory()
    assert not check.ok
    assert "RLIMIT_DATA" in check.facts


def test_it_reads_every_limit(monkeypatch):
    memory = namedtuple("memory", "total")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory(7 * 10**9))
    monkeypatch.setattr(doctor, "_read", lambda path: "5000000000")
    monkeypatch.setenv("MEM_LIMIT", "3000000000")
    limits = dict(doctor._memory_limits())
    assert limits["physical"] == 7 * 10**9
    assert limits["container"] == 5 * 10**9
    assert limits["MEM_LIMIT"] == 3 * 10**9


@pytest.mark.parametrize("unlimited", ["max", "", str(2**63 - 4096)])
def test_a_container_without_a_limit_has_none(monkeypatch, unlimited):
    monkeypatch.setattr(doctor, "_read", lambda path: unlimited)
    assert "container" not in dict(doctor._memory_limits())


def test_a_process_limit_counts(monkeypatch):
    resource = pytest.importorskip("resource", reason="Windows has no such limits")
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (123, 456))
    assert dict(doctor._memory_limits())["RLIMIT_DATA"] == 123


def test_it_reports_notebooks_from_another_checkout(monkeypatch, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_start_here.ipynb").touch()
    monkeypatch.chdir(tmp_path / "notebooks")
    check = doctor._checkout()
    assert not check.ok
    assert str(tmp_path) in check.remedy
