"""Answers that are numbers, and answers that are functions, which a check calls on inputs."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from .exercise import NotYetError, hint


def one_number(answer: object) -> float:
    """An answer that should be one finite number; a hint if it isn't.

    >>> one_number(torch.tensor([0.5]))
    0.5
    """
    numbers = _numbers(answer)
    if numbers is None or numbers.numel() != 1 or not math.isfinite(numbers):
        raise NotYetError("Give one number.")
    return float(numbers)


def called(name: str, function: Callable[..., object], *arguments: object) -> Tensor:
    """What a learner's function returns, as a float64 tensor; a hint if it can't be called.

    Args:
        name: what the exercise calls it.
        function: the learner's function.
        arguments: tensors and lists are copied, so that the function can't change the originals.

    >>> called("double", lambda x: 2 * x, torch.tensor([1.0, 2.0]))
    tensor([2., 4.], dtype=torch.float64)
    """
    hint(
        not callable(function),
        f"{name} should be a function; got {_kind(function)}. Pass it to check without calling it.",
    )
    found = function(*map(_copy, arguments))
    numbers = _numbers(found)
    if numbers is None:
        raise NotYetError(f"{name} should return numbers, but returns {_kind(found)}.")
    hint(not bool(numbers.isfinite().all()), f"{name} returns a number that isn't finite.")
    return numbers


def returned(name: str, function: Callable[..., object], *arguments: object) -> float:
    """The one number that a learner's function returns, checked as in `called`.

    >>> returned("largest", lambda numbers: max(numbers), [1.0, 3.0])
    3.0
    """
    numbers = called(name, function, *arguments)
    hint(numbers.numel() != 1, f"{name} should return one number, but returns {numbers.numel()}.")
    return float(numbers)


# Wrong return values for a function that should return one finite number, and the hint for each.
ODD_RETURNS: tuple[tuple[object, str], ...] = (
    ("x", "should return numbers"),
    (torch.zeros(2), "should return one number"),
    ([], "should return one number"),
    (math.nan, "isn't finite"),
)


def _copy(argument: object) -> object:
    if isinstance(argument, Tensor):
        return argument.clone()
    return list(argument) if isinstance(argument, list) else argument


def _numbers(thing: object) -> Tensor | None:
    """Anything that holds numbers, as a float64 tensor; else None."""
    try:
        return torch.as_tensor(thing, dtype=torch.float64).detach()
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _kind(thing: object) -> str:
    return f"a {type(thing).__name__}"
