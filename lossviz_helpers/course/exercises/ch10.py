"""The exercises of chapter 10, batch size, and their checks."""

from collections.abc import Callable, Sequence
from functools import cache

import torch
from torch import Tensor

from ...curvature import eigenpairs
from ...datasets import digits
from ...losses import cross_entropy
from ...models import digit_classifier
from ...objective import Objective
from ...training import descend
from ..scenarios import LARGE_BATCHES, SMALL_BATCHES, DigitTraining
from .exercise import Answers, close, exercise, hint, right, wrong


@cache
def small_batch_runs() -> tuple[Objective, Objective, Tensor]:
    """Training and test landscape, and the ends of ten small-batch runs."""
    data = digits(SMALL_BATCHES.n_train)
    L, T = (Objective(digit_classifier(), each, cross_entropy) for each in data)
    return L, T, _ends(L, SMALL_BATCHES, SMALL_BATCHES.steps, SMALL_BATCHES.lr)


def _ends(L: Objective, batches: DigitTraining, steps: int, lr: float) -> Tensor:
    start, size = L.initial_points(range(10)), batches.batch_size
    return descend(L, start, steps, lr, torch.optim.SGD, size, every=steps).end


def points_missing(lr: float) -> float:
    """How much accuracy large batches lose after as many epochs, in percentage points."""
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


@exercise("10.1")
def learning_rate_of_large_batch(lr: float) -> str:
    lr = float(lr)
    hint(not 0 < lr < 1e6, "A learning rate must be a positive number.")
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
    yield wrong(float("nan"), hint="positive")
    yield wrong(float("inf"), hint="positive")
    yield wrong(None, hint="could not use this answer")
    yield wrong(torch.ones(2), hint="could not use this answer")


@exercise("10.2")
def sharpening_factor(c: float) -> str:
    c = float(c)
    hint(not abs(c) < 1e4, "That is too large for the arithmetic: a smaller factor is enough.")
    hint(c == 0, "With c = 0 the second layer is divided by zero.")
    hint(
        c < 0, "A negative factor flips the input of every ReLU, which gives a different function."
    )
    times = times_as_sharp(c)
    hint(close(c, 1), "With c = 1 nothing changes.")
    hint(
        times < 1,
        "That makes it flatter than before. Go further, or in the other direction.",
    )
    hint(
        times < 50, f"The same function, {times:.1f} times as sharp. Go further in that direction."
    )
    return f"The same predictions, and {times:.0f} times the sharpness."


@sharpening_factor.evidence
def _() -> Answers:
    yield right(20.0)
    yield wrong(0, hint="divided by zero")
    yield wrong(-10.0, hint="a different function")
    yield wrong(1.0, hint="nothing changes")
    yield wrong(3.0, hint="times as sharp")
    yield wrong(0.3, hint="times as sharp")
    yield wrong("large", hint="could not use this answer")
    yield wrong(float("nan"), hint="too large")
    yield wrong(1e30, hint="too large")
    yield wrong(None, hint="could not use this answer")


Epoch = Callable[[int, int], Sequence[Sequence[int]]]


@exercise("10.3")
def batches_of_an_epoch(one_epoch: Epoch) -> str:
    hint(not callable(one_epoch), "Write a function: def one_epoch(n, batch_size): …")
    for n, size in ((12, 4), (10, 3), (5, 8)):
        batches = [_numbers(batch) for batch in one_epoch(n, size)]
        seen = [number for batch in batches for number in batch]
        asked = f"With {n} examples and batches of {size}"
        hint(
            len(seen) > len(set(seen)),
            f"{asked}, an example appeared twice. An epoch shows each one once.",
        )
        hint(min(seen, default=0) < 0 or max(seen, default=0) >= n, f"{asked}, count from 0.")
        missing = n - len(seen)
        hint(
            missing > 0,
            f"{asked}, {missing} of them were never shown. The last batch may be smaller.",
        )
        full, last = batches[:-1], batches[-1]
        hint(
            any(len(batch) != size for batch in full) or not 0 < len(last) <= size,
            f"{asked}, the sizes are {[len(batch) for batch in batches]}.",
        )
    orders = {str([_numbers(batch) for batch in one_epoch(60, 20)]) for _ in range(4)}
    hint(
        len(orders) < 2,
        "Every epoch has the same batches. Shuffle the examples again each time.",
    )
    members = {str([sorted(_numbers(batch)) for batch in one_epoch(60, 20)]) for _ in range(4)}
    hint(
        len(members) < 2,
        "The batches have the same members in every epoch. Shuffle the examples, then split them.",
    )
    return "Each example once, in a new order every epoch: that is how `descend` draws its batches."


def _numbers(batch: Sequence[int]) -> list[int]:
    return [int(number) for number in batch]


def _shuffled(n: int, batch_size: int) -> list[Tensor]:
    return list(torch.randperm(n).split(batch_size))


def _dropping_last(n: int, batch_size: int) -> list[Tensor]:
    return [batch for batch in _shuffled(n, batch_size) if len(batch) == min(batch_size, n)]


def _shuffled_inside(n: int, batch_size: int) -> list[Tensor]:
    return [part[torch.randperm(len(part))] for part in torch.arange(n).split(batch_size)]


@batches_of_an_epoch.evidence
def _() -> Answers:
    yield right(_shuffled)
    yield right(lambda n, size: (batch.tolist() for batch in _shuffled(n, size)))
    yield wrong(lambda n, size: torch.arange(n).split(size), hint="Shuffle")
    yield wrong(_shuffled_inside, hint="same members")
    yield wrong(_dropping_last, hint="never shown")
    yield wrong(
        lambda n, size: [torch.randint(n, (size,)) for _ in range(n)], hint="appeared twice"
    )
    yield wrong(lambda n, size: [torch.randperm(n)[:size]], hint="never shown")
    yield wrong(lambda n, size: (1 + torch.randperm(n)).split(size), hint="count from 0")
    yield wrong(lambda n, size: torch.randperm(n).split(1), hint="sizes")
    yield wrong(lambda n, size: [], hint="never shown")
    yield wrong(lambda n, size: torch.randperm(n - 1).split(size))
    yield wrong(lambda n, size: None, hint="returns nothing")
    yield wrong(lambda n: n, hint="stopped with TypeError")
    yield wrong([[0, 1], [2, 3]], hint="Write a function")
    yield wrong("shuffle", hint="Write a function")
    yield wrong(None, hint="Write a function")
