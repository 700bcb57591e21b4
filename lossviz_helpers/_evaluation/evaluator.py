"""Points, as an evaluator gets them."""

from functools import cached_property

import torch
from torch import Tensor


class Points:
    """Points in a row, or as linear combinations of a few.

    Args:
        basis: shape `(n, P)`, the points themselves if there are no coefficients.
        coefficients: shape `(n, m)`: the points are `coefficients @ basis`, of shape `(m, P)`.
    """

    def __init__(self, basis: Tensor, coefficients: Tensor | None = None):
        self.basis, self.coefficients = basis, coefficients

    def __len__(self) -> int:
        return len(self.basis if self.coefficients is None else self.coefficients)

    @cached_property
    def each(self) -> Tensor:
        """Every point, shape `(n, P)`."""
        return self.basis if self.coefficients is None else self.coefficients @ self.basis

    @property
    def require_grad(self) -> bool:
        """Whether autograd follows what is computed from them."""
        given = [t for t in (self.basis, self.coefficients) if t is not None]
        return torch.is_grad_enabled() and any(t.requires_grad for t in given)

    @property
    def are_differentiated(self) -> bool:
        """Whether someone may ask for the derivative of what is computed from them."""
        given = [t for t in (self.basis, self.coefficients) if t is not None]
        return self.require_grad or any(map(torch._C._functorch.is_functorch_wrapped_tensor, given))
