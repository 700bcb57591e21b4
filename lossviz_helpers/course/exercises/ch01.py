"""The exercises of chapter 01, loss functions, and their checks."""

import math

import torch

from ...losses import binary_cross_entropy, squared_error
from .exercise import _close, _exercise, _hint


@_exercise("01.1")
def _surprise_of_a_guess(nats, bits) -> str:
    right, in_bits = math.log(50_000), math.log2(50_000)
    _hint(
        _close(nats, in_bits) and _close(bits, right),
        "The two are swapped: a bit is smaller than a nat, so there are more bits.",
    )
    _hint(
        _close(nats, math.log10(50_000)),
        "That is the logarithm to base 10. Nats take the natural logarithm: math.log(…).",
    )
    _hint(_close(nats, 1 / 50_000), "That is the probability. Surprise is −ln of it.")
    _hint(_close(nats, -right), "The size is right, the sign is not: surprise is −ln of 1/50000.")
    _hint(not _close(nats, right), "What is −ln of the probability that a guess gives each word?")
    _hint(
        _close(bits, right * math.log(2)),
        "Nats become bits by dividing by ln 2, not by multiplying.",
    )
    _hint(not _close(bits, in_bits), "The nats are right. One bit is ln 2 nats: how many fit in?")
    return "A guess among K classes has a surprise of ln K nats."


@_exercise("01.2")
def _losses_that_disagree(A, B) -> str:
    A, B = (torch.as_tensor(v, dtype=torch.float64).flatten() for v in (A, B))
    _hint(
        len(A) != len(B),
        f"A and B predict the same examples, so they need equally many numbers; got {len(A)} and "
        f"{len(B)}.",
    )
    _hint(
        len(A) == 1,
        "With one example both losses prefer the prediction that is closer to 1. Take several.",
    )
    both = torch.cat([A, B])
    _hint(
        bool((both < 0).any() or (both > 1).any()),
        "A prediction is a probability here: a number from 0 to 1.",
    )
    # negative: the loss prefers A
    squared, cross = (
        (loss(A, torch.ones_like(A)) - loss(B, torch.ones_like(B))).item()
        for loss in (squared_error, binary_cross_entropy)
    )
    _hint(
        squared > 0 and cross < 0,
        "They disagree, but the other way round: squared error should prefer A.",
    )
    _hint(
        squared < 0 and cross <= 0,
        "Both losses prefer A. For which mistake does cross-entropy charge without limit, while "
        "squared error never charges more than 1?",
    )
    _hint(
        squared > 0 and cross > 0,
        "Both losses prefer B. Let A be better on most examples.",
    )
    _hint(not (squared < 0 < cross), "At least one of the losses finds A and B equally good.")
    return "Same predictions, two losses, two winners: each has its own price for a large mistake."


@_exercise("01.3")
def _mean_of_batches(mean_loss) -> str:
    sizes, losses = (300, 300, 300, 100), (0.20, 0.30, 0.25, 0.90)
    total = sum(n * loss for n, loss in zip(sizes, losses, strict=True))
    _hint(
        _close(mean_loss, sum(losses) / 4),
        "That is the plain mean of the four: it gives 100 examples as much say as 300.",
    )
    _hint(_close(mean_loss, sum(losses)), "That is the sum of the four means.")
    _hint(_close(mean_loss, total), "That is the sum over all examples. How many are there?")
    _hint(_close(mean_loss, total / 1200), "The last batch has 100 examples, so N is not 1200.")
    _hint(
        not _close(mean_loss, total / 1000),
        "Each batch's sum is its mean times its size. Add the sums and divide by N.",
    )
    return "Every example has the same say, whichever batch it was in."
