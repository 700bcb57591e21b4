"""Curves: loss along a line, and loss and sharpness during training."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ..curvature import SharpnessHistory
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
