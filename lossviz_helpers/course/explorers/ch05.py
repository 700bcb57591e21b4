"""Chapter 05: the explorer of a volume."""

import ipywidgets as w
import torch

from ...curvature import false_minimum_test
from ...landscape import Landscape
from ...objective import Objective
from ...training import Trajectory
from ...widgets.volume import VolumeViewer
from .frame import Explorer, Text, row, three_digits
from .parts import TEST_STEPS, _in_words, _nearest_low, _pair


def volume_explorer(
    L: Objective, land: Landscape, path: Trajectory | None = None, **options
) -> Explorer:
    """The volume viewer, with the false-minimum test at its low points.

    With the crosshair beside a low point of the volume the test runs there; a button runs it
    anywhere.

    Args:
        L: the landscape.
        land: what a scan of three dimensions of it found.
        path: a trajectory to draw.
        options: passed on to `VolumeViewer`, such as `contour=0.1`.

    Raises:
        ValueError: if the landscape is not 3D, or belongs to another model.

    >>> from lossviz_helpers import model_2, diagonal, squared_error
    >>> L = Objective(model_2(), diagonal(), squared_error)
    >>> land = scan(L, Slice(torch.zeros(3), torch.eye(3)), 9, ((-3, 3),) * 3)
    >>> explorer = volume_explorer(L, land)
    >>> print(explorer["verdict"].text.splitlines()[1])
    Verdict: not a minimum: the ground still slopes here.
    """
    viewer = VolumeViewer(land, path, **options)
    L.check_points(land.slice.origin)
    lows = land.minima()
    names = [f"{three_digits(low.loss)} at ({_pair(low.alpha)})" for low in lows]
    low_points = w.Dropdown(
        # none of them is −1: ipywidgets shows a value of None as an empty box
        options=[("go to a low point …", -1), *zip(names, range(len(lows)), strict=True)],
        layout=w.Layout(width="290px"),
    )
    low_points.add_class("lv-low-points")
    test = w.Button(description="Test this point", icon="search", layout=w.Layout(width="auto"))
    said = Text()
    explorer = Explorer(
        "volume_explorer",
        [viewer, row(low_points, test), said],
        L,
        viewer=viewer,
        low_points=low_points,
        test=test,
        verdict=said,
    )
    verdicts = {}
    steps = [axis[1] - axis[0] for axis in land.axes]

    def verdict_at(alpha):
        if alpha not in verdicts:
            theta = land.slice.point(torch.tensor(alpha))
            verdicts[alpha] = false_minimum_test(L, theta, land.slice, steps=TEST_STEPS)
        return f"({_pair(alpha)})\n{_in_words(verdicts[alpha])}"

    def look(crosshair):
        low = _nearest_low(lows, crosshair, steps)
        if low is None:
            said.text = "Click beside a low point, or press the button: is it a minimum?"
        else:
            said.text = f"The low point beside the crosshair, at {verdict_at(low)}"

    def go_to(number):
        if number >= 0:
            viewer.crosshair = lows[number].alpha
            low_points.value = -1

    explorer.on("viewer", "crosshair", look)
    explorer.on("low_points", "value", go_to)
    explorer.on_click(
        "test", lambda: setattr(said, "text", f"The point at {verdict_at(viewer.crosshair)}")
    )
    look(viewer.crosshair)
    return explorer
