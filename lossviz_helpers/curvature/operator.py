"""The Hessian at a point as a linear operator, which is all that Lanczos methods need."""

import copy
from dataclasses import replace

import torch
from torch import Tensor

from .._evaluation.progress import Bar
from ..objective import Objective
from .derivatives import hvp, points_at_once


class NotFinite(ValueError):
    """A Hessian has entries that are nan or inf."""


class HessianOperator:
    """The Hessian at one point: `H(vectors)` gives its products with vectors, in float64.

    Products may take half of the objective's memory budget; the other half is for vectors.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        bar: a progress bar that counts products; None for none.

    Attributes:
        P: number of rows.
        device: where products are returned and vectors must be; it supports float64.
        budget: how many bytes the vectors may take.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> H = HessianOperator(L, torch.zeros(2))
    >>> H(torch.eye(2)).dtype
    torch.float64
    """

    def __init__(self, L: Objective, theta: Tensor, bar: Bar | None = None):
        self.P, self.device = L.P, torch.device("cpu") if L.device.type == "mps" else L.device
        self.budget = L.sizes.budget // 2
        self._theta, self._bar = theta, bar
        self._half = copy.copy(L)
        self._half.sizes = replace(L.sizes, budget=self.budget)

    def __call__(self, vectors: Tensor) -> Tensor:
        """Products with vectors of shape `(n, P)`, in the same shape.

        Raises:
            NotFinite: if a product isn't finite.
        """
        products = []
        for chunk in torch.split(vectors, points_at_once(self._half, 2)):
            products.append(hvp(self._half, self._theta, chunk))
            if self._bar is not None:
                self._bar.update(len(chunk))
        return _finite(torch.cat(products)).to(self.device).double()


def _finite(products: Tensor) -> Tensor:
    if not products.isfinite().all():
        raise NotFinite(
            "the Hessian has entries that are nan or inf at this point, so it has no eigenvalues. "
            "If the loss is finite there, it may be a point without second derivatives, such as "
            "√ at 0: try a point next to it, θ + 1e-3 * torch.randn_like(θ)"
        )
    return products
