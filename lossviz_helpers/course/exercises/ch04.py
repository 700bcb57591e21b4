"""The exercises of chapter 04, PCA slices, and their checks."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...curvature import gradient
from ...objective import Objective
from ...slices import Slice, explained_variance, random_walk_variance
from ..low_points import second_low_point
from ..scenarios import chosen_walk
from .exercise import (
    Answers,
    around,
    close,
    exercise,
    hint,
    right,
    wrong,
)


def walks_to_try() -> list[Tensor]:
    """Random walks of shape `(T, P)`, far from 0; the last one moves in three dimensions only."""
    generator = torch.Generator().manual_seed(4)
    sizes = ((60, 5), (40, 13), (12, 30), (50, 3))
    return [5 + torch.randn(size, generator=generator).double().cumsum(dim=0) for size in sizes]


@exercise("04.1")
def own_directions(directions: Callable[..., Any]) -> str:
    hint(not callable(directions), "Pass the function itself to check: my_directions, without ().")
    for points in walks_to_try():
        given = directions(points.clone())
        found = torch.as_tensor(given, dtype=torch.float64)
        P = points.shape[1]
        hint(found.shape == (P, 2), "These are columns: return the directions as rows, (2, P).")
        hint(found.shape != (2, P), f"For {P} parameters the shape should be (2, {P}).")
        gram = found @ found.T
        hint(not torch.isfinite(found).all(), "Some entries are nan or inf.")
        hint(
            not torch.allclose(gram.diagonal(), torch.ones(2).double(), atol=1e-4),
            "The directions don't have length 1.",
        )
        hint(abs(gram[0, 1].item()) > 1e-4, "The two directions aren't perpendicular.")
        best = explained_variance(points, Slice.pca(points, dims=2).directions)
        held = explained_variance(points, found)
        hint(
            close(held[1], best[1], 1e-3) and held[0] < best[0] - 1e-3,
            "The right plane, but the direction with the larger spread should come first.",
        )
        hint(
            not close(held[1], best[1], 1e-3),
            "Other directions explain more variance. Did you subtract the mean of the points?",
        )
    return "That is all that PCA does; the signs are arbitrary."


def by_svd(points: Tensor) -> Tensor:
    found: Tensor = torch.linalg.svd(points - points.mean(dim=0), full_matrices=False).Vh[:2]
    return found


def by_eigh(points: Tensor) -> Tensor:
    spread = points - points.mean(dim=0)
    found: Tensor = -torch.linalg.eigh(spread.T @ spread).eigenvectors.T.flip(0)[:2]
    return found


@own_directions.evidence
def _() -> Answers:
    yield right(by_svd)
    yield right(by_eigh)
    yield right(lambda points: by_svd(points).numpy())
    yield right(lambda points: by_svd(points).float())
    yield wrong(lambda points: by_svd(points).T, hint="columns")
    yield wrong(lambda points: by_svd(points)[:1], hint="shape should be (2, 5)")
    yield wrong(lambda points: 2 * by_svd(points), hint="length 1")
    yield wrong(lambda points: by_svd(points)[[0, 0]], hint="aren't perpendicular")
    yield wrong(lambda points: by_svd(points).flip(0), hint="larger spread should come first")
    yield wrong(lambda points: torch.linalg.svd(points).Vh[:2], hint="subtract the mean")
    yield wrong(lambda points: torch.eye(points.shape[1])[:2])
    yield wrong(lambda points: by_svd(points) * math.nan, hint="nan or inf")
    yield wrong(lambda points: None, hint="returns nothing")
    yield wrong(lambda points: "PC1", hint="could not use this answer")
    yield wrong(lambda: 1, hint="stopped with TypeError")
    yield wrong(by_svd(walks_to_try()[0]), hint="the function itself")


@exercise("04.2")
def null_share(share: float) -> str:
    one, two = random_walk_variance(steps=1000, P=1_000_000, dims=2)
    hint(float(share) > 1, "Give a fraction from 0 to 1, not a percentage.")
    hint(close(share, 0.78, 1e-6), "That is what the colleague found for training.")
    hint(close(share, one, 0.02), "That is the fraction for the first component alone.")
    hint(float(share) < 1e-3, "Random directions would explain 2/P. PCA chooses its directions.")
    hint(
        not close(share, two, 0.01),
        "random_walk_variance gives the fractions for 1 … dims components.",
    )
    return "The colleague's finding barely exceeds the null model."


@null_share.evidence
def _() -> Answers:
    one, two, three = random_walk_variance(steps=1000, P=200, dims=3)
    yield from around(two, 0.01)
    yield wrong(0.78, hint="what the colleague found")
    yield wrong(76, hint="not a percentage")
    yield wrong(one, hint="first component alone")
    yield wrong(2 / 1_000_000, hint="PCA chooses its directions")
    yield wrong(three, hint="the fractions for 1 … dims")
    yield wrong(0.9, hint="the fractions for 1 … dims")
    yield wrong(math.nan, hint="the fractions for 1 … dims")
    yield wrong(np.array([one, two]), hint="could not use this answer")
    yield wrong(None, hint="could not use this answer")


MAX_DISTANCE = 0.01  # in parameter units


def places_to_try(L: Objective) -> dict[str, Tensor]:
    """The two points of the chapter, and some untrained ones."""
    _, path = chosen_walk()
    view = Slice.pca(path.points, dims=2)
    low = second_low_point(L, path, view)
    assert low is not None, "the chosen walk has one"
    others = {f"the starting point with seed {s}": L.initial_points([s])[0] for s in range(3)}
    return {"✕": view.point(torch.tensor(low.alpha)), "★": path.end, **others}


@exercise("04.3")
def lower_nearby(lower: Callable[..., Any]) -> str:
    hint(not callable(lower), "Pass the function itself to check: lower, without ().")
    L, _ = chosen_walk()
    for name, theta in places_to_try(L).items():
        given = lower(L, theta.clone())
        found = torch.as_tensor(given, dtype=torch.float64)
        hint(found.shape != theta.shape, f"Return a point of shape ({L.P},), as theta is.")
        away = (found - theta).norm().item()
        hint(away > MAX_DISTANCE * (1 + 1e-6), f"At {name} your point is {away:.3g} away: too far.")
        hint(not math.isfinite(away), "Some entries of your point are nan or inf.")
        hint(
            not L(found).item() < L(theta).item(),
            f"At {name} your point isn't lower than theta. Which way does the loss fall? And is "
            "the step short enough?",
        )
    return "So neither ✕ nor ★ is a minimum."


def short_step(L: Objective, theta: Tensor) -> Tensor:
    """Against the gradient, halving the step until the loss falls."""
    downhill, step = -_unit(gradient(L, theta)), MAX_DISTANCE
    while L(theta + step * downhill) >= L(theta):
        step /= 2
    return theta + step * downhill


@lower_nearby.evidence
def _() -> Answers:
    yield right(short_step)
    yield right(lambda L, theta: short_step(L, theta).numpy())
    yield right(lambda L, theta: theta - 1e-3 * gradient(L, theta))
    yield wrong(lambda L, theta: theta - gradient(L, theta), hint="too far")
    yield wrong(lambda L, theta: theta + 1e-3 * gradient(L, theta), hint="isn't lower")
    yield wrong(lambda L, theta: theta, hint="isn't lower")
    yield wrong(lambda L, theta: theta - 1.01 * MAX_DISTANCE * _unit(gradient(L, theta)))
    yield wrong(lambda L, theta: L(theta), hint="Return a point of shape (13,)")
    yield wrong(lambda L, theta: theta * math.nan, hint="nan or inf")
    yield wrong(lambda L, theta: None, hint="returns nothing")
    yield wrong(lambda theta: theta, hint="stopped with TypeError")
    yield wrong(0.04, hint="the function itself")


def _unit(vector: Tensor) -> Tensor:
    return torch.nn.functional.normalize(vector, dim=0)
