"""A progress bar in JupyterLab and Notebook 7: there while something runs, then gone.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM.
"""

import nbformat
import pytest

from .lab import KERNEL, SECOND, serve

pytestmark = pytest.mark.browser

HALF_DONE = """
import os, time
from pathlib import Path
from lossviz_helpers._evaluation.progress import progress_bar

os.environ["TQDM_DELAY"] = "0"
print("before")
with progress_bar(200, "models") as bar:
    bar.mininterval = 0
    bar.update(100)
    while not Path("go_on").exists():
        time.sleep(0.1)
    bar.update(100)
print("after")
"""


@pytest.fixture(params=["jupyterlab", "notebook"])
def jupyter(request, tmp_path):
    """An application with that one notebook."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(HALF_DONE)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "n.ipynb")
    yield from serve(tmp_path, request.param)


def test_it_is_seen_while_it_runs_and_then_gone(browser, jupyter, tmp_path):
    page = jupyter.open(browser, "n.ipynb")
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    outputs = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea")
    outputs.get_by_text("50% | 100/200").wait_for(timeout=60 * SECOND)
    bar = outputs.locator("progress")
    assert bar.evaluate("(bar) => bar.position") == 0.5

    (tmp_path / "go_on").touch()
    outputs.get_by_text("after").wait_for()
    page.wait_for_function(f"{KERNEL} === 'idle'")
    bar.wait_for(state="detached")
    assert outputs.inner_text().split() == ["before", "after"]
    jupyter.close(page)
    jupyter.check()
