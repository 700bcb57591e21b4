"""The data, and a model's predictions."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from torch import Tensor

from ..objective import Objective
from .style import CLASSES, PREDICTED, PREDICTIONS


def data(x: Tensor, y: Tensor, ax: Axes | None = None) -> Axes:
    """Draw examples with two inputs: circles where the target is 0 or −1, squares where it is 1.

    Args:
        x: inputs, shape `(N, 2)`.
        y: targets, shape `(N,)`.
        ax: where to draw; None for a new figure.

    Raises:
        ValueError: if there are targets other than 0 or −1, and 1.

    >>> from lossviz_helpers import xor
    >>> ax = data(*xor(200))
    """
    ax = ax or plt.subplots(figsize=(5, 5))[1]
    low = -1 if (y == -1).any() else 0
    if not ((y == low) | (y == 1)).all():
        raise ValueError(
            "data must have targets 0 and 1, or −1 and 1, got values from "
            f"{y.min().item():.4g} to {y.max().item():.4g}"
        )
    for value, marker, colour in zip((low, 1), "os", CLASSES, strict=True):
        x1, x2 = x[y == value].cpu().numpy().T
        ax.scatter(
            x1, x2, s=22, marker=marker, color=colour, edgecolor="white", lw=0.5,
            label=f"y = {value}",
        )  # fmt: skip
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    return ax


def predictions(
    L: Objective, theta: Tensor, ax: Axes | None = None, examples: bool = True, resolution: int = 80
) -> Axes:
    """Draw the model's prediction at θ for every input in the unit square.

    Blue means 0, orange means 1, as in the data. The line is the decision boundary, where the model
    outputs 0.5.

    Args:
        L: a landscape whose examples have two inputs and whose model has one output.
        theta: the model, shape `(P,)`.
        ax: where to draw; None for a new figure.
        examples: whether to draw the data on top.
        resolution: inputs along each side.

    Raises:
        ValueError: as for `prediction_grid`.

    >>> from lossviz_helpers import Objective, descend, model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=1000, lr=0.03)
    >>> ax = predictions(L, path.end)
    """
    ax = ax or plt.subplots(figsize=(5, 5))[1]
    side = np.linspace(0, 1, resolution)
    outputs = prediction_grid(L, theta, resolution).T
    lo, hi = PREDICTED
    ax.pcolormesh(side, side, outputs, cmap=PREDICTIONS, vmin=lo, vmax=hi, rasterized=True)
    if outputs.min() < 0.5 < outputs.max():
        ax.contour(side, side, outputs, levels=[0.5], colors="black", linewidths=2)
    if examples:
        data(L.x, L.y, ax)
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal", xlim=(0, 1), ylim=(0, 1))
    ax.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    return ax


def pin(
    L: Objective,
    thetas: Tensor,
    at: Tensor,
    ax: Axes,
    size: float = 44,
    offset: tuple[float, float] | Sequence[tuple[float, float]] = (0, 0),
) -> Axes:
    """Pin models to a map: a small picture of each one's predictions, at or next to its position.

    Args:
        L: a landscape whose examples have two inputs and whose model has one output.
        thetas: the models, shape `(n, P)`.
        at: their positions on the map, shape `(n, 2)`.
        ax: the map.
        size: width and height of a picture, in points.
        offset: from a position to the middle of its picture, in points; one for all, or one for
            each. A thin line joins the two.

    Raises:
        ValueError: as for `prediction_grid`, or if there aren't as many positions as models.

    >>> from lossviz_helpers import Objective, Slice, diagonal, model_1, scan, squared_error
    >>> from lossviz_helpers.plots import contour
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2), ((-3, 3), (-3, 3)))
    >>> ax = contour(scan(L, plane, resolution=21))
    >>> models = torch.tensor([[-0.6, 1.4], [1.4, -0.6]])
    >>> ax = pin(L, models, plane.coordinates(models), ax, offset=(30, 30))
    """
    if len(thetas) != len(at):
        raise ValueError(
            f"every model needs a position, but got {len(thetas)} models and {len(at)} positions"
        )
    offsets = np.broadcast_to(np.asarray(offset, dtype=float), (len(thetas), 2))
    connector = {"arrowstyle": "-", "color": "black", "lw": 0.8}
    for theta, place, away in zip(thetas, at.cpu().tolist(), offsets, strict=True):
        picture = OffsetImage(_small_picture(L, theta), zoom=size / PINNED, interpolation="nearest")
        pinned = AnnotationBbox(
            picture, place, tuple(away), boxcoords="offset points", pad=0.1, arrowprops=connector
        )
        ax.add_artist(pinned).set_zorder(6)  # above the path and its ends
    return ax


PINNED = 48  # inputs along each side of a pinned picture


def _small_picture(L: Objective, theta: Tensor) -> np.ndarray:
    """Predictions over the unit square as colours, top row first, with a black decision boundary.

    Shape (x₂ from high to low, x₁, red-green-blue-alpha).
    """
    outputs = prediction_grid(L, theta, PINNED).T[::-1]
    lo, hi = PREDICTED
    picture: np.ndarray = PREDICTIONS((outputs - lo) / (hi - lo))
    yes = outputs > 0.5
    crossed = np.zeros_like(yes)
    crossed[:, 1:] |= yes[:, 1:] != yes[:, :-1]
    crossed[1:] |= yes[1:] != yes[:-1]
    picture[crossed] = (0, 0, 0, 1)
    return picture


def prediction_grid(L: Objective, theta: Tensor, resolution: int = 80) -> np.ndarray:
    """The model's outputs at θ on a grid over the unit square, shape (x₁, x₂).

    Args:
        L: a landscape whose examples have two inputs and whose model has one output.
        theta: the model, shape `(P,)`.
        resolution: inputs along each side.

    Raises:
        ValueError: if examples don't have two inputs, or the model has several outputs.

    >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> prediction_grid(L, torch.tensor([-1.0, 1.0]), resolution=3)  # x₂ − x₁
    array([[ 0. ,  0.5,  1. ],
           [-0.5,  0. ,  0.5],
           [-1. , -0.5,  0. ]])
    """
    if L.x.shape[1:] != (2,) or L.y.shape[1:] != ():
        raise ValueError(
            "predictions are drawn over two inputs, for a model with one output, but got inputs "
            f"of shape {tuple(L.x.shape)} and targets of shape {tuple(L.y.shape)}"
        )
    side = torch.linspace(0, 1, resolution)
    with torch.no_grad():
        outputs = L.predict(theta, torch.cartesian_prod(side, side))
    if outputs.shape != (resolution**2,):
        raise ValueError(f"expected one number per example, got outputs {tuple(outputs.shape)}")
    grid: np.ndarray = outputs.reshape(resolution, resolution).cpu().numpy()
    return grid
