"""Chapter 01: what a loss sees that accuracy doesn't, and which losses correct bad mistakes."""

from collections.abc import Callable, Sequence
from functools import cache, partial

import torch
from torch import Tensor

from lossviz_helpers import (
    Dataset,
    Objective,
    accuracy,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    squared_error,
)
from lossviz_helpers.course.scenarios import READING

from .ledger import Claim, Variation

TEXTBOOK = "Goodfellow, Bengio & Courville 2016, section 6.2.2.3"
Loss = Callable[[Tensor, Tensor], Tensor]


def pairs_apart(seeds: Sequence[int]) -> list[float]:
    """Two predictions, both correct: loss of the more confident one minus that of the other."""
    found = []
    for seed in seeds:
        chance = 0.5 + 0.5 * torch.rand(2, generator=torch.Generator().manual_seed(seed))
        less, more = chance.sort().values[:, None]
        yes = torch.ones(1)
        assert accuracy(less, yes) == accuracy(more, yes) == 1
        found.append((squared_error(more, yes) - squared_error(less, yes)).item())
    return found


# -- a classifier that is confidently wrong --------------------------------------------------------


def squared_error_of_probabilities(logits: Tensor, y: Tensor) -> Tensor:
    return ((logits.softmax(dim=-1) - torch.eye(10)[y]) ** 2).sum(dim=-1).mean()


@cache
def start(seed: int, misled: bool) -> Tensor:
    """A random start, or a net that has learnt to classify every digit as the next one."""
    train, _ = digits(seed=seed)
    L = Objective(digit_classifier(), Dataset(train.x, (train.y + 1) % 10), cross_entropy)
    theta = L.initial_points([seed])[0]
    return (
        descend(L, theta, READING.steps, READING.lr, every=READING.steps).end if misled else theta
    )


def relearnt(seed: int, loss: Loss, lr: float, misled: bool) -> float:
    """Accuracy on new digits after 100 steps on the true labels, in percent."""
    train, test = digits(seed=seed)
    L = Objective(digit_classifier(), train, loss)
    end = descend(L, start(seed, misled), 100, lr, torch.optim.SGD, every=100).end
    return 100 * accuracy(L.predict(end, test.x), test.y)


def gain_of_cross_entropy(
    seeds: Sequence[int], lr: float = 0.1, misled: bool = True
) -> list[float]:
    return [
        relearnt(seed, cross_entropy, lr, misled)
        - relearnt(seed, squared_error_of_probabilities, lr, misled)
        for seed in seeds
    ]


CLAIMS = [
    Claim(
        "01.1",
        "Accuracy can't tell two correct predictions apart; the loss prefers the more confident "
        "one.",
        "Kirven 2019, “What is Loss?”",
        "target 1, two predictions drawn between 0.5 and 1, squared error",
        "loss of the more confident one minus that of the other",
        range(14),
        pairs_apart,
        below=0.0,
        proof="(1 − ŷ)² falls as ŷ rises from 0.5 to 1, while accuracy stays at 1",
        cell="c01-07",
    ),
    Claim(
        "01.2",
        "Squared error trains a confidently wrong classifier worse than cross-entropy does.",
        TEXTBOOK,
        "digits, 64-64-10 ReLU that has learnt to classify every digit as the next one; then 100 "
        "steps of gradient descent on the true labels, lr 0.1; squared error of the probabilities",
        "accuracy on new digits in percentage points, cross-entropy minus squared error",
        range(14),
        gain_of_cross_entropy,
        varied=(
            Variation(
                "a random start instead of a confidently wrong one",
                partial(gain_of_cross_entropy, misled=False),
                "the net starts confidently wrong",
            ),
            Variation(
                "learning rate 3 instead of 0.1",
                partial(gain_of_cross_entropy, lr=3.0),
                "the learning rate is small",
            ),
        ),
        cell="c01-75",
    ),
]
