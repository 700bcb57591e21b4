"""Derivatives of what is known on a grid only."""

import numpy as np


def second_differences(loss: np.ndarray, axes: tuple[np.ndarray, ...]) -> np.ndarray:
    """The Hessian on a grid, by finite differences, at all points except those on its border.

    Args:
        loss: shape `(n₁, …, nₖ)`.
        axes: the grid's coordinates, evenly spaced or not.

    Returns:
        Shape `(n₁ − 2, …, nₖ − 2, k, k)`; nan next to a nan.
    """
    k = loss.ndim
    gaps = [np.diff(axis) for axis in axes]
    back = np.meshgrid(*(gap[:-1] for gap in gaps), indexing="ij", sparse=True)
    ahead = np.meshgrid(*(gap[1:] for gap in gaps), indexing="ij", sparse=True)
    width = [b + a for b, a in zip(back, ahead, strict=True)]

    def moved(*by: tuple[int, int]) -> np.ndarray:
        """Losses at the neighbours of interior grid points, n away along axis i for (i, n)."""
        where = [slice(1, -1)] * k
        for i, n in by:
            where[i] = slice(1 + n, loss.shape[i] - 1 + n)
        return loss[tuple(where)]

    inner = moved()
    hessians = np.empty((*inner.shape, k, k))
    for i in range(k):
        rise, fall = moved((i, 1)) - inner, inner - moved((i, -1))
        hessians[..., i, i] = 2 * (rise / ahead[i] - fall / back[i]) / width[i]
        for j in range(i):
            corners = moved((i, 1), (j, 1)) + moved((i, -1), (j, -1))
            corners = corners - moved((i, 1), (j, -1)) - moved((i, -1), (j, 1))
            hessians[..., i, j] = hessians[..., j, i] = corners / (width[i] * width[j])
    return hessians
