"""Maps: 2D landscapes seen from above."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LogNorm

from ..landscape import Landscape
from ..training import Trajectory
from .checks import check_dims, check_path
from .colours import colour_bar, colour_norm, gaps_as_nan, limits_of
from .style import COLOURS, END, LABELS, START, WALK, quantity_label


def contour(
    land: Landscape,
    path: Trajectory | None = None,
    ax: Axes | None = None,
    log: bool = True,
    limits: tuple[float, float] | None = None,
    levels: int = 24,
    bar: bool = True,
    labels: tuple[str, str] = LABELS[:2],
    cmap: str | Colormap = COLOURS,
    equal: bool = True,
) -> Axes:
    """Draw a map of a 2D landscape: filled contours, and the projection of a trajectory.

    Equal distances in parameter space have the same length on the map, along both directions, so
    that steepest descent crosses its contours at right angles if the directions are perpendicular.
    Gaps, where the loss isn't finite, are hatched.

    Args:
        land: a 2D landscape.
        path: a trajectory through the same space; it is projected onto the slice.
        ax: where to draw; None for a new figure.
        log: whether the colour scale is logarithmic, which shows basins and plateaus in one
            picture; losses of 0 get the same colour as the smallest positive loss.
        limits: lowest and highest loss on the colour scale; None for the landscape's own.
        levels: number of contours.
        bar: whether to draw the colour bar.
        labels: names of the two directions.
        cmap: the colours, as in Matplotlib.
        equal: whether both directions have the same scale; False fills the axes instead, for a
            window that is much longer than wide.

    Raises:
        ValueError: if the landscape isn't 2D.

    >>> import torch
    >>> from lossviz_helpers import Objective, Slice, descend, scan
    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> path = descend(L, torch.tensor([2.0, -2.0]), steps=200, lr=0.05)
    >>> plane = Slice(torch.zeros(2), torch.eye(2), ((-3, 3), (-3, 3)))
    >>> land = scan(L, plane, resolution=51)
    >>> ax = contour(land, path)
    """
    check_dims(land, 2, "contour")
    ax = ax or plt.subplots(layout="compressed")[1]  # the colour bar is as tall as the map
    norm = colour_norm(land.loss, log, limits)
    lo, hi = limits_of(norm)
    at = (np.geomspace if isinstance(norm, LogNorm) else np.linspace)(lo, hi, levels)
    loss = gaps_as_nan(land.loss).T.clip(lo, hi)
    ax.patch.set(hatch="xx", edgecolor="0.7")
    ax.contourf(*land.axes, loss, levels=at, norm=norm, cmap=cmap)
    ax.contour(*land.axes, loss, levels=at, norm=norm, colors="white", linewidths=0.5, alpha=0.5)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    if bar:
        colour_bar(ax, norm, quantity_label(land), cmap)
    if path is not None:
        trajectory(path, land, ax)
        ax.set(xlim=land.axes[0][[0, -1]], ylim=land.axes[1][[0, -1]])
    if equal:
        ax.set_aspect(scale_of(land))
    return ax


def scale_of(land: Landscape) -> float:
    """How long a unit of α₂ is on a map, compared with one of α₁: as in parameter space.

    >>> import torch
    >>> from lossviz_helpers import Slice
    >>> view = Slice(torch.zeros(2), torch.tensor([[1.0, 0.0], [0.0, 3.0]]))
    >>> scale_of(Landscape((np.arange(3), np.arange(3)), np.ones((3, 3)), view))
    3.0
    """
    first, second = land.slice.directions.double().norm(dim=1)
    ratio: float = (second / first).item()
    return ratio


def trajectory(path: Trajectory, land: Landscape, ax: Axes, **style: Any) -> Axes:
    """Draw a trajectory projected onto a slice: ○ its start, ★ its end; one line per start.

    Args:
        path: a trajectory through the space of the landscape.
        land: the landscape whose slice it is projected onto.
        ax: where to draw.
        style: passed on to `Axes.plot` for the lines, such as `color="…"`.

    Raises:
        TypeError: if path isn't a `Trajectory`.

    >>> import torch
    >>> from lossviz_helpers import Objective, Slice, descend, scan
    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> path = descend(L, torch.tensor([2.0, -2.0]), steps=200, lr=0.05)
    >>> plane = Slice(torch.zeros(2), torch.eye(2), ((-3, 3), (-3, 3)))
    >>> land = scan(L, plane, resolution=51)
    >>> ax = contour(land)
    >>> ax = trajectory(path, land, ax, color="black")
    """
    check_path(path)
    for run in path:
        x, y = land.slice.coordinates(run.points).cpu().numpy()[:, :2].T
        ax.plot(x, y, **{**WALK, **style})
        ax.plot(x[0], y[0], **START, zorder=5)
        ax.plot(x[-1], y[-1], **END, zorder=5)
    return ax


def models(
    land: Landscape,
    ax: Axes | None = None,
    log: bool = True,
    labels: tuple[str, str] = LABELS[:2],
    cmap: str | Colormap = COLOURS,
) -> Axes:
    """Draw every scanned model of a 2D landscape as a dot, coloured by its loss.

    Equal distances in parameter space have the same length on the map, along both directions.

    Args:
        land: a 2D landscape.
        ax: where to draw; None for a new figure.
        log: whether the colour scale is logarithmic.
        labels: names of the two directions.
        cmap: the colours, as in Matplotlib.

    Raises:
        ValueError: if the landscape isn't 2D.

    >>> import torch
    >>> from lossviz_helpers import Objective, Slice, scan
    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2), ((-3, 3), (-3, 3)))
    >>> land = scan(L, plane, resolution=25)
    >>> ax = models(land)
    """
    check_dims(land, 2, "models")
    ax = ax or plt.subplots(layout="compressed")[1]
    norm = colour_norm(land.loss, log)
    x, y = np.meshgrid(*land.axes, indexing="ij")
    ax.scatter(x, y, c=land.loss, cmap=cmap, norm=norm, s=16)
    ax.set(xlabel=labels[0], ylabel=labels[1], aspect=scale_of(land))
    colour_bar(ax, norm, quantity_label(land), cmap)
    return ax
