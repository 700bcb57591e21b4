"""Chapter 04: what a plane through 13 dimensions shows, and what it hides."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch

from lossviz_helpers import (
    Objective,
    Slice,
    Trajectory,
    Verdict,
    descend,
    diagonal,
    explained_variance,
    false_minimum_test,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.low_points import second_low_point
from lossviz_helpers.course.scenarios import WALK
from lossviz_helpers.landscape import LowPoint

from .ledger import Claim, Measure, Variation

L = Objective(model_3(), xor(), squared_error)
DIAGONAL = Objective(model_3(), diagonal(), squared_error)
SETTINGS = (
    f"Model 3, *XOR* (the same 500 points for all seeds), Adam lr {WALK.lr}, {WALK.steps} steps"
)
GROUP = 16  # networks that count as one measurement, because not every one has a second low point
GROUPED = f"{SETTINGS}; seed s: networks {GROUP}s to {GROUP}s + {GROUP - 1}"
FASTER = 0.05  # a learning rate
FURTHER = 20_000  # steps
SLICING = "Kirven 2019, Visualizing More Complex Landscapes"
FASTER_WALK = f"learning rate {FASTER} instead of {WALK.lr}"


@cache
def walks(seeds: tuple[int, ...], lr: float = WALK.lr) -> Trajectory:
    return descend(L, L.initial_points(seeds), steps=WALK.steps, lr=lr)


@cache
def group(seed: int, lr: float = WALK.lr) -> list[tuple[Trajectory, Slice, LowPoint | None]]:
    """The walks of a group, their PCA planes, and the second low point of each, if there is one."""
    found = []
    for walk in walks(tuple(range(GROUP * seed, GROUP * (seed + 1))), lr):
        plane = Slice.pca(walk.points, dims=2)
        found.append((walk, plane, second_low_point(L, walk, plane)))
    return found


@cache
def verdicts(seed: int, lr: float = WALK.lr) -> list[tuple[Verdict, Verdict]]:
    """Verdicts on the second low points of a group, each with that on the end of its training."""
    return [
        (
            false_minimum_test(L, plane.point(torch.tensor(low.alpha)), plane, 100, WALK.lr),
            false_minimum_test(L, walk.end, plane, 100, WALK.lr),
        )
        for walk, plane, low in group(seed, lr)
        if low is not None
    ]


def mirror_agreement(angle: float, lr: float = WALK.lr) -> Measure:
    """For the seeds of a claim: correlation of the map with its mirror image."""

    def measure(seeds: Sequence[int]) -> list[float]:
        found = []
        for walk in walks(tuple(seeds), lr):
            view = Slice.along(walk.points, dims=2)
            tilted = view.turn(1, view.directions[0], 90 - angle)
            loss = scan(L, tilted, resolution=31, extent=WALK.along, progress=False).loss
            found.append(float(np.corrcoef(loss.ravel(), loss.T.ravel())[0, 1]))
        return found

    return measure


def beats_the_random_walk(lr: float = WALK.lr) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        views = [Slice.pca(walk.points, dims=2) for walk in walks(tuple(seeds), lr)]
        return [float(view.explained[-1] - view.null[-1]) for view in views]

    return measure


def beats_its_shuffled_steps(seeds: Sequence[int]) -> list[float]:
    found = []
    for seed, walk in zip(seeds, walks(tuple(seeds)), strict=True):
        order = torch.randperm(WALK.steps, generator=torch.Generator().manual_seed(seed))
        shuffled = walk.start + walk.points.diff(dim=0)[order].cumsum(dim=0)
        own, null = (Slice.pca(p, dims=2).explained[-1] for p in (walk.points, shuffled))
        found.append(float(own - null))
    return found


def variance_of_a_random_walk(steps: int, P: int) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        found = []
        for seed in seeds:
            generator = torch.Generator().manual_seed(seed)
            walk = torch.randn(steps, P, generator=generator, dtype=torch.float64).cumsum(dim=0)
            variance = torch.linalg.svdvals(walk - walk.mean(dim=0)).square()
            found.append((variance[:2].sum() / variance.sum()).item())
        return found

    return measure


def random_directions(lr: float = WALK.lr) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        return [
            float(
                Slice.pca(walk.points, dims=2).explained[-1]
                - explained_variance(walk.points, Slice.random(walk.end, 2, seed).directions)[-1]
            )
            for seed, walk in zip(seeds, walks(tuple(seeds), lr), strict=True)
        ]

    return measure


def share_of_second_low_points(lr: float = WALK.lr) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        return [float(np.mean([low is not None for *_, low in group(seed, lr)])) for seed in seeds]

    return measure


def share_of_false_minima(lr: float = WALK.lr) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        """By gradient and Hessian alone, without further training."""
        return [
            float(np.mean([not v.is_stationary or v.negative > 0 for v, _ in verdicts(seed, lr)]))
            for seed in seeds
        ]

    return measure


def length_of_gradient(verdict: Verdict) -> float:
    return float(np.hypot(verdict.gradient_in, verdict.gradient_off))


def times_as_steep(lr: float = WALK.lr) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        return [
            float(
                np.median(
                    [
                        length_of_gradient(second) / length_of_gradient(end)
                        for second, end in verdicts(seed, lr)
                    ]
                )
            )
            for seed in seeds
        ]

    return measure


def ends_that_get_lower(lr: float = WALK.lr) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        return [float(np.mean([end.leads_down for _, end in verdicts(s, lr)])) for s in seeds]

    return measure


def fall_of_the_end(landscape: Objective) -> Measure:
    def measure(seeds: Sequence[int]) -> list[float]:
        starts = landscape.initial_points(seeds)
        ends = descend(landscape, starts, steps=WALK.steps, lr=WALK.lr, every=WALK.steps).end
        further = descend(landscape, ends, steps=FURTHER, lr=WALK.lr, every=FURTHER)
        return [float(1 - run.losses[-1] / run.losses[0]) for run in further]

    return measure


def miss_of_the_twin(seeds: Sequence[int]) -> list[float]:
    theta = L.initial_points(seeds)
    twin = torch.cat([-theta[:, :12], theta[:, 12:]], dim=1)
    return (L(theta) - L(twin)).abs().tolist()


CLAIMS = [
    Claim(
        "04.1",
        "With nearly parallel directions, the picture is misleadingly symmetric.",
        f"{SLICING}, Figure 9",
        f"{SETTINGS}; directions 3° apart",
        "correlation of the map with its mirror image; above 0.9 counts as symmetric",
        range(14),
        mirror_agreement(3),
        above=0.9,
        varied=(
            Variation(
                "20° between the directions instead of 3°",
                mirror_agreement(20),
                "the directions are much less than 20° apart",
            ),
            Variation(FASTER_WALK, mirror_agreement(3, FASTER), "the learning rate is small"),
        ),
        cell="c04-60",
    ),
    Claim(
        "04.2",
        "Two principal components explain more than half of the variance of a random walk.",
        "Antognini & Sohl-Dickstein 2018, abstract",
        "1000 Gaussian steps in 200 dimensions",
        "fraction of the variance explained by the first two components",
        range(14),
        variance_of_a_random_walk(1000, 200),
        above=0.5,
        varied=(
            Variation(
                "13 dimensions instead of 200",
                variance_of_a_random_walk(1000, 13),
                "the space has many dimensions",
            ),
            Variation(
                "100 steps instead of 1000",
                variance_of_a_random_walk(100, 200),
                "the walk is long",
            ),
        ),
        cell="c04-17",
    ),
    Claim(
        "04.3",
        "Two PCA directions explain more of the variance of training than of a random walk.",
        "ours",
        SETTINGS,
        "fraction of the variance explained, minus that for a random walk",
        range(14),
        beats_the_random_walk(),
        varied=(
            Variation(
                "compared with training's own steps in random order",
                beats_its_shuffled_steps,
                "the random walk doesn't have training's own steps, and so its drift",
            ),
            Variation(FASTER_WALK, beats_the_random_walk(FASTER), "the learning rate is small"),
        ),
        cell="c04-15",
    ),
    Claim(
        "04.4",
        "More than one plane in ten along training has a second low point.",
        f"{SLICING}, Figure 12, for one network",
        f"{GROUPED}; low points with a loss below 0.25; the bound was chosen after the first "
        "results",
        "fraction of the networks whose plane has one",
        range(10),
        share_of_second_low_points(),
        above=0.1,
        varied=(
            Variation(
                FASTER_WALK, share_of_second_low_points(FASTER), "the learning rate is small"
            ),
        ),
        cell="c04-39",
    ),
    Claim(
        "04.5",
        "Most second low points aren't local minima: the landscape clearly slopes or curves down.",
        f"{SLICING}, Figure 12, for one network",
        f"{GROUPED}; gradient and Hessian",
        "fraction of the second low points where the landscape clearly slopes or curves down",
        range(10),
        share_of_false_minima(),
        above=0.5,
        varied=(
            Variation(FASTER_WALK, share_of_false_minima(FASTER), "the learning rate is small"),
        ),
        cell="c04-40",
    ),
    Claim(
        "04.6",
        "The further-training test tells the second low point apart from the end of training.",
        "ours; Kirven 2019, “Slicing”, checks only the second low point",
        f"{GROUPED}; 100 further steps at lr {WALK.lr}",
        "fraction of the ends of training that the test tells apart from a second low point, "
        "because further training lowers their loss by no more than 1%",
        range(10),
        lambda seeds: [1 - share for share in ends_that_get_lower()(seeds)],
        above=0.5,
        varied=(
            Variation(
                FASTER_WALK,
                lambda seeds: [1 - share for share in ends_that_get_lower(FASTER)(seeds)],
                "the learning rate is small",
            ),
        ),
        cell="c04-40",
    ),
    Claim(
        "04.7",
        "The end of training isn't a minimum: further training lowers the loss by over a tenth.",
        "ours",
        f"{SETTINGS}, then {FURTHER:,} further steps",
        "relative fall of the loss",
        range(14),
        fall_of_the_end(L),
        above=0.1,
        varied=(
            Variation("diagonal instead of XOR", fall_of_the_end(DIAGONAL), "the data are *XOR*"),
        ),
        cell="c04-66",
    ),
    Claim(
        "04.8",
        "The second low point is more than ten times as steep as the end of training.",
        "ours",
        GROUPED,
        "norm of the gradient at the second low point, divided by that at the end, median",
        range(10),
        times_as_steep(),
        above=10,
        varied=(Variation(FASTER_WALK, times_as_steep(FASTER), "the learning rate is small"),),
        cell="c04-30",
    ),
    Claim(
        "04.9",
        "PCA directions explain more of the variance of training than random ones.",
        "Li et al. 2018, section 7",
        SETTINGS,
        "fraction of the variance explained by two PCA directions minus that by two random ones",
        range(14),
        random_directions(),
        varied=(Variation(FASTER_WALK, random_directions(FASTER), "the learning rate is small"),),
        cell="c04-45",
    ),
    Claim(
        "04.10",
        "Every point of Model 3 has a twin with the same loss: all signs flipped, except that of "
        "the output bias.",
        "ours",
        "Model 3, *XOR*, initial points",
        "difference of the two losses",
        range(14),
        miss_of_the_twin,
        below=1e-14,
        proof="tanh(−x) = −tanh(x), so each unit's output changes sign, and so does its output "
        "weight: their product stays the same",
        cell="c04-35",
    ),
]
