"""Filter normalisation: directions as large as the weights, filter by filter."""

import warnings

import torch
from torch import Tensor


def normalise_filters(directions: Tensor, origin: Tensor, filters: Tensor) -> Tensor:
    """Directions `(k, P)`, float64, with each filter as long as the origin's."""
    if not isinstance(filters, Tensor) or filters.shape != origin.shape:
        found = f"shape {tuple(filters.shape)}" if isinstance(filters, Tensor) else repr(filters)
        raise ValueError(
            f"filters must hold a number for each of the {len(origin)} parameters, got {found}; "
            "use L.filters"
        )
    index = filters.cpu().long() + 1  # 0: belongs to no filter
    if not index.any():
        raise ValueError(
            "there are no filters to normalise by, only biases and other vectors; leave out "
            "filters for raw directions"
        )

    def lengths(values: Tensor) -> Tensor:
        return torch.zeros(int(index.max()) + 1).double().index_add(0, index, values**2).sqrt()

    sizes = lengths(origin.detach().cpu().double())
    sizes[0] = 0
    zero = int((sizes[1:] == 0).sum())
    if zero == len(sizes) - 1:
        raise ValueError(
            f"all {zero} filters are zero, and so is a direction that is normalised to their "
            "length; train the model first, or leave out filters for raw directions"
        )
    if zero:
        warnings.warn(
            f"{zero} of {len(sizes) - 1} filters are entirely zero. Filter normalisation scales a "
            "direction to the length of the weights, so these weights won't move, and the picture "
            "may look flat; train the model first, or leave out filters",
            stacklevel=3,
        )
    for direction in directions:
        direction *= (sizes / lengths(direction).clamp(min=1e-300))[index]
    return directions
