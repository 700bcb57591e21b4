"""The volume viewer in a real browser: in a saved page without network, and in JupyterLab.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
from PIL import Image

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import VolumeViewer

from .lab import SECOND, save_page, serve, watch, widget_scripts

pytestmark = pytest.mark.browser

N = 9  # α from −2 to 2 in steps of 0.5, loss = 1 + α₁² + 2·α₂² + 4·α₃²
NOTEBOOK = """
import numpy as np, torch
from lossviz_helpers import Landscape, Slice
from lossviz_helpers.widgets import VolumeViewer
axis = np.linspace(-2, 2, 9)
x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
view = Slice(torch.zeros(6), torch.eye(6)[:3])
land = Landscape((axis,) * 3, 1 + x**2 + 2 * y**2 + 4 * z**2, view)
viewer = VolumeViewer(land)
seen = []
viewer.observe(lambda change: seen.append(change.new), "crosshair")
viewer
"""


def bowl(gaps: bool = False) -> Landscape:
    axis = np.linspace(-2, 2, N)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    loss = 1 + x**2 + 2 * y**2 + 4 * z**2
    if gaps:
        loss[:3] = np.nan
    return Landscape((axis,) * 3, loss, Slice(torch.zeros(6), torch.eye(6)[:3]))


def walk() -> Trajectory:
    points = torch.zeros(5, 6)
    points[:, 0] = torch.linspace(-2, 0, 5)
    return Trajectory(points, torch.linspace(5, 1, 5), torch.arange(5))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Saved pages next to their scripts."""
    folder = tmp_path_factory.mktemp("pages")
    viewers = {
        "bowl": VolumeViewer(bowl(), walk(), contour=3.0),
        "gaps": VolumeViewer(bowl(gaps=True), crosshair=(-2, 0, 0)),
    }
    for name, viewer in viewers.items():
        save_page(folder / f"{name}.html", viewer)
    return folder


@pytest.fixture
def open_page(browser, pages):
    """Open a saved page with the network off; at the end, nothing may have gone wrong."""
    contexts, wrong = [], []

    def open_it(name="bowl", width=900, **options):
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 800}, **options
        )
        contexts.append(context)
        page = context.new_page()
        wrong.append(watch(page))
        page.goto((pages / f"{name}.html").as_uri())
        page.wait_for_selector(".lv-loss:not(:empty)")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not [what for page in wrong for what in page]


def reading(page) -> tuple[float, list[float]]:
    """Loss and α as the viewer writes them."""
    loss = page.inner_text(".lv-loss").replace("−", "-")
    alphas = page.locator(".lv-row:has(input[type=range]) .lv-value").all_inner_texts()
    return float(loss), [float(a.replace("−", "-")) for a in alphas]


def cut(page, i):
    return page.locator(".lv-panel canvas").nth(i)


def picture(page, i) -> str:
    return page.evaluate("i => document.querySelectorAll('.lv-panel canvas')[i].toDataURL()", i)


def at(page, canvas, u, v) -> list[int]:
    """The colour of a canvas, u across and v up, each from 0 to 1 within the box of the cut."""
    return page.evaluate(
        """([i, u, v]) => {
          const c = document.querySelectorAll('.lv-panel canvas')[i];
          const ratio = c.width / c.clientWidth, size = c.clientWidth - 36 - 8;
          const [x, y] = [36 + u * size, 8 + (1 - v) * size].map(p => Math.round(p * ratio));
          return [...c.getContext('2d').getImageData(x, y, 1, 1).data];
        }""",
        [canvas, u, v],
    )


def click(page, i, u, v):
    box = cut(page, i).bounding_box()
    size = box["width"] - 36 - 8
    cut(page, i).click(position={"x": 36 + u * size, "y": 8 + (1 - v) * size})


def test_it_shows_the_lowest_loss_first(open_page):
    assert reading(open_page()) == (1, [0, 0, 0])


@pytest.mark.parametrize(
    ("panel", "alpha"),
    [(0, [1, -0.5, 0]), (1, [0, -0.5, 1]), (2, [1, 0, -0.5])],
    ids=["cut of α₃", "cut of α₁", "cut of α₂"],
)
def test_a_click_moves_the_crosshair_of_all_cuts(open_page, panel, alpha):
    page = open_page()
    before = [picture(page, i) for i in range(4)]
    click(page, panel, 0.75, 0.375)
    x, y, z = alpha
    assert reading(page) == (pytest.approx(1 + x**2 + 2 * y**2 + 4 * z**2, rel=5e-3), alpha)
    assert all(picture(page, i) != before[i] for i in range(4))


def test_colours_are_those_of_the_losses(open_page):
    page = open_page()
    page.evaluate("document.querySelector('[data-scale=linear]').click()")
    table = np.frombuffer(VolumeViewer(bowl())._colours, np.uint8).reshape(256, 3)
    # the crosshair is at α₁ = 0, the cut of α₃ at the bottom right corner at (2, −2): 1 + 4 + 8
    expected = table[round(255 * (13 - 1) / (29 - 1))]
    assert np.abs(np.array(at(page, 0, 0.985, 0.015)[:3]) - expected).max() < 12


def test_dragging_moves_on_and_stops_at_the_edge(open_page):
    page = open_page()
    box = cut(page, 0).bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 2000, box["y"] + 100, steps=5)
    assert reading(page)[1][0] == 2
    page.mouse.up()
    page.mouse.move(box["x"] + 60, box["y"] + 100)
    assert reading(page)[1][0] == 2, "the button is up"


def test_keys_move_the_crosshair(open_page):
    page = open_page()
    cut(page, 0).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "PageUp"):
        page.keyboard.press(key)
    assert reading(page)[1] == [1, -0.5, 0.5]
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "PageDown"):
        page.keyboard.press(key)
    assert reading(page)[1] == [0.5, 0.5, 0]
    page.keyboard.press("Shift+ArrowLeft")
    assert reading(page)[1] == [-2, 0.5, 0]


def test_sliders_move_by_keyboard(open_page):
    page = open_page()
    page.get_by_role("slider", name="α₂").focus()
    page.keyboard.press("ArrowLeft")
    assert reading(page)[1] == [0, -0.5, 0]


def test_every_control_can_be_reached_by_tab(open_page):
    page = open_page()
    controls = "[...document.querySelectorAll('.lv-viewer :is(canvas[tabindex], input, button)')]"
    seen = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        index = page.evaluate(f"{controls}.indexOf(document.activeElement)")
        if index >= 0:
            seen.add(index)
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) == "solid", "where is the focus?"
    assert seen == set(range(page.evaluate(f"{controls}.length")))


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_moving_there_and_back_changes_nothing(open_page, ratio):
    page = open_page(device_scale_factor=ratio)
    look = "[...document.querySelectorAll('.lv-viewer canvas')].map((c) => c.toDataURL())"
    before = page.evaluate(look)
    moves = ("ArrowRight", "ArrowUp", "PageUp"), ("ArrowLeft", "ArrowDown", "PageDown")
    for keys in moves:
        for i in range(3):
            cut(page, i).focus()
            for key in keys:
                page.keyboard.press(key)
    cut(page, 0).focus()
    page.wait_for_timeout(400)  # at rest the cube is drawn again, finely
    assert page.evaluate(look) == before


def test_the_cube_turns(open_page):
    page = open_page()
    before = picture(page, 3)
    box = cut(page, 3).bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 120, steps=3)
    page.mouse.up()
    dragged = picture(page, 3)
    assert dragged != before
    page.keyboard.press("ArrowUp")
    assert picture(page, 3) != dragged
    page.get_by_role("button", name="Reset").click()
    assert picture(page, 3) == before


def test_touch_moves_the_crosshair(open_page):
    page = open_page(has_touch=True)
    box = cut(page, 0).bounding_box()
    page.touchscreen.tap(box["x"] + 36 + 0.75 * (box["width"] - 44), box["y"] + box["height"] / 2)
    assert reading(page)[1][0] == 1


def test_playing_moves_along_the_third_axis_and_pauses(open_page):
    page = open_page()
    button = page.locator(".lv-play")
    button.click()
    page.wait_for_function(
        "document.querySelectorAll('.lv-row .lv-value')[2].textContent != '0.00'"
    )
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    stopped = reading(page)
    assert stopped[1][:2] == [0, 0]
    page.wait_for_timeout(250)
    assert reading(page) == stopped


def test_scale_limits_and_contour_change_the_picture(open_page):
    page = open_page()
    pictures = [picture(page, 0)]
    page.get_by_role("button", name="linear").click()
    pictures.append(picture(page, 0))
    page.get_by_label("highest loss on the colour scale").fill("10")
    page.keyboard.press("Tab")
    pictures.append(picture(page, 0))
    page.get_by_label("iso-loss", exact=True).focus()
    page.keyboard.press("ArrowRight")
    pictures.append(picture(page, 0))
    page.get_by_label("iso-loss contour").uncheck()
    pictures.append(picture(page, 0))
    assert len(set(pictures)) == len(pictures)
    page.get_by_role("button", name="Reset").click()
    assert picture(page, 0) == pictures[0]


def test_impossible_limits_change_nothing(open_page):
    page = open_page()
    before = picture(page, 0)
    field = page.get_by_label("lowest loss on the colour scale")
    field.fill("100")
    page.keyboard.press("Tab")
    assert field.get_attribute("aria-invalid") == "true"
    assert picture(page, 0) == before


def test_a_limit_of_zero_leaves_only_the_linear_scale(open_page):
    page = open_page()
    page.get_by_label("lowest loss on the colour scale").fill("0")
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="log").is_disabled()


def test_the_reading_is_announced_with_the_nearest_step_of_training(open_page):
    page = open_page()
    click(page, 0, 0.25, 0.5)
    page.wait_for_function("document.querySelector('[aria-live]').textContent.includes('−1.00')")
    said = page.inner_text("[aria-live]")
    assert said.startswith("Loss 2.00 at α₁ = −1.00, α₂ = 0.00, α₃ = 0.00.")
    assert "step 2, 0.00 away, with loss 3.00" in said
    away = page.locator(".lv-away").all_inner_texts()
    assert [re.search(r"[\d.]+", text)[0] for text in away[:3]] == ["0.00", "1.00", "0.00"]


def test_cuts_have_names_and_roles(open_page):
    page = open_page()
    page.wait_for_function("document.querySelector('.lv-panel canvas').ariaLabel")
    for i, (fixed, across, up) in enumerate(("312", "132", "213")):
        name = cut(page, i).get_attribute("aria-label")
        label = dict(zip("123", "₁₂₃", strict=True))
        assert name.startswith(f"Cut at α{label[fixed]} = 0.00")
        assert f"right move along α{label[across]}, up and down along α{label[up]}" in name


def test_gaps_are_hatched(open_page):
    page = open_page("gaps")
    assert page.inner_text(".lv-loss") == "gap"
    greys = {tuple(at(page, 0, 0.02 + k / 200, 0.9)[:3]) for k in range(20)}
    assert len(greys) > 1, "stripes"
    assert all(max(grey) - min(grey) < 30 for grey in greys), "no colour of a loss"
    page.wait_for_function("document.querySelector('[aria-live]').textContent")
    assert page.inner_text("[aria-live]").startswith("No finite loss at α₁ = −2.00")


@pytest.mark.parametrize("width", [400, 600, 900, 1400])
def test_it_fits_its_width(open_page, width):
    page = open_page(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('.lv-panel canvas')]"
        ".map(c => [c.clientWidth, c.clientHeight])"
    )
    assert sizes == [sizes[0]] * 4, "all panels are the same"
    assert sizes[0][0] >= 160


def test_it_is_sharp_on_dense_screens(open_page):
    page = open_page(device_scale_factor=2)
    width = "document.querySelector('.lv-panel canvas').{}"
    assert page.evaluate(width.format("width")) == 2 * page.evaluate(width.format("clientWidth"))


def test_it_follows_the_theme(open_page):
    page = open_page()
    card = "getComputedStyle(document.querySelector('.lv-viewer')).backgroundColor"
    light = page.evaluate(card)
    for attribute in ("html.dataset.theme = 'dark'", "body.dataset.jpThemeLight = 'false'"):
        page.evaluate(f"document.{attribute.replace('html', 'documentElement')}")
        page.wait_for_function(f"{card} != '{light}'")
        page.evaluate("delete document.documentElement.dataset.theme")
        page.evaluate("delete document.body.dataset.jpThemeLight")
        page.wait_for_function(f"{card} == '{light}'")


def test_a_saved_notebook_shows_it(browser, pages, tmp_path):
    """nbconvert's page, with widget state, after the scripts were put next to it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbformat.write(notebook, tmp_path / "saved.ipynb")
    convert = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", "saved.ipynb"]
    subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True)
    page_file = tmp_path / "saved.html"
    scripts = os.path.relpath(pages, tmp_path)
    text = widget_scripts.localise(page_file.read_text(encoding="utf-8"), scripts)
    # mathematics is nbconvert's own affair
    text = re.sub(r"https://[^\"']*mathjax[^\"']*", "data:text/javascript,", text)
    page_file.write_text(text, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 800})
    page = context.new_page()
    wrong = watch(page)
    page.goto(page_file.as_uri())
    page.wait_for_selector(".lv-loss:not(:empty)")
    cut(page, 0).focus()
    page.keyboard.press("ArrowRight")
    assert reading(page) == (1.25, [0.5, 0, 0])
    assert not wrong
    context.close()


# JupyterLab and Notebook 7


@pytest.fixture(scope="module", params=["jupyterlab", "notebook"])
def jupyter(request, tmp_path_factory):
    """A running JupyterLab or Notebook 7 with one notebook."""
    pytest.importorskip(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    cells = [NOTEBOOK, "print('seen', seen[-1])", "viewer.crosshair = (-2, 0.6, 1.1)"]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) for c in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "viewer.ipynb")
    yield from serve(folder, request.param)


def run_cell(page, index):
    """Run one cell and wait until it is done."""
    cell = page.locator(".jp-CodeCell").nth(index)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    prompt = cell.locator(".jp-InputArea-prompt")
    prompt.get_by_text(re.compile(r"\[\d+\]")).wait_for(timeout=60 * SECOND)


def test_it_communicates_with_python(browser, jupyter):
    page = jupyter.open(browser, "viewer.ipynb")
    run_cell(page, 0)
    page.wait_for_selector(".lv-loss:not(:empty)", timeout=60 * SECOND)
    # arrow keys belong to the viewer, not to the notebook
    before = [picture(page, i) for i in range(4)]
    cut(page, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.get_by_role("slider", name="α₃").focus()
    page.keyboard.press("ArrowLeft")
    assert reading(page) == (2.75, [0.5, -0.5, -0.5])
    moved = [picture(page, i) for i in range(4)]
    assert all(old != new for old, new in zip(before, moved, strict=True))
    # the mouse moves it too
    click(page, 0, 0.75, 0.375)
    assert reading(page) == (3.5, [1, -0.5, -0.5])
    assert picture(page, 0) != moved[0]
    # Python has seen it …
    run_cell(page, 1)
    page.wait_for_selector("text=seen (1.0, -0.5, -0.5)")
    # … and can move it
    run_cell(page, 2)
    page.wait_for_function("document.querySelector('.lv-loss').textContent == '9.50'")
    assert reading(page)[1] == [-2, 0.5, 1]
    jupyter.close(page)
    jupyter.check()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (757, 768), (1024, 640)])
def test_all_panels_and_controls_are_in_view(open_page, width, height):
    page = open_page(width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(200)
    for part in page.locator(".lv-panel canvas, .lv-side").all():
        box = part.bounding_box()
        assert box["y"] + box["height"] <= height, "nothing is below the edge of the window"
        assert box["x"] + box["width"] <= width


def test_a_panel_can_have_all_the_space(open_page):
    page = open_page(width=1366)
    canvases = page.locator(".lv-panel canvas")
    small = canvases.first.bounding_box()["width"]
    page.get_by_label("enlarge the cut at α₃").click()
    assert canvases.first.bounding_box()["width"] > 1.8 * small
    assert [canvas.is_visible() for canvas in canvases.all()] == [True, False, False, False]
    page.keyboard.press("Escape")
    assert all(canvas.is_visible() for canvas in canvases.all())
    assert canvases.first.bounding_box()["width"] == small
    page.get_by_label("enlarge the cube").click()
    assert [canvas.is_visible() for canvas in canvases.all()] == [False, False, False, True]


def test_the_wheel_goes_through_the_slices(open_page):
    page = open_page()
    title, canvas = page.locator(".lv-title").first, page.locator(".lv-panel canvas").first
    assert title.text_content() == "α₃ = 0.00"
    canvas.hover()
    for expected in ("0.50", "1.00"):
        page.mouse.wheel(0, -100)
        page.wait_for_timeout(50)
        assert title.text_content() == f"α₃ = {expected}"
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(50)
    assert title.text_content() == "α₃ = 0.50"


def test_at_the_last_slice_the_wheel_scrolls_the_page(open_page):
    page = open_page()
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    page.locator(".lv-panel canvas").first.hover()
    for _ in range(N):
        page.mouse.wheel(0, 100)
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") > 0


def test_the_wheel_goes_on_scrolling_a_page_that_is_being_scrolled(open_page):
    page = open_page()
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    title = page.locator(".lv-title").first
    page.locator(".lv-panel canvas").first.hover()
    page.evaluate("scrollTo(0, 1)")
    page.mouse.wheel(0, -1)
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(100)
    assert title.text_content() == "α₃ = 0.00"


def test_the_picture_can_be_saved(open_page, tmp_path):
    page = open_page(device_scale_factor=2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save PNG").click()
    download.value.save_as(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as image:
        saved = np.asarray(image.convert("RGB"))
    canvas = page.locator(".lv-panel canvas").first
    frame = page.locator(".lv-grid").bounding_box()
    box = canvas.bounding_box()
    # as many pixels as the screen has, and the first cut where it is on the screen
    assert saved.shape[1] >= 2 * frame["width"]
    shown = canvas.evaluate("c => [...c.getContext('2d').getImageData(80, 60, 1, 1).data]")
    left, top = (round(2 * (box[k] - frame[k] + 12)) for k in ("x", "y"))
    assert np.abs(saved[top + 60, left + 80].astype(int) - shown[:3]).max() <= 2


def test_the_viewer_can_fill_the_screen(open_page):
    page = open_page()
    button = page.get_by_role("button", name="Full screen")
    button.click()
    page.wait_for_function("document.fullscreenElement?.classList.contains('lv-viewer')")
    assert page.locator(".lv-viewer").bounding_box()["width"] == page.evaluate("innerWidth")
    page.get_by_role("button", name="Exit full screen").click()
    page.wait_for_function("!document.fullscreenElement")
