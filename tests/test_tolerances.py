"""An answer just inside its tolerance is right, one just outside it isn't: for every exercise.

Right answers that are computed, not known, are those of the checks themselves: `test_exercises.py`
sees that the chapters' solutions reach them.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from test_exercises import registered, told
from torch.nn.functional import binary_cross_entropy_with_logits

from lossviz_helpers import (
    Landscape,
    Objective,
    Slice,
    cross_entropy,
    diagonal,
    digit_classifier,
    digits,
    model_1,
    random_walk_variance,
    squared_error,
)
from lossviz_helpers.course.exercises import all as exercises

Case = tuple[bool, tuple]  # whether an answer is right, and the answer
EDGES: dict[str, Callable[..., Iterable[Case]]] = {}


def edges(number: str):
    """Register a function of `monkeypatch` that yields the cases of an exercise."""

    def register(function):
        EDGES[number] = function
        return function

    return register


def around(right: float, tolerance: float, answer=lambda x: (x,)) -> list[Case]:
    """Just inside and just outside the tolerance of a number, on both sides."""
    shares = [(True, 0.95), (True, -0.95), (False, 1.05), (False, -1.05)]
    return [(well, answer(right + share * tolerance)) for well, share in shares]


def between(low: float, high: float, answer=lambda x: (x,)) -> list[Case]:
    """Just inside and just outside an interval."""
    middle, half = (low + high) / 2, (high - low) / 2
    return around(middle, half, answer)


def around_point(right: Iterable[float], radius: float) -> list[Case]:
    """Just inside and just outside the sphere around a point, along each axis and across them."""
    right = torch.as_tensor(right, dtype=torch.float64)
    ways = [*torch.eye(right.numel()).double(), torch.ones(right.numel()).double()]
    ways = [sign * way / way.norm() for way in ways for sign in (1, -1)]
    return [
        (well, ((right.flatten() + share * radius * way).view_as(right),))
        for way in ways
        for well, share in ((True, 0.95), (False, 1.05))
    ]


def numbers(*right, wrong: Iterable) -> list[Case]:
    """Answers that are counted or chosen, which have no tolerance."""
    return [*((True, (x,)) for x in right), *((False, (x,)) for x in wrong)]


# The exercises


@edges("01.1")
def _(_):
    nats, bits = math.log(50_000), math.log2(50_000)
    yield from around(nats, 1e-3 * nats, lambda x: (x, bits))
    yield from around(bits, 1e-3 * bits, lambda x: (nats, x))


@edges("01.2")
def _(_):
    # A is sure of one example and p of the other, B says 0.4 of both: squared error prefers A from
    # (1 − p)² = 2 · 0.6² on, cross-entropy prefers B up to p = 0.4²
    low, high = 1 - math.sqrt(2) * 0.6, 0.4**2
    yield from between(low, high, lambda p: ([1.0, p], [0.4, 0.4]))


@edges("01.3")
def _(_):
    yield from around((300 * (0.20 + 0.30 + 0.25) + 100 * 0.90) / 1000, 1e-3)


@edges("02.1")
def _(_):
    yield from around(50**13, 1e-3 * 50**13)


@edges("02.2")
def _(_):
    yield from around_point((-4 / 7, 10 / 7), 0.15)


@edges("02.3")
def _(_):
    L = Objective(model_1(), diagonal(), squared_error)
    best = torch.linalg.lstsq(L.x, L.y[:, None]).solution
    right = ((L.x @ best).flatten() > 0.5) == (L.y > 0.5)
    yield from around(right.double().mean().item(), 0.02)


@edges("03.1")
def _(_):
    yield from around_point((0.0, -0.4), 0.01)


@edges("03.2")
def _(_):
    yield from around(0.35, 1e-3)


@edges("03.3")
def _(_):
    yield from around(48, 0.048)


@edges("04.1")
def _(_):
    yield from around(exercises._agreement(20), 0.05)


@edges("04.2")
def _(_):
    yield from around(random_walk_variance(steps=1000, P=200, dims=2)[1], 0.02)


@edges("04.3")
def _(_):
    _, best = exercises._losses_of_bias()
    yield from around(best, 0.03 * best)


@edges("05.1")
def _(_):
    most = 5 * exercises._gain_of_finer_grid() + 1e-3
    yield from between(0, most)
    yield False, (0,)


@edges("05.2")
def _(_):
    right = 60 * 40 * 40 * 40
    yield from numbers(right, wrong=(right - 1, right + 1))


@edges("05.3")
def _(_):
    off, walked = exercises._walk_off_the_slice()
    yield from around(off / walked, 0.05)


@edges("06.1")
def _(_):
    every = (c for n in range(6) for c in itertools.combinations("ABCDE", n))
    wrong = ["".join(c) for c in every if c != ("A", "B")]
    yield from numbers("AB", "ba", "A, B", wrong=wrong)


@edges("06.2")
def _(_):
    yield from around(exercises._shares_of_noisy_labels()[1], 0.04)


@edges("07.1")
def _(_):
    # rows (1, 0) and (3, 4), as long as (3, 4) and (0, 2)
    yield from around_point(((5.0, 0.0), (1.2, 1.6)), 0.01)


@edges("07.2")
def _(_):
    loss, centre = exercises._plateau()
    yield from around(loss.mean() - centre, 0.15)


@edges("08.1")
def _(monkeypatch):
    # a thousand test digits, of which small batches get 900 right, and large ones so many
    y = torch.arange(1000) % 10

    def predict(right):
        said = torch.where(torch.arange(1000) < right, y, (y + 1) % 10)
        return torch.nn.functional.one_hot(said, 10)[None]

    L, T = SimpleNamespace(initial_points=len), SimpleNamespace(y=y, predict=predict)
    monkeypatch.setattr(exercises, "_batch_size_runs", lambda: (L, T, 900))
    for well, right in ((True, 891), (True, 890), (False, 889)):
        monkeypatch.setattr(
            exercises, "descend", lambda *_, right=right, **__: SimpleNamespace(end=right)
        )
        yield well, (2.0,)


@edges("08.2")
def _(monkeypatch):
    L = Objective(digit_classifier(), digits(50)[0], cross_entropy)
    monkeypatch.setattr(exercises, "_batch_size_runs", lambda: (L, None, L.point()[None]))
    for well, times in ((True, 50.5), (False, 49.5)):
        curvatures = iter([2.0, 2.0 * times])
        monkeypatch.setattr(
            exercises, "eigenpairs", lambda *_, c=curvatures: (torch.tensor([next(c)]), None)
        )
        yield well, (10.0,)


@edges("09.1")
def _(_):
    # down from (3, 1) by 0.1 times the gradient (3.3, 5.6) at the worst point
    yield from around_point((2.67, 0.44), 0.005)


@edges("09.2")
def _(_):
    yield from between(0.03, 0.055, lambda loss: (loss, 2.0))
    yield from between(1.6, 3.2, lambda times: (0.04, times))


@edges("10.1")
def _(_):
    yield from around_point((2, 1.5), 0.01)


@edges("10.2")
def _(_):
    # 8 + 8 + 4 is more than any other order of the units gives
    orders = [list(order) for order in itertools.permutations(range(3)) if order != (1, 0, 2)]
    yield from numbers([1, 0, 2], wrong=orders)


@edges("10.3")
def _(_):
    yield True, (0.08, 0.95e-3)
    yield False, (0.08, 1.05e-3)
    yield True, (1.05e-3, 0.0)
    yield False, (0.95e-3, 0.0)
    yield True, (1.8e-3, 0.85e-3)
    yield False, (1.8e-3, 0.95e-3)


@edges("11.1")
def _(_):
    right = math.log(2) / 5000
    yield from around(right, 1e-3 * right)


@edges("11.2")
def _(_):
    yield from around(0.6 * 0.4 + 0.4 * 0.15, 1e-3)


@edges("11.3")
def _(_):
    yield from around((0.04 - 0.95 * 0.02) / 0.05, 1e-3)


@edges("12.1")
def _(_):
    def off_by(x):
        return (lambda outputs, y: binary_cross_entropy_with_logits(outputs["match"], y) + x,)

    yield from around(0, 1e-3, off_by)


@edges("12.2")
def _(_):
    yield from around(10 * 51 / 4 / 8, 0.01 * 10 * 51 / 4 / 8)


@edges("12.3")
def _(_):
    yield from around(1600, 1e-3 * 1600)


@edges("12.4")
def _(_):
    guess = math.log(10)

    def walls(left=-1.0, right=1.0, ends=10.0, low=0.9):
        """A window of 101 models; the loss is below that of a guess up to a share of the way."""
        axis = np.linspace(left, right, 201)
        loss = np.where(np.abs(axis) <= low + 1e-9, 0.0, 5.0)
        loss[[0, -1]] = ends
        return Landscape((axis,), loss, Slice(torch.zeros(3), torch.eye(3)[:1]))

    def answer(share=0.3, kept=0.7, **options):
        own = kept * options.get("ends", 10.0)
        at_the_edge, elsewhere = torch.tensor([own, 0.0], dtype=torch.float64)
        return walls(**options), share, lambda theta: at_the_edge if theta[0] == 1 else elsewhere

    yield from around(0.3, 0.02, answer)
    yield from ((well, answer(left=left)) for well, (left,) in around(-1, 1e-3))
    yield True, answer(ends=1.01 * guess)
    yield False, answer(ends=0.99 * guess)
    yield True, answer(low=0.81)
    yield False, answer(low=0.79)


@pytest.mark.parametrize("number", sorted(registered()))
def test_just_inside_is_right_and_just_outside_is_not(number, capsys, monkeypatch):
    seen = set()
    for well, answer in EDGES[number](monkeypatch):
        said = told(capsys, number, *answer)
        assert said.startswith("✓ Right. " if well else "✗ Not yet. "), f"{answer}: {said}"
        assert "could not use this answer" not in said, f"{answer}: {said}"
        seen.add(well)
    assert seen == {True, False}
