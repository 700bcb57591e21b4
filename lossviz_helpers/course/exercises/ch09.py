"""The exercises of chapter 9, how steep can you walk, and their checks."""

from collections.abc import Callable
from functools import cache, partial

import torch
from torch import Tensor

from ...curvature import hessian
from ...datasets import diagonal, xor
from ...losses import squared_error
from ...models import model_1, model_3
from ...objective import Objective
from .exercise import Answers, around, close, exercise, hint, right, wrong
from .given import ODD_RETURNS, called, one_number, returned

Rate = Callable[[Objective, Tensor], float]
Gradient = Callable[[Tensor], Tensor]
Walk = Callable[[Gradient, Tensor, float, float, int], Tensor]


@exercise("09.1")
def steepest_walkable(lr: float) -> str:
    lr = one_number(lr)
    hint(close(lr, 2 / 3), "That uses 3 as the curvature. Differentiate 3θ² twice.")
    hint(close(lr, 1 / 6), "With that rate one step reaches the minimum. Larger ones work too.")
    hint(close(lr, 6), "That is the curvature, λ. The limit is 2/λ.")
    hint(not close(lr, 1 / 3), "A step multiplies θ by 1 − lr·λ. When is that −1?")
    return "λ is 6, so θ is multiplied by 1 − 6·lr, which is −1 at a third."


@steepest_walkable.evidence
def _() -> Answers:
    yield from around(1 / 3, 1e-3)
    yield wrong(2 / 3, hint="Differentiate 3θ² twice")
    yield wrong(1 / 6, hint="one step reaches the minimum")
    yield wrong(6, hint="That is the curvature")
    yield wrong(0.1, hint="When is that −1")
    yield wrong("steep", hint="Give one number")


@cache
def places() -> list[tuple[Objective, Tensor, Tensor]]:
    """Landscapes, points and the curvatures there: two bowls, and two points of Model 3."""
    bowls = [Objective(model_1(), diagonal(n, seed=n), squared_error) for n in (50, 500)]
    L = Objective(model_3(), xor(), squared_error)
    near, far = L.initial_points(range(2))
    found = [(bowls[0], bowls[0].point()), (bowls[1], bowls[1].point()), (L, near), (L, 5 * far)]
    return [(L, theta, torch.linalg.eigvalsh(hessian(L, theta))) for L, theta in found]


@exercise("09.2")
def largest_stable_rate(largest_rate: Rate) -> str:
    given = [returned("largest_rate", largest_rate, L, theta) for L, theta, _ in places()]

    def like(of: Callable[[Tensor], Tensor]) -> bool:
        """Whether the rates are 2 divided by this, at each of the places."""
        return all(
            close(rate, 2 / of(c).item()) for rate, (_, _, c) in zip(given, places(), strict=True)
        )

    hint(like(lambda c: 2 * c[-1]), "That is 1/λmax. Up to twice as much is stable.")
    hint(like(lambda c: 2 / c[-1]), "That is λmax. The steeper the ground, the smaller the rate.")
    hint(like(torch.sum), "That uses the sum of the curvatures. Take the largest one.")
    hint(
        like(lambda c: c[0]),
        "That is the smallest curvature. Along which direction does the walk diverge first?",
    )
    hint(
        not like(lambda c: c[-1]),
        "Compute λmax at this θ with this L, and divide 2 by it.",
    )
    return "2/λmax: the steepest direction sets the limit for all."


@largest_stable_rate.evidence
def _() -> Answers:
    def from_eigenvalues(of: Callable[[Tensor], Tensor]) -> Rate:
        return lambda L, theta: of(torch.linalg.eigvalsh(hessian(L, theta))).item()

    yield right(from_eigenvalues(lambda c: 2 / c[-1]))
    yield right(from_eigenvalues(lambda c: 2.001 / c[-1]))
    yield wrong(from_eigenvalues(lambda c: 2.01 / c[-1]))
    yield wrong(from_eigenvalues(lambda c: 1 / c[-1]), hint="Up to twice as much")
    yield wrong(from_eigenvalues(lambda c: c[-1]), hint="the smaller the rate")
    yield wrong(from_eigenvalues(lambda c: 2 / c.sum()), hint="Take the largest one")
    yield wrong(from_eigenvalues(lambda c: 2 / c[0]), hint="smallest curvature")
    yield wrong(lambda L, theta: 0.5, hint="at this θ with this L")
    for odd, words in ODD_RETURNS:
        yield wrong(lambda L, theta, odd=odd: odd, hint=words)
    yield wrong(lambda L, theta: theta[99], hint="stopped with IndexError")
    yield wrong(1.0, hint="should be a function")


CURVATURES = torch.tensor([1.0, 4.0], dtype=torch.float64)
BEGIN = torch.tensor([3.0, 1.0], dtype=torch.float64)


def heavy_ball(
    gradient: Gradient,
    theta: Tensor,
    lr: float,
    beta: float,
    steps: int,
    fresh: float = 1.0,
    sign: float = -1.0,
) -> Tensor:
    """The walk with momentum; `fresh` is the weight of the new gradient."""
    v = torch.zeros_like(theta)
    for _ in range(steps):
        v = beta * v + fresh * gradient(theta)
        theta = theta + sign * lr * v
    return theta


def look_ahead(gradient: Gradient, theta: Tensor, lr: float, beta: float, steps: int) -> Tensor:
    """Nesterov's momentum, which this exercise doesn't ask for."""
    v = torch.zeros_like(theta)
    for _ in range(steps):
        v = beta * v + gradient(theta - lr * beta * v)
        theta = theta - lr * v
    return theta


@exercise("09.3")
def walk_with_momentum(momentum_walk: Walk) -> str:
    def bowl(theta: Tensor) -> Tensor:
        return CURVATURES * theta

    given = BEGIN.clone()
    found = called("momentum_walk", momentum_walk, bowl, given, 0.1, 0.5, 4)
    hint(found.shape != BEGIN.shape, f"A point has shape (2,), got {tuple(found.shape)}.")

    def like(walk: Walk, *arguments: float) -> bool:
        return torch.allclose(found, walk(bowl, BEGIN, *(arguments or (0.1, 0.5, 4))), atol=1e-6)

    hint(like(heavy_ball, 0.1, 0.0, 4), "That is gradient descent: v forgets the earlier steps.")
    hint(
        like(partial(heavy_ball, fresh=0.5)),
        "Here the new gradient has weight 1, not 1 − β.",
    )
    hint(like(partial(heavy_ball, sign=1.0)), "That walks up: the step is subtracted.")
    hint(like(look_ahead), "That computes the gradient ahead of θ. Compute it at θ.")
    hint(like(heavy_ball, 0.1, 0.5, 3), "That is one step too few.")
    hint(like(heavy_ball, 0.1, 0.5, 5), "That is one step too many.")
    hint(not like(heavy_ball), "First v = β·v + gradient(θ), then θ = θ − lr·v, for each step.")
    edge = 2 * (1 + 0.9) / 4
    near, beyond = (
        called("momentum_walk", momentum_walk, bowl, BEGIN, share * edge, 0.9, 400).norm().item()
        for share in (0.97, 1.03)
    )
    hint(
        not near < 1 < beyond,
        "Right with lr 0.1 and β 0.5, but not with others. Use all five arguments.",
    )
    return "And the edge moved: with β = 0.9 it is at 2(1 + β)/λ = 0.95, not at 0.5."


@walk_with_momentum.evidence
def _() -> Answers:
    def by_torch(gradient: Gradient, theta: Tensor, lr: float, beta: float, steps: int) -> Tensor:
        theta = theta.clone().requires_grad_(True)
        optimizer = torch.optim.SGD([theta], lr=lr, momentum=beta)
        for _ in range(steps):
            theta.grad = gradient(theta.detach())
            optimizer.step()
        return theta.detach()

    yield right(heavy_ball)
    yield right(by_torch)
    yield wrong(
        lambda g, t, lr, b, n: heavy_ball(g, t, lr, 0.0, n), hint="forgets the earlier steps"
    )
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, lr, b, n, 1 - b), hint="has weight 1")
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, lr, b, n, 1, 1), hint="walks up")
    yield wrong(look_ahead, hint="ahead of θ")
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, lr, b, n - 1), hint="too few")
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, lr, b, n + 1), hint="too many")
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, lr, 0.5, n), hint="Use all five")
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, 0.1, b, n), hint="Use all five")
    yield wrong(lambda g, t, lr, b, n: heavy_ball(g, t, 1.0005 * lr, b, n))
    yield wrong(lambda g, t, lr, b, n: t, hint="First v")
    yield wrong(lambda g, t, lr, b, n: t[0], hint="A point has shape")
    yield wrong(lambda g, t, lr, b, n: None, hint="returns nothing")
    yield wrong(lambda g, t, lr, b, n: t[99], hint="stopped with IndexError")
    yield wrong(3, hint="should be a function")
