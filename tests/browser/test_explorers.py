"""The explorers in JupyterLab, each in its own chapter: Run All, move every control, look.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .lab import KERNEL, SECOND, serve

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
IMPORT = "lossviz_helpers.course.explorers"  # what the cell of an explorer begins with


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """One JupyterLab for all chapters, on a copy of what is committed."""
    folder = tmp_path_factory.mktemp("chapters")
    shutil.copytree(NOTEBOOKS, folder, dirs_exist_ok=True)
    yield from serve(folder)


@pytest.fixture
def open_chapter(browser, lab):
    """Open a whole chapter and Run All; at the end, nothing may have gone wrong."""
    pages = []

    def open_it(number: str):
        (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
        page = lab.open(browser, path.name)
        pages.append(page)
        lab.run_all(page)
        lab.show_cell(page, IMPORT)
        explorer = page.locator(".lv-explorer")
        explorer.scroll_into_view_if_needed(timeout=20 * SECOND)
        return page, explorer

    yield open_it
    for page in pages:
        assert not page.locator(".lv-explorer [role=alert]").all_inner_texts()
        lab.close(page)
    lab.check()


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


def shown(panel) -> str:
    return readout(panel) + picture(panel)


def button(explorer, name: str):
    return explorer.get_by_role("button", name=name)


def slider(explorer, name: str):
    return explorer.locator(".widget-slider", has_text=name).locator(".noUi-handle")


def settled(page, look: Callable) -> str:
    """What is visible once the kernel has answered everything and nothing moves any more."""
    seen = look()
    for _ in range(200):
        time.sleep(0.1)
        before, seen = seen, look()
        if seen == before and page.evaluate(f"{KERNEL} === 'idle'"):
            return seen
    raise AssertionError("it moves on and on")


def changes(page, look: Callable, act: Callable) -> str:
    """Do something, wait until what is visible has changed, and return it."""
    before = settled(page, look)
    act()
    until(lambda: look() != before)
    return settled(page, look)


def until(what: Callable) -> None:
    """Wait until it is true."""
    for _ in range(400):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def press(where, key: str):
    where.focus()
    where.page.keyboard.press(key)


def click(panel, u: float, v: float):
    """Click a panel, u across and v down, each from 0 to 1."""
    box = canvas(panel).bounding_box()
    canvas(panel).click(position={"x": u * box["width"], "y": v * box["height"]})


def pull(what, right: float, down: float = 0):
    """Press the mouse in the middle of something, and drag it by so many pixels."""
    what.hover()  # once it holds still: the notebook may still be scrolling
    box = what.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = what.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + right, y + down, steps=6)
    mouse.up()


def move_slider(look: Callable, handle, pixels: int = 50):
    """By keyboard and by mouse, there and back."""
    key = "ArrowRight" if pixels > 0 else "ArrowLeft"
    changes(handle.page, look, lambda: press(handle, key))
    changes(handle.page, look, lambda: pull(handle, pixels))


def move_pointer(look: Callable, panel, key: str = "ArrowLeft"):
    """By clicking, dragging and an arrow key."""
    changes(panel.page, look, lambda: click(panel, 0.35, 0.35))
    changes(panel.page, look, lambda: pull(canvas(panel), 45, 12))
    changes(panel.page, look, lambda: press(canvas(panel), key))


def test_volume(open_chapter):
    page, explorer = open_chapter("05")
    said = lambda: explorer.locator(".lv-text [role=status]").inner_text()  # noqa: E731
    assert "nearly flat, but further training lowers the loss" in said()
    assert len(said().splitlines()) == 5, "each test on a line of its own"
    canvases = explorer.locator(".lv-panel canvas")

    def look():
        pictures = canvases.evaluate_all("all => all.map((c) => c.toDataURL()).join()")
        return explorer.locator(".lv-loss").inner_text() + pictures

    for cut in canvases.all()[:3]:
        changes(page, look, lambda cut=cut: press(cut, "Shift+ArrowRight"))
        changes(page, look, lambda cut=cut: cut.click(position={"x": 80, "y": 70}))
        changes(page, look, lambda cut=cut: pull(cut, 30, 20))
    cube = canvases.nth(3)
    changes(page, look, lambda: press(cube, "ArrowLeft"))
    changes(page, look, lambda: pull(cube, 30, 20))
    for name in ("α₁", "α₂", "α₃"):
        handle = explorer.get_by_role("slider", name=name)
        changes(page, look, lambda handle=handle: press(handle, "ArrowRight"))
        changes(page, look, lambda handle=handle: handle.click(position={"x": 12, "y": 10}))
    canvases.first.click(position={"x": 60, "y": 60})
    until(lambda: said().startswith("Click next to a low point"))
    test, select = button(explorer, "Test this point"), explorer.locator("select")
    assert "The point at" in changes(page, said, test.click)
    assert select.evaluate("s => s.selectedIndex") == 0
    text = select.locator("option").nth(2).inner_text()
    found = changes(page, said, lambda: select.select_option(text))
    assert found.startswith("The low point next to the crosshair")
    changes(page, said, lambda: canvases.first.click(position={"x": 60, "y": 60}))
    assert "The point at" in changes(page, said, lambda: press(test, "Enter"))
    found = changes(page, said, lambda: press(select, "ArrowDown"))
    assert found.startswith("The low point next to the crosshair")
