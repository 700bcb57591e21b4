"""Chapter 11: what sharpness-aware minimisation finds, and what that is worth."""

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from lossviz_helpers import (
    Objective,
    Slice,
    Trajectory,
    digit_classifier,
    eigenpairs,
    scan,
    squared_error,
)
from lossviz_helpers.course.scenarios import EPOCH, RHO, SHARP, WEIGHT_DECAY
from lossviz_helpers.datasets import Dataset

from .ledger import Claim, Measure, Variation, save_data
from .tuning import Split, accuracy, score, split, walk

SEEDS = range(10)
EPOCHS = SHARP.steps // EPOCH
RATES = (0.03, 0.1, 0.3, 1.0)
DECAYS = (0.0, 1e-3, 3e-3, 1e-2, 3e-2)
RHOS = (0.05, 0.1, 0.2, 0.5, 1.0)
SGD_SETTINGS = list(product(RATES, DECAYS))
SAM_SETTINGS = list(product(RATES, RHOS))
PLAIN, LARGE_STEPS = SGD_SETTINGS.index((0.1, 0.0)), SGD_SETTINGS.index((1.0, 0.0))
DECAYED, AWARE = SGD_SETTINGS.index((0.1, WEIGHT_DECAY)), SAM_SETTINGS.index((0.1, RHO))
SHOWN = (0.0, 0.05, 0.2, 0.5, 1.0)  # values of ρ that the explorer shows; 0 is SGD


class Runs(NamedTuple):
    """The results from one split, start and order of batches.

    Attributes:
        data: the landscapes.
        models: points, shape `(P,)`, by name.
        scores: validation scores of the settings after training, by "SGD", "SGD longer", "SAM".
        right: their test accuracies in percent.
    """

    data: Split
    models: dict[str, Tensor]
    scores: dict[str, Tensor]
    right: dict[str, Tensor]


@cache
def trained(seed: int, noise: float = 0.0) -> Runs:
    """SGD with 20 pairs of learning rate and weight decay, SAM with 20 of learning rate and ρ."""
    data = split(seed, noise)
    start, size = data.L.initial_points([seed]), SHARP.batch_size
    starts = start.expand(len(SGD_SETTINGS), -1)
    rates, decays, rhos = (
        torch.tensor(column)[:, None]
        for column in (
            [rate for rate, _ in SGD_SETTINGS],
            [decay for _, decay in SGD_SETTINGS],
            [rho for _, rho in SAM_SETTINGS],
        )
    )
    sgd = walk(data.L, starts, 2 * SHARP.steps, size, seed, EPOCH, rates=rates, decay=decays)
    sam = walk(data.L, starts, SHARP.steps, size, seed, EPOCH, rates=rates, rho=rhos)

    last = {"SGD": sgd.points[EPOCHS], "SGD longer": sgd.end, "SAM": sam.end}
    ends = {name: points.clone() for name, points in last.items()}  # a view would keep the path
    scores = {name: score(data.V, points) for name, points in ends.items()}
    models = {f"best {name}": ends[name][scores[name].argmax()] for name in ends}
    models |= {
        "SGD": ends["SGD"][PLAIN],
        "SGD longer": ends["SGD longer"][PLAIN],
        "SGD large steps": ends["SGD"][LARGE_STEPS],
        "SGD decayed": ends["SGD"][DECAYED],
        "SAM": ends["SAM"][AWARE],
        "early SGD": earliest_best(data, sgd.points[: EPOCHS + 1]),
        "early SAM": earliest_best(data, sam.points),
    }
    for rho in SHOWN:
        at = SAM_SETTINGS.index((0.1, rho)) if rho else PLAIN
        models[by_rho(rho)] = ends["SAM" if rho else "SGD"][at]
    models["SGD as high as decayed"] = first_below(sgd, PLAIN, float(sgd.losses[EPOCHS, DECAYED]))
    if not noise:
        models["SGD at a loss"] = first_below(sgd, PLAIN, SHARP.stop)
        models["SAM at a loss"] = first_below(sam, AWARE, SHARP.stop)
    right = {name: accuracy(data.T, points) for name, points in ends.items()}
    return Runs(data, models, scores, right)


def by_rho(rho: float) -> str:
    """The name of the model with a learning rate of 0.1 and this ρ."""
    return f"ρ = {rho:g}"


def first_below(path: Trajectory, setting: int, limit: float) -> Tensor:
    """The point of the first epoch with a training loss below the limit, or else the last point."""
    reached = path.losses[:, setting] < limit
    at = int(reached.int().argmax()) if reached.any() else -1
    return path.points[at, setting].clone()


def earliest_best(data: Split, points: Tensor) -> Tensor:
    """The best of all settings and epochs on validation data, from points `(epochs, S, P)`."""
    scores = torch.stack([score(data.V, epoch) for epoch in points])
    return points.flatten(0, 1)[scores.argmax()].clone()


@cache
def top_eigenvalue(seed: int, noise: float, name: str) -> float:
    runs = trained(seed, noise)
    return sharpness(runs.data.L, runs.models[name])


def sharpness(L: Objective, theta: Tensor) -> float:
    return eigenpairs(L, theta, 1, "highest")[0].item()


def doublings(sharper: str, flatter: str, noise: float = 0.0) -> Measure:
    """log₂ of the ratio of two models' λmax."""

    def measure(seeds: Sequence[int]) -> list[float]:
        return [
            np.log2(top_eigenvalue(seed, noise, sharper) / top_eigenvalue(seed, noise, flatter))
            for seed in seeds
        ]

    return measure


def doublings_at_a_loss(rate: float) -> Measure:
    """The same at the first epoch with a low loss, with another learning rate for both."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for seed in seeds:
            L, rates = split(seed).L, torch.tensor([[rate]])
            start, how = L.initial_points([seed]), (SHARP.steps, SHARP.batch_size, seed, EPOCH)
            paths = (
                walk(L, start, *how, rates=rates),
                walk(L, start, *how, rates=rates, rho=torch.tensor([[RHO]])),
            )
            sgd, sam = (sharpness(L, first_below(path, 0, SHARP.stop)) for path in paths)
            effects.append(np.log2(sgd / sam))
        return effects

    return measure


def points_gained(by: str, over: str, noise: float = 0.0) -> Measure:
    """Test accuracy of one model minus another's."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for runs in (trained(seed, noise) for seed in seeds):
            new, old = (float(accuracy(runs.data.T, runs.models[name])) for name in (by, over))
            effects.append(new - old)
        return effects

    return measure


def doublings_while_training(loss: str) -> Measure:
    """log₂ of the ratio of λmax after the last epoch to λmax after the fifth."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for seed in seeds:
            L = split(seed).L if loss == "cross-entropy" else with_squared_error(split(seed).train)
            start, rates = L.initial_points([seed]), torch.tensor([[SHARP.lr]])
            path = walk(L, start, SHARP.steps, SHARP.batch_size, seed, 5 * EPOCH, rates=rates)
            early, late = (sharpness(L, path.points[at, 0]) for at in (1, -1))
            effects.append(np.log2(late / early))
        return effects

    return measure


def with_squared_error(train: Dataset) -> Objective:
    targets = one_hot(train.y, 10).to(train.x.dtype)
    return Objective(digit_classifier(), Dataset(train.x, targets), squared_error)


# -- what the chapter loads ------------------------------------------------------------------------

NAMES = ("SGD", "SGD longer", "SAM")


def write_data() -> None:
    """What chapter 11 loads: a plane and all seeds' measures for each ρ, accuracies by setting."""
    window, lands, measures = (-1.5, 1.5), [], []
    for rho in SHOWN:
        first = trained(SEEDS[0])
        plane = Slice.random(first.models[by_rho(rho)], 2, 0, first.data.L.filters)
        lands.append(scan(first.data.L, plane, 31, (window, window), progress=False))
        of_seeds = []
        for seed in SEEDS:
            data, model = trained(seed).data, trained(seed).models[by_rho(rho)]
            right, loss = float(accuracy(data.T, model)), float(data.L(model))
            of_seeds.append((top_eigenvalue(seed, 0.0, by_rho(rho)), right, loss))
        measures.append(np.transpose(of_seeds))
    sharp, right, loss = np.swapaxes(measures, 0, 1)
    save_data(
        "11_rho",
        rhos=SHOWN,
        axis=lands[0].axes[0],
        planes=[land.loss for land in lands],
        sharpness=sharp,
        accuracy=right,
        loss=loss,
    )
    runs = [[trained(seed, noise) for seed in SEEDS] for noise in (0.0, 0.2)]
    save_data(
        "11_tuned",
        sgd_settings=SGD_SETTINGS,
        sam_settings=SAM_SETTINGS,
        score=[[[r.scores[name].clamp(min=-1) for r in rs] for name in NAMES] for rs in runs],
        test=[[[r.right[name] for r in rs] for name in NAMES] for rs in runs],
        sharpness=[
            [[top_eigenvalue(s, noise, f"best {name}") for s in SEEDS] for name in NAMES]
            for noise in (0.0, 0.2)
        ],
        untuned=[[top_eigenvalue(s, 0.0, name) for s in SEEDS] for name in UNTUNED],
        untuned_right=[
            [float(accuracy(r.data.T, r.models[name])) for r in runs[0]] for name in UNTUNED
        ],
    )


UNTUNED = ("SGD", "SGD longer", "SGD large steps", "SAM")


NET = "64-64-10 ReLU net, batches of 32; each seed has its own 1000 digits, start and batches; "
RUN = NET + f"{EPOCHS} epochs each, lr 0.1, SAM ρ = 0.5"
TUNED = (
    NET + "20 settings each, chosen on 397 validation digits: SAM's lr and ρ, SGD's lr and weight "
    f"decay; the best is often at the edge of these; {EPOCHS} epochs each"
)
LONGER = "SGD for twice as many epochs: equal cost"
NOISY = "20% noisy labels"
FLAT = "log₂ of the ratio of SGD's λmax to SAM's"
POINTS = "points of test accuracy gained by SAM"
FORET = "Foret et al. 2021"
POSTS = f"{FORET}, section 3.1; Hansen & Cmehil-Warn 2022, Exploring the Loss Landscape"

CLAIMS = [
    Claim(
        number="11.1",
        says="SAM finds flatter places than SGD.",
        source=f"{FORET}, section 4.2",
        settings=RUN,
        effect=FLAT,
        seeds=SEEDS,
        measure=doublings("SGD", "SAM"),
        varied=(
            Variation(
                LONGER,
                doublings("SGD longer", "SAM"),
                "SAM may cost twice as much",
            ),
            Variation(
                "learning rate 1 instead of 0.1 for SGD",
                doublings("SGD large steps", "SAM"),
                "SGD's learning rate isn't large",
            ),
            Variation(NOISY, doublings("SGD", "SAM", 0.2), "labels are clean"),
        ),
        cell="c11-65",
    ),
    Claim(
        number="11.2",
        says="SAM finds flatter places than SGD at equal training loss.",
        source="ours, a control for 11.1",
        settings=RUN + f"; both at the first epoch with a loss below {SHARP.stop}, SGD for up to "
        f"{2 * EPOCHS} epochs",
        effect=FLAT,
        seeds=SEEDS,
        measure=doublings("SGD at a loss", "SAM at a loss"),
        varied=(
            Variation(
                "learning rate 0.3 instead of 0.1",
                doublings_at_a_loss(0.3),
                "the learning rate is small",
            ),
        ),
        cell="c11-29",
    ),
    Claim(
        number="11.3",
        says="With noisy labels, SAM finds flatter places than SGD, both tuned.",
        source=f"{FORET}, section 4.2, without the tuning and the noise",
        settings=f"{TUNED}; {NOISY}",
        effect=FLAT,
        seeds=SEEDS,
        measure=doublings("best SGD", "best SAM", 0.2),
        varied=(
            Variation(
                "clean labels instead of 20% noisy ones",
                doublings("best SGD", "best SAM"),
                "labels are noisy",
            ),
        ),
        cell="c11-68",
    ),
    Claim(
        number="11.4",
        says="SAM generalises better than SGD, both tuned.",
        source=f"{POSTS}; tuning both is ours",
        settings=TUNED,
        effect=POINTS,
        seeds=SEEDS,
        measure=points_gained("best SAM", "best SGD"),
        varied=(
            Variation(
                LONGER,
                points_gained("best SAM", "best SGD longer"),
                "SAM may cost twice as much",
            ),
        ),
        cell="c11-67",
    ),
    Claim(
        number="11.5",
        says="SAM is robust when labels are noisy: it generalises better than SGD.",
        source=f"{FORET}, section 3.3",
        settings=f"{RUN}; {NOISY}",
        effect=POINTS,
        seeds=SEEDS,
        measure=points_gained("SAM", "SGD", 0.2),
        varied=(
            Variation(
                "SAM's lr and ρ and SGD's lr and weight decay tuned on 397 validation digits",
                points_gained("best SAM", "best SGD", 0.2),
                "neither is tuned",
            ),
        ),
        cell="c11-67",
    ),
    Claim(
        number="11.6",
        says="After the same number of steps, SGD with weight decay ends in a sharper place than "
        "SGD without.",
        source="ours",
        settings=NET + f"{EPOCHS} epochs, lr 0.1, weight decay {WEIGHT_DECAY} and 0",
        effect="log₂ of the ratio of λmax with weight decay to λmax without",
        seeds=SEEDS,
        measure=doublings("SGD decayed", "SGD"),
        varied=(
            Variation(
                "SGD without weight decay, at the first epoch with the same training loss",
                doublings("SGD decayed", "SGD as high as decayed"),
                "the run without weight decay goes on to a lower training loss",
            ),
        ),
        cell="c11-40",
    ),
    Claim(
        number="11.7",
        says="After the first epochs, λmax falls as the training loss falls.",
        source="ours",
        settings=NET + f"SGD, lr 0.1, cross-entropy; epoch 5 to {EPOCHS}",
        effect="log₂ of the ratio of λmax at the end to λmax after 5 epochs",
        seeds=SEEDS,
        measure=doublings_while_training("cross-entropy"),
        below=0.0,
        varied=(
            Variation(
                "squared error instead of cross-entropy",
                doublings_while_training("squared error"),
                "the loss is cross-entropy",
            ),
        ),
        cell="c11-19",
    ),
    Claim(
        number="11.8",
        says="With noisy labels SAM generalises better than SGD, both tuned and stopped early.",
        source="ours, a control for 11.5",
        settings=f"{TUNED}, each stopped at the best epoch on the validation digits; {NOISY}",
        effect=POINTS,
        seeds=SEEDS,
        measure=points_gained("early SAM", "early SGD", 0.2),
        varied=(
            Variation(
                "trained to the end instead of stopped early",
                points_gained("best SAM", "best SGD", 0.2),
                "both are stopped early",
            ),
        ),
        cell="c11-45",
    ),
]
