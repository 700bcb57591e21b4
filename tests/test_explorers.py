"""The explorers: every callback at its ends and in its middle, and what happens when one fails."""

import gc
import html

import ipywidgets as w
import numpy as np
import pytest
import torch
import traitlets
from ipywidgets.widgets.widget import _instances

from lossviz_helpers import (
    Objective,
    Slice,
    descend,
    diagonal,
    model_1,
    model_2,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.explorers import (
    volume_explorer,
)
from lossviz_helpers.course.explorers.frame import Explorer, Text
from lossviz_helpers.course.scenarios import BOWL, WALK
from lossviz_helpers.widgets import Panel
from lossviz_helpers.widgets.panel import line, marks


@pytest.fixture(scope="module")
def bowl():
    """Model 1 on the diagonal, a map of it and a walk."""
    L = Objective(model_1(), diagonal(), squared_error)
    plane = Slice(torch.zeros(2), torch.eye(2), extent=BOWL.window)
    start = torch.tensor(BOWL.start)
    path = descend(L, start, steps=20, lr=BOWL.lr, optimizer=torch.optim.SGD)
    return L, scan(L, plane, 21), path


@pytest.fixture(scope="module")
def net():
    """Model 3 on XOR and a short walk."""
    L = Objective(model_3(seed=WALK.seed), xor(), squared_error)
    return L, descend(L, L.point(), steps=200, lr=WALK.lr)


@pytest.fixture(scope="module")
def make(net):
    """How to make each explorer, small."""
    L3, walk = net
    cube = scan(L3, Slice.pca(walk.points, dims=3), (9, 7, 7))
    return {
        "volume_explorer": lambda: volume_explorer(L3, cube, walk),
    }


NAMES = ("volume_explorer",)
each = pytest.mark.parametrize("name", NAMES)


def everywhere(part: w.Widget):
    """Values for a part, each a function that sets one: its ends, its middle, all its choices."""
    if isinstance(part, w.Button):
        yield part.click
    elif isinstance(part, Panel):
        (x0, x1), (y0, y1) = part.extent
        for t in (0.0, 0.5, 1.0):
            point = (x0 + t * (x1 - x0), y0 + t * (y1 - y0))
            for trait in ("pointer", "picked") if part.follow == "both" else ("pointer",):
                yield lambda point=point, trait=trait: part.set_state({trait: list(point)})
    elif isinstance(part, w.Dropdown | w.ToggleButtons):
        for value in part._options_values:
            yield lambda value=value: setattr(part, "value", value)
    elif isinstance(part, w.IntSlider | w.FloatSlider | w.Play):
        for value in (part.min, (part.min + part.max) // 2, part.max):
            yield lambda value=value: setattr(part, "value", value)
    elif not isinstance(part, Text):  # the volume viewer
        for i in (0, len(part._axes[0]) // 2, -1):
            corner = [axis[min(i, len(axis) - 1)] for axis in part._axes]
            yield lambda corner=corner: part.set_state({"crosshair": corner})


def pictures(explorer: Explorer) -> list:
    """Everything that its panels show."""
    return [
        [panel.title, panel.readout, panel.pointer, panel._picture, panel.lines, panel.marks]
        for panel in explorer.parts.values()
        if isinstance(panel, Panel)
    ] + [part.text for part in explorer.parts.values() if isinstance(part, Text)]


# All explorers


@each
def test_every_control_works_at_its_ends_and_in_its_middle(make, name, no_warnings):
    explorer = make[name]()
    for part_name, part in explorer.parts.items():
        if isinstance(part, w.Dropdown):  # choices take longer: some of them
            part.options = part.options[:4]
        for number, act in enumerate(everywhere(part)):
            act()
            assert explorer.error == "", (part_name, number)


@each
def test_it_is_a_short_text_where_widgets_are_not_shown(make, name):
    assert repr(make[name]()) == f"{name}: interactive while the notebook is running"


@each
def test_two_explorers_of_one_kind_are_independent(make, name):
    first, second = make[name](), make[name]()
    before = pictures(second)
    for part in first.parts.values():
        for act in list(everywhere(part))[:2]:
            act()
    assert pictures(second) == before
    assert second.error == ""


@each
def test_closing_frees_everything(make, name):
    gc.collect()
    before = set(_instances)
    explorer = make[name]()
    parts = list(explorer.parts.values())
    explorer.close()
    left = [_instances[key] for key in set(_instances) - before]
    assert not left, "closed widgets should be gone"
    for part in parts:
        assert not any(
            call.__module__.endswith("explorers")
            for calls in part._trait_notifiers.values()
            for group in calls.values()
            for call in group
            if hasattr(call, "__module__") and call.__module__
        ), "observers are left"


@each
def test_an_error_is_shown_and_disappears(make, name):
    explorer = make[name]()
    control = next(p for p in explorer.parts.values() if isinstance(p, w.Button | w.FloatSlider))
    explorer.parts["it"] = control

    def fail(_=None):
        raise ValueError("<b>wrong</b> on purpose")

    if isinstance(control, w.Button):
        explorer.on_click("it", fail)
        control.click()
    else:
        explorer.on("it", "value", fail)
        control.value = control.max
    assert explorer.error == "ValueError: <b>wrong</b> on purpose"
    alert = explorer.children[-1].value
    assert 'role="alert"' in alert
    assert html.escape("<b>wrong</b>") in alert, "it should stand there as it is written"


def test_the_next_callback_that_works_takes_the_error_away():
    dial = w.IntSlider()
    explorer = Explorer("dials", [dial], dial=dial)
    explorer.on("dial", "value", lambda value: 1 / (value - 7))
    dial.value = 7
    assert explorer.error == "ZeroDivisionError: division by zero"
    dial.value = 8
    assert explorer.error == ""


def test_an_error_within_a_callback_of_a_callback_is_not_lost():
    first, second = w.IntSlider(), w.IntSlider()
    explorer = Explorer("dials", [first, second], first=first, second=second)
    explorer.on("first", "value", lambda value: setattr(second, "value", value))
    explorer.on("second", "value", lambda value: 1 / 0)
    first.value = 3
    assert explorer.error == "ZeroDivisionError: division by zero"


def test_an_interrupt_is_reported():
    dial = w.IntSlider()
    explorer = Explorer("dials", [dial], dial=dial)

    def stop(_):
        raise KeyboardInterrupt

    explorer.on("dial", "value", stop)
    dial.value = 1
    assert explorer.error == "Interrupted."


# Chapter 5


def test_next_to_a_low_point_the_test_runs_by_itself():
    L = Objective(model_2(), diagonal(), squared_error)
    cube = scan(L, Slice(torch.zeros(3), torch.eye(3)), 15, ((-3, 3),) * 3)
    explorer = volume_explorer(L, cube)
    (low, *_) = cube.minima()
    explorer["viewer"].set_state({"crosshair": [axis[0] for axis in cube.axes]})
    assert explorer["verdict"].text.startswith("Click next to a low point")
    explorer["low_points"].value = 0
    assert explorer["viewer"].crosshair == pytest.approx(low.alpha)
    assert "Verdict:" in explorer["verdict"].text
    assert explorer["low_points"].value == -1, "it can be chosen again"


def test_the_button_tests_any_point(net):
    L, walk = net
    cube = scan(L, Slice.pca(walk.points, dims=3), 5)
    explorer = volume_explorer(L, cube, crosshair=tuple(axis[0] for axis in cube.axes))
    explorer["test"].click()
    assert explorer["verdict"].text.startswith("The point at (")


# What is refused


def test_wrong_landscapes_are_rejected(bowl):
    L, land, _ = bowl
    with pytest.raises(ValueError, match="3D landscape, but got a 2D one"):
        volume_explorer(L, land)


# The panel


def test_pictures_are_sent_row_by_row_with_gaps_as_nan():
    panel = Panel()
    panel.show_picture(np.array([[1.0, 2.0, np.inf], [4.0, 5.0, 6.0]]))
    sent = np.frombuffer(panel._picture, "<f4")
    assert panel._shape == (2, 3)
    assert np.array_equal(sent, [1, 4, 2, 5, np.nan, 6], equal_nan=True)
    assert panel.limits == (1.0, 6.0)


def test_a_new_picture_is_one_message():
    panel, sent = Panel(), []
    panel.send_state = lambda key=None: sent.append(key)
    panel.show_picture(np.eye(3))
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (np.ones(3), {}, "at least 2×2"),
        (np.ones((1, 3)), {}, "at least 2×2"),
        (np.ones((2, 2)), {"limits": (1, 1)}, "with the lowest loss below the highest"),
        (np.ones((2, 2)), {"colours": "rainbow"}, "colours must be one of loss, predictions"),
    ],
)
def test_impossible_pictures_are_rejected(values, options, message):
    with pytest.raises(ValueError, match=message):
        Panel().show_picture(values, **options)


@pytest.mark.parametrize("point", [(2.0, 0.5), (0.5, -1.0), (float("nan"), 0.5)])
def test_a_pointer_outside_is_rejected(point):
    panel = Panel(pointer=(0.5, 0.5))
    with pytest.raises(traitlets.TraitError, match="must be from 0 to 1"):
        panel.pointer = point
    assert panel.pointer == (0.5, 0.5)


def test_a_rounding_error_at_the_edge_is_not_an_error():
    panel = Panel(extent=((0.1, 0.3), (0, 1)))
    panel.pointer = (0.1 + 0.2, 1.0)
    assert panel.pointer == (0.3, 1.0)


def test_impossible_windows_lines_and_marks_are_rejected():
    with pytest.raises(traitlets.TraitError, match="from low to high"):
        Panel(extent=((1, 0), (0, 1)))
    with pytest.raises(ValueError, match="one number per point"):
        line([1, 2], [1])
    with pytest.raises(ValueError, match="kind must be one of"):
        marks([1], [1], "blob")


def test_a_step_of_the_arrow_keys_is_a_fiftieth():
    assert Panel(extent=((0, 5), (0, 10))).step == (0.1, 0.2)


def test_scripts_use_no_network():
    for text in (str(Panel._esm), str(Panel._css)):
        assert not any(word in text for word in ("http:", "https:", "fetch(", "@import", "import "))
