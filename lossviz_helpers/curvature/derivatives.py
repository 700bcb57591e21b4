"""Gradient and Hessian of the landscape, within the memory budget of the objective."""

from collections.abc import Callable

import torch
from torch import Tensor

from .._evaluation.moved_copy import no_second_derivatives
from ..objective import Objective, check_objective

# Up to this many parameters, curvatures come from the whole Hessian; above, from its products.
DENSE_PARAMETERS = 500


def gradient(L: Objective, points: Tensor) -> Tensor:
    """∇L at every point.

    Args:
        L: the landscape.
        points: shape `(..., P)`.

    Returns:
        Shape `(..., P)`.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if the points belong to another model.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> gradient(L, torch.zeros(5, 2)).shape
    torch.Size([5, 2])
    """
    check_objective(L)
    return _in_parts(L, 1, _gradients, L.check_points(points).detach())


def hvp(L: Objective, theta: Tensor, vectors: Tensor) -> Tensor:
    """Hessian-vector products H·v at one point, without forming the Hessian (Pearlmutter 1994).

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        vectors: shape `(..., P)`.

    Returns:
        Shape `(..., P)`.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if point or vectors belong to another model, or part of the model has a
            custom backward pass that can't be differentiated.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> torch.allclose(hvp(L, torch.zeros(2), torch.eye(2)), hessian(L, torch.zeros(2)))
    True
    """
    check_objective(L)
    theta, vectors = L.check_point(theta), L.check_points(vectors)
    products = _in_parts(L, 2, lambda part, rows: _products(part, theta, rows), vectors)
    if L.second_derivatives_are_doubtful and vectors.any():
        _check_product(L, theta, vectors.reshape(-1, L.P)[0], products.reshape(-1, L.P)[0])
    return products


def hessian(L: Objective, theta: Tensor) -> Tensor:
    """All second derivatives at one point, for models with few parameters.

    Args:
        L: the landscape.
        theta: shape `(P,)`.

    Returns:
        Shape `(P, P)`, symmetric.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if the point belongs to another model.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> x = datasets.diagonal().x
    >>> torch.allclose(hessian(L, torch.zeros(2)), 2 * x.T @ x / len(x))
    True
    """
    check_objective(L)
    H = hvp(L, theta, torch.eye(L.P))
    return (H + H.T) / 2


def _check_product(L: Objective, theta: Tensor, vector: Tensor, product: Tensor) -> None:
    """ValueError unless a product agrees with the gradients on both sides of the point."""
    far = torch.finfo(L.precision).eps ** (1 / 3) * theta.norm().clamp(min=1)
    step = far / vector.norm().clamp(min=torch.finfo(vector.dtype).tiny) * vector
    ahead, behind = gradient(L, torch.stack([theta + step, theta - step]))
    expected = (ahead - behind) / 2 * (vector.norm() / far)
    if (product - expected).norm() > 0.2 * torch.maximum(product.norm(), expected.norm()):
        raise ValueError(no_second_derivatives(L.model))


def points_at_once(L: Objective, order: int) -> int:
    """How many points to differentiate at once, for a first or second derivative."""
    return _parts(L, order)[1]


def _parts(L: Objective, order: int) -> tuple[int, int]:
    """How many examples and points to differentiate at once."""
    examples = L.sizes.batch_for_derivatives(L.batch_size, order)
    if examples < L.batch_size and not L.decomposes_over_examples:
        examples = L.batch_size
    return examples, min(L.stack_size(), L.sizes.stack_for_derivatives(examples, order))


def _in_parts(
    L: Objective, order: int, derivative: Callable[[Objective, Tensor], Tensor], rows: Tensor
) -> Tensor:
    """A derivative for each row of `(..., P)`: the mean over batches, some rows at a time.

    Autograd keeps all intermediate values until a derivative is taken, so we take one per batch.
    """
    total = torch.zeros_like(rows)
    flat, totals = rows.reshape(-1, L.P), total.view(-1, L.P)
    examples, points = _parts(L, order)
    for batch in torch.split(torch.arange(L.N), examples):
        part = L if len(batch) == L.N else L.subset(batch)
        parts = zip(torch.split(flat, points), torch.split(totals, points), strict=True)
        for chunk, sums in parts:
            if len(chunk):  # without points there is nothing to add
                sums += derivative(part, chunk) * (part.examples.weight / L.examples.weight)
    return total


def _gradients(L: Objective, points: Tensor) -> Tensor:
    points = points.clone().requires_grad_(True)
    with torch.enable_grad(), L.threads():
        # every loss depends on its own point alone, so one backward pass serves all
        return torch.autograd.grad(L(points).sum(), points)[0]


def _products(L: Objective, theta: Tensor, vectors: Tensor) -> Tensor:
    # one copy of θ per vector, so that one backward pass gives all products
    points = theta.expand(vectors.shape).clone().requires_grad_(True)
    with torch.enable_grad(), L.threads():
        first = torch.autograd.grad(L(points).sum(), points, create_graph=True)[0]
        if not first.requires_grad:  # a loss that is linear in θ has no curvature
            return torch.zeros_like(vectors)
        products = torch.autograd.grad((first * vectors).sum(), points, allow_unused=True)[0]
    return torch.zeros_like(vectors) if products is None else products
