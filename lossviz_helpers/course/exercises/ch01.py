"""The exercises of chapter 01, loss functions, and their checks."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ...losses import binary_cross_entropy, squared_error
from .exercise import (
    Answers,
    NotYetError,
    Point,
    around,
    as_point,
    between,
    close,
    exercise,
    hint,
    right,
    wrong,
)
from .given import called

# -- 01.1 ------------------------------------------------------------------------------------------

X, Y, W, LR = torch.tensor([1.0, -2.0, 3.0]), torch.tensor([2.0, 1.0, -1.0]), 0.5, 0.1


def loss_of(w: float, x: Tensor, y: Tensor) -> Tensor:
    return ((y - w * x) ** 2).mean()


def slope_of(w: float, x: Tensor, y: Tensor) -> Tensor:
    return (2 * (w * x - y) * x).mean()


def step_of(w: float, x: Tensor, y: Tensor, lr: float) -> Tensor:
    return w - lr * slope_of(w, x, y)


@exercise("01.1")
def loss_gradient_step(
    loss: Callable[..., object], gradient: Callable[..., object], step: Callable[..., object]
) -> str:
    value = called("loss", loss, W, X, Y)
    errors = Y - W * X
    hint(
        value.shape == X.shape,
        "loss returns one number per example. Take their mean.",
    )
    hint(value.numel() != 1, f"loss should return one number, but returns {value.numel()}.")
    hint(close(value, (errors**2).sum()), "loss is the sum over the examples. Take the mean.")
    hint(close(value, errors.mean() ** 2), "loss squares the mean error. Square first.")
    hint(close(value, errors.abs().mean()), "That is the absolute error. Square the differences.")
    hint(not close(value, loss_of(W, X, Y)), "loss: the mean of (y − w·x)² over the examples.")

    slope, exact = called("gradient", gradient, W, X, Y), slope_of(W, X, Y)
    hint(slope.numel() != 1, "gradient should return one number: there is one parameter.")
    hint(close(slope, -exact), "The gradient has the wrong sign: does the loss rise with w?")
    hint(close(slope, exact / 2), "The derivative of a square has a factor of 2.")
    hint(
        close(slope, -2 * errors.mean()),
        "That is the slope with respect to ŷ. How much does ŷ change with w? Chain rule.",
    )
    hint(close(slope, 3 * exact), "gradient is the sum over the examples. Take the mean.")
    hint(
        not close(slope, exact),
        "gradient: nudge w by 0.001, see how much your loss changes, and divide that by 0.001.",
    )

    after = called("step", step, W, X, Y, LR)
    hint(after.numel() != 1, "step should return one number: the new w.")
    hint(close(after, W + LR * exact), "The step goes uphill: it should go against the gradient.")
    hint(close(after, W - exact), "What does lr do in your step?")
    hint(close(after, LR * exact) or close(after, -LR * exact), "Return the new w, not the change.")
    hint(not close(after, W - LR * exact), "step: w, minus lr times the gradient at w.")

    other = called("step", step, -1.0, X.flip(0), 2 * Y, 0.01)
    hint(
        not close(other, step_of(-1.0, X.flip(0), 2 * Y, 0.01)),
        "It works for one w, x, y and lr, but not for others. Use only what is passed in.",
    )
    return "A loss, its gradient, and a step against it: training is just this, repeated."


@loss_gradient_step.evidence
def _() -> Answers:
    def by_autograd(w: float, x: Tensor, y: Tensor) -> Tensor:
        at = torch.tensor(w, requires_grad=True)
        (slope,) = torch.autograd.grad(((y - at * x) ** 2).mean(), at)
        return slope

    yield right(loss_of, slope_of, step_of)
    yield right(loss_of, by_autograd, step_of)
    yield right(
        lambda w, x, y: loss_of(w, x, y).item(),
        lambda w, x, y: [slope_of(w, x, y).item()],
        lambda w, x, y, lr: step_of(w, x, y, lr).numpy(),
    )
    yield from around(
        0, 1e-3, lambda e: (lambda w, x, y: (1 + e) * loss_of(w, x, y), slope_of, step_of)
    )

    losses = {
        "one number per example": lambda w, x, y: (y - w * x) ** 2,
        "loss is the sum": lambda w, x, y: ((y - w * x) ** 2).sum(),
        "squares the mean": lambda w, x, y: (y - w * x).mean() ** 2,
        "absolute error": lambda w, x, y: (y - w * x).abs().mean(),
        "the mean of (y − w·x)²": lambda w, x, y: ((y + w * x) ** 2).mean(),
        "loss should return one number": lambda w, x, y: torch.zeros(2),
        "returns nothing": lambda w, x, y: None,
        "should return numbers": lambda w, x, y: "low",
        "isn't finite": lambda w, x, y: float("nan"),
        "stopped with TypeError": lambda w: w,
    }
    for words, loss in losses.items():
        yield wrong(loss, slope_of, step_of, hint=words)
    gradients = {
        "one number: there is one parameter": lambda w, x, y: 2 * (w * x - y) * x,
        "wrong sign": lambda w, x, y: -slope_of(w, x, y),
        "factor of 2": lambda w, x, y: slope_of(w, x, y) / 2,
        "with respect to ŷ": lambda w, x, y: 2 * (w * x - y).mean(),
        "gradient is the sum": lambda w, x, y: (2 * (w * x - y) * x).sum(),
        "nudge w": lambda w, x, y: 0.0,
    }
    for words, gradient in gradients.items():
        yield wrong(loss_of, gradient, step_of, hint=words)
    steps = {
        "uphill": lambda w, x, y, lr: w + lr * slope_of(w, x, y),
        "What does lr do": lambda w, x, y, lr: w - slope_of(w, x, y),
        "not the change": lambda w, x, y, lr: -lr * slope_of(w, x, y),
        "minus lr times": lambda w, x, y, lr: w,
        "the new w": lambda w, x, y, lr: x,
        "not for others": lambda w, x, y, lr: W - LR * slope_of(W, X, Y),
    }
    for words, step in steps.items():
        yield wrong(loss_of, slope_of, step, hint=words)
    yield wrong(loss_of(W, X, Y), slope_of, step_of, hint="loss should be a function; got a Tensor")


# -- 01.2 ------------------------------------------------------------------------------------------


@exercise("01.2")
def losses_that_disagree(A: Point, B: Point) -> str:
    A, B = _predictions("A", A), _predictions("B", B)
    hint(
        len(A) != len(B),
        f"A and B predict the same examples, so their lengths must match; got {len(A)} and "
        f"{len(B)}.",
    )
    hint(
        len(A) == 1,
        "With one example both losses prefer the prediction that is closer to 1. Take several.",
    )
    both = torch.cat([A, B])
    hint(
        not bool(((both >= 0) & (both <= 1)).all()),
        "A prediction is a probability here: a number from 0 to 1.",
    )
    # negative: the loss prefers A
    squared, cross = (
        (loss(A, torch.ones_like(A)) - loss(B, torch.ones_like(B))).item()
        for loss in (squared_error, binary_cross_entropy)
    )
    hint(
        squared > 0 and cross < 0,
        "They disagree, but the other way round: squared error should prefer A.",
    )
    hint(
        squared < 0 and cross <= 0,
        "Both losses prefer A. For which mistake does cross-entropy grow without limit, while "
        "squared error never exceeds 1?",
    )
    hint(
        squared > 0 and cross > 0,
        "Both losses prefer B. Make A better on most examples.",
    )
    hint(not (squared < 0 < cross), "At least one of the losses rates A and B as equally good.")
    return "Same predictions, two losses, two winners: each penalises large mistakes differently."


def _predictions(name: str, answer: Point) -> Tensor:
    try:
        found = as_point(answer)
    except (TypeError, ValueError, RuntimeError):
        raise NotYetError(f"{name} should be a list of numbers, one for each example.") from None
    hint(len(found) == 0, f"{name} is empty: it needs a prediction for each example.")
    return found


@losses_that_disagree.evidence
def _() -> Answers:
    # A predicts 1 and p for the two examples, B predicts 0.4 for both: squared error prefers A from
    # (1 − p)² = 2 · 0.6² on, cross-entropy prefers B up to p = 0.4²
    low, high = 1 - math.sqrt(2) * 0.6, 0.4**2
    yield from between(low, high, lambda p: ([1.0, p], [0.4, 0.4]))
    yield right([0.99, 0.99, 0.99, 0.99, 0.0001], [0.5] * 5)
    yield wrong([0.9, 0.8], [0.7], hint="got 2 and 1")
    yield wrong([0.9], [0.7], hint="Take several")
    yield wrong([1.5, 0.9], [0.7, 0.7], hint="from 0 to 1")
    yield wrong([0.5] * 5, [0.99, 0.99, 0.99, 0.99, 0.0001], hint="other way round")
    yield wrong([0.9, 0.9], [0.6, 0.6], hint="Both losses prefer A")
    yield wrong([0.6, 0.6], [0.9, 0.9], hint="Both losses prefer B")
    yield wrong([0.6, 0.6], [0.6, 0.6], hint="equally good")
    yield wrong([float("nan"), 0.9], [0.7, 0.7], hint="from 0 to 1")
    yield wrong([], [], hint="A is empty")
    yield wrong("high", "low", hint="A should be a list of numbers")
    yield wrong([0.5, 0.5], None, hint="B should be a list of numbers")
    yield wrong([0.5, "half"], [0.5, 0.5], hint="A should be a list of numbers")
