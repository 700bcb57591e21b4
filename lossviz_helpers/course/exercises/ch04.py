"""The exercises of chapter 04, PCA slices, and their checks."""

import math
from functools import cache

import numpy as np
import torch

from ...scanning import scan
from ...slices import Slice, random_walk_variance
from ..scenarios import WALK, chosen_walk
from .exercise import (
    Answers,
    around,
    close,
    exercise,
    hint,
    wrong,
)


@cache  # a second try at an answer is judged at once
def agreement_at(angle: float) -> float:
    L, path = chosen_walk()
    view = Slice.along(path.points, dims=2)
    tilted = view.turn(1, towards=view.directions[0], degrees=90 - angle)
    loss = scan(L, tilted, resolution=61, extent=WALK.along).loss
    return float(np.corrcoef(loss.ravel(), loss.T.ravel())[0, 1])


@exercise("04.1")
def agreement_at_20(agreement: float) -> str:
    hint(abs(float(agreement)) > 1, "An agreement (correlation) lies between −1 and 1.")
    hint(close(agreement, agreement_at(70), 0.02), "That is 70° apart: turn by 90° − 20°.")
    hint(
        not close(agreement, agreement_at(20), 0.05),
        "Turn by 70°, scan in `window`, and compare the losses with their transpose.",
    )
    return "At 3° the map was nearly its own mirror image; a few degrees more and that is gone."


@agreement_at_20.evidence
def _() -> Answers:
    yield from around(agreement_at(20), 0.05)
    yield wrong(20, hint="between −1 and 1")
    yield wrong(agreement_at(70), hint="turn by 90° − 20°")
    yield wrong(agreement_at(3), hint="Turn by 70°")
    yield wrong(agreement_at(90), hint="Turn by 70°")
    yield wrong(math.nan, hint="Turn by 70°")


@exercise("04.2")
def null_share(share: float) -> str:
    one, two = random_walk_variance(steps=1000, P=1_000_000, dims=2)
    hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    hint(close(share, one, 0.02), "That is the share of the first component alone.")
    hint(
        float(share) < 1e-3,
        "Random directions would hold a share of 2/P, but PCA chooses its directions.",
    )
    hint(
        not close(share, two, 0.02), "random_walk_variance gives the shares of 1 … dims components."
    )
    return "The colleague's finding is hardly above the null."


@null_share.evidence
def _() -> Answers:
    one, two, three = random_walk_variance(steps=1000, P=200, dims=3)
    yield from around(two, 0.02)
    yield wrong(76, hint="not a percentage")
    yield wrong(one, hint="first component alone")
    yield wrong(2 / 1_000_000, hint="PCA chooses its directions")
    yield wrong(three, hint="the shares of 1 … dims")
    yield wrong(0.9, hint="the shares of 1 … dims")
    yield wrong(np.array([one, two]), hint="could not use this answer")


@cache
def losses_of_bias() -> tuple[float, float]:
    """The loss at ✕, and the lowest loss that changing its output bias alone can reach."""
    L, path = chosen_walk()
    view = Slice.pca(path.points, dims=2)
    land = scan(L, view, resolution=(121, 81), extent=WALK.plane)
    theta = view.point(torch.tensor(land.minima()[1].alpha))
    models = theta.repeat(801, 1)
    models[:, 12] += torch.linspace(-20, 20, 801, dtype=models.dtype)
    return L(theta).item(), L(models).min().item()


@exercise("04.3")
def corrected_bias(loss: float) -> str:
    at_cross, best = losses_of_bias()
    hint(close(loss, at_cross, 1e-3), "That is the loss at ✕ itself: change the bias.")
    hint(
        float(loss) < 0.97 * best,
        "That is lower than the bias alone can get: leave the other twelve parameters as they are.",
    )
    hint(
        not float(loss) <= 1.03 * best, "It gets lower still: try more values, in both directions."
    )
    return "The slope that the slice hides is mostly along this one parameter."


@corrected_bias.evidence
def _() -> Answers:
    L, path = chosen_walk()
    at_cross, best = losses_of_bias()
    yield from around(best, 0.03 * best)
    yield wrong(at_cross, hint="change the bias")
    yield wrong(L(path.end), hint="leave the other twelve")
    yield wrong(0, hint="leave the other twelve")
    yield wrong(2 * best, hint="gets lower still")
    yield wrong(math.nan, hint="lower still")
