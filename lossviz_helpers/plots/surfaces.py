"""Surfaces: 2D landscapes as hills and valleys."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import Colormap
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D
from scipy.interpolate import interpn

from ..landscape import Landscape
from ..training import Trajectory
from .checks import check_dims, check_path
from .colours import colour_norm, gaps_as_nan, limits_of
from .style import COLOURS, END, LABELS, START, WALK, quantity_label


def surface(
    land: Landscape,
    path: Trajectory | None = None,
    ax: Axes3D | None = None,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    view: tuple[float, float] = (35, -60),
    labels: tuple[str, str] = LABELS[:2],
    cmap: str | Colormap = COLOURS,
) -> Axes3D:
    """Draw a 2D landscape as hills and valleys; height and colour are the loss.

    Args:
        land: a 2D landscape.
        path: a trajectory through the same space; it is projected onto the surface, and stays
            visible where a hill is in front of it.
        ax: where to draw, with `projection="3d"`; None for a new figure.
        log: whether the colour scale is logarithmic; the heights never are.
        limits: lowest and highest loss for heights and colours; anything higher is cut off.
        view: elevation and azimuth of the camera, in degrees.
        labels: names of the two directions.
        cmap: the colours, as in Matplotlib.

    Raises:
        ValueError: if the landscape isn't 2D.

    >>> import torch
    >>> from lossviz_helpers import Objective, Slice, descend, scan
    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> path = descend(L, torch.tensor([2.0, -2.0]), steps=200, lr=0.05)
    >>> plane = Slice(torch.zeros(2), torch.eye(2), ((-3, 3), (-3, 3)))
    >>> land = scan(L, plane, resolution=51)
    >>> ax = surface(land, path)
    """
    check_dims(land, 2, "surface")
    ax = axes_3d() if ax is None else ax
    norm = colour_norm(land.loss, log, limits)
    loss = gaps_as_nan(land.loss).clip(*limits_of(norm))
    x, y = np.meshgrid(*land.axes, indexing="ij")
    # shading by a light source would change the colours, but colour means loss
    look = {"facecolors": plt.get_cmap(cmap)(norm(loss)), "shade": False, "antialiased": False}
    ax.plot_surface(x, y, loss, rcount=151, ccount=151, **look)
    if path is not None:
        _draw_projection(path, land, loss, ax)
    ax.set(xlabel=labels[0], ylabel=labels[1], zlabel=quantity_label(land))
    ax.view_init(*view)
    space_labels(ax)
    ax.set_box_aspect((1, 1, 0.6), zoom=0.9)
    return ax


def _draw_projection(path: Trajectory, land: Landscape, heights: np.ndarray, ax: Axes3D) -> None:
    """Draw a trajectory a little above the surface that it is projected onto."""
    check_path(path)
    for run in path:
        shadow = land.slice.coordinates(run.points).cpu().numpy()
        height = interpn(land.axes, heights, shadow, bounds_error=False) + 0.015 * np.ptp(heights)
        xyz = np.column_stack([shadow, height])
        ax.plot(*xyz.T, **WALK, zorder=10)
        ax.plot(*xyz[:1].T, **START, zorder=11)
        ax.plot(*xyz[-1:].T, **{**END, "markersize": 19}, zorder=11)


def axes_3d() -> Axes3D:
    """3D axes in a new figure."""
    return plt.figure().add_subplot(projection="3d")


def space_labels(ax: Axes3D) -> None:
    """Set fewer ticks and wider spacing, so that labels don't run into each other."""
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.labelpad = 12
