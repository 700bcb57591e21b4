"""Volumes: 3D landscapes as three orthogonal cuts, side by side or inside their cube."""

from collections.abc import Iterable, Iterator

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from mpl_toolkits.mplot3d import Axes3D

from ..landscape import Landscape, nearest
from .checks import check_dims
from .colours import colour_norm, finite_range, gaps_as_nan
from .maps import contour
from .style import COLOURS, LABELS, PATH
from .surfaces import axes_3d, space_labels


def cuts(
    land: Landscape,
    at: tuple[float, float, float],
    axs: Iterable[Axes] | None = None,
    limits: tuple[float, float] | None = None,
    cmap: str | Colormap = COLOURS,
) -> list[Axes]:
    """Draw three orthogonal cuts through a 3D landscape, the way an MRI scan shows them.

    Args:
        land: a 3D landscape.
        at: the point α where the three cuts meet; each cut is the grid plane nearest to it.
        axs: three axes; None for a new figure.
        limits: lowest and highest loss on the colour scale; None for the landscape's own.
        cmap: the colours, as in Matplotlib.

    Raises:
        ValueError: if the landscape isn't 3D, or `at` lies outside it.

    >>> from lossviz_helpers import Objective, Slice, descend, scan
    >>> from lossviz_helpers import model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=300, lr=0.03)
    >>> land = scan(L, Slice.pca(path.points, dims=3), resolution=25)
    >>> axs = cuts(land, at=land.lowest().alpha)
    """
    check_dims(land, 3, "cuts")
    if axs is None:
        axs = plt.subplots(1, 3, figsize=(13, 4.2), layout="compressed")[1]
    axs = list(axs)
    limits = limits or finite_range(land.loss)
    for fixed, ax in zip((2, 1, 0), axs, strict=True):
        across, up = (i for i in range(3) if i != fixed)
        names = LABELS[across], LABELS[up]
        cut = land.at(fixed, at[fixed])
        contour(cut, ax=ax, limits=limits, bar=ax is axs[-1], labels=names, cmap=cmap)
        ax.axvline(at[across], color=PATH, lw=1.2)
        ax.axhline(at[up], color=PATH, lw=1.2)
        ax.set_title(f"cut at {LABELS[fixed]} = {at[fixed]:.2f}")
    return axs


def cube(
    land: Landscape,
    at: tuple[float, float, float],
    ax: Axes3D | None = None,
    limits: tuple[float, float] | None = None,
    view: tuple[float, float] = (28, -125),
    cmap: str | Colormap = COLOURS,
) -> Axes3D:
    """Draw three orthogonal cuts in place, inside the cube of a 3D landscape.

    Args:
        land: a 3D landscape.
        at: the point α where the three cuts meet.
        ax: where to draw, with `projection="3d"`; None for a new figure.
        limits: lowest and highest loss on the colour scale; None for the landscape's own.
        view: elevation and azimuth of the camera, in degrees.
        cmap: the colours, as in Matplotlib.

    Raises:
        ValueError: if the landscape isn't 3D, or `at` lies outside it.

    >>> from lossviz_helpers import Objective, Slice, descend, scan
    >>> from lossviz_helpers import model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=300, lr=0.03)
    >>> land = scan(L, Slice.pca(path.points, dims=3), resolution=25)
    >>> ax = cube(land, at=land.lowest().alpha)
    """
    check_dims(land, 3, "cube")
    ax = axes_3d() if ax is None else ax
    # the cuts cross: without this Matplotlib draws each as a whole, one in front of the other
    ax.computed_zorder = True
    norm, colours = colour_norm(land.loss, True, limits), plt.get_cmap(cmap)
    for fixed in range(3):
        for xyz, loss in _quarters(land, fixed, at):
            look = {"facecolors": colours(norm(loss)), "shade": False, "antialiased": False}
            ax.plot_surface(*xyz, rstride=1, cstride=1, **look)
    ax.set(xlabel=LABELS[0], ylabel=LABELS[1], zlabel=LABELS[2])
    for name, axis in zip("xyz", land.axes, strict=True):
        ax.set(**{f"{name}lim": (axis[0], axis[-1])})
    ax.view_init(*view)
    space_labels(ax)
    ax.set_box_aspect((1, 1, 1), zoom=0.85)
    return ax


def _quarters(
    land: Landscape, fixed: int, at: tuple[float, float, float]
) -> Iterator[tuple[list[np.ndarray], np.ndarray]]:
    """A cut in quarters, divided along the other two cuts: coordinates x, y, z, and losses.

    Matplotlib orders whole surfaces, so only quarters can be drawn correctly front to back.
    """
    cut = land.at(fixed, at[fixed])
    across, up = np.meshgrid(*cut.axes, indexing="ij")
    xyz = [across, up]
    xyz.insert(fixed, np.full_like(across, at[fixed]))
    first, second = (at[i] for i in range(3) if i != fixed)
    for rows in _halves(cut.axes[0], first):
        for columns in _halves(cut.axes[1], second):
            part = np.ix_(rows, columns)
            yield [v[part] for v in xyz], gaps_as_nan(cut.loss[part])


def _halves(grid: np.ndarray, at: float) -> list[np.ndarray]:
    """Grid indices up to the point nearest to `at`, and from there on; without empty halves."""
    i = nearest(grid, at)
    halves = [np.arange(0, i + 1), np.arange(i, len(grid))]
    return [half for half in halves if len(half) > 1]
