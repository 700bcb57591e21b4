"""Chapter 09: what sharpness-aware minimisation finds, and what that is worth."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor

from lossviz_helpers import (
    SAM,
    Objective,
    Slice,
    Trajectory,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    eigenpairs,
    scan,
    with_label_noise,
)
from lossviz_helpers.course.scenarios import (
    EPOCH,
    RHO,
    SHARP,
    SHARP_LONG,
    SHARP_NOISY,
    WEIGHT_DECAY,
)

from .ledger import Claim, save_data

SEEDS = range(10)
SGD = torch.optim.SGD


@cache
def landscape(noise: float, n_train: int = SHARP.n_train) -> Objective:
    train, _ = digits(n_train)
    return Objective(digit_classifier(), with_label_noise(train, noise), cross_entropy)


@cache
def sgd(seeds: tuple[int, ...], noise: float, weight_decay: float = 0) -> Trajectory:
    """120 epochs, one point per epoch; with weight decay 60 epochs."""
    L = landscape(noise)
    steps = SHARP.steps if weight_decay else 2 * SHARP.steps
    how = {"batch_size": SHARP.batch_size, "every": EPOCH, "weight_decay": weight_decay}
    return descend(L, L.initial_points(seeds), steps, SHARP.lr, SGD, **how)


@cache
def sam(seeds: tuple[int, ...], noise: float) -> Trajectory:
    """60 epochs, one point per epoch."""
    L = landscape(noise)
    start, size = L.initial_points(seeds), SHARP.batch_size
    return descend(L, start, SHARP.steps, SHARP.lr, SAM, size, every=EPOCH, rho=RHO)


@cache
def memorised(seeds: tuple[int, ...], rho: float = 0) -> Trajectory:
    """300 digits, a fifth of the labels noisy, 300 epochs, one point per epoch; ρ = 0 is SGD."""
    L, long = landscape(SHARP_LONG.noise, SHARP_LONG.n_train), SHARP_LONG
    how = {"batch_size": long.batch_size, "every": 10, **sam_or_sgd(rho)}
    return descend(L, L.initial_points(seeds), long.steps, long.lr, **how)


def sam_or_sgd(rho: float) -> dict:
    """The optimiser for a ρ: 0 is SGD."""
    return {"optimizer": SAM, "rho": rho} if rho else {"optimizer": SGD}


def pair(seeds: Sequence[int], comparison: str, noise: float = 0) -> tuple[Tensor, Tensor]:
    """Models of SGD and of SAM that are to be compared."""
    seeds = tuple(seeds)
    one, other = sgd(seeds, noise), sam(seeds, noise)
    if comparison == "equal loss":
        stop = SHARP_NOISY.stop if noise else SHARP.stop
        return tuple(first_below(path, stop) for path in (one, other))
    return one.points[60 if comparison == "equal steps" else 120], other.end


def first_below(path: Trajectory, limit: float | Tensor) -> Tensor:
    """Of each seed the first kept point with a training loss below the limit, or below its own."""
    reached = path.losses < limit
    assert reached.any(dim=0).all(), "every seed should get there"
    return path.points[reached.int().argmax(dim=0), range(path.points.shape[1])]


def accuracy_of(models: Tensor, n_train: int = SHARP.n_train) -> np.ndarray:
    """Test accuracy in points."""
    _, test = digits(n_train)
    said = landscape(0).predict(models, test.x).argmax(dim=-1)
    return 100 * (said == test.y).double().mean(dim=-1).numpy()


def sharpness_of(models: Tensor, L: Objective) -> np.ndarray:
    return np.array([eigenpairs(L, theta, 1, "highest")[0].item() for theta in models])


def write_data() -> None:
    """What chapter 09 loads: by ρ the plane of seed 0, and measures of all seeds."""
    L, rhos, window = landscape(0), (0, 0.05, 0.2, 0.5, 1), (-1.5, 1.5)
    start, lands, measures = L.initial_points(SEEDS), [], []
    for rho in rhos:
        how = {"batch_size": SHARP.batch_size, "every": SHARP.steps, **sam_or_sgd(rho)}
        path = descend(L, start, SHARP.steps, SHARP.lr, **how)
        plane = Slice.random(path.end[0], 2, 0, L.filters)
        lands.append(scan(L, plane, 31, (window, window), progress=False))
        measures.append((sharpness_of(path.end, L), accuracy_of(path.end), path.losses[-1]))
    sharpness, accuracy, loss = np.swapaxes(measures, 0, 1)
    save_data(
        "09_rho",
        rhos=rhos,
        axis=lands[0].axes[0],
        planes=[land.loss for land in lands],
        sharpness=sharpness,
        accuracy=accuracy,
        loss=loss,
    )


def flatter(comparison: str):
    def measure(seeds):
        one, other = (sharpness_of(models, landscape(0)) for models in pair(seeds, comparison))
        return np.log2(one / other)

    return measure


def better(comparison: str, noise: float = 0):
    def measure(seeds):
        one, other = pair(seeds, comparison, noise)
        return accuracy_of(other) - accuracy_of(one)

    return measure


def the_flatter_is_better(one: Tensor, other: Tensor, L: Objective, n_train: int) -> np.ndarray:
    """How much more accurate the flatter of two models is, in points."""
    gain = accuracy_of(other, n_train) - accuracy_of(one, n_train)
    return gain * np.sign(sharpness_of(one, L) - sharpness_of(other, L))


def when_memorised(rho: float, limit: float = 0):
    """SAM against SGD after 300 epochs, or where each first has a training loss below a limit."""

    def measure(seeds):
        paths = memorised(tuple(seeds)), memorised(tuple(seeds), rho)
        one, other = (first_below(path, limit) if limit else path.end for path in paths)
        few = SHARP_LONG.n_train
        return the_flatter_is_better(one, other, landscape(SHARP_LONG.noise, few), few)

    return measure


def with_weight_decay(comparison: str):
    def measure(seeds):
        plain, other = sgd(tuple(seeds), 0), sgd(tuple(seeds), 0, weight_decay=WEIGHT_DECAY)
        level = first_below(plain, other.losses[-1])
        one = plain.points[60] if comparison == "equal steps" else level
        return the_flatter_is_better(one, other.end, landscape(0), SHARP.n_train)

    return measure


NET = "1000 digits, 64-64-10 ReLU net, lr 0.1, batches of 32; "
RUN = NET + "SAM ρ = 0.5 for 60 epochs, SGD for "
FEW = "300 digits, 20% noisy labels, lr 0.1, batches of 32, 300 epochs"
FORET = "Foret et al. 2021"
POST = "Hansen & Cmehil-Warn 2022"
FLAT = "log₂ of λmax, SGD − SAM"
POINTS = "test accuracy in points, SAM − SGD"

FLATTER = "test accuracy in points, the flatter (by λmax) − the sharper one"

CLAIMS = [
    Claim(
        "09.1", "SAM finds flatter minima than SGD", FORET, RUN + "60: equal steps",
        FLAT, SEEDS, flatter("equal steps"),
    ),
    Claim(
        "09.2", "SAM finds flatter minima than SGD at equal cost", f"{FORET}; a control of ours",
        RUN + "120: equal cost", FLAT, SEEDS, flatter("equal cost"),
    ),
    Claim(
        "09.3", "SAM finds flatter minima than SGD at equal training loss", "a control of ours",
        RUN + "up to 120, both at the first epoch with a loss below 0.01",
        FLAT, SEEDS, flatter("equal loss"),
    ),
    Claim(
        "09.4", "SAM generalises better than SGD", f"{FORET}; {POST}", RUN + "60: equal steps",
        POINTS, SEEDS, better("equal steps"),
    ),
    Claim(
        "09.5", "SAM generalises better than SGD that costs as much", FORET,
        RUN + "120: equal cost", POINTS, SEEDS, better("equal cost"),
    ),
    Claim(
        "09.6", "SAM is robust when labels are noisy", FORET,
        RUN + "60; 20% noisy labels", POINTS, SEEDS, better("equal steps", SHARP_NOISY.noise),
    ),
    Claim(
        "09.7", "With noisy labels SAM is better also at equal training loss", "a control of ours",
        RUN + "up to 120, both at the first epoch with a loss below 0.7; 20% noisy labels",
        POINTS, SEEDS, better("equal loss", SHARP_NOISY.noise),
    ),
    Claim(
        "09.8", "Sharper minima generalise worse: SAM and SGD that memorised noisy labels",
        POST, FEW + "; SAM ρ = 0.2", FLATTER, SEEDS, when_memorised(0.2),
    ),
    Claim(
        "09.9", "Sharper minima generalise worse: SGD with weight decay and without", POST,
        NET + "60 epochs, with weight decay 5e-3 and without", FLATTER, SEEDS,
        with_weight_decay("equal steps"),
    ),
    Claim(
        "09.10", "The same at equal training loss: SGD with weight decay and without",
        "a control of ours",
        NET + "60 epochs with weight decay 5e-3; SGD at the first epoch with a lower loss",
        FLATTER, SEEDS, with_weight_decay("equal loss"),
    ),
    Claim(
        "09.11", "Noisy labels memorised, at equal training loss: sharper is worse",
        "a control of ours", FEW + ", each at the first one with a loss below 0.02; SAM ρ = 0.2",
        FLATTER, SEEDS, when_memorised(0.2, SHARP_LONG.stop),
    ),
    Claim(
        "09.12", "The same with a larger ρ",
        "a control of ours", FEW + ", each at the first one with a loss below 0.02; SAM ρ = 0.5",
        FLATTER, SEEDS, when_memorised(RHO, SHARP_LONG.stop),
    ),
]  # fmt: skip
