"""The exercises of chapter 02, models as points, and their checks."""

from collections.abc import Callable

import torch
from torch import Tensor

from ...datasets import diagonal
from ...losses import accuracy, squared_error
from ...models import model_1
from ...objective import Objective
from ..scenarios import BOWL
from .exercise import (
    Answers,
    NotYetError,
    Point,
    around_point,
    as_point,
    exercise,
    hint,
    lies_at,
    right,
    wrong,
)
from .given import called

# -- 02.1 ------------------------------------------------------------------------------------------

CURVES, LOWEST = torch.tensor([0.5, 2.0, 1.0]).double(), torch.tensor([1.0, -1.0, 3.0]).double()
BEGIN, STEPS, RATE = torch.tensor([2.0, 1.0, 0.0]).double(), 7, 0.1


def a_bowl(theta: Tensor) -> Tensor:
    """Σ cᵢ (θᵢ − mᵢ)², of a point of three numbers."""
    return (CURVES.to(theta) * (theta - LOWEST.to(theta)) ** 2).sum()


def end_on_the_bowl(steps: int = STEPS, rate: float = RATE) -> Tensor:
    """Where gradient descent ends: every step multiplies θᵢ − mᵢ by 1 − 2cᵢη."""
    return LOWEST + (1 - 2 * CURVES * rate) ** steps * (BEGIN - LOWEST)


@exercise("02.1")
def walk_by_yourself(walk: Callable[..., object]) -> str:
    end = called("walk", walk, a_bowl, BEGIN, STEPS, RATE)
    hint(
        end.numel() == 1,
        "The function returns one number. Return the point, not its loss.",
    )
    hint(
        end.shape in ((STEPS, 3), (STEPS + 1, 3)),
        "The function returns the whole trajectory. The exercise asks only for the last point.",
    )
    hint(
        end.shape != BEGIN.shape,
        f"For a point with 3 parameters, the function returns shape {tuple(end.shape)}.",
    )
    hint(_same(end, BEGIN), "It ends where it starts. Does θ change in the loop?")
    hint(
        _same(end, end_on_the_bowl(rate=-RATE)),
        "It walks uphill: the gradient points up, so a step goes against it.",
    )
    hint(_same(end, end_on_the_bowl(rate=1.0)), "What does the learning rate do in your step?")
    hint(_same(end, end_on_the_bowl(steps=1)), "It takes one step, whatever the value of steps.")
    hint(
        any(_same(end, end_on_the_bowl(steps=n)) for n in (STEPS - 1, STEPS + 1)),
        "One step too many, or one too few: count them.",
    )
    hint(
        not _same(end, end_on_the_bowl()),
        "On a bowl it ends in the wrong place. In each step: the gradient at the current θ, times "
        "lr, subtracted from θ.",
    )
    return "That is all gradient descent is: the loop inside `descend`."


def _same(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, rtol=1e-4, atol=1e-5)


@walk_by_yourself.evidence
def _() -> Answers:
    def stepping(sign: float, extra: int = 0) -> Callable[..., Tensor]:
        def walk(f: Callable[..., Tensor], theta: Tensor, steps: int, lr: float) -> Tensor:
            for _ in range(steps + extra):
                theta = theta - sign * lr * torch.func.grad(f)(theta)
            return theta

        return walk

    def in_place(f: Callable[..., Tensor], theta: Tensor, steps: int, lr: float) -> Tensor:
        theta.requires_grad_()
        for _ in range(steps):
            (slope,) = torch.autograd.grad(f(theta), theta)
            with torch.no_grad():
                theta -= lr * slope
        return theta

    def trail(f: Callable[..., Tensor], theta: Tensor, steps: int, lr: float) -> Tensor:
        return torch.stack([stepping(1.0)(f, theta, n, lr) for n in range(steps + 1)])

    walk = stepping(1.0)
    yield right(walk)
    yield right(in_place)
    yield right(lambda f, theta, steps, lr: walk(f, theta.float(), steps, lr))
    yield right(lambda f, theta, steps, lr: walk(f, theta, steps, lr).tolist())
    yield wrong(stepping(1.01))
    yield wrong(stepping(0.99))
    yield wrong(stepping(-1.0), hint="walks uphill")
    yield wrong(stepping(1.0, extra=1), hint="One step too many")
    yield wrong(stepping(1.0, extra=-1), hint="One step too many")
    yield wrong(lambda f, theta, steps, lr: walk(f, theta, 1, lr), hint="It takes one step")
    yield wrong(lambda f, theta, steps, lr: walk(f, theta, steps, 1.0), hint="learning rate do")
    yield wrong(lambda f, theta, steps, lr: theta, hint="ends where it starts")
    yield wrong(lambda f, theta, steps, lr: walk(f, 0 * theta, steps, lr), hint="wrong place")
    yield wrong(lambda f, theta, steps, lr: f(theta), hint="not its loss")
    yield wrong(lambda f, theta, steps, lr: theta[:2], hint="returns shape (2,)")
    yield wrong(trail, hint="whole trajectory")
    yield wrong(lambda f, theta, steps, lr: None, hint="returns nothing")
    yield wrong(lambda f, theta, steps, lr: "down", hint="should return numbers")
    yield wrong(lambda f, theta, steps, lr: theta / 0, hint="isn't finite")
    yield wrong(lambda f, theta: theta, hint="stopped with TypeError")
    yield wrong(walk(a_bowl, BEGIN, STEPS, RATE), hint="should be a function; got a Tensor")


# -- 02.2 and 02.3 ---------------------------------------------------------------------------------


def model_1_on_diagonal() -> tuple[Objective, Tensor]:
    """The landscape of chapter 2, and its lowest point, by least squares."""
    L = Objective(model_1(), diagonal(), squared_error)
    return L, torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()


def two_numbers(answer: Point) -> Tensor:
    """A point of Model 1; a hint if the answer isn't one."""
    try:
        theta = as_point(answer)
    except (TypeError, ValueError, RuntimeError):
        raise NotYetError("θ is two numbers: the weight of x₁ and the weight of x₂.") from None
    hint(theta.numel() != 2, f"Model 1 has 2 parameters, got {theta.numel()} numbers.")
    hint(not bool(theta.isfinite().all()), "Both numbers must be finite.")
    return theta


@exercise("02.2")
def best_model_1(theta: Point) -> str:
    theta = two_numbers(theta)
    _, best = model_1_on_diagonal()
    hint(
        lies_at(theta.flip(0), best, 0.05),
        "The numbers are right but swapped: θ starts with the weight of x₁.",
    )
    hint(
        lies_at(theta, (-4 / 7, 10 / 7), 0.002),
        "That is the answer for infinite data. For these 500 examples it is slightly different.",
    )
    hint(
        not lies_at(theta, best, 0.05),
        "There is a lower point: set the gradient to zero, or train for longer.",
    )
    hint(
        not lies_at(theta, best, 0.006),
        "Close, but one of the two isn't yet right to two decimals: the floor is flat here. "
        "Take more steps, or larger ones.",
    )
    return "A larger x₂ favours “above the diagonal”, a larger x₁ “below”: hence the signs."


@best_model_1.evidence
def _() -> Answers:
    _, best = model_1_on_diagonal()
    yield from around_point(best.tolist(), 0.006)
    yield right([-0.59, 1.44])
    yield wrong([-0.58, 1.42], hint="isn't yet right")
    yield wrong((-4 / 7, 10 / 7), hint="infinite data")
    yield wrong(BOWL.start, hint="a lower point")
    yield wrong(best.flip(0), hint="swapped")
    yield wrong(-best, hint="a lower point")
    yield wrong(0.119, hint="has 2 parameters, got 1")
    yield wrong(torch.zeros(13), hint="has 2 parameters, got 13")
    yield wrong([float("nan"), 1.0], hint="must be finite")
    yield wrong("the middle", hint="θ is two numbers")
    yield wrong(None, hint="θ is two numbers")


@exercise("02.3")
def accurate_but_far(theta: Point) -> str:
    theta = two_numbers(theta)
    L, best = model_1_on_diagonal()
    correct, loss = accuracy(L.predict(theta), L.y), L(theta).item()
    hint(
        correct <= 0.05,
        "Nearly every answer is the opposite of the right one: what happens at −θ, or with "
        "the two numbers swapped?",
    )
    hint(
        lies_at(theta, best, 0.3),
        f"That is near the lowest loss, and classifies {correct:.1%} correctly. Move away from it.",
    )
    hint(
        not correct > 0.95,
        f"This model classifies {correct:.1%} correctly. It predicts 1 where θ₁x₁ + θ₂x₂ > 0.5. "
        "Where is the edge of that region, and where should it be?",
    )
    return (
        f"Accuracy {correct:.1%}, and a loss of {loss:.3g}: {loss / L(best).item():.0f} times the "
        "lowest one. Outputs on the right side of 0.5 may be far from their targets."
    )


@accurate_but_far.evidence
def _() -> Answers:
    yield right([-50.0, 50.0])
    yield right(torch.tensor([-10.0, 10.0]))
    yield wrong([-8.0, 8.0])
    yield wrong([-4 / 7, 10 / 7], hint="near the lowest loss")
    yield wrong([50.0, -50.0], hint="Nearly every answer is the opposite")
    yield wrong([50.0, 50.0], hint="edge of that region")
    yield wrong([0.95], hint="has 2 parameters, got 1")
    yield wrong(0.95, hint="has 2 parameters, got 1")
    yield wrong("large weights", hint="θ is two numbers")
    yield wrong([float("inf"), 0.0], hint="must be finite")
