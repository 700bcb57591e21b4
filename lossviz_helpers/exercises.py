"""Checks of learners' answers, with feedback that names the likely mistake.

In a notebook: `check("02.1", answer)`. A check never fails with a traceback and never gives the
solution away.
"""

import math
from collections.abc import Callable

import torch

from .datasets import diagonal
from .losses import accuracy, squared_error
from .models import model_1
from .objective import Objective

_CHECKS: dict[str, Callable[..., str]] = {}


class _NotYetError(Exception):
    """The answer is wrong; the message says what the learner may have overlooked."""


def check(number: str, *answer) -> None:
    """Say whether the answer to an exercise is right, and if not, what to look at again.

    Args:
        number: the exercise, as its heading says.
        answer: whatever the exercise asks for; `...` stands for no answer yet.

    Raises:
        ValueError: if there is no such exercise.

    >>> check("02.1", ...)
    Exercise 02.1 waits for your answer: put it in place of the ... and run the cell again.
    """
    if number not in _CHECKS:
        raise ValueError(f"there is no exercise {number!r}; there are {', '.join(sorted(_CHECKS))}")
    if any(a is ... for a in answer):
        print(
            f"Exercise {number} waits for your answer: put it in place of the ... and run the cell "
            "again."
        )
        return
    try:
        print("✓ Right.", _CHECKS[number](*answer))
    except _NotYetError as hint:
        print("✗ Not yet.", hint)
    except Exception as err:  # whatever a learner's own code does wrong belongs to the feedback
        print(f"✗ Not yet. The check could not use this answer ({type(err).__name__}: {err}).")


def _exercise(number: str) -> Callable:
    def register(function: Callable[..., str]) -> Callable[..., str]:
        _CHECKS[number] = function
        return function

    return register


def _hint(wrong: bool, message: str) -> None:
    if wrong:
        raise _NotYetError(message)


def _close(a: float, b: float, tolerance: float = 1e-3) -> bool:
    return math.isclose(float(a), b, rel_tol=tolerance, abs_tol=tolerance)


# -- 02 models as points ---------------------------------------------------------------------------


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
