"""The live explorers that tests open as saved pages, and how they look at them."""

import re

import torch

from lossviz_helpers import (
    Landscape,
    Objective,
    Slice,
    Trajectory,
    descend,
    diagonal,
    model_1,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.explorers import (
    bend_explorer,
    line_explorer,
    loss_explorer,
    model_explorer,
    noise_explorer,
    rate_explorer,
    rho_explorer,
    saddle_explorer,
    skip_explorer,
    tilt_explorer,
)
from lossviz_helpers.course.measured import measured
from lossviz_helpers.course.scenarios import BOWL, WALK
from lossviz_helpers.course.scenarios import chosen_walk as walk_of_chapter_4

from .lab import SECOND

AT = 40  # the point of the walk that saddle_explorer shows first
STORED = {
    "noise": (noise_explorer, "07_noise"),
    "skip": (skip_explorer, "08_skip"),
    "rho": (rho_explorer, "11_rho"),
    "bend": (bend_explorer, "12_bend"),
}


def net() -> tuple[Objective, Trajectory]:
    L = Objective(model_3(seed=WALK.seed), xor(), squared_error)
    return L, descend(L, L.point(), steps=120, lr=WALK.lr)


def bowl() -> Objective:
    return Objective(model_1(), diagonal(), squared_error)


def land_of_bowl() -> Landscape:
    plane = Slice(torch.zeros(2), torch.eye(2), BOWL.window)
    return scan(bowl(), plane, 61, progress=False)


def make_explorers() -> dict:
    """An explorer of each kind, by the name of its page."""
    L, walk = net()
    return {
        "saddle": saddle_explorer(L, walk, at=AT),
        "bowl": rate_explorer(bowl(), torch.tensor(BOWL.start), lr=0.5, steps=60),
        "net": rate_explorer(L, walk.start, lr=2.0, steps=200),
        "loss": loss_explorer(),
        "pick": model_explorer(bowl(), land_of_bowl(), labels=("w₁", "w₂"), steps=60, lr=0.5),
        "line": line_explorer(L, walk.start, walk.end),
        "tilt": tilt_explorer(*walk_of_chapter_4(), extent=WALK.plane),
        **{name: make(measured(file)) for name, (make, file) in STORED.items()},
    }


PAGES = ["saddle", "bowl", "net", "loss", "pick", "line", "tilt", *STORED]


def settle(page) -> None:
    """Until the fine map is drawn."""
    page.wait_for_selector(".lv-live[data-grid=fine]", timeout=30 * SECOND)


def words(page) -> str:
    return page.inner_text(".lv-words").replace("−", "-")


def number(text: str, before: str) -> float:
    """The number after some words."""
    return float(re.search(re.escape(before) + r"(-?[\d.]+(?:e-?\d+)?)", text)[1].rstrip("."))


def picture(page, which) -> str:
    return page.evaluate("which => document.querySelector(which).toDataURL()", which)


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def slider(page, name: str):
    return page.get_by_role("slider", name=name, exact=True)


def verdict(page) -> str:
    """What the false-minimum test says, once it says it."""
    page.wait_for_selector(".lv-verdict:not([data-verdict=open])", timeout=30 * SECOND)
    return page.inner_text(".lv-verdict").replace("−", "-")


def panel(page, i: int):
    """The canvas of a plot panel."""
    return page.locator(".lv-plot").nth(i).locator(":scope > canvas").first


def title(page, i: int) -> str:
    return page.locator(".lv-plot > .lv-caption").nth(i).inner_text()


def readout(page, i: int) -> str:
    return page.locator(".lv-plot > .lv-readout").nth(i).text_content()


def drawn(page, i: int) -> str:
    return panel(page, i).evaluate("c => c.toDataURL()")


def drag(canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place to another, across and down, each from 0 to 1; then a frame passes."""
    canvas.scroll_into_view_if_needed()
    box, mouse = canvas.bounding_box(), canvas.page.mouse
    for i, (u, v) in enumerate((start, end)):
        mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"], steps=5)
        if i == 0:
            mouse.down()
    mouse.up()
    frame(canvas.page)


def frame(page) -> None:
    """Until the next frame is drawn."""
    page.evaluate("new Promise((act) => requestAnimationFrame(() => requestAnimationFrame(act)))")
