"""How fast the volume viewer is in a browser.

    python benchmarks/viewer.py

Prints, for 50 steps of a 64³ volume along each axis, how long the cut that changes takes to be
drawn, and how long the whole step takes, with all three cuts, the cube, the colour bar and the
readings; in both cases the pictures are read back, so that nothing is put off. Then how long a
saved page takes from being opened to its first picture, how large a 40³ page is beside its scripts,
and how long JupyterLab takes from running a cell to the first picture. Needs Chromium and npm.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import torch
from ipywidgets.embed import embed_minimal_html
from playwright.sync_api import sync_playwright

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import VolumeViewer

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import widget_scripts
from browser.lab import CHROMIUM, FLAGS, serve

EVENTS = 50
RUNS = 9  # of a cell, and of opening a page
TARGETS = {"step": 5.0, "first picture": 1000.0, "page": 1e6}
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

# drawing one cut, with its canvas read back: put around the viewer's own function, on one page only
DRAW = "function drawCut(viewer, panel) {"
TIMED = f"""function drawCut(viewer, panel) {{
  const changed = panel.shown !== viewer.index[panel.cut.fixed];
  const start = performance.now();
  drawCutUntimed(viewer, panel);
  panel.ctx.getImageData(0, 0, 1, 1);
  if (changed) (window.cuts ??= []).push(performance.now() - start);
}}
{DRAW.replace("drawCut", "drawCutUntimed")}"""
# from the command that runs the active cell to the frame after its first picture
RUN = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
  await frame();
  const start = performance.now();
  jupyterapp.commands.execute("notebook:run-cell");
  while (!document.querySelector(".lv-loss:not(:empty)")) await frame();
  await frame();
  return performance.now() - start;
}"""
PREPARE = """
import sys
sys.path.insert(0, {here!r})
from viewer import VolumeViewer, volume
made = {{n: volume(n) for n in (40, 64)}}
"""


def volume(n: int) -> tuple[Landscape, Trajectory]:
    """A volume of n³ losses with two basins, and a path between them."""
    axis = np.linspace(-1, 1, n)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    loss = 0.05 + np.minimum((x - 0.5) ** 2 + y**2 + z**2, 0.1 + (x + 0.5) ** 2 + (y - z) ** 2)
    view = Slice(torch.zeros(13), torch.eye(13)[:3])
    s = torch.linspace(0, 1, 1000)
    points = torch.zeros(1000, 13)
    points[:, 0], points[:, 1], points[:, 2] = s - 0.5, torch.sin(5 * s) / 2, torch.cos(5 * s) / 2
    path = Trajectory(points, s.flip(0), torch.arange(1000))
    return Landscape((axis,) * 3, loss, view), path


def viewer(n: int) -> VolumeViewer:
    return VolumeViewer(*volume(n), contour=0.2)


def timed(n: int) -> VolumeViewer:
    """The same, with the time of each changed cut noted."""
    widget = viewer(n)
    assert widget._esm.count(DRAW) == 1
    widget._esm = widget._esm.replace(DRAW, TIMED)
    return widget


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


def report(what: str, milliseconds: list[float]) -> float:
    """Print the median and the slowest; return the median."""
    median = statistics.median(milliseconds)
    digits = 1 if median < 100 else 0
    print(
        f"{what}: median of {len(milliseconds)} events {median:.{digits}f} ms, "
        f"slowest {max(milliseconds):.{digits}f} ms",
        flush=True,
    )
    return median


def step(browser, large: Path, timed: Path) -> float:
    """Steps along each axis; returns the slowest median of whole steps, once the page is warm."""
    slowest = 0.0
    for page in (timed, large):
        tab = browser.new_page(viewport={"width": 1000, "height": 800})
        tab.goto(page.as_uri())
        tab.wait_for_selector(".lv-loss:not(:empty)")
        first = [read for _, read in tab.evaluate(STEPS, [2, EVENTS])]
        if page is large:  # scripts are still being compiled
            report("64³, everything, just after the page was opened", first)
        for axis, name in enumerate(("α₁", "α₂", "α₃")):
            done = [read for _, read in tab.evaluate(STEPS, [axis, EVENTS])]
            if page is timed:
                cuts = tab.evaluate("window.cuts")[-EVENTS:]
                report(f"64³, a step along {name}, the cut that changes", cuts)
            else:
                slowest = max(slowest, report(f"64³, a step along {name}, everything", done))
        tab.close()
    return slowest


def in_jupyterlab(browser, folder: Path) -> float:
    """From running a cell to its first picture; returns the slower median of two sizes."""
    cells = [
        PREPARE.format(here=str(Path(__file__).parent)),
        *(f"VolumeViewer(*made[{n}], contour=0.2)" for n in (40, 64)),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "viewer.ipynb")
    server = serve(folder)
    jupyter = next(server)
    tab = jupyter.open(browser, "viewer.ipynb")
    activate = "(i) => void (jupyterapp.shell.currentWidget.content.activeCellIndex = i)"
    tab.evaluate(activate, 0)
    tab.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    medians = []
    for i, n in ((1, 40), (2, 64)):
        tab.evaluate(activate, i)
        times = [tab.evaluate(RUN) for _ in range(RUNS)]
        medians.append(report(f"{n}³ in JupyterLab, from running the cell to the picture", times))
        if i == 1:
            print(f"    the first of them {times[0]:.0f} ms")
    tab.close()
    next(server, None)
    return max(medians)


def main() -> int:
    if CHROMIUM is None:
        print("no Chromium: install it, or name it in LOSSVIZ_CHROMIUM")
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        widget_scripts.fetch(folder)
        small = save(viewer(40), folder / "small.html")
        large = save(viewer(64), folder / "large.html")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        slowest = step(browser, large, save(timed(64), folder / "timed.html"))
        opened = report(
            "40³ page, first picture", [first_picture(browser, small) for _ in range(RUNS)]
        )
        size = small.stat().st_size
        print(f"40³ page: {size / 1e3:.0f} kB, beside scripts shared by all pages")
        ran = in_jupyterlab(browser, folder)
        browser.close()
    fast = slowest < TARGETS["step"] and max(opened, ran) < TARGETS["first picture"]
    return 0 if fast and size < TARGETS["page"] else 1


if __name__ == "__main__":
    sys.exit(main())
