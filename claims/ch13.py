"""Chapter 13: what loss does not see, and whether sharpness predicts the error on new data.

The training runs of the capstone take minutes, so the chapter loads what `write_data` stores in
`lossviz_helpers/course/data/13_sharpness.npz`.
"""

from collections.abc import Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from scipy.stats import spearmanr
from torch import Tensor

from lossviz_helpers import (
    SAM,
    Dataset,
    Objective,
    Trajectory,
    accuracy,
    adaptive_sharpness,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    disturbed,
    epsilon_sharpness,
    filter_normalised_rise,
    kl_divergence,
    reliability,
    with_cue,
    with_label_noise,
)
from lossviz_helpers.course.measured import FOLDER
from lossviz_helpers.course.scenarios import CUE, EQUAL_LOSS, PIXEL_NOISE, SET_ASIDE, SURE
from lossviz_helpers.curvature import top_eigenvalue

from .ledger import Claim, Variation

Effects = list[float]
Table = npt.NDArray[np.float64]
Measured = tuple[float, float | None]  # fraction of noisy labels, equal training loss

SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
MOMENTUM_SGD = {
    "optimizer": SGD,
    "lr": SURE.lr,
    "momentum": SURE.momentum,
    "batch_size": SURE.batch_size,
}


# -- the capstone: many ways to train, compared at equal training loss -----------------------------

PLAIN = MOMENTUM_SGD | {"momentum": 0.0}
WAYS: dict[str, dict[str, Any]] = {
    "SGD, lr 0.2": PLAIN | {"lr": 0.2},
    "SGD, lr 0.4": PLAIN | {"lr": 0.4},
    "SGD, lr 0.8": PLAIN | {"lr": 0.8},
    "momentum, lr 0.03": MOMENTUM_SGD | {"lr": 0.03},
    "momentum, lr 0.05": MOMENTUM_SGD,
    "momentum, lr 0.1": MOMENTUM_SGD | {"lr": 0.1},
    "Adam, lr 0.002": {"optimizer": ADAM, "lr": 0.002, "batch_size": 32},
    "Adam, lr 0.004": {"optimizer": ADAM, "lr": 0.004, "batch_size": 32},
    "Adam, lr 0.01": {"optimizer": ADAM, "lr": 0.01, "batch_size": 32},
    "batches of 8": MOMENTUM_SGD | {"batch_size": 8},
    "all at once": MOMENTUM_SGD | {"batch_size": SURE.n_train},
    "weight decay 0.001": MOMENTUM_SGD | {"weight_decay": 0.001},
    "weight decay 0.003": MOMENTUM_SGD | {"weight_decay": 0.003},
    "AdamW, decay 0.1": {"optimizer": ADAMW, "lr": 0.003, "weight_decay": 0.1, "batch_size": 32},
    "SAM, ρ = 0.1": MOMENTUM_SGD | {"optimizer": SAM, "rho": 0.1},
    "SAM, ρ = 0.3": MOMENTUM_SGD | {"optimizer": SAM, "rho": 0.3},
    "SAM, ρ = 0.6": MOMENTUM_SGD | {"optimizer": SAM, "rho": 0.6},
}
TOP, EPSILON, RISE, ADAPTIVE = MEASURES = (
    "top eigenvalue",
    "ε-sharpness",
    "filter-normalised rise",
    "adaptive sharpness",
)
COLUMNS = ("error", "training loss", *MEASURES)
SEEDS = range(10)


def measures(L: Objective, T: Objective, theta: Tensor) -> list[float]:
    """Error on new digits, training loss, and four measures of sharpness of one network."""
    return [
        1 - accuracy(T.predict(theta), T.y),
        L(theta).item(),
        top_eigenvalue(L, theta),
        epsilon_sharpness(L, theta, epsilon=5e-3, steps=5),
        filter_normalised_rise(L, theta, directions=10),
        adaptive_sharpness(L, theta, steps=10),
    ]


def first_below(path: Trajectory, loss: float) -> int | None:
    """The first point of a path whose loss is no larger than this."""
    below = (path.losses <= loss).nonzero()
    return int(below[0, 0]) if len(below) else None


def settled(L: Objective, path: Trajectory, loss: float) -> Tensor | None:
    """The end of at least 40 steps of full-batch descent from the path down to a loss.

    The last steps are the same for all, so that no network is measured in mid-jump. They begin
    where the path comes within a factor of 1.3 of the loss, or earlier if that leaves fewer than
    40 steps.
    """
    for times in (1.3, 2, 3, 5, 8):
        leave = first_below(path, times * loss)
        if leave is None:
            return None
        theta, steps, reached = path.points[leave], 0, None
        while steps < EQUAL_LOSS.most:
            walk = descend(L, theta, steps=50, lr=EQUAL_LOSS.lr, optimizer=SGD)
            reached = first_below(walk, loss)
            if reached is not None:
                break
            theta, steps = walk.end, steps + 50
        if reached is None:
            return None
        if steps + reached >= EQUAL_LOSS.least:
            return walk.points[reached]
    return None


@cache
def trained(way: str, noise: float, seed: int) -> tuple[Objective, Objective, Trajectory]:
    """The landscapes of training and of new digits, and a walk; all randomness is seeded."""
    train, new = digits(SURE.n_train, seed=seed)
    noisy = with_label_noise(train, noise, seed=seed)
    L, T = (Objective(digit_classifier(), data, cross_entropy) for data in (noisy, new))
    (start,) = L.initial_points([seed])
    return L, T, descend(L, start, EQUAL_LOSS.steps, every=2, seed=seed, **WAYS[way])


@cache
def compared(noise: float, loss: float | None, seed: int) -> Table:
    """A row per way to train: error, loss and measures, shape `(17, 6)`.

    At an equal training loss, or, if that is None, after an equal number of steps. A way that
    doesn't reach that loss has a row of nan.
    """
    rows = []
    for way in WAYS:
        L, T, path = trained(way, noise, seed)
        if loss is None:
            theta = path.points[(path.steps == SURE.steps).nonzero()[0, 0]]
        else:
            theta = settled(L, path, loss)
        rows.append([np.nan] * len(COLUMNS) if theta is None else measures(L, T, theta))
    return np.array(rows)


COMPARED: dict[str, Measured] = {
    "clean_low": (0.0, EQUAL_LOSS.low),
    "clean": (0.0, EQUAL_LOSS.clean),
    "noisy": (EQUAL_LOSS.noise, EQUAL_LOSS.noisy),
    "clean_steps": (0.0, None),
    "noisy_steps": (EQUAL_LOSS.noise, None),
}


def write_data() -> None:
    """What chapter 13 loads: a table per comparison, shape `(seeds, ways, columns)`."""
    tables = {
        name: np.array([compared(*how, seed) for seed in SEEDS]).astype(np.float32)
        for name, how in COMPARED.items()
    }
    names = {"ways": np.array(list(WAYS)), "columns": np.array(COLUMNS)}
    np.savez_compressed(FOLDER / "13_sharpness.npz", allow_pickle=False, **names, **tables)


IS_SGD = np.array(["Adam" not in way for way in WAYS])


def rank_correlation(table: Table, column: str, other: str = "error", adam: bool = True) -> float:
    """Spearman correlation of two columns over the ways that reached the loss."""
    rows = table[np.isfinite(table[:, 0]) & (adam | IS_SGD)]
    return float(spearmanr(rows[:, COLUMNS.index(column)], rows[:, COLUMNS.index(other)]).statistic)


def given_the_loss(table: Table, column: str) -> float:
    """Partial rank correlation of a measure and the error, given the training loss."""
    a, b = (rank_correlation(table, name, "training loss") for name in (column, "error"))
    both = rank_correlation(table, column)
    return float((both - a * b) / np.sqrt((1 - a**2) * (1 - b**2)))


def at_equal_loss(
    seeds: Sequence[int],
    measure: str,
    adam: bool = False,
    names: Sequence[str] = ("clean_low", "noisy"),
) -> Effects:
    """Rank correlation with the error on new digits, mean of the comparisons."""
    return [
        float(
            np.mean(
                [
                    rank_correlation(compared(*COMPARED[name], seed), measure, adam=adam)
                    for name in names
                ]
            )
        )
        for seed in seeds
    ]


def after_equal_steps(
    seeds: Sequence[int], measure: str, other: str = "error", name: str = "noisy_steps"
) -> Effects:
    """Rank correlation of a measure with another column after the same number of steps."""
    return [rank_correlation(compared(*COMPARED[name], seed), measure, other) for seed in seeds]


def partial_after_equal_steps(seeds: Sequence[int], measure: str, name: str) -> Effects:
    return [given_the_loss(compared(*COMPARED[name], seed), measure) for seed in seeds]


# -- how confident is it? --------------------------------------------------------------------------

TEMPERATURES = torch.logspace(-0.3, 0.7, 61)


class Sure(NamedTuple):
    """A network's logits on new digits, their classes, and the temperature fitted on others."""

    logits: Tensor
    y: Tensor
    temperature: Tensor
    model: Objective
    theta: Tensor
    new: Dataset


@cache
def sure(seed: int, noise: float = PIXEL_NOISE, width: int = 64, decay: float = 0.0) -> Sure:
    """A network trained on digits with noisy pixels; all randomness comes from the seed."""
    train, rest = digits(SURE.n_train, seed=seed)
    train = disturbed(train, noise=noise, seed=2 * seed)
    rest = disturbed(rest, noise=noise, seed=2 * seed + 1)
    L = Objective(digit_classifier(width=width), train, cross_entropy)
    (start,) = L.initial_points([seed])
    how = MOMENTUM_SGD | {"weight_decay": decay, "seed": seed, "every": SURE.steps}
    theta = descend(L, start, SURE.steps, **how).end
    z = L.predict(theta, rest.x)
    aside, new = slice(None, SET_ASIDE), slice(SET_ASIDE, None)
    losses = [cross_entropy(z[aside] / T, rest.y[aside]) for T in TEMPERATURES]
    T = TEMPERATURES[torch.stack(losses).argmin()]
    return Sure(z[new], rest.y[new], T, L, theta, Dataset(rest.x[new], rest.y[new]))


def temperature(seeds: Sequence[int], **options: float) -> Effects:
    return [sure(seed, **options).temperature.item() for seed in seeds]


def gain_of_temperature(seeds: Sequence[int], **options: float) -> Effects:
    """Expected calibration error without the temperature minus that with it."""
    found = [sure(seed, **options) for seed in seeds]
    return [
        reliability(s.logits, s.y).error - reliability(s.logits / s.temperature, s.y).error
        for s in found
    ]


def lost_on_other_data(seeds: Sequence[int], width: int = 64, **disturbance: float) -> Effects:
    """Calibration error on disturbed digits minus that on the others, with the temperature."""
    effects = []
    for seed in seeds:
        s = sure(seed, width=width)
        other = s.model.predict(s.theta, disturbed(s.new, seed=seed, **disturbance).x)
        here, there = (reliability(z / s.temperature, s.y).error for z in (s.logits, other))
        effects.append(there - here)
    return effects


def missing_in_the_sum(seeds: Sequence[int], smoothing: float = 0.1) -> Effects:
    """|cross-entropy − KL divergence − entropy| on smoothed targets, nats."""
    effects = []
    for seed in seeds:
        s = sure(seed)
        z = s.logits.double()
        p = (1 - smoothing) * torch.eye(10, dtype=z.dtype)[s.y] + smoothing / 10
        entropy = torch.special.entr(p).sum(dim=1).mean()
        cross = -(p * z.log_softmax(dim=1)).sum(dim=1).mean()
        effects.append((cross - kl_divergence(z, p) - entropy).abs().item())
    return effects


def decisions_changed(seeds: Sequence[int], T: float = 5.0) -> Effects:
    """Fraction of decisions that a temperature changes."""
    logits = [sure(seed).logits for seed in seeds]
    return [(z.argmax(dim=1) != (z / T).argmax(dim=1)).double().mean().item() for z in logits]


# -- one loss, two groups --------------------------------------------------------------------------


@cache
def mistakes_of_pair(seed: int, width: int = 64, noise: float = CUE.pixel_noise) -> Table:
    """Errors in percent of A and B, at equal loss, on majority and minority, shape `(2, 2)`."""
    train, new = digits(CUE.n_train, seed=seed)
    clean = disturbed(train, noise=noise, seed=2 * seed)
    new, few = with_cue(disturbed(new, noise=noise, seed=2 * seed + 1), CUE.right, seed=seed + 1)
    L_A, L_B, L_new = (
        Objective(digit_classifier(width=width), data, cross_entropy)
        for data in (
            with_cue(clean, CUE.right, seed)[0],
            with_cue(clean, CUE.by_chance, seed)[0],
            new,
        )
    )
    (start,) = L_A.initial_points([seed])
    how = MOMENTUM_SGD | {"seed": seed}
    B = descend(L_B, start, CUE.steps_B, every=CUE.steps_B, **how).end
    walk = descend(L_A, start, CUE.steps_A, **(how | {"lr": CUE.lr_A})).points
    with torch.no_grad():
        A = walk[(L_new(walk) - L_new(B)).abs().argmin()]
    wrong = [100 * (L_new.predict(m).argmax(dim=-1) != new.y).double() for m in (A, B)]
    return np.array([[w[group].mean().item() for group in (~few, few)] for w in wrong])


def fails_the_few(seeds: Sequence[int], **options: float) -> Effects:
    """Error of A minus that of B on the minority, in percentage points."""
    pairs = [mistakes_of_pair(seed, **options) for seed in seeds]
    return [float(a[1] - b[1]) for a, b in pairs]


NOISY_DIGITS = (
    "300 digits with pixel noise σ = 0.3, 64-64-10 ReLU, SGD with momentum, 300 steps; temperature "
    "fitted on 500 validation digits, calibration on 997 others; each seed has its own digits, "
    "noise, start and batches"
)
CAPSTONE = (
    "ways to train a 64-64-10 ReLU net on 300 digits, brought to equal training loss by at least "
    "40 steps of full-batch descent: 0.01 with clean labels (all but weight decay 0.003, which "
    "doesn't get there), 0.4 with 20% noisy ones; error on 1497 new digits; "
    "each seed has its own digits, noisy labels, start and batches"
)
STEPS = (
    "17 ways to train a 64-64-10 ReLU net on 300 digits for 300 steps; error on 1497 new digits; "
    "each seed has its own digits, noisy labels, start and batches"
)
RANKS = "Spearman correlation with the error on new digits, mean of the two comparisons"
POST = 'Hansen & Cmehil-Warn 2022, "Exploring the Loss Landscape"'
OVER_SEEDS = range(14)


def sharper_is_worse(number: str, measure: str, words: str, source: str) -> Claim:
    return Claim(
        number=number,
        says=f"At equal training loss, sharper minima generalise worse, as measured by {words}.",
        source=source,
        settings=f"13 {CAPSTONE}",
        effect=RANKS,
        seeds=SEEDS,
        measure=partial(at_equal_loss, measure=measure),
        varied=(
            Variation(
                "Adam and AdamW included",
                partial(at_equal_loss, measure=measure, adam=True),
                "all of them are variants of SGD",
            ),
            Variation(
                "clean labels at loss 0.05 instead of 0.01, which weight decay 0.003 reaches too",
                partial(at_equal_loss, measure=measure, names=("clean", "noisy")),
                "the loss is low",
            ),
        ),
        cell="c13-40",
    )


CLAIMS = [
    Claim(
        number="13.1",
        says="Trained networks are overconfident on new data of the same kind.",
        source="Guo et al. 2017, section 3",
        settings=NOISY_DIGITS,
        effect="fitted temperature; above 1 the network is overconfident",
        seeds=OVER_SEEDS,
        measure=temperature,
        above=1.0,
        varied=(
            Variation("no pixel noise", partial(temperature, noise=0.0), "pixels are noisy"),
            Variation("16 hidden units", partial(temperature, width=16), "the network is wide"),
            Variation(
                "weight decay 0.05", partial(temperature, decay=0.05), "weight decay is weak"
            ),
        ),
        cell="c13-temperature-2",
    ),
    Claim(
        number="13.2",
        says="One temperature, fitted on other examples, lowers the calibration error.",
        source="Guo et al. 2017, table 1",
        settings=NOISY_DIGITS,
        effect="expected calibration error before minus after",
        seeds=OVER_SEEDS,
        measure=gain_of_temperature,
        varied=(
            Variation(
                "16 hidden units", partial(gain_of_temperature, width=16), "the network is wide"
            ),
            Variation(
                "weight decay 0.05",
                partial(gain_of_temperature, decay=0.05),
                "weight decay is weak",
            ),
        ),
        cell="c13-20",
    ),
    Claim(
        number="13.3",
        says="A temperature fitted on one kind of data leaves a network worse calibrated on "
        "another than on its own.",
        source="Ovadia et al. 2019, section 4",
        settings=f"{NOISY_DIGITS}; the same digits rotated by 20°",
        effect="calibration error on rotated digits minus that on upright ones",
        seeds=OVER_SEEDS,
        measure=partial(lost_on_other_data, degrees=20),
        varied=(
            Variation(
                "shifted by a pixel instead of rotated",
                partial(lost_on_other_data, shift=1),
                "digits are rotated",
            ),
            Variation(
                "further noise, σ = 0.4 on top of 0.3, instead of rotated",
                partial(lost_on_other_data, noise=0.4),
                "digits are rotated",
            ),
            Variation(
                "16 hidden units",
                partial(lost_on_other_data, degrees=20, width=16),
                "the network is wide",
            ),
        ),
        cell="c13-20",
    ),
    Claim(
        number="13.4",
        says="Of two models with equal loss, one can fail a small group that the other doesn't.",
        source="Sagawa et al. 2020, abstract; Buolamwini & Gebru 2018, abstract; the "
        "comparison at equal loss is ours",
        settings="1000 digits, pixel noise 0.2, and a pixel that gives the class away, but is "
        "misleading in one case out of ten; model A learnt from it, model B could not; equal mean "
        "loss on new digits; each seed has its own digits, noise, cues, start and batches",
        effect="error of A minus that of B on the misleading cases, percentage points",
        seeds=OVER_SEEDS,
        measure=fails_the_few,
        varied=(
            Variation("16 hidden units", partial(fails_the_few, width=16), "the network is wide"),
            Variation(
                "pixel noise 0.3", partial(fails_the_few, noise=PIXEL_NOISE), "pixels are clear"
            ),
        ),
        cell="c13-28",
    ),
    sharper_is_worse("13.5", TOP, "the Hessian's top eigenvalue", POST),
    sharper_is_worse(
        "13.6", EPSILON, "ε-sharpness", f"{POST}; measure of Keskar et al. 2017, section 2.2"
    ),
    sharper_is_worse(
        "13.7", RISE, "the filter-normalised rise", f"{POST}; after Li et al. 2018, section 4"
    ),
    sharper_is_worse("13.8", ADAPTIVE, "adaptive sharpness", "Kwon et al. 2021, figure 2"),
    Claim(
        number="13.9",
        says="Cross-entropy is KL divergence plus the entropy of the targets, so with the same "
        "targets both rank models in the same order.",
        source="ours, against Hansen & Cmehil-Warn 2022 (such values can't be compared)",
        settings=f"{NOISY_DIGITS}; targets smoothed by 0.1",
        effect="discrepancy between the two sides, nats",
        seeds=OVER_SEEDS,
        measure=missing_in_the_sum,
        below=1e-9,
        proof="−Σ p ln q = −Σ p ln p + Σ p ln(p/q), and the first term doesn't contain the model",
        cell="c13-04",
    ),
    Claim(
        number="13.10",
        says="Temperature changes how confident a network is, but none of its decisions.",
        source="Guo et al. 2017, section 4.2",
        settings=f"{NOISY_DIGITS}; temperature 5",
        effect="fraction of decisions that changed",
        seeds=OVER_SEEDS,
        measure=decisions_changed,
        below=1e-3,
        proof="dividing by a positive number keeps the order of the logits",
        cell="c13-temperature-2",
    ),
    Claim(
        number="13.11",
        says="After the same number of steps, sharper minima generalise worse, as measured by the "
        "Hessian's top eigenvalue.",
        source=POST,
        settings=f"{STEPS}; 20% noisy labels",
        effect="Spearman correlation with the error on new digits",
        seeds=SEEDS,
        measure=partial(after_equal_steps, measure=TOP),
        varied=(
            Variation(
                "clean labels",
                partial(after_equal_steps, measure=TOP, name="clean_steps"),
                "labels are noisy",
            ),
        ),
        cell="c13-37",
    ),
    Claim(
        number="13.12",
        says="After the same number of steps, the top eigenvalue is higher where the training loss "
        "is higher.",
        source="ours",
        settings=f"{STEPS}; clean labels",
        effect="Spearman correlation of the top eigenvalue with the training loss",
        seeds=SEEDS,
        measure=partial(after_equal_steps, measure=TOP, other="training loss", name="clean_steps"),
        varied=(
            Variation(
                "20% noisy labels",
                partial(after_equal_steps, measure=TOP, other="training loss"),
                "labels are clean",
            ),
        ),
        cell="c13-37",
    ),
    Claim(
        number="13.13",
        says="After the same number of steps, with the training loss held constant, networks with "
        "higher adaptive sharpness generalise worse.",
        source="Kwon et al. 2021, figure 2",
        settings=f"{STEPS}; 20% noisy labels",
        effect="partial Spearman correlation with the error on new digits, given training loss",
        seeds=SEEDS,
        measure=partial(partial_after_equal_steps, measure=ADAPTIVE, name="noisy_steps"),
        varied=(
            Variation(
                "the top eigenvalue instead of adaptive sharpness",
                partial(partial_after_equal_steps, measure=TOP, name="noisy_steps"),
                "sharpness is adaptive",
            ),
        ),
        cell="c13-37",
    ),
]
