"""A progress bar is seen by whoever waits, and never part of a result."""

import copy
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbclient
import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import notebooks as tool

ROOT = Path(__file__).resolve().parents[1]
NOW, NEVER = (
    "0",
    "1000000",
)  # seconds after which a bar appears: those of a slow machine, a fast one
SCAN = """import torch
from lossviz_helpers import Objective, Slice, diagonal, model_1, scan, squared_error

print("before")
L = Objective(model_1(), diagonal(), squared_error, budget=2**16)
land = scan(L, Slice(torch.zeros(2), torch.eye(2)), resolution=(20, 30))
print("after")
land.loss.shape"""
VIEW = "application/vnd.jupyter.widget-view+json"


def environment(delay: str) -> dict[str, str]:
    return os.environ | {"TQDM_DELAY": delay, "TQDM_MININTERVAL": "0", "PYTHONPATH": str(ROOT)}


class Listening(nbclient.NotebookClient):
    """Keeps everything that the kernel says to whoever watches."""

    def process_message(self, msg, cell, cell_index):
        self.heard = [*getattr(self, "heard", []), (msg["msg_type"], msg["content"])]
        return super().process_message(msg, cell, cell_index)


@cache
def executed(delay: str) -> Listening:
    """A notebook's run by whatever executes notebooks; the reference for the other runs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SCAN)])
    client = Listening(notebook)
    client.execute(env=environment(delay))
    return client


@cache
def in_a_terminal(delay: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", SCAN]
    return subprocess.run(
        command, env=environment(delay), capture_output=True, encoding="utf-8", check=True
    )


def test_a_terminal_shows_it_on_stderr():
    assert "600/600 [" in in_a_terminal(NOW).stderr
    assert in_a_terminal(NEVER).stderr == ""
    assert in_a_terminal(NOW).stdout == in_a_terminal(NEVER).stdout == "before\nafter\n"


def test_a_notebook_shows_a_widget_that_disappears():
    heard = executed(NOW).heard
    (shown,) = (content for kind, content in heard if kind == "display_data")
    assert list(shown["data"]) == [VIEW]
    states = [c["data"].get("state", {}) for kind, c in heard if kind == "comm_msg"]
    bars = [re.match('<progress value="(.*)" max="600">', s.get("value", "")) for s in states]
    counts = [int(bar[1]) for bar in bars if bar]
    assert counts == sorted(counts)
    assert counts[-1] == 600, "the bar gets to its end"
    (last,) = (content for kind, content in heard if kind == "update_display_data")
    assert last["data"] == {}
    assert last["transient"] == shown["transient"], "it is the bar that goes"
    opened = sorted(c["comm_id"] for kind, c in heard if kind == "comm_open")
    assert opened == sorted(c["comm_id"] for kind, c in heard if kind == "comm_close")


def test_a_bar_costs_few_messages():
    """A cell may show a hundred, and ZeroMQ drops what is more than some thousands unread."""
    kinds = [kind for kind, _ in executed(NOW).heard if kind.startswith(("comm", "display"))]
    updates = kinds.count("comm_msg")
    assert len(kinds) - updates == 2 * 3 + 1, "a widget, its layout and style, shown once"


def test_a_short_scan_makes_no_widget():
    assert not {k for k, _ in executed(NEVER).heard if k.startswith(("comm", "display", "update"))}


@pytest.mark.parametrize(
    ("reference", "machine"), [(NEVER, NOW), (NOW, NEVER)], ids=["slower", "faster"]
)
def test_a_notebook_passes_on_machines_of_different_speed(reference, machine, tmp_path):
    nbformat.write(executed(reference).nb, tmp_path / "n.ipynb")
    sanitize = ROOT / "tests" / "nbval_sanitize.cfg"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider",
         f"--nbval-sanitize-with={sanitize}", f"--rootdir={tmp_path}", "n.ipynb"],
        cwd=tmp_path, env=environment(machine), capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout


def test_no_bar_is_committed():
    slow, fast = (copy.deepcopy(executed(delay).nb) for delay in (NOW, NEVER))
    for notebook in (slow, fast):
        tool.clean(notebook)
    for output in slow.cells[0].outputs:
        assert output.output_type in ("stream", "execute_result")
    assert "widgets" not in slow.metadata
    assert text(slow) == text(fast) == "before\nafter\n(20, 30)"


def text(notebook) -> str:
    """What a notebook's only cell prints and returns."""
    parts = notebook.cells[0].outputs
    return "".join(p.text if p.output_type == "stream" else p.data["text/plain"] for p in parts)


def test_no_bar_is_shown_if_none_is_wanted(capsys, monkeypatch):
    from lossviz_helpers._evaluation.progress import progress_bar

    monkeypatch.setenv("TQDM_DELAY", NOW)
    with progress_bar(10, "models", show=False) as bar:
        bar.update(10)
    assert capsys.readouterr() == ("", "")
