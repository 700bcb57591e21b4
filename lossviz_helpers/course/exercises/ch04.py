"""The exercises of chapter 04, PCA slices, and their checks."""

from functools import cache

import numpy as np
import torch

from ...datasets import xor
from ...losses import squared_error
from ...models import model_3
from ...objective import Objective
from ...scanning import scan
from ...slices import Slice, random_walk_variance
from ...training import Trajectory, descend
from .exercise import _close, _exercise, _hint


@cache  # a second try at an answer is judged at once
def _chosen_walk() -> tuple[Objective, Trajectory]:
    L = Objective(model_3(seed=198), xor(), squared_error)
    return L, descend(L, L.point(), steps=1000, lr=0.03)


@cache
def _agreement(angle: float) -> float:
    L, path = _chosen_walk()
    view = Slice.along(path.points, dims=2)
    tilted = view.turn(1, towards=view.directions[0], degrees=90 - angle)
    loss = scan(L, tilted, resolution=61, extent=((-1.2, 1.2), (-1.2, 1.2))).loss
    return np.corrcoef(loss.ravel(), loss.T.ravel())[0, 1]


@_exercise("04.1")
def _agreement_at_20(agreement) -> str:
    _hint(abs(float(agreement)) > 1, "An agreement (correlation) lies between −1 and 1.")
    _hint(_close(agreement, _agreement(70), 0.02), "That is 70° apart: turn by 90° − 20°.")
    _hint(
        not _close(agreement, _agreement(20), 0.05),
        "Turn by 70°, scan in `window`, and compare the losses with their transpose.",
    )
    return "At 3° the map was nearly its own mirror image; a few degrees more and that is gone."


@_exercise("04.2")
def _null_share(share) -> str:
    one, two = random_walk_variance(steps=1000, P=1_000_000, dims=2)
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(_close(share, one, 0.02), "That is the share of the first component alone.")
    _hint(float(share) < 1e-3, "Random directions would hold 2/P. PCA chooses its directions.")
    _hint(not _close(share, two, 0.02), "random_walk_variance gives the shares of 1 … dims.")
    return "The colleague's finding is hardly above the null."


@cache
def _losses_of_bias() -> tuple[float, float]:
    """The loss at ✕, and the lowest that its output bias can reach."""
    L, path = _chosen_walk()
    view = Slice.pca(path.points, dims=2)
    land = scan(L, view, resolution=(121, 81), extent=((-42, 16), (-18, 18)))
    theta = view.point(torch.tensor(land.minima()[1].alpha))
    models = theta.repeat(801, 1)
    models[:, 12] += torch.linspace(-20, 20, 801, dtype=models.dtype)
    return L(theta).item(), L(models).min().item()


@_exercise("04.3")
def _mended_bias(loss) -> str:
    at_cross, best = _losses_of_bias()
    _hint(_close(loss, at_cross, 1e-3), "That is the loss at ✕ itself: change the bias.")
    _hint(
        float(loss) < 0.97 * best,
        "That is lower than the bias alone can get: leave the other twelve parameters as they are.",
    )
    _hint(
        not float(loss) <= 1.03 * best, "It gets lower still: try more values, in both directions."
    )
    return "The slope that the slice hides lies mostly in this one number."
