"""The exercises of chapter 12, paths between minima, and their checks."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import linear_sum_assignment

from .exercise import (
    Answers,
    Point,
    around_point,
    as_point,
    exercise,
    hint,
    lies_at,
    right,
    wrong,
)


@exercise("12.1")
def middle_of_a_curve(theta: Point) -> str:
    theta = as_point(theta)
    hint(theta.numel() != 2, f"A point here has 2 numbers, but you gave {theta.numel()}.")

    def is_at(*point: float) -> bool:
        return lies_at(theta, point, 0.01)

    hint(is_at(2, 3), "That is C. The curve is pulled towards C, but does not pass through it.")
    hint(is_at(2, 0), "That is the middle of the straight line: C pulls the curve up.")
    hint(is_at(1, 0.75) or is_at(1.5, 0.75), "C counts twice: its weight is 2t(1 − t).")
    hint(is_at(2, 0.75), "C counts twice: its weight is 2t(1 − t).")
    hint(is_at(4 / 3, 1) or is_at(2, 1), "The three weights at t = 0.5 are ¼, ½ and ¼, not thirds.")
    hint(not is_at(2, 1.5), "Put t = 0.5 into the formula: what weights do A, C and B get?")
    return "A quarter of A, half of C, a quarter of B."


@middle_of_a_curve.evidence
def _() -> Answers:
    yield from around_point((2, 1.5), 0.01)
    yield wrong((2, 3), hint="does not pass through it")
    yield wrong((2, 0), hint="middle of the straight line")
    yield wrong((2, 0.75), hint="C counts twice")
    yield wrong((2, 1), hint="not thirds")
    yield wrong(1.5, hint="but you gave 1")
    yield wrong((0, 0), hint="Put t = 0.5")
    yield wrong("halfway", hint="could not use this answer")


@exercise("12.2")
def match_by_hand(order: Sequence[int]) -> str:
    similarity = np.array([[9, 8, 1], [8, 3, 2], [2, 3, 4]])
    order = [int(unit) for unit in order]
    hint(
        len(order) != 3, f"Each of the three units of A needs a partner, but you gave {len(order)}."
    )
    hint(sorted(order) == [1, 2, 3], "Units are counted from 0: the units of B are 0, 1 and 2.")
    hint(sorted(order) != [0, 1, 2], "Every unit of B must be used exactly once.")
    hint(
        order == [0, 1, 2],
        "That finds the best partner for A0 first, and then for the rest. What does A1 lose?",
    )
    best = similarity[[0, 1, 2], order].sum()
    hint(best < 20, f"The similarities of this order add up to {best}. You can do better.")
    return "A0 gets its second choice, but that is best for all three together."


@match_by_hand.evidence
def _() -> Answers:
    # 8 + 8 + 4 is more than any other order of the units gives
    yield right([1, 0, 2])
    yield from (
        wrong(list(order)) for order in itertools.permutations(range(3)) if order != (1, 0, 2)
    )
    yield wrong([0, 1, 2], hint="best partner for A0 first")
    yield wrong([0, 0, 2], hint="exactly once")
    yield wrong([2, 1, 3], hint="counted from 0")
    yield wrong([1, 0], hint="a partner, but you gave 2")
    yield wrong([2, 1, 0], hint="You can do better")
    yield wrong(None, hint="could not use this answer")


Matcher = Callable[[npt.NDArray[np.float64]], Any]  # what a learner's function returns


def by_brute_force(similarity: npt.NDArray[np.float64]) -> list[int]:
    """The order with the largest sum, found by trying all of them."""
    units = range(len(similarity))
    best = max(itertools.permutations(units), key=lambda order: similarity[units, order].sum())
    return list(best)


def greedily(similarity: npt.NDArray[np.float64]) -> list[int]:
    """Each unit of A in turn takes the most similar unit that is left."""
    order: list[int] = []
    for row in similarity:
        left = [unit for unit in range(len(row)) if unit not in order]
        order.append(max(left, key=lambda unit: row[unit]))
    return order


def tables() -> list[npt.NDArray[np.float64]]:
    """Similarity tables for 2 to 5 units on which greedy matching isn't optimal."""
    drawn = (np.random.default_rng(seed).normal(size=(2 + seed % 4,) * 2) for seed in range(200))
    hard = [table for table in drawn if by_brute_force(table) != greedily(table)]
    return hard[:12]


@exercise("12.3")
def match_by_code(best_order: Matcher) -> str:
    hint(not callable(best_order), "Pass the function itself, without parentheses.")
    hard = tables()
    returned = [best_order(table.copy()) for table in hard]
    hint(
        any(np.ndim(order) != 1 for order in returned),
        "Return the order: one number for each unit of A.",
    )
    found = [[int(unit) for unit in order] for order in returned]
    hint(
        any(
            sorted(order) != list(range(len(table)))
            for order, table in zip(found, hard, strict=True)
        ),
        "Every unit of B must be used exactly once, and units are counted from 0.",
    )
    hint(
        found == [greedily(table) for table in hard],
        "Each unit of A takes the best that is left. What do the later units lose?",
    )
    wanted = [by_brute_force(table) for table in hard]
    hint(
        found == [np.argsort(order).tolist() for order in wanted],
        "That is the unit of A for each unit of B. Give the unit of B for each unit of A.",
    )
    hint(
        found == [by_brute_force(-table) for table in hard],
        "That makes the sum as small as possible. Look for the largest.",
    )
    off = sum(order != best for order, best in zip(found, wanted, strict=True))
    hint(off > 0, f"In {off} of {len(hard)} tables there is an order with a larger sum.")
    return "With 64 units there are too many orders to try; `match_weights` has a faster way."


@match_by_code.evidence
def _() -> Answers:
    def by_scipy(similarity: npt.NDArray[np.float64]) -> object:
        return linear_sum_assignment(similarity, maximize=True)[1]

    def mostly_right(similarity: npt.NDArray[np.float64]) -> list[int]:
        large = len(similarity) == 5
        return greedily(similarity) if large else by_brute_force(similarity)

    yield right(by_brute_force)
    yield right(by_scipy)
    yield right(lambda table: torch.tensor(by_brute_force(table)))
    yield wrong(mostly_right)
    yield wrong(greedily, hint="takes the best that is left")
    yield wrong(lambda table: np.argsort(by_brute_force(table)), hint="for each unit of B")
    yield wrong(lambda table: by_brute_force(-table), hint="as small as possible")
    yield wrong(lambda table: list(range(len(table))), hint="an order with a larger sum")
    yield wrong(lambda table: table.argmax(axis=1), hint="exactly once")
    yield wrong(lambda table: [unit + 1 for unit in by_brute_force(table)], hint="exactly once")
    yield wrong(lambda table: table[0].sum(), hint="Return the order")
    yield wrong(lambda table: None, hint="returns nothing")
    yield wrong(lambda table: "B1", hint="Return the order")
    yield wrong(lambda table: table[99], hint="stopped with IndexError")
    yield wrong(lambda table: [float("nan")] * len(table), hint="could not use this answer")
    yield wrong([1, 0, 2], hint="Pass the function itself")
    yield wrong(None, hint="Pass the function itself")


Update = Callable[[torch.Tensor, torch.Tensor, int], Any]  # mean of n points, next point, n


def running(update: Update, walk: torch.Tensor) -> list[Any]:
    """The averages after each point of a walk, as the learner's function updates them."""
    mean: Any = walk[0].clone()
    found = [mean.clone()]
    for n, theta in enumerate(walk[1:], start=1):
        mean = update(mean, theta.clone(), n)
        found.append(mean.clone() if isinstance(mean, torch.Tensor) else mean)
    return found


@exercise("12.4")
def running_average(update: Update) -> str:
    hint(not callable(update), "Pass the function itself, without parentheses.")
    generator = torch.Generator().manual_seed(0)
    walk = torch.randn(12, 3, generator=generator, dtype=torch.float64).cumsum(dim=0)
    returned = running(update, walk)
    hint(
        any(not isinstance(mean, torch.Tensor) or mean.shape != (3,) for mean in returned),
        "Return the new average: a point, with as many numbers as theta.",
    )
    found = torch.stack([mean.double() for mean in returned])
    counts = torch.arange(1, 13, dtype=torch.float64)[:, None]
    wanted = walk.cumsum(dim=0) / counts

    def is_like(other: Update) -> bool:
        return torch.allclose(found, torch.stack(running(other, walk)), atol=1e-8)

    hint(
        is_like(lambda mean, theta, n: (mean + theta) / 2),
        "The old average stands for n points, and theta for one. You give both the same weight.",
    )
    hint(
        is_like(lambda mean, theta, n: mean + (theta - mean) / n),
        "Counting theta, there are n + 1 points.",
    )
    hint(
        torch.allclose(found, walk.cumsum(dim=0)),
        "That is the sum. Divide it by the number of points.",
    )
    hint(torch.allclose(found, walk), "That is the last point, and the others are forgotten.")
    off = int((~torch.isclose(found, wanted, atol=1e-8)).any(dim=1).sum())
    hint(off > 0, f"On a walk of 12 points, {off} of the averages are different from the mean.")
    return "Two points in memory are enough, however long the walk."


@running_average.evidence
def _() -> Answers:
    def in_place(mean: torch.Tensor, theta: torch.Tensor, n: int) -> torch.Tensor:
        mean += (theta - mean) / (n + 1)
        return mean

    def forgets(mean: torch.Tensor, theta: torch.Tensor, n: int) -> torch.Tensor:
        return mean + (theta - mean) / min(n + 1, 10)

    yield right(lambda mean, theta, n: (n * mean + theta) / (n + 1))
    yield right(lambda mean, theta, n: mean + (theta - mean) / (n + 1))
    yield right(lambda mean, theta, n: torch.lerp(mean, theta, 1 / (n + 1)))
    yield right(in_place)
    yield wrong(forgets)
    yield wrong(lambda mean, theta, n: (mean + theta) / 2, hint="the same weight")
    yield wrong(lambda mean, theta, n: mean + (theta - mean) / n, hint="n + 1 points")
    yield wrong(lambda mean, theta, n: mean + theta, hint="That is the sum")
    yield wrong(lambda mean, theta, n: theta, hint="the last point")
    yield wrong(lambda mean, theta, n: mean, hint="11 of the averages")
    yield wrong(lambda mean, theta, n: theta.mean(), hint="Return the new average")
    yield wrong(lambda mean, theta, n: None, hint="returns nothing")
    yield wrong(lambda mean, theta, n: theta[99], hint="stopped with IndexError")
    yield wrong(torch.zeros(3), hint="Pass the function itself")
