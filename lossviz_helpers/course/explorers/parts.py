"""What several explorers share: maps, predictions, walks, and how numbers are said."""

import re

import numpy as np
import torch

from ...curvature import Verdict
from ...landscape import Landscape, LowPoint
from ...objective import Objective
from ...plots import CLASSES, prediction_grid
from ...slices import Slice
from ...training import Trajectory
from ...widgets.panel import Panel, line, marks
from .frame import Explorer

POINTS = 300  # of a line: more can't be told apart
MOST = 50  # parameters, or eigenvalues, that are shown one by one
GRID = 60  # predictions along each side of the square
TEST_STEPS = (
    300  # of training on in the false-minimum test, so that it takes a fraction of a second
)
NEAR = 3  # grid steps: a click so near to a low point means the low point


def _in_words(verdict: Verdict) -> str:
    """A verdict with real minus signs, which leaves hyphens alone."""
    return re.sub(r"-(?=\d)", "−", str(verdict))


def _pair(alpha) -> str:
    return ", ".join(f"{a:.3g}" for a in alpha).replace("-", "−")


def _within(panel: Panel, alpha) -> tuple[float, float]:
    """Coordinates, moved to the edge of the window if they lie beyond it."""
    return tuple(
        float(min(max(float(a), lo), hi)) for a, (lo, hi) in zip(alpha, panel.extent, strict=True)
    )


def _nearest_low(lows: list[LowPoint], at, steps) -> tuple[float, ...] | None:
    """The low point within a few grid steps, the nearest of several; None if there is none."""
    away = [
        max(abs(a - x) / s for a, x, s in zip(low.alpha, at, steps, strict=True)) for low in lows
    ]
    if not away or min(away) > NEAR:
        return None
    return lows[int(np.argmin(away))].alpha


def _map_of(land: Landscape, labels: tuple[str, str], title: str) -> Panel:
    """A landscape as a panel to point at."""
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


def _map_limits(land: Landscape) -> tuple[float, float]:
    """Colours that stay while the map changes: a little more than the first one needs."""
    finite = land.loss[np.isfinite(land.loss)]
    return (float(finite.min()) * 0.8, float(finite.max())) if finite.size else (0.0, 1.0)


def _predictions_of(L: Objective) -> Panel:
    """What a model says over the two inputs, and the examples."""
    panel = Panel(
        title="what this model predicts",
        labels=("x₁", "x₂"),
        levels=[0.5],
        description="Predictions over the two inputs: orange says 1, purple 0; the line is 0.5.",
    )
    prediction_grid(L, torch.zeros(L.P), 2)  # an error now if they can't be drawn
    x = L.x.cpu().numpy()
    panel.marks = [
        marks(*x[(L.y == value).cpu().numpy()].T, kind, colour, 2.2)
        for value, kind, colour in zip((0, 1), ("dot", "square"), CLASSES, strict=True)
    ]
    return panel


def _shadow_lines(view: Slice, path: Trajectory) -> list[dict]:
    shown = []
    for run in path:
        x, y = view.coordinates(run.thinned(POINTS).points).cpu().double().numpy()[:, :2].T
        shown.append(line(x, y, "path", 2.2))
    return shown


def _shadow_ends(view: Slice, path: Trajectory) -> list[dict]:
    ends = []
    for run in path:
        for kind, theta in (("start", run.start), ("end", run.end)):
            x, y = view.coordinates(theta).cpu().double().numpy()[:2]
            ends.append(marks([x], [y], kind))
    return ends


def _check_plane(land: Landscape, name: str) -> None:
    if land.dims != 2:
        raise ValueError(f"{name} needs a 2D landscape, got a {land.dims}D one")


def _checked(explorer: Explorer) -> Explorer:
    """An explorer whose first picture failed is no use: raise what it would only show."""
    if explorer.error:
        raise ValueError(explorer.error)
    return explorer
