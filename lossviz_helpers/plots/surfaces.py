"""2D landscapes as hills and valleys."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D
from scipy.interpolate import interpn

from ..landscape import Landscape
from ..training import Trajectory
from .checks import _check_dims, _check_path
from .colours import _gaps_as_nan, colour_norm
from .style import _OUTLINE, COLOURS, LABELS, PATH, _label


def surface(
    land: Landscape,
    path: Trajectory | None = None,
    ax: Axes3D | None = None,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    view: tuple[float, float] = (35, -60),
    labels: tuple[str, str] = LABELS[:2],
) -> Axes3D:
    """A 2D landscape as hills and valleys, height and colour are the loss.

    Args:
        land: a 2D landscape.
        path: a trajectory through the same space; its shadow is drawn on the surface, and stays
            visible where a hill stands in front of it.
        ax: where to draw, with `projection="3d"`; None for a new figure.
        log: whether colours are spaced by the logarithm of the loss; heights never are.
        limits: lowest and highest loss of height and colour; what is higher is cut off.
        view: elevation and azimuth of the eye, in degrees.
        labels: names of the two directions.

    Raises:
        ValueError: if the landscape is not 2D.
    """
    _check_dims(land, 2, "surface")
    ax = ax or plt.subplots(subplot_kw={"projection": "3d"})[1]
    norm = colour_norm(land.loss, log, limits)
    loss = _gaps_as_nan(land.loss).clip(norm.vmin, norm.vmax)
    x, y = np.meshgrid(*land.axes, indexing="ij")
    # shading by light would change colours, and colour means loss
    colours = plt.get_cmap(COLOURS)(norm(loss))
    ax.plot_surface(
        x, y, loss, facecolors=colours, rcount=151, ccount=151, shade=False, antialiased=False
    )
    if path is not None:
        _check_path(path)
    for run in () if path is None else path:
        shadow = land.slice.coordinates(run.points).cpu().numpy()
        height = interpn(land.axes, loss, shadow, bounds_error=False) + 0.015 * np.ptp(loss)
        xyz = np.column_stack([shadow, height])
        ax.plot(*xyz.T, color=PATH, path_effects=_OUTLINE, zorder=10)
        ax.plot(*xyz[:1].T, "o", ms=8, mfc="white", mec=PATH, mew=2, zorder=11)
        ax.plot(*xyz[-1:].T, "*", ms=19, mfc=PATH, mec="white", zorder=11)
    ax.set(xlabel=labels[0], ylabel=labels[1], zlabel=_label(land))
    ax.view_init(*view)
    _space_labels(ax)
    ax.set_box_aspect((1, 1, 0.6), zoom=0.9)
    return ax


def _space_labels(ax: Axes3D) -> None:
    """Fewer ticks and wider spacing, so that labels don't run into each other."""
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.labelpad = 12
