"""The explorer of models on their landscape: against PyTorch, and by every control.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import re

import pytest
import torch

from lossviz_helpers import accuracy, descend

from .live import bowl, drag, drawn, frame, number, panel, press, readout, slider

pytestmark = pytest.mark.browser


def place(page) -> torch.Tensor:
    text = readout(page, 0).replace("−", "-")
    return torch.tensor([float(x) for x in re.search(r"at \((.*), (.*)\)", text).groups()])


def test_loss_and_accuracy_are_pythons(open_page):
    page = open_page("pick")
    looks = [drawn(page, i) for i in (0, 1)]
    drag(panel(page, 0), (0.5, 0.5), (0.3, 0.25))
    assert all(drawn(page, i) != look for i, look in enumerate(looks))
    L, theta = bowl(), place(page)
    assert number(readout(page, 0), "loss ") == pytest.approx(L(theta).item(), rel=0.02)
    seen = number(readout(page, 0), "accuracy ") / 100
    assert seen == pytest.approx(accuracy(L.predict(theta), L.y), abs=0.02)


def test_it_descends_as_pytorch_does(open_page):
    page = open_page("pick")
    assert slider(page, "step").is_disabled()
    start = place(page)
    press(page, "↓ Descend from here")
    page.wait_for_function("document.querySelector('.lv-readout').innerText.startsWith('step 60:')")
    walked = descend(bowl(), start, 60, 0.5, torch.optim.SGD)
    assert place(page) == pytest.approx(walked.end.numpy(), abs=0.02)
    assert number(readout(page, 0), "loss ") == pytest.approx(walked.losses[-1].item(), rel=0.02)
    slider(page, "step").press("ArrowLeft")
    frame(page)
    assert readout(page, 0).startswith("step 59: ")
    slider(page, "step").press("Home")
    frame(page)
    assert readout(page, 0).startswith("step 0: ")
    assert place(page) == pytest.approx(start.numpy(), abs=0.02)
    press(page, "▶ Play")
    page.wait_for_function("!document.querySelector('.lv-readout').innerText.startsWith('step 0:')")
    panel(page, 0).press("ArrowUp")  # whoever picks another model stops the walk
    frame(page)
    assert not readout(page, 0).startswith("step")
    page.get_by_role("button", name="Play").wait_for()


def test_a_finger_picks_a_model(open_page):
    page = open_page("pick", width=390, has_touch=True)
    before = readout(page, 0)
    panel(page, 0).tap(position={"x": 90, "y": 60})
    frame(page)
    assert readout(page, 0) != before
