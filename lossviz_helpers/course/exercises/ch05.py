"""The exercises of chapter 05, slices like an MRI, and their checks."""

import math
from functools import cache

import numpy as np
import torch

from ...scanning import scan
from ...slices import Slice
from ...training import descend
from ..scenarios import WALK, chosen_walk
from .exercise import Answers, around, between, close, exercise, hint, right, wrong


@cache
def gain_of_finer_grid() -> float:
    L, path = chosen_walk()
    view = Slice.pca(path.points, dims=3)
    layers = np.linspace(*WALK.block[2], 40)
    plane = view.at(2, layers[np.abs(layers).argmin()])
    coarse, fine = (
        scan(L, plane, resolution=n, extent=WALK.block[:2]).loss.min()
        for n in ((60, 40), (240, 160))
    )
    return float(coarse - fine)


@exercise("05.1")
def finer_grid(difference: float) -> str:
    hint(float(difference) < 0, "A finer grid can only find lower points: coarse minus fine.")
    hint(
        not float(difference) <= 5 * gain_of_finer_grid() + 1e-3,
        "That is too much: are both maps of the same layer, in the same window?",
    )
    hint(float(difference) == 0, "The finer grid does find a lower point: is it really finer?")
    return "The coarse grid is fine enough for looking at basins."


@finer_grid.evidence
def _() -> Answers:
    gain = gain_of_finer_grid()
    yield from between(0, 5 * gain + 1e-3)
    yield right(gain)
    yield wrong(0, hint="is it really finer")
    yield wrong(-gain, hint="coarse minus fine")
    yield wrong(0.1, hint="the same layer")
    yield wrong("a little", hint="could not use this answer")
    yield wrong(math.nan, hint="the same layer")


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


@cache
def walk_off_the_slice() -> tuple[float, float]:
    """How far further training leads away from the slice, and how far it goes in all."""
    L, path = chosen_walk()
    view = Slice.pca(path.points, dims=3)
    land = scan(L, view, resolution=(60, 40, 40), extent=WALK.block)
    theta = view.point(torch.tensor(land.minima()[1].alpha))
    end = descend(L, theta, steps=1000, lr=0.01).end
    return view.distance(end).item(), (end - theta).norm().item()


@exercise("05.3")
def share_off_the_slice(share: float) -> str:
    off, walked = walk_off_the_slice()
    hint(
        close(share, off, 0.02),
        "That is the distance itself: divide it by the length of the walk.",
    )
    hint(float(share) > 1, "A share is at most 1: which of the two lengths is the longer one?")
    hint(
        not close(share, off / walked, 0.05),
        "Divide view.distance(end) by the norm of end − theta_left.",
    )
    return "So the way down leads out of every picture of these three directions."


@share_off_the_slice.evidence
def _() -> Answers:
    off, walked = walk_off_the_slice()
    yield from around(off / walked, 0.05)
    yield wrong(off, hint="divide it by the length")
    yield wrong(walked / off, hint="which of the two lengths")
    yield wrong(1 - off / walked, hint="Divide view.distance(end)")
