"""Maps: 2D landscapes seen from above."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LogNorm

from ..landscape import Landscape
from ..training import Trajectory
from .checks import Paths, check_dims, check_path
from .colours import colour_bar, colour_norm, gaps_as_nan, limits_of
from .style import COLOURS, END, LABELS, PATHS, START, WALK, quantity_label

FAR = 0.1  # of the diagonal of the window


def contour(
    land: Landscape,
    path: Paths | None = None,
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
        path: a trajectory through the same space; it is projected onto the slice. Or a dict from
            names to trajectories, such as one for each optimiser, as `trajectory` draws them.
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


def trajectory(path: Paths, land: Landscape, ax: Axes, far: float = FAR, **style: Any) -> Axes:
    """Draw a trajectory projected onto a slice: ○ its start, ★ its end; one line per start.

    Several trajectories, given by name, have their own colours and a legend. Where one of them is
    far from the plane, it is dotted: the loss there may be nothing like that of the map.

    Args:
        path: a trajectory through the space of the landscape, or a dict from names to trajectories.
        land: the landscape whose slice it is projected onto.
        ax: where to draw.
        far: with names, what distance from the plane is far, as a fraction of the diagonal of the
            window.
        style: passed on to `Axes.plot` for the lines, such as `color="…"`.

    Raises:
        TypeError: if path isn't a `Trajectory` or a dict of them.

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
    if isinstance(path, Mapping):
        return _named_walks(path, land, ax, far, style)
    check_path(path)
    for run in path:
        x, y = land.slice.coordinates(run.points).cpu().numpy()[:, :2].T
        ax.plot(x, y, **{**WALK, **style})
        ax.plot(x[0], y[0], **START, zorder=5)
        ax.plot(x[-1], y[-1], **END, zorder=5)
    return ax


def _named_walks(
    paths: Mapping[str, Trajectory], land: Landscape, ax: Axes, far: float, style: dict[str, Any]
) -> Axes:
    """Draw trajectories in their own colours, dotted where they are far from the plane."""
    lengths = land.slice.directions.double().norm(dim=1).tolist()
    sides = [(axis[-1] - axis[0]) * n for axis, n in zip(land.axes, lengths, strict=True)]
    limit, any_far = far * float(np.hypot(*sides)), False
    for i, (name, path) in enumerate(paths.items()):
        check_path(path)
        colour = PATHS[i % len(PATHS)]
        start, end = {**START, "markeredgecolor": colour}, {**END, "markerfacecolor": colour}
        for j, run in enumerate(path):
            walk = land.slice.coordinates(run.points).cpu().numpy()
            away = land.slice.distance(run.points).cpu().numpy() > limit
            # a piece of the line is far if one of its ends is
            either = away | np.append(away[1:], False) | np.append(False, away[:-1])
            drawn = {**WALK, "color": colour, **style}
            near = np.where(away[:, None], np.nan, walk)
            ax.plot(*near.T, **drawn, label=None if j else name)
            if away.any():
                any_far = True
                distant = np.where(either[:, None], walk, np.nan)
                ax.plot(*distant.T, **{**drawn, "linestyle": ":", "path_effects": None})
            ax.plot(*walk[0], **start, zorder=5)
            ax.plot(*walk[-1], **end, zorder=5)
    if any_far:
        label = f"over {limit:.2g} from the plane"
        ax.plot([], [], color="0.4", linestyle=":", label=label)
    ax.legend(frameon=True, framealpha=0.9, fontsize="small")
    return ax


def models(
    land: Landscape,
    ax: Axes | None = None,
    log: bool = True,
    labels: tuple[str, str] = LABELS[:2],
    cmap: str | Colormap = COLOURS,
) -> Axes:
    """Draw every scanned model of a 2D landscape as a dot, coloured by its loss.

    Losses that were predicted, not evaluated, are smaller dots.

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
    size = 16.0 if land.refinement is None else np.where(land.refinement.predicted, 0.6, 16.0)
    ax.scatter(x, y, c=land.loss, cmap=cmap, norm=norm, s=size)
    ax.set(xlabel=labels[0], ylabel=labels[1], aspect=scale_of(land))
    colour_bar(ax, norm, quantity_label(land), cmap)
    return ax
