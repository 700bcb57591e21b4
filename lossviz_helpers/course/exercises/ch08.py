"""The exercises of chapter 08, skip connections, and their checks."""

from collections.abc import Callable
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
from .exercise import Answers, around, close, exercise, hint, right, wrong
from .given import called, one_number

# -- 08.1 ------------------------------------------------------------------------------------------

# Two layers, one row per filter: weights, and a raw direction for them. One filter is all zeros.
LAYERS = (
    (
        torch.tensor([[3.0, 4.0, 0.0], [0.0, 0.2, 0.0]], dtype=torch.float64),
        torch.tensor([[1.0, 0.0, 1.0], [3.0, 4.0, -12.0]], dtype=torch.float64),
    ),
    (
        torch.tensor([[1.0, -1.0], [20.0, 5.0], [0.0, 0.0]], dtype=torch.float64),
        torch.tensor([[0.3, 0.1], [-2.0, 0.5], [1.0, 1.0]], dtype=torch.float64),
    ),
)


def lengths(rows: Tensor) -> Tensor:
    return (rows**2).sum(dim=1, keepdim=True).sqrt()


@exercise("08.1")
def normalise_filters(normalise: Callable[..., object]) -> str:
    for weights, d in LAYERS:
        found = called("normalise", normalise, d, weights)
        hint(
            found.shape != d.shape,
            f"For weights of shape {tuple(d.shape)}, normalise should return the same shape, but "
            f"returns {tuple(found.shape)}.",
        )
        unit = d / lengths(d)

        def is_near(other: Tensor, found: Tensor = found) -> bool:
            return torch.allclose(found, other, rtol=1e-3, atol=1e-6)

        hint(is_near(weights), "Those are the weights. Keep the direction of each row of d.")
        hint(is_near(d), "That is d as it was: each row should be as long as the weights' row.")
        hint(is_near(unit), "Every row has length 1. It should be as long as the weights' row.")
        hint(
            is_near(d * lengths(weights)),
            "That multiplies the lengths. First divide each row of d by its own length.",
        )
        hint(
            is_near(d / d.norm() * weights.norm()),
            "That normalises the layer as a whole. A filter is the weights into one unit: one row.",
        )
        hint(
            is_near(d / d.norm(dim=0) * weights.norm(dim=0)),
            "That normalises columns. A row of the matrix holds the weights into one unit.",
        )
        hint(
            is_near(unit * lengths(weights) ** 2),
            "The rows have the squares of the weights' lengths. Take the square root.",
        )
        hint(
            not is_near(unit * lengths(weights)),
            "For each row: divide d by its length, multiply by the length of the weights.",
        )
    return "Each row is as long as the weights that it perturbs, and 0 where they are 0."


def solution(d: Tensor, weights: Tensor) -> Tensor:
    return d / lengths(d) * lengths(weights)


@normalise_filters.evidence
def _() -> Answers:
    yield right(solution)
    yield right(lambda d, weights: solution(d, weights).tolist())
    yield right(lambda d, w: solution(d, w).numpy().astype("float32"))
    yield from around(1.0, 1e-3, lambda x: (lambda d, w: x * solution(d, w),))
    yield wrong(lambda d, w: w, hint="Those are the weights")
    yield wrong(lambda d, w: d, hint="d as it was")
    yield wrong(lambda d, w: d / lengths(d), hint="Every row has length 1")
    yield wrong(lambda d, w: d * lengths(w), hint="multiplies the lengths")
    yield wrong(lambda d, w: d / d.norm() * w.norm(), hint="the layer as a whole")
    yield wrong(lambda d, w: d / d.norm(dim=0) * w.norm(dim=0), hint="normalises columns")
    yield wrong(lambda d, w: d / lengths(d) * lengths(w) ** 2, hint="square root")
    yield wrong(lambda d, w: -solution(d, w), hint="For each row")
    yield wrong(lambda d, w: solution(d, w)[0], hint="the same shape")
    yield wrong(lambda d, w: w.norm(), hint="the same shape")
    yield wrong(lambda d, w: None, hint="Is there a return")
    yield wrong(lambda d, w: "d", hint="should return numbers")
    yield wrong(lambda d, w: d / 0, hint="isn't finite")
    yield wrong(lambda d: d, hint="stopped with TypeError")
    yield wrong(torch.ones(2, 2), hint="without calling it")
    yield wrong(None, hint="should be a function")


# -- 08.2 ------------------------------------------------------------------------------------------


@cache
def plateau() -> tuple[npt.NDArray[np.float64], float]:
    """The plane around a deep net that has hardly learnt anything, and the loss at its centre."""
    train, _ = digits(DEEP.n_train)
    L = Objective(deep_net(20, skip=False), train, cross_entropy)
    theta = descend(L, L.initial_points([0])[0], steps=300, lr=DEEP.lr, every=300).end
    plane = Slice.random(theta, 2, seed=0, filters=L.filters)
    return scan(L, plane, 21).loss, L(theta).item()


@exercise("08.2")
def flat_on_a_plateau(excess_loss: float) -> str:
    loss, centre = plateau()
    excess_loss = one_number(excess_loss)
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
        "Train for 300 steps, scan the filter-normalised plane with seed 0, and subtract the loss "
        "at the end of training from the plane's mean.",
    )
    return (
        "The loss around it rises less than around any network in the table, and yet this network "
        "is useless: it sits on a plateau."
    )


@flat_on_a_plateau.evidence
def _() -> Answers:
    loss, centre = plateau()
    yield from around(loss.mean() - centre, 0.15)
    yield right(torch.tensor([loss.mean() - centre]))
    yield wrong(loss.mean(), hint="mean loss of the plane")
    yield wrong(centre, hint="That is the training loss")
    yield wrong(loss.max() - centre, hint="highest point")
    yield wrong(4.1, hint="without the factor")
    yield wrong(0.6, hint="Train for 300 steps")
    yield from (wrong(odd, hint="one number") for odd in (None, "flat", np.nan, loss, print))
