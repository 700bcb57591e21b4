"""Answers that may be anything: numbers, and functions that a learner wrote."""

import math
from collections.abc import Callable, Sequence

import torch

from .exercise import NotYetError, hint


def one_number(answer: object) -> float:
    """An answer that should be one finite number; a hint if it isn't.

    >>> one_number(torch.tensor([0.5]))
    0.5
    """
    number = _as_number(answer)
    hint(number is None, "Give one number.")
    assert number is not None
    return number


def returned(function: Callable[..., object], *arguments: Sequence[object]) -> float:
    """The number that a learner's function returns; a hint if it can't be called, or gives none.

    Args:
        function: the learner's.
        arguments: lists and numbers; it gets copies of lists, so that it can't change the check's.

    >>> returned(lambda numbers: max(numbers), [1.0, 3.0])
    3.0
    """
    hint(not callable(function), "Give the function itself, by its name and without brackets.")
    try:
        found = function(*(list(a) if isinstance(a, list) else a for a in arguments))
    except Exception as err:  # whatever a learner's own code does wrong belongs in the feedback
        raise NotYetError(f"Your function stops with {type(err).__name__}: {err}.") from None
    hint(found is ..., "Your function still returns `...`: put your code in its place.")
    hint(found is None, "Your function returns nothing. Is there a return?")
    number = _as_number(found)
    hint(number is None, f"Your function should return one number; it gives {str(found)[:40]}.")
    assert number is not None
    return number


def _as_number(thing: object) -> float | None:
    """A number, or something that holds exactly one, as a float; else None."""
    if isinstance(thing, str):
        return None
    try:
        values = torch.as_tensor(thing, dtype=torch.float64).detach().flatten()
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None
    return values.item() if len(values) == 1 and math.isfinite(values) else None
