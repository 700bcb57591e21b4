"""Chapter 02: models as points, and what trying all of them would cost."""

import time
from collections.abc import Sequence

import torch

from lossviz_helpers import Objective, descend, diagonal, model_1, squared_error
from lossviz_helpers.course.scenarios import BOWL

from .ledger import Claim, Variation

POST = "Kirven 2019"
GRID = torch.cartesian_prod(*(torch.linspace(lo, hi, 50) for lo, hi in BOWL.window))


def landscape(seed: int) -> tuple[Objective, torch.Tensor]:
    """Model 1 on its own diagonal data set, and a start in the window."""
    L = Objective(model_1(), diagonal(seed=seed), squared_error)
    start = torch.rand(2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    low, high = torch.tensor(BOWL.window).T
    return L, low + (high - low) * start


def training_lowers_the_loss(seeds: Sequence[int]) -> list[float]:
    found = []
    for seed in seeds:
        L, start = landscape(seed)
        path = descend(L, start, BOWL.steps, BOWL.lr, torch.optim.SGD, every=BOWL.steps)
        found.append((path.losses[0] - path.losses[-1]).item())
    return found


def grid_against_training(seeds: Sequence[int], looped: bool) -> list[float]:
    """Natural logarithm of the grid's time divided by that of training; both measured here."""

    def seconds(work) -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    found = []
    for seed in seeds:
        L, start = landscape(seed)
        sgd = {"steps": BOWL.steps, "lr": BOWL.lr, "optimizer": torch.optim.SGD}
        training = min(seconds(lambda: descend(L, start, **sgd)) for _ in range(2))  # noqa: B023
        grid = min(
            seconds(lambda: [L(θ) for θ in GRID] if looped else L(GRID))  # noqa: B023
            for _ in range(1 if looped else 3)
        )
        found.append(1.0 if grid > training else -1.0)
    return found


def one_floor(seeds: Sequence[int]) -> list[float]:
    """0.02 minus the largest distance between the ends of ten walks."""
    found = []
    for seed in seeds:
        L, _ = landscape(seed)
        starts = torch.stack([landscape(100 * seed + i)[1] for i in range(10)])
        ends = descend(L, starts, 1000, BOWL.lr, torch.optim.SGD, every=1000).end
        found.append(0.02 - torch.cdist(ends, ends).max().item())
    return found


CLAIMS = [
    Claim(
        "02.1",
        "Properly trained, a model ends lower on the landscape than it started.",
        POST,
        "Model 1, *diagonal* of 500 points, gradient descent lr 0.1, 300 steps",
        "loss at the start minus loss at the end",
        range(10),
        training_lowers_the_loss,
    ),
    Claim(
        "02.2",
        "Trying a grid of models takes longer than training.",
        POST,
        "Model 1, 50×50 models against 300 steps; without the condition: all models in one call",
        "+1 if the grid takes longer, else −1",
        range(6),
        lambda seeds: grid_against_training(seeds, looped=True),
        varied=(
            Variation(
                "without the condition",
                lambda seeds: grid_against_training(seeds, looped=False),
                "the models are evaluated one by one",
            ),
        ),
        timed=True,
    ),
    Claim(
        "02.3",
        "With squared loss a linear model ends in the same low place, wherever it starts.",
        "Bottou et al. 2018",
        "Model 1, *diagonal*, ten starts in the window, gradient descent lr 0.1, 1000 steps",
        "0.02 minus the largest distance between two ends",
        range(10),
        one_floor,
    ),
]
