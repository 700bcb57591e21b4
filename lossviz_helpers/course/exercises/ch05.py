"""The exercises of chapter 05, slices like an MRI, and their checks."""

from functools import cache

import numpy as np
import torch

from ...scanning import scan
from ...slices import Slice
from ...training import descend
from .ch04 import _chosen_walk
from .exercise import _close, _exercise, _hint

_BLOCK = ((-50, 16), (-18, 18), (-12, 12))


@cache
def _gain_of_finer_grid() -> float:
    L, path = _chosen_walk()
    view = Slice.pca(path.points, dims=3)
    layers = np.linspace(*_BLOCK[2], 40)
    plane = view.at(2, layers[np.abs(layers).argmin()])
    coarse, fine = (
        scan(L, plane, resolution=n, extent=_BLOCK[:2]).loss.min() for n in ((60, 40), (240, 160))
    )
    return coarse - fine


@_exercise("05.1")
def _finer_grid(difference) -> str:
    _hint(float(difference) < 0, "A finer grid can only find lower points: coarse minus fine.")
    _hint(
        not float(difference) <= 5 * _gain_of_finer_grid() + 1e-3,
        "That is too much: are both maps of the same layer, in the same window?",
    )
    _hint(float(difference) == 0, "The finer grid does find a lower point: is it really finer?")
    return "For looking at basins the coarse grid is fine enough."


@_exercise("05.2")
def _fourth_direction(models) -> str:
    _hint(models == 60 * 40 * 40 + 40, "Layers multiply, they don't add.")
    _hint(models == 60 * 40 * 40, "That is the block of three directions.")
    _hint(models != 60 * 40 * 40 * 40, "Every model of the block appears once in each layer.")
    return "One more direction, 40 times the work."


@cache
def _walk_off_the_slice() -> tuple[float, float]:
    """How far training on leads off the slice, and how far in all."""
    L, path = _chosen_walk()
    view = Slice.pca(path.points, dims=3)
    land = scan(L, view, resolution=(60, 40, 40), extent=_BLOCK)
    theta = view.point(torch.tensor(land.minima()[1].alpha))
    end = descend(L, theta, steps=1000, lr=0.01).end
    return view.distance(end).item(), (end - theta).norm().item()


@_exercise("05.3")
def _share_off_the_slice(share) -> str:
    off, walked = _walk_off_the_slice()
    _hint(
        _close(share, off, 0.02),
        "That is the distance itself: divide it by the length of the walk.",
    )
    _hint(float(share) > 1, "A share is at most 1: which of the two lengths is the longer one?")
    _hint(
        not _close(share, off / walked, 0.05),
        "Divide view.distance(end) by the norm of end − theta_left.",
    )
    return "So the way down leads out of every picture of these three directions."
