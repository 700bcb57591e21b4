"""Chapter 03: what lies on the straight line between two models."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from lossviz_helpers import (
    Objective,
    Slice,
    Trajectory,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import BARRIER, READING, UNITS_SWAPPED, WALK

from .ledger import Claim, Variation

XOR = Objective(model_3(), xor(), squared_error)
DIGITS = Objective(digit_classifier(), digits()[0], cross_entropy)
HOW = {XOR: WALK, DIGITS: READING}
ON_XOR = "Model 3, *XOR*, Adam lr 0.03, 1000 steps"
ON_DIGITS = "digits, 64-64-10 ReLU, Adam lr 0.01, 100 steps"


@cache
def trained(L: Objective, seeds: tuple[int, ...]) -> Trajectory:
    return descend(L, L.initial_points(seeds), HOW[L].steps, HOW[L].lr)


def climb(losses: np.ndarray) -> float:
    """The largest rise above any earlier value, as a fraction of the first value."""
    return float((losses - np.minimum.accumulate(losses)).max() / losses[0])


def barrier(L: Objective, A, B) -> float:
    return scan(L, Slice.between(A, B), resolution=101, extent=((0, 1),)).barrier()


def falls_along_the_line(L: Objective, seeds: Sequence[int]) -> list[float]:
    lines = [Slice.between(run.start, run.end) for run in trained(L, tuple(seeds))]
    return [0.01 - climb(scan(L, line, 101, ((0, 1),)).loss) for line in lines]


def between_independent(seeds: Sequence[int]) -> list[float]:
    ends = (trained(XOR, tuple(s + shift for s in seeds)).end for shift in (0, 10))
    return [barrier(XOR, a, b) - BARRIER for a, b in zip(*ends, strict=True)]


def between_twins(seeds: Sequence[int]) -> list[float]:
    ends = trained(XOR, tuple(seeds)).end
    return [barrier(XOR, end, end[list(UNITS_SWAPPED)]) - BARRIER for end in ends]


def leaves_the_line(L: Objective, seeds: Sequence[int]) -> list[float]:
    found = []
    for run in trained(L, tuple(seeds)):
        line = Slice.between(run.start, run.end)
        away = line.distance(run.points).max() / (run.end - run.start).norm()
        found.append(away.item() - 0.2)
    return found


CLAIMS = [
    Claim(
        "03.1",
        "From the start to the end of training the loss falls along the straight line.",
        "Goodfellow et al. 2015; Kirven 2019 for one run; Lucas et al. 2021: not always",
        f"{ON_DIGITS}; without the condition: {ON_XOR}",
        "1% minus the highest climb, as a share of the first loss",
        range(10),
        lambda seeds: falls_along_the_line(DIGITS, seeds),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: falls_along_the_line(XOR, seeds),
                "the network is large for its task: digits, not *XOR*",
            ),
        ),
    ),
    Claim(
        "03.2",
        "Between independently trained networks there is a barrier.",
        "Frankle et al. 2020",
        f"{ON_XOR}; starts s and s + 10",
        "barrier minus 0.1",
        range(10),
        between_independent,
    ),
    Claim(
        "03.3",
        "Even a network and its copy with units in another order have a barrier.",
        "Entezari et al. 2022",
        f"{ON_XOR}; units 2 and 3 change places",
        "barrier minus 0.1",
        range(20),
        between_twins,
    ),
    Claim(
        "03.4",
        "The straight slice from start to end shows where training went.",
        "Kirven 2019",
        ON_DIGITS,
        "a fifth of the line's length minus how far the walk leaves it, in line lengths",
        range(10),
        lambda seeds: [-away for away in leaves_the_line(DIGITS, seeds)],
    ),
]
