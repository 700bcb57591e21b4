"""The explorers that compute in the browser: saved pages without kernel and network, JupyterLab.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import re

import nbformat
import numpy as np
import pytest
import torch

from lossviz_helpers import (
    Slice,
    descend,
    gradient,
    hessian,
    scan,
)
from lossviz_helpers.course.explorers import rate_explorer, saddle_explorer
from lossviz_helpers.course.scenarios import BOWL
from lossviz_helpers.widgets.canvas import colour_bytes

from .lab import SECOND, serve, watch
from .live import AT, PAGES, bowl, net, number, picture, press, settle, words

pytestmark = pytest.mark.browser

SIZES = [(1440, "light"), (1024, "dark"), (390, "light"), (390, "dark")]
each_size = pytest.mark.parametrize(("width", "theme"), SIZES)
each = pytest.mark.parametrize("name", PAGES)
NOTEBOOK = """
from lossviz_helpers import Objective, descend, model_3, squared_error, xor
from lossviz_helpers.course.explorers import saddle_explorer
L = Objective(model_3(), xor(), squared_error)
explorer = saddle_explorer(L, descend(L, L.point(), steps=100), at=3)
explorer
"""

# answers while the page acts: printed below the cell that waits for it
ANSWER = """
import ipywidgets
out = ipywidgets.Label()
explorer.observe(lambda change: setattr(out, "value", f"Python has seen {change.new}"), "at")
out
"""


MAP = ".lv-saddle canvas.lv-hand"
SURFACE = ".lv-saddle canvas.lv-turn"
BARS = ".lv-bars button"


# Every explorer


@each
@each_size
def test_it_fits_and_has_the_theme_of_the_page(open_page, name, width, theme):
    page = open_page(name, width, theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    card = page.locator(".lv-live")
    assert card.get_attribute("data-theme") == theme
    for part in page.locator(".lv-live :is(canvas, button, input, p, figcaption)").all():
        box = part.bounding_box()
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= width + 0.5)
    for canvas in page.locator(".lv-live figure > canvas:visible").all():
        colours = canvas.evaluate(
            """c => new Set(new Uint32Array(
              c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"""
        )
        assert colours > 20, "something is drawn"


@each
@each_size
def test_it_is_accessible(open_page, name, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(name, width, theme)
    # a saved page is a fragment: what a whole page needs isn't the explorer's
    found = Axe().run(page, context=".lv-live", options={"preload": False}).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in serious]


@each
def test_every_control_can_be_reached_by_tab(open_page, name):
    page = open_page(name)
    controls = (
        "[...document.querySelectorAll("
        "'.lv-live :is(input, select, button:not([tabindex=\"-1\"]), canvas[tabindex])')]"
        ".filter((control) => !control.disabled)"
    )
    seen = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        index = page.evaluate(f"{controls}.indexOf(document.activeElement)")
        if index >= 0:
            seen.add(index)
    assert len(seen) == page.evaluate(f"{controls}.length")


# saddle_explorer


def test_what_is_written_is_what_pytorch_computes(open_page):
    page = open_page("saddle")
    L, walk = net()
    theta = walk.points[AT]
    values = torch.linalg.eigvalsh(hessian(L, theta))
    assert number(words(page), "L = ") == pytest.approx(L(theta).item(), rel=5e-3)
    slope = gradient(L, theta).norm().item()
    assert number(words(page), "the gradient has length ") == pytest.approx(slope, rel=5e-3)
    down = int((values < -5e-3 * values.abs().max()).sum())
    assert f"along {down} of the 13 eigenvectors" in words(page)
    names = [bar.get_attribute("aria-label") for bar in page.locator(BARS).all()]
    shown = [number(name.replace("−", "-"), " = ") for name in names]
    assert shown == pytest.approx(values.tolist(), rel=6e-2, abs=1e-9)


def test_the_map_has_the_colours_of_pytorchs_losses(open_page):
    page = open_page("saddle")
    L, walk = net()
    theta = walk.points[AT]
    vectors = torch.linalg.eigh(hessian(L, theta)).eigenvectors.T
    land = scan(L, Slice(theta, vectors[[0, 11]]), 51, ((-1, 1), (-1, 1)), progress=False)
    table = np.frombuffer(colour_bytes(), np.uint8).reshape(256, 3).astype(int)
    low, high = land.loss.min(), np.sort(land.loss.flatten())[int(0.97 * 2600)]
    places = [(8, 30), (20, 40), (33, 12), (38, 36), (15, 15), (43, 29)]
    parts = [(land.loss[place] - low) / (high - low) for place in places]
    expected = table[[round(255 * min(part, 1)) for part in parts]]
    axis, errors = land.axes[0], []
    for a, b in [(1, 1), (1, -1), (-1, 1), (-1, -1)]:  # an eigenvector may have either sign
        seen = np.array([colour_at(page, a * axis[i], b * axis[j]) for i, j in places])
        # faint contours cross some of the places
        errors.append(float(np.median(np.abs(seen - expected).max(axis=1))))
    right, other, *_ = sorted(errors)
    assert right < 3
    assert other > 10


def colour_at(page, alpha1: float, alpha2: float) -> list[int]:
    """The map's colour at a point of the window ±1 across."""
    return page.evaluate(
        """([which, a, b]) => {
          const c = document.querySelector(which), ratio = c.width / c.clientWidth;
          const [width, height] = [c.clientWidth - 48, c.clientHeight - 62];
          const x = 40 + (1 + a) / 2 * width, y = 22 + height / 2 - b * width / 2;
          return [...c.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3);
        }""",
        [MAP, alpha1, alpha2],
    )


def test_the_loss_under_the_pointer_is_pytorchs(open_page):
    page = open_page("saddle")
    page.locator(MAP).focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    reading = page.inner_text(".lv-caption:has-text('its map') small").replace("−", "-")
    assert reading.endswith("at (0.30, 0.05)")
    L, walk = net()
    theta = walk.points[AT]
    v = torch.linalg.eigh(hessian(L, theta)).eigenvectors.T
    near = [L(theta + a * 0.3 * v[0] + b * 0.05 * v[11]).item() for a in (1, -1) for b in (1, -1)]
    assert min(abs(number(reading, "L = ") / loss - 1) for loss in near) < 5e-3
    page.keyboard.press("Escape")
    assert "point at the map" in page.inner_text(".lv-caption:has-text('its map')")


def test_a_point_is_chosen_by_slider_and_by_mouse(open_page):
    page = open_page("saddle")
    before = [picture(page, which) for which in (MAP, SURFACE)]
    slider = page.get_by_role("slider", name="point of the walk")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert words(page).startswith("Step 41: ")
    settle(page)
    assert all(
        picture(page, which) != old for which, old in zip((MAP, SURFACE), before, strict=True)
    )
    page.keyboard.press("Home")
    assert words(page).startswith("Step 0: ")
    box = page.locator(".lv-walk canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 14, box["y"] + 40)
    assert words(page).startswith("Step 120: ")


def test_columns_choose_the_plane_by_mouse_and_by_keys(open_page):
    page = open_page("saddle")
    bars = page.locator(BARS)
    chosen = "els => els.flatMap((e, i) => e.ariaPressed === 'true' ? [i] : [])"
    assert bars.evaluate_all(chosen) == [0, 11]
    bars.nth(12).click()
    assert bars.evaluate_all(chosen) == [0, 12]
    bars.nth(12).press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert bars.evaluate_all(chosen) == [10, 12]
    first, second = page.locator(".lv-along p").all_inner_texts()
    assert "Direction 1" in first
    assert "curves up" in second
    press(page, "two lowest")
    assert bars.evaluate_all(chosen) == [0, 1]
    assert all("curves down" in text for text in page.locator(".lv-along p").all_inner_texts())


def test_random_planes_are_counted_and_forgotten_at_another_point(open_page):
    page = open_page("saddle")
    count = page.locator(".lv-row .lv-muted")
    press(page, "random plane")
    assert re.fullmatch(r"[01] of 1 random planes here curves? down", count.inner_text())
    press(page, "100 random planes")
    found = int(re.match(r"(\d+) of 101 random planes here curve down", count.inner_text())[1])
    assert 0 < found < 101
    assert "Lowest curvature in this plane" in page.inner_text(".lv-along")
    page.get_by_role("slider", name="point of the walk").press("ArrowRight")
    assert count.inner_text() == ""


def test_the_surface_turns_by_mouse_and_by_keys(open_page):
    page = open_page("saddle")
    seen = [picture(page, SURFACE)]
    page.locator(SURFACE).press("ArrowRight")
    seen.append(picture(page, SURFACE))
    box = page.locator(SURFACE).bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 130, steps=4)
    page.mouse.up()
    seen.append(picture(page, SURFACE))
    assert len(set(seen)) == 3


def test_a_finger_moves_the_point_and_chooses_a_column(open_page):
    page = open_page("saddle", width=390, has_touch=True)
    page.locator(BARS).nth(5).tap()
    assert page.locator(BARS).nth(5).get_attribute("aria-pressed") == "true"
    page.locator(".lv-walk canvas").tap(position={"x": 46, "y": 40})
    assert words(page).startswith("Step 0: ")


def test_whoever_wants_no_motion_gets_none(open_page):
    page = open_page("saddle", reduced_motion="reduce")
    press(page, "two lowest")
    page.evaluate("new Promise(requestAnimationFrame)")
    first = picture(page, SURFACE)
    settle(page)
    assert first != "data:,"
    page.wait_for_timeout(600)
    assert picture(page, SURFACE) == picture(page, SURFACE)


# rate_explorer


def walked(page) -> None:
    page.wait_for_selector(".lv-rate[data-walked]", timeout=30 * SECOND)
    settle(page)


def test_the_walk_is_pytorchs(open_page):
    L = bowl()
    path = descend(L, torch.tensor(BOWL.start), 60, 0.5, torch.optim.SGD)
    page = open_page("bowl")
    walked(page)
    assert words(page).startswith("Step 60: ")
    assert number(words(page), "L = ") == pytest.approx(path.losses[-1].item(), rel=5e-3)
    top = torch.linalg.eigvalsh(hessian(L, path.end))[-1].item()
    assert number(words(page), "λmax = ") == pytest.approx(top, rel=5e-3)
    assert "below 2/lr = 4.00" in words(page)


def test_of_the_net_too(open_page):
    L, walk = net()
    path = descend(L, walk.start, 200, 2.0, torch.optim.SGD)
    page = open_page("net")
    walked(page)
    assert number(words(page), "L = ") == pytest.approx(path.losses[-1].item(), rel=5e-3)
    before = picture(page, ".lv-rate canvas")
    press(page, "plane of this walk")
    page.get_by_role("slider", name="learning rate").press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.lv-rate canvas').toDataURL() !== before", arg=before
    )


def test_beyond_the_edge_the_walk_leaves(open_page):
    page = open_page("bowl")
    page.get_by_role("slider", name="learning rate").press("End")
    page.wait_for_function("document.querySelector('.lv-words').innerText.includes('explodes')")
    assert "above 2/lr" in words(page)


def test_it_plays_steps_and_goes_back(open_page):
    page = open_page("bowl")
    walked(page)
    press(page, "Reset")
    page.wait_for_function("document.querySelector('.lv-words').innerText.startsWith('Step 0:')")
    press(page, "Step")
    page.wait_for_function("document.querySelector('.lv-words').innerText.startsWith('Step 1:')")
    press(page, "▶ Play")
    page.wait_for_function("!document.querySelector('.lv-words').innerText.startsWith('Step 1:')")
    press(page, "❚❚ Pause")
    page.get_by_role("slider", name="step", exact=True).press("End")
    page.wait_for_function("document.querySelector('.lv-words').innerText.startsWith('Step 60:')")


def test_dragging_along_a_curve_chooses_the_step(open_page):
    page = open_page("bowl", width=390)
    walked(page)
    box = page.locator(".lv-rate canvas").nth(1).bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 51, box["y"] + 40, steps=3)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.lv-words').innerText.startsWith('Step 0:')")


# Other places


def test_pictures_in_a_notebook_become_explorers_of_the_site(browser, pages):
    from live import make_live  # tools/ is on the path, see lab.py

    L, walk = net()
    cells = []
    for explorer in (saddle_explorer(L, walk), rate_explorer(bowl(), torch.zeros(2), steps=20)):
        bundle, metadata = explorer._repr_mimebundle_()
        output = nbformat.v4.new_output("display_data", bundle, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert make_live(notebook, ".") == 2
    shown = "\n<hr>\n".join(cell.outputs[0].data["text/html"] for cell in notebook.cells)
    (pages / "site.html").write_text(
        f"<!doctype html><meta charset=utf-8><body>{shown}", encoding="utf-8"
    )
    context = browser.new_context(offline=True, viewport={"width": 1024, "height": 900})
    page = context.new_page()
    wrong = watch(page)
    page.goto((pages / "site.html").as_uri())
    for name in (".lv-saddle", ".lv-rate"):
        page.wait_for_selector(f"{name}[data-grid=fine]", timeout=30 * SECOND)
        assert page.locator(name).count() == 1
    context.close()
    assert not wrong


def test_in_jupyterlab_python_and_the_page_see_each_other(browser, tmp_path):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) for c in (NOTEBOOK, "explorer.at = 60", ANSWER)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, tmp_path / "live.ipynb")
    for jupyter in serve(tmp_path):
        page = jupyter.open(browser, "live.ipynb")
        jupyter.run_all(page)
        page.wait_for_selector(".lv-saddle[data-grid=fine]", timeout=30 * SECOND)
        page.wait_for_function(
            "document.querySelector('.lv-words').innerText.startsWith('Step 60')"
        )
        page.get_by_role("slider", name="point of the walk").press("ArrowRight")
        page.wait_for_function(
            "document.querySelector('.lv-words').innerText.startsWith('Step 61')"
        )
        jupyter.close(page)
        jupyter.check()
