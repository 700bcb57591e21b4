"""The exercises of chapter 08, batch size, and their checks."""

from functools import cache

import torch

from ...curvature import eigenpairs
from ...datasets import digits
from ...losses import cross_entropy
from ...models import digit_classifier
from ...objective import Objective
from ...training import descend
from .exercise import _close, _exercise, _hint


@cache
def _batch_size_runs() -> tuple[Objective, Objective, torch.Tensor]:
    """Training and test landscape, and the ends of ten small-batch runs."""
    L, T = (Objective(digit_classifier(), data, cross_entropy) for data in digits(n_train=1000))
    start = L.initial_points(range(10))
    return L, T, descend(L, start, 1000, 0.1, torch.optim.SGD, batch_size=20, every=1000).end


@_exercise("08.1")
def _learning_rate_of_large_batch(lr) -> str:
    lr = float(lr)
    _hint(not lr > 0, "A learning rate is positive.")
    L, T, small = _batch_size_runs()
    start = L.initial_points(range(10))
    large = descend(L, start, 40, lr, torch.optim.SGD, batch_size=500, every=40).end

    def correct(points: torch.Tensor) -> float:
        return 100 * (T.predict(points).argmax(dim=-1) == T.y).double().mean().item()

    gap = correct(small) - correct(large)
    _hint(
        gap > 1 and _close(lr, 0.1), f"That is the old learning rate: {gap:.0f} points are missing."
    )
    _hint(gap > 1 and lr < 1, f"Closer: {gap:.1f} points are missing. Larger steps are possible.")
    _hint(gap > 1, f"Those steps are too large: {gap:.1f} points are missing.")
    return f"Equal epochs, and a gap of {gap:.1f} points: the steps were too small, not the minima."


@_exercise("08.2")
def _sharpening_factor(c) -> str:
    c = float(c)
    _hint(c == 0, "With c = 0 the second layer is divided by zero.")
    _hint(c < 0, "A negative factor turns every ReLU the other way: that is another function.")
    L, _, models = _batch_size_runs()
    theta = models[0]
    p = L.parameters_at(theta)
    parts = (p["0.weight"] * c, p["0.bias"] * c, p["2.weight"] / c, p["2.bias"])
    before, after = (
        eigenpairs(L, point, 1, "highest")[0].item()
        for point in (theta, torch.cat([part.flatten() for part in parts]))
    )
    times = after / before
    _hint(_close(c, 1), "With c = 1 nothing changes.")
    _hint(
        times < 1,
        "That makes it flatter than before. Go further, or the other way.",
    )
    _hint(times < 50, f"The same function, {times:.1f} times as sharp. Go further that way.")
    return f"The same predictions, and {times:.0f} times the sharpness."
