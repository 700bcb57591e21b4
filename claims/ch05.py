"""Chapter 05: how low points change when the slice moves."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from lossviz_helpers import Slice
from lossviz_helpers.course.low_points import follow, low_points, mirror_window

from .ch04 import GROUPED, L, group
from .ledger import Claim, Measure, Variation

POST = "Kirven 2019, Visualizing More Complex Landscapes"
REACH = 0.3  # of the distance from start to end of the walk
HOW = f"{GROUPED}; slice moved by up to {REACH:.0%} of the distance from start to end, 13 planes"
HEIGHTS = np.linspace(-REACH, REACH, 13)


@cache
def followed(seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Losses of the second low point and of the first, plane by plane, for each of a group."""
    found = []
    for walk, plane, second in group(seed):
        window = mirror_window(walk, 2)
        begin = plane.coordinates(walk.start)[0].item()
        first = [low for low in low_points(L, plane, window) if low.alpha[0] >= begin]
        if second is None or not first:
            continue
        block = Slice.pca(walk.points, dims=3)
        heights = HEIGHTS * (walk.end - walk.start).norm().item()
        lows = (follow(L, block, low, heights, window) for low in (second, first[0]))
        found.append((next(lows), next(lows)))
    return found


def fall(reach: float) -> Measure:
    """For the seeds of a claim: how far second low points fall within this reach, median."""
    planes = np.abs(HEIGHTS) <= reach + 1e-9

    def measure(seeds: Sequence[int]) -> list[float]:
        return [
            float(np.median([1 - s[planes].min() / s[len(s) // 2] for s, _ in followed(seed)]))
            for seed in seeds
        ]

    return measure


def swaps(reach: float) -> Measure:
    """For the seeds of a claim: fraction of the maps in which the two low points swap ranks."""
    planes = np.abs(HEIGHTS) <= reach + 1e-9

    def measure(seeds: Sequence[int]) -> list[float]:
        found = []
        for seed in seeds:
            lower = [second[planes] < first[planes] for second, first in followed(seed)]
            found.append(float(np.mean([some.any() and not some.all() for some in lower])))
        return found

    return measure


HALF = f"moved by up to {REACH / 2:.0%} instead of {REACH:.0%}"

CLAIMS = [
    Claim(
        "05.1",
        "Apparent local minima get lower, by more than 5%, as the slice moves.",
        f"{POST}, Figure 13",
        HOW,
        "relative fall of the second low point's loss as the slice moves, median",
        range(10),
        fall(REACH),
        above=0.05,
        varied=(Variation(HALF, fall(REACH / 2), "the slice moves far enough"),),
        cell="c05-26",
    ),
    Claim(
        "05.2",
        "Which of two low points is deeper depends on the slice, in more than one map in ten.",
        f"{POST}, Figures 13 and 14, for one network",
        HOW,
        "fraction of the maps in which the two low points swap ranks",
        range(10),
        swaps(REACH),
        above=0.1,
        varied=(Variation(HALF, swaps(REACH / 2), "the slice moves far enough"),),
        cell="c05-26",
    ),
]
