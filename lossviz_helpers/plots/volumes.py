"""Pictures of 3D landscapes: three orthogonal cuts, side by side or in their cube."""

from collections.abc import Iterable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d import Axes3D

from ..landscape import Landscape, nearest
from .checks import _check_dims
from .colours import _gaps_as_nan, _range, colour_norm
from .maps import contour
from .style import COLOURS, LABELS, PATH
from .surfaces import _space_labels


def cuts(
    land: Landscape,
    at: tuple[float, float, float],
    axs: Iterable[Axes] | None = None,
    limits: tuple[float, float] | None = None,
) -> list[Axes]:
    """Three orthogonal cuts through a 3D landscape, as a scanner shows them.

    Args:
        land: a 3D landscape.
        at: the point α where the three cuts meet; each cut is the grid plane nearest to it.
        axs: three axes; None for a new figure.
        limits: lowest and highest loss of the colours; None for those of the landscape.

    Raises:
        ValueError: if the landscape is not 3D, or `at` lies outside it.
    """
    _check_dims(land, 3, "cuts")
    if axs is None:
        axs = plt.subplots(1, 3, figsize=(13, 4.2))[1]
    axs = list(axs)
    limits = limits or _range(land.loss)
    for fixed, ax in zip((2, 1, 0), axs, strict=True):
        across, up = (i for i in range(3) if i != fixed)
        contour(
            land.at(fixed, at[fixed]),
            ax=ax,
            limits=limits,
            bar=ax is axs[-1],
            labels=(LABELS[across], LABELS[up]),
        )
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
) -> Axes3D:
    """Three orthogonal cuts where they stand inside the cube of a 3D landscape.

    Args:
        land: a 3D landscape.
        at: the point α where the three cuts meet.
        ax: where to draw, with `projection="3d"`; None for a new figure.
        limits: lowest and highest loss of the colours; None for those of the landscape.
        view: elevation and azimuth of the eye, in degrees.

    Raises:
        ValueError: if the landscape is not 3D, or `at` lies outside it.
    """
    _check_dims(land, 3, "cube")
    ax = ax or plt.subplots(subplot_kw={"projection": "3d"})[1]
    # the cuts cross: without this Matplotlib draws each as a whole, one in front of the other
    ax.computed_zorder = True
    norm = colour_norm(land.loss, True, limits)
    for fixed in range(3):
        cut = land.at(fixed, at[fixed])
        across, up = np.meshgrid(*cut.axes, indexing="ij")
        xyz = [across, up]
        xyz.insert(fixed, np.full_like(across, at[fixed]))
        colours = plt.get_cmap(COLOURS)(norm(_gaps_as_nan(cut.loss)))
        # four quarters a cut, so that what lies in front is drawn in front
        for rows in _halves(cut.axes[0], at[0 if fixed else 1]):
            for columns in _halves(cut.axes[1], at[1 if fixed == 2 else 2]):
                part = np.ix_(rows, columns)
                ax.plot_surface(
                    *(v[part] for v in xyz),
                    facecolors=colours[part],
                    rstride=1,
                    cstride=1,
                    shade=False,
                    antialiased=False,
                )
    ax.set(xlabel=LABELS[0], ylabel=LABELS[1], zlabel=LABELS[2])
    for name, axis in zip("xyz", land.axes, strict=True):
        ax.set(**{f"{name}lim": (axis[0], axis[-1])})
    ax.view_init(*view)
    _space_labels(ax)
    ax.set_box_aspect((1, 1, 1), zoom=0.85)
    return ax


def _halves(grid: np.ndarray, at: float) -> list[np.ndarray]:
    """Grid indices up to the point nearest to `at`, and from there on; without empty halves."""
    i = nearest(grid, at)
    halves = [np.arange(0, i + 1), np.arange(i, len(grid))]
    return [half for half in halves if len(half) > 1]
