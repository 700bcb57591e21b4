"""The exercises of chapter 08, batch size, and their checks."""

from functools import cache

import torch
from torch import Tensor

from ...curvature import eigenpairs
from ...datasets import digits
from ...losses import cross_entropy
from ...models import digit_classifier
from ...objective import Objective
from ...training import descend
from ..scenarios import LARGE_BATCHES, SMALL_BATCHES, Reading
from .exercise import Answers, close, exercise, hint, right, wrong


@cache
def small_batch_runs() -> tuple[Objective, Objective, Tensor]:
    """Training and test landscape, and the ends of ten small-batch runs."""
    data = digits(SMALL_BATCHES.n_train)
    L, T = (Objective(digit_classifier(), each, cross_entropy) for each in data)
    return L, T, _ends(L, SMALL_BATCHES, SMALL_BATCHES.steps, SMALL_BATCHES.lr)


def _ends(L: Objective, batches: Reading, steps: int, lr: float) -> Tensor:
    start, size = L.initial_points(range(10)), batches.batch_size
    return descend(L, start, steps, lr, torch.optim.SGD, size, every=steps).end


def points_missing(lr: float) -> float:
    """Accuracy that large batches lose after the same number of epochs, in percentage points."""
    L, T, small = small_batch_runs()
    large = _ends(L, LARGE_BATCHES, 40, lr)
    return _percent_right(T, small) - _percent_right(T, large)


def _percent_right(T: Objective, points: Tensor) -> float:
    right = (T.predict(points).argmax(dim=-1) == T.y).double().mean()
    return 100 * float(right)


def times_as_sharp(c: float) -> float:
    """By what factor λmax grows if layer 1 is multiplied by c and layer 2 divided by c."""
    L, _, models = small_batch_runs()
    theta = models[0]
    p = L.parameters_at(theta)
    parts = (p["0.weight"] * c, p["0.bias"] * c, p["2.weight"] / c, p["2.bias"])
    before, after = (
        eigenpairs(L, point, 1, "highest")[0].item()
        for point in (theta, torch.cat([part.flatten() for part in parts]))
    )
    return after / before


@exercise("08.1")
def learning_rate_of_large_batch(lr: float) -> str:
    lr = float(lr)
    hint(not lr > 0, "A learning rate is positive.")
    gap = points_missing(lr)
    hint(
        gap > 1 and close(lr, SMALL_BATCHES.lr),
        f"That is the old learning rate: accuracy is {gap:.0f} points short.",
    )
    hint(gap > 1 and lr < 1, f"Closer: still {gap:.1f} points short. Larger steps are possible.")
    hint(gap > 1, f"Those steps are too large: accuracy is {gap:.1f} points short.")
    return f"Now the gap is {gap:.1f} points: the small steps were to blame, not the minima."


@learning_rate_of_large_batch.evidence
def _() -> Answers:
    yield right(1.0)
    yield wrong(SMALL_BATCHES.lr, hint="old learning rate")
    yield wrong(0.3, hint="Larger steps are possible")
    yield wrong(20.0, hint="too large")
    yield wrong(-1.0, hint="positive")
    yield wrong("more", hint="could not use this answer")


@exercise("08.2")
def sharpening_factor(c: float) -> str:
    c = float(c)
    hint(c == 0, "With c = 0 the second layer is divided by zero.")
    hint(c < 0, "A negative factor flips the input of every ReLU: that is another function.")
    times = times_as_sharp(c)
    hint(close(c, 1), "With c = 1 nothing changes.")
    hint(
        times < 1,
        "That makes it flatter than before. Go further, or the other way.",
    )
    hint(times < 50, f"The same function, {times:.1f} times as sharp. Go further that way.")
    return f"The same predictions, and {times:.0f} times the sharpness."


@sharpening_factor.evidence
def _() -> Answers:
    yield right(20.0)
    yield wrong(0, hint="divided by zero")
    yield wrong(-10.0, hint="another function")
    yield wrong(1.0, hint="nothing changes")
    yield wrong(3.0, hint="times as sharp")
    yield wrong(0.3, hint="times as sharp")
    yield wrong("large", hint="could not use this answer")
