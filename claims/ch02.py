"""Chapter 02: models as points, where training runs end, and what trying all models would cost."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import permutations, product

import torch
from torch import Tensor

from lossviz_helpers import (
    Dataset,
    Objective,
    accuracy,
    descend,
    diagonal,
    model_1,
    model_2,
    model_3,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import BOWL, WALK

from .ledger import Claim, Variation

SGD = torch.optim.SGD
GRID = torch.cartesian_prod(*(torch.linspace(lo, hi, 50) for lo, hi in BOWL.window))
Data = Callable[..., Dataset]


def landscape(seed: int, data: Data = diagonal) -> tuple[Objective, Tensor]:
    """Model 1 on its own data set, and a start in the window."""
    return Objective(model_1(), data(seed=seed), squared_error), in_window(seed)


def in_window(seed: int) -> Tensor:
    start = torch.rand(2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    low, high = torch.tensor(BOWL.window).T
    inside: Tensor = low + (high - low) * start
    return inside


# -- training --------------------------------------------------------------------------------------


def fall_of_the_loss(
    seeds: Sequence[int], data: Data = diagonal, lr: float = BOWL.lr, batch: int | None = None
) -> list[float]:
    """By how many powers of ten training lowers the loss."""
    found = []
    for seed in seeds:
        L, start = landscape(seed, data)
        path = descend(L, start, BOWL.steps, lr, SGD, batch, seed=seed, every=BOWL.steps)
        found.append((path.losses[0] / path.losses[-1]).log10().item())
    return found


def ends_apart(
    seeds: Sequence[int], data: Data = diagonal, steps: int = 1000, linear: bool = True
) -> list[float]:
    """The largest distance between the ends of ten walks."""
    found = []
    for seed in seeds:
        starts = torch.stack([in_window(100 * seed + i) for i in range(10)])
        L = Objective(model_1() if linear else model_3(), data(seed=seed), squared_error)
        if not linear:
            starts = L.initial_points(range(100 * seed, 100 * seed + 10))
        ends = descend(L, starts, steps, BOWL.lr, SGD, every=steps).end
        found.append(torch.cdist(ends, ends).max().item())
    return found


# -- the cost of a grid ----------------------------------------------------------------------------


def grid_against_training(seeds: Sequence[int], looped: bool) -> list[float]:
    """The grid's time divided by that of training; both measured here."""

    def seconds(work: Callable[[], object]) -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    found = []
    for seed in seeds:
        L, start = landscape(seed)
        train = partial(descend, L, start, BOWL.steps, BOWL.lr, SGD)
        training = min(seconds(train) for _ in range(2))
        grid = partial(_one_by_one, L) if looped else partial(L, GRID)
        found.append(min(seconds(grid) for _ in range(1 if looped else 3)) / training)
    return found


def _one_by_one(L: Objective) -> list[Tensor]:
    return [L(theta) for theta in GRID]


# -- a bias ----------------------------------------------------------------------------------------


def gain_of_a_bias(seeds: Sequence[int], data: Data = diagonal, fresh: bool = False) -> list[float]:
    """Accuracy of Model 2 minus that of Model 1 in percent, each at its lowest loss."""
    found = []
    for seed in seeds:
        train = data(seed=seed)
        test = data(seed=1000 + seed) if fresh else train
        shares = []
        for model in (model_1(), model_2()):
            L = Objective(model, train, squared_error)
            inputs = torch.cat([L.x, torch.ones(L.N, 1)], dim=1)[:, : L.P]  # ones for the bias
            best = torch.linalg.lstsq(inputs, L.y[:, None]).solution.flatten()
            shares.append(accuracy(L.predict(best, test.x), test.y))
        found.append(100 * (shares[1] - shares[0]))
    return found


# -- six training runs of Model 3 ------------------------------------------------------------------


@cache
def trainings(seed: int, lr: float) -> tuple[Tensor, Tensor]:
    """Starts and ends of six training runs of Model 3 on XOR, shape (6, 13) each."""
    L = Objective(model_3(), xor(seed=seed), squared_error)
    starts = L.initial_points(range(100 * seed, 100 * seed + 6))
    path = descend(L, starts, WALK.steps, lr, every=WALK.steps)
    return path.start, path.end


def copies(theta: Tensor) -> Iterator[Tensor]:
    """All 48 points with the same predictions: hidden units permuted, and their signs flipped."""
    weights, bias, output = theta[:6].view(3, 2), theta[6:9], theta[9:12]
    for order in permutations(range(3)):
        units = list(order)
        for signs in product((1.0, -1.0), repeat=3):
            s = theta.new_tensor(signs)
            flipped = (s[:, None] * weights[units]).flatten(), s * bias[units], s * output[units]
            yield torch.cat([*flipped, theta[12:]])


def typical_distance(points: Tensor, up_to_copies: bool) -> float:
    """The median distance between two points, or from one to the nearest copy of the other."""
    pairs = torch.combinations(torch.arange(len(points)))
    if not up_to_copies:
        return torch.pdist(points).median().item()
    apart = [min((points[i] - copy).norm() for copy in copies(points[j])) for i, j in pairs]
    return torch.stack(apart).median().item()


def ends_against_starts(
    seeds: Sequence[int], lr: float = WALK.lr, up_to_copies: bool = False
) -> list[float]:
    """Typical distance between two ends, divided by that between two starts."""
    found = []
    for seed in seeds:
        starts, ends = (typical_distance(p, up_to_copies) for p in trainings(seed, lr))
        found.append(ends / starts)
    return found


CLAIMS = [
    Claim(
        "02.1",
        "Properly trained, a model ends lower on the landscape than it started.",
        "Kirven 2019, “Models as points”",
        "Model 1, *diagonal* of 500 points, gradient descent lr 0.1, 300 steps",
        "log₁₀ of the loss at the start over that at the end",
        range(14),
        fall_of_the_loss,
        varied=(
            Variation(
                "XOR instead of diagonal",
                partial(fall_of_the_loss, data=xor),
                "the data are *diagonal*",
            ),
            Variation(
                "batches of 10 instead of all examples",
                partial(fall_of_the_loss, batch=10),
                "the gradient is taken over all examples",
            ),
            Variation(
                "learning rate 1.8 instead of 0.1",
                partial(fall_of_the_loss, lr=1.8),
                "the learning rate isn't too large",
            ),
        ),
        cell="c02-50",
    ),
    Claim(
        "02.2",
        "Trying every model on a grid takes longer than training.",
        "Kirven 2019, “Models as points”",
        "Model 1, 50×50 models one by one, against 300 steps of gradient descent",
        "time for the grid, divided by that for training",
        range(14),
        partial(grid_against_training, looped=True),
        above=1.0,
        varied=(
            Variation(
                "all models in one call instead of one by one",
                partial(grid_against_training, looped=False),
                "the models are evaluated one by one",
            ),
        ),
        cell="c02-33",
        timed=True,
    ),
    Claim(
        "02.3",
        "With squared loss, a linear model ends in the same place, wherever it starts.",
        "ours",
        "Model 1, *diagonal*, ten starts in the window, gradient descent lr 0.1, 1000 steps",
        "largest distance between two ends",
        range(14),
        ends_apart,
        below=0.02,
        varied=(
            Variation(
                "XOR instead of diagonal", partial(ends_apart, data=xor), "the data are *diagonal*"
            ),
            Variation(
                "100 steps instead of 1000",
                partial(ends_apart, steps=100),
                "there are enough steps",
            ),
            Variation(
                "Model 3 instead of Model 1",
                partial(ends_apart, linear=False),
                "the model is linear",
            ),
        ),
        cell="c02-26",
    ),
    Claim(
        "02.4",
        "At its lowest loss, a linear model with a bias classifies more examples correctly than "
        "one without.",
        "ours",
        "Model 2 and Model 1, *diagonal*, squared loss, least squares",
        "accuracy of Model 2 minus that of Model 1, percentage points",
        range(14),
        gain_of_a_bias,
        varied=(
            Variation(
                "on 500 new points instead of those it was fitted to",
                partial(gain_of_a_bias, fresh=True),
                "accuracy is measured where the model was fitted",
            ),
            Variation(
                "XOR instead of diagonal",
                partial(gain_of_a_bias, data=xor),
                "a line separates the classes",
            ),
        ),
        cell="c02-54",
    ),
    Claim(
        "02.5",
        "Training runs of Model 3 end farther apart than they start.",
        "ours",
        "Model 3, XOR, six starts per seed, Adam lr 0.02, 1000 steps",
        "median distance between two ends, divided by that between two starts",
        range(14),
        ends_against_starts,
        above=1.0,
        varied=(
            Variation(
                "distance to the nearest copy (units permuted, signs flipped)",
                partial(ends_against_starts, up_to_copies=True),
                "copies count as different points",
            ),
            Variation(
                "learning rate 0.005 instead of 0.02",
                partial(ends_against_starts, lr=0.005),
                "the learning rate is 0.02",
            ),
        ),
        cell="c02-30",
    ),
]
