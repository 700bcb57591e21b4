"""Chains of linear layers as a few large matrix products."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from .._inputs.examples import Examples
from ..losses import Loss
from .chain import Chain
from .evaluator import Points
from .kernels import UnitsFirst


class Chained:
    """Chains of linear layers as a few large matrix products."""

    how = "as a chain of matrix products"
    differentiable, for_values = False, True

    def __init__(self, chain: Chain, loss: Callable[..., Tensor]):
        self.chain, self.loss = chain, loss

    @torch.no_grad()
    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        return torch.cat([self._losses(o, batch.y) for o in self._stacks(batch.x, points, size)])

    @torch.no_grad()
    def tried(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        (outputs,) = self._stacks(batch.x, points, len(points))
        return self._losses(outputs, batch.y), [outputs.clone()]

    @torch.no_grad()
    def outputs(self, x: Tensor, points: Points, size: int) -> Tensor:
        # copies, for a stack is valid only until the next
        return torch.cat([stack.clone() for stack in self._stacks(x, points, size)])

    def _stacks(self, x: Tensor, points: Points, size: int) -> Iterator[Tensor]:
        return self.chain.outputs(x, points.basis, points.coefficients, size)

    def _losses(self, outputs: Tensor, y) -> Tensor:
        """The loss of each model of a stack, shape `(c,)`, from outputs `(c, N, …)`."""
        if isinstance(self.loss, Loss) and isinstance(y, Tensor):  # no need to go model by model
            each = self.loss.per_example(outputs, y.expand(len(outputs), *y.shape))
            return each.flatten(1).mean(1)
        with UnitsFirst():
            return torch.func.vmap(self.loss, in_dims=(0, None))(outputs, y).flatten()
