"""Chapter 10: barriers between trained networks, and ways around them."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor

from lossviz_helpers import (
    Bezier,
    Objective,
    Slice,
    bend,
    cross_entropy,
    deep_net,
    descend,
    digit_classifier,
    digits,
    match_weights,
    scan,
)
from lossviz_helpers.course.scenarios import APART, APART_DEEP, BEND, BEND_WINDOW

from .ledger import Claim, Variation, save_data

TRAIN, TEST = digits()
WIDE = Objective(digit_classifier(), TRAIN, cross_entropy)
DEEP = Objective(deep_net(4, skip=False), TRAIN, cross_entropy)
T = torch.linspace(0, 1, 41)
SGD = {
    "lr": APART.lr,
    "optimizer": torch.optim.SGD,
    "momentum": APART.momentum,
    "batch_size": APART.batch_size,
}
ADAM = {"lr": APART_DEEP.lr, "batch_size": APART_DEEP.batch_size}
OPTIONS = {WIDE: (APART.steps, SGD), DEEP: (APART_DEEP.steps, ADAM)}

WIDE_SETTINGS = "digits, 64-64-10 ReLU, SGD momentum, 300 steps, batches of 32; starts s and s + 10"
DEEP_SETTINGS = "digits, 4 tanh layers of 16 units without skips, Adam, 400 steps, batches of 32"


def barrier(L: Objective, paths: Tensor) -> Tensor:
    """How far the loss on paths `(S, 41, P)` rises above the line between their ends."""
    losses = L(paths)
    return (losses - torch.lerp(losses[:, :1], losses[:, -1:], T)).amax(dim=-1)


def line(A: Tensor, B: Tensor) -> Tensor:
    return torch.lerp(A[:, None], B[:, None], T[:, None])


@cache
def trained(L: Objective, seeds: tuple[int, ...], order: int = 0, together: int = 0) -> Tensor:
    """Ends of training from the starts of these seeds; `order` is that of the batches."""
    steps, options = OPTIONS[L]
    start = L.initial_points(seeds)
    if together:
        start = descend(L, start, together, every=together, seed=0, **options).end
    return descend(L, start, steps, every=steps, seed=order, **options).end


def pair(L: Objective, seeds: Sequence[int]) -> tuple[Tensor, Tensor]:
    return trained(L, tuple(seeds)), trained(L, tuple(s + 10 for s in seeds))


def matched(L: Objective, seeds: Sequence[int]) -> Tensor:
    pairs = zip(*pair(L, seeds), strict=True)
    return torch.stack([match_weights(L, a, b) for a, b in pairs])


@cache
def curves(seeds: tuple[int, ...]) -> Tensor:
    pairs = zip(*pair(WIDE, seeds), strict=True)
    bent = [bend(WIDE, a, b, **BEND) for a, b in pairs]
    return torch.stack([curve.point(T) for curve in bent])


def write_data() -> None:
    """What the explorer of chapter 10 loads: a plane through A, B and C, and losses on curves."""
    (A,), (B,) = pair(WIDE, (0,))
    C = bend(WIDE, A, B, **BEND).C
    plane = Slice.through(A, B, C)
    land = scan(WIDE, plane, 51, BEND_WINDOW, progress=False)
    bends = np.linspace(0, 1.5, 31)
    bent = [Bezier(A, torch.lerp((A + B) / 2, C, share), B).point(T) for share in bends]
    save_data(
        "10_bend",
        bends=bends,
        t=T,
        losses=WIDE(torch.stack(bent)),
        across=land.axes[0],
        up=land.axes[1],
        plane=land.loss,
        points=[plane.coordinates(point) for point in (A, B, C)],
    )


def worst_accuracy(paths: Tensor) -> Tensor:
    right = WIDE.predict(paths, TEST.x).argmax(dim=-1) == TEST.y
    return right.double().mean(dim=-1).amin(dim=-1)


def on_the_line(L: Objective, seeds: Sequence[int]) -> Tensor:
    return barrier(L, line(*pair(L, seeds)))


def what_matching_leaves(L: Objective, seeds: Sequence[int]) -> Tensor:
    """A tenth of the barrier minus what is left of it after matching."""
    left = barrier(L, line(trained(L, tuple(seeds)), matched(L, seeds)))
    return on_the_line(L, seeds) / 10 - left


def two_orders(L: Objective, seeds: Sequence[int], together: int = 0) -> Tensor:
    ends = [trained(L, tuple(seeds), order, together) for order in (1, 2)]
    return barrier(L, line(*ends))


CLAIMS = [
    Claim(
        "10.1",
        "Two networks trained from different starts have a barrier between them.",
        "Garipov et al. 2018; Frankle et al. 2020",
        WIDE_SETTINGS,
        "barrier minus ten times the higher loss of the ends, nats",
        range(10),
        lambda seeds: (
            on_the_line(WIDE, seeds)
            - 10 * torch.maximum(*(WIDE(ends) for ends in pair(WIDE, seeds)))
        ),
    ),
    Claim(
        "10.2",
        "Matching the units lowers the barrier.",
        "Ainsworth et al. 2023",
        WIDE_SETTINGS,
        "barrier before minus after, nats",
        range(10),
        lambda seeds: (
            on_the_line(WIDE, seeds)
            - barrier(WIDE, line(trained(WIDE, tuple(seeds)), matched(WIDE, seeds)))
        ),
    ),
    Claim(
        "10.3",
        "Up to the order of units, (nearly) no barrier is left.",
        "conjecture of Entezari et al. 2022",
        f"{WIDE_SETTINGS}; without the condition: {DEEP_SETTINGS}",
        "a tenth of the barrier minus what matching leaves, nats",
        range(10),
        lambda seeds: what_matching_leaves(WIDE, seeds),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: what_matching_leaves(DEEP, seeds),
                "the network is wide and shallow",
            ),
        ),
    ),
    Claim(
        "10.4",
        "A curve with one trained point avoids the barrier.",
        "Garipov et al. 2018",
        f"{WIDE_SETTINGS}; quadratic Bézier, 30 steps",
        "2% of the line's barrier minus the curve's, nats",
        range(10),
        lambda seeds: 0.02 * on_the_line(WIDE, seeds) - barrier(WIDE, curves(tuple(seeds))),
    ),
    Claim(
        "10.5",
        "The models along the curve do well on new data.",
        "Garipov et al. 2018",
        f"{WIDE_SETTINGS}; quadratic Bézier, 30 steps",
        "worst test accuracy on the curve minus the worse end's less one, percentage points",
        range(10),
        lambda seeds: (
            1
            + 100
            * (
                worst_accuracy(curves(tuple(seeds)))
                - worst_accuracy(torch.stack(pair(WIDE, seeds), 1))
            )
        ),
    ),
    Claim(
        "10.6",
        "Small networks are linearly connected from the start, whatever the order of the batches.",
        "Frankle et al. 2020",
        f"{WIDE_SETTINGS}; orders 1 and 2; without the condition: {DEEP_SETTINGS}",
        "2% of the barrier between two starts minus that between two orders, nats",
        range(10),
        lambda seeds: 0.02 * on_the_line(WIDE, seeds) - two_orders(WIDE, seeds),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: 0.02 * on_the_line(DEEP, seeds) - two_orders(DEEP, seeds),
                "the network is wide and shallow",
            ),
        ),
    ),
    Claim(
        "10.7",
        "Others become linearly connected after some steps of training together.",
        "Frankle et al. 2020",
        f"{DEEP_SETTINGS}; orders 1 and 2 from the start, or after 50 common steps",
        "barrier without minus with common steps, nats",
        range(10),
        lambda seeds: two_orders(DEEP, seeds) - two_orders(DEEP, seeds, together=50),
    ),
]
