"""The exercises of chapter 02, models as points, and their checks."""

import torch

from ...datasets import diagonal
from ...losses import accuracy, squared_error
from ...models import model_1
from ...objective import Objective
from .exercise import _close, _exercise, _hint


@_exercise("02.1")
def _grid_cost(evaluations) -> str:
    _hint(
        _close(evaluations, 50 * 13),
        "That is 50 · 13. Does a second axis add points, or multiply them?",
    )
    _hint(
        _close(evaluations, 13**50), "Base and exponent are swapped: which of the two is repeated?"
    )
    _hint(
        not _close(evaluations / 50**13, 1),
        "Each of the 13 axes has 50 values, in every combination.",
    )
    return "Every axis multiplies the number of models by 50."


@_exercise("02.2")
def _best_model_1(theta) -> str:
    theta = torch.as_tensor(theta, dtype=torch.float64).flatten()
    _hint(theta.numel() != 2, f"Model 1 has 2 parameters, got {theta.numel()} numbers.")
    best = torch.tensor([-4 / 7, 10 / 7], dtype=torch.float64)
    _hint(
        bool((theta.flip(0) - best).norm() < 0.15),
        "The numbers are right but swapped: θ starts with the weight of x₁.",
    )
    _hint(
        bool((theta - best).norm() >= 0.15),
        "There is a lower point: set the gradient to zero, or train for longer.",
    )
    return "Above the diagonal x₂ counts for it and x₁ against it: that is what the signs say."


@_exercise("02.3")
def _accuracy_of_best(share) -> str:
    L = Objective(model_1(), diagonal(), squared_error)
    best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    right = accuracy(L.predict(best), L.y)
    loss = L(best).item()
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(_close(share, loss, 0.01), "That is the loss. Accuracy counts the right decisions.")
    _hint(_close(share, 1 - loss, 0.01), "Accuracy is not one minus the loss: count decisions.")
    _hint(not _close(share, right, 0.02), "Train until the loss no longer falls, then count again.")
    return "Far from zero loss, and yet nearly every decision is right."
