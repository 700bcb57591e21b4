"""The surface in a real browser, with no kernel and no network: in saved pages, and alone.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import re

import nbformat
import numpy as np
import pytest
import torch
from ipywidgets.embed import embed_minimal_html

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import Surface, to_html

from .lab import SECOND, save_page, serve, watch, widget_scripts

pytestmark = pytest.mark.browser

N = 21  # α from −2 to 2 in steps of 0.2
PLANE = Slice(torch.zeros(6), torch.eye(6)[:2])
NO_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : get.call(this, kind, ...more);
};
"""
NO_SHADERS = "WebGL2RenderingContext.prototype.getShaderParameter = () => false;"
# how many contexts are alive, and how many were ever made
COUNT = """
const get = HTMLCanvasElement.prototype.getContext;
window.alive = new Set();
window.made = 0;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  const context = get.call(this, kind, ...more);
  if (kind === "webgl2" && context && !alive.has(context)) {
    made++;
    alive.add(context);
    this.addEventListener("webglcontextlost", () => alive.delete(context));
  }
  return context;
};
"""
# different colours on the first canvas, which is blank if there is just one
COLOURS = """i => {
  const c = document.querySelectorAll('.lv-surface canvas')[i];
  const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def bowl(gaps: bool = False) -> Landscape:
    axis = np.linspace(-2, 2, N)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    loss = 0.1 + (x - 0.4) ** 2 + 2 * (y + 0.6) ** 2
    if gaps:
        loss[8:12, 8:12] = np.nan
    return Landscape((axis, axis), loss, PLANE)


def walk(sign: float = 1.0) -> Trajectory:
    points = torch.zeros(30, 6)
    points[:, 0] = torch.linspace(-1.8, 0.4, 30)
    points[:, 1] = sign * torch.linspace(1.5, -0.6, 30)
    points[:, 5] = 0.3
    return Trajectory(points, torch.linspace(9, 0.2, 30), torch.arange(30))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages next to their scripts."""
    folder = tmp_path_factory.mktemp("pages")
    save_page(folder / "bowl.html", Surface(bowl(), {"SGD": walk(), "Adam": walk(-1)}))
    save_page(folder / "two.html", Surface({"left": bowl(), "right": bowl(gaps=True)}))
    bowl().to_html(folder / "alone.html", walk())
    axis = np.linspace(0, 1, 11)
    line = Landscape((axis,), 1 + axis**2, Slice(torch.zeros(6), torch.eye(6)[:1]))
    to_html(line, folder / "line.html")
    cube = Landscape((axis,) * 3, np.ones((11,) * 3), Slice(torch.zeros(6), torch.eye(6)[:3]))
    to_html(cube, folder / "cube.html")
    return folder


@pytest.fixture
def open_page(browser, pages):
    """Open a page with the network off; at the end, nothing may have gone wrong."""
    contexts, wrong = [], []

    def open_it(name="bowl", width=700, script=None, ready=".lv-surface canvas", **options):
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 700}, **options
        )
        contexts.append(context)
        page = context.new_page()
        wrong.append(watch(page))
        if script:
            page.add_init_script(script)
        page.goto((pages / f"{name}.html").as_uri())
        page.wait_for_selector(ready)
        if ready.startswith(".lv-surface"):
            page.wait_for_function(f"({COLOURS})(0) > 500")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not [what for page in wrong for what in page]


def stage(page, i=0):
    return page.locator(".lv-surface canvas").nth(i)


def picture(page, i=0) -> str:
    """The canvas once everything rests."""
    page.wait_for_timeout(500)
    return page.evaluate("i => document.querySelectorAll('.lv-surface canvas')[i].toDataURL()", i)


def reading(page, i=0) -> tuple[float, float, float]:
    """Loss and α as the widget writes them."""
    text = page.locator(".lv-reading").nth(i).inner_text().replace("−", "-")
    return tuple(map(float, re.fullmatch(r"L = (\S+) at α = \((\S+), (\S+)\)", text).groups()))


def hover(page, u, v, i=0):
    box = stage(page, i).bounding_box()
    page.mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"])


def drag(page, dx, dy):
    box = stage(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=3)
    page.mouse.up()


def check_reading(page, land: Landscape, i=0):
    """What is read must be the landscape's number at that grid point."""
    loss, *alpha = reading(page, i)
    index = tuple(int(np.abs(axis - a).argmin()) for axis, a in zip(land.axes, alpha, strict=True))
    exact = [axis[k] for axis, k in zip(land.axes, index, strict=True)]
    assert np.allclose(alpha, exact, atol=0.006)
    assert loss == pytest.approx(land.loss[index], rel=5e-3)


def test_what_is_read_is_what_was_computed(open_page):
    page = open_page()
    seen = set()
    for u, v in ((0.45, 0.5), (0.55, 0.42), (0.6, 0.5), (0.5, 0.6), (0.38, 0.45)):
        hover(page, u, v)
        check_reading(page, bowl())
        seen.add(reading(page))
    assert len(seen) == 5


def test_from_above_the_middle_of_the_picture_is_the_middle_of_the_window(open_page):
    page = open_page()
    stage(page).focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    hover(page, 0.5, 0.5)
    assert np.allclose(reading(page)[1:], 0, atol=0.21)
    # the eye is at azimuth −58°: α₁ runs to the right and down
    hover(page, 0.6, 0.5)
    _, a, b = reading(page)
    assert a > 0.1
    assert b > 0.1


def test_keys_walk_by_grid_steps(open_page):
    page = open_page()
    stage(page).focus()
    page.keyboard.press("d")  # the first key starts in the middle
    for key in ("d", "d", "s", "a", "Shift+W"):
        page.keyboard.press(key)
    assert reading(page)[1:] == pytest.approx((0.2, 0.8))
    check_reading(page, bowl())
    page.wait_for_function("document.querySelector('[aria-live]').textContent")
    said = page.locator("[aria-live]").text_content()
    assert re.fullmatch(r"L = 4\.06 at α = \(0\.20, 0\.80\)\.", said)


def test_the_mouse_turns_it_and_reset_turns_it_back(open_page):
    page = open_page()
    before = picture(page)
    drag(page, 80, 20)
    turned = picture(page)
    assert turned != before
    drag(page, 0, -60)
    assert picture(page) not in (before, turned)
    page.get_by_role("button", name="Reset").click()
    page.mouse.move(1, 1)
    assert picture(page) == before


def test_keys_turn_it_there_and_back(open_page):
    page = open_page()
    stage(page).focus()
    before = picture(page)
    for there, back in (("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"), ("+", "-")):
        page.keyboard.press(there)
        assert picture(page) != before
        page.keyboard.press(back)
    page.keyboard.press("Home")
    assert picture(page) == before


def test_the_wheel_zooms_only_with_the_focus(open_page):
    page = open_page()
    before = picture(page)
    hover(page, 0.02, 0.04)  # beside the surface: nothing is read
    page.mouse.wheel(0, -100)
    assert picture(page) == before
    stage(page).focus()
    page.mouse.wheel(0, -100)
    assert picture(page) != before


def test_scale_height_and_contours_change_the_picture(open_page):
    page = open_page()
    pictures = [picture(page)]
    page.get_by_role("button", name="linear").click()
    pictures.append(picture(page))
    page.get_by_label("height").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    pictures.append(picture(page))
    page.get_by_label("contours").uncheck()
    pictures.append(picture(page))
    assert len(set(pictures)) == len(pictures)
    assert page.get_by_role("button", name="linear").get_attribute("aria-pressed") == "true"


def test_colours_are_those_of_the_losses(open_page):
    """Seen from above, light may darken a colour, but not turn it into that of another loss."""
    page = open_page()
    page.get_by_label("contours").uncheck()
    stage(page).focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    table = np.frombuffer(Surface(bowl())._colours, np.uint8).reshape(256, 3) / 255
    low, high = Surface(bowl())._log_limits
    for u, v in ((0.4, 0.35), (0.6, 0.35), (0.35, 0.5)):
        hover(page, u, v)
        loss, *_ = reading(page)
        hover(page, 0.01, 0.01)
        page.keyboard.press("Home")
        for _ in range(3):
            page.keyboard.press("Shift+ArrowUp")
        page.wait_for_timeout(500)
        seen = np.array(
            page.evaluate(
                """([u, v]) => {
                  const c = document.querySelector('.lv-surface canvas');
                  const [x, y] = [u * c.width, v * c.height].map(Math.round);
                  return [...c.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3);
                }""",
                [u, v],
            )
        )
        position = np.log(loss / low) / np.log(high / low)
        expected = table[round(255 * position)] ** 2.2
        found = (seen / 255) ** 2.2
        alike = expected @ found / np.linalg.norm(expected) / np.linalg.norm(found)
        assert alike > 0.97, (u, v, loss, seen)


def test_png_is_saved_at_least_twice_as_fine(open_page):
    page = open_page()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    content = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename == "surface.png"
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(content[16:20], "big")
    assert width == 2 * page.evaluate("document.querySelector('.lv-surface canvas').clientWidth")


@pytest.mark.parametrize("script", [NO_WEBGL, NO_SHADERS], ids=["no WebGL", "no shaders"])
def test_without_webgl_a_pen_draws_it_and_everything_works(open_page, script):
    page = open_page(script=script)
    before = picture(page)
    drag(page, 60, 10)
    assert picture(page) != before
    hover(page, 0.5, 0.5)
    check_reading(page, bowl())


def test_two_surfaces_turn_and_are_read_together(open_page):
    page = open_page("two")
    before = [picture(page, i) for i in (0, 1)]
    assert page.locator(".lv-title").all_inner_texts() == ["left", "right"]
    drag(page, 60, 0)
    assert all(picture(page, i) != before[i] for i in (0, 1))
    hover(page, 0.3, 0.5)
    check_reading(page, bowl(), 0)
    assert reading(page, 0) == reading(page, 1)
    stage(page, 1).focus()
    page.get_by_role("button", name="Reset").click()
    stage(page, 1).focus()
    page.keyboard.press("d")
    assert page.locator(".lv-reading").nth(1).inner_text() == "a gap at α = (0.00, 0.00)"


def test_paths_have_a_legend_and_are_called_shadows(open_page):
    page = open_page()
    keys = page.locator(".lv-key").all_inner_texts()
    assert [key.split("\n")[-1] for key in keys[:2]] == ["SGD", "Adam"]
    note = page.inner_text(".lv-note")
    assert note.startswith("Training left this plane: the line is its shadow.")
    assert "SGD: L = 0.200 at ★ itself, 0.100 on the surface below it, 0.300 away." in note


def test_a_tap_reads_and_a_sideways_swipe_turns(open_page):
    page = open_page(has_touch=True)
    box = stage(page).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    check_reading(page, bowl())
    before = picture(page)
    page.evaluate(
        """() => {
          const c = document.querySelector('.lv-surface canvas');
          const { left, top } = c.getBoundingClientRect();
          c.setPointerCapture = () => {};
          const send = (kind, x) => c.dispatchEvent(new PointerEvent(kind, {
            pointerId: 7, pointerType: 'touch', button: 0, bubbles: true, cancelable: true,
            clientX: left + x, clientY: top + 200 }));
          send('pointerdown', 200); send('pointermove', 260); send('pointerup', 260);
        }"""
    )
    assert picture(page) != before
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.lv-surface canvas')).touchAction")
        == "pan-y"
    )


def test_two_fingers_zoom(open_page):
    page = open_page()
    before = picture(page)
    page.evaluate(
        """() => {
          const c = document.querySelector('.lv-surface canvas');
          const { left, top } = c.getBoundingClientRect();
          c.setPointerCapture = () => {};
          const send = (kind, pointerId, x) => c.dispatchEvent(new PointerEvent(kind, {
            pointerId, pointerType: 'touch', button: 0, bubbles: true, cancelable: true,
            clientX: left + x, clientY: top + 200 }));
          send('pointerdown', 7, 250); send('pointerdown', 8, 350);
          send('pointermove', 8, 450); send('pointerup', 8, 450); send('pointerup', 7, 250);
        }"""
    )
    assert picture(page) != before


@pytest.mark.parametrize("name", ["bowl", "two"])
@pytest.mark.parametrize("width", [390, 1024])
def test_it_fits_its_width(open_page, name, width):
    page = open_page(name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [
        stage(page, i).bounding_box() for i in range(page.locator(".lv-surface canvas").count())
    ]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


@pytest.mark.parametrize("ratio", [1, 2])
def test_it_is_sharp_on_dense_screens(open_page, ratio):
    page = open_page(device_scale_factor=ratio)
    width = "document.querySelector('.lv-surface canvas').{}"
    wide = page.evaluate(width.format("clientWidth"))
    assert page.evaluate(width.format("width")) == ratio * wide


def test_it_follows_the_theme(open_page):
    page = open_page()
    card = "getComputedStyle(document.querySelector('.lv-surface')).backgroundColor"
    light, before = page.evaluate(card), picture(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{card} != '{light}'")
    assert picture(page) != before


def test_every_control_can_be_reached_by_tab(open_page):
    page = open_page()
    controls = "[...document.querySelectorAll('.lv-surface :is(canvas[tabindex], input, button)')]"
    seen = set()
    for _ in range(10):
        page.keyboard.press("Tab")
        index = page.evaluate(f"{controls}.indexOf(document.activeElement)")
        if index >= 0:
            seen.add(index)
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) == "solid", "where is the focus?"
    assert seen == set(range(page.evaluate(f"{controls}.length")))


def test_many_on_one_page_share_few_contexts(browser, pages):
    """Browsers keep about 16: each surface has one only while it can be seen, then a picture."""
    file = pages / "many.html"
    embed_minimal_html(file, [Surface(bowl()) for _ in range(20)])
    file.write_text(widget_scripts.localise(file.read_text(encoding="utf-8"), ""), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 420, "height": 600})
    page = context.new_page()
    wrong = watch(page)
    page.add_init_script(COUNT)
    page.goto(file.as_uri())
    page.wait_for_function("document.querySelectorAll('.lv-surface canvas').length === 20")
    for i in range(20):
        stage(page, i).scroll_into_view_if_needed()
        page.wait_for_function(f"({COLOURS})({i}) > 500")
        page.wait_for_function("alive.size <= 5")
    assert page.evaluate("made") >= 20
    assert page.evaluate(f"[...Array(20).keys()].every((i) => ({COLOURS})(i) > 500)"), (
        "pictures stay"
    )
    assert not wrong
    context.close()


# JupyterLab


NOTEBOOK = """
import numpy as np, torch
from lossviz_helpers import Landscape, Slice
from lossviz_helpers.widgets import Surface
axis = np.linspace(-2, 2, 21)
plane = Slice(torch.zeros(2), torch.eye(2))
land = Landscape((axis, axis), 1 + axis[:, None] ** 2 + axis**2, plane)
surface = Surface(land)
seen = []
surface.observe(lambda change: seen.append(change.new), "pointer")
surface
"""


def test_it_communicates_with_python(browser, tmp_path):
    pytest.importorskip("jupyterlab")
    cells = [NOTEBOOK, "print('seen', *np.round(seen[-1], 3))", "surface.pointer = (-1, 0.4)"]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, tmp_path / "surface.ipynb")
    for jupyter in serve(tmp_path):
        page = jupyter.open(browser, "surface.ipynb")
        run_cell(page, 0)
        page.wait_for_function(f"document.querySelector('.lv-surface') && ({COLOURS})(0) > 500")
        stage(page).focus()
        for key in ("d", "d", "w", "ArrowLeft"):  # keys belong to the surface, not to the notebook
            page.keyboard.press(key)
        assert reading(page) == (1.08, 0.2, 0.2)
        run_cell(page, 1)
        page.wait_for_selector("text=seen 0.2 0.2")
        run_cell(page, 2)
        page.wait_for_function("document.querySelector('.lv-reading').textContent.includes('2.16')")
        jupyter.close(page)
        jupyter.check()


def run_cell(page, index):
    """Run one cell and wait until it is done."""
    cell = page.locator(".jp-CodeCell").nth(index)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    prompt = cell.locator(".jp-InputArea-prompt")
    prompt.get_by_text(re.compile(r"\[\d+\]")).wait_for(timeout=60 * SECOND)


# Pages of `to_html`


def test_a_page_alone_links_surface_and_map(open_page):
    page = open_page("alone", width=900, color_scheme="dark")
    assert page.get_attribute(".lv-surface", "data-theme") == "dark"
    hover(page, 0.5, 0.5)
    check_reading(page, bowl())
    text = page.locator(".lv-reading").inner_text()
    assert text in page.locator("#widgets > div").nth(1).inner_text(), "the map says the same"
    map_ = page.locator("#widgets > div").nth(1).locator("canvas").first
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    map_.click(position={"x": 0.3 * box["width"], "y": 0.3 * box["height"]})
    check_reading(page, bowl())
    assert page.locator(".lv-reading").inner_text() != text


def test_a_curve_alone_is_read(open_page):
    page = open_page("line", ready="canvas")
    box = page.locator("canvas").first.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    words = page.locator("#widgets").inner_text()
    loss, alpha = map(float, re.search(r"L = (\S+) at α = (\S+)", words).groups())
    assert loss == pytest.approx(1 + alpha**2, rel=5e-3)


def test_a_cube_alone_is_a_volume_viewer(open_page):
    page = open_page("cube", ready=".lv-loss:not(:empty)")
    assert page.inner_text(".lv-loss") == "1.00"
