"""Chapter 12: barriers between trained networks, and ways around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from lossviz_helpers import (
    Bezier,
    Objective,
    Slice,
    Trajectory,
    average,
    bend,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    disturbed,
    match_weights,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import (
    APART,
    APART_DEEP,
    AVERAGED,
    AVERAGED_RATES,
    BEND,
    BEND_WINDOW,
    PIXEL_NOISE,
    SET_ASIDE,
    WALK,
)

from .ledger import Claim, Measure, Variation, save_data

SEEDS = range(10)
T = torch.linspace(0, 1, 41)
PAIRS = 3


@dataclass(frozen=True)
class Net:
    """A net that classifies digits, and how it is trained; a variation changes one of these."""

    width: int
    layers: int
    activation: type[nn.Module]
    optimizer: str
    lr: float
    steps: int

    def module(self) -> nn.Module:
        sizes = [64, *[self.width] * self.layers]
        hidden = (part for a, b in pairwise(sizes) for part in (nn.Linear(a, b), self.activation()))
        return nn.Sequential(*hidden, nn.Linear(self.width, 10))

    def train(self, L: Objective, start: Tensor, steps: int, order: int) -> Tensor:
        """Ends of training; `order` is that of the mini-batches."""
        how = {"SGD": {"optimizer": torch.optim.SGD, "momentum": APART.momentum}, "Adam": {}}
        options = how[self.optimizer] | {"batch_size": APART.batch_size, "every": steps}
        return descend(L, start, steps, self.lr, seed=order, **options).end


WIDE = Net(64, 1, nn.ReLU, "SGD", APART.lr, APART.steps)
DEEP = Net(16, 5, nn.Tanh, "Adam", APART_DEEP.lr, APART_DEEP.steps)

DRAWN = "each seed has its own digits, starts and order of batches; three pairs"
WIDE_SETTINGS = (
    f"digits, 64-64-10 ReLU, SGD with momentum, lr {APART.lr}, {APART.steps} steps; {DRAWN}"
)
DEEP_SETTINGS = f"digits, 5 tanh layers of 16 units, Adam, lr {APART_DEEP.lr}, 400 steps; {DRAWN}"


class Trained(NamedTuple):
    """The landscapes of training and test digits, and pairs of nets from two starts."""

    L: Objective
    test: Objective
    start: Tensor
    A: Tensor
    B: Tensor


@cache
def trained(net: Net, seed: int) -> Trained:
    L, test = (Objective(net.module(), data, cross_entropy) for data in digits(seed=seed))
    start = L.initial_points(range(1000 * seed, 1000 * seed + 2 * PAIRS))
    ends = net.train(L, start, net.steps, order=2 * seed)
    return Trained(L, test, start[:PAIRS], ends[:PAIRS], ends[PAIRS:])


def barrier(L: Objective, paths: Tensor) -> Tensor:
    """How far the loss on paths `(S, 41, P)` rises above the line between their ends."""
    losses = L(paths)
    return (losses - torch.lerp(losses[:, :1], losses[:, -1:], T.to(losses))).amax(dim=-1)


def line(A: Tensor, B: Tensor) -> Tensor:
    return torch.lerp(A[:, None], B[:, None], T[:, None].to(A))


def each(seeds: Sequence[int], effect: Callable[[int], float]) -> list[float]:
    return [effect(seed) for seed in seeds]


def barrier_over_loss(net: Net) -> Measure:
    """Mean barrier of the pairs of a seed, relative to the mean loss at their ends."""

    def effect(seed: int) -> float:
        L, _, _, A, B = trained(net, seed)
        return (barrier(L, line(A, B)).mean() / L(torch.cat([A, B])).mean()).item()

    return lambda seeds: each(seeds, effect)


@cache
def left_by_matching(net: Net, seed: int, signs: bool, restarts: int) -> float:
    """Fraction of the barriers of a seed's pairs that is left after matching."""
    L, _, _, A, B = trained(net, seed)
    matched = [
        match_weights(L, a, b, signs=signs, restarts=restarts) for a, b in zip(A, B, strict=True)
    ]
    left = barrier(L, line(A, torch.stack(matched)))
    return (left.sum() / barrier(L, line(A, B)).sum()).item()


def matching_leaves(net: Net, signs: bool = True, restarts: int = 20) -> Measure:
    return lambda seeds: each(seeds, lambda s: left_by_matching(net, s, signs, restarts))


def signs_gain(net: Net) -> Measure:
    """Fraction of the barrier left by matching order alone minus that by order and signs."""
    alone, both = matching_leaves(net, signs=False), matching_leaves(net)
    return lambda seeds: [a - b for a, b in zip(alone(seeds), both(seeds), strict=True)]


def signs_gain_on_xor(seeds: Sequence[int]) -> list[float]:
    """The same for Model 3 on *XOR*."""

    def effect(seed: int) -> float:
        L = Objective(model_3(), xor(seed=seed), squared_error)
        start = L.initial_points(range(1000 * seed, 1000 * seed + 2 * PAIRS))
        ends = descend(L, start, WALK.steps, WALK.lr, every=WALK.steps).end
        A, B = ends[:PAIRS], ends[PAIRS:]

        def left(signs: bool) -> Tensor:
            pairs = zip(A, B, strict=True)
            matched = [match_weights(L, a, b, signs=signs) for a, b in pairs]
            return barrier(L, line(A, torch.stack(matched))).sum()

        return ((left(False) - left(True)) / barrier(L, line(A, B)).sum()).item()

    return each(seeds, effect)


@cache
def curves(net: Net, seed: int, steps: int) -> Tensor:
    L, _, _, A, B = trained(net, seed)
    bent = [bend(L, a, b, **BEND | {"steps": steps}) for a, b in zip(A, B, strict=True)]
    return torch.stack([curve.point(T) for curve in bent])


def curve_keeps(net: Net, steps: int = BEND["steps"]) -> Measure:
    """Fraction of the barriers that is left on bent paths."""

    def effect(seed: int) -> float:
        L, _, _, A, B = trained(net, seed)
        left = barrier(L, curves(net, seed, steps)).clamp(min=0)
        return (left.sum() / barrier(L, line(A, B)).sum()).item()

    return lambda seeds: each(seeds, effect)


def accuracy_on_curves(net: Net, steps: int = BEND["steps"]) -> Measure:
    """Worst test accuracy on a curve minus that of its worse end, percentage points."""

    def effect(seed: int) -> float:
        test, paths = trained(net, seed).test, curves(net, seed, steps)
        right = (test.predict(paths).argmax(dim=-1) == test.y).double().mean(dim=-1)
        worse_end = torch.minimum(right[:, 0], right[:, -1])
        return 100 * (right.amin(dim=1) - worse_end).mean().item()

    return lambda seeds: each(seeds, effect)


@cache
def between_orders(net: Net, seed: int, together: int) -> float:
    """Mean barrier between nets from one start that see the batches in two orders."""
    L, _, start, A, _ = trained(net, seed)
    if together:
        start = net.train(L, start, together, order=2 * seed)
        A = net.train(L, start, net.steps, order=2 * seed)
    other = net.train(L, start, net.steps, order=2 * seed + 1)
    return barrier(L, line(A, other)).mean().item()


def orders_over_starts(net: Net) -> Measure:
    """Barrier between two orders as a fraction of that between two starts."""

    def effect(seed: int) -> float:
        L, _, _, A, B = trained(net, seed)
        return between_orders(net, seed, 0) / barrier(L, line(A, B)).mean().item()

    return lambda seeds: each(seeds, effect)


def gain_by_together(net: Net, together: int = 50) -> Measure:
    return lambda seeds: each(
        seeds, lambda s: between_orders(net, s, 0) - between_orders(net, s, together)
    )


def loss_after_scaling(seeds: Sequence[int]) -> list[float]:
    """Largest loss with the last layer × 1.5, relative to before, of nets that make no mistakes."""

    def effect(seed: int) -> float:
        L, _, _, A, B = trained(WIDE, seed)
        ends = torch.cat([A, B])
        ends = ends[(L.predict(ends).argmax(dim=-1) == L.y).all(dim=-1)]
        scaled = ends.clone()
        scaled[:, -WIDE.width * 10 - 10 :] *= 1.5
        return (L(scaled) / L(ends)).max().item()

    return each(seeds, effect)


# -- averages --------------------------------------------------------------------------------------

HALF = AVERAGED.steps // 2
STAGES = 10  # of a rate that decays over the second half of a walk
AVERAGED_SETTINGS = (
    f"digits, pixel noise {PIXEL_NOISE}, 64-64-10 ReLU, SGD, batches of {AVERAGED.batch_size}, "
    f"weight decay {AVERAGED.weight_decay}, {AVERAGED.steps} steps, the second half averaged; "
    "each seed has its own digits, noise, starts and order of batches; three walks"
)


class Reader(NamedTuple):
    """The landscape of training digits, and digits to choose with and to test with."""

    L: Objective
    aside: Objective
    test: Objective


@cache
def reader(seed: int, noise: float) -> Reader:
    train, rest = digits(AVERAGED.n_train, seed=seed)
    if noise:
        train = disturbed(train, noise=noise, seed=2 * seed)
        rest = disturbed(rest, noise=noise, seed=2 * seed + 1)
    aside = rest._replace(x=rest.x[:SET_ASIDE], y=rest.y[:SET_ASIDE])
    test = rest._replace(x=rest.x[SET_ASIDE:], y=rest.y[SET_ASIDE:])
    return Reader(*(Objective(digit_classifier(), d, cross_entropy) for d in (train, aside, test)))


def step_on(L: Objective, start: Tensor, steps: int, lr: float, order: int) -> Trajectory:
    options = {"batch_size": AVERAGED.batch_size, "weight_decay": AVERAGED.weight_decay}
    return descend(
        L, start, steps, lr, torch.optim.SGD, seed=order, every=max(1, steps // 100), **options
    )


def starts(seed: int, noise: float) -> Tensor:
    return reader(seed, noise).L.initial_points(range(1000 * seed, 1000 * seed + PAIRS))


@cache
def halfway(seed: int, noise: float, lr: float, steps: int) -> Tensor:
    L = reader(seed, noise).L
    return step_on(L, starts(seed, noise), steps // 2, lr, 3 * seed).end


@cache
def last_and_average(seed: int, noise: float, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    """Ends of three walks at one rate, and the average of 100 points of their second halves."""
    L = reader(seed, noise).L
    path = step_on(L, halfway(seed, noise, lr, steps), steps // 2, lr, 3 * seed + 1)
    return path.end, average(path, start=1)


@cache
def decayed(seed: int, noise: float, lr: float) -> Tensor:
    """Ends of walks whose rate falls linearly towards 0 in the second half, in ten stages."""
    theta = halfway(seed, noise, lr, AVERAGED.steps)
    for stage in range(STAGES):
        rate = lr * (1 - (stage + 0.5) / STAGES)
        order = 100_000 + STAGES * seed + stage
        theta = step_on(reader(seed, noise).L, theta, HALF // STAGES, rate, order).end
    return theta


def errors(test: Objective, points: Tensor) -> Tensor:
    """Errors on new digits in percent, one for each point."""
    with torch.no_grad():
        said = test.predict(points).argmax(dim=-1)
    return 100 * (said != test.y).double().mean(dim=-1)


def over_last(
    lr: float = AVERAGED.lr, noise: float = PIXEL_NOISE, steps: int = AVERAGED.steps
) -> Measure:
    """Error of the last points minus that of the averages."""

    def effect(seed: int) -> float:
        last, mean = last_and_average(seed, noise, lr, steps)
        test = reader(seed, noise).test
        return (errors(test, last) - errors(test, mean)).mean().item()

    return lambda seeds: each(seeds, effect)


def worse_than_last(**how: float) -> Measure:
    """The same with the opposite sign."""
    gain = over_last(**how)  # type: ignore[arg-type]
    return lambda seeds: [-value for value in gain(seeds)]


def over_decay(lr: float = AVERAGED.lr, noise: float = PIXEL_NOISE) -> Measure:
    """Error after a rate that decays minus that of the averages."""

    def effect(seed: int) -> float:
        _, mean = last_and_average(seed, noise, lr, AVERAGED.steps)
        test = reader(seed, noise).test
        return (errors(test, decayed(seed, noise, lr)) - errors(test, mean)).mean().item()

    return lambda seeds: each(seeds, effect)


def over_best_rate(noise: float = PIXEL_NOISE, rates: Sequence[float] = AVERAGED_RATES) -> Measure:
    """Error of the last points minus that of the averages, at rates chosen on validation data."""

    def effect(seed: int) -> float:
        _, aside, test = reader(seed, noise)
        walks = {
            lr: last_and_average(seed, noise, lr, AVERAGED.steps)
            for lr in {*rates, *AVERAGED_RATES}
        }

        def chosen(which: int, choices: Sequence[float]) -> float:
            lr = min(choices, key=lambda lr: errors(aside, walks[lr][which]).mean().item())
            return errors(test, walks[lr][which]).mean().item()

        return chosen(0, AVERAGED_RATES) - chosen(1, rates)

    return lambda seeds: each(seeds, effect)


@cache
def parents_and_middle(
    seed: int, noise: float, kind: str, lr: float = AVERAGED.lr
) -> tuple[float, float]:
    """Mean error of two solutions, and the error of their average."""
    L, _, test = reader(seed, noise)
    A, _ = last_and_average(seed, noise, lr, AVERAGED.steps)
    if kind == "together":
        B = step_on(L, halfway(seed, noise, lr, AVERAGED.steps), HALF, lr, 3 * seed + 2).end
    elif kind == "one start":
        B = step_on(L, starts(seed, noise), AVERAGED.steps, lr, 50_000 + seed).end
    else:
        B = A.roll(1, dims=0)
    if kind == "matched":
        B = torch.stack([match_weights(L, a, b) for a, b in zip(A, B, strict=True)])
    parents = errors(test, torch.cat([A, B])).mean().item()
    return parents, errors(test, (A + B) / 2).mean().item()


def soup_gains(kind: str, noise: float = PIXEL_NOISE, lr: float = AVERAGED.lr) -> Measure:
    """Mean error of two solutions minus that of their average."""

    def effect(seed: int) -> float:
        parents, middle = parents_and_middle(seed, noise, kind, lr)
        return parents - middle

    return lambda seeds: each(seeds, effect)


def soup_costs(kind: str, noise: float = PIXEL_NOISE) -> Measure:
    """The same with the opposite sign."""
    gain = soup_gains(kind, noise)
    return lambda seeds: [-value for value in gain(seeds)]


CLEAN = "pixels are noisy"


def write_data() -> None:
    """What the explorer of chapter 12 loads: a plane through A, B and C, and losses on curves."""
    L = Objective(digit_classifier(), digits()[0], cross_entropy)
    ends = WIDE.train(L, L.initial_points([0, 10]), WIDE.steps, order=0)
    C = bend(L, *ends, **BEND).C
    plane = Slice.through(*ends, C)
    land = scan(L, plane, 51, BEND_WINDOW, progress=False)
    bends = np.linspace(0, 1.5, 31)
    middle = ends.mean(dim=0)
    bent = [Bezier(ends[0], torch.lerp(middle, C, share), ends[1]).point(T) for share in bends]
    save_data(
        "12_bend",
        bends=bends,
        t=T,
        losses=L(torch.stack(bent)),
        across=land.axes[0],
        up=land.axes[1],
        plane=land.loss,
        points=[plane.coordinates(point) for point in (*ends, C)],
    )
    write_averages()


def write_averages() -> None:
    """Errors at each rate, pixels noisy and clean: of last points, averages, decayed rates."""
    found = [
        [
            [
                [errors(reader(seed, noise).test, theta).mean().item() for theta in thetas]
                for seed in SEEDS
                for thetas in [
                    (
                        *last_and_average(seed, noise, lr, AVERAGED.steps),
                        decayed(seed, noise, lr),
                    )
                ]
            ]
            for lr in AVERAGED_RATES
        ]
        for noise in (PIXEL_NOISE, 0.0)
    ]
    save_data("12_averages", rates=AVERAGED_RATES, errors=found)


def from_wide(measure: Callable[[Net], Measure]) -> tuple[Variation, ...]:
    """Four properties of the wide net, changed one at a time."""
    return (
        Variation(
            "4 hidden units instead of 64", measure(replace(WIDE, width=4)), "the network is wide"
        ),
        Variation(
            "3 hidden layers instead of 1",
            measure(replace(WIDE, layers=3)),
            "the network is shallow",
        ),
        Variation(
            "tanh instead of ReLU", measure(replace(WIDE, activation=nn.Tanh)), "the units are ReLU"
        ),
        Variation(
            "Adam, lr 0.01, instead of SGD",
            measure(replace(WIDE, optimizer="Adam", lr=0.01)),
            "the optimiser is SGD",
        ),
    )


def from_deep(measure: Callable[[Net], Measure]) -> tuple[Variation, ...]:
    """Four properties of the deep net, changed one at a time."""
    return (
        Variation(
            "64 units per layer instead of 16",
            measure(replace(DEEP, width=64)),
            "the layers are narrow",
        ),
        Variation(
            "1 hidden layer instead of 5", measure(replace(DEEP, layers=1)), "the network is deep"
        ),
        Variation(
            "ReLU instead of tanh", measure(replace(DEEP, activation=nn.ReLU)), "the units are tanh"
        ),
        Variation(
            "SGD with momentum, lr 0.02, instead of Adam",
            measure(replace(DEEP, optimizer="SGD", lr=0.02)),
            "the optimiser is Adam",
        ),
    )


MATCHED = "order, and with tanh signs too; 20 restarts"

CLAIMS = [
    Claim(
        "12.1",
        "There is a barrier between two networks trained from different starts.",
        "Garipov et al. 2018, section 1",
        WIDE_SETTINGS,
        "mean barrier, relative to the mean loss at the ends",
        SEEDS,
        barrier_over_loss(WIDE),
        above=1.0,
        varied=from_wide(barrier_over_loss),
        cell="c12-08",
    ),
    Claim(
        "12.2",
        "Matching the units takes at least half of the barrier away.",
        "Ainsworth et al. 2023, section 5",
        f"{WIDE_SETTINGS}; {MATCHED}",
        "fraction of the barriers that is left",
        SEEDS,
        matching_leaves(WIDE),
        below=0.5,
        varied=from_wide(matching_leaves),
        cell="c12-16",
    ),
    Claim(
        "12.3",
        "Up to the order of the units, almost no barrier is left: less than a tenth.",
        "conjecture of Entezari et al. 2022, section 3, for wide networks",
        f"{WIDE_SETTINGS}; {MATCHED}",
        "fraction of the barriers that is left",
        SEEDS,
        matching_leaves(WIDE),
        below=0.1,
        varied=from_wide(matching_leaves),
        cell="c12-16",
    ),
    Claim(
        "12.4",
        "A curve with one trained point avoids the barrier: less than 2% of it is left.",
        "Garipov et al. 2018, section 3",
        f"{WIDE_SETTINGS}; quadratic Bézier, {BEND['steps']} steps",
        "fraction of the barriers that is left",
        SEEDS,
        curve_keeps(WIDE),
        below=0.02,
        varied=from_wide(curve_keeps)[:2],
        cell="c12-19",
    ),
    Claim(
        "12.5",
        "The models along the curve do well on new data: at most one point worse than the ends.",
        "Garipov et al. 2018, section 4",
        f"{WIDE_SETTINGS}; quadratic Bézier, {BEND['steps']} steps",
        "worst test accuracy on the curve minus the worse end's, percentage points",
        SEEDS,
        accuracy_on_curves(WIDE),
        above=-1.0,
        varied=from_wide(accuracy_on_curves)[:2],
        cell="c12-27",
    ),
    Claim(
        "12.6",
        "Two runs from one start that differ only in the order of the batches have almost no "
        "barrier between them: less than 2% of that between two starts.",
        "Frankle et al. 2020, section 3, for a small network on MNIST",
        f"{WIDE_SETTINGS}; two orders of batches",
        "barrier between two orders, as a fraction of that between two starts",
        SEEDS,
        orders_over_starts(WIDE),
        below=0.02,
        varied=(from_wide(orders_over_starts)[0], from_wide(orders_over_starts)[3]),
        cell="c12-30",
    ),
    Claim(
        "12.7",
        "If two runs share their first steps, the barrier due to the order of the batches is "
        "lower.",
        "Frankle et al. 2020, section 3",
        f"{DEEP_SETTINGS}; two orders of batches, from the start or after 50 more, shared steps",
        "barrier without shared steps minus barrier with them, nats",
        SEEDS,
        gain_by_together(DEEP),
        varied=from_deep(gain_by_together)[2:3],
        cell="c12-35",
    ),
    Claim(
        "12.8",
        "In a narrow deep network, too, matching leaves less than a tenth of the barrier.",
        "ours: 12.3 on a second network",
        f"{DEEP_SETTINGS}; {MATCHED}",
        "fraction of the barriers that is left",
        SEEDS,
        matching_leaves(DEEP),
        below=0.1,
        varied=from_deep(matching_leaves),
        cell="c12-54",
    ),
    Claim(
        "12.9",
        "In a narrow deep network, too, two orders of the batches have almost no barrier between "
        "them: less than 2% of that between two starts.",
        "ours: 12.6 on a second network",
        f"{DEEP_SETTINGS}; two orders of batches",
        "barrier between two orders, as a fraction of that between two starts",
        SEEDS,
        orders_over_starts(DEEP),
        below=0.02,
        varied=from_deep(orders_over_starts),
        cell="c12-54",
    ),
    Claim(
        "12.10",
        "In a narrow deep network, too, less than 2% of the barrier is left on a curve with one "
        "trained point.",
        "ours: 12.4 on a second network",
        f"{DEEP_SETTINGS}; quadratic Bézier, 100 steps",
        "fraction of the barriers that is left",
        SEEDS,
        curve_keeps(DEEP, 100),
        below=0.02,
        varied=(
            Variation(
                f"{BEND['steps']} steps instead of 100",
                curve_keeps(DEEP),
                "the curve is trained for long enough",
            ),
            *from_deep(lambda net: curve_keeps(net, 100))[2:3],
        ),
        cell="c12-35",
    ),
    Claim(
        "12.11",
        "With tanh units, matching order and signs leaves less of the barrier than matching the "
        "order alone.",
        "ours; the symmetry: Chen, Lu & Hecht-Nielsen 1993, abstract",
        f"{WIDE_SETTINGS}; tanh instead of ReLU",
        "fraction of the barriers left by matching order alone minus that by order and signs",
        SEEDS,
        signs_gain(replace(WIDE, activation=nn.Tanh)),
        varied=(
            Variation(
                "16 units instead of 64",
                signs_gain(replace(WIDE, activation=nn.Tanh, width=16)),
                "the network is wide",
            ),
            Variation(
                "Model 3 on XOR instead of digits",
                signs_gain_on_xor,
                "the network classifies digits",
            ),
        ),
        cell="c12-51",
    ),
    Claim(
        "12.12",
        "A network that classifies all its digits correctly isn't a minimum of cross-entropy.",
        "ours",
        f"{WIDE_SETTINGS}; the last layer × 1.5",
        "loss after scaling, relative to the loss before",
        SEEDS,
        loss_after_scaling,
        below=1.0,
        proof="scaling the last layer by more than 1 increases every margin of the correct class, "
        "and cross-entropy falls as a margin grows",
        cell="c12-52",
    ),
    Claim(
        "12.13",
        "The average of the second half of a walk at a high rate reads new digits better than its "
        "last point.",
        "Izmailov et al. 2018, section 3.2",
        f"{AVERAGED_SETTINGS}; lr {AVERAGED.lr}",
        "test error of the last point minus that of the average, percentage points",
        SEEDS,
        over_last(),
        varied=(
            Variation("lr 0.01 instead of 0.3", over_last(lr=0.01), "the rate is high"),
            Variation("clean pixels", over_last(noise=0.0), CLEAN),
        ),
        cell="c12-75",
    ),
    Claim(
        "12.14",
        "The average of the second half of a walk does better than a rate that falls to zero "
        "there.",
        "Izmailov et al. 2018, table 1, for image classification",
        f"{AVERAGED_SETTINGS}; lr {AVERAGED.lr}, or falling to 0 in ten stages over that half",
        "test error after the decay minus that of the average, percentage points",
        SEEDS,
        over_decay(),
        varied=(
            Variation("lr 0.1 instead of 0.3", over_decay(lr=0.1), "the rate is as high as 0.3"),
            Variation("clean pixels", over_decay(noise=0.0), CLEAN),
        ),
        cell="c12-75",
    ),
    Claim(
        "12.15",
        "The average of the second half of a walk does better than the last point of a walk, when "
        "both choose their rate on validation data.",
        "ours",
        f"{AVERAGED_SETTINGS}; rates {', '.join(map(str, AVERAGED_RATES))}; {SET_ASIDE} digits to "
        "choose with, the rest to test",
        "test error of the last point minus that of the average, percentage points",
        SEEDS,
        over_best_rate(),
        varied=(
            Variation("clean pixels", over_best_rate(noise=0.0), CLEAN),
            Variation(
                "the average at lr 0.3, not chosen",
                over_best_rate(rates=(AVERAGED.lr,)),
                "the average chooses its rate too",
            ),
        ),
        cell="c12-75",
    ),
    Claim(
        "12.16",
        "At a low rate the average of the second half of a walk reads new digits worse than its "
        "last point.",
        "ours",
        f"{AVERAGED_SETTINGS}; lr 0.01",
        "test error of the average minus that of the last point, percentage points",
        SEEDS,
        worse_than_last(lr=0.01),
        varied=(
            Variation("lr 0.03 instead of 0.01", worse_than_last(lr=0.03), "the rate is low"),
            Variation("clean pixels", worse_than_last(lr=0.01, noise=0.0), CLEAN),
        ),
        cell="c12-75",
    ),
    Claim(
        "12.17",
        "The average of two solutions that share the first half of their walk reads new digits "
        "better than they do.",
        "Wortsman et al. 2022, section 2, for fine-tuned networks",
        f"{AVERAGED_SETTINGS}; lr {AVERAGED.lr}; two orders of batches in the second half",
        "mean test error of the two minus that of their average, percentage points",
        SEEDS,
        soup_gains("together"),
        varied=(
            Variation(
                "only the start is shared", soup_gains("one start"), "they share half of their walk"
            ),
            Variation(
                "lr 0.05 instead of 0.3", soup_gains("together", lr=0.05), "the rate is high"
            ),
            Variation("clean pixels", soup_gains("together", noise=0.0), CLEAN),
        ),
        cell="c12-78",
    ),
    Claim(
        "12.18",
        "The average of two solutions from different starts reads new digits worse than they do.",
        "Wortsman et al. 2022, section 4",
        f"{AVERAGED_SETTINGS}; lr {AVERAGED.lr}",
        "test error of the average minus the mean error of the two, percentage points",
        SEEDS,
        soup_costs("two starts"),
        varied=(
            Variation("units matched", soup_costs("matched"), "the units aren't matched"),
            Variation("clean pixels", soup_costs("two starts", noise=0.0), CLEAN),
        ),
        cell="c12-78",
    ),
]
