"""The exercises of chapter 05, slices like an MRI, and their checks."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch

from ...scanning import scan
from ...slices import Slice
from ...training import descend
from ..low_points import low_points
from ..scenarios import WALK, chosen_walk
from .exercise import Answers, around, close, exercise, hint, right, wrong

LAYERS = (-9.33, -2.5, 0.0, 6.1)  # each far from those of the chapter's block


@cache
def lowest_of_layer(alpha_3: float, across: int = 181, up: int = 121) -> float:
    """The lowest loss on a layer of the block: the plane at one α₃, on a grid."""
    L, path = chosen_walk()
    layer = Slice.pca(path.points, dims=3).at(2, alpha_3)
    grid = scan(L, layer, (across, up), WALK.block[:2], progress=False)
    return float(grid.loss.min())


@exercise("05.1")
def layer_of_your_own(lowest_at: Callable[..., Any]) -> str:
    hint(not callable(lowest_at), "Pass the function itself to check: lowest_at, without ().")
    for alpha_3 in LAYERS:
        found, expected = float(lowest_at(alpha_3)), lowest_of_layer(alpha_3)
        hint(
            not found <= 1.01 * expected,
            f"At α₃ = {alpha_3:g} there is a model with a lower loss. Is the grid fine enough, "
            "and is the window the same as the block's?",
        )
        hint(
            found < 0.99 * expected,
            f"At α₃ = {alpha_3:g} that is too low: does that model really lie in that layer?",
        )
    return "Which layers of the block you look at is a choice too, just like its directions."


def nearest_in_block(alpha_3: float) -> float:
    """The lowest loss not of this layer, but of the nearest one in the chapter's block."""
    layers = np.linspace(*WALK.block[2], 40)
    return lowest_of_layer(float(layers[np.abs(layers - alpha_3).argmin()]), 60, 40)


@layer_of_your_own.evidence
def _() -> Answers:
    yield right(lowest_of_layer)
    yield right(lambda alpha_3: torch.tensor(lowest_of_layer(alpha_3)))
    yield right(lambda alpha_3: lowest_of_layer(alpha_3, 240, 160))
    for times, answer in ((1.008, right), (0.992, right), (1.012, wrong), (0.988, wrong)):
        yield answer(lambda alpha_3, times=times: times * lowest_of_layer(alpha_3))
    yield wrong(lambda alpha_3: lowest_of_layer(alpha_3, 15, 10), hint="fine enough")
    yield wrong(lambda alpha_3: lowest_of_layer(0.0), hint="lie in that layer")
    yield wrong(nearest_in_block)
    yield wrong(lambda alpha_3: math.nan, hint="fine enough")
    yield wrong(lambda alpha_3: None, hint="returns nothing")
    yield wrong(lambda alpha_3: np.ones(3), hint="could not use this answer")
    yield wrong(lambda: 0.04, hint="stopped with TypeError")
    yield wrong(0.04, hint="the function itself")


@exercise("05.2")
def fourth_direction(models: int) -> str:
    hint(models == 60 * 40 * 40 + 40, "Layers multiply the number of models; they don't add to it.")
    hint(models == 60 * 40 * 40, "That is the block of three directions.")
    hint(models != 60 * 40 * 40 * 40, "Every model of the block appears once in each layer.")
    return "One more direction takes 40 times the work."


@fourth_direction.evidence
def _() -> Answers:
    yield right(60 * 40 * 40 * 40)
    yield wrong(60 * 40 * 40 * 40 - 1)
    yield wrong(60 * 40 * 40 * 40 + 1)
    yield wrong(60 * 40 * 40, hint="block of three directions")
    yield wrong(60 * 40 * 40 + 40, hint="Layers multiply")
    yield wrong(96_000 * 30, hint="once in each layer")
    yield wrong("96,000 × 40", hint="once in each layer")
    yield wrong(None, hint="once in each layer")


@cache
def walk_off_the_slice() -> tuple[float, float]:
    """How far from the slice further training ends up, and how far it travels in total."""
    L, path = chosen_walk()
    view = Slice.pca(path.points, dims=3)
    theta = view.point(torch.tensor(low_points(L, view, WALK.block, (60, 40, 40))[1].alpha))
    end = descend(L, theta, steps=1000, lr=0.01).end
    return view.distance(end).item(), (end - theta).norm().item()


@exercise("05.3")
def share_off_the_slice(share: float) -> str:
    off, walked = walk_off_the_slice()
    hint(
        close(share, off, 0.02),
        "That is the distance itself: divide it by the length of the walk.",
    )
    hint(float(share) > 1, "A fraction is at most 1: which of the two lengths is longer?")
    hint(
        not close(share, off / walked, 0.05),
        "Divide view.distance(end) by the norm of end − theta_block.",
    )
    return "So the way downhill leaves every picture drawn in these three directions."


@share_off_the_slice.evidence
def _() -> Answers:
    off, walked = walk_off_the_slice()
    yield from around(off / walked, 0.05)
    yield wrong(off, hint="divide it by the length")
    yield wrong(walked / off, hint="which of the two lengths")
    yield wrong(1 - off / walked, hint="Divide view.distance(end)")
    yield wrong(math.nan, hint="Divide view.distance(end)")
    yield wrong("most of it", hint="could not use this answer")
