"""The exercises of chapter 07, skip connections, and their checks."""

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ...datasets import digits
from ...losses import cross_entropy
from ...models import deep_net
from ...objective import Objective
from ...scanning import scan
from ...slices import Slice
from ...training import descend
from ..scenarios import DEEP
from .exercise import Answers, Point, around, around_point, close, exercise, hint, lies_at, wrong


@exercise("07.1")
def normalise_by_hand(direction: Point) -> str:
    direction = torch.as_tensor(direction, dtype=torch.float64)
    hint(direction.numel() != 4, f"The layer has 4 weights, but you gave {direction.numel()}.")
    direction = direction.reshape(2, 2)
    theta = torch.tensor([[3, 4], [0, 2]], dtype=torch.float64)
    d = torch.tensor([[1, 0], [3, 4]], dtype=torch.float64)

    def is_at(other: Tensor) -> bool:
        return lies_at(direction, other, 0.01)

    unit = d / d.norm(dim=1, keepdim=True)
    hint(is_at(unit), "Every row has length 1 now. It should be as long as the filter's weights.")
    hint(
        is_at(d * theta.norm(dim=1, keepdim=True)),
        "That multiplies the lengths. First divide each row by its own length.",
    )
    hint(
        is_at(d / d.norm() * theta.norm()),
        "That normalises the layer as a whole. A filter is the weights into one unit: one row.",
    )
    hint(
        is_at(d / d.norm(dim=0) * theta.norm(dim=0)),
        "That normalises columns. A row of the matrix holds the weights into one unit.",
    )
    hint(is_at(theta), "Those are the weights. Keep the direction of each row of raw_direction.")
    hint(
        not is_at(unit * theta.norm(dim=1, keepdim=True)),
        "Divide each row of the direction by its length, and multiply it by that of the weights.",
    )
    return "Now each row is as long as the weights that it changes, whatever their scale."


@normalise_by_hand.evidence
def _() -> Answers:
    # rows (1, 0) and (3, 4), as long as (3, 4) and (0, 2)
    yield from around_point(((5.0, 0.0), (1.2, 1.6)), 0.01)
    yield wrong(((0.6, 0.8), (0.0, 2.0)), hint="Divide each row of")
    yield wrong(((1.0, 0.0), (0.6, 0.8)), hint="Every row has length 1")
    yield wrong(((5.0, 0.0), (6.0, 8.0)), hint="multiplies the lengths")
    yield wrong(((1.0561, 0.0), (3.1684, 4.2245)), hint="normalises the layer as a whole")
    yield wrong(((0.9487, 0.0), (2.846, 4.4721)), hint="normalises columns")
    yield wrong(((3.0, 4.0), (0.0, 2.0)), hint="Those are the weights")
    yield wrong((5.0, 2.0), hint="4 weights, but you gave 2")
    yield wrong("a direction", hint="could not use this answer")


@cache
def plateau() -> tuple[npt.NDArray[np.float64], float]:
    """The plane around a deep net that has hardly learnt anything, and the loss at its centre."""
    train, _ = digits(DEEP.n_train)
    L = Objective(deep_net(20, skip=False), train, cross_entropy)
    theta = descend(L, L.initial_points([0])[0], steps=300, lr=DEEP.lr, every=300).end
    plane = Slice.random(theta, 2, seed=0, filters=L.filters)
    return scan(L, plane, 21).loss, L(theta).item()


@exercise("07.2")
def flat_on_a_plateau(excess_loss: float) -> str:
    loss, centre = plateau()
    excess_loss = float(excess_loss)
    hint(
        close(excess_loss, loss.mean(), 0.02),
        "That is the mean loss of the plane. The excess is measured from the loss at its centre.",
    )
    hint(
        close(excess_loss, centre, 0.02),
        "That is the training loss: how far above it is the plane?",
    )
    hint(
        close(excess_loss, loss.max() - centre, 0.02),
        "That is the highest point of the plane. Take the mean.",
    )
    hint(
        excess_loss > 1,
        "That looks like a network that trained well. Start without the factor √3: "
        "L20.initial_points([0])[0].",
    )
    hint(
        not abs(excess_loss - (loss.mean() - centre)) < 0.15,
        "Train for 300 steps, scan the filter-normalised plane of seed 0, and subtract the loss at "
        "the end of training from the plane's mean.",
    )
    return "It is flatter than any network in the table, and useless: it sits on a plateau."


@flat_on_a_plateau.evidence
def _() -> Answers:
    loss, centre = plateau()
    yield from around(loss.mean() - centre, 0.15)
    yield wrong(loss.mean(), hint="mean loss of the plane")
    yield wrong(centre, hint="That is the training loss")
    yield wrong(loss.max() - centre, hint="highest point")
    yield wrong(4.1, hint="without the factor")
    yield wrong(0.6, hint="Train for 300 steps")
    yield wrong(None, hint="could not use this answer")
