"""Chapter 9: the learning rate, the edge of stability, and what a change of the rate does."""

from collections.abc import Sequence
from functools import cache, partial

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor, nn

from lossviz_helpers import (
    Dataset,
    Loss,
    Objective,
    cross_entropy,
    descend,
    diagonal,
    digit_classifier,
    digits,
    gradient,
    hessian,
    model_1,
    model_3,
    squared_error,
    with_label_noise,
    xor,
)
from lossviz_helpers.course.scenarios import DECAY, DECAY_STEPS, STEEP
from lossviz_helpers.curvature import top_eigenvalue

from .ledger import Claim, Variation, save_data

SEEDS = range(6)
STARTS = 1
SGD = torch.optim.SGD
EVERY = 25  # steps between measurements: odd, since at the edge every second step is on one side
DRAWN = "each seed has its own digits and start"
DIVERGED = 10.0  # what a walk that diverges counts as, where a ratio is asked for


# -- on a quadratic --------------------------------------------------------------------------------


def bounce(seeds: Sequence[int]) -> list[float]:
    """Largest error of the factor 1 − lr·λ, of four rates and ten steps each."""
    found = []
    for seed in seeds:
        L = Objective(model_1(), diagonal(seed=seed), squared_error)
        start = L.initial_points([seed])[0]
        values, vectors = torch.linalg.eigh(hessian(L, start))
        low = start - torch.linalg.solve(hessian(L, start), gradient(L, start))
        errors = []
        for share in (0.3, 0.9, 1.0, 1.1):
            lr = share * 2 / values[-1].item()
            walk = descend(L, start, 10, lr, SGD).points
            along = (walk - low) @ vectors[:, -1]
            wanted = along[0] * (1 - 2 * share) ** torch.arange(11, dtype=torch.float64)
            errors.append(((along - wanted) / wanted).abs().max().item())
        found.append(max(errors))
    return found


def momentum_edge(seeds: Sequence[int]) -> list[float]:
    """How far the growth per step at lr = 2(1 + β)/λ is from 1, for a random λ and β."""
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        curvature, beta = rng.uniform(0.1, 10), rng.uniform(0, 0.99)
        lr = 2 * (1 + beta) / curvature
        step = [[1 + beta - lr * curvature, -beta], [1, 0]]
        found.append(abs(np.abs(np.linalg.eigvals(step)).max() - 1))
    return found


# -- the edge --------------------------------------------------------------------------------------


def net(layers: int = 1, unit: type[nn.Module] = nn.Tanh) -> nn.Sequential:
    """64 pixels, hidden layers of one width, 10 outputs."""
    width = STEEP.width
    parts: list[nn.Module] = []
    for size in [64, *[width] * layers][:layers]:
        parts += [nn.Linear(size, width), unit()]
    return nn.Sequential(*parts, nn.Linear(width, 10))


@cache
def landscape(
    seed: int,
    loss: Loss = squared_error,
    layers: int = 1,
    unit: type[nn.Module] = nn.Tanh,
    n: int = STEEP.n_train,
) -> Objective:
    train, _ = digits(n, seed=seed)
    if loss is squared_error:
        train = one_hot(train)
    return Objective(net(layers, unit), train, loss)


def one_hot(data: Dataset) -> Dataset:
    return Dataset(data.x, nn.functional.one_hot(data.y, 10).to(data.x.dtype))


def starts(L: Objective, seed: int, scale: float) -> Tensor:
    return L.initial_points(range(100 * seed, 100 * seed + STARTS)) * scale


def lambdas(L: Objective, points: Tensor) -> Tensor:
    """λmax at points `(..., P)`; nan where the loss isn't finite."""
    flat = points.reshape(-1, points.shape[-1])
    finite = L(flat).isfinite()
    values = [top_eigenvalue(L, p) if ok else np.nan for p, ok in zip(flat, finite, strict=True)]
    return torch.tensor(values).reshape(points.shape[:-1])


@cache
def along(
    seed: int,
    lr: float,
    steps: int = STEEP.steps,
    scale: float = STEEP.scale,
    every: int = EVERY,
    loss: Loss = squared_error,
    layers: int = 1,
    unit: type[nn.Module] = nn.Tanh,
    n: int = STEEP.n_train,
) -> tuple[Tensor, Tensor]:
    """λmax and loss along walks from the starts of a seed: both `(steps / every + 1, STARTS)`."""
    L = landscape(seed, loss, layers, unit, n)
    path = descend(L, starts(L, seed, scale), steps, lr, SGD, every=every)
    return lambdas(L, path.points), path.losses


def hovering(found: Tensor, lr: float) -> float:
    """Median of λmax·lr/2 in the last quarter of the walks of a seed."""
    return (found[-len(found) // 4 :] * lr / 2).median().item()


def off_the_edge(seeds: Sequence[int], lr: float = STEEP.lr, **change: object) -> list[float]:
    """How far λmax is from 2/lr at last, relative to it."""
    return [abs(hovering(along(s, lr, **change)[0], lr) - 1) for s in seeds]


def sharpening(seeds: Sequence[int], lr: float = 0.5, **change: object) -> list[float]:
    """λmax at the end over λmax at the start, median of the starts."""
    walks = [along(s, lr, **change)[0] for s in seeds]
    return [(found[-1] / found[0]).median().item() for found in walks]


@cache
def on_xor(seed: int, lr: float, every: int = EVERY) -> Tensor:
    """λmax along walks of Model 3: `(steps / every + 1, 3)`."""
    L = Objective(model_3(), xor(seed=seed), squared_error)
    start = L.initial_points(range(100 * seed, 100 * seed + 3))
    path = descend(L, start, STEEP.xor_steps, lr, SGD, every=every)
    tops = [torch.linalg.eigvalsh(hessian(L, p))[-1] for p in path.points.flatten(0, 1)]
    return torch.stack(tops).reshape(path.points.shape[:2])


def xor_off_the_edge(seeds: Sequence[int], lr: float = STEEP.xor_lr) -> list[float]:
    return [abs(hovering(on_xor(s, lr), lr) - 1) for s in seeds]


ENTROPY = {"steps": STEEP.steps_ce, "every": EVERY, "loss": cross_entropy, "scale": 1.0}
DEEPER = ENTROPY | {"layers": 3, "scale": STEEP.deep_scale}
FAST = {"lr": STEEP.fast_ce, "every": 5}  # there λmax rises and falls within a hundred steps


def highest(seeds: Sequence[int], lr: float = STEEP.lr_ce, **change: object) -> list[float]:
    """Highest λmax of a walk over that at its start, median of the starts."""
    walks = [along(s, lr, **ENTROPY | change)[0] for s in seeds]
    return [(found.amax(dim=0) / found[0]).median().item() for found in walks]


def hump(seeds: Sequence[int], lr: float = STEEP.lr_ce, **change: object) -> list[float]:
    """Highest λmax over that at the start or at the end, whichever is larger; median."""
    walks = [along(s, lr, **DEEPER | change)[0] for s in seeds]
    ends = [torch.maximum(found[0], found[-1]) for found in walks]
    return [(f.amax(dim=0) / e).median().item() for f, e in zip(walks, ends, strict=True)]


# -- raising the rate ------------------------------------------------------------------------------


@cache
def raised(seed: int, factor: float, unit: type[nn.Module] = nn.Tanh) -> Tensor:
    """Of each start: λmax after over before, highest loss over before, steps until it is back.

    A walk whose loss isn't finite, or higher than before, has diverged.
    """
    L = landscape(seed, unit=unit)
    begin = descend(L, starts(L, seed, STEEP.scale), STEEP.before, STEEP.gentle, SGD).end
    rows = []
    for theta, top in zip(begin, lambdas(L, begin), strict=True):
        path = descend(L, theta, STEEP.after, factor * 2 / top.item(), SGD)
        losses = path.losses / path.losses[0]
        if not losses[-1] < 1:
            rows.append([DIVERGED, np.inf, np.inf])
            continue
        peak = int(losses.argmax())
        back = peak + int((losses[peak:] < 1).int().argmax())
        after = lambdas(L, path.end[None])[0] / top
        rows.append([after.item(), losses[peak].item(), back])
    return torch.tensor(rows)


def flatter(seeds: Sequence[int], factor: float = 1.5, **change: object) -> list[float]:
    return [raised(s, factor, **change)[:, 0].median().item() for s in seeds]


def survivors(seeds: Sequence[int], factor: float = 1.9, **change: object) -> list[float]:
    found = [raised(s, factor, **change)[:, 0] for s in seeds]
    return [(after < DIVERGED).double().mean().item() for after in found]


# -- cutting it ------------------------------------------------------------------------------------


@cache
def schedules(seed: int, noise: float, batch_size: int) -> dict[str, Tensor]:
    """Mean loss of the starts every 10 steps: staying at the rate, cutting it, low all along."""
    train, _ = digits(DECAY.n_train, seed=seed)
    data = with_label_noise(train, noise, seed=seed) if noise else train
    L = Objective(digit_classifier(), data, cross_entropy)
    begin = starts(L, seed, 1.0)
    how = {"optimizer": SGD, "batch_size": batch_size, "every": 10}
    first = descend(L, begin, DECAY.steps, DECAY.lr, seed=seed, **how)
    rest = {
        name: descend(L, first.end, DECAY_STEPS, lr, seed=1000 + seed, **how)
        for name, lr in (("stay", DECAY.lr), ("cut", DECAY.lr / 10))
    }
    low = descend(L, begin, DECAY.steps + DECAY_STEPS, DECAY.lr / 10, seed=seed, **how)
    found = {"first": first, **rest, "low": low}
    return {name: path.losses.mean(dim=1) for name, path in found.items()}


def drop(seeds: Sequence[int], noise: float = DECAY.noise, batch_size: int = 10) -> list[float]:
    """How much lower the loss is 50 steps after the cut than without it, a fraction.

    Without it: the mean of the losses from 10 to 100 steps later, which go up and down.
    """
    found = [schedules(s, noise, batch_size) for s in seeds]
    return [(1 - w["cut"][5] / w["stay"][1:].mean()).item() for w in found]


def low_all_along(
    seeds: Sequence[int], noise: float = DECAY.noise, batch_size: int = 10
) -> list[float]:
    """Loss with the low rate all along over that with the high one that is cut."""
    found = [schedules(s, noise, batch_size) for s in seeds]
    return [(w["low"][-1] / w["cut"][-1]).item() for w in found]


# -- warm-up ---------------------------------------------------------------------------------------

GRID = tuple(2 ** (k / 2) for k in range(2, 14))  # rates from 2 to 91


def warm_up(L: Objective, theta: Tensor, lr: float, steps: int) -> Tensor:
    """Where a warm-up leads: ten stages, at rates from a twentieth to 19 twentieths of lr."""
    for stage in range(10):
        rate = lr * (stage + 0.5) / 10
        theta = descend(L, theta, steps // 10, rate, SGD, every=steps).end
    return theta


@cache
def largest_rate(
    seed: int, warm: int, loss: Loss = squared_error, layers: int = 1, scale: float = 1.0
) -> float:
    """The largest rate of the grid before the first with which no start ends below its loss."""
    L = landscape(seed, loss, layers)
    start = starts(L, seed, scale)
    best = 0.0
    for lr in GRID:
        theta = warm_up(L, start, lr, warm) if warm else start
        path = descend(L, theta, 100, lr, SGD, every=100)
        if not (path.losses[-1] < L(start)).any():
            break
        best = lr
    return best


def warm_up_gain(seeds: Sequence[int], warm: int = STEEP.warm, **change: object) -> list[float]:
    return [largest_rate(s, warm, **change) / largest_rate(s, 0, **change) for s in seeds]


def ground(
    seed: int, loss: Loss = squared_error, layers: int = 1, scale: float = 1.0
) -> tuple[float, float]:
    """λmax at the start, and after a warm-up to the largest rate that survives with one."""
    L = landscape(seed, loss, layers)
    start = starts(L, seed, scale)
    lr = largest_rate(seed, STEEP.warm, loss, layers, scale)
    ends = torch.cat([start, warm_up(L, start, lr, STEEP.warm)])
    before, after = lambdas(L, ends).tolist()
    return before, after


# -- mini-batches ----------------------------------------------------------------------------------

BATCHES = (20, 80, 320)
NOISE_RATES = {"squared error": (0.15, 0.6, 2.4), "cross-entropy": (0.03, 0.12, 0.48)}
LEVELS = {"squared error": 0.025, "cross-entropy": 0.75}


@cache
def grid(seed: int, kind: str) -> Tensor:
    """λmax where the loss first is below the level, for each rate and batch size: `(3, 3)`."""
    train, _ = digits(DECAY.n_train, seed=seed)
    if kind == "squared error":
        L = Objective(digit_classifier(), one_hot(train), squared_error)
    else:
        noisy = with_label_noise(train, DECAY.noise, seed=seed)
        L = Objective(digit_classifier(), noisy, cross_entropy)
    begin = L.initial_points([100 * seed])[0]
    tops = [
        [top_eigenvalue(L, first_below(L, begin, lr, size, LEVELS[kind], seed)) for size in BATCHES]
        for lr in NOISE_RATES[kind]
    ]
    return torch.tensor(tops)


def first_below(
    L: Objective, theta: Tensor, lr: float, size: int, level: float, seed: int
) -> Tensor:
    """The first point of a walk, looked at every few steps, with a loss below the level."""
    every = max(1, round(1 / lr))
    for part in range(40):
        path = descend(L, theta, 25 * every, lr, SGD, size, 1000 * seed + part, every)
        below = path.losses < level
        if below.any():
            return path.points[int(below.int().argmax())]
        theta = path.end
    raise RuntimeError(f"no loss below {level} with lr {lr} and batches of {size}")


def scale_rank(seeds: Sequence[int], kind: str = "squared error") -> list[float]:
    """Rank correlation of λmax with lr/B over the nine runs of a seed."""
    ratio = np.array(NOISE_RATES[kind])[:, None] / np.array(BATCHES)
    return [spearmanr(ratio.ravel(), grid(s, kind).ravel()).statistic for s in seeds]


def same_scale(seeds: Sequence[int], kind: str = "squared error") -> list[float]:
    """Largest over smallest λmax of the three runs with the lr/B of the smallest rate and B 20."""
    diagonals = [grid(s, kind).diagonal() for s in seeds]
    return [(tops.max() / tops.min()).item() for tops in diagonals]


def write_data() -> None:
    """What chapter 9 loads."""
    write_edges()
    write_changes()


def write_edges() -> None:
    """λmax along many walks at one rate."""

    def walks(lr: float, **how: object) -> Tensor:
        return torch.cat([along(s, lr, **how)[0] for s in SEEDS], dim=1)

    save_data(
        "09_edges",
        digits=[walks(lr).numpy() for lr in STEEP.rates],
        xor=[
            torch.cat([on_xor(s, lr) for s in SEEDS], dim=1).numpy()
            for lr in (STEEP.xor_low, STEEP.xor_lr)
        ],
        shallow=walks(STEEP.lr_ce, **ENTROPY),
        deep=walks(STEEP.lr_ce, **DEEPER),
        fast=walks(**DEEPER | FAST),
    )


def write_changes() -> None:
    """Rates that survive without and with a warm-up, λmax around it, and runs of mini-batches."""
    save_data(
        "09_rates",
        warm=[
            [[largest_rate(s, warm, **net) for s in SEEDS] for warm in (0, STEEP.warm)]
            for net in WARMED.values()
        ],
        ground=[[ground(s, **net) for s in SEEDS] for net in WARMED.values()],
        grid=[[grid(s, kind).numpy() for s in SEEDS] for kind in NOISE_RATES],
        grid_rates=list(NOISE_RATES.values()),
        batches=BATCHES,
    )


WARMED = {
    "squared error": {},
    "squared error, start × 2": {"scale": 2.0},
    "cross-entropy, 3 layers": {"loss": cross_entropy, "layers": 3},
}

ON_DIGITS = (
    f"{STEEP.n_train} digits, 64-{STEEP.width}-10 tanh, squared error, start × {STEEP.scale}, "
    f"gradient descent on all examples, lr {STEEP.lr:g}, {STEEP.steps} steps, λmax every {EVERY}; "
    f"{DRAWN}"
)
WITH_ENTROPY = (
    f"{STEEP.n_train} digits, tanh layers of {STEEP.width}, cross-entropy, gradient descent on all "
    f"examples, lr {STEEP.lr_ce}, {STEEP.steps_ce} steps, λmax every {EVERY}; {DRAWN}"
)
RAISED = (
    f"{STEEP.n_train} digits, 64-{STEEP.width}-10 tanh, squared error, start × {STEEP.scale}, "
    f"{STEEP.before} steps at lr {STEEP.gentle:g}, then {STEEP.after} at f·2/λmax; {DRAWN}; "
    "a walk that doesn't end below the loss before has diverged"
)
SCHEDULE = (
    f"1000 digits, 20% noisy labels, 64-64-10 ReLU, cross-entropy, SGD, batches of 10, "
    f"{DECAY.steps} steps at lr {DECAY.lr}, then {DECAY_STEPS} at that rate or a tenth of it; "
    f"{DRAWN}"
)
NOISE = (
    "1000 digits, 64-64-10 ReLU, SGD, 3 rates × batches of 20, 80 and 320, λmax where the "
    "training loss is first below one level; each seed has its own digits, start and batches"
)

CLAIMS = [
    Claim(
        "09.1",
        "On a quadratic, a step of gradient descent multiplies the distance along an eigenvector "
        "by 1 − lr·λ.",
        "Cohen et al. 2021, section 2",
        "Model 1 on the diagonal data, squared error; lr 0.3, 0.9, 1 and 1.1 times 2/λmax",
        "largest relative error of the factor",
        SEEDS,
        bounce,
        below=1e-9,
        proof="the gradient at a distance d along an eigenvector from the minimum is λd",
        cell="c09-07",
    ),
    Claim(
        "09.2",
        "On a quadratic with momentum β, descent is stable below 2(1 + β)/λ and not above.",
        "Cohen et al. 2021, appendix B",
        "λ from 0.1 to 10 and β from 0 to 0.99, drawn at random; lr at the edge",
        "distance of the growth per step from 1",
        SEEDS,
        momentum_edge,
        below=1e-9,
        proof="z² − (1 + β − lr·λ)z + β has the root −1 exactly where lr·λ = 2(1 + β), and the "
        "other root, −β, is smaller",
        cell="c09-45",
    ),
    Claim(
        "09.3",
        "With squared error and a learning rate that is large enough, λmax rises to 2/lr and "
        "hovers there: it stays within 15%.",
        "Cohen et al. 2021, section 3",
        ON_DIGITS,
        "distance of λmax from 2/lr, relative to it; median of the last quarter",
        SEEDS,
        off_the_edge,
        below=0.15,
        varied=(
            Variation(
                "lr 0.25 instead of 2",
                partial(off_the_edge, lr=0.25),
                "the learning rate is large enough",
            ),
            Variation(
                "lr 1 instead of 2, and 4000 steps instead of 800",
                partial(off_the_edge, lr=1.0, steps=4000, every=125),
                "the learning rate is large enough",
            ),
            Variation(
                "lr 4 instead of 2",
                partial(off_the_edge, lr=4.0),
                "the learning rate isn't too large",
            ),
            Variation(
                "ReLU instead of tanh",
                partial(off_the_edge, unit=nn.ReLU),
                "the units are tanh",
            ),
        ),
        cell="c09-14",
    ),
    Claim(
        "09.4",
        "With squared error, λmax rises while the network trains, far below the edge too.",
        "Cohen et al. 2021, section 3.1: progressive sharpening",
        ON_DIGITS.replace(f"lr {STEEP.lr:g}", "lr 0.5"),
        "λmax at the end over that at the start, median of the starts",
        SEEDS,
        sharpening,
        above=1.2,
        varied=(
            Variation(
                "cross-entropy, lr 0.2, 400 steps, start × 1, instead of squared error",
                partial(sharpening, lr=STEEP.lr_ce, **ENTROPY),
                "the loss is the squared error",
            ),
        ),
        cell="c09-15",
    ),
    Claim(
        "09.5",
        "On Model 3 and XOR too, λmax rises to 2/lr and hovers there, within 15%.",
        "ours: 09.3 on Model 3",
        f"XOR, squared error, gradient descent on all examples, lr {STEEP.xor_lr:g}, "
        f"{STEEP.xor_steps} steps, λmax every {EVERY}; each seed has its own examples and three "
        "starts",
        "distance of λmax from 2/lr, relative to it; median of the last quarter",
        SEEDS,
        xor_off_the_edge,
        below=0.15,
        varied=(
            Variation(
                f"lr {STEEP.xor_low} instead of {STEEP.xor_lr:g}",
                partial(xor_off_the_edge, lr=STEEP.xor_low),
                "the learning rate is large enough",
            ),
        ),
        cell="c09-14",
    ),
    Claim(
        "09.6",
        "With cross-entropy and one hidden layer, λmax never rises more than 10% above its start.",
        "ours",
        f"{WITH_ENTROPY}; one hidden layer",
        "highest λmax of a walk over that at its start, median of the starts",
        SEEDS,
        highest,
        below=1.1,
        varied=(
            Variation(
                "3 hidden layers instead of 1", partial(highest, layers=3), "the network is shallow"
            ),
        ),
        cell="c09-17",
    ),
    Claim(
        "09.7",
        "With cross-entropy in a deeper network, λmax rises to at least 1.5 times its start, and "
        "ends lower by at least a third.",
        "Cohen et al. 2021, appendix C",
        f"{WITH_ENTROPY}; three hidden layers, start × {STEEP.deep_scale}",
        "highest λmax over that at the start or the end, whichever is larger; median of the starts",
        SEEDS,
        hump,
        above=1.5,
        varied=(
            Variation(
                "1 hidden layer instead of 3", partial(hump, layers=1), "the network is deep"
            ),
            Variation(
                f"lr {STEEP.fast_ce:g} instead of {STEEP.lr_ce}, λmax every 5",
                partial(hump, **FAST),
                "the learning rate is small",
            ),
        ),
        cell="c09-17",
    ),
    Claim(
        "09.8",
        "Raising the learning rate above 2/λmax leads to flatter ground: λmax falls by at least "
        "a fifth.",
        "after Lewkowycz et al. 2020, section 1: from 2/λ at the start of training",
        f"{RAISED}; f = 1.5",
        f"λmax after over before, median of the starts; {DIVERGED:g} if the walk diverged",
        SEEDS,
        flatter,
        below=0.8,
        varied=(
            Variation("f = 0.8 instead of 1.5", partial(flatter, factor=0.8), "f is above 1"),
            Variation("f = 1.9 instead of 1.5", partial(flatter, factor=1.9), "f is at most 1.5"),
        ),
        cell="c09-20",
    ),
    Claim(
        "09.9",
        "A walk survives if its rate is raised to nearly 4/λmax.",
        "after Lewkowycz et al. 2020, section 1: up to 4/λ at the start, in a linear network",
        f"{RAISED}; f = 1.9",
        "fraction of the starts that don't diverge",
        SEEDS,
        survivors,
        above=0.5,
        varied=(
            Variation("f = 2.3 instead of 1.9", partial(survivors, factor=2.3), "f is below 2"),
        ),
        cell="c09-20",
    ),
    Claim(
        "09.10",
        "50 steps after the learning rate is cut to a tenth, the loss is at least 5% lower than "
        "without the cut.",
        "Wen et al. 2024, section 1",
        SCHEDULE,
        "how much lower the loss is 50 steps after the cut than without it, a fraction",
        SEEDS,
        drop,
        above=0.05,
        varied=(
            Variation(
                "clean labels instead of 20% noisy", partial(drop, noise=0.0), "labels are noisy"
            ),
            Variation(
                "batches of 100 instead of 10",
                partial(drop, batch_size=100),
                "the batches are small",
            ),
        ),
        cell="c09-30",
    ),
    Claim(
        "09.11",
        "The low rate all along ends at least 20% higher than the high rate that is cut at last.",
        "Wen et al. 2024, section 1",
        SCHEDULE,
        "loss with the low rate all along over that with the high rate and a cut",
        SEEDS,
        low_all_along,
        above=1.2,
        varied=(
            Variation(
                "clean labels instead of 20% noisy",
                partial(low_all_along, noise=0.0),
                "labels are noisy",
            ),
        ),
        cell="c09-30",
    ),
    Claim(
        "09.12",
        "With a warm-up, a learning rate at least 1.4 times as large survives.",
        "Gilmer et al. 2022, section 1",
        f"{STEEP.n_train} digits, 64-{STEEP.width}-10 tanh, squared error, gradient descent on all "
        f"examples; a warm-up of {STEEP.warm} steps, or none, and 100 steps; rates from "
        f"2 to 91, each √2 times the last; {DRAWN}",
        "largest rate before the first with which no start ends below its first loss, with warm-up "
        "over without",
        SEEDS,
        warm_up_gain,
        above=1.4,
        varied=(
            Variation(
                "initial parameters × 2 instead of × 1",
                partial(warm_up_gain, scale=2.0),
                "the initial parameters aren't large",
            ),
            Variation(
                "cross-entropy and 3 layers instead of squared error and 1",
                partial(warm_up_gain, loss=cross_entropy, layers=3),
                "the loss is the squared error and the network shallow",
            ),
        ),
        cell="c09-33",
    ),
    Claim(
        "09.13",
        "At equal training loss, λmax is lower where the noise scale lr/B is higher: a rank "
        "correlation below −0.5.",
        "Jastrzębski et al. 2018, section 3",
        f"{NOISE}; squared error, lr 0.15, 0.6 and 2.4, loss {LEVELS['squared error']}",
        "Spearman correlation of λmax with lr/B over nine runs",
        SEEDS,
        scale_rank,
        below=-0.5,
        varied=(
            Variation(
                "cross-entropy with 20% noisy labels, lr 0.03, 0.12 and 0.48, instead of squared "
                "error",
                partial(scale_rank, kind="cross-entropy"),
                "the loss is the squared error",
            ),
        ),
        cell="c09-36",
    ),
    Claim(
        "09.14",
        "Runs with the same noise scale end equally flat: at equal training loss their λmax "
        "differs by less than 10%.",
        "Jastrzębski et al. 2018, section 3",
        f"{NOISE}; squared error, lr/B = 0.0075 by lr 0.15, 0.6 and 2.4",
        "largest over smallest λmax of three runs",
        SEEDS,
        same_scale,
        below=1.1,
        varied=(
            Variation(
                "cross-entropy with 20% noisy labels, lr/B = 0.0015, instead of squared error",
                partial(same_scale, kind="cross-entropy"),
                "the loss is the squared error",
            ),
        ),
        cell="c09-36",
    ),
]
