"""Chapter 04: the explorer of tilting a slice."""

from collections.abc import Mapping

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from ...curvature import Verdict, false_minimum_test
from ...landscape import LowPoint
from ...objective import Objective
from ...scanning import scan
from ...slices import Extent, Slice, explained_variance
from ...training import Trajectory
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, Text, grid, row, three_digits, wide
from .parts import (
    MOST,
    TEST_STEPS,
    _checked,
    _in_words,
    _map_limits,
    _map_of,
    _nearest_low,
    _pair,
    _shadow_ends,
    _shadow_lines,
    _within,
)


def tilt_explorer(
    L: Objective,
    path: Trajectory,
    *,
    towards: Mapping[str, Tensor] | None = None,
    extent: Extent | None = None,
    resolution: int = 51,
) -> Explorer:
    """Turn the PCA plane of a walk through parameter space, and see the landscape scanned anew.

    The plane turns about its first direction; the second one, PC2, turns towards a third. A click
    on the map runs the false-minimum test there; beside a low point, marked ✕, at the low point.

    Args:
        L: the landscape.
        path: a trajectory of one start.
        towards: further directions of shape `(P,)` to turn to, by name. The walk's next principal
            components and, up to 50 parameters, each parameter alone are offered anyway.
        extent: the window of the map; None for that of the PCA plane.
        resolution: models along each side of the map.

    Raises:
        ValueError: if L and path belong to different models, or a direction is parallel to PC2.

    >>> from lossviz_helpers import model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=50, lr=0.03)
    >>> explorer = tilt_explorer(L, path, resolution=11)
    >>> explorer["angle"].value = 90
    >>> explorer["map"].title
    'PC2 turned by 90° towards PC3'
    """
    view = Slice.pca(path.points, dims=2)
    if extent is not None:
        view = Slice(view.origin, view.directions, extent)
    choices = (
        _directions(L, path, view) if towards is None else {**towards, **_directions(L, path, view)}
    )
    land = scan(L, view, resolution, progress=False)
    angle = w.IntSlider(min=-90, max=90, step=1, description="angle °", layout=wide())
    other = w.Dropdown(options=list(choices), description="towards", layout=w.Layout(width="270px"))
    back = w.Button(description="Back to 0°", layout=w.Layout(width="auto"))
    test = w.Button(description="Test this point", icon="search", layout=w.Layout(width="auto"))
    said = Text()
    where = _map_of(land, ("α₁, along PC1", "α₂, along the turned direction"), title="")
    where.limits = _map_limits(land)
    curvatures = Panel(
        title="test 2: how the ground curves, in every direction",
        labels=("eigenvalue of the Hessian, lowest first", "curvature"),
        extent=((0.4, min(L.P, MOST) + 0.6), (-1.0, 1.0)),
        lines=[line([0, MOST + 1], [0, 0], "muted", 1)],
        aspect=0.5,
        description="The eigenvalues of the Hessian at the tested point.",
    )
    explorer = Explorer(
        "tilt_explorer",
        [
            row(other, angle, back),
            grid([where, w.VBox([row(test), said, curvatures])], 330),
        ],
        L,
        towards=other,
        angle=angle,
        back=back,
        test=test,
        map=where,
        verdict=said,
        curvatures=curvatures,
    )
    plane = view
    lows: list[LowPoint] = []

    def turn():
        nonlocal plane, lows
        plane = view.turn(1, choices[other.value], angle.value) if angle.value else view
        found = scan(L, plane, resolution, progress=False)
        lows = found.minima()
        with where.hold_sync():
            where.picked = None
            where.title = f"PC2 turned by {angle.value}° towards {other.value}".replace("-", "−")
            where.show_picture(found.loss, log=True, limits=where.limits)
            where.lines = _shadow_lines(plane, path)
            crosses = np.array([low.alpha for low in lows]).reshape(-1, 2)
            where.marks = [*_shadow_ends(plane, path), marks(*crosses.T, "cross", size=5)]
        read()

    def read(_=None):
        held = explained_variance(path.points, plane.directions)[-1]
        text = f"The plane holds {held:.0%} of the variance of the walk."
        if where.pointer is not None:
            with torch.no_grad():
                loss = L(plane.point(torch.tensor(where.pointer))).item()
            text = f"Loss {three_digits(loss)} at ({_pair(where.pointer)}).\n{text}"
        where.readout = text
        curvatures.marks, curvatures.readout = [], ""
        said.text = (
            "Click the map, best beside a low point ✕, or press the button: is it a minimum?"
        )

    def run_test(picked):
        at = _nearest_low(lows, picked, where.step) or picked
        where.pointer = _within(where, at)
        verdict = false_minimum_test(L, plane.point(torch.tensor(at)), plane, steps=TEST_STEPS)
        said.text = f"At ({_pair(at)})\n{_in_words(verdict)}"
        _show_curvatures(curvatures, verdict)

    explorer.on("towards", "value", lambda _: turn())
    explorer.on("angle", "value", lambda _: turn())
    explorer.on_click("back", lambda: setattr(angle, "value", 0))
    explorer.on("map", "pointer", read)
    explorer.on("map", "picked", lambda picked: picked and run_test(picked))
    explorer.on_click("test", lambda: run_test(where.pointer))
    turn()
    where.pointer = _within(where, view.coordinates(path.end))
    return _checked(explorer)


def _show_curvatures(panel: Panel, verdict: Verdict) -> None:
    """The lowest eigenvalues as dots; those that are clearly negative in another colour."""
    values = verdict.lowest[:MOST].cpu().double().numpy()
    numbers, down = np.arange(1, len(values) + 1), verdict.negative
    lo, hi = min(values.min(), 0.0), max(values.max(), 0.0)
    edge = 0.12 * (hi - lo) or 1.0
    with panel.hold_sync():
        panel.extent = (panel.extent[0], (lo - edge, hi + edge))
        panel.marks = [
            marks(numbers[:down], values[:down], "dot", "path", 5, "down" if down else ""),
            marks(numbers[down:], values[down:], "dot", "blue", 5, "up, or hardly at all"),
        ]
        panel.readout = f"{down} of {len(values)} directions curve clearly down"


def _directions(L: Objective, path: Trajectory, view: Slice) -> dict[str, Tensor]:
    """Where PC2 can turn: the next components of the walk, and every parameter of a small model."""
    found = {}
    for dims in range(3, min(L.P, 6) + 1):
        try:
            found[f"PC{dims}"] = Slice.pca(path.points, dims=dims).directions[-1]
        except ValueError:  # the walk has no further dimension
            break
    if L.P <= MOST:
        names = L.parameters_at(torch.arange(L.P, dtype=view.origin.dtype))
        for name, numbers in names.items():
            for index, number in zip(np.ndindex(*numbers.shape), numbers.flatten(), strict=True):
                label = name + "".join(f"[{i}]" for i in index)
                found[label] = torch.eye(L.P, dtype=view.origin.dtype)[int(number)]
    return found
