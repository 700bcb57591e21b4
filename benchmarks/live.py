"""How smooth the explorers are that compute in the browser.

    python benchmarks/live.py

Prints, for each, how long a saved page takes from its script to the first fine map, and how long
the work of a frame takes while a slider is dragged: the median, the 95th percentile and the longest
of all frames, in milliseconds. At 60 frames a second there are 16.7. Needs Chromium and npm.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import torch
from playwright.sync_api import sync_playwright

from lossviz_helpers import Objective, descend, diagonal, model_1, model_3, squared_error, xor
from lossviz_helpers.course.explorers import (
    bend_explorer,
    line_explorer,
    loss_explorer,
    noise_explorer,
    rate_explorer,
    rho_explorer,
    saddle_explorer,
    tilt_explorer,
)
from lossviz_helpers.course.measured import measured
from lossviz_helpers.course.scenarios import BOWL, WALK, chosen_walk

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser.lab import CHROMIUM, FLAGS, save_page

MOVES = 60
# every callback of a frame is timed, and so is every event of a slider
TIMED = """
window.spent = [];
const plain = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (act) => plain((now) => {
  const start = performance.now();
  act(now);
  window.spent.push(performance.now() - start);
});
"""
DRAG = """async ([name, moves]) => {
  const input = [...document.querySelectorAll("input[type=range]")]
    .find((one) => one.getAttribute("aria-label") === name);
  const frame = () => new Promise((act) => setTimeout(act, 17));
  const events = [];
  window.spent.length = 0;
  for (let k = 0; k < moves; k++) {
    input.value = Math.round((k / moves) * input.max);
    const start = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    events.push(performance.now() - start);
    await frame();
  }
  return [window.spent.filter((ms) => ms > 0.2), events];
}"""


def main() -> None:
    L = Objective(model_3(seed=WALK.seed), xor(), squared_error)
    walk = descend(L, L.point(), steps=240, lr=WALK.lr)
    bowl = Objective(model_1(), diagonal(), squared_error)
    explorers = {
        "saddle_explorer": (saddle_explorer(L, walk), "point of the walk"),
        "rate_explorer, Model 1": (rate_explorer(bowl, torch.tensor(BOWL.start)), "learning rate"),
        "loss_explorer": (loss_explorer(), "output ŷ"),
        "line_explorer": (line_explorer(L, walk.start, walk.end), "α"),
        "tilt_explorer": (tilt_explorer(*chosen_walk(), extent=WALK.plane), "angle"),
        "noise_explorer": (noise_explorer(measured("07_noise")), "epoch"),
        "rho_explorer": (rho_explorer(measured("11_rho")), "ρ"),
        "bend_explorer": (bend_explorer(measured("12_bend")), "bend"),
        "rate_explorer, Model 3": (rate_explorer(L, walk.start, steps=1000), "learning rate"),
    }
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, (explorer, slider) in explorers.items():
            file = Path(folder) / "page.html"
            save_page(file, explorer)
            page = browser.new_page(viewport={"width": 1024, "height": 900})
            page.add_init_script(TIMED)
            page.goto(file.as_uri())
            page.wait_for_selector(".lv-live")
            start = page.evaluate("performance.now()")
            page.wait_for_selector(".lv-live[data-grid=fine]", timeout=60_000)
            first = page.evaluate("performance.now()") - start
            for what, times in zip(
                ("frames", "events"), page.evaluate(DRAG, [slider, MOVES]), strict=True
            ):
                p95 = statistics.quantiles(times, n=20)[-1]
                print(
                    f"{name:24}{what:8}median {statistics.median(times):5.1f}   "
                    f"95% {p95:5.1f}   longest {max(times):5.1f} ms   ({len(times)})"
                )
            print(f"{name:24}from its card to the fine map: {first:.0f} ms")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
