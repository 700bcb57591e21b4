"""What several explorers share: maps, predictions, walks, and how numbers are written."""

import re
from collections.abc import Iterable, Sequence
from typing import SupportsFloat

import numpy as np
import torch

from ...curvature import Verdict
from ...landscape import Landscape, LowPoint
from ...objective import Objective
from ...plots import CLASSES, prediction_grid
from ...slices import Slice
from ...training import Trajectory
from ...widgets.panel import Panel, line, marks

POINTS = 300  # per line: more would look the same
MAX_SHOWN = 50  # at most this many parameters or eigenvalues are shown one by one
GRID = 60  # predictions along each side of the square
TEST_STEPS = 300  # steps of further training in the false-minimum test: a fraction of a second
CLICK_RADIUS = 3  # in grid steps: a click this close to a low point counts as a click on it

Drawn = dict[str, object]  # what `line` and `marks` make


def in_words(verdict: Verdict) -> str:
    """A verdict as text, with real minus signs; hyphens stay as they are."""
    return re.sub(r"-(?=\d)", "−", str(verdict))


def coordinates_text(alpha: Iterable[float]) -> str:
    """Coordinates as text, with real minus signs."""
    return ", ".join(f"{a:.3g}" for a in alpha).replace("-", "−")


def within(panel: Panel, alpha: Iterable[SupportsFloat]) -> tuple[float, float]:
    """Coordinates, moved to the edge of the window if they lie beyond it."""
    x, y = (
        float(min(max(float(a), lo), hi)) for a, (lo, hi) in zip(alpha, panel.extent, strict=True)
    )
    return x, y


def nearest_low(
    lows: Sequence[LowPoint], at: Sequence[float], steps: Sequence[float]
) -> tuple[float, ...] | None:
    """The low point within a few grid steps, the nearest of several; None if there is none."""
    distances = [
        max(abs(a - x) / s for a, x, s in zip(low.alpha, at, steps, strict=True)) for low in lows
    ]
    if not distances or min(distances) > CLICK_RADIUS:
        return None
    return lows[int(np.argmin(distances))].alpha


def map_of(land: Landscape, labels: tuple[str, str], title: str) -> Panel:
    """A landscape as a panel with a pointer."""
    x, y = land.axes
    panel = Panel(
        title=title,
        labels=labels,
        extent=((x[0], x[-1]), (y[0], y[-1])),
        follow="both",
        step=(x[1] - x[0], y[1] - y[0]),
        faint=True,
        bar=True,
        aspect=0.8,
        description=f"Map of the loss over {labels[0]} and {labels[1]}.",
    )
    panel.show_picture(land.loss, log=True)
    return panel


def map_limits(land: Landscape) -> tuple[float, float]:
    """Colour limits that stay fixed while the map changes: slightly wider than the first map's."""
    finite = land.loss[np.isfinite(land.loss)]
    return (float(finite.min()) * 0.8, float(finite.max())) if finite.size else (0.0, 1.0)


def predictions_of(L: Objective) -> Panel:
    """A model's predictions over the two inputs, and the examples."""
    panel = Panel(
        title="what this model predicts",
        labels=("x₁", "x₂"),
        levels=[0.5],
        description="Predictions over two inputs: orange is 1, blue is 0, the line is at 0.5.",
    )
    prediction_grid(L, torch.zeros(L.P), 2)  # fails here if they can't be drawn
    x, y = L.x.cpu().numpy(), L.y.cpu().numpy()
    panel.marks = [
        marks(x[y == value, 0], x[y == value, 1], kind, colour, 2.2)
        for value, kind, colour in zip((0, 1), ("dot", "square"), CLASSES, strict=True)
    ]
    return panel


def shadow_lines(view: Slice, path: Trajectory) -> list[Drawn]:
    """The runs in a trajectory, one per start, projected onto a slice."""
    shown = []
    for run in path:
        x, y = view.coordinates(run.thinned(POINTS).points).cpu().double().numpy()[:, :2].T
        shown.append(line(x, y, "path", 2.2))
    return shown


def shadow_ends(view: Slice, path: Trajectory) -> list[Drawn]:
    """Where the runs in a trajectory start, ○, and end, ★."""
    ends = []
    for run in path:
        for kind, theta in (("start", run.start), ("end", run.end)):
            x, y = view.coordinates(theta).cpu().double().numpy()[:2]
            ends.append(marks([x], [y], kind))
    return ends


def check_plane(land: Landscape, name: str) -> None:
    """Raise ValueError unless a landscape is 2D."""
    if land.dims != 2:
        raise ValueError(f"{name} needs a 2D landscape, but got a {land.dims}D one")
