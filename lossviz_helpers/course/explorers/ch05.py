"""Chapter 05: the volume viewer, with a test of the low points that it shows."""

import ipywidgets as w
import torch

from ...curvature import Verdict, false_minimum_test
from ...landscape import Landscape
from ...objective import Objective
from ...training import Trajectory
from ...widgets.volume import VolumeViewer
from .frame import Explorer, Text, row, three_digits
from .parts import TEST_STEPS, coordinates_text, in_words, nearest_low

ASK = "Click next to a low point, or press the button: is it a minimum?"


def volume_explorer(
    L: Objective,
    land: Landscape,
    path: Trajectory | None = None,
    *,
    crosshair: tuple[float, float, float] | None = None,
    log: bool = True,
    limits: tuple[float, float] | None = None,
    contour: float | None = None,
) -> Explorer:
    """The volume viewer, with the false-minimum test at its low points.

    When the crosshair is next to a low point of the volume, the test runs there; a button runs it
    anywhere.

    Args:
        L: the landscape.
        land: a 3D scan of it.
        path: a trajectory to draw.
        crosshair, log, limits, contour: as for `VolumeViewer`.

    Raises:
        ValueError: if the landscape is not 3D, or belongs to another model.

    >>> from lossviz_helpers import Slice, diagonal, model_2, scan, squared_error
    >>> L = Objective(model_2(), diagonal(), squared_error)
    >>> land = scan(L, Slice(torch.zeros(3), torch.eye(3)), 9, ((-3, 3),) * 3)
    >>> explorer = volume_explorer(L, land)
    >>> print(explorer["verdict"].text.splitlines()[1])
    Verdict: not a minimum: the landscape slopes here.
    """
    return VolumeExplorer(L, land, VolumeViewer(land, path, crosshair, log, limits, contour))


class VolumeExplorer(Explorer):
    """The viewer, a list of low points to go to, and what the test says about them."""

    def __init__(self, L: Objective, land: Landscape, viewer: VolumeViewer) -> None:
        L.check_points(land.slice.origin)
        self.L, self.land, self.viewer = L, land, viewer
        self.lows, self.verdicts = land.minima(), dict[tuple[float, ...], Verdict]()
        names = [
            f"{three_digits(low.loss)} at ({coordinates_text(low.alpha)})" for low in self.lows
        ]
        self.low_points = w.Dropdown(
            # −1 means no low point: ipywidgets shows a value of None as an empty box
            options=[("go to a low point …", -1), *zip(names, range(len(names)), strict=True)],
            layout=w.Layout(width="290px"),
        )
        self.low_points.add_class("lv-low-points")
        test = w.Button(description="Test this point", icon="search", layout=w.Layout(width="auto"))
        self.message = Text()
        super().__init__(
            "volume_explorer",
            [viewer, row(self.low_points, test), self.message],
            L,
            viewer=viewer,
            low_points=self.low_points,
            test=test,
            verdict=self.message,
        )
        self.on("viewer", "crosshair", self.look)
        self.on("low_points", "value", self.go_to)
        self.on_click("test", self.test)
        self.look(viewer.crosshair)

    def look(self, crosshair: tuple[float, ...]) -> None:
        """Test the low point next to the crosshair, if there is one."""
        low = nearest_low(self.lows, crosshair, [axis[1] - axis[0] for axis in self.land.axes])
        self.message.text = (
            f"The low point next to the crosshair, at {self.verdict_at(low)}" if low else ASK
        )

    def go_to(self, number: int) -> None:
        """Move the crosshair to a low point, and reset the list for the next choice."""
        if number >= 0:
            self.viewer.crosshair = self.lows[number].alpha
            self.low_points.value = -1

    def test(self) -> None:
        """Test the point under the crosshair."""
        self.message.text = f"The point at {self.verdict_at(self.viewer.crosshair)}"

    def verdict_at(self, alpha: tuple[float, ...]) -> str:
        """What the false-minimum test says about a point; it runs once for each."""
        if alpha not in self.verdicts:
            theta = self.land.slice.point(torch.tensor(alpha))
            verdict = false_minimum_test(self.L, theta, self.land.slice, steps=TEST_STEPS)
            self.verdicts[alpha] = verdict
        return f"({coordinates_text(alpha)})\n{in_words(self.verdicts[alpha])}"
