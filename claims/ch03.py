"""Chapter 03: what lies on the straight line between two models."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import numpy as np
import torch
from torch import Tensor, nn

from lossviz_helpers import (
    Objective,
    Slice,
    Trajectory,
    binary_cross_entropy,
    cross_entropy,
    descend,
    digits,
    match_weights,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import BARRIER, READING, WALK

from .ledger import Claim, Variation

SEEDS = range(10)
SMALL = "Model 3 (3 tanh units, σ output), *XOR*, squared error, Adam lr 0.02, 1000 steps"
LARGE = "digits, 64-64-10 ReLU, cross-entropy, Adam lr 0.01, 100 steps"
DRAWN = "each seed has its own examples and ten starts"


@dataclass(frozen=True)
class Net:
    """A net with one hidden layer, what it learns, and how; a variation changes one of these."""

    data: str
    width: int
    activation: type[nn.Module]
    loss: str
    steps: int
    lr: float

    def landscape(self, seed: int) -> Objective:
        """The landscape on the examples of this seed."""
        inputs, outputs = (2, 1) if self.data == "xor" else (64, 10)
        parts = [nn.Linear(inputs, self.width), self.activation(), nn.Linear(self.width, outputs)]
        if self.data == "xor":
            net = nn.Sequential(*parts, nn.Sigmoid(), nn.Flatten(0)).double()
            loss = squared_error if self.loss == "squared error" else binary_cross_entropy
            return Objective(net, xor(seed=seed), loss)
        data, _ = digits(seed=seed)
        net = nn.Sequential(*parts)
        if self.loss == "cross-entropy":
            return Objective(net, data, cross_entropy)
        one_hot = nn.functional.one_hot(data.y, 10).float()
        return Objective(net, (data.x, one_hot), nn.MSELoss())


ON_XOR = Net("xor", 3, nn.Tanh, "squared error", WALK.steps, WALK.lr)
ON_DIGITS = Net("digits", 64, nn.ReLU, "cross-entropy", READING.steps, READING.lr)


@cache
def trained(net: Net, seed: int) -> tuple[Objective, Trajectory]:
    """Ten nets of this kind, from starts that no other seed uses."""
    L = net.landscape(seed)
    start = L.initial_points(range(1000 * seed, 1000 * seed + 10))
    return L, descend(L, start, net.steps, net.lr, every=max(1, net.steps // 100))


# -- from start to end -----------------------------------------------------------------------------


def climb(losses: np.ndarray) -> float:
    """The largest rise above any earlier value, as a fraction of the first value."""
    return float((losses - np.minimum.accumulate(losses)).max() / losses[0])


def largest_climb(net: Net, seeds: Sequence[int]) -> list[float]:
    """The largest climb on the lines from start to end, for each seed."""
    found = []
    for seed in seeds:
        L, runs = trained(net, seed)
        lines = [Slice.between(run.start, run.end) for run in runs]
        found.append(max(climb(scan(L, line, 101, ((0, 1),)).loss) for line in lines))
    return found


def leaves_the_line(net: Net, seeds: Sequence[int]) -> list[float]:
    """How far a walk strays from its line, in line lengths; the median of ten walks."""
    found = []
    for seed in seeds:
        _, runs = trained(net, seed)
        lines = [Slice.between(run.start, run.end) for run in runs]
        away = [
            (line.distance(run.points).max() / (run.end - run.start).norm()).item()
            for line, run in zip(lines, runs, strict=True)
        ]
        found.append(float(np.median(away)))
    return found


# -- between two networks --------------------------------------------------------------------------


def barrier(L: Objective, A: Tensor, B: Tensor) -> float:
    return scan(L, Slice.between(A, B), resolution=101, extent=((0, 1),)).barrier()


def same_signs(L: Objective, A: Tensor, B: Tensor) -> Tensor:
    """The twin of B whose output weights have the signs of A's."""
    w1, b1, w2, b2 = L.parameters_at(B).values()
    signs = torch.sign(list(L.parameters_at(A).values())[2] * w2)
    return torch.cat([(w1 * signs.T).flatten(), b1 * signs[0], (w2 * signs)[0], b2])


def pairs(net: Net, seed: int) -> tuple[Objective, list[tuple[Tensor, Tensor]]]:
    """The six pairs of the first four nets."""
    L, runs = trained(net, seed)
    return L, [(runs.end[i], runs.end[j]) for i, j in combinations(range(4), 2)]


def mean_barrier(net: Net, seeds: Sequence[int]) -> list[float]:
    found = []
    for seed in seeds:
        L, six = pairs(net, seed)
        found.append(float(np.mean([barrier(L, A, B) for A, B in six])))
    return found


def share_left(
    net: Net, seeds: Sequence[int], twin: Callable[..., Tensor] = match_weights
) -> list[float]:
    """Fraction of the barriers of six pairs that is left if B is replaced by one of its twins."""
    found = []
    for seed in seeds:
        L, six = pairs(net, seed)
        left = sum(barrier(L, A, twin(L, A, B)) for A, B in six)
        found.append(left / sum(barrier(L, A, B) for A, B in six))
    return found


def between_twins(net: Net, seeds: Sequence[int]) -> list[float]:
    """Mean barrier between four nets and their copies with the first two units swapped."""
    order = [1, 0, *range(2, net.width)]
    found = []
    for seed in seeds:
        L, runs = trained(net, seed)
        heights = []
        for end in runs.end[:4]:
            w1, b1, w2, b2 = L.parameters_at(end).values()
            twin = torch.cat([w1[order].flatten(), b1[order], w2[:, order].flatten(), b2])
            heights.append(barrier(L, end, twin))
        found.append(float(np.mean(heights)))
    return found


CLAIMS = [
    Claim(
        "03.1",
        "From the start to the end of training the loss falls along the straight line.",
        "Goodfellow et al. 2015, section 3, for large networks; Lucas et al. 2021, abstract: not "
        "always",
        f"{LARGE}; {DRAWN}",
        "largest climb on ten lines, as a fraction of the loss at the start",
        range(14),
        lambda seeds: largest_climb(ON_DIGITS, seeds),
        below=0.01,
        varied=(
            Variation(
                "3 hidden units instead of 64",
                lambda seeds: largest_climb(replace(ON_DIGITS, width=3), seeds),
                "the network has more than 3 hidden units",
            ),
            Variation(
                "tanh instead of ReLU",
                lambda seeds: largest_climb(replace(ON_DIGITS, activation=nn.Tanh), seeds),
                "the units are ReLU",
            ),
            Variation(
                "squared error instead of cross-entropy",
                lambda seeds: largest_climb(replace(ON_DIGITS, loss="squared error"), seeds),
                "the loss is cross-entropy",
            ),
            Variation(
                "learning rate 0.03 instead of 0.01",
                lambda seeds: largest_climb(replace(ON_DIGITS, lr=0.03), seeds),
                "the learning rate is small",
            ),
            Variation(
                "300 steps instead of 100",
                lambda seeds: largest_climb(replace(ON_DIGITS, steps=300), seeds),
                "training is short",
            ),
            Variation(
                "XOR instead of digits (2 inputs, 1 output)",
                lambda seeds: largest_climb(replace(ON_DIGITS, data="xor"), seeds),
                "the data are digits",
            ),
        ),
        cell="c03-38",
    ),
    Claim(
        "03.2",
        "There is a barrier between independently trained networks.",
        "Garipov et al. 2018, section 1",
        f"{SMALL}; {DRAWN}",
        "mean barrier over the six pairs of four nets",
        SEEDS,
        lambda seeds: mean_barrier(ON_XOR, seeds),
        above=BARRIER,
        varied=(
            Variation(
                "8 hidden units instead of 3",
                lambda seeds: mean_barrier(replace(ON_XOR, width=8), seeds),
                "the network is narrow",
            ),
            Variation(
                "cross-entropy instead of squared error",
                lambda seeds: mean_barrier(replace(ON_XOR, loss="cross-entropy"), seeds),
                "the loss is squared error",
            ),
        ),
        cell="c03-29",
    ),
    Claim(
        "03.3",
        "There is a barrier even between a network and its copy with the units reordered.",
        "Entezari et al. 2022, section 3",
        f"{SMALL}; {DRAWN}; units 1 and 2 swapped",
        "mean barrier between four nets and their copies",
        SEEDS,
        lambda seeds: between_twins(ON_XOR, seeds),
        above=BARRIER,
        varied=(
            Variation(
                "8 hidden units instead of 3",
                lambda seeds: between_twins(replace(ON_XOR, width=8), seeds),
                "two of three units are swapped, not two of eight",
            ),
            Variation(
                "cross-entropy instead of squared error",
                lambda seeds: between_twins(replace(ON_XOR, loss="cross-entropy"), seeds),
                "the loss is squared error",
            ),
        ),
        cell="c03-33",
    ),
    Claim(
        "03.4",
        "Training stays near the straight line from its start to its end.",
        "ours: what a line on which the loss falls is often taken to mean",
        f"{LARGE}; {DRAWN}",
        "how far a walk strays from its line, in line lengths, median of ten",
        SEEDS,
        lambda seeds: leaves_the_line(ON_DIGITS, seeds),
        below=0.1,
        varied=(
            Variation(
                "learning rate 0.001 instead of 0.01",
                lambda seeds: leaves_the_line(replace(ON_DIGITS, lr=0.001), seeds),
                "the learning rate is larger",
            ),
            Variation(
                "XOR instead of digits (2 inputs, 1 output)",
                lambda seeds: leaves_the_line(replace(ON_DIGITS, data="xor"), seeds),
                "the data are digits",
            ),
        ),
        cell="c03-43",
    ),
    Claim(
        "03.5",
        "For a small network on *XOR*, too, the loss falls along the straight line.",
        "ours: 03.1 on a second task",
        f"{SMALL}; {DRAWN}",
        "largest climb on ten lines, as a fraction of the loss at the start",
        SEEDS,
        lambda seeds: largest_climb(ON_XOR, seeds),
        below=0.01,
        varied=(
            Variation(
                "digits instead of XOR (64 inputs, 10 linear outputs instead of one with σ)",
                lambda seeds: largest_climb(replace(ON_XOR, data="digits"), seeds),
                "the data are *XOR* and the output has a σ",
            ),
            Variation(
                "cross-entropy instead of squared error",
                lambda seeds: largest_climb(replace(ON_XOR, loss="cross-entropy"), seeds),
                "the loss is squared error",
            ),
            Variation(
                "100 steps instead of 1000",
                lambda seeds: largest_climb(replace(ON_XOR, steps=100), seeds),
                "training is long",
            ),
        ),
        cell="c03-38",
    ),
    Claim(
        "03.6",
        "Mixtures fail mostly because output weights cross zero on the way: if none do, at most "
        "half of the barrier is left.",
        "ours",
        f"{SMALL}; {DRAWN}; the signs of B's units chosen so that no output weight crosses zero",
        "fraction of the barriers that is left, over the six pairs of four nets",
        SEEDS,
        lambda seeds: share_left(ON_XOR, seeds, same_signs),
        below=0.5,
        varied=(
            Variation(
                "8 hidden units instead of 3",
                lambda seeds: share_left(replace(ON_XOR, width=8), seeds, same_signs),
                "the network is narrow",
            ),
        ),
        cell="c03-60",
    ),
    Claim(
        "03.7",
        "Mixtures fail because units with the same index don't correspond: with B's units in the "
        "order, and with the signs, that bring it closest to A, at most half of the "
        "barrier is left.",
        "Entezari et al. 2022, section 3, and Ainsworth et al. 2023, section 2, for the order",
        f"{SMALL}; {DRAWN}; B's units matched to A's in order and sign",
        "fraction of the barriers that is left, over the six pairs of four nets",
        SEEDS,
        lambda seeds: share_left(ON_XOR, seeds),
        below=0.5,
        varied=(
            Variation(
                "8 hidden units instead of 3",
                lambda seeds: share_left(replace(ON_XOR, width=8), seeds),
                "the network is narrow",
            ),
            Variation(
                "cross-entropy instead of squared error",
                lambda seeds: share_left(replace(ON_XOR, loss="cross-entropy"), seeds),
                "the loss is squared error",
            ),
        ),
        cell="c03-60",
    ),
]
