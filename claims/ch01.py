"""Chapter 01: what losses measure, and which values may be compared."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from lossviz_helpers import (
    Objective,
    accuracy,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    hinge,
    kl_divergence,
    squared_error,
)
from lossviz_helpers.course.scenarios import READING

from .ledger import Claim

TRAIN, TEST = digits()
SIGNS = 2 * torch.eye(10) - 1
SETTINGS = "digits, 64-64-10 ReLU, Adam lr 0.01, 100 steps; measured on 797 new digits"
POST_1, POST_2 = "Kirven 2019", "Hansen & Cmehil-Warn 2022"


def digit_hinge(outputs: Tensor, targets: Tensor) -> Tensor:
    return hinge(outputs, SIGNS[targets])


@cache
def outputs(loss, seeds: tuple[int, ...]) -> Tensor:
    """Logits for new digits, shape `(S, 797, 10)`, of networks trained on a loss."""
    L = Objective(digit_classifier(), TRAIN, loss)
    ends = descend(
        L, L.initial_points(seeds), steps=READING.steps, lr=READING.lr, every=READING.steps
    ).end
    return L.predict(ends, TEST.x)


def disagreement_of_losses(seeds: Sequence[int]) -> list[float]:
    """The smaller of two relative margins: how far each net wins on the loss it was trained on."""
    by_ce, by_hinge = outputs(cross_entropy, tuple(seeds)), outputs(digit_hinge, tuple(seeds))
    pairs = list(zip(by_ce, by_hinge, strict=True))
    ce = [cross_entropy(b, TEST.y) / cross_entropy(a, TEST.y) - 1 for a, b in pairs]
    margin = [digit_hinge(a, TEST.y) / digit_hinge(b, TEST.y) - 1 for a, b in pairs]
    return [min(c, m).item() for c, m in zip(ce, margin, strict=True)]


def kl_minus_ce(smoothing: float, seeds: Sequence[int]) -> list[float]:
    """1 where KL divergence and cross-entropy put two models in the same order, else −1."""
    targets = (1 - smoothing) * torch.eye(10)[TEST.y] + smoothing / 10
    found = []
    for a, b in zip(
        outputs(cross_entropy, tuple(seeds)), outputs(digit_hinge, tuple(seeds)), strict=True
    ):
        ce = [-(targets * z.log_softmax(dim=1)).sum(dim=1).mean() for z in (a, b)]
        kl = [kl_divergence(z, targets) for z in (a, b)]
        found.append(1.0 if (ce[0] - ce[1]) * (kl[0] - kl[1]) > 0 else -1.0)
    return found


def tempered(T: float, seeds: Sequence[int]) -> list[float]:
    """Rise of the cross-entropy at temperature T; −1 if a decision changed."""
    found = []
    for z in outputs(cross_entropy, tuple(seeds)):
        same = accuracy(z, TEST.y) == accuracy(z / T, TEST.y)
        rise = cross_entropy(z / T, TEST.y) - cross_entropy(z, TEST.y)
        found.append(rise.item() if same else -1.0)
    return found


def pairs_apart(seeds: Sequence[int]) -> list[float]:
    """Two predictions, both right: loss of the less confident one minus that of the other."""
    found = []
    for seed in seeds:
        chance = 0.5 + 0.5 * torch.rand(2, generator=torch.Generator().manual_seed(seed))
        less, more = chance.sort().values[:, None]
        yes = torch.ones(1)
        assert accuracy(less, yes) == accuracy(more, yes) == 1
        found.append((squared_error(less, yes) - squared_error(more, yes)).item())
    return found


def best_temperature(seeds: Sequence[int]) -> list[float]:
    grid = torch.linspace(0.5, 3, 101)
    return [
        (grid[torch.stack([cross_entropy(z / T, TEST.y) for T in grid]).argmin()] - 1).item()
        for z in outputs(cross_entropy, tuple(seeds))
    ]


CLAIMS = [
    Claim(
        "01.1",
        "Accuracy can't tell two right predictions apart; the loss prefers the more confident one.",
        POST_1,
        "target 1, two predictions drawn from 0.5 to 1, squared error",
        "loss of the less confident one minus that of the more confident one",
        range(10),
        pairs_apart,
    ),
    Claim(
        "01.2",
        "The values of cross-entropy and of KL divergence can't be compared.",
        POST_2,
        f"{SETTINGS}; targets smoothed by 0.1; two nets a seed, trained on cross-entropy and hinge",
        "−1 if both losses put the two nets in the same order, else +1",
        range(10),
        lambda seeds: [-e for e in kl_minus_ce(0.1, seeds)],
    ),
    Claim(
        "01.3",
        "Values of different kinds of losses can't be compared: they may name different winners.",
        POST_2,
        f"{SETTINGS}; two nets a seed, trained on cross-entropy and hinge",
        "each wins by its own loss: the smaller of the two margins, relative",
        range(10),
        disagreement_of_losses,
    ),
    Claim(
        "01.4",
        "Temperature changes how confident a network is, but none of its decisions.",
        "Guo et al. 2017",
        f"{SETTINGS}; temperature 5",
        "rise of the cross-entropy, nats (negative if a decision changed)",
        range(10),
        lambda seeds: tempered(5.0, seeds),
    ),
    Claim(
        "01.5",
        "Trained networks are overconfident.",
        "Guo et al. 2017",
        SETTINGS,
        "best temperature minus 1",
        range(10),
        best_temperature,
    ),
]
