"""Turn what a caller passes into tensors of points; errors say what to pass instead."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


def as_points(given: object, takes: str, many: bool = False, advice: str = "") -> Tensor:
    """A real tensor from a tensor, an array, a number, or a list of them.

    Args:
        given: what the caller passed; integers become floating-point numbers, and Python's own
            numbers float64.
        takes: the start of the error message, such as "Slice.pca takes points of shape (T, P)".
        many: whether many points are expected, not one.
        advice: the end of the error message; by default, how to get points.

    Raises:
        TypeError: if it is something else, such as a model; the error says what to pass instead.
        ValueError: if the entries of a list have different shapes.

    >>> as_points([torch.zeros(2), torch.ones(2)], "Slice.pca takes points of shape (T, P)")
    tensor([[0., 0.],
            [1., 1.]])
    """
    listed = isinstance(given, list | tuple) and not all(isinstance(g, int | float) for g in given)
    found = list(map(_as_tensor, given if isinstance(given, list | tuple) and listed else [given]))
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        advice = advice or _advice(given, many)
        raise TypeError(f"{takes}, but got {described(given)}" + (f"; {advice}" if advice else ""))
    shapes = [tuple(part.shape) for part in parts]
    if len(set(shapes)) > 1:
        raise ValueError(
            f"{takes}, but got a list of different shapes: {', '.join(map(str, shapes))}"
        )
    return torch.stack(parts) if listed else parts[0]


def _as_tensor(part: object) -> Tensor | None:
    """A real tensor of numbers, or None if it is something else."""
    dtype = None if hasattr(part, "__array__") else torch.float64
    if dtype and not isinstance(part, int | float | list | tuple):
        return None
    try:
        tensor = torch.as_tensor(part, dtype=dtype)
    except (TypeError, ValueError, RuntimeError):  # an array of strings, say
        return None
    if tensor.is_complex():
        return None
    return tensor if tensor.is_floating_point() else tensor.to(torch.get_default_dtype())


def described(given: object) -> str:
    """What was given, in words."""
    if given is None or isinstance(given, str | int | float):
        return repr(given)
    if isinstance(given, Tensor):
        return f"a tensor of {str(given.dtype).removeprefix('torch.')}"
    name = type(given).__name__
    if isinstance(given, list | tuple) and len(given):
        kinds = sorted({type(part).__name__ for part in given})
        return f"a {name} of {' and '.join(kinds)}"
    an = name[0] in "AEIOUaeiou" or name == "ndarray"
    return f"{'an' if an else 'a'} {name}"


def _advice(given: object, many: bool) -> str:
    """What to pass instead.

    Classes from higher layers can't be imported here, so they are recognised by their attributes.
    """
    if isinstance(given, list | tuple):
        parts = [part for part in given if not isinstance(part, Tensor)]
        if parts and all(isinstance(part, nn.Module) for part in parts):
            return "pass torch.stack([L.point(model) for model in models])"
        return ""
    if isinstance(given, nn.Module):
        one = "L.point(model) is a model's point"
        several = "for several models, pass torch.stack([L.point(model) for model in models])"
        return f"{one}; {several}" if many else one
    if isinstance(given, Mapping) or hasattr(given, "__next__"):  # state_dict(), parameters()
        return "pass L.point(model)"
    if hasattr(given, "initial_points"):
        return "pass L.point(), the point of its model"
    if hasattr(given, "directions"):
        return "pass view.origin or view.point(α)"
    if isinstance(points := getattr(given, "points", None), Tensor):
        path = "path" if points.ndim == 2 else "path[i]"
        return f"pass {path}.points" if many else f"pass {path}.end, its last point"
    return ""
