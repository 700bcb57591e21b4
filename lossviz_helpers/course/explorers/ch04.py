"""Chapter 04: rotate the PCA plane of a walk, and test the low points that it shows."""

from collections.abc import Mapping

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from ...curvature import Verdict, false_minimum_test
from ...landscape import Landscape, LowPoint
from ...objective import Objective
from ...scanning import scan
from ...slices import Extent, Slice, explained_variance
from ...training import Trajectory
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, Text, grid, row, three_digits, wide
from .parts import (
    MAX_SHOWN,
    TEST_STEPS,
    coordinates_text,
    in_words,
    map_limits,
    map_of,
    nearest_low,
    shadow_ends,
    shadow_lines,
    within,
)

ASK = "Click the map, ideally next to a low point ✕, or press the button: is it a minimum?"


def tilt_explorer(
    L: Objective,
    path: Trajectory,
    *,
    towards: Mapping[str, Tensor] | None = None,
    extent: Extent | None = None,
    resolution: int = 51,
) -> Explorer:
    """Rotate the PCA plane of a walk through parameter space, and see the landscape scanned again.

    The plane rotates about its first direction; the second one, PC2, rotates towards a third. A
    click on the map runs the false-minimum test there; near a low point, marked ✕, it tests that.

    Args:
        L: the landscape.
        path: a trajectory from one start.
        towards: further directions to rotate towards, by name, each of shape `(P,)`. The walk's
            next principal components are always offered, and, for up to 50 parameters, each
            parameter alone.
        extent: the window of the map; None for that of the PCA plane.
        resolution: models along each side of the map.

    Raises:
        ValueError: if L and path belong to different models, or a direction is parallel to PC2.

    >>> from lossviz_helpers import descend, model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=50, lr=0.03)
    >>> explorer = tilt_explorer(L, path, resolution=11)
    >>> explorer["angle"].value = 90
    >>> explorer["map"].title
    'PC2 rotated by 90° towards PC3'
    """
    view = Slice.pca(path.points, dims=2)
    if extent is not None:
        view = Slice(view.origin, view.directions, extent)
    return TiltExplorer(L, path, view, towards or {}, resolution)


class TiltExplorer(Explorer):
    """Controls for the angle, the map of the rotated plane, and the test of a point on it."""

    def __init__(
        self,
        L: Objective,
        path: Trajectory,
        view: Slice,
        towards: Mapping[str, Tensor],
        resolution: int,
    ) -> None:
        self.L, self.path, self.view, self.resolution = L, path, view, resolution
        self.choices = {**towards, **_directions(L, path, view)}
        self.plane, self.lows = view, list[LowPoint]()
        self.angle = w.IntSlider(min=-90, max=90, step=1, description="angle °", layout=wide())
        self.towards = w.Dropdown(
            options=list(self.choices), description="towards", layout=w.Layout(width="270px")
        )
        back = w.Button(description="Back to 0°", layout=w.Layout(width="auto"))
        test = w.Button(description="Test this point", icon="search", layout=w.Layout(width="auto"))
        self.message = Text()
        self.map = _rotating_map(scan(L, view, resolution, progress=False))
        self.curvatures = _panel_of_curvatures(min(L.P, MAX_SHOWN))
        verdict = w.VBox([row(test), self.message, self.curvatures])
        super().__init__(
            "tilt_explorer",
            [row(self.towards, self.angle, back), grid([self.map, verdict], 330)],
            L,
            towards=self.towards,
            angle=self.angle,
            back=back,
            test=test,
            map=self.map,
            verdict=self.message,
            curvatures=self.curvatures,
        )
        self.on("towards", "value", lambda _: self.rotate())
        self.on("angle", "value", lambda _: self.rotate())
        self.on_click("back", self.back_to_zero)
        self.on("map", "pointer", lambda _: self.read())
        self.on("map", "picked", self.pick)
        self.on_click("test", lambda: self.test(self.map.pointer))
        self.rotate()
        self.map.pointer = within(self.map, view.coordinates(path.end))
        self.raise_error()

    def rotate(self) -> None:
        """Rotate the plane, scan it, and show the result."""
        angle, towards = self.angle.value, self.towards.value
        self.plane = self.view.turn(1, self.choices[towards], angle) if angle else self.view
        found = scan(self.L, self.plane, self.resolution, progress=False)
        self.lows = found.minima()
        with self.map.hold_sync():
            self.map.set_trait("picked", None)
            self.map.title = f"PC2 rotated by {angle}° towards {towards}".replace("-", "−")
            self.map.show_picture(found.loss, log=True, limits=self.map.limits)
            self.map.lines = shadow_lines(self.plane, self.path)
            x, y = np.array([low.alpha for low in self.lows]).reshape(-1, 2).T
            ends = shadow_ends(self.plane, self.path)
            self.map.marks = [*ends, marks(x, y, "cross", size=5)]
        self.read()

    def back_to_zero(self) -> None:
        """Set the angle to 0."""
        self.angle.value = 0

    def read(self) -> None:
        """Show how much variance the plane explains and the loss at the pointer; clear the test."""
        explained = explained_variance(self.path.points, self.plane.directions)[-1]
        text = f"The plane explains {explained:.0%} of the variance of the walk."
        if self.map.pointer is not None:
            with torch.no_grad():
                loss = self.L(self.plane.point(torch.tensor(self.map.pointer))).item()
            text = f"Loss {three_digits(loss)} at ({coordinates_text(self.map.pointer)}).\n{text}"
        self.map.readout = text
        self.curvatures.marks, self.curvatures.readout = [], ""
        self.message.text = ASK

    def pick(self, picked: tuple[float, float] | None) -> None:
        """Test the point where the user released the pointer."""
        if picked is not None:
            self.test(picked)

    def test(self, at: tuple[float, ...]) -> None:
        """Run the false-minimum test at a place, or at the low point next to it."""
        at = nearest_low(self.lows, at, self.map.step) or at
        self.map.pointer = within(self.map, at)
        theta = self.plane.point(torch.tensor(at))
        verdict = false_minimum_test(self.L, theta, self.plane, steps=TEST_STEPS)
        self.message.text = f"At ({coordinates_text(at)})\n{in_words(verdict)}"
        _show_curvatures(self.curvatures, verdict)


def _rotating_map(land: Landscape) -> Panel:
    """A map whose colour scale stays fixed while the plane rotates."""
    panel = map_of(land, ("α₁, along PC1", "α₂, along the rotated direction"), title="")
    panel.limits = map_limits(land)
    return panel


def _panel_of_curvatures(shown: int) -> Panel:
    return Panel(
        title="test 2: the curvature in every direction",
        labels=("eigenvalue of the Hessian, lowest first", "curvature"),
        extent=((0.4, shown + 0.6), (-1.0, 1.0)),
        lines=[line([0, MAX_SHOWN + 1], [0, 0], "muted", 1)],
        aspect=0.5,
        description="The eigenvalues of the Hessian at the tested point.",
    )


def _show_curvatures(panel: Panel, verdict: Verdict) -> None:
    """The lowest eigenvalues as dots; those that are clearly negative in another colour."""
    values = verdict.lowest[:MAX_SHOWN].cpu().double().numpy()
    numbers, down = np.arange(1, len(values) + 1), verdict.negative
    lo, hi = min(values.min(), 0.0), max(values.max(), 0.0)
    edge = 0.12 * (hi - lo) or 1.0
    with panel.hold_sync():
        panel.extent = (panel.extent[0], (lo - edge, hi + edge))
        panel.marks = [
            marks(numbers[:down], values[:down], "dot", "path", 5, "down" if down else ""),
            marks(numbers[down:], values[down:], "dot", "blue", 5, "up, or nearly flat"),
        ]
        panel.readout = f"{down} of {len(values)} directions clearly curve down"


def _directions(L: Objective, path: Trajectory, view: Slice) -> dict[str, Tensor]:
    """Where PC2 can rotate to: the walk's next components, and each parameter of a small model."""
    found = {}
    for dims in range(3, min(L.P, 6) + 1):
        try:
            found[f"PC{dims}"] = Slice.pca(path.points, dims=dims).directions[-1]
        except ValueError:  # the walk has no further dimension
            break
    if L.P <= MAX_SHOWN:
        names = L.parameters_at(torch.arange(L.P, dtype=view.origin.dtype))
        for name, numbers in names.items():
            for index, number in zip(np.ndindex(*numbers.shape), numbers.flatten(), strict=True):
                label = name + "".join(f"[{i}]" for i in index)
                found[label] = torch.eye(L.P, dtype=view.origin.dtype)[int(number)]
    return found
