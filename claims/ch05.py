"""Chapter 05: how low points change when the slice moves."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from lossviz_helpers import Slice, scan
from lossviz_helpers.course.scenarios import GUESS_ON_XOR, MIRROR_WINDOW

from .ch04 import GROUP, SETTINGS, L, group
from .ledger import Claim

POST = "Kirven 2019"
HOW = f"{SETTINGS}; seed s: networks {GROUP}s to {GROUP}s + {GROUP - 1}; slice moved by up to 30%"


@cache
def followed(seed: int) -> list[tuple[float, bool]]:
    """For the second low points of a group: how far they fall, and whether they swap rank."""
    found = []
    for walk in group(seed):
        plane = Slice.pca(walk.points, dims=3)
        side = (walk.end - walk.start).norm().item()
        extent = [(lo * side, hi * side) for lo, hi in MIRROR_WINDOW]
        block = scan(L, plane, resolution=(45, 33, 13), extent=extent)
        begin = plane.coordinates(walk.start)[0].item()  # the mirror side lies beyond the start
        lows = block.at(2, 0.0).minima()
        lows = [low for low in lows if low.alpha[0] < begin and low.loss < GUESS_ON_XOR]
        if lows:
            low = lows[0]
            near = [abs(a - x) < 0.25 * side for a, x in zip(block.axes, low.alpha, strict=False)]
            there = block.loss[near[0]][:, near[1]].min(axis=(0, 1))
            first = block.loss[block.axes[0] > begin].min(axis=(0, 1))
            found.append((1 - there.min() / low.loss, bool((there < first).any())))
    return found


def median_fall(seeds: Sequence[int]) -> list[float]:
    return [float(np.median([fall for fall, _ in followed(s)])) - 0.1 for s in seeds]


def swaps(seeds: Sequence[int]) -> list[float]:
    return [float(np.mean([swap for _, swap in followed(s)])) - 0.5 for s in seeds]


CLAIMS = [
    Claim(
        "05.1",
        "Apparent local minima get lower as the slice moves: by more than a tenth.",
        POST,
        HOW,
        "median fall of the second low points minus 10%",
        range(5),
        median_fall,
    ),
    Claim(
        "05.2",
        "Slices mislead about which of two low points is the deeper one: they swap rank.",
        f"{POST}, for one seed",
        HOW,
        "share of the maps in which they swap rank, minus one half",
        range(5),
        swaps,
    ),
]
