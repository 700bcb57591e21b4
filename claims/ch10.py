"""Chapter 10: batch size, flat and sharp minima."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from lossviz_helpers import (
    Objective,
    digit_classifier,
    eigenpairs,
    filter_normalised_rise,
    squared_error,
)
from lossviz_helpers.course.scenarios import LARGE_BATCHES, SMALL_BATCHES
from lossviz_helpers.datasets import Dataset

from .ledger import Claim, Measure, Variation, save_data
from .tuning import Split, accuracy, score, split, walk

SEEDS = range(10)
RATES = (0.1, 0.2, 0.5, 1.0, 2.0)
LOW_RATES = (0.01, 0.03, 0.1, 0.3, 1.0)  # with noisy labels, small steps are better
SMALL, MIDDLE, LARGE = SMALL_BATCHES.batch_size, 100, LARGE_BATCHES.batch_size
STEPS = SMALL_BATCHES.steps  # 20 epochs of small batches
EVERY = 10


class Ends(NamedTuple):
    """One start, trained with every learning rate and batch size.

    Attributes:
        data: the landscapes.
        start: shape `(P,)`.
        points: shape `(rates, P)`, by what is equal ("steps", "epochs" or "loss") and batch size.
    """

    data: Split
    start: Tensor
    points: dict[tuple[str, int], Tensor]


@cache
def trained(seed: int) -> Ends:
    """1000 steps with every batch size."""
    data = split(seed)
    start, rates = data.L.initial_points([seed]), torch.tensor(RATES)[:, None]
    starts = start.expand(len(RATES), -1)
    paths = {
        size: walk(data.L, starts, STEPS, size, seed, EVERY, rates=rates)
        for size in (SMALL, MIDDLE, LARGE)
    }
    points = {("steps", size): path.end.clone() for size, path in paths.items()}
    for size, path in paths.items():
        points["epochs", size] = path.points[STEPS * SMALL // size // EVERY].clone()
    points["loss", LARGE] = paths[LARGE].end.clone()
    level = (paths[SMALL].losses - paths[LARGE].losses[-1]).abs().nan_to_num(torch.inf)
    points["loss", SMALL] = paths[SMALL].points[level.argmin(dim=0), range(len(RATES))]
    return Ends(data, start[0], points)


@cache
def memorising(seed: int) -> Ends:
    """Training with 20% noisy labels for 20 epochs ("epochs") and for 40 ("late")."""
    data = split(seed, 0.2)
    start, rates = data.L.initial_points([seed]), torch.tensor(LOW_RATES)[:, None]
    points = {}
    for size in (SMALL, LARGE):
        steps = STEPS * SMALL // size
        starts = start.expand(len(LOW_RATES), -1)
        path = walk(data.L, starts, 2 * steps, size, seed, steps, rates=rates)
        points["epochs", size], points["late", size] = path.points[1], path.end
    return Ends(data, start[0], points)


@cache
def top_eigenvalue(seed: int, equal: str, size: int, rate: float) -> float:
    ends = trained(seed)
    return sharpness(ends.data.L, ends.points[equal, size][RATES.index(rate)])


def sharpness(L: Objective, theta: Tensor) -> float:
    return eigenpairs(L, theta, k=1, which="highest")[0].item()


# -- accuracy --------------------------------------------------------------------------------------


def best(ends: Ends, equal: str, size: int) -> int:
    """The learning rate with which a batch size does best on validation data."""
    return int(score(ends.data.V, ends.points[equal, size]).argmax())


def right(ends: Ends, equal: str, size: int, at: int | None) -> float:
    """Test accuracy in percent with one of the learning rates, or with the best one."""
    at = best(ends, equal, size) if at is None else at
    return float(accuracy(ends.data.T, ends.points[equal, size][at]))


def points_gained(
    equal: str, rate: float | None = 0.1, run: Callable[[int], Ends] = trained
) -> Measure:
    """Test accuracy of small batches minus that of large ones."""
    rates = RATES if run is trained else LOW_RATES
    at = None if rate is None else rates.index(rate)

    def measure(seeds: Sequence[int]) -> list[float]:
        runs = [run(seed) for seed in seeds]
        return [right(ends, equal, SMALL, at) - right(ends, equal, LARGE, at) for ends in runs]

    return measure


# -- flatness --------------------------------------------------------------------------------------


def percent_flatter(equal: str, rate: float) -> Measure:
    """By how many percent λmax is lower after small batches."""

    def measure(seeds: Sequence[int]) -> list[float]:
        return [
            100 * (1 - small / large)
            for seed in seeds
            for small, large in [
                [top_eigenvalue(seed, equal, size, rate) for size in (SMALL, LARGE)]
            ]
        ]

    return measure


def percent_flatter_with_squared_error(seeds: Sequence[int]) -> list[float]:
    effects = []
    for seed in seeds:
        train = split(seed).train
        targets = one_hot(train.y, 10).to(train.x.dtype)
        L = Objective(digit_classifier(), Dataset(train.x, targets), squared_error)
        start, rates = L.initial_points([seed]), torch.tensor([[0.5]])
        small, large = (
            sharpness(L, walk(L, start, STEPS, size, seed, STEPS, rates=rates).end[0])
            for size in (SMALL, LARGE)
        )
        effects.append(100 * (1 - small / large))
    return effects


def percent_apart(rate: float) -> Measure:
    """Distance between the ends, in percent of that from the start to the small batches' end."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for ends in map(trained, seeds):
            small, large = (ends.points["steps", s][RATES.index(rate)] for s in (SMALL, LARGE))
            effects.append(100 * float((small - large).norm() / (small - ends.start).norm()))
        return effects

    return measure


def doublings_at_one_noise_scale(equal: str) -> Measure:
    """|log₂| of the ratio of two λmax at the same lr/B: lr 0.1 with B = 20, 0.5 with 100."""

    def measure(seeds: Sequence[int]) -> list[float]:
        return [
            abs(
                np.log2(
                    top_eigenvalue(seed, equal, SMALL, 0.1)
                    / top_eigenvalue(seed, equal, MIDDLE, 0.5)
                )
            )
            for seed in seeds
        ]

    return measure


# -- one function, many values of sharpness --------------------------------------------------------


def model(seed: int) -> tuple[Objective, Tensor]:
    """A landscape and the end of training with small batches and a learning rate of 0.1."""
    ends = trained(seed)
    return ends.data.L, ends.points["steps", SMALL][0]


def rescale(L: Objective, theta: Tensor, c: Tensor) -> Tensor:
    """Layer 1 times c, layer 2 divided by c; c of shape `()` or one number per hidden unit."""
    p = L.parameters_at(theta)
    parts = (p["0.weight"] * c.reshape(-1, 1), p["0.bias"] * c, p["2.weight"] / c, p["2.bias"])
    return torch.cat([part.flatten() for part in parts])


def outputs_or_curvature_off(seeds: Sequence[int]) -> list[float]:
    """The larger of the relative errors in equal outputs and in a curvature c² times as large."""
    effects = []
    for seed in seeds:
        L, theta = model(seed)
        twin = rescale(L, theta, torch.tensor(10.0))
        before, after = L.predict(theta), L.predict(twin)
        outputs = ((after - before).abs().max() / before.abs().max()).item()
        curvature = second_layer_curvature(L, twin) / second_layer_curvature(L, theta) / 100 - 1
        effects.append(max(outputs, abs(curvature)))
    return effects


def second_layer_curvature(L: Objective, theta: Tensor) -> float:
    """The curvature along a random direction in the second layer, the same for all points."""
    generator = torch.Generator().manual_seed(0)
    direction = {name: torch.zeros_like(p) for name, p in L.parameters_at(theta).items()}
    direction["2.weight"] = torch.randn(direction["2.weight"].shape, generator=generator)
    v = torch.cat([part.flatten() for part in direction.values()])

    def slope(point: Tensor) -> Tensor:
        return torch.func.jvp(L, (point,), (v,))[1]

    return torch.func.jvp(slope, (theta,), (v,))[1].item()


def rise_changed(unit_by_unit: bool, spread: float = 1.0) -> Measure:
    """By how many percent rescaling changes the filter-normalised rise.

    Args:
        unit_by_unit: whether each hidden unit has its own log-normal factor, or all the same.
        spread: standard deviation of the factors' logarithm.
    """

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for seed in seeds:
            L, theta = model(seed)
            generator = torch.Generator().manual_seed(seed)
            each = (spread * torch.randn(64, generator=generator)).exp()
            c = each if unit_by_unit else torch.tensor(10.0)
            before, after = (filter_normalised_rise(L, p) for p in (theta, rescale(L, theta, c)))
            effects.append(100 * abs(after / before - 1))
        return effects

    return measure


# -- what the chapter loads ------------------------------------------------------------------------

LOADED = (0.1, 0.5, 1.0)


def write_data() -> None:
    """What chapter 10 loads: by comparison, learning rate, batch size and seed."""
    equals, sizes = ("epochs", "steps", "loss"), (SMALL, LARGE)
    runs = [trained(seed) for seed in SEEDS]
    save_data(
        "10_batches",
        rates=RATES,
        loaded=LOADED,
        accuracy=[
            [
                [[right(e, equal, size, RATES.index(rate)) for e in runs] for size in sizes]
                for rate in LOADED
            ]
            for equal in equals
        ],
        sharpness=[
            [
                [[top_eigenvalue(s, equal, size, rate) for s in SEEDS] for size in sizes]
                for rate in LOADED
            ]
            for equal in equals
        ],
        apart=[percent_apart(rate)(SEEDS) for rate in LOADED],
        validation=[
            [[score(e.data.V, e.points[equal, size]).numpy() for e in runs] for size in sizes]
            for equal in ("epochs", "steps")
        ],
        test=[
            [[accuracy(e.data.T, e.points[equal, size]).numpy() for e in runs] for size in sizes]
            for equal in ("epochs", "steps")
        ],
        scale=[
            [[top_eigenvalue(s, equal, size, rate) for s in SEEDS] for size, rate in pairs]
            for equal, pairs in (("epochs", SCALES), ("steps", SCALES))
        ],
    )


SCALES = ((SMALL, 0.1), (MIDDLE, 0.5))  # the same lr/B

NET = "64–64–10 ReLU, cross-entropy, SGD"
DRAWN = "each seed has its own 1000 digits, start and batches"
BOTH = f"batches of {SMALL} against {LARGE}; {NET}; {DRAWN}"
TUNING = "a learning rate for each batch size, the best of five on 397 validation digits"
KESKAR = "Keskar et al. 2017, abstract"
POSTS = f"{KESKAR}; Kirven 2019, Visualizing More Complex Landscapes; Hansen & Cmehil-Warn 2022, Exploring the Loss Landscape"  # noqa: E501
GAINED = "points of test accuracy gained by small batches"
LOWER = "percent by which λmax is lower after small batches"

CLAIMS = [
    Claim(
        number="10.1",
        says="Models trained with small batches perform better on unseen data.",
        source=POSTS,
        settings=f"{BOTH}; lr 0.1; 20 epochs each",
        effect=GAINED,
        seeds=SEEDS,
        measure=points_gained("epochs"),
        varied=(
            Variation(
                "1000 steps each instead of 20 epochs",
                points_gained("steps"),
                "the numbers of epochs are equal and not those of steps",
            ),
            Variation(
                TUNING,
                points_gained("epochs", None),
                "both have the learning rate 0.1, which is too small for large batches",
            ),
            Variation(
                "20% noisy labels",
                points_gained("epochs", run=memorising),
                "labels are clean",
            ),
        ),
        cell="c10-15",
    ),
    Claim(
        number="10.2",
        says="Models trained with small batches perform better on unseen data after the same "
        "number of steps, each batch size with its best learning rate.",
        source=f"{POSTS}; the comparison is ours",
        settings=f"{BOTH}; 1000 steps each; {TUNING}",
        effect=GAINED,
        seeds=SEEDS,
        measure=points_gained("steps", None),
        varied=(
            Variation(
                "learning rate 0.5 for both",
                points_gained("steps", 0.5),
                "the learning rates are tuned",
            ),
        ),
        cell="c10-51",
    ),
    Claim(
        number="10.3",
        says="After the same number of steps, small batches end in flatter places than large ones: "
        "λmax is lower.",
        source=POSTS,
        settings=f"{BOTH}; lr 0.5; 1000 steps each",
        effect=LOWER,
        seeds=SEEDS,
        measure=percent_flatter("steps", 0.5),
        varied=(
            Variation(
                "learning rate 0.1 instead of 0.5",
                percent_flatter("steps", 0.1),
                "the learning rate isn't small",
            ),
            Variation(
                "learning rate 1.0 instead of 0.5",
                percent_flatter("steps", 1.0),
                "the learning rate isn't too large",
            ),
            Variation(
                "squared error instead of cross-entropy",
                percent_flatter_with_squared_error,
                "the loss is cross-entropy",
            ),
        ),
        cell="c10-45",
    ),
    Claim(
        number="10.4",
        says="At equal training loss, small batches lead to flatter places than large ones.",
        source="ours, a control for 10.3",
        settings=f"{BOTH}; lr 0.5; large batches after 1000 steps, small ones at the kept "
        "step with the nearest training loss (at lr 1.0 not near on every seed)",
        effect=LOWER,
        seeds=SEEDS,
        measure=percent_flatter("loss", 0.5),
        varied=(
            Variation(
                "learning rate 0.1 instead of 0.5",
                percent_flatter("loss", 0.1),
                "the learning rate isn't small",
            ),
            Variation(
                "learning rate 1.0 instead of 0.5",
                percent_flatter("loss", 1.0),
                "the learning rate isn't too large",
            ),
        ),
        cell="c10-45",
    ),
    Claim(
        number="10.5",
        says="With noisy labels, large batches are better after the same number of epochs.",
        source="ours",
        settings=f"batches of {LARGE} against {SMALL}; {NET}, lr 0.1; 20% noisy labels, 40 epochs; "
        + DRAWN,
        effect=GAINED,
        seeds=SEEDS,
        measure=points_gained("late", run=memorising),
        below=0.0,
        varied=(
            Variation(
                TUNING,
                points_gained("late", None, memorising),
                "both have the learning rate 0.1",
            ),
        ),
        cell="c10-23",
    ),
    Claim(
        number="10.6",
        says="The same function can be sharp or flat: a ReLU net's layers can be rescaled so that "
        "its outputs stay the same and its largest curvature is multiplied.",
        source="Dinh et al. 2017, section 4.2",
        settings="layer 1 times 10, layer 2 divided by 10; the models of small batches, lr 0.1",
        effect="relative error of the outputs, which should stay the same, or of the second "
        "layer's curvature, which should be 100 times as large, whichever is larger",
        seeds=SEEDS,
        measure=outputs_or_curvature_off,
        below=1e-3,
        proof="relu(c·z) = c·relu(z) for c > 0, so (c·W₁, c·b₁, W₂/c) has the same outputs; a step "
        "v in W₂/c is a step c·v in W₂, so curvature there is c² times as large, and λmax is at "
        "least as large as any curvature",
        cell="c10-32",
    ),
    Claim(
        number="10.7",
        says="Filter normalisation undoes the rescaling of layers.",
        source="Li et al. 2018, section 4",
        settings="filter-normalised rise at radius 0.5, layers rescaled as in 10.6",
        effect="percent by which the rise changes",
        seeds=SEEDS,
        measure=rise_changed(unit_by_unit=False),
        below=0.1,
        proof="each filter of the direction is given the length of the model's filter, so "
        "rescaling a layer rescales the direction's layer by the same factor: the line through "
        "the twin is the rescaled line, and rescaling keeps the outputs",
        cell="c10-32",
    ),
    Claim(
        number="10.8",
        says="Filter normalisation undoes the rescaling of single units.",
        source="ours, a follow-up to 10.7",
        settings="filter-normalised rise at radius 0.5; each hidden unit rescaled by its own "
        "log-normal factor",
        effect="percent by which the rise changes",
        seeds=SEEDS,
        measure=rise_changed(unit_by_unit=True),
        below=1.0,
        varied=(
            Variation(
                "factors closer to 1 (standard deviation of the logarithm 0.3 instead of 1)",
                rise_changed(unit_by_unit=True, spread=0.3),
                "the factors are far from 1",
            ),
        ),
        cell="c10-32",
    ),
    Claim(
        number="10.9",
        says="Small and large batches from one start end far apart: by more than a quarter of "
        "the distance they travel.",
        source="ours",
        settings=f"{BOTH}; lr 1.0; 1000 steps each",
        effect="distance between the ends, in percent of that from the start to the small "
        "batches' end",
        seeds=SEEDS,
        measure=percent_apart(1.0),
        above=25.0,
        varied=(
            Variation(
                "learning rate 0.1 instead of 1.0", percent_apart(0.1), "the learning rate is large"
            ),
        ),
        cell="c10-45",
    ),
    Claim(
        number="10.10",
        says="With the same noise scale lr/B, λmax is the same within a factor of 1.4.",
        source="after Jastrzębski et al. 2017, abstract: a key determinant; the factor is ours",
        settings=f"lr 0.1 with batches of {SMALL} against lr 0.5 with {MIDDLE}; {NET}; 20 epochs, "
        "so lr × steps is the same too (with lr 0.1 that alone makes λmax nearly the same); "
        + DRAWN,
        effect="absolute value of log₂ of the ratio of the two λmax",
        seeds=SEEDS,
        measure=doublings_at_one_noise_scale("epochs"),
        below=0.5,
        varied=(
            Variation(
                "1000 steps each instead of 20 epochs",
                doublings_at_one_noise_scale("steps"),
                "lr × steps is the same too, as it is after the same number of epochs",
            ),
        ),
        cell="c10-45",
    ),
]
