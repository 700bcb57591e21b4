"""Chapter 07: when a lower loss isn't better."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from numpy.polynomial import Polynomial
from torch import Tensor

from lossviz_helpers import (
    Loss,
    Objective,
    Trajectory,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    hinge,
    squared_error,
    with_label_noise,
)
from lossviz_helpers.course.scenarios import DECAYING, DECAYS, MEMORISING, READING, SET_ASIDE

from .ledger import Claim, Variation, save_data

Effects = list[float]
Curve = npt.NDArray[np.float64]

SEEDS, MORE = range(10), range(14)
SETTINGS = (
    "300 digits, {noise}; 64–{width}–10 ReLU, cross-entropy, batches of 32, 100 epochs; each seed "
    "has its own digits, noisy labels, start and batches"
)
OPTIONS = {
    "sgd": {"optimizer": torch.optim.SGD, "lr": MEMORISING.lr, "momentum": MEMORISING.momentum},
    "adamw": {
        "optimizer": torch.optim.AdamW,
        "lr": DECAYING.lr,
        "weight_decay": DECAYING.weight_decay,
    },
}
CLEAN = 0.0


def settings(noise: str = "20% noisy labels", width: str = "64") -> str:
    return SETTINGS.format(noise=noise, width=width)


class Run(NamedTuple):
    """The landscapes of training and of new digits, and a walk with one point per epoch."""

    L: Objective
    new: Objective
    path: Trajectory


@cache
def trained(
    seed: int, name: str, noise: float = MEMORISING.noise, width: int = 64, **options: float
) -> Run:
    train, new = digits(MEMORISING.n_train, seed=seed)
    data = with_label_noise(train, noise, seed=seed), new
    L, T = (Objective(digit_classifier(width=width), each, cross_entropy) for each in data)
    (start,) = L.initial_points([seed])
    how = {"batch_size": MEMORISING.batch_size, "seed": seed, "every": 10}
    return Run(L, T, descend(L, start, MEMORISING.steps, **how | OPTIONS[name] | options))


def percent_right(L: Objective, theta: Tensor) -> Tensor:
    """Accuracy of one point or of many."""
    return 100 * (L.predict(theta).argmax(dim=-1) == L.y).double().mean(dim=-1)


def write_data() -> None:
    """What the explorer of chapter 07 loads: loss and accuracies by noise, seed and epoch."""
    shares, seeds = (0.0, 0.1, 0.2, 0.4), range(5)
    found = [[curves_of(trained(seed, "sgd", noise)) for seed in seeds] for noise in shares]
    loss, train, test = np.moveaxis(np.array(found), 2, 0)
    epochs = np.arange(loss.shape[-1])
    save_data("07_noise", shares=shares, epochs=epochs, loss=loss, train=train, test=test)


def curves_of(run: Run) -> list[Curve]:
    """Training loss, training and test accuracy in percent, at every kept point."""
    points = run.path.points
    return [
        run.path.losses.numpy(),
        percent_right(run.L, points).numpy(),
        percent_right(run.new, points).numpy(),
    ]


# -- two runs, compared by training --------------------------------------------------------------


def worse_with_lower_loss(seeds: Sequence[int], **both: float) -> Effects:
    """How far the run with lower loss and higher training accuracy falls behind in test accuracy.

    In percentage points. If no single run has both, the pair counts against the claim.
    """
    found = []
    for seed in seeds:
        a = trained(seed, "sgd", **both)
        b = trained(seed, "adamw", **both)
        low, high = (a, b) if a.path.losses[-1] < b.path.losses[-1] else (b, a)
        behind = percent_right(high.new, high.path.end) - percent_right(low.new, low.path.end)
        on_train = [percent_right(run.L, run.path.end) for run in (low, high)]
        found.append(behind.item() if on_train[0] >= on_train[1] else -behind.abs().item())
    return found


def misled_by_test_loss(seeds: Sequence[int], **both: float) -> Effects:
    """Test loss of the more accurate of the two runs, minus that of the other."""
    found = []
    for seed in seeds:
        runs = [trained(seed, name, **both) for name in ("sgd", "adamw")]
        with torch.no_grad():
            scores = [(percent_right(T, p.end).item(), T(p.end).item()) for _, T, p in runs]
        worse, better = sorted(scores)
        found.append(better[1] - worse[1])
    return found


# -- capacity and time ---------------------------------------------------------------------------


def rise_of_both_ends(seeds: Sequence[int], points: int = 20, sigma: float = 0.2) -> Effects:
    """The lower of the errors at degrees 1 and 15 over that at degree 4, median of 15 data sets."""
    grid, found = np.linspace(-1, 1, 500), []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        ratios = []
        for _ in range(15):
            x = rng.uniform(-1, 1, points)
            y = np.sin(np.pi * x) + sigma * rng.standard_normal(points)
            fits = (Polynomial.fit(x, y, degree, domain=(-1, 1)) for degree in (1, 4, 15))
            low, middle, high = (
                np.mean((fit(grid) - np.sin(np.pi * grid)) ** 2) + sigma**2 for fit in fits
            )
            ratios.append(min(low, high) / middle)
        found.append(float(np.median(ratios)))
    return found


def error(run: Run, epoch: int = -1) -> float:
    return 100 - percent_right(run.new, run.path.points[epoch]).item()


def wide_is_worse(seeds: Sequence[int], **options: float) -> Effects:
    return [
        error(trained(s, "sgd", width=256, **options))
        - error(trained(s, "sgd", width=16, **options))
        for s in seeds
    ]


def late_is_worse(seeds: Sequence[int], **options: float) -> Effects:
    runs = [trained(s, "sgd", **options) for s in seeds]
    return [error(run) - error(run, epoch=10) for run in runs]


# -- regularisation, tuned on validation digits --------------------------------------------------


def errors_of_halves(run: Run, points: Tensor) -> tuple[Tensor, Tensor]:
    """Error in percent of many points on the validation digits, and on the other new ones."""
    wrong = 100 * (run.new.predict(points).argmax(dim=-1) != run.new.y).double()
    return wrong[:, :SET_ASIDE].mean(dim=1), wrong[:, SET_ASIDE:].mean(dim=1)


def gain_of_stopping(seeds: Sequence[int], **options: float) -> Effects:
    found = []
    for seed in seeds:
        run = trained(seed, "sgd", **options)
        aside, rest = errors_of_halves(run, run.path.points)
        found.append((rest[-1] - rest[aside.argmin()]).item())
    return found


def gain_of_decay(seeds: Sequence[int], **options: float) -> Effects:
    found = []
    for seed in seeds:
        runs = [trained(seed, "sgd", weight_decay=decay, **options) for decay in DECAYS]
        ends = torch.stack([run.path.end for run in runs])
        aside, rest = errors_of_halves(runs[0], ends)
        found.append((rest[DECAYS.index(0.0)] - rest[aside.argmin()]).item())
    return found


# -- two losses, two winners ---------------------------------------------------------------------

ROWS = torch.eye(10)


def digit_hinge(outputs: Tensor, targets: Tensor) -> Tensor:
    return hinge(outputs, 2 * ROWS[targets] - 1)


def digit_squares(outputs: Tensor, targets: Tensor) -> Tensor:
    return squared_error(outputs, ROWS[targets])


@cache
def outputs(loss: Loss | Callable, seed: int, width: int, lr: float) -> tuple[Tensor, Tensor]:
    """The outputs of a network trained on a loss for new digits, and the digits' classes."""
    train, new = digits(READING.n_train, seed=seed)
    L = Objective(digit_classifier(width=width), train, loss)
    (start,) = L.initial_points([seed])
    end = descend(L, start, READING.steps, lr, every=READING.steps).end
    return L.predict(end, new.x), new.y


def each_wins_its_own(
    seeds: Sequence[int],
    other: Callable[[Tensor, Tensor], Tensor] = digit_hinge,
    width: int = 64,
    lr: float = READING.lr,
) -> Effects:
    """The smaller of two margins in percent: how far each net wins on the loss it trained on."""
    found = []
    for seed in seeds:
        a, y = outputs(cross_entropy, seed, width, lr)
        b, _ = outputs(other, seed, width, lr)
        margins = (cross_entropy(b, y) / cross_entropy(a, y) - 1, other(a, y) / other(b, y) - 1)
        found.append(100 * min(margins).item())
    return found


NOISY = "labels are noisy"
POST = "Hansen & Cmehil-Warn 2022"

CLAIMS = [
    Claim(
        number="07.1",
        says="A model with a lower loss and a higher training accuracy can have a worse test "
        "accuracy than another, by more than a point.",
        source=f'{POST}, "Lost in the Loss", first chart',
        settings="SGD (momentum 0.9, lr 0.05) against AdamW (lr 0.001, weight decay 1); "
        + settings(),
        effect="points of test accuracy by which the model with the lower training loss is worse",
        seeds=SEEDS,
        measure=worse_with_lower_loss,
        above=1.0,
        varied=(Variation("clean labels", partial(worse_with_lower_loss, noise=CLEAN), NOISY),),
        cell="c07-23",
    ),
    Claim(
        number="07.2",
        says="Loss can't be compared between models that were trained with different optimisers.",
        source=f'{POST}, "Lost in the Loss"',
        settings="the pair of 07.1, compared by cross-entropy on 1497 new digits",
        effect="test loss of the more accurate model minus that of the other, nats",
        seeds=SEEDS,
        measure=misled_by_test_loss,
        varied=(Variation("clean labels", partial(misled_by_test_loss, noise=CLEAN), NOISY),),
        cell="c07-44",
    ),
    Claim(
        number="07.3",
        says="Models that are too simple under-fit and models that are too flexible over-fit: the "
        "error on new points is U-shaped in capacity.",
        source=f'{POST}, "Lost in the Loss", second chart',
        settings="polynomials of degree 1, 4 and 15 through 20 points of a wave, noise σ = 0.2",
        effect="error on new points: the lower of the two ends over the middle, median of 15 draws",
        seeds=MORE,
        measure=rise_of_both_ends,
        above=1.0,
        varied=(
            Variation("200 points", partial(rise_of_both_ends, points=200), "there are few points"),
            Variation("σ = 0.02", partial(rise_of_both_ends, sigma=0.02), "the noise is strong"),
        ),
        cell="c07-06",
    ),
    Claim(
        number="07.4",
        says="More parameters over-fit more: with 256 hidden units the test error is higher than "
        "with 16.",
        source=f'ours, a reading of {POST}, "Lost in the Loss": "heavily over-parameterized"',
        settings="SGD, 256 against 16 hidden units (64 and 4 parameters per digit); "
        + settings(width="16 or 256"),
        effect="points of test error by which the wider network is worse",
        seeds=SEEDS,
        measure=wide_is_worse,
        varied=(Variation("clean labels", partial(wide_is_worse, noise=CLEAN), NOISY),),
        cell="c07-12",
    ),
    Claim(
        number="07.5",
        says="Long training over-fits: the error on new digits is higher after 100 epochs than "
        "after 10.",
        source="ours; after Arpit et al. 2017, section 4: patterns first, noisy labels later",
        settings="SGD, epoch 100 against epoch 10; " + settings(),
        effect="points of test error by which epoch 100 is worse",
        seeds=SEEDS,
        measure=late_is_worse,
        varied=(Variation("clean labels", partial(late_is_worse, noise=CLEAN), NOISY),),
        cell="c07-18",
    ),
    Claim(
        number="07.6",
        says="Values of different kinds of losses can't be compared: they may pick different "
        "winners.",
        source=f'{POST}, "Lost in the Loss"',
        settings="two nets per seed, 64–64–10 ReLU, trained on cross-entropy and on hinge; 1000 "
        "digits, Adam lr 0.01, 100 steps; each seed has its own digits and start; 797 new digits",
        effect="margin by which each net wins on its own loss, the smaller of the two, percent",
        seeds=MORE,
        measure=each_wins_its_own,
        varied=(
            Variation(
                "squared error instead of hinge",
                partial(each_wins_its_own, other=digit_squares),
                "the other loss is hinge",
            ),
            Variation("lr 0.003", partial(each_wins_its_own, lr=0.003), "lr is 0.01"),
            Variation("16 hidden units", partial(each_wins_its_own, width=16), "the net is wide"),
        ),
        cell="c07-winners-3",
    ),
    Claim(
        number="07.7",
        says="Early stopping lowers the error on new data, by more than a point.",
        source="Morgan & Bourlard 1990, abstract",
        settings="SGD, epoch 100 against the epoch with the lowest error on 500 validation digits; "
        "errors on 997 others; " + settings(),
        effect="points of test error by which the last epoch is worse",
        seeds=MORE,
        measure=gain_of_stopping,
        above=1.0,
        varied=(
            Variation("clean labels", partial(gain_of_stopping, noise=CLEAN), NOISY),
            Variation("lr 0.02", partial(gain_of_stopping, lr=0.02), "lr is 0.05"),
            Variation("256 hidden units", partial(gain_of_stopping, width=256), "the net is small"),
        ),
        cell="c07-stop-2",
    ),
    Claim(
        number="07.8",
        says="Weight decay lowers the error on new data, by more than a point.",
        source="Krogh & Hertz 1992, abstract",
        settings=f"SGD, weight decay {', '.join(f'{d:g}' for d in DECAYS)}, the best of these on "
        "500 validation digits; errors on 997 others; " + settings(),
        effect="points of test error by which the run without decay is worse",
        seeds=MORE,
        measure=gain_of_decay,
        above=1.0,
        varied=(Variation("clean labels", partial(gain_of_decay, noise=CLEAN), NOISY),),
        cell="c07-plane-2",
    ),
]
