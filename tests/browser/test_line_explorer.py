"""The explorer of the line between two models: against PyTorch, and by every control.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import numpy as np
import pytest

from lossviz_helpers import accuracy
from lossviz_helpers.plots import PREDICTED, PREDICTIONS, prediction_grid
from lossviz_helpers.widgets.canvas import colour_bytes

from .live import drag, drawn, frame, net, number, panel, press, readout, slider

pytestmark = pytest.mark.browser


def theta_at(alpha: float):
    L, walk = net()
    return L, walk.start + alpha * (walk.end - walk.start)


def test_loss_and_accuracy_are_pythons(open_page):
    page = open_page("line")
    for key, alpha in (("", 0.5), ("Home", -0.5), ("End", 1.5)):
        if key:
            slider(page, "α").press(key)
            frame(page)
        L, theta = theta_at(alpha)
        said = readout(page, 1).replace("−", "-")
        assert said.startswith(f"α = {alpha:.2f}: ")
        assert number(said, "loss ") == pytest.approx(L(theta).item(), rel=5e-3)
        assert said.endswith(f"accuracy {accuracy(L.predict(theta), L.y):.0%}")


def test_the_predictions_have_pythons_colours(open_page):
    page = open_page("line")
    L, theta = theta_at(0.5)
    values = prediction_grid(L, theta, 60)
    lo, hi = PREDICTED
    table = np.frombuffer(colour_bytes(PREDICTIONS), np.uint8).reshape(256, 3).astype(int)
    places = [(u, v) for u in (0.12, 0.33, 0.61, 0.87) for v in (0.09, 0.27, 0.52, 0.71, 0.93)]
    errors = []
    for u, v in places:
        value = values[round(59 * u), round(59 * v)]
        expected = table[round(255 * (value - lo) / (hi - lo))]
        seen = page.evaluate(
            """([u, v]) => {
              const c = document.querySelector('.lv-plot > canvas'), ctx = c.getContext('2d');
              const widest = Math.max(...['0.2', '0.4'].map((t) => ctx.measureText(t).width));
              const ratio = c.width / c.clientWidth, left = widest + 14;
              const size = c.clientWidth - left - 10;
              const [x, y] = [left + u * size, 24 + (1 - v) * size].map((p) => p * ratio);
              return [...ctx.getImageData(x, y, 1, 1).data].slice(0, 3);
            }""",
            [u, v],
        )
        errors.append(int(np.abs(np.array(seen) - expected).max()))
    assert np.median(errors) < 6, "examples lie on some of the places"


def test_alpha_moves_by_slider_panel_and_play(open_page):
    page = open_page("line")
    looks = [drawn(page, i) for i in range(3)]
    slider(page, "α").press("ArrowRight")
    frame(page)
    assert readout(page, 1).startswith("α = 0.51: ")
    assert all(drawn(page, i) != look for i, look in enumerate(looks))
    drag(panel(page, 1), (0.5, 0.5), (0.99, 0.5))
    assert readout(page, 1).startswith("α = 1.50: ")
    panel(page, 1).press("Shift+ArrowLeft")
    frame(page)
    assert readout(page, 1).startswith("α = 1.45: ")
    press(page, "▶ Play")
    page.wait_for_function("Number(document.querySelector('input').value) > 197")
    page.get_by_role("button", name="Play").wait_for()  # at its end it stops
    frame(page)
    assert readout(page, 1).startswith("α = 1.50: ")
    press(page, "▶ Play")
    page.wait_for_function("Number(document.querySelector('input').value) < 100")
    press(page, "❚❚ Pause")
    frame(page)
    stopped = readout(page, 1)
    page.wait_for_timeout(200)
    assert readout(page, 1) == stopped


def test_a_finger_moves_along_the_line(open_page):
    page = open_page("line", width=390, has_touch=True)
    panel(page, 1).tap(position={"x": 60, "y": 80})
    frame(page)
    assert readout(page, 1).startswith("α = −0.")
