"""Checks of points and directions, and the errors that they raise."""

import operator

import torch
from torch import Tensor

from .._inputs.points import as_points
from .subspaces import lengths_and_cosines


def is_finite(values: Tensor) -> bool:
    """Whether all values are finite, without copying them."""
    return all(bound.isfinite() for bound in values.detach().aminmax())


def check_independent(directions: Tensor) -> None:
    """ValueError if a direction is zero, or one is nearly a combination of others."""
    lengths, cosines = lengths_and_cosines(directions.detach())
    if (lengths == 0).any():
        which = int((lengths == 0).nonzero()[0]) + 1
        raise ValueError(
            f"a slice needs directions of positive length, got zero for direction {which}"
        )
    # the square of the smallest singular value of the unit directions
    if torch.linalg.eigvalsh(cosines)[0] < 1e-10:
        raise ValueError(
            f"a slice needs linearly independent directions, got {len(directions)} that are "
            "parallel or span fewer dimensions"
        )


def check_trajectory(caller: str, points: Tensor, dims: int) -> Tensor:
    points = as_points(points, f"{caller} takes points of shape (T, P)", many=True).detach()
    if points.ndim != 2:
        raise ValueError(
            f"expected the points of one trajectory, shape (T, P), got {tuple(points.shape)}; "
            "path[i].points picks one of many starts"
        )
    check_dims(dims, points.shape[1])
    if len(points) < dims + 1:
        raise ValueError(
            f"{dims} principal components need at least {dims + 1} points, got {len(points)}"
        )
    if not is_finite(points):
        raise ValueError("the trajectory contains nan or inf, because training diverged; lower lr")
    return points


def check_dims(dims: int, P: int) -> None:
    wanted = f"dims must be between 1 and {P}, the number of parameters"
    try:
        dims = operator.index(dims)
    except TypeError:
        found = repr(dims) if isinstance(dims, str | float) else f"a {type(dims).__name__}"
        raise TypeError(f"{wanted}, and an integer such as dims=2, got {found}") from None
    if not 1 <= dims <= P:
        raise ValueError(f"{wanted}, got {dims}")


def in_same_space(caller: str, *points: Tensor) -> tuple[Tensor, ...]:
    """The points, in one dtype, float32 at least; ValueError unless all have the shape `(P,)`."""
    takes = f"{caller} takes {'points' if len(points) > 1 else 'a point'} of shape (P,)"
    found = [as_points(point, takes).detach() for point in points]
    shapes = [tuple(point.shape) for point in found]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise ValueError(
            f"expected points of the same model, of shape (P,), got "
            f"{' and '.join(map(str, shapes))}"
        )
    dtype = torch.float32
    for point in found:
        dtype = torch.promote_types(dtype, point.dtype)
    return tuple(point.to(found[0].device, dtype) for point in found)
