"""The exercises of chapter 02, models as points, and their checks."""

import torch

from ...datasets import diagonal
from ...losses import accuracy, squared_error
from ...models import model_1
from ...objective import Objective
from ..scenarios import BOWL
from .exercise import (
    Answers,
    Point,
    around,
    around_point,
    as_point,
    close,
    exercise,
    hint,
    lies_at,
    wrong,
)


@exercise("02.1")
def grid_cost(evaluations: float) -> str:
    hint(
        close(evaluations, 50 * 13),
        "That is 50 · 13. Does a second axis add points, or multiply them?",
    )
    hint(
        close(evaluations, 13**50),
        "Base and exponent are swapped: which of them says how many axes there are?",
    )
    hint(
        not close(evaluations / 50**13, 1),
        "Each of the 13 axes has 50 values, in every combination.",
    )
    return "Every axis multiplies the number of models by 50."


@grid_cost.evidence
def _() -> Answers:
    yield from around(50**13, 1e-3 * 50**13)
    yield wrong(50 * 13, hint="add points, or multiply")
    yield wrong(13**50, hint="swapped")
    yield wrong(50 + 13, hint="in every combination")
    yield wrong(50**12, hint="in every combination")
    yield wrong("a lot", hint="could not use this answer")


@exercise("02.2")
def best_model_1(theta: Point) -> str:
    theta = as_point(theta)
    hint(theta.numel() != 2, f"Model 1 has 2 parameters, but you gave {theta.numel()}.")
    best = (-4 / 7, 10 / 7)
    hint(
        lies_at(theta.flip(0), best, 0.15),
        "The numbers are right but swapped: θ starts with the weight of x₁.",
    )
    hint(
        not lies_at(theta, best, 0.15),
        "There is a lower point: set the gradient to zero, or train for longer.",
    )
    return "A larger x₂ favours “above the diagonal”, and a larger x₁ “below”: hence the signs."


@best_model_1.evidence
def _() -> Answers:
    yield from around_point((-4 / 7, 10 / 7), 0.15)
    yield wrong(BOWL.start, hint="a lower point")
    yield wrong((10 / 7, -4 / 7), hint="swapped")
    yield wrong((4 / 7, -10 / 7), hint="a lower point")
    yield wrong(0.119, hint="but you gave 1")
    yield wrong(torch.zeros(13), hint="but you gave 13")


@exercise("02.3")
def accuracy_of_best(share: float) -> str:
    L = Objective(model_1(), diagonal(), squared_error)
    best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    right = accuracy(L.predict(best), L.y)
    loss = L(best).item()
    hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    hint(close(share, loss, 0.01), "That is the loss. Accuracy counts the right decisions.")
    hint(close(share, 1 - loss, 0.01), "Accuracy is not one minus the loss: count decisions.")
    hint(not close(share, right, 0.02), "Train until the loss no longer falls, then count again.")
    return "The loss is far from zero, and yet nearly every decision is right."


@accuracy_of_best.evidence
def _() -> Answers:
    L = Objective(model_1(), diagonal(), squared_error)
    best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    share = ((L.x @ best > 0.5) == (L.y > 0.5)).double().mean().item()
    yield from around(share, 0.02)
    yield wrong(100 * share, hint="not a percentage")
    yield wrong(L(best), hint="That is the loss")
    yield wrong(1 - L(best), hint="not one minus the loss")
    yield wrong(accuracy(L.predict(torch.tensor(BOWL.start)), L.y), hint="Train until")
