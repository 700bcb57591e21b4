"""The interface of an evaluator: it computes the losses of many models of one architecture."""

from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor

from .._inputs.examples import Examples


class Points:
    """Points θ, or linear combinations of a few of them.

    Args:
        basis: shape `(..., P)`, the points themselves if there are no coefficients.
        coefficients: shape `(..., m)`: the points are `coefficients @ basis`, with a basis of
            shape `(m, P)`.

    Attributes:
        shape: the shape of the results, `(...)`: one for each point.
        basis: shape `(n, P)` or `(m, P)`.
        coefficients: shape `(n, m)` or None.

    >>> Points(torch.zeros(4, 5, 13)).each.shape
    torch.Size([20, 13])
    >>> Points(torch.eye(2), torch.ones(7, 2)).each.shape
    torch.Size([7, 2])
    """

    def __init__(self, basis: Tensor, coefficients: Tensor | None = None):
        self.shape = (basis if coefficients is None else coefficients).shape[:-1]
        self.basis, self.coefficients = basis, coefficients
        if coefficients is None:
            self.basis = basis.reshape(-1, basis.shape[-1])
        else:
            self.coefficients = coefficients.reshape(-1, len(basis))

    def __len__(self) -> int:
        return self.shape.numel()

    @cached_property
    def each(self) -> Tensor:
        """Every point, shape `(n, P)`."""
        return self.basis if self.coefficients is None else self.coefficients @ self.basis

    @property
    def require_grad(self) -> bool:
        """Whether autograd records what is computed from them."""
        return torch.is_grad_enabled() and any(t.requires_grad for t in self._given)

    @property
    def are_differentiated(self) -> bool:
        """Whether derivatives of what is computed from them may be needed."""
        return self.require_grad or any(
            map(torch._C._functorch.is_functorch_wrapped_tensor, self._given)
        )

    @property
    def _given(self) -> list[Tensor]:
        return [t for t in (self.basis, self.coefficients) if t is not None]


class Evaluator(Protocol):
    """Computes losses and outputs at many points.

    Attributes:
        how: completes "evaluated …" in messages, such as "one by one".
        differentiable: whether derivatives can be taken of what it computes.
        for_values: whether to use it when no derivatives are needed.
    """

    how: str
    differentiable: bool
    for_values: bool

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        """Losses on a batch, shape `(n,)`.

        Args:
            batch: examples.
            points: n of them.
            size: how many points to evaluate at once, where that can be done.
        """

    def outputs(self, x: object, points: Points, size: int) -> object:
        """Outputs of the models for inputs x; every tensor has a leading dimension of size n."""

    def losses_and_outputs(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        """Losses and output tensors at all points at once, with a leading dimension of size n."""
