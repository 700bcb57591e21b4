"""A real browser and a running JupyterLab, for tests."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

CHROMIUM = (
    os.environ.get("LOSSVIZ_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
)
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(folder: Path) -> Iterator[str]:
    """JupyterLab on a folder, with nobody's settings; yields its address, and stops it."""
    port = free_port()
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_DATA_DIR": str(folder)}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root",
         "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
         "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            ask(address, "status")
            break
        except OSError:
            time.sleep(0.5)
    yield address
    server.terminate()
    server.wait(20)


def ask(address: str, what: str, method: str = "GET"):
    """What Jupyter's server answers."""
    request = urllib.request.Request(f"{address}/api/{what}", method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


def wait_for_kernel(address: str) -> None:
    """Until a kernel runs, idle, and the notebook is connected to it."""
    kernels = []
    for _ in range(240):
        try:
            kernels = ask(address, "kernels")
        except OSError:  # asked while a kernel was starting
            kernels = []
        if any(k["execution_state"] == "idle" and k["connections"] for k in kernels):
            return
        time.sleep(0.5)
    raise AssertionError(f"no kernel is ready: {kernels}")


def stop_kernels(address: str) -> None:
    """Free the memory of notebooks that were closed."""
    for session in ask(address, "sessions"):
        ask(address, f"sessions/{session['id']}", "DELETE")
