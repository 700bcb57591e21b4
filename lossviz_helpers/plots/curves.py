"""Curves: loss along a line, loss and sharpness during training, the spectrum of a Hessian."""

import math
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes

from ..curvature import SharpnessHistory, Spectrum
from ..landscape import Landscape
from ..training import Trajectory
from .checks import check_dims
from .colours import gaps_as_nan
from .style import quantity_label


def line(land: Landscape, ax: Axes | None = None, **style: Any) -> Axes:
    """Draw the loss along a line.

    Args:
        land: a 1D landscape.
        ax: where to draw; None for a new figure.
        style: passed on to `Axes.plot`, such as `label="…"`.

    Raises:
        ValueError: if the landscape isn't 1D.

    >>> import torch
    >>> from lossviz_helpers import Objective, Slice, scan
    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> A, B = torch.tensor([2.0, -2.0]), torch.tensor([-0.9, 1.5])
    >>> ax = line(scan(L, Slice.between(A, B)), color="black")
    """
    check_dims(land, 1, "line")
    ax = ax or plt.subplots()[1]
    ax.plot(land.axes[0], gaps_as_nan(land.loss), **style)
    ax.set(xlabel="α", ylabel=quantity_label(land))
    return ax


def loss_curve(path: Trajectory, ax: Axes | None = None, **style: Any) -> Axes:
    """Draw the loss at every step of training, on a logarithmic scale; one curve per start.

    Args:
        path: from `descend` or a `Recorder`.
        ax: where to draw; None for a new figure.
        style: passed on to `Axes.plot`, such as `label="…"`.

    >>> from lossviz_helpers import Objective, descend, model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> ax = loss_curve(descend(L, L.initial_points(range(5)), steps=500))
    """
    ax = ax or plt.subplots()[1]
    losses = gaps_as_nan(path.losses.detach().cpu().numpy())
    ax.plot(path.steps.numpy(), losses, **style)
    ax.set(xlabel="step", ylabel="loss L", yscale="log" if (losses > 0).any() else "linear")
    return ax


def sharpness_curve(found: SharpnessHistory, ax: Axes | None = None, **style: Any) -> Axes:
    """Draw λmax during training, and the edge of stability, 2/lr, as a dashed line.

    Args:
        found: from a `Tracker`.
        ax: where to draw; None for a new figure.
        style: passed on to `Axes.plot`, for the curve of λmax, such as `label="…"`.

    >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error, track
    >>> model = model_1()
    >>> sharpness = track(model, Objective(model, diagonal(), squared_error), every=1)
    >>> sharpness.step(lr=0.1)
    >>> ax = sharpness_curve(sharpness.history())
    """
    ax = ax or plt.subplots()[1]
    steps, edges = found.steps.numpy(), gaps_as_nan(found.edges.numpy())
    ax.plot(steps, edges, linestyle="--", color="0.4", label="2/lr")
    ax.plot(steps, gaps_as_nan(found.values.numpy()), **{"label": "λmax", **style})
    ax.set(xlabel="step", ylabel="curvature")
    ax.legend()
    return ax


def spectrum(
    found: Spectrum, ax: Axes | None = None, width: float | None = None, **style: Any
) -> Axes:
    """Draw the density of a Hessian's eigenvalues on a logarithmic scale, and its outliers.

    The density is smoothed by a Gaussian; the band around it is one standard error, if there is
    more than one probe. A single eigenvalue far from all others is a bump of height
    1 / (P · width · √2π), and the scale starts at a tenth of that. Ticks at the bottom are nodes
    that have converged: there is an eigenvalue within a tenth of the width. If the spectrum is
    exact, these are all eigenvalues; otherwise they are mostly the outliers.

    Args:
        found: from `spectrum`.
        ax: where to draw; None for a new figure.
        width: standard deviation of the Gaussian, in units of the eigenvalues; None for 1% of the
            range of the nodes.
        style: passed on to `Axes.plot`, for the curve, such as `label="…"`.

    Raises:
        ValueError: if width isn't positive.

    >>> from lossviz_helpers import Objective, model_3, spectrum, squared_error, xor
    >>> from lossviz_helpers import plots
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> ax = plots.spectrum(spectrum(L, L.point()))
    """
    ax = ax or plt.subplots()[1]
    low, high = found.lowest, found.highest
    if width is None:
        width = (high - low) / 100 or abs(high) / 100 or 1.0
    at = torch.linspace(low - 6 * width, high + 6 * width, 2000, dtype=torch.float64)
    density, error = found.density(at, width)
    floor = 0.1 / (found.P * width * math.sqrt(2 * math.pi))
    (curve,) = ax.plot(at, density.clamp(min=floor), **style)
    if error.isfinite().all():
        low_edge, high_edge = (density - error).clamp(min=floor), (density + error).clamp(min=floor)
        ax.fill_between(at, low_edge, high_edge, color=curve.get_color(), alpha=0.25, lw=0)
    converged = found.nodes[found.residuals <= width / 10]
    ax.plot(converged, torch.full_like(converged, 1.3 * floor), "|", color="0.3", ms=9, mew=1)
    ax.set(xlabel="eigenvalue λ", ylabel="density", yscale="log", ylim=(floor, None))
    return ax
