"""Principal components with meaningful signs."""

import torch
from torch import Tensor

from .subspaces import Components, principal_components, products


def components_along(
    points: Tensor, dims: int, size: float | None = None, across: bool = False
) -> Components:
    """Principal components, with signs that make them point from the first to the last point.

    If a direction is perpendicular to that line, its largest entry is positive. Anything tiny
    compared with `size`, the length of the whole trajectory, counts as a rounding error.
    """
    found = principal_components(points, dims, across)
    size = found.total.sqrt().item() if size is None else size
    noise = max(1e-9, 10 * torch.finfo(found.directions.dtype).eps) * size
    rank = int((found.singular_values > noise).sum())
    if rank < dims:
        raise ValueError(
            f"the trajectory moves in too few dimensions: {dims} needed, got {rank}; ask for "
            "fewer components"
        )
    progress = products(points[-1:], found.directions, origin=points[0])[0]
    signs = torch.where(
        progress.abs() > noise, progress, _largest_entries(found.directions).cpu().double()
    ).sign()
    return found._replace(
        directions=found.directions * signs.to(found.directions)[:, None],
        coordinates=found.coordinates * signs,
    )


def largest_entry_positive(vectors: Tensor) -> Tensor:
    """Vectors `(k, P)`, with the sign that makes the largest entry of each positive."""
    return vectors * _largest_entries(vectors)[:, None].sign()


def _largest_entries(vectors: Tensor) -> Tensor:
    """The largest entry of each vector, `(k, P)` → `(k,)`, with its sign."""
    sizes = vectors.abs()
    # the first of those that are equal up to rounding, so that rounding doesn't pick one
    largest = (sizes >= (1 - 1e-6) * sizes.amax(dim=1, keepdim=True)).int().argmax(1, keepdim=True)
    return vectors.gather(1, largest)[:, 0]
