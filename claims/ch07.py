"""Chapter 07: what skip connections do to the landscape, and how to look at it fairly."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor

from lossviz_helpers import (
    Objective,
    Slice,
    Trajectory,
    cross_entropy,
    deep_net,
    descend,
    digit_classifier,
    digits,
    eigenpairs,
    scan,
)
from lossviz_helpers.course.scenarios import DEEP, DEEP_SGD, DEPTHS, RESCALED, START_SCALE

from .ledger import Claim, Variation, save_data

SEEDS = range(6)
OPTIMISERS = {
    "Adam": {"lr": DEEP.lr, "steps": DEEP.steps},
    "SGD": {
        "lr": DEEP_SGD.lr,
        "momentum": DEEP_SGD.momentum,
        "optimizer": torch.optim.SGD,
        "steps": DEEP_SGD.steps,
    },
}
CURVING, EXCESS = 0, 1


@cache
def landscape(depth: int, skip: bool) -> Objective:
    train, _ = digits(DEEP.n_train)
    return Objective(deep_net(depth, skip), train, cross_entropy)


@cache
def trained(seeds: tuple[int, ...], depth: int, skip: bool, optimiser: str) -> Trajectory:
    L = landscape(depth, skip)
    start = START_SCALE * L.initial_points(seeds)
    return descend(L, start, every=10, **OPTIMISERS[optimiser])


def models(
    seeds: Sequence[int], depth: int, skip: bool, optimiser: str = "Adam", limit: float = 0
) -> Tensor:
    """Ends of training, or with a limit the first kept points with a lower training loss."""
    path = trained(tuple(seeds), depth, skip, optimiser)
    below = path.losses < limit
    at = torch.where(below.any(dim=0), below.int().argmax(dim=0), len(path) - 1)
    return torch.stack([run.points[i] for run, i in zip(path, at, strict=True)])


@cache
def on_plane(seeds: tuple[int, ...], depth: int, skip: bool, **which) -> np.ndarray:
    """Share that curves down and mean excess loss, of each seed's filter-normalised plane."""
    L = landscape(depth, skip)
    found = []
    for seed, theta in zip(seeds, models(seeds, depth, skip, **which), strict=True):
        land = scan(L, Slice.random(theta, 2, seed, L.filters), 21, progress=False)
        found.append((land.curving_down(), land.loss.mean() - L(theta).item()))
    return np.array(found)


def write_data() -> None:
    """What the explorer of chapter 07 loads: planes of seed 0 by depth and kind, on one window."""
    planes = []
    for depth in DEPTHS:
        for skip in (False, True):
            (theta,), L = models((0,), depth, skip), landscape(depth, skip)
            planes.append(scan(L, Slice.random(theta, 2, 0, L.filters), 31, progress=False))
    save_data(
        "07_skip",
        depths=DEPTHS,
        axis=planes[0].axes[0],
        loss=np.reshape([land.loss for land in planes], (3, 2, 31, 31)),
        curving=np.reshape([land.curving_down() for land in planes], (3, 2)),
    )


def plain_minus_residual(column: int, limit: float = 0):
    def measure(seeds):
        plain, residual = (
            on_plane(tuple(seeds), 20, skip, limit=limit)[:, column] for skip in (False, True)
        )
        return plain - residual

    return measure


def sharper_without_skips(seeds):
    plain, residual = (
        np.array([
            eigenpairs(landscape(20, skip), theta, 1, "highest")[0].item()
            for theta in models(seeds, 20, skip)
        ])
        for skip in (False, True)
    )  # fmt: skip
    return np.log10(plain / residual)


def rougher_with_depth(seeds):
    """How much more of the plane curves down at depth 20 than at 3: plain minus residual."""
    share = {
        (depth, skip): on_plane(tuple(seeds), depth, skip, limit=0)[:, CURVING]
        for depth in (3, 20)
        for skip in (False, True)
    }
    plain, residual = (share[20, skip] - share[3, skip] for skip in (False, True))
    return plain - residual


def optimiser_beyond_architecture(seeds):
    """Change of log excess loss by the optimiser, less its change by the architecture."""
    log = {
        (optimiser, skip): np.log(
            on_plane(tuple(seeds), 12, skip, optimiser=optimiser, limit=DEEP.stop)[:, EXCESS]
        )
        for optimiser in OPTIMISERS
        for skip in (False, True)
    }
    by_optimiser = sum(abs(log["Adam", skip] - log["SGD", skip]) for skip in (False, True))
    by_architecture = sum(abs(log[name, False] - log[name, True]) for name in OPTIMISERS)
    return (by_optimiser - by_architecture) / 2


@cache
def twins() -> Objective:
    train, _ = digits(RESCALED.n_train)
    return Objective(digit_classifier(), train, cross_entropy)


def picture_changes(filters: bool, per_unit: bool = False):
    """Largest difference between the planes of a net and its rescaled twin, one per seed."""

    def measure(seeds):
        L = twins()
        factors = torch.full((64,), 10.0)
        if per_unit:
            factors[1::2] = 0.1
        changes = []
        window = ((-1, 1) if filters else (-8, 8),) * 2
        ends = descend(
            L, L.initial_points(seeds), RESCALED.steps, RESCALED.lr, every=RESCALED.steps
        ).end
        for seed, theta in zip(seeds, ends, strict=True):
            W1, b1, W2, b2 = L.parameters_at(theta).values()
            parts = ((factors[:, None] * W1).flatten(), factors * b1, (W2 / factors).flatten(), b2)
            one, other = (
                scan(L, Slice.random(p, 2, seed, L.filters if filters else None), 11, window).loss
                for p in (theta, torch.cat(parts))
            )
            changes.append(abs(one - other).max())
        return np.array(changes)

    return measure


DEEP_NETS = (
    "200 digits; plain and residual tanh nets of width 16, h + f/√depth, no batch normalisation; "
    "start ×√3, Adam 2e-3, 1000 full-batch steps; filter-normalised plane, 21×21"
)
TWIN = "200 digits, 64-64-10 ReLU net; its twin: layer 1 × 10, layer 2 / 10; same random directions"
LI = "Li et al. 2018"
POST = "Hansen & Cmehil-Warn 2022"

CLAIMS = [
    Claim(
        "07.1",
        "Raw random directions show the scale of the weights: twins with rescaled layers, one "
        "function, look different",
        LI,
        TWIN + "; planes −8 to 8",
        "largest difference between both maps, less 1",
        SEEDS,
        lambda seeds: picture_changes(filters=False)(seeds) - 1,
    ),
    Claim(
        "07.2",
        "Filter normalisation makes pictures independent of the scale of the weights",
        LI,
        TWIN + "; without the condition: hidden units × 10 and / 10 in turns",
        "0.001 less the largest difference between both maps",
        SEEDS,
        lambda seeds: 1e-3 - picture_changes(filters=True)(seeds),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: 1e-3 - picture_changes(filters=True, per_unit=True)(seeds),
                "whole layers are rescaled, not single units",
            ),
        ),
    ),
    Claim(
        "07.3",
        "Skip connections make the landscape smoother",
        f"{LI}; {POST}; Kirven 2019",
        DEEP_NETS + "; depth 20",
        "share of the plane that curves down, plain − residual",
        SEEDS,
        plain_minus_residual(CURVING),
    ),
    Claim(
        "07.4",
        "Skip connections keep the surroundings of the solution low",
        LI,
        DEEP_NETS + "; depth 20",
        "mean excess loss of the plane, plain − residual",
        SEEDS,
        plain_minus_residual(EXCESS),
    ),
    Claim(
        "07.5",
        "Without skip connections the solution is sharper",
        LI,
        DEEP_NETS + "; depth 20",
        "log₁₀ of λmax, plain − residual",
        SEEDS,
        sharper_without_skips,
    ),
    Claim(
        "07.6",
        "Skip connections make the landscape smoother also at equal training loss",
        "a control of ours",
        DEEP_NETS + "; depth 20; each net at its first kept point with a training loss below 0.1",
        "share of the plane that curves down, plain − residual",
        SEEDS,
        plain_minus_residual(CURVING, limit=DEEP.stop),
    ),
    Claim(
        "07.7",
        "Plain networks get rougher with depth, residual ones don't",
        LI,
        DEEP_NETS + "; depths 3 and 20",
        "rise with depth of the share that curves down, plain − residual",
        SEEDS,
        rougher_with_depth,
    ),
    Claim(
        "07.8",
        "The shape of the landscape near a minimum depends completely on the optimiser",
        POST,
        DEEP_NETS
        + "; depth 12; Adam against SGD (0.01, momentum 0.9), at a training loss below 0.1",
        "change of log excess loss by the optimiser − by the architecture",
        SEEDS,
        optimiser_beyond_architecture,
    ),
]
