"""Chapter 06: when a lower loss isn't better."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import torch
from numpy.polynomial import Polynomial
from torch import Tensor

from lossviz_helpers import (
    Objective,
    Trajectory,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    with_label_noise,
)
from lossviz_helpers.course.scenarios import DECAYING, MEMORISING

from .ledger import Claim, Variation, save_data

SEEDS = range(10)
SETTINGS = (
    "300 digits, {noise}; 64–{width}–10 ReLU, cross-entropy, batches of 32, 100 epochs; a seed "
    "draws digits, noisy labels, start and batches"
)
OPTIONS = {
    "sgd": {
        "optimizer": torch.optim.SGD,
        "lr": MEMORISING.lr,
        "momentum": MEMORISING.momentum,
    },
    "adamw": {
        "optimizer": torch.optim.AdamW,
        "lr": DECAYING.lr,
        "weight_decay": DECAYING.weight_decay,
    },
}
NOISE, CLEAN = MEMORISING.noise, 0.0


def settings(noise: str = "20% noisy labels", width: str = "64") -> str:
    return SETTINGS.format(noise=noise, width=width)


@cache
def trained(
    seed: int, noise: float, optimizer: str, width: int = 64
) -> tuple[Objective, Objective, Trajectory]:
    """The objective on training digits, on test digits, and the walk, one point per epoch."""
    train, test = digits(MEMORISING.n_train, seed=seed)
    noisy = with_label_noise(train, noise, seed=seed)
    L, T = (Objective(digit_classifier(width=width), d, cross_entropy) for d in (noisy, test))
    start, steps, size = L.initial_points([seed])[0], MEMORISING.steps, MEMORISING.batch_size
    how = {"batch_size": size, "seed": seed, "every": 10} | OPTIONS[optimizer]
    return L, T, descend(L, start, steps, **how)


def accuracy_percent(L: Objective, theta: Tensor) -> float:
    return 100 * (L.predict(theta).argmax(dim=-1) == L.y).double().mean().item()


def error_percent(seed: int, noise: float, width: int = 64, epoch: int = -1) -> float:
    _, T, path = trained(seed, noise, "sgd", width)
    return 100 - accuracy_percent(T, path.points[epoch])


def write_data() -> None:
    """What the explorer of chapter 06 loads: loss and accuracies by share, seed and epoch."""
    shares, seeds = (0.0, 0.1, 0.2, 0.4), range(5)
    found = [[curves_of(*trained(seed, share, "sgd")) for seed in seeds] for share in shares]
    loss, train, test = np.moveaxis(np.array(found), 2, 0)
    epochs = np.arange(loss.shape[-1])
    save_data("06_noise", shares=shares, epochs=epochs, loss=loss, train=train, test=test)


def curves_of(L: Objective, T: Objective, path: Trajectory) -> list[np.ndarray]:
    """Training loss, training and test accuracy in percent, at every kept point."""
    right = [
        (where.predict(path.points).argmax(dim=-1) == where.y).double().mean(dim=-1)
        for where in (L, T)
    ]
    return [path.losses.numpy(), *(100 * share.numpy() for share in right)]


def worse_with_lower_loss(noise: float) -> Callable:
    """Points of test accuracy lost by the model with lower loss and higher training accuracy."""

    def measure(seeds: Sequence[int]) -> list[float]:
        effects = []
        for seed in seeds:
            runs = [trained(seed, noise, name) for name in ("sgd", "adamw")]
            losses, on_train, on_test = zip(
                *(
                    (p.losses[-1].item(), accuracy_percent(L, p.end), accuracy_percent(T, p.end))
                    for L, T, p in runs
                ),
                strict=True,
            )
            low = int(np.argmin(losses))
            lost = on_test[1 - low] - on_test[low]
            effects.append(lost if on_train[low] >= on_train[1 - low] else -abs(lost))
        return effects

    return measure


def test_loss_misleads(seeds: Sequence[int]) -> list[float]:
    """Test loss of the more accurate of two models, minus that of the other."""
    effects = []
    for seed in seeds:
        runs = [trained(seed, NOISE, name)[1:] for name in ("sgd", "adamw")]
        with torch.no_grad():
            found = sorted((accuracy_percent(T, p.end), T(p.end).item()) for T, p in runs)
        effects.append(found[1][1] - found[0][1])
    return effects


def wide_is_worse(seeds: Sequence[int]) -> list[float]:
    return [error_percent(s, NOISE, 256) - error_percent(s, NOISE, 16) for s in seeds]


def late_is_worse(noise: float) -> Callable:
    def measure(seeds: Sequence[int]) -> list[float]:
        return [error_percent(s, noise) - error_percent(s, noise, epoch=10) for s in seeds]

    return measure


def rise_of_both_ends(seeds: Sequence[int]) -> list[float]:
    """log₁₀ of the lower of the errors at degree 1 and 15, over the error at degree 4."""
    grid = np.linspace(-1, 1, 500)
    effects = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x = rng.uniform(-1, 1, 20)
        y = np.sin(np.pi * x) + 0.2 * rng.standard_normal(20)
        low, middle, high = (
            np.mean((Polynomial.fit(x, y, d, domain=(-1, 1))(grid) - np.sin(np.pi * grid)) ** 2)
            for d in (1, 4, 15)
        )
        effects.append(np.log10((min(low, high) + 0.2**2) / (middle + 0.2**2)))
    return effects


CLAIMS = [
    Claim(
        number="06.1",
        says="A model with a lower loss and a higher training accuracy can have a worse test "
        "accuracy than another.",
        source="Hansen & Cmehil-Warn 2022",
        settings="SGD (momentum 0.9, lr 0.05) against AdamW (lr 0.001, weight decay 1); "
        + settings()
        + "; without: all labels clean",
        effect="points of test accuracy by which the model with the lower training loss is worse",
        seeds=SEEDS,
        measure=worse_with_lower_loss(NOISE),
        varied=(
            Variation("without the condition", worse_with_lower_loss(CLEAN), "labels are noisy"),
        ),
    ),
    Claim(
        number="06.2",
        says="Loss cannot be compared between models that were trained with different optimizers.",
        source="Hansen & Cmehil-Warn 2022",
        settings="the pair of 06.1, compared by cross-entropy on the test digits",
        effect="test loss of the more accurate model minus that of the other, in nats",
        seeds=SEEDS,
        measure=test_loss_misleads,
    ),
    Claim(
        number="06.3",
        says="Models that are too simple under-fit and models that are too flexible over-fit: the "
        "error on new points is U-shaped in capacity.",
        source="Hansen & Cmehil-Warn 2022; textbooks",
        settings="polynomials of degree 1, 4 and 15 through 20 points of a wave, noise σ = 0.2",
        effect="log₁₀ of the error on new points, lower of both ends over the middle",
        seeds=SEEDS,
        measure=rise_of_both_ends,
    ),
    Claim(
        number="06.4",
        says="Because networks are heavily over-parameterized, over-fitting is a serious concern.",
        source="Hansen & Cmehil-Warn 2022",
        settings="SGD, 256 against 16 hidden units (64 and 4 parameters a digit); "
        + settings(width="16 and 256"),
        effect="points of test error by which the wider network is worse",
        seeds=SEEDS,
        measure=wide_is_worse,
    ),
    Claim(
        number="06.5",
        says="Networks learn patterns first and noisy labels later, so long training over-fits.",
        source="Arpit et al. 2017",
        settings="SGD, epoch 100 against epoch 10; " + settings() + "; without: all labels clean",
        effect="points of test error by which epoch 100 is worse",
        seeds=SEEDS,
        measure=late_is_worse(NOISE),
        varied=(Variation("without the condition", late_is_worse(CLEAN), "labels are noisy"),),
    ),
]
