"""How long the explorers take for one step of a control.

    python benchmarks/explorers.py

For each: the median and the slowest of 50 steps in Python, from the new value to the messages that
are ready for the browser. Then, if there is a Chromium, how long it takes to draw the map anew.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from ipywidgets.embed import embed_minimal_html

from lossviz_helpers import (
    Objective,
    Slice,
    diagonal,
    model_1,
    scan,
    squared_error,
)
from lossviz_helpers.course.explorers import (
    loss_explorer,
    model_explorer,
)
from lossviz_helpers.course.scenarios import BOWL

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import widget_scripts

EVENTS = 50
TARGET = 100.0  # milliseconds for a move on a map
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu"]
# a step of the pointer: the map is drawn anew, and read back so that nothing is put off
DRAW = """(events) => {
  const canvas = document.querySelector('canvas.lv-hand'), times = [];
  for (let k = 0; k < events + 5; k++) {
    const start = performance.now();
    const key = k % 2 ? 'ArrowLeft' : 'ArrowRight';
    canvas.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    canvas.getContext('2d').getImageData(0, 0, 1, 1);
    if (k >= 5) times.push(performance.now() - start);
  }
  return times;
}"""


def report(what: str, milliseconds: list[float]) -> float:
    """Print the median and the slowest; return the median."""
    median = statistics.median(milliseconds)
    print(
        f"{what}: median of {len(milliseconds)} events {median:.1f} ms, "
        f"slowest {max(milliseconds):.1f} ms",
        flush=True,
    )
    return median


def steps(move: Callable[[int], None]) -> list[float]:
    """Milliseconds of each step, after five to warm up."""
    times = []
    for k in range(EVENTS + 5):
        start = time.perf_counter()
        move(k)
        times.append(1000 * (time.perf_counter() - start))
    return times[5:]


def setter(part, trait: str, values: list) -> Callable[[int], None]:
    """Set a part's trait to one value after another, to and fro."""
    return lambda k: setattr(part, trait, values[k % len(values)])


def drawing(explorer) -> list[float] | None:
    """Milliseconds to draw the first panel of an explorer in a browser; None without one."""
    chromium = os.environ.get("LOSSVIZ_CHROMIUM") or shutil.which("chromium")
    if chromium is None or shutil.which("npm") is None:
        return None
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "page.html"
        widget_scripts.fetch(page.parent)
        embed_minimal_html(page, [explorer])
        page.write_text(widget_scripts.localise(page.read_text(), ""))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = browser.new_page(viewport={"width": 1000, "height": 800})
        tab.goto(page.as_uri())
        tab.wait_for_selector(".lv-readout:not(:empty)")
        times = tab.evaluate(DRAW, EVENTS)
        browser.close()
    return times


def main() -> int:
    L1 = Objective(model_1(), diagonal(), squared_error)
    plane = Slice(torch.zeros(2), torch.eye(2), extent=BOWL.window)

    losses = loss_explorer()
    report(
        "losses, a step of the output", steps(setter(losses["output"], "value", [-1.0, 0.5, 2.0]))
    )
    models = model_explorer(L1, scan(L1, plane, 101))
    step = report(
        "models, a move on the map", steps(setter(models["map"], "pointer", [(0, 0), (1, 1)]))
    )
    if drawn := drawing(models):
        step += report("models, drawing the map in the browser", drawn)
    return 0 if step < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
