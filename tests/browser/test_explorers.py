"""The explorers in JupyterLab, each in its own chapter: run it, move every control, look.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM.
"""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from .lab import serve, stop_kernels, wait_for_kernel

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SECOND = 1000
LONG = 240 * SECOND
CHAPTERS = ("01", "02", "03", "04", "05", "06", "07", "09", "10")  # that have an explorer


def short(path: Path) -> nbformat.NotebookNode:
    """A chapter up to its explorer, or that alone if it reads stored results.

    The rest would only keep the kernel busy.
    """
    notebook = nbformat.read(path, as_version=4)
    last = next(i for i, c in enumerate(notebook.cells) if "lossviz_helpers.widgets" in c.source)
    first = last if '("data/' in notebook.cells[last].source else 0
    notebook.cells = notebook.cells[first : last + 1]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chapters")
    shutil.copytree(NOTEBOOKS / "data", folder / "data")
    for path in NOTEBOOKS.glob("*.ipynb"):
        if path.name.startswith(CHAPTERS):
            nbformat.write(short(path), folder / path.name)
    yield from serve(folder)


@pytest.fixture
def open_chapter(browser, lab):
    """Open a chapter and Run All; at the end, nothing may have gone wrong."""
    pages, wrong = [], []

    def open_it(number: str):
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        pages.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: m.type == "error" and wrong.append(m.text))
        (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
        page.goto(f"{lab}/lab/tree/{path.name}?reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=60 * SECOND)
        wait_for_kernel(lab)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.locator(".jp-CodeCell").last.locator(
            ".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")
        ).wait_for(timeout=LONG)
        explorer = page.locator(".lv-explorer")
        explorer.scroll_into_view_if_needed(timeout=LONG)
        return page, explorer

    yield open_it
    for page in pages:
        page.close()
    stop_kernels(lab)
    assert not [text for text in wrong if not re.search(HARMLESS, text)]


# what JupyterLab says on its own
HARMLESS = r"favicon|api/(me|settings|workspaces|contents)|Failed to load resource"


def plot(explorer, title: str):
    """The panel with this title."""
    caption = explorer.page.locator(".lv-caption", has_text=title)
    return explorer.locator("figure.lv-plot").filter(has=caption)


def canvas(panel):
    return panel.locator("canvas.lv-hand, canvas:not([class])").first


def picture(panel) -> str:
    return canvas(panel).evaluate("c => c.toDataURL()")


def readout(panel) -> str:
    return panel.locator(".lv-readout").inner_text()


def changes(look: Callable, act: Callable) -> str:
    """Do something, wait until what one sees has changed, and return it."""
    before = look()
    act()
    for _ in range(400):
        if (after := look()) != before:
            return after
        time.sleep(0.05)
    raise AssertionError(f"nothing changed: {before[:80]}")


def until(what: Callable) -> None:
    """Wait until it is true."""
    for _ in range(400):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def click(panel, u: float, v: float):
    """Click a panel, u across and v down, each from 0 to 1."""
    box = canvas(panel).bounding_box()
    canvas(panel).click(position={"x": u * box["width"], "y": v * box["height"]})


def drag(panel, start: float, stop: float):
    box = canvas(panel).bounding_box()
    mouse, middle = panel.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + start * box["width"], middle)
    mouse.down()
    mouse.move(box["x"] + stop * box["width"], middle, steps=8)
    mouse.up()


def slider(explorer, name: str):
    return explorer.locator(".widget-slider", has_text=name).locator(".noUi-handle")


def press(where, key: str):
    where.focus()
    where.page.keyboard.press(key)


def test_losses(open_chapter):
    _, explorer = open_chapter("01")
    squared, hinge = plot(explorer, "squared error"), plot(explorer, "hinge")
    assert readout(squared) == "L = 0.160\ngradient −0.800"
    look = lambda: readout(squared) + picture(hinge)  # noqa: E731
    changes(look, lambda: press(slider(explorer, "output"), "ArrowRight"))
    changes(look, lambda: click(hinge, 0.3, 0.5))
    until(lambda: "no value" in readout(plot(explorer, "binary cross-entropy")))
    changes(look, lambda: drag(hinge, 0.3, 0.8))
    changes(look, lambda: press(canvas(squared), "ArrowLeft"))
    changes(look, lambda: explorer.get_by_role("button", name="y = 0").click())


def test_models(open_chapter):
    page, explorer = open_chapter("02")
    where, says = plot(explorer, "pick a model"), plot(explorer, "what this model predicts")
    for act in (
        lambda: click(where, 0.7, 0.3),
        lambda: press(canvas(where), "ArrowLeft"),
        lambda: drag(where, 0.7, 0.9),
    ):
        changes(lambda: readout(where), act)
    changes(lambda: picture(says), lambda: click(where, 0.3, 0.7))
    explorer.get_by_role("button", name="Descend").click()
    page.wait_for_function(
        "Number(document.querySelector('.lv-readout').textContent.match(/step (\\d+)/)?.[1]) > 20"
    )
    page.wait_for_function(
        "document.querySelector('.lv-readout').textContent.startsWith('step 300')", timeout=LONG
    )
    changes(lambda: readout(where), lambda: press(slider(explorer, "step"), "ArrowLeft"))
    until(lambda: readout(where).startswith("step 299: loss 0.11"))


def test_line(open_chapter):
    _, explorer = open_chapter("03")
    loss = plot(explorer, "loss along the line")
    says, point = plot(explorer, "what this model"), plot(explorer, "number by number")
    look = lambda: readout(loss) + picture(says) + picture(point)  # noqa: E731
    assert readout(loss).startswith("α = 0.50: ")
    changes(look, lambda: press(slider(explorer, "α"), "ArrowRight"))
    until(lambda: readout(loss).startswith("α = 0.51: "))
    changes(look, lambda: click(loss, 0.3, 0.5))
    changes(look, lambda: drag(loss, 0.3, 0.7))
    changes(look, lambda: press(canvas(loss), "ArrowLeft"))
    changes(look, lambda: explorer.locator(".widget-play button").first.click())


def test_tilt(open_chapter):
    page, explorer = open_chapter("04")
    where = explorer.locator("figure.lv-plot").first
    look = lambda: where.locator(".lv-caption").inner_text() + picture(where)  # noqa: E731
    assert "0° towards the twin" in look()
    changes(look, lambda: press(slider(explorer, "angle"), "ArrowRight"))
    until(lambda: "1° towards the twin" in look())
    box = slider(explorer, "angle").bounding_box()

    def pull():
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] + 65, box["y"] + 5, steps=8)
        page.mouse.up()

    changes(look, pull)
    changes(look, lambda: explorer.locator("select").select_option("PC4"))
    said = explorer.get_by_role("status").filter(has_text=re.compile("Click|Verdict"))
    look_at_verdict = lambda: said.inner_text()  # noqa: E731
    assert "Verdict" in changes(look_at_verdict, lambda: click(where, 0.6, 0.4))
    changes(look_at_verdict, lambda: explorer.get_by_role("button", name="Back").click())
    until(lambda: "by 0° towards PC4" in look())
    assert "Verdict" in changes(look_at_verdict, lambda: press(canvas(where), "Enter"))
    press(canvas(where), "ArrowUp")
    test = explorer.get_by_role("button", name="Test this point")
    changes(look_at_verdict, lambda: test.click())


def test_volume(open_chapter):
    _, explorer = open_chapter("05")
    said = lambda: explorer.locator(".lv-text [role=status]").inner_text()  # noqa: E731
    assert "a minimum, as far as this test can see" in said()
    cut = explorer.locator(".lv-panel canvas").first
    changes(said, lambda: cut.click(position={"x": 60, "y": 60}))
    until(lambda: said().startswith("Click beside a low point"))
    test = explorer.get_by_role("button", name="Test this point")
    assert "The point at" in changes(said, lambda: test.click())
    select = explorer.locator("select")
    text = select.locator("option").nth(2).inner_text()
    found = changes(said, lambda: select.select_option(text))
    assert found.startswith("The low point beside the crosshair")
    loss = lambda: explorer.locator(".lv-loss").inner_text()  # noqa: E731
    changes(loss, lambda: press(cut, "Shift+ArrowRight"))


def test_noise(open_chapter):
    _, explorer = open_chapter("06")
    loss, accuracy = (plot(explorer, what) for what in ("training loss", "accuracy"))
    look = lambda: readout(accuracy) + picture(loss)  # noqa: E731
    changes(look, lambda: explorer.get_by_role("button", name="40%").click())
    changes(look, lambda: press(slider(explorer, "epoch"), "ArrowRight"))
    changes(look, lambda: drag(loss, 0.3, 0.7))
    changes(look, lambda: press(canvas(accuracy), "ArrowLeft"))


def test_skip(open_chapter):
    _, explorer = open_chapter("07")
    where, cut = explorer.locator("figure.lv-plot").all()
    look = lambda: picture(where) + picture(cut)  # noqa: E731
    changes(look, lambda: explorer.get_by_role("button", name="12").click())
    changes(look, lambda: explorer.get_by_role("button", name="residual").click())
    changes(look, lambda: click(where, 0.7, 0.3))
    changes(look, lambda: press(canvas(where), "ArrowDown"))


def test_rho(open_chapter):
    _, explorer = open_chapter("09")
    where = explorer.locator("figure.lv-plot").first
    look = lambda: readout(where) + picture(where)  # noqa: E731
    changes(look, lambda: press(slider(explorer, "ρ"), "ArrowRight"))
    changes(look, lambda: click(plot(explorer, "sharpness"), 0.9, 0.5))


def test_bend(open_chapter):
    _, explorer = open_chapter("10")
    where, loss = explorer.locator("figure.lv-plot").all()
    look = lambda: readout(loss) + picture(where)  # noqa: E731
    assert readout(loss).endswith("100% of that on the straight line")
    changes(look, lambda: press(slider(explorer, "bend"), "ArrowRight"))
    changes(look, lambda: press(slider(explorer, "bend"), "End"))
