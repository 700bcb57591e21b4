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
    explained_variance,
    false_minimum_test,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import GUESS_ON_XOR, MIRROR_WINDOW, WALK

from .ledger import Claim

L = Objective(model_3(), xor(), squared_error)
SETTINGS = "Model 3, *XOR*, Adam lr 0.03, 1000 steps"
GROUP = 6  # networks that count as one measurement, because not every one has a second low point
POST = "Kirven 2019"


@cache
def walks(seeds: tuple[int, ...]) -> Trajectory:
    return descend(L, L.initial_points(seeds), steps=WALK.steps, lr=WALK.lr)


def group(seed: int) -> Trajectory:
    return walks(tuple(range(GROUP * seed, GROUP * (seed + 1))))


@cache
def second_low_points(seed: int) -> tuple[list[Verdict], list[Verdict]]:
    """Verdicts on the second low points of a group, and on its ends of training."""
    second, ends = [], []
    for walk in group(seed):
        plane = Slice.pca(walk.points, dims=2)
        side = (walk.end - walk.start).norm().item()
        window = [(lo * side, hi * side) for lo, hi in MIRROR_WINDOW[:2]]
        lows = scan(L, plane, 61, window).minima()
        begin = plane.coordinates(walk.start)[0].item()
        far = [low for low in lows if low.alpha[0] < begin and low.loss < GUESS_ON_XOR]
        if far:
            theta = plane.point(torch.tensor(far[0].alpha))
            second.append(false_minimum_test(L, theta, plane, steps=300))
            ends.append(false_minimum_test(L, walk.end, plane, steps=300))
    return second, ends


def mirror_agreement(seeds: Sequence[int]) -> list[float]:
    found = []
    for walk in walks(tuple(seeds)):
        view = Slice.along(walk.points, dims=2)
        agreement = []
        for angle in (3, 90):
            tilted = view.turn(1, view.directions[0], 90 - angle) if angle < 90 else view
            loss = scan(L, tilted, resolution=31, extent=WALK.along).loss
            agreement.append(np.corrcoef(loss.ravel(), loss.T.ravel())[0, 1])
        found.append(agreement[0] - agreement[1])
    return found


def beats_the_random_walk(seeds: Sequence[int]) -> list[float]:
    views = [Slice.pca(walk.points, dims=2) for walk in walks(tuple(seeds))]
    return [float(view.explained[-1] - view.null[-1]) for view in views]


def variance_of_a_random_walk(seeds: Sequence[int]) -> list[float]:
    """How much of a random walk two components hold, minus one half."""
    found = []
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        walk = torch.randn(1000, 200, generator=generator, dtype=torch.float64).cumsum(dim=0)
        variance = torch.linalg.svdvals(walk - walk.mean(dim=0)).square()
        found.append((variance[:2].sum() / variance.sum()).item() - 0.5)
    return found


def random_directions(seeds: Sequence[int]) -> list[float]:
    """Share of the walk in two PCA directions minus that in two random ones."""
    return [
        float(
            Slice.pca(walk.points, dims=2).explained[-1]
            - explained_variance(walk.points, Slice.random(walk.end, 2, seed).directions)[-1]
        )
        for seed, walk in zip(seeds, walks(tuple(seeds)), strict=True)
    ]


CLAIMS = [
    Claim(
        "04.1",
        "With nearly parallel directions the picture is misleadingly symmetric.",
        POST,
        f"{SETTINGS}; directions 3° and 90° apart",
        "agreement of the map with its mirror image (correlation) at 3° minus that at 90°",
        range(10),
        mirror_agreement,
    ),
    Claim(
        "04.2",
        "PCA finds more than half of the variance of a random walk in two components.",
        "Antognini & Sohl-Dickstein 2018",
        "1000 Gaussian steps in 200 dimensions",
        "share of the first two components minus one half",
        range(10),
        variance_of_a_random_walk,
    ),
    Claim(
        "04.3",
        "PCA gives the directions of the major movements of training.",
        POST,
        f"{SETTINGS}; two components against those of a random walk",
        "share of the variance minus that of a random walk",
        range(10),
        beats_the_random_walk,
    ),
    Claim(
        "04.4",
        "A plane along training shows a second low point.",
        POST,
        f"{SETTINGS}; seed s: networks 6s to 6s + 5, low points with a loss below 0.25",
        "share of the networks that show one, minus one half",
        range(5),
        lambda seeds: [len(second_low_points(s)[0]) / GROUP - 0.5 for s in seeds],
    ),
    Claim(
        "04.5",
        "The second low point isn't a local minimum.",
        POST,
        f"{SETTINGS}; seed s: networks 6s to 6s + 5; gradient and Hessian",
        "share of the low points that fail the test as a minimum, minus one half",
        range(5),
        lambda seeds: [
            np.mean([not v.is_minimum for v in second_low_points(s)[0]]) - 0.5 for s in seeds
        ],
    ),
    Claim(
        "04.6",
        "If further training lowers the loss, that confirms that the point isn't a minimum.",
        POST,
        f"{SETTINGS}; the same check at the end of training; seed s: networks 6s to 6s + 5",
        "one half minus the share of ends from which further training lowers the loss too",
        range(5),
        lambda seeds: [
            0.5 - np.mean([v.trained_loss < v.loss for v in second_low_points(s)[1]]) for s in seeds
        ],
    ),
    Claim(
        "04.7",
        "PCA directions hold more of a walk than random ones.",
        "Li et al. 2018",
        SETTINGS,
        "share of the variance in two PCA directions minus that in two random ones",
        range(10),
        random_directions,
    ),
]
