"""The explorer of a plane that turns: its map and its verdicts against PyTorch, and its controls.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import re

import pytest
import torch

from lossviz_helpers import Slice, explained_variance, false_minimum_test, scan
from lossviz_helpers.course.scenarios import WALK, chosen_walk

from .live import drag, drawn, number, panel, readout, settle, slider, title, verdict, words

pytestmark = pytest.mark.browser


def view() -> Slice:
    found = Slice.pca(chosen_walk()[1].points, dims=2)
    return Slice(found.origin, found.directions, WALK.plane)


def place(page) -> tuple[float, float]:
    """Where the pointer is, to two decimals."""
    text = page.inner_text(".lv-place").replace("−", "-")
    return tuple(float(x) for x in re.search(r"\((.*?), (.*?)\)", text).groups())


def test_the_verdict_is_pythons(open_page):
    page = open_page("tilt")
    said = verdict(page)
    L, path = chosen_walk()
    expected = false_minimum_test(L, view().point(view().coordinates(path.end)), view(), steps=300)
    assert str(expected).splitlines()[0] in said
    assert number(said, "Gradient: ") == pytest.approx(expected.gradient_in, rel=5e-3)
    assert number(said, "in the slice, ") == pytest.approx(expected.gradient_off, rel=5e-3)
    assert f"Hessian: {expected.negative} of 13" in said
    assert number(said, "lowest ") == pytest.approx(expected.lowest[0].item(), rel=5e-3)
    assert number(said, "highest ") == pytest.approx(expected.highest, rel=5e-3)
    assert number(said, "→ ") == pytest.approx(expected.trained_loss, abs=6e-4)
    assert number(said, "%), ") == pytest.approx(expected.trained_distance, abs=0.06)


def test_a_turn_shows_the_plane_of_python_and_its_low_points(open_page):
    page = open_page("tilt")
    page.get_by_role("combobox").select_option("PC3")
    for _ in range(3):
        slider(page, "angle").press("ArrowRight")
    page.wait_for_function("document.querySelector('.lv-caption').innerText.includes('by 3°')")
    settle(page)
    assert title(page, 0) == "PC2 rotated by 3° towards PC3"
    L, path = chosen_walk()
    plane = view().turn(1, Slice.pca(path.points, dims=3).directions[2], 3)
    held = explained_variance(path.points, plane.directions)[-1]
    assert words(page) == f"The plane explains {held:.0%} of the variance of the walk."
    lows = scan(L, plane, 51, progress=False).minima()
    low = max(lows, key=lambda low: low.alpha[0])
    (left, right), (low_end, high_end) = WALK.plane
    box = panel(page, 0).bounding_box()
    # the box of the map begins behind the numbers of its axis
    inner = page.evaluate("""() => {
      const c = document.querySelector('.lv-plot > canvas'), ctx = c.getContext('2d');
      const widest = ['−20', '−10'].map((t) => ctx.measureText(t).width);
      return [Math.max(...widest) + 14, 24];
    }""")
    width = box["width"] - inner[0] - 10
    x = inner[0] + (low.alpha[0] - left) / (right - left) * width
    y = inner[1] + (1 - (low.alpha[1] - low_end) / (high_end - low_end)) * 0.8 * width
    panel(page, 0).click(position={"x": x + 4, "y": y - 3})
    said = verdict(page)
    assert "a low point ✕ of this map" in said
    assert place(page) == pytest.approx(low.alpha, abs=6e-3)
    expected = false_minimum_test(L, plane.point(torch.tensor(low.alpha)), plane, steps=300)
    assert str(expected).splitlines()[0] in said
    assert number(readout(page, 0), "Loss ") == pytest.approx(low.loss, rel=5e-3)


def test_the_verdict_is_never_that_of_another_place(open_page):
    page = open_page("tilt")
    before = verdict(page)
    panel(page, 0).press("Shift+ArrowUp")
    page.wait_for_function("b => document.querySelector('.lv-place').innerText !== b", arg=before)
    after = verdict(page)
    loss = number(readout(page, 0), "Loss ")
    assert number(after, "training: loss ") == pytest.approx(loss, abs=6e-4)
    drag(panel(page, 0), (0.5, 0.5), (0.3, 0.3))
    assert number(verdict(page), "training: loss ") == pytest.approx(
        number(readout(page, 0), "Loss "), abs=6e-4
    )
    seen = drawn(page, 1)
    slider(page, "angle").press("Home")
    page.wait_for_function("document.querySelector('.lv-caption').innerText.includes('−90°')")
    settle(page)
    verdict(page)
    assert drawn(page, 1) != seen
    page.get_by_role("button", name="Back to 0°").click()
    page.wait_for_function("document.querySelector('.lv-caption').innerText.includes('by 0°')")


def test_a_finger_moves_the_pointer(open_page):
    page = open_page("tilt", width=390, has_touch=True)
    before = place(page)
    panel(page, 0).tap(position={"x": 120, "y": 90})
    page.wait_for_function("!document.querySelector('.lv-place').innerText.includes('2.60')")
    assert place(page) != before
    verdict(page)
