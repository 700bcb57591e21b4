"""The exercises of chapter 07, skip connections, and their checks."""

from functools import cache

import numpy as np
import torch

from ...datasets import digits
from ...losses import cross_entropy
from ...models import deep_net
from ...objective import Objective
from ...scanning import scan
from ...slices import Slice
from ...training import descend
from .exercise import _close, _exercise, _hint


@_exercise("07.1")
def _normalise_by_hand(direction) -> str:
    direction = torch.as_tensor(direction, dtype=torch.float64)
    _hint(direction.numel() != 4, f"The layer has 4 weights, got {direction.numel()} numbers.")
    direction = direction.reshape(2, 2)
    theta = torch.tensor([[3, 4], [0, 2]], dtype=torch.float64)
    d = torch.tensor([[1, 0], [3, 4]], dtype=torch.float64)

    def is_at(other: torch.Tensor) -> bool:
        return bool((direction - other).norm() < 0.01)

    unit = d / d.norm(dim=1, keepdim=True)
    _hint(is_at(unit), "Every row has length 1 now. It should be as long as the filter's weights.")
    _hint(
        is_at(d * theta.norm(dim=1, keepdim=True)),
        "That multiplies the lengths. First divide each row by its own length.",
    )
    _hint(
        is_at(d / d.norm() * theta.norm()),
        "That normalises the layer as a whole. A filter is what feeds one unit: one row.",
    )
    _hint(
        is_at(d / d.norm(dim=0) * theta.norm(dim=0)),
        "That normalises columns. A row of the matrix holds what feeds one unit.",
    )
    _hint(is_at(theta), "Those are the weights. Keep the direction of each row of raw_direction.")
    _hint(
        not is_at(unit * theta.norm(dim=1, keepdim=True)),
        "For each row: divide the direction by its length, multiply by the length of the weights.",
    )
    return "Each row as long as the weights it changes, whatever their scale."


@cache
def _plateau() -> tuple[np.ndarray, float]:
    """The plane around a deep net that hardly trained, and the loss at its centre."""
    train, _ = digits(n_train=200)
    L = Objective(deep_net(20, skip=False), train, cross_entropy)
    theta = descend(L, L.initial_points([0])[0], steps=300, lr=2e-3, every=300).end
    plane = Slice.random(theta, 2, seed=0, filters=L.filters)
    return scan(L, plane, 21).loss, L(theta).item()


@_exercise("07.2")
def _flat_on_a_plateau(excess_loss) -> str:
    loss, centre = _plateau()
    excess_loss = float(excess_loss)
    _hint(
        _close(excess_loss, loss.mean(), 0.02),
        "That is the mean loss of the plane. The excess is counted from the loss at its centre.",
    )
    _hint(
        _close(excess_loss, centre, 0.02), "That is the training loss: what is the plane above it?"
    )
    _hint(
        _close(excess_loss, loss.max() - centre, 0.02),
        "That is the highest point of the plane. Take the mean.",
    )
    _hint(
        excess_loss > 1,
        "That looks like a network that trained well. Start without the factor √3: "
        "L20.initial_points([0])[0].",
    )
    _hint(
        not abs(excess_loss - (loss.mean() - centre)) < 0.15,
        "Train for 300 steps, scan the filter-normalised plane of seed 0, and subtract the loss at "
        "the end of training from the plane's mean.",
    )
    return "Flatter than any network in the table, and useless: it sits on a plateau."
