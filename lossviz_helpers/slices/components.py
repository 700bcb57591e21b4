"""Principal components with a sign that means something."""

import torch
from torch import Tensor

from .subspaces import Components, principal_components, products


def components_along(
    points: Tensor, dims: int, size: float | None = None, across: bool = False
) -> Components:
    """Principal components that point the way from first to last point.

    Where the way has no part in a direction, its largest entry is positive. What is tiny beside
    `size`, the length of the whole trajectory, is a rounding error.
    """
    found = principal_components(points, dims, across)
    size = found.total.sqrt().item() if size is None else size
    noise = max(1e-9, 10 * torch.finfo(found.directions.dtype).eps) * size
    rank = int((found.movement > noise).sum())
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
    # the first of those that are as large but for rounding, which must not decide
    largest = (sizes >= (1 - 1e-6) * sizes.amax(dim=1, keepdim=True)).int().argmax(1, keepdim=True)
    return vectors.gather(1, largest)[:, 0]
