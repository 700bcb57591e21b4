"""How much of a trajectory's variance a slice explains, compared with a random walk's."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .._inputs.points import as_points
from .checking import check_independent
from .subspaces import variances

Shares = npt.NDArray[np.float64]  # fractions of the variance


def explained_variance(points: Tensor, directions: Tensor) -> Shares:
    """Fraction of the points' variance that lies in the first 1 … k directions.

    Args:
        points: shape `(T, P)`.
        directions: shape `(k, P)`, linearly independent.

    Returns:
        Shape `(k,)`, increasing, at most 1.

    Raises:
        TypeError: if they are something else, such as a `Trajectory` or a `Slice`.
        ValueError: if the shapes don't match, or directions are zero or parallel.

    >>> explained_variance(torch.tensor([[-2.0, 0.0], [2.0, 0.0]]), torch.eye(2))
    array([1., 1.])
    """
    points = as_points(points, "explained_variance takes points of shape (T, P)", many=True)
    takes = "explained_variance takes directions of shape (k, P), such as view.directions"
    directions = as_points(directions, takes, many=True)
    if points.ndim != 2 or directions.ndim != 2 or points.shape[1] != directions.shape[1]:
        raise ValueError(
            "explained variance needs points of shape (T, P) and directions of shape (k, P), got "
            f"{tuple(points.shape)} and {tuple(directions.shape)}"
        )
    check_independent(directions)
    inside, total = variances(points.detach(), directions.detach())
    return (inside.cumsum(dim=0) / total).clamp(max=1.0).numpy()


def random_walk_variance(steps: int, P: int, dims: int, walks: int = 20) -> Shares:
    """Fraction of variance in the first 1 … dims components of a random walk: the null model.

    A random walk has no structure, and yet PCA finds most of its variance in a few components: in
    high dimensions 61%, 76% and 83% in the first one, two and three (Antognini & Sohl-Dickstein
    2018). A trajectory is only remarkable if it exceeds this. Measured on walks with Gaussian
    steps.

    Args:
        steps: number of points of a walk, capped at 1000, because more make little difference.
        P: dimension of the space, capped at 200, because more make little difference.
        dims: number of components.
        walks: how many walks to average.

    Returns:
        Shape `(dims,)`.

    >>> random_walk_variance(500, 1000, 3).round(1)
    array([0.6, 0.8, 0.8])
    """
    generator = torch.Generator().manual_seed(0)
    shape = (walks, min(steps, 1000), min(P, 200))
    walk = torch.randn(shape, generator=generator, dtype=torch.float64).cumsum(dim=1)
    walk -= walk.mean(dim=1, keepdim=True)
    products = walk.mT @ walk if walk.shape[1] > walk.shape[2] else walk @ walk.mT
    variance = torch.linalg.eigvalsh(products).flip(-1).clamp(min=0)
    shares = variance.cumsum(dim=-1) / variance.sum(dim=-1, keepdim=True)
    shares = shares.mean(dim=0)[:dims].numpy()
    return np.append(shares, np.ones(dims - len(shares)))
