"""How fast the volume viewer is in a browser.

    python benchmarks/viewer.py

Prints the median and the slowest of 50 steps of a 64³ volume along each axis (all three cuts, the
cube, the colour bar and the readings, with the picture read back so that nothing is put off), the
time from opening a saved page to its first picture, and the size of a 40³ page beside its scripts.
Needs Chromium and npm.
"""

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from ipywidgets.embed import embed_minimal_html
from playwright.sync_api import sync_playwright

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import VolumeViewer

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import widget_scripts

EVENTS = 50
TARGETS = {"step": 5.0, "first picture": 1000.0, "page": 1e6}
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
# one step of a slider, to and fro through the volume, until every canvas can be read
STEPS = """([axis, events]) => {
  const input = document.querySelectorAll('.lv-row input[type=range]')[axis];
  const canvases = [...document.querySelectorAll('.lv-panel canvas')];
  const end = Number(input.max), times = [];
  for (let k = 0; k < events + 20; k++) {
    const start = performance.now();
    input.value = Math.abs((k % (2 * end)) - end);
    input.dispatchEvent(new Event('input', {bubbles: true}));
    const drawn = performance.now();
    for (const c of canvases) c.getContext('2d').getImageData(0, 0, 1, 1);
    if (k >= 20) times.push([drawn - start, performance.now() - start]);
  }
  return times;
}"""


def viewer(n: int) -> VolumeViewer:
    """A volume of n³ losses with two basins, and a path between them."""
    axis = np.linspace(-1, 1, n)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    loss = 0.05 + np.minimum((x - 0.5) ** 2 + y**2 + z**2, 0.1 + (x + 0.5) ** 2 + (y - z) ** 2)
    view = Slice(torch.zeros(13), torch.eye(13)[:3])
    s = torch.linspace(0, 1, 1000)
    points = torch.zeros(1000, 13)
    points[:, 0], points[:, 1], points[:, 2] = s - 0.5, torch.sin(5 * s) / 2, torch.cos(5 * s) / 2
    path = Trajectory(points, s.flip(0), torch.arange(1000))
    return VolumeViewer(Landscape((axis,) * 3, loss, view), path, contour=0.2)


def save(widget: VolumeViewer, page: Path) -> Path:
    """A page that needs only the scripts beside it."""
    embed_minimal_html(page, [widget])
    page.write_text(widget_scripts.localise(page.read_text(), ""))
    return page


def first_picture(browser, page: Path) -> float:
    """Milliseconds from opening a page to coloured cuts, everything loaded from disk."""
    tab = browser.new_page(viewport={"width": 1000, "height": 800})
    tab.goto(page.as_uri(), wait_until="commit")
    tab.wait_for_function("document.querySelector('.lv-loss')?.textContent", polling=5)
    milliseconds = tab.evaluate("performance.now()")
    tab.close()
    return milliseconds


def main() -> int:
    chromium = os.environ.get("LOSSVIZ_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium: install it, or name it in LOSSVIZ_CHROMIUM")
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        widget_scripts.fetch(folder)
        small, large = (save(viewer(n), folder / f"{n}.html") for n in (40, 64))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = browser.new_page(viewport={"width": 1000, "height": 800})
        tab.goto(large.as_uri())
        tab.wait_for_selector(".lv-loss:not(:empty)")
        slowest = 0.0
        for axis, name in enumerate(("α₁", "α₂", "α₃")):
            drawn, done = zip(*tab.evaluate(STEPS, [axis, EVENTS]), strict=True)
            median = statistics.median(done)
            slowest = max(slowest, median)
            print(
                f"64³, a step along {name}: median of {EVENTS} events {median:.1f} ms "
                f"({statistics.median(drawn):.1f} ms until drawn, slowest {max(done):.1f} ms)"
            )
        opened = [first_picture(browser, small) for _ in range(5)]
        browser.close()
        print(
            f"40³ page, first picture: median of {len(opened)} {statistics.median(opened):.0f} ms"
        )
        size = small.stat().st_size
        print(f"40³ page: {size / 1e3:.0f} kB, beside scripts shared by all pages")
    fast = slowest < TARGETS["step"]
    fast &= statistics.median(opened) < TARGETS["first picture"] and size < TARGETS["page"]
    return 0 if fast else 1


if __name__ == "__main__":
    sys.exit(main())
