"""The explorers of stored results in saved pages: every control, by mouse, finger and keys.

Needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and npm for the scripts of saved pages.
"""

import pytest

from lossviz_helpers.course.measured import measured

from .live import STORED, drag, drawn, frame, panel, press, readout, slider, title

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", STORED)
def test_it_shows_what_python_says_it_shows(open_page, name):
    make, file = STORED[name]
    explorer, page = make(measured(file)), open_page(name)
    for control in explorer._board["controls"]:
        place = len(control["values"]) - 1
        if control["kind"] == "none":
            continue
        if control["kind"] == "slider":
            slider(page, control["label"]).press("End")
        else:
            press(page, control["texts"][place])
        explorer.chosen = {control["name"]: control["values"][place]}
        frame(page)
        for i, shown in enumerate(explorer.shown()):
            assert title(page, i) == shown["title"]
            assert readout(page, i) == shown["readout"]
        if explorer._board["words"]:
            assert page.inner_text(".lv-words") == explorer.text(explorer._board["words"])


def test_a_pointer_chooses_the_epoch_in_both_panels(open_page):
    page = open_page("noise")
    for i in (0, 1):
        drag(panel(page, i), (0.3, 0.5), (0.7, 0.5))
        assert 60 < int(slider(page, "epoch").input_value()) < 75
        assert readout(page, 0).split(":")[0] == readout(page, 1).split(":")[0]
        panel(page, i).press("ArrowLeft")
        panel(page, i).press("Shift+ArrowLeft")
        assert 54 < int(slider(page, "epoch").input_value()) < 69
        slider(page, "epoch").press("Home")
    press(page, "40%")
    frame(page)
    assert "40% noisy labels" in title(page, 0)


def test_a_finger_cuts_the_map_where_it_points(open_page):
    page = open_page("skip", width=390, has_touch=True)
    before = drawn(page, 1)
    panel(page, 0).tap(position={"x": 100, "y": 60})
    page.wait_for_function(
        "!document.querySelectorAll('.lv-caption')[1].innerText.endsWith('0.00')"
    )
    assert drawn(page, 1) != before
    page.get_by_role("button", name="yes", exact=True).tap()
    page.wait_for_function("document.querySelector('.lv-caption').innerText.includes('normalised')")


def test_arrow_keys_move_the_cut(open_page):
    page = open_page("skip")
    panel(page, 0).press("ArrowUp")
    page.wait_for_function("document.querySelectorAll('.lv-caption')[1].innerText.endsWith('0.07')")
    before = readout(page, 0)
    panel(page, 0).press("Shift+ArrowRight")
    page.wait_for_function("b => document.querySelector('.lv-readout').innerText !== b", arg=before)


def test_rho_can_be_chosen_on_a_panel(open_page):
    page = open_page("rho")
    drag(panel(page, 1), (0.5, 0.5), (0.97, 0.5))
    assert title(page, 0) == "SAM, ρ = 1"
    panel(page, 2).press("Shift+ArrowLeft")
    for _ in range(10):  # the values are further apart than a step of the keys
        panel(page, 2).press("ArrowLeft")
    assert title(page, 0) == "SAM, ρ = 0.5"


def test_the_bend_moves_the_path(open_page):
    page = open_page("bend")
    seen = [drawn(page, 0) + drawn(page, 1)]
    for key in ("ArrowRight", "End"):
        slider(page, "bend").press(key)
        frame(page)
        seen.append(drawn(page, 0) + drawn(page, 1))
    assert len(set(seen)) == 3
    assert title(page, 0) == "bend 150%"


def test_dragging_in_one_loss_moves_all(open_page):
    page = open_page("loss")
    assert readout(page, 0) == "L = 0.160\ngradient −0.800"
    drag(panel(page, 5), (0.6, 0.5), (0.3, 0.5))
    assert slider(page, "output ŷ").get_attribute("aria-valuetext").startswith("-")
    assert readout(page, 3) == "no value: a probability lies between 0 and 1"
    slider(page, "output ŷ").press("End")
    press(page, "y = 0")
    frame(page)
    assert readout(page, 0) == "L = 16.0\ngradient 8.00"
    panel(page, 1).press("ArrowLeft")
    frame(page)
    assert readout(page, 1).startswith("L = 3.95")
    assert page.inner_text(".lv-words").startswith("Here squared error pulls hardest")
