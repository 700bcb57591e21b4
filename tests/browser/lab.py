"""A real browser and a running Jupyter, for tests."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ipywidgets.embed import embed_minimal_html

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import widget_scripts

CHROMIUM = (
    os.environ.get("LOSSVIZ_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
)
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECOND = 1000
LONG = 600 * SECOND  # until the cells of a chapter have run, with others on the same cores
# where each application shows a notebook
PLACES = {"jupyterlab": "lab/tree/{}?reset", "notebook": "notebooks/{}"}
# JupyterLab says nothing on its own. Notebook 7 does, in an empty notebook too: one of its own
# scripts asks for settings that only JupyterLab has. Widgets' scripts have other addresses (blob:).
HARMLESS = (
    r"^TypeError: Cannot read properties of undefined \(reading 'schema'\)\n"
    r"\s+at http://\S+/static/notebook/notebook_core\.",
)
# the notebook on the page, and its kernel
PANEL = "window.jupyterapp?.shell.currentWidget"
KERNEL = f"{PANEL}?.sessionContext?.session?.kernel?.status"
# the menu only starts the cells; what it started says when all are done, and whether all went well
LISTEN = """() => {
  window.ranAll = undefined;
  jupyterapp.commands.commandExecuted.connect((_, { id, result }) => {
    if (id === "notebook:run-all-cells") result.then((well) => (window.ranAll = Boolean(well)));
  });
}"""
FAILURES = f"""() => [...{PANEL}.content.model.cells]
  .flatMap((cell) => cell.type === "code" ? cell.sharedModel.getOutputs() : [])
  .filter((output) => output.output_type === "error")
  .map(({{ ename, evalue }}) => `${{ename}}: ${{evalue}}`)"""


def save_page(file: Path, widget) -> None:
    """Save a widget as a page that needs no kernel and no network."""
    if shutil.which("npm") is None:
        pytest.skip("no npm: install Node.js, which brings it")
    widget_scripts.fetch(file.parent)
    embed_minimal_html(file, [widget])
    text = widget_scripts.localise(file.read_text(encoding="utf-8"), "")
    file.write_text(text, encoding="utf-8")


def watch(page) -> list[str]:
    """What goes wrong on a page: errors, and requests that leave the machine."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: m.type == "error" and wrong.append(m.text))
    page.on(
        "request",
        lambda r: re.match(r"(file|blob|data):", r.url) or wrong.append(f"request: {r.url}"),
    )
    return wrong


@dataclass
class Jupyter:
    """JupyterLab or Notebook 7, running, and what went wrong on its pages."""

    address: str
    application: str
    wrong: list[str] = field(default_factory=list)

    def ask(self, what: str, method: str = "GET"):
        """What the server answers."""
        request = urllib.request.Request(f"{self.address}/api/{what}", method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")

    def open(self, browser, name: str):
        """A page with a notebook, and a kernel that waits for its first cell."""
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.on("pageerror", lambda error: self.wrong.append(error.stack or str(error)))
        page.on(
            "console",
            lambda m: m.type == "error" and self.wrong.append(f"{m.text} ({m.location['url']})"),
        )
        page.goto(f"{self.address}/{PLACES[self.application].format(name)}")
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=60 * SECOND)
        page.wait_for_function(f"{KERNEL} === 'idle'", timeout=60 * SECOND)
        return page

    def run_all(self, page) -> None:
        """Run All Cells from the menu; returns when the last one is done."""
        page.evaluate(LISTEN)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function("window.ranAll !== undefined", timeout=LONG)
        page.wait_for_function(f"{KERNEL} === 'idle'")
        assert page.evaluate("window.ranAll"), page.evaluate(FAILURES)

    def show_cell(self, page, words: str) -> None:
        """Scroll to the code cell whose source has these words."""
        page.evaluate(
            f"""(words) => {{
              const notebook = {PANEL}.content;
              const found = notebook.widgets.findIndex((cell) =>
                cell.model.type === "code" && cell.model.sharedModel.getSource().includes(words));
              notebook.activeCellIndex = found;
              return notebook.scrollToItem(found, "start");
            }}""",
            words,
        )

    def close(self, page) -> None:
        """Close a page, and free the memory of its kernel."""
        page.close()
        for session in self.ask("sessions"):
            self.ask(f"sessions/{session['id']}", "DELETE")

    def check(self) -> None:
        """Nothing may have gone wrong since the last check."""
        wrong, self.wrong = self.wrong, []
        assert not [text for text in wrong if not any(re.search(h, text) for h in HARMLESS)]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(folder: Path, application: str = "jupyterlab") -> Iterator[Jupyter]:
    """JupyterLab, or Notebook 7, on a folder, with default settings; stops it at the end."""
    settings = folder / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)  # no question about news in front of what is tested
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    port = free_port()
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_DATA_DIR": str(folder)}
    server = subprocess.Popen(
        [sys.executable, "-m", application, "--no-browser", f"--port={port}", "--allow-root",
         "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
         "--expose-app-in-browser",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    jupyter = Jupyter(f"http://127.0.0.1:{port}", application)
    for _ in range(240):
        try:
            jupyter.ask("status")
            break
        except OSError:
            time.sleep(0.5)
    yield jupyter
    server.terminate()
    server.wait(20)
