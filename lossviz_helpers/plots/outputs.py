"""The data, and a model's predictions."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
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
        ValueError: if there are other targets.

    >>> from lossviz_helpers import xor
    >>> ax = data(*xor(200))
    """
    ax = ax or plt.subplots(figsize=(5, 5))[1]
    low = -1 if (y == -1).any() else 0
    if not ((y == low) | (y == 1)).all():
        raise ValueError(
            "data are drawn for targets 0 and 1, or −1 and 1, got values from "
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

    The line is the decision boundary, where the model outputs 0.5.

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
            "predictions are drawn over two inputs, for a model with one output; got inputs "
            f"of shape {tuple(L.x.shape)} and targets of shape {tuple(L.y.shape)}"
        )
    side = torch.linspace(0, 1, resolution)
    with torch.no_grad():
        outputs = L.predict(theta, torch.cartesian_prod(side, side))
    if outputs.shape != (resolution**2,):
        raise ValueError(f"expected one number per example, got outputs {tuple(outputs.shape)}")
    grid: np.ndarray = outputs.reshape(resolution, resolution).cpu().numpy()
    return grid
