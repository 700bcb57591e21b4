"""The exercises of chapter 11, sharpness-aware minimisation, and their checks."""

from collections.abc import Callable

import torch
from torch import Tensor

from .exercise import Answers, around, close, exercise, hint, right, wrong

Gradient = Callable[[Tensor], Tensor]
Step = Callable[[Gradient, Tensor, float, float], Tensor]

START, SCALE, LR, RHO = (3.0, 1.0), (1.0, 4.0), 0.1, 0.5


@exercise("11.1")
def a_step_of_sam(sam_step: Step) -> str:
    hint(not callable(sam_step), "Write a function: def sam_step(gradient, theta, lr, rho): …")
    scale = torch.tensor(SCALE, dtype=torch.float64)
    theta = torch.tensor(START, dtype=torch.float64)
    asked: list[Tensor] = []

    def gradient(point: Tensor) -> Tensor:
        asked.append(point)
        return scale * point

    given = theta.clone()
    after = sam_step(gradient, given, LR, RHO)
    hint(not torch.equal(given, theta), "θ itself was changed. Compute a new point instead.")
    after = torch.as_tensor(after, dtype=torch.float64)
    hint(after.shape != theta.shape, f"A point has shape (2,), got {tuple(after.shape)}.")
    _compare(after, theta, scale)
    hint(len(asked) > 2, f"A SAM step computes two gradients; this one computed {len(asked)}.")
    other = torch.tensor([0.2, -0.4, 1.0], dtype=torch.float64)
    on_cubic = torch.as_tensor(sam_step(_cube, other, 0.3, 0.05), dtype=torch.float64)
    hint(
        not _same(on_cubic, _step(_cube, other, 0.3, 0.05)),
        "Right on one landscape, but wrong on another with different numbers. Use the arguments.",
    )
    return "Two gradients: one shows the way up, the other the step down."


def _compare(after: Tensor, theta: Tensor, scale: Tensor) -> None:
    """A hint for each common mistake."""
    g = scale * theta
    up = RHO * g / g.norm()
    mistakes = {
        "That is a step of gradient descent: the gradient at θ, not at θ + ε.": theta - LR * g,
        "That steps from the worst point. SAM only borrows the gradient there and steps from θ.": (
            theta + up - LR * scale * (theta + up)
        ),
        "That is the worst nearby point. Which gradient does it have?": theta + up,
        "ε has length ρ: divide the gradient by its own length first.": (
            theta - LR * scale * (theta + RHO * g)
        ),
        "That looks for the best nearby point: ε leads up, so it is added.": (
            theta - LR * scale * (theta - up)
        ),
        "That walks up: the step is subtracted.": theta + LR * scale * (theta + up),
    }
    for message, point in mistakes.items():
        hint(_same(after, point), message)
    hint(
        not _same(after, theta - LR * scale * (theta + up)),
        "g at θ shows the way up: ε = ρ·g/‖g‖. Then subtract lr times the gradient at θ + ε.",
    )


def _same(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and torch.allclose(a, b, atol=1e-5)


def _cube(theta: Tensor) -> Tensor:
    return theta * theta * theta


def _step(gradient: Gradient, theta: Tensor, lr: float, rho: float) -> Tensor:
    g = gradient(theta)
    return theta - lr * gradient(theta + rho * g / g.norm())


@a_step_of_sam.evidence
def _() -> Answers:
    def from_the_worst(gradient: Gradient, theta: Tensor, lr: float, rho: float) -> Tensor:
        g = gradient(theta)
        worst: Tensor = theta + rho * g / g.norm()
        return worst - lr * gradient(worst)

    def in_place(gradient: Gradient, theta: Tensor, lr: float, rho: float) -> Tensor:
        theta -= lr * gradient(theta)
        return theta

    yield right(_step)
    yield right(lambda gradient, theta, lr, rho: _step(gradient, theta, lr, rho).tolist())
    yield wrong(lambda gradient, theta, lr, rho: theta - lr * gradient(theta), hint="descent")
    yield wrong(from_the_worst, hint="steps from the worst point")
    yield wrong(
        lambda gradient, theta, lr, rho: theta + rho * gradient(theta) / gradient(theta).norm(),
        hint="worst nearby point",
    )
    yield wrong(
        lambda gradient, theta, lr, rho: theta - lr * gradient(theta + rho * gradient(theta)),
        hint="ε has length ρ",
    )
    yield wrong(lambda gradient, theta, lr, rho: _step(gradient, theta, lr, -rho), hint="best")
    yield wrong(lambda gradient, theta, lr, rho: _step(gradient, theta, -lr, rho), hint="walks up")
    yield wrong(lambda gradient, theta, lr, rho: _step(gradient, theta, 0.1, 0.5), hint="another")
    yield wrong(lambda gradient, theta, lr, rho: _step(gradient, theta, 1.01 * lr, rho))
    yield wrong(lambda gradient, theta, lr, rho: _step(gradient, theta, lr, 1.01 * rho))
    yield wrong(lambda gradient, theta, lr, rho: torch.full((2,), torch.nan), hint="way up")
    yield wrong(lambda gradient, theta, lr, rho: torch.zeros(3), hint="shape (2,)")
    yield wrong(lambda gradient, theta, lr, rho: None, hint="returns nothing")
    yield wrong(lambda gradient, theta, lr, rho: "down", hint="could not use this answer")
    yield wrong(in_place, hint="was changed")
    yield wrong(lambda theta: theta, hint="stopped with TypeError")
    yield wrong((2.67, 0.44), hint="Write a function")
    yield wrong("down", hint="Write a function")
    yield wrong(None, hint="Write a function")


@exercise("11.2")
def where_sam_keeps_jumping(distance: float) -> str:
    distance = float(distance)
    hint(close(distance, 0, 0.01), "That is where gradient descent ends. Does SAM come to rest?")
    hint(distance < 0, "A distance can't be negative.")
    hint(
        close(distance, 0.25, 0.01),
        "That is from one side to the other. How far is it from the minimum?",
    )
    hint(close(distance, 0.2, 0.01), "That is after one step from 0. Take more steps.")
    hint(close(distance, 0.5, 0.01), "That is ρ itself. Take a hundred steps and look at θ.")
    hint(
        not close(distance, 0.125, 0.005),
        "In the end each step leads from d to −d: −d = d − lr·4·(d + ρ). Solve for d, or just run "
        "it.",
    )
    return "It jumps from one side to the other forever: SAM stays on the walls."


@where_sam_keeps_jumping.evidence
def _() -> Answers:
    # d = lr·λ·ρ / (2 − lr·λ) = 0.1·4·0.5 / 1.6
    yield from around(0.125, 0.005)
    yield right(torch.tensor(0.125))
    yield wrong(0.0, hint="gradient descent")
    yield wrong(-0.125, hint="negative")
    yield wrong(0.25, hint="one side to the other")
    yield wrong(0.2, hint="one step")
    yield wrong(0.5, hint="ρ itself")
    yield wrong(float("nan"), hint="Solve")
    yield wrong(None, hint="could not use this answer")
    yield wrong("far", hint="could not use this answer")
    yield wrong(torch.ones(3), hint="could not use this answer")
