"""The exercises of chapter 06, saddles and curvature, and their checks."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ...curvature import gradient, hessian
from ...losses import squared_error
from ...models import model_3
from ...objective import Objective
from ..saddles import centred_diagonal, flat_place, landscape_of
from ..scenarios import LINGERING, chosen_walk
from .exercise import (
    Answers,
    around,
    close,
    exercise,
    hint,
    right,
    wrong,
)
from .given import one_number


@exercise("06.1")
def steps_to_leave(steps: float) -> str:
    found = one_number(steps)
    growth = math.log(1 + 0.2 * 0.05)
    hint(close(found, 1000), "The distance grows by a factor each step, not by a fixed length.")
    hint(
        close(found, math.log10(1000) / growth, 0.01),
        "Both logarithms need the same base.",
    )
    hint(
        close(found, math.log(1000) / math.log(1.05), 0.02),
        "The learning rate is 0.2: by how much does the distance grow in one step?",
    )
    hint(
        close(found, math.log(1000) / math.log(1.2), 0.02),
        "The eigenvalue is −0.05: by how much does the distance grow in one step?",
    )
    hint(found == 694, "After 694 steps it isn't quite there yet. Round up.")
    hint(found != 695, "How many times must you multiply 0.0001 by 1 + lr·|λ| to reach 0.1?")
    return "A factor of 1000, at 1% per step."


@steps_to_leave.evidence
def _() -> Answers:
    distance, steps = 0.0001, 0
    while distance < 0.1:  # step by step, without the formula
        distance *= 1.01
        steps += 1
    yield right(steps)
    yield right(torch.tensor(float(steps)))
    yield wrong(694, hint="Round up")
    yield wrong(696)
    yield wrong(694.2, hint="How many times must you multiply")
    yield wrong(1000, hint="by a factor each step")
    yield wrong(302, hint="the same base")
    yield wrong(142, hint="The learning rate is 0.2")
    yield wrong(38, hint="The eigenvalue is −0.05")
    yield wrong(math.nan, hint="Give one number")
    yield wrong("soon", hint="Give one number")


@exercise("06.2")
def mean_curvature(curvature: float) -> str:
    found = one_number(curvature)
    hint(close(found, 20), "That is the sum of all eigenvalues. How much is that per direction?")
    hint(close(found, -0.1), "That is the lowest eigenvalue, the curvature of a chosen direction.")
    hint(close(found, 3), "That is the highest eigenvalue, the curvature of a chosen direction.")
    hint(close(found, 20 / 110), "Directions with eigenvalue 0 count too.")
    hint(
        close(found, 2.9 / 3),
        "How many times does each of the three eigenvalues occur among the 1000?",
    )
    hint(close(found, 0.04), "That is the sum without signs: the negative ones lower the mean.")
    hint(not math.isclose(found, 0.02, abs_tol=5e-4), "It is the mean of all 1000 eigenvalues.")
    return "Ten large eigenvalues outweigh a hundred negative ones."


@mean_curvature.evidence
def _() -> Answers:
    every = torch.cat([torch.full((100,), -0.1), torch.zeros(890), torch.full((10,), 3.0)])
    yield right(every.mean())
    yield from around(0.02, 5e-4)
    yield wrong(20, hint="the sum of all eigenvalues")
    yield wrong(-0.1, hint="the lowest eigenvalue")
    yield wrong(3, hint="the highest eigenvalue")
    yield wrong(20 / 110, hint="count too")
    yield wrong(2.9 / 3, hint="How many times")
    yield wrong(0.04, hint="without signs")
    yield wrong(0.5, hint="the mean of all 1000")
    yield wrong(None, hint="Give one number")


class Place(NamedTuple):
    """A point whose kind is known; `what` is how a hint refers to it."""

    L: Objective
    theta: Tensor
    kind: str
    what: str


def quadratic(values: list[float], slope: float = 0.0, seed: int = 0) -> Objective:
    """½ Σ λᵢ(eᵢ·θ)² + slope · Σ θᵢ/√P, with eigenvectors eᵢ in random directions."""
    P = len(values)
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(P, P, generator=generator, dtype=torch.float64)
    Q, eigenvalues = torch.linalg.qr(drawn).Q, torch.tensor(values, dtype=torch.float64)
    return landscape_of(
        lambda t: (eigenvalues * (Q.T @ t) ** 2).sum() / 2 + slope * t.sum() / P**0.5, P
    )


MAX_DISTANCE = 0.1  # in parameter units


@cache
def saddles() -> tuple[Place, ...]:
    """Points where the gradient is zero but there is a way down."""
    linear = Objective(
        model_3(output="linear"), centred_diagonal(LINGERING.examples), squared_error
    )
    L, path = chosen_walk()
    return (
        Place(
            quadratic([-0.5] + 29 * [1.0]),
            torch.zeros(30, dtype=torch.float64),
            "saddle",
            "a quadratic with one negative eigenvalue out of 30",
        ),
        Place(
            linear,
            torch.zeros(13, dtype=torch.float64),
            "saddle",
            "Model 3 with all parameters 0",
        ),
        Place(L, flat_place(L, path.start), "saddle", "the saddle of Model 3 near ○"),
    )


@exercise("06.3")
def down_from_a_saddle(way_down: Callable[..., Any]) -> str:
    hint(not callable(way_down), "Pass the function itself to check: way_down, without ().")
    for L, theta, _, what in saddles():
        found = torch.as_tensor(way_down(L, theta.clone()), dtype=torch.float64)
        hint(found.shape != theta.shape, f"Return a point of shape ({L.P},), as theta is.")
        away = (found - theta).norm().item()
        hint(not math.isfinite(away), "Some entries of your point are nan or inf.")
        hint(away > MAX_DISTANCE * (1 + 1e-6), f"At {what} your point is {away:.3g} away: too far.")
        hint(
            away < 1e-9,
            f"At {what} your point is theta itself. The gradient is zero there; what else tells "
            "you about directions?",
        )
        change = (L(found) - L(theta)).item()
        hint(
            change > 0,
            f"At {what} your point is higher than theta. Along which eigenvectors does it go down?",
        )
        hint(change > -1e-9, f"At {what} your point isn't lower than theta, except for rounding.")
    return "The gradient can't tell you that, but the Hessian can."


def along(L: Objective, theta: Tensor, which: int) -> Tensor:
    """A step along one eigenvector, counted from the lowest eigenvalue."""
    vectors: Tensor = torch.linalg.eigh(hessian(L, theta)).eigenvectors
    return theta + MAX_DISTANCE * vectors[:, which]


def along_lowest(L: Objective, theta: Tensor) -> Tensor:
    return along(L, theta, 0)


@down_from_a_saddle.evidence
def _() -> Answers:
    def best_of_many(L: Objective, theta: Tensor) -> Tensor:
        generator = torch.Generator().manual_seed(0)
        drawn = torch.randn(1000, L.P, generator=generator, dtype=torch.float64)
        tried = theta + MAX_DISTANCE * drawn / drawn.norm(dim=1, keepdim=True)
        best: Tensor = tried[L(tried).argmin()]
        return best

    yield right(along_lowest)
    yield right(lambda L, theta: 2 * theta - along_lowest(L, theta))
    yield right(lambda L, theta: along_lowest(L, theta).numpy())
    yield right(lambda L, theta: 0.9 * theta + 0.1 * along_lowest(L, theta) + 0)
    yield wrong(lambda L, theta: theta - 0.01 * gradient(L, theta), hint="theta itself")
    yield wrong(lambda L, theta: along(L, theta, -1), hint="is higher than theta")
    yield wrong(best_of_many, hint="is higher than theta")
    yield wrong(lambda L, theta: theta + 1.05 * (along_lowest(L, theta) - theta))
    yield wrong(lambda L, theta: L(theta), hint="Return a point of shape (30,)")
    yield wrong(lambda L, theta: theta * math.nan, hint="nan or inf")
    yield wrong(lambda L, theta: None, hint="returns nothing")
    yield wrong(lambda theta: theta, hint="stopped with TypeError")
    yield wrong(0.1, hint="the function itself")


@cache
def places() -> tuple[Place, ...]:
    """Points of all kinds, and borderline cases."""

    def at_zero(L: Objective, kind: str, what: str) -> Place:
        return Place(L, torch.zeros(L.P, dtype=torch.float64), kind, what)

    _, linear, on_xor = saddles()
    chosen, path = chosen_walk()
    return (
        at_zero(quadratic([0.5, 1.0, 2.0]), "minimum", "the bottom of a bowl"),
        at_zero(quadratic([-0.5, 1.0, 2.0]), "saddle", "a quadratic with λ = −0.5, 1 and 2"),
        at_zero(quadratic([-0.5, -1.0, -2.0]), "neither", "the top of a dome"),
        at_zero(quadratic([0.5, 1.0, 2.0], slope=0.1), "neither", "a bowl, away from its bottom"),
        at_zero(quadratic([-0.5, 1.0], slope=0.1), "neither", "a quadratic with a slope"),
        at_zero(quadratic([0.0, 1.0, 2.0]), "neither", "a quadratic with λ = 0, 1 and 2"),
        at_zero(quadratic([-1.0, 0.0, 1.0]), "saddle", "a quadratic with λ = −1, 0 and 1"),
        at_zero(landscape_of(lambda t: (t**4).sum(), 2), "neither", "Σ θ⁴, whose Hessian is 0"),
        at_zero(quadratic(9 * [1.0], slope=5e-7), "minimum", "a bowl with a gradient of 5e-7"),
        at_zero(quadratic(9 * [1.0], slope=1.5e-6), "neither", "a bowl with a gradient of 1.5e-6"),
        at_zero(quadratic([5e-7, 1.0]), "neither", "a quadratic with λ = 5e-7 and 1"),
        at_zero(quadratic([-5e-7, 1.0]), "neither", "a quadratic with λ = −5e-7 and 1"),
        at_zero(quadratic([2e-6, 1.0]), "minimum", "a quadratic with λ = 2e-6 and 1"),
        at_zero(quadratic([-2e-6, 1.0]), "saddle", "a quadratic with λ = −2e-6 and 1"),
        at_zero(quadratic([-1.0, 5e-7]), "neither", "a quadratic with λ = −1 and 5e-7"),
        linear,
        on_xor,
        Place(chosen, path.start, "neither", "○, the start of the walk"),
    )


@exercise("06.4")
def kind_of_point(kind: Callable[..., Any]) -> str:
    hint(not callable(kind), "Pass the function itself to check: kind_of_point, without ().")
    wrong_ones = []
    for place in places():
        said = kind(place.L, place.theta.clone())
        hint(
            said not in ("minimum", "saddle", "neither"),
            f'Return "minimum", "saddle" or "neither"; at {place.what} you return {said!r}.',
        )
        if said != place.kind:
            wrong_ones.append((place, said))
    if wrong_ones:
        place, said = wrong_ones[0]
        hint(True, f"At {place.what} you say {said!r}. {_advice(place)}")
    return "Compare it with `false_minimum_test`: at these points it needs no further training."


def _advice(place: Place) -> str:
    """What to look at again, without the answer."""
    slope = gradient(place.L, place.theta).norm().item()
    if slope >= 1e-6:
        return f"How long is the gradient there? It is {slope:.1e}, over all parameters."
    values = torch.linalg.eigvalsh(hessian(place.L, place.theta))
    clear = values[values.abs() > 1e-6]
    if len(clear) < len(values) and place.kind == "neither":
        return "An eigenvalue of 0, up to rounding, could hide a way up or a way down."
    return "What are the signs of the eigenvalues there, apart from those that count as zero?"


def by_eigenvalues(L: Objective, theta: Tensor, flat: float = 1e-6, zero: float = 1e-6) -> str:
    if gradient(L, theta).norm() >= flat:
        return "neither"
    values = torch.linalg.eigvalsh(hessian(L, theta))
    if (values > zero).all():
        return "minimum"
    up, down = (values > zero).any(), (values < -zero).any()
    return "saddle" if up and down else "neither"


@kind_of_point.evidence
def _() -> Answers:
    def by_determinant(L: Objective, theta: Tensor) -> str:
        return "saddle" if torch.linalg.det(hessian(L, theta)) < 0 else "minimum"

    def without_slope(L: Objective, theta: Tensor) -> str:
        return by_eigenvalues(L, theta, flat=math.inf)

    def by_largest_entry(L: Objective, theta: Tensor) -> str:
        flat = gradient(L, theta).abs().max() < 1e-6
        return by_eigenvalues(L, theta, flat=math.inf) if flat else "neither"

    def dome_is_a_saddle(L: Objective, theta: Tensor) -> str:
        negative = bool((torch.linalg.eigvalsh(hessian(L, theta)) < -1e-6).any())
        flat = gradient(L, theta).norm() < 1e-6
        return "saddle" if negative and flat else by_eigenvalues(L, theta)

    def zero_is_enough(L: Objective, theta: Tensor) -> str:
        found = by_eigenvalues(L, theta)
        lowest = torch.linalg.eigvalsh(hessian(L, theta))[0]
        flat = gradient(L, theta).norm() < 1e-6
        return "minimum" if found == "neither" and flat and lowest >= -1e-6 else found

    yield right(by_eigenvalues)
    yield right(lambda L, theta: by_eigenvalues(L, theta, flat=1.2e-6, zero=1.2e-6))
    yield wrong(lambda L, theta: by_eigenvalues(L, theta, flat=2e-6))
    yield wrong(lambda L, theta: by_eigenvalues(L, theta, flat=4e-7), hint="What are the signs")
    yield wrong(lambda L, theta: by_eigenvalues(L, theta, zero=4e-7))
    yield wrong(lambda L, theta: by_eigenvalues(L, theta, zero=3e-6))
    yield wrong(by_largest_entry, hint="gradient of 1.5e-6")
    yield wrong(without_slope, hint="How long is the gradient")
    yield wrong(by_determinant, hint="top of a dome")
    yield wrong(dome_is_a_saddle, hint="top of a dome")
    yield wrong(zero_is_enough, hint="could hide")
    yield wrong(lambda L, theta: "minimum", hint="What are the signs")
    yield wrong(lambda L, theta: "neither", hint="What are the signs")
    yield wrong(lambda L, theta: "maximum", hint='Return "minimum"')
    yield wrong(lambda L, theta: None, hint="returns nothing")
    yield wrong(lambda theta: "saddle", hint="stopped with TypeError")
    yield wrong("saddle", hint="the function itself")
