"""Answers that are functions: calling them, and reading what they return."""

from collections.abc import Callable

import torch
from torch import Tensor

from .exercise import NotYetError, hint


def called(name: str, function: Callable[..., object], *arguments: object) -> Tensor:
    """What a learner's function returns, as a float64 tensor; a hint if it can't be called.

    Args:
        name: what the exercise calls it.
        function: the learner's.
        arguments: it gets copies of tensors, so that it can't change those of the check.

    >>> called("double", lambda x: 2 * x, torch.tensor([1.0, 2.0]))
    tensor([2., 4.], dtype=torch.float64)
    """
    hint(
        not callable(function),
        f"{name} should be a function; got {_kind(function)}. Give it to check without calling it.",
    )
    copies = [x.clone() if isinstance(x, Tensor) else x for x in arguments]
    try:
        found = function(*copies)
    except Exception as err:  # whatever a learner's own code does wrong belongs in the feedback
        raise NotYetError(f"{name} stopped with {type(err).__name__}: {err}.") from None
    hint(found is None, f"{name} returns nothing. Is there a return?")
    hint(found is ..., f"{name} still returns ... : put your formula in its place.")
    try:
        numbers = torch.as_tensor(found, dtype=torch.float64).detach()
    except (TypeError, ValueError, RuntimeError):
        raise NotYetError(f"{name} should return numbers, and returns {_kind(found)}.") from None
    hint(not bool(numbers.isfinite().all()), f"{name} returns a number that isn't finite.")
    return numbers


def _kind(thing: object) -> str:
    return f"a {type(thing).__name__}"
