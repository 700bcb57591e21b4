"""Chapter 11: what loss does not see, and whether sharpness predicts the error on new data.

The nineteen trainings of the capstone take a minute, so the chapter loads them from
`notebooks/data/11_sharpness.npz`, which `python -m claims 11` writes.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor

from lossviz_helpers import (
    SAM,
    Dataset,
    Objective,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    disturbed,
    eigenpairs,
    epsilon_sharpness,
    filter_normalised_rise,
    reliability,
    with_cue,
    with_label_noise,
)
from lossviz_helpers.course.scenarios import CUE, PIXEL_NOISE, SURE

from .ledger import Claim, Variation

DATA = Path(__file__).parents[1] / "notebooks" / "data" / "11_sharpness.npz"
SEEDS = range(5)
STEPS = SURE.steps

SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
PUSHED = {
    "optimizer": SGD,
    "lr": SURE.lr,
    "momentum": SURE.momentum,
    "batch_size": SURE.batch_size,
}
CONFIGURATIONS = {
    "SGD, lr 0.1": PUSHED | {"lr": 0.1, "momentum": 0.0},
    "SGD, lr 0.3": PUSHED | {"lr": 0.3, "momentum": 0.0},
    "SGD, lr 0.6": PUSHED | {"lr": 0.6, "momentum": 0.0},
    "momentum, lr 0.02": PUSHED | {"lr": 0.02},
    "momentum, lr 0.05": PUSHED,
    "momentum, lr 0.1": PUSHED | {"lr": 0.1},
    "Adam, lr 0.001": {"optimizer": ADAM, "lr": 0.001, "batch_size": 32},
    "Adam, lr 0.003": {"optimizer": ADAM, "lr": 0.003, "batch_size": 32},
    "Adam, lr 0.01": {"optimizer": ADAM, "lr": 0.01, "batch_size": 32},
    "batches of 8": PUSHED | {"batch_size": 8},
    "batches of 128": PUSHED | {"batch_size": 128},
    "all at once": PUSHED | {"batch_size": 300},
    "weight decay 0.001": PUSHED | {"weight_decay": 0.001},
    "weight decay 0.005": PUSHED | {"weight_decay": 0.005},
    "weight decay 0.02": PUSHED | {"weight_decay": 0.02},
    "AdamW, decay 1": {"optimizer": ADAMW, "lr": 0.003, "weight_decay": 1.0, "batch_size": 32},
    "SAM, ρ = 0.1": PUSHED | {"optimizer": SAM, "rho": 0.1},
    "SAM, ρ = 0.3": PUSHED | {"optimizer": SAM, "rho": 0.3},
    "SAM, ρ = 0.6": PUSHED | {"optimizer": SAM, "rho": 0.6},
}
MEASURES = ("training loss", "top eigenvalue", "ε-sharpness", "filter-normalised rise")


def train_and_measure(name: str, noise: float, seeds: Sequence[int]) -> np.ndarray:
    """Test error and the four measures of one configuration, shape `(seeds, 5)`."""
    train, test = digits(SURE.n_train)
    L = Objective(digit_classifier(), with_label_noise(train, noise), cross_entropy)
    options = CONFIGURATIONS[name]
    ends = descend(L, L.initial_points(seeds), steps=STEPS, every=STEPS, **options).end
    error = (L.predict(ends, test.x).argmax(dim=-1) != test.y).double().mean(dim=-1)
    rows = [
        (
            L(theta).item(),
            eigenpairs(L, theta, 1, which="highest")[0].item(),
            epsilon_sharpness(L, theta, epsilon=5e-3, steps=5),
            filter_normalised_rise(L, theta, directions=10),
        )
        for theta in ends
    ]
    return np.column_stack([error, rows])


@cache
def all_configurations(noise: float, seeds: tuple[int, ...]) -> np.ndarray:
    """Shape `(19, seeds, 5)`."""
    return np.array([train_and_measure(name, noise, seeds) for name in CONFIGURATIONS])


def write_data() -> None:
    """What chapter 11 loads."""
    clean, noisy = (all_configurations(noise, tuple(SEEDS)) for noise in (0.0, 0.2))
    np.savez_compressed(
        DATA,
        names=np.array(list(CONFIGURATIONS)),
        measures=np.array(MEASURES),
        clean=clean.astype(np.float32),
        noisy=noisy.astype(np.float32),
    )


def correlation(measure: str, noise: float, seeds: Sequence[int]) -> np.ndarray:
    """Spearman correlation of a measure with the test error over the 19, for every seed."""
    table, column = all_configurations(noise, tuple(seeds)), 1 + MEASURES.index(measure)
    return np.array([spearmanr(t[:, column], t[:, 0]).statistic for t in table.swapaxes(0, 1)])


@cache
def calibrated(noise: float, seeds: tuple[int, ...]) -> tuple[Tensor, np.ndarray]:
    """Fitted temperatures; calibration errors as trained, with them, and on turned digits."""
    train, rest = digits(SURE.n_train)
    train, rest = disturbed(train, noise=noise, seed=1), disturbed(rest, noise=noise, seed=2)
    L = Objective(digit_classifier(), train, cross_entropy)
    ends = descend(L, L.initial_points(seeds), steps=STEPS, every=STEPS, **PUSHED).end
    test = Dataset(rest.x[500:], rest.y[500:])
    grid = torch.logspace(-0.3, 0.7, 61)
    by_validation = [
        torch.stack([cross_entropy(z / T, rest.y[:500]) for T in grid]).argmin()
        for z in L.predict(ends, rest.x[:500])
    ]
    fitted = grid[torch.stack(by_validation)]
    cool = fitted[:, None, None]
    z, turned = (L.predict(ends, d.x) for d in (test, disturbed(test, degrees=20)))
    errors = [
        [reliability(one, test.y).error for one in logits]
        for logits in (z, z / cool, turned / cool)
    ]
    return fitted, np.array(errors)


def calibration_errors(seeds: Sequence[int]) -> np.ndarray:
    """As trained on noisy digits, with a fitted temperature, and with it on turned digits."""
    return calibrated(PIXEL_NOISE, tuple(seeds))[1]


@cache
def equal_pairs(seeds: tuple[int, ...]) -> np.ndarray:
    """Mistakes in percent of A and B for the many and the few, shape `(2, 2, seeds)`."""
    train, test = digits(CUE.n_train)
    clean = disturbed(train, noise=CUE.pixel_noise, seed=1)
    new, few = with_cue(disturbed(test, noise=CUE.pixel_noise, seed=2), CUE.right, seed=2)
    L_A, L_B, L_new = (
        Objective(digit_classifier(), data, cross_entropy)
        for data in (with_cue(clean, CUE.right, 1)[0], with_cue(clean, CUE.by_chance, 1)[0], new)
    )
    start = L_A.initial_points(seeds)
    B = descend(L_B, start, CUE.steps_B, every=CUE.steps_B, **PUSHED).end
    walk = descend(L_A, start, CUE.steps_A, **(PUSHED | {"lr": CUE.lr_A})).points
    with torch.no_grad():
        when = (L_new(walk) - L_new(B)).abs().argmin(dim=0)
    A = walk[when, torch.arange(len(seeds))]
    wrong = [(L_new.predict(m).argmax(dim=-1) != new.y).double() for m in (A, B)]
    return np.array([[100 * w[:, rows].mean(dim=1) for rows in (~few, few)] for w in wrong])


NOISY_DIGITS = (
    "300 digits with pixel noise 0.3, 64-64-10 ReLU, SGD momentum, 300 steps; temperature from 500 "
    "validation digits, measured on 997 others"
)
CAPSTONE = (
    "19 ways to train 64-64-10 ReLU on 300 digits, 300 steps; error on 1497 new ones; "
    "notebooks/data/11_sharpness.npz"
)
POST = "Hansen & Cmehil-Warn 2022"

CLAIMS = [
    Claim(
        "11.1",
        "Trained networks are overconfident on new data of the same kind.",
        "Guo et al. 2017",
        f"{NOISY_DIGITS}; without the condition: no pixel noise",
        "fitted temperature minus 1.1",
        range(10),
        lambda seeds: calibrated(PIXEL_NOISE, tuple(seeds))[0] - 1.1,
        varied=(
            Variation(
                "without the condition",
                lambda seeds: calibrated(0.0, tuple(seeds))[0] - 1.1,
                "the task is hard enough for mistakes",
            ),
        ),
    ),
    Claim(
        "11.2",
        "One temperature, fitted on validation data, lowers the calibration error.",
        "Guo et al. 2017",
        NOISY_DIGITS,
        "expected calibration error before minus after",
        range(10),
        lambda seeds: calibration_errors(seeds)[0] - calibration_errors(seeds)[1],
    ),
    Claim(
        "11.3",
        "A temperature fitted on validation data no longer works when the data change.",
        "Ovadia et al. 2019",
        f"{NOISY_DIGITS}, turned by 20°",
        "calibration error on turned digits minus twice that on upright ones",
        range(10),
        lambda seeds: calibration_errors(seeds)[2] - 2 * calibration_errors(seeds)[1],
    ),
    Claim(
        "11.4",
        "A good average can hide that a model fails a small group.",
        "Sagawa et al. 2020; Buolamwini & Gebru 2018",
        "1000 digits, pixel noise 0.2, a pixel that gives the class away and misleads in one of "
        "ten; model A learnt from it, model B could not; equal mean loss on new digits",
        "mistakes of A minus 1.5 times those of B, for the few, percentage points",
        range(10),
        lambda seeds: equal_pairs(tuple(seeds))[0, 1] - 1.5 * equal_pairs(tuple(seeds))[1, 1],
    ),
    Claim(
        "11.5",
        "Sharper minima generalise worse: by the Hessian's top eigenvalue.",
        POST,
        f"{CAPSTONE}; without the condition: 20% noisy labels",
        "Spearman correlation with the error on new data",
        SEEDS,
        lambda seeds: correlation("top eigenvalue", 0.0, seeds),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: correlation("top eigenvalue", 0.2, seeds),
                "the labels are clean",
            ),
        ),
    ),
    Claim(
        "11.6",
        "Sharper minima generalise worse: by ε-sharpness.",
        f"{POST}; measure of Keskar et al. 2017",
        f"{CAPSTONE}; without the condition: 20% noisy labels",
        "Spearman correlation with the error on new data",
        SEEDS,
        lambda seeds: correlation("ε-sharpness", 0.0, seeds),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: correlation("ε-sharpness", 0.2, seeds),
                "the labels are clean",
            ),
        ),
    ),
    Claim(
        "11.7",
        "Sharper minima generalise worse: by the filter-normalised rise, also with noisy labels.",
        f"{POST}; measure after Li et al. 2018",
        f"{CAPSTONE}; 20% noisy labels",
        "Spearman correlation with the error on new data",
        SEEDS,
        lambda seeds: correlation("filter-normalised rise", 0.2, seeds),
    ),
    Claim(
        "11.8",
        "Sharpness predicts the error on new data better than simpler measures do.",
        "Jiang et al. 2020",
        CAPSTONE,
        "Spearman correlation of the top eigenvalue minus that of the training loss",
        SEEDS,
        lambda seeds: (
            correlation("top eigenvalue", 0.0, seeds) - correlation("training loss", 0.0, seeds)
        ),
    ),
]
