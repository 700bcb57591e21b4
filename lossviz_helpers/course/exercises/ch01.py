"""The exercises of chapter 01, loss functions, and their checks."""

import math

import torch

from ...losses import binary_cross_entropy, squared_error
from .exercise import (
    Answers,
    Point,
    around,
    as_point,
    between,
    close,
    exercise,
    hint,
    right,
    wrong,
)


@exercise("01.1")
def surprise_of_a_guess(nats: float, bits: float) -> str:
    right, in_bits = math.log(50_000), math.log2(50_000)
    hint(
        close(nats, in_bits) and close(bits, right),
        "The two are swapped: a bit is smaller than a nat, so there are more bits.",
    )
    hint(
        close(nats, math.log10(50_000)),
        "That is the logarithm to base 10. Nats take the natural logarithm: math.log(…).",
    )
    hint(close(nats, 1 / 50_000), "That is the probability. Surprise is −ln of it.")
    hint(close(nats, -right), "The size is right, but the sign isn't: surprise is −ln of 1/50000.")
    hint(not close(nats, right), "What is −ln of the probability that a guess gives each word?")
    hint(
        close(bits, right * math.log(2)),
        "Nats become bits by dividing by ln 2, not by multiplying.",
    )
    hint(
        not close(bits, in_bits),
        "The nats are right. One bit is ln 2 nats: how many bits is that?",
    )
    return "A guess among K classes has a surprise of ln K nats."


@surprise_of_a_guess.evidence
def _() -> Answers:
    nats, bits = math.log(50_000), math.log2(50_000)
    yield from around(nats, 1e-3 * nats, lambda x: (x, bits))
    yield from around(bits, 1e-3 * bits, lambda x: (nats, x))
    yield wrong(bits, nats, hint="swapped")
    yield wrong(math.log10(50_000), bits, hint="base 10")
    yield wrong(1 / 50_000, 1 / 50_000, hint="That is the probability")
    yield wrong(-nats, -bits, hint="the sign isn't")
    yield wrong(50_000, 16, hint="−ln of the probability")
    yield wrong(nats, nats * math.log(2), hint="dividing by ln 2")
    yield wrong(nats, nats, hint="The nats are right")


@exercise("01.2")
def losses_that_disagree(A: Point, B: Point) -> str:
    A, B = as_point(A), as_point(B)
    hint(
        len(A) != len(B),
        f"A and B predict the same examples, so their lengths must match; got {len(A)} and "
        f"{len(B)}.",
    )
    hint(
        len(A) == 1,
        "With one example both losses prefer the prediction that is closer to 1. Take several.",
    )
    both = torch.cat([A, B])
    hint(
        bool((both < 0).any() or (both > 1).any()),
        "A prediction is a probability here: a number from 0 to 1.",
    )
    # negative: the loss prefers A
    squared, cross = (
        (loss(A, torch.ones_like(A)) - loss(B, torch.ones_like(B))).item()
        for loss in (squared_error, binary_cross_entropy)
    )
    hint(
        squared > 0 and cross < 0,
        "They disagree, but the other way round: squared error should prefer A.",
    )
    hint(
        squared < 0 and cross <= 0,
        "Both losses prefer A. For which mistake does cross-entropy grow without limit, while "
        "squared error never exceeds 1?",
    )
    hint(
        squared > 0 and cross > 0,
        "Both losses prefer B. Let A be better on most examples.",
    )
    hint(not (squared < 0 < cross), "At least one of the losses finds A and B equally good.")
    return "The two losses disagree because they put different prices on a large mistake."


@losses_that_disagree.evidence
def _() -> Answers:
    # A predicts 1 and p for the two examples, B predicts 0.4 for both: squared error prefers A from
    # (1 − p)² = 2 · 0.6² on, cross-entropy prefers B up to p = 0.4²
    low, high = 1 - math.sqrt(2) * 0.6, 0.4**2
    yield from between(low, high, lambda p: ([1.0, p], [0.4, 0.4]))
    yield right([0.99, 0.99, 0.99, 0.99, 0.0001], [0.5] * 5)
    yield wrong([0.9, 0.8], [0.7], hint="got 2 and 1")
    yield wrong([0.9], [0.7], hint="Take several")
    yield wrong([1.5, 0.9], [0.7, 0.7], hint="from 0 to 1")
    yield wrong([0.5] * 5, [0.99, 0.99, 0.99, 0.99, 0.0001], hint="other way round")
    yield wrong([0.9, 0.9], [0.6, 0.6], hint="Both losses prefer A")
    yield wrong([0.6, 0.6], [0.9, 0.9], hint="Both losses prefer B")
    yield wrong([0.6, 0.6], [0.6, 0.6], hint="equally good")
    yield wrong("high", "low", hint="could not use this answer")


@exercise("01.3")
def mean_of_batches(mean_loss: float) -> str:
    sizes, losses = (300, 300, 300, 100), (0.20, 0.30, 0.25, 0.90)
    total = sum(n * loss for n, loss in zip(sizes, losses, strict=True))
    hint(
        close(mean_loss, sum(losses) / 4),
        "That is the plain mean of the four: it gives 100 examples as much weight as 300.",
    )
    hint(close(mean_loss, sum(losses)), "That is the sum of the four means.")
    hint(close(mean_loss, total), "That is the sum over all examples. How many are there?")
    hint(close(mean_loss, total / 1200), "The last batch has 100 examples, so N is not 1200.")
    hint(
        not close(mean_loss, total / 1000),
        "Each batch's sum is its mean times its size. Add the sums and divide by N.",
    )
    return "Every example has the same weight, whichever batch it was in."


@mean_of_batches.evidence
def _() -> Answers:
    yield from around((300 * (0.20 + 0.30 + 0.25) + 100 * 0.90) / 1000, 1e-3)
    yield wrong((0.20 + 0.30 + 0.25 + 0.90) / 4, hint="plain mean")
    yield wrong(0.20 + 0.30 + 0.25 + 0.90, hint="sum of the four means")
    yield wrong(315, hint="How many are there")
    yield wrong(315 / 1200, hint="N is not 1200")
    yield wrong(0.25, hint="mean times its size")
