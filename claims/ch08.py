"""Chapter 08: batch size, flat and sharp minima."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lossviz_helpers import (
    Objective,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    eigenpairs,
    filter_normalised_rise,
    with_label_noise,
)
from lossviz_helpers.course.scenarios import LARGE_BATCHES, SMALL_BATCHES

from .ledger import Claim, Variation

SEEDS = range(10)
SETTINGS = (
    "batches of 20 against 500, {equal}; 1000 digits{noise}; 64–64–10 ReLU, cross-entropy, SGD, "
    "lr 0.1; a seed draws digits, start and batches"
)
KESKAR = "Keskar et al. 2017; Kirven 2019; Hansen & Cmehil-Warn 2022"


def settings(equal: str, noise: str = "") -> str:
    return SETTINGS.format(equal=equal, noise=noise)


class Runs(NamedTuple):
    """Landscapes of training and test digits, and pairs of points: small batches, large batches."""

    L: Objective
    T: Objective
    epochs: tuple[Tensor, Tensor]
    steps: tuple[Tensor, Tensor]
    loss: tuple[Tensor, Tensor]


@cache
def trained(seed: int) -> Runs:
    L, T = (
        Objective(digit_classifier(), d, cross_entropy)
        for d in digits(SMALL_BATCHES.n_train, seed=seed)
    )
    start = L.initial_points([seed])[0]
    small, large = (
        descend(L, start, how.steps, how.lr, torch.optim.SGD, how.batch_size, seed, every=10)
        for how in (SMALL_BATCHES, LARGE_BATCHES)
    )
    down = (small.losses - SMALL_BATCHES.stop).abs().argmin()
    level = (large.losses - small.losses[down]).abs().argmin()
    return Runs(
        L,
        T,
        epochs=(small.end, large.points[4]),  # 40 steps of 500 are 1000 steps of 20
        steps=(small.end, large.end),
        loss=(small.points[down], large.points[level]),
    )


def accuracy_percent(T: Objective, theta: Tensor) -> float:
    return 100 * (T.predict(theta).argmax(dim=-1) == T.y).double().mean().item()


def top_eigenvalue(L: Objective, theta: Tensor) -> float:
    return eigenpairs(L, theta, k=1, which="highest")[0].item()


def points_gained(equal: str) -> Callable:
    """Test accuracy of small batches minus that of large ones."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for runs in map(trained, seeds):
            small, large = getattr(runs, equal)
            effects.append(accuracy_percent(runs.T, small) - accuracy_percent(runs.T, large))
        return effects

    return measure


def percent_flatter(equal: str) -> Callable:
    """By how many percent λmax is lower after small batches."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for runs in map(trained, seeds):
            small, large = (top_eigenvalue(runs.L, theta) for theta in getattr(runs, equal))
            effects.append(100 * (1 - small / large))
        return effects

    return measure


def points_gained_with_wrong_labels(seeds: Sequence[int]) -> list[float]:
    effects = []
    for seed in seeds:
        train, test = digits(SMALL_BATCHES.n_train, seed=seed)
        data = with_label_noise(train, 0.2, seed=seed), test
        L, T = (Objective(digit_classifier(), d, cross_entropy) for d in data)
        start = L.initial_points([seed])[0]
        small, large = (
            descend(L, start, steps, how.lr, torch.optim.SGD, how.batch_size, seed, steps).end
            for how, steps in ((SMALL_BATCHES, 2000), (LARGE_BATCHES, 80))
        )
        effects.append(accuracy_percent(T, small) - accuracy_percent(T, large))
    return effects


def rescale(L: Objective, theta: Tensor, c: Tensor) -> Tensor:
    """Layer 1 times c, layer 2 divided by c; c of shape `()` or one number per hidden unit."""
    p = L.parameters_at(theta)
    parts = (p["0.weight"] * c.reshape(-1, 1), p["0.bias"] * c, p["2.weight"] / c, p["2.bias"])
    return torch.cat([part.flatten() for part in parts])


def sharper_at_will(seeds: Sequence[int]) -> list[float]:
    """log₁₀ of λmax after over before rescaling; below zero if the outputs changed."""
    effects = []
    for runs in map(trained, seeds):
        theta = runs.steps[0]
        twin = rescale(runs.L, theta, torch.tensor(10.0))
        same = torch.allclose(runs.L.predict(twin), runs.L.predict(theta), atol=1e-3)
        times = top_eigenvalue(runs.L, twin) / top_eigenvalue(runs.L, theta)
        effects.append(np.log10(times) if same else -1.0)
    return effects


def rise_kept(unit_by_unit: bool) -> Callable:
    """1 minus the change of the filter-normalised rise in percent."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for seed, runs in zip(seeds, map(trained, seeds), strict=True):
            generator = torch.Generator().manual_seed(seed)
            c = torch.randn(64, generator=generator).exp() if unit_by_unit else torch.tensor(10.0)
            before, after = (
                filter_normalised_rise(runs.L, theta)
                for theta in (runs.steps[0], rescale(runs.L, runs.steps[0], c))
            )
            effects.append(1 - 100 * abs(after / before - 1))
        return effects

    return measure


CLAIMS = [
    Claim(
        number="08.1",
        says="Models trained with small batches perform better on unseen data.",
        source=KESKAR,
        settings=settings("20 epochs each") + "; without: 1000 steps each",
        effect="points of test accuracy gained by small batches",
        seeds=SEEDS,
        measure=points_gained("epochs"),
        varied=(
            Variation(
                "without the condition",
                points_gained("steps"),
                "both train for equally many epochs, which leaves large batches under-trained",
            ),
        ),
    ),
    Claim(
        number="08.2",
        says="Models trained with small batches perform better on unseen data, at equal training "
        "loss.",
        source=KESKAR,
        settings=settings("both stopped at a training loss of 0.05"),
        effect="points of test accuracy gained by small batches",
        seeds=SEEDS,
        measure=points_gained("loss"),
    ),
    Claim(
        number="08.3",
        says="Small batches end in flatter minima.",
        source=KESKAR,
        settings=settings("1000 steps each"),
        effect="percent by which λmax is lower after small batches",
        seeds=SEEDS,
        measure=percent_flatter("steps"),
    ),
    Claim(
        number="08.4",
        says="Small batches lead to flatter ground, at equal training loss.",
        source=KESKAR,
        settings=settings("both stopped at a training loss of 0.05"),
        effect="percent by which λmax is lower after small batches",
        seeds=SEEDS,
        measure=percent_flatter("loss"),
    ),
    Claim(
        number="08.5",
        says="Models trained with small batches perform better on unseen data, also when labels "
        "are noisy.",
        source=KESKAR + " (not said of noisy labels)",
        settings=settings("40 epochs each", ", 20% noisy labels"),
        effect="points of test accuracy gained by small batches",
        seeds=SEEDS,
        measure=points_gained_with_wrong_labels,
    ),
    Claim(
        number="08.6",
        says="One function has many sharpnesses: rescaling the layers of a ReLU net changes the "
        "curvature but not the outputs.",
        source="Dinh et al. 2017",
        settings="layer 1 times 10, layer 2 divided by 10; the small-batch models of 08.3",
        effect="log₁₀ of λmax after over before",
        seeds=SEEDS,
        measure=sharper_at_will,
    ),
    Claim(
        number="08.7",
        says="Filter normalisation removes the effect of the weights' scale on sharpness.",
        source="Li et al. 2018",
        settings="filter-normalised rise at radius 0.5, layers rescaled as in 08.6; without: each "
        "hidden unit by its own factor, log-normal",
        effect="1 minus the change of the rise in percent",
        seeds=SEEDS,
        measure=rise_kept(unit_by_unit=False),
        varied=(
            Variation(
                "without the condition",
                rise_kept(unit_by_unit=True),
                "whole layers are rescaled, not single units",
            ),
        ),
    ),
]
