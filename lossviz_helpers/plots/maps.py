"""Pictures of 2D landscapes seen from above."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from ..landscape import Landscape
from ..training import Trajectory
from .checks import _check_dims, _check_path
from .colours import _gaps_as_nan, colour_bar, colour_norm
from .style import _OUTLINE, COLOURS, LABELS, PATH, _label


def contour(
    land: Landscape,
    path: Trajectory | None = None,
    ax: Axes | None = None,
    log: bool = True,
    limits: tuple[float, float] | None = None,
    levels: int = 24,
    bar: bool = True,
    labels: tuple[str, str] = LABELS[:2],
) -> Axes:
    """A map of a 2D landscape: filled contours, and the shadow of a trajectory.

    Args:
        land: a 2D landscape.
        path: a trajectory through the same space; it is projected onto the slice.
        ax: where to draw; None for a new figure.
        log: whether colours are spaced by the logarithm of the loss, which shows basins and
            plateaus in one picture; losses of 0 are as dark as the smallest that isn't.
        limits: lowest and highest loss of the colours; None for those of the landscape.
        levels: number of contours.
        bar: whether to draw the colour bar.
        labels: names of the two directions.

    Raises:
        ValueError: if the landscape is not 2D.
    """
    _check_dims(land, 2, "contour")
    ax = ax or plt.subplots()[1]
    norm = colour_norm(land.loss, log, limits)
    steps = np.geomspace if isinstance(norm, LogNorm) else np.linspace
    at = steps(norm.vmin, norm.vmax, levels)
    loss = _gaps_as_nan(land.loss).T.clip(norm.vmin, norm.vmax)
    style = {"levels": at, "norm": norm}
    ax.patch.set(hatch="xx", edgecolor="0.7")
    ax.contourf(*land.axes, loss, cmap=COLOURS, **style)
    ax.contour(*land.axes, loss, colors="white", linewidths=0.5, alpha=0.5, **style)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    if bar:
        colour_bar(ax, norm, _label(land))
    if path is not None:
        trajectory(path, land, ax)
        ax.set(xlim=land.axes[0][[0, -1]], ylim=land.axes[1][[0, -1]])
    return ax


def trajectory(path: Trajectory, land: Landscape, ax: Axes, **style) -> Axes:
    """The shadow of a trajectory on a slice: ○ its start, ★ its end; one line per start."""
    _check_path(path)
    for run in path:
        x, y = land.slice.coordinates(run.points).cpu().numpy()[:, :2].T
        ax.plot(x, y, **({"color": PATH, "path_effects": _OUTLINE} | style))
        ends = {"linestyle": "none", "zorder": 5}
        ax.plot(x[0], y[0], "o", ms=8, mfc="white", mec=PATH, mew=2, **ends)
        ax.plot(x[-1], y[-1], "*", ms=17, mfc=PATH, mec="white", **ends)
    return ax


def models(
    land: Landscape,
    ax: Axes | None = None,
    log: bool = True,
    labels: tuple[str, str] = LABELS[:2],
) -> Axes:
    """Every scanned model of a 2D landscape as a dot, coloured by its loss."""
    _check_dims(land, 2, "models")
    ax = ax or plt.subplots()[1]
    norm = colour_norm(land.loss, log)
    x, y = np.meshgrid(*land.axes, indexing="ij")
    ax.scatter(x, y, c=land.loss, cmap=COLOURS, norm=norm, s=16)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    colour_bar(ax, norm, _label(land))
    return ax
